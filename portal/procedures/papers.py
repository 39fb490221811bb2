"""How the papers of a procedure are shown: a short text to tick, the whole original folded under it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.models import RequiredPaper
from portal.procedures.reading import CasePapers
from portal.texts import Text, text

WHOLE = 150
"""A paper's text up to this many characters is shown whole."""

_MARK = re.compile(r"^[-–+*•]\s*")
_END = re.compile(r"[;:.(（；。]")


OPEN_CASES = 4
"""Up to this many cases stand open one under the other; more are folded, so that a reader finds his own."""


@dataclass(frozen=True)
class Line:
    """One row of the list: its short text, the original where that was cut, its copies, its standing."""

    short: Text
    whole: Text | None
    count: str
    form: str
    has_form_file: bool
    form_url: str
    is_paper: bool
    is_heading: bool
    is_unclassified: bool
    is_below: bool


@dataclass(frozen=True)
class CaseList:
    """A case's lines, and the notes that aren't papers."""

    label: Text
    lines: list[Line]
    notes: list[Text]


def shorten(value: Text) -> tuple[Text, Text | None]:
    """Cut a long paper at its first natural end; return (short, whole) or (whole, None)."""
    body = _MARK.sub("", value.text.strip()).strip()
    if len(body) <= WHOLE:
        return Text(body.rstrip(" ;,"), value.lang), None
    cut = next((m.start() for m in _END.finditer(body) if 30 <= m.start() <= WHOLE), None)
    short = body[:cut].rstrip() if cut else body[:WHOLE].rsplit(" ", 1)[0] + "…"
    return Text(short, value.lang), Text(body, value.lang)


def count(paper: RequiredPaper) -> str:
    """Say how many originals and copies, nothing where the source says nothing."""
    said = []
    if paper.originals:
        said.append(ngettext("%(n)d original", "%(n)d originals", paper.originals) % {"n": paper.originals})
    if paper.copies:
        said.append(ngettext("%(n)d copy", "%(n)d copies", paper.copies) % {"n": paper.copies})
    return ", ".join(said)


def line(paper: RequiredPaper) -> Line:
    """Return one row as it is shown."""
    name = text(paper, "name")
    short, whole = shorten(name)
    kind = RequiredPaper.Kind
    return Line(
        short=short,
        whole=whole,
        count=count(paper),
        form=paper.form.name if paper.form else "",
        has_form_file=bool(paper.form and paper.form.file),
        form_url=paper.form.file.url if paper.form and paper.form.file else "",
        is_paper=paper.kind == kind.PAPER,
        is_heading=paper.kind == kind.HEADING,
        is_unclassified=paper.kind == kind.UNCLASSIFIED,
        is_below=(paper.name_vi or "").lstrip().startswith(("+", "*")),  # type: ignore[attr-defined]
    )


def case_lists(cases: list[CasePapers]) -> list[CaseList]:
    """Return what to bring by case; notes stand apart, nothing is dropped."""
    return [case_list(case, are_several=len(cases) > 1) for case in cases]


def are_many(cases: list[CasePapers]) -> bool:
    """Return whether the cases are folded."""
    return len(cases) > OPEN_CASES


def case_list(case: CasePapers, *, are_several: bool) -> CaseList:
    """Return one case. Headings over nothing but notes stand among them, in their order."""
    kind = RequiredPaper.Kind
    apart = {kind.NOTE, kind.HEADING} if all(p.kind in (kind.NOTE, kind.HEADING) for p in case.papers) else {kind.NOTE}
    label = text(case.row, "label")
    label = label._replace(text=_MARK.sub("", label.text).rstrip(" :"))
    if not label and are_several:
        label = Text(_("What everyone brings"), "")
    return CaseList(
        label=label,
        lines=[line(p) for p in case.papers if p.kind not in apart],
        notes=[text(p, "name") for p in case.papers if p.kind in apart],
    )


def has_fallback(cases: list[CaseList]) -> bool:
    """Return whether a text of the lists stands in for a missing translation."""
    return any(
        case.label.is_fallback
        or any(row.short.is_fallback for row in case.lines)
        or any(note.is_fallback for note in case.notes)
        for case in cases
    )
