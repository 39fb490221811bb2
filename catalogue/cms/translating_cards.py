"""The texts of a row as its translating screen shows them: cards, put under the parts they stand in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst

from catalogue import figures
from catalogue.models import TranslationDraft
from catalogue.translating.drafts import stamp
from catalogue.translating.groups import Group
from catalogue.translating.suggestions import Suggestion, suggest
from catalogue.translating.texts import Key, State

SHOWN_EARLIER = 3
FILTERS = ("missing", "outdated", "unreviewed", "drafts", "returned")


@dataclass
class Card:
    """A group as the page shows it."""

    group: Group
    number: int
    text: str
    was: str
    suggestion: Suggestion | None = None
    difference: str = ""
    earlier: list[TranslationDraft] = field(default_factory=list)
    problem: str = ""

    @property
    def rows(self) -> int:
        """Return how high the field is."""
        longest = max(self.text, self.group.source, key=len)
        return min(24, max(2, 1 + longest.count("\n") + len(longest) // 60))


def cards_of(
    row: Any,
    groups: list[Group],
    language: str,
    typed: dict[str, tuple[str, str]],
    homeless: list[TranslationDraft],
) -> list[Card]:
    """Return a card a group; `typed` has what wasn't saved and why, by group (two queries and those of suggestions)."""
    suggestions = suggest(row, groups, language, homeless=homeless)
    earlier = _earlier(row, language)
    cards = []
    for number, group in enumerate(groups, 1):
        text, problem = typed.get(group.id, (group.shown, ""))
        card = Card(group, number, text, stamp(group.shown), suggestions.get(group.id), problem=problem)
        if group.shown:
            card.difference = figures.in_words(figures.compare(group.source, group.shown))
        card.earlier = earlier.get(group.texts[0].key, [])[:SHOWN_EARLIER]
        cards.append(card)
    return cards


def _earlier(row: Any, language: str) -> dict[Key, list[TranslationDraft]]:
    """Return the words that somebody wrote over, by text, the newest first (one query)."""
    drafts = TranslationDraft.objects.of_row(row).filter(language=language, status=TranslationDraft.Status.REPLACED)
    found: dict[Key, list[TranslationDraft]] = defaultdict(list)
    for draft in drafts.select_related("writer").order_by("-pk"):
        found[draft.key].append(draft)
    return found


def is_in(group: Group, name: str) -> bool:
    """Return whether a group is shown under a filter."""
    if name == "drafts":
        return group.draft is not None
    if name == "returned":
        return group.draft is not None and group.draft.status == TranslationDraft.Status.RETURNED
    if group.draft is not None:
        return name == "outdated" and group.is_of_older_vietnamese
    return group.state == {"missing": State.MISSING, "outdated": State.OUTDATED, "unreviewed": State.TRANSLATED}[name]


def sections_of(cards: list[Card]) -> list[tuple[str, list[tuple[str, list[Card]]]]]:
    """Return the cards by part, and within a part by what its texts stand under, as the page shows them."""
    sections: dict[str, dict[str, list[Card]]] = {}
    for card in cards:
        text = card.group.texts[0]
        name = capfirst(str(text.part.model._meta.verbose_name_plural))
        under = text.under
        if not text.part.path:
            name = capfirst(text.part.label(text.column))
        sections.setdefault(name, {}).setdefault(under, []).append(card)
    return [(name, list(below.items())) for name, below in sections.items()]
