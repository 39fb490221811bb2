"""Forms that put a file into a dossier and take it out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from catalogue.text import shorten
from desk.files import kinds
from desk.forms.base import SeenField
from desk.forms.fields import offer, say_plainly, text_field
from desk.list_wording import without_bullet
from desk.models import Dossier, DossierFile


class FileForm(forms.Form):
    """A file, what it is in the dossier, and the paper that it is the scan of."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        # Whether it is empty is said by the check, as the rest is.
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": kinds.ACCEPTED}),
        error_messages={"required": gettext_lazy("No file arrived whole. Choose it and upload it again.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=DossierFile.Kind.choices, required=False)
    paper = forms.TypedChoiceField(
        label=gettext_lazy("Scan of the paper"), coerce=int, empty_value=None, required=False,
        help_text=gettext_lazy("It then stands beside that paper on the dossier's page."),
    )  # fmt: skip
    seen = SeenField(required=False)

    use_required_attribute = False

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = dossier.papers.filter(replaced_by=None).order_by("pk")
        papers = [(row.pk, shorten(without_bullet(row.name))) for row in rows]
        offer(self, "paper", [("", "—"), *papers])
        say_plainly(self)


class RemovalForm(forms.Form):
    """Why a file is taken out."""

    reason = text_field(gettext_lazy("Reason"), rows=2)
    seen = SeenField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self)
