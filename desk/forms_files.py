"""Forms that put a file into a dossier and take it out."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from desk.files import kinds
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
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class RemovalForm(forms.Form):
    """Why a file is taken out."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}))
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
