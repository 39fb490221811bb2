"""Flagged rows as lists with work to do: what to look at for each doubt, and how many are left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from catalogue.editing.doubts import Doubt, flagged, found_right, looked_at
from catalogue.models import Procedure
from portal import formatting

DISTRICT = re.compile(r"\b(?:cấp huyện|huyện|quận|thị xã)\b", re.IGNORECASE)
"""Words of the level that ended on 1 July 2025."""
_SENTENCE = re.compile(r"(?<=[.;:!?])\s+|\n+")
LONGEST = 600
"""Letters of a sentence that are shown around the word."""
Segments = list[tuple[str, bool]]
"""Pieces of a text, and whether each is the word that was looked for."""


@dataclass(frozen=True)
class Tally:
    """A doubt, how many rows carry it, how many somebody found right."""

    doubt: Doubt
    total: int
    right: int

    @property
    def label(self) -> str:
        """Return the doubt in words."""
        return str(self.doubt.label)

    @property
    def left(self) -> int:
        """Return how many wait for a look."""
        return self.total - self.right


def counts(rows: QuerySet[Procedure]) -> list[Tally]:
    """Return each doubt's figures over procedures (one query)."""
    asked = {f"{doubt}_total": Count("pk", filter=flagged(doubt)) for doubt in Doubt}
    asked |= {f"{doubt}_right": Count("pk", filter=flagged(doubt) & found_right(doubt)) for doubt in Doubt}
    counted = rows.filter(live=True).order_by().aggregate(**asked)
    return [Tally(doubt, counted[f"{doubt}_total"], counted[f"{doubt}_right"]) for doubt in Doubt]


def waiting(rows: QuerySet[Procedure], doubt: str, *, is_right: bool) -> QuerySet[Procedure]:
    """Return the flagged procedures that wait for a look, or those that somebody found right (as `counts` has it)."""
    right = found_right(doubt)
    return rows.filter(flagged(doubt), right if is_right else ~right, live=True)


def shown(procedure: Any, doubt: str) -> list[tuple[str, list[Segments]]]:
    """Return what to look at, under headings: sentences with their words marked, or the rows in question."""
    ways = {
        Doubt.DISTRICT: _sentences,
        Doubt.FEE: _fees,
        Doubt.PAPERS: _papers,
        Doubt.FEES: _terms_and_fees,
        Doubt.AUTHORITIES: _authorities,
    }
    parts = ((heading, [line for line in lines if line]) for heading, lines in ways[Doubt(doubt)](procedure))
    return [(heading, lines) for heading, lines in parts if lines]


def segments(text: str, pattern: re.Pattern[str] = DISTRICT) -> Segments:
    """Return a text cut at the words of a pattern, shortened around the first of them."""
    first = pattern.search(text)
    start = max(0, first.start() - LONGEST // 2) if first and len(text) > LONGEST else 0
    cut = f"{'…' if start else ''}{text[start : start + LONGEST]}{'…' if len(text) > start + LONGEST else ''}"
    found, end = [], 0
    for match in pattern.finditer(cut):
        found += [(cut[end : match.start()], False), (match.group(), True)]
        end = match.end()
    return [piece for piece in [*found, (cut[end:], False)] if piece[0]]


def sentences(text: str) -> list[str]:
    """Return the sentences of a text that name the district."""
    return [part.strip() for part in _SENTENCE.split(text) if DISTRICT.search(part)]


def _sentences(procedure: Any) -> Iterator[tuple[str, list[Segments]]]:
    """Yield, by the part of the procedure, its sentences that name the district."""
    names = {
        "name_vi": _("Name"),
        "steps_vi": _("Steps"),
        "conditions_vi": _("Conditions"),
        "description": _("Description"),
        "receiving_address": _("Where to hand in"),
        "coordinating_agency": _("Agencies that take part"),
        "roles": _("Authorities"),
        "papers": _("Papers"),
        "fees": _("Fees"),
        "terms": _("Time limits"),
        "results": _("Results"),
    }
    for key, part in looked_at(procedure, Doubt.DISTRICT).items():
        lines = dict.fromkeys(line for text in _texts(part) for line in sentences(text))
        yield names[key], [segments(line) for line in lines]


def _texts(part: Any) -> Iterator[str]:
    """Yield every text in plain data."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for each in part.values():
            yield from _texts(each)
    elif isinstance(part, list):
        for each in part:
            yield from _texts(each)


def _fees(procedure: Any) -> Iterator[tuple[str, list[Segments]]]:
    for channel in procedure.channels.all():
        suspect = [fee for fee in channel.fees.all() if fee.certainty == "suspect"]
        yield str(channel), [_plain(fee.label_vi, fee.get_certainty_display(), fee.text_vi) for fee in suspect]


def _terms_and_fees(procedure: Any) -> Iterator[tuple[str, list[Segments]]]:
    for channel in procedure.channels.all():
        terms = [
            _plain(term.label_vi, formatting.limit(term.number, term.unit), term.text_vi)
            for term in channel.terms.all()
        ]
        fees = [_plain(fee.label_vi, _money(fee), fee.text_vi) for fee in channel.fees.all()]
        yield str(channel), [*terms, *fees]


def _money(fee: Any) -> str:
    if fee.amount is None:
        return str(fee.get_certainty_display())
    return formatting.money(fee.amount, fee.currency)


def _papers(procedure: Any) -> Iterator[tuple[str, list[Segments]]]:
    for case in procedure.cases.all():
        yield case.label_vi or _("Everyone"), [_plain(paper.name_vi) for paper in case.papers.all()]


def _authorities(procedure: Any) -> Iterator[tuple[str, list[Segments]]]:
    yield _("As the source writes them"), [_plain(procedure.roles_text)]
    yield _("As they are kept here"), [_plain(role.name_vi) for role in procedure.roles.all()]


def _plain(*texts: str | None) -> Segments:
    words = " · ".join(text for text in texts if text)
    return [(words, False)] if words else []
