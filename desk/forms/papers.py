"""The papers of a procedure's list as they come to the counter: a tick, how many, and what is missing or wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from catalogue.models import ProcedureVersion
from desk.demands import Demand
from desk.forms.fields import LONGEST_REASON, count_field, text_field
from desk.forms.supplements import Line
from desk.intake import PaperIn
from desk.models import DossierFile, HandedPaper, SupplementItem
from desk.versions import ListedPaper, askable_papers, cases_of, papers_of

WORDS = ("has", "originals", "copies", "missing", "file")
COUNTED = ("originals", "copies", "missing")


class PapersForm(forms.Form):
    """A form on a version's list; the rows are those of the case that was chosen."""

    version: ProcedureVersion

    @cached_property
    def papers(self) -> list[ListedPaper]:
        """Return the papers of the case that can be handed in; of the whole list where no case was chosen."""
        return list(askable_papers(self.version, self.data.get("case_key", "")).values())

    @property
    def waits_for_case(self) -> bool:
        """Return whether the list is that of several cases of which none is chosen."""
        return not self.data.get("case_key") and len(cases_of(self.version)) > 1

    @property
    def leaves_some(self) -> bool:
        """Return whether «all came» leaves a line unticked."""
        return any(paper.is_ticked_alone for paper in self.papers)

    @property
    def notes(self) -> list[str]:
        """Return what the list says besides."""
        listed = papers_of(self.version, self.data.get("case_key", ""))
        return [paper.name for paper in listed if not paper.can_be_asked_for]

    @property
    def blank_key(self) -> str:
        """Return what the list shows before anything is typed, as a digest: equal lists look alike."""
        shown = repr((self.papers, self.notes, self.waits_for_case))
        return hashlib.blake2b(shown.encode(), digest_size=16).hexdigest()

    def add_papers(self) -> None:
        """Add the fields of each paper; where the version names no number, it is one original."""
        for paper in self.papers:
            originals = paper.originals or (0 if paper.copies else 1)
            self.fields[f"has-{paper.key}"] = forms.BooleanField(label=paper.name, required=False)
            self.fields[f"originals-{paper.key}"] = count_field(_("Originals"), initial=originals)
            self.fields[f"copies-{paper.key}"] = count_field(_("Copies"), initial=paper.copies)
            self.fields[f"missing-{paper.key}"] = text_field(
                _("What is missing or wrong"), required=False, rows=2, most=LONGEST_REASON
            )
            for word in COUNTED:
                field = self.fields[f"{word}-{paper.key}"]
                field.widget.attrs["aria-label"] = f"{field.label}: {paper.name[:100]}"

    @property
    def lines(self) -> list[Line]:
        """Return the rows of the list of papers."""
        return [
            Line(
                paper.short_name,
                tuple(self[f"{word}-{paper.key}"] for word in WORDS if f"{word}-{paper.key}" in self.fields),
                value=paper,
            )
            for paper in self.papers
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse a paper that is ticked, but of which nothing came."""
        data = super().clean() or self.cleaned_data
        for paper in self.papers:
            names = f"originals-{paper.key}", f"copies-{paper.key}"
            if (
                self.has(paper)
                and not data.get(f"file-{paper.key}")
                and not any(name in self.errors or data.get(name) for name in names)
            ):
                self.add_error(names[0], _("Ticked, but none came: write how many, or take the tick away."))
        return data

    def has(self, paper: ListedPaper) -> bool:
        """Return whether a paper came: it is ticked, or its file is there."""
        return bool(self.cleaned_data.get(f"has-{paper.key}") or self.cleaned_data.get(f"file-{paper.key}"))

    def handed_in(self, files: Mapping[str, DossierFile] | None = None) -> list[PaperIn]:
        """Return the papers that came, with their files."""
        data, files = self.cleaned_data, files or {}
        return [
            PaperIn(
                paper.key,
                # Nothing but a file came of what isn't ticked.
                (data[f"originals-{paper.key}"] or 0) if data[f"has-{paper.key}"] else 0,
                (data[f"copies-{paper.key}"] or 0) if data[f"has-{paper.key}"] else 0,
                status=HandedPaper.Status.DIGITISED if paper.key in files else HandedPaper.Status.NOT_DIGITISED,
                file=files.get(paper.key),
            )
            for paper in self.papers
            if self.has(paper)
        ]

    def reason_of(self, paper: ListedPaper) -> str:
        """Return what was noted as missing or wrong."""
        return str(self.cleaned_data.get(f"missing-{paper.key}", "")).strip()

    def demands(self, handed: dict[str, int]) -> list[Demand]:
        """Return what is asked for; `handed`: the keys of the rows of papers that came, which are corrected."""
        kind = SupplementItem.Kind
        return [
            Demand(kind.CORRECTION, self.reason_of(paper), handed_paper_id=handed[paper.key])
            if paper.key in handed
            else Demand(kind.PAPER, self.reason_of(paper), paper_key=paper.key)
            for paper in self.papers
            if self.reason_of(paper)
        ]
