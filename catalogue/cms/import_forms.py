"""The form by which an editor brings a national file."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue.changesets.uploads import MOST_UPLOADED, Taken, examine
from catalogue.loading.reading import UntrustedFileError
from catalogue.loading.sentences import first, in_language

FURTHEST = dt.timedelta(days=2 * 366)


def _limit() -> str:
    return gettext("One JSON object a line, plain or packed with gzip, at most %(most)s MB.") % {"most": MOST_UPLOADED}


class ImportForm(forms.Form):
    """Takes a file by its content, and says in the editor's language what is wrong with it."""

    file = forms.FileField(
        label=_("File of the national catalogue"),
        widget=forms.FileInput(attrs={"accept": ".jsonl,.json,.gz,.ndjson"}),
        help_text=lazy(_limit, str)(),
    )
    title = forms.CharField(
        label=_("Subject"),
        max_length=300,
        required=False,
        help_text=_("A few words by which your colleagues know it"),
    )
    effective_on = forms.DateField(
        label=_("Takes effect on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: on the day of the approval"),
    )

    def __init__(self, *args: Any, day: dt.date, **kwargs: Any) -> None:
        self.day = day
        self.taken: Taken | None = None
        super().__init__(*args, **kwargs)

    def clean_effective_on(self) -> dt.date | None:
        """Refuse a day that can only be a slip of the keyboard."""
        day: dt.date | None = self.cleaned_data["effective_on"]
        if day is not None and abs(day - self.day) > FURTHEST:
            raise ValidationError(_("This day is years away: look at the year."))
        return day

    def clean_file(self) -> Any:
        """Read the file from end to end, so that a damaged one is refused here and makes nothing."""
        file = self.cleaned_data["file"]
        try:
            self.taken = examine(file)
        except UntrustedFileError as error:
            raise ValidationError(in_language(first(error))) from error
        return file
