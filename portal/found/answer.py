"""The answer in place: what the best procedure says of time, fee, papers and place, what was asked for first."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.models import FilingChannel, Procedure, RequiredPaper
from catalogue.text import fold
from portal.found.asking import Found
from portal.procedures import reading, summary
from search.documents import BODY, PLACE, PROCEDURE, SITUATION

LEADS = 0.92
"""The best procedure leads clearly where the second has at most this share of its score."""
LEADS_ASKED = 0.98
"""The same where the question asks for a part of its page, which an answer in place gives."""
LEAST = 1.35
"""A score below which no answer is given in place."""

Papers = Sequence[tuple[Any, str, int | None]]
"""Case, kind and form of each paper."""


@dataclass(frozen=True)
class Answer:
    """A fact of the card: what it is called, its figure, a small line, and the part of the page that says more."""

    key: str
    label: str
    fact: summary.Fact
    anchor: str
    is_asked: bool


def leads(found: Found, query: str) -> bool:
    """Return whether the best procedure is clearly what was meant, or the question asks for a part of its page."""
    if found.leader != PROCEDURE or PLACE in found.others or not found.procedures:
        return False
    first, *rest = found.procedures
    if first.score < LEAST:
        return False
    share = LEADS_ASKED if found.parts else LEADS
    if first.name == query or not rest or rest[0].score <= first.score * share:
        return True
    return first.why_role not in (SITUATION, BODY) and fold(first.why) == fold(query)


def facts(row: Procedure, asked: tuple[str, ...], *, on: dt.date) -> list[Answer]:
    """Return the facts, the ones asked for first (three queries, one more where the province decides)."""
    parts = reading.brief(row, on=on, province_code=settings.PROVINCE_CODE)
    rows = RequiredPaper.objects.filter(case__procedure=row)
    papers: Papers = list(rows.values_list("case", "kind", "form"))
    bring = "bring" if papers else ""
    said = [
        ("time", _("How long"), summary.how_long(parts), "time"),
        ("fee", _("How much"), summary.how_much(parts), "time"),
        ("place", _("Where"), summary.where(parts), "where"),
        ("papers", _("What to bring"), how_many(papers), bring),
    ]
    if "online" in asked:
        said.append(("online", _("Online"), online(parts), "time"))
    if "form" in asked:
        said.append(("form", _("Forms"), forms(papers), bring))
    found = [Answer(key, label, fact, fact.anchor or anchor, key in asked) for key, label, fact, anchor in said]
    return sorted(found, key=lambda answer: asked.index(answer.key) if answer.is_asked else len(asked))


def how_many(papers: Papers) -> summary.Fact:
    """Say how many papers a case needs; lines that may be papers or not aren't counted as such."""
    counted = Counter(case for case, kind, _form in papers if kind == RequiredPaper.Kind.PAPER)
    if not counted:
        return summary.Fact(_("See the list") if papers else "")
    low, high = min(counted.values()), max(counted.values())
    value = ngettext("%(n)d paper", "%(n)d papers", high) % {"n": high}
    if low != high:
        value = _("%(low)d to %(high)d papers") % {"low": low, "high": high}
    return summary.Fact(value, _("By case") if low != high else "")


def online(parts: reading.Parts) -> summary.Fact:
    """Say whether a way to file online is published."""
    kinds = {channel.row.kind for channel in parts.channels}
    return summary.Fact(_("Can be filed online") if FilingChannel.Kind.ONLINE in kinds else "")


def forms(papers: Papers) -> summary.Fact:
    """Say how many forms the papers name; a paper «as by the form» without one may still stand in the list."""
    number = len({form for _case, _kind, form in papers if form})
    if not number:
        return summary.Fact("", _("See the list") if papers else "")
    return summary.Fact(ngettext("%(n)d form", "%(n)d forms", number) % {"n": number})
