"""Forms that put a file into a dossier and take it out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from desk.files import kinds
from desk.forms.base import SeenField
from desk.forms.fields import say_plainly, text_field
from desk.models import DossierFile


class FileForm(forms.Form):
    """A file, and what it is in the dossier."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        # Whether it is empty is said by the check, as the rest is.
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": kinds.ACCEPTED}),
        error_messages={"required": gettext_lazy("No file arrived whole. Choose it and upload it again.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=DossierFile.Kind.choices, required=False)
    seen = SeenField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self)


class RemovalForm(forms.Form):
    """Why a file is taken out."""

    reason = text_field(gettext_lazy("Reason"), rows=2)
    seen = SeenField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say_plainly(self)
