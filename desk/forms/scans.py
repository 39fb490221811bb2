"""A file for each paper of the list, scanned or dropped at the counter, checked by its content."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from desk import uploads
from desk.files import kinds
from desk.forms.papers import PapersForm
from desk.uploads import Checked


class ScansForm(PapersForm):
    """The papers with their files: `scans` are those that may be kept, by the key of their paper."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.scans: dict[str, tuple[UploadedFile, Checked]] = {}

    def add_papers(self) -> None:
        """Add a file to the fields of each paper."""
        super().add_papers()
        for paper in self.papers:
            self.fields[f"file-{paper.key}"] = forms.FileField(
                label=_("Scanned file"),
                required=False,
                allow_empty_file=True,
                widget=forms.FileInput(
                    attrs={"accept": kinds.ACCEPTED, "aria-label": f"{_('Scanned file')}: {paper.name[:100]}"}
                ),
            )

    def clean(self) -> dict[str, Any]:
        """Look into each file (about 0.2 s each); one that can't be kept is told at its paper."""
        data = super().clean() or self.cleaned_data
        self.scans = {}
        for paper in self.papers:
            upload = data.get(f"file-{paper.key}")
            if upload is None:
                continue
            try:
                self.scans[paper.key] = (upload, uploads.check(upload))
            except ValidationError as error:
                self.add_error(f"file-{paper.key}", error)
        return data

    @property
    def files_to_choose_again(self) -> list[str]:
        """Return the names of files that came with a form that is shown again: a browser drops them."""
        return [name for _field, name, _size in self.uploads]

    @property
    def uploads(self) -> list[tuple[str, str, int]]:
        """Return field, name and bytes of each file that came."""
        found = self.files.items() if self.is_bound else ()
        return [(field, each.name or "", each.size or 0) for field, each in found if isinstance(each, UploadedFile)]
