"""The dossier's list: cases in the portal's order, each with its papers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.text import fold, nfc

_LETTERS = "abcdđeghiklmnopqrstuvxy"
_LETTER = re.compile(rf"([{_LETTERS}])(?:[).]|\s+[).])", re.IGNORECASE)
_CONTINUES = ("-", "+", "*", "–", "•")
_NOTE_GROUPS = ("luu y", "ghi chu")


@dataclass(frozen=True)
class ParsedPaper:
    """One row of the list; null counts mean that the source gives none."""

    name: str
    kind: str
    handling: str
    originals: int | None
    copies: int | None
    form: str


@dataclass(frozen=True)
class ParsedCase:
    """A case and its papers; an empty label is what every applicant brings."""

    label: str
    papers: tuple[ParsedPaper, ...]


def parse_papers(documents: Sequence[Mapping[str, Any]]) -> list[ParsedCase]:
    """Return the cases in the portal's order, what everyone brings first."""
    groups: dict[str, list[ParsedPaper]] = {}
    for document in documents:
        label = nfc(document.get("group") or "")
        paper = parse_paper(document, group=label)
        if paper.name:
            groups.setdefault(label, []).append(paper)
    ordered = sorted(groups.items(), key=lambda item: item[0] != "")
    return [ParsedCase(label, tuple(by_letter(papers))) for label, papers in ordered]


def parse_paper(document: Mapping[str, Any], *, group: str) -> ParsedPaper:
    """Return one row, with its kind judged by counts, ending and group."""
    name = nfc(document.get("name") or "")
    originals, copies = document.get("originals"), document.get("copies")
    form = nfc(document.get("form") or "")[:400]
    return ParsedPaper(name, _kind(name, originals, copies, group), _handling(group), originals, copies, form)


def by_letter(papers: list[ParsedPaper]) -> list[ParsedPaper]:
    """Return a case's papers sorted by a) b) c) d) đ) e) … where that is safe.

    Rows that begin with - + * belong to the row above: with one of them the order is kept.
    """
    keys = [_letter_key(paper.name) for paper in papers]
    lettered = [key for key in keys if key is not None]
    if any(paper.name.startswith(_CONTINUES) for paper in papers) or len(lettered) < 2:
        return papers
    if len(set(lettered)) != len(lettered):
        return papers
    in_order = iter(sorted((key, index) for index, key in enumerate(keys) if key is not None))
    return [papers[next(in_order)[1]] if key is not None else paper for key, paper in zip(keys, papers, strict=True)]


def _letter_key(name: str) -> int | None:
    match = _LETTER.match(name)
    return _LETTERS.index(match[1].lower()) if match else None


def _kind(name: str, originals: int | None, copies: int | None, group: str) -> str:
    if originals is None or copies is None:
        return "unclassified"
    if originals > 0 or copies > 0:
        return "paper"
    if name.endswith(":"):
        return "heading"
    return "note" if fold(group).startswith(_NOTE_GROUPS) else "unclassified"


def _handling(group: str) -> str:
    folded = fold(group)
    if "phai nop" in folded and "xuat trinh" not in folded:
        return "submit"
    if "phai xuat trinh" in folded and "nop" not in folded:
        return "present"
    return "unknown"
