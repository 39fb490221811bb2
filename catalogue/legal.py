"""What counts as a change of the law of a procedure, and what it must stand on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalogue import figures

PARTS = (
    "name",
    "status",
    "levels",
    "steps",
    "conditions",
    "authorities",
    "audiences",
    "on_supplement",
    "results",
    "channels",
    "cases",
    "legal_basis",
)
"""The parts of `versioning.legal_content` (Nghị định 63/2010 Điều 8.2) but the decision, which is the ground."""
_TEXTS = frozenset({"name", "steps", "conditions", "label", "text"})


def changed_law(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the names of the legal parts that differ."""
    return [name for name in PARTS if before.get(name) != after.get(name)]


def beyond_typos(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the legal parts that differ in more than wording: a figure, a rule, a row that comes or goes."""
    return [name for name in changed_law(before, after) if not _is_wording(name, before.get(name), after.get(name))]


def part_name(name: str) -> str:
    """Return the name of a part of a procedure as an editor reads it."""
    words = {
        "name": _("legal name"),
        "status": _("status"),
        "levels": _("levels"),
        "steps": _("steps"),
        "conditions": _("conditions"),
        "authorities": _("competent authorities"),
        "audiences": _("who for"),
        "on_supplement": _("what a supplement does to the clock"),
        "results": _("results"),
        "channels": _("ways of filing, time and fees"),
        "cases": _("cases and papers"),
        "papers": _("cases and papers"),
        "legal_basis": _("legal basis"),
        "field": _("field"),
        "foreigners": _("for foreign users"),
        "issuer": _("issued by"),
        "decision": _("decision"),
        "description": _("description"),
        "receiving_address": _("where the text says to hand in"),
        "coordinating_agency": _("agencies that take part"),
        "links": _("page on the national portal"),
        "flags": _("remarks of the source"),
        "guesses": _("divisions guessed by the source"),
        "source": _("source"),
    }
    return words[name]


def part_names(names: list[str]) -> str:
    """Return the names of parts as an editor reads them, with commas."""
    return ", ".join(part_name(name) for name in names)


def what_lacks(before: dict[str, Any] | None, after: dict[str, Any], draft: Any, day: dt.date) -> str:
    """Return why a draft can't go out on a day for want of a ground, as a sentence; empty where it can.

    `before` is the legal content that is published, None where nothing is. A change of a legal part names its decision
    (Nghị định 63/2010 Điều 15); correcting a typing error changes no figure and no rule.
    """
    changed = list(PARTS) if before is None else changed_law(before, after)
    if not changed:
        return ""
    if draft.ground == draft.Ground.TYPO and before is not None:
        return _beyond(beyond_typos(before, after))
    if draft.ground != draft.Ground.DECISION:
        text = _(
            "Legal parts change (%(parts)s): choose under «Law» the decision that they stand on, and say so there."
        )
        return text % {"parts": part_names(changed)}
    if draft.decision is None:
        return _("Name the decision under «Law».")
    starts = draft.decision.takes_effect_on
    if starts and starts > day:
        text = _(
            "The decision %(number)s takes effect on %(day)s: write this change on the page of that decision, "
            "where it waits for its day."
        )
        return text % {"number": draft.decision.number, "day": date_format(starts, "d/m/Y")}
    return ""


def _beyond(names: list[str]) -> str:
    if not names:
        return ""
    text = _("More than typing errors changes (%(parts)s): name the decision under «Law» instead.")
    return text % {"parts": part_names(names)}


def _is_wording(name: str, before: Any, after: Any) -> bool:
    """Return whether two values differ in the words of texts alone, the figures in them being equal."""
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(_is_wording(key, before[key], after[key]) for key in before)
    if isinstance(before, list) and isinstance(after, list):
        pairs = zip(before, after, strict=False)
        return len(before) == len(after) and all(_is_wording("", *pair) for pair in pairs)
    if before == after:
        return True
    return name in _TEXTS and bool(before) and bool(after) and figures.are_equal(before, after)
