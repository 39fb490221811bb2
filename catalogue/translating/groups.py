"""A row's texts as a translator sees them: each Vietnamese text once, however often it stands there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db import models

from catalogue.models import TranslationDraft
from catalogue.translating.kinds import Kind
from catalogue.translating.texts import Key, State, Text, texts_of
from catalogue.versioning import digest

_WORST_FIRST = (State.MISSING, State.OUTDATED, State.TRANSLATED, State.REVIEWED)


@dataclass
class Group:
    """The texts of one row that have the same Vietnamese, and their drafts; translated once."""

    texts: list[Text]
    drafts: dict[Key, TranslationDraft] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Return what names the group on a form: it changes when the Vietnamese does."""
        return self.texts[0].source_digest[:16]

    @property
    def source(self) -> str:
        """Return the Vietnamese."""
        return self.texts[0].source

    @property
    def state(self) -> State:
        """Return the state of the text that needs most."""
        states = {text.state for text in self.texts}
        return next(state for state in _WORST_FIRST if state in states)

    @cached_property
    def draft(self) -> TranslationDraft | None:
        """Return the newest draft."""
        return max(self.drafts.values(), key=lambda draft: (draft.written_at, draft.pk), default=None)

    @property
    def published(self) -> list[str]:
        """Return the different published translations, the most frequent first."""
        return [text for text, _count in Counter(text.present for text in self.texts if text.present).most_common()]

    @property
    def shown(self) -> str:
        """Return what a form begins with: the draft, else what is published."""
        if self.draft is not None:
            return self.draft.text
        return self.published[0] if self.published else ""

    @property
    def is_of_older_vietnamese(self) -> bool:
        """Return whether the draft was made from a Vietnamese that has changed since."""
        return self.draft is not None and self.draft.source_digest != self.texts[0].source_digest

    @property
    def seen(self) -> str:
        """Return what tells what a translator saw of the group, drafts and published texts, from what stands later."""
        drafts = sorted((draft.pk, draft.text, draft.status) for draft in self.drafts.values())
        return digest([drafts, sorted(self.published)])[:12]

    @property
    def longest(self) -> int | None:
        """Return how many characters fit; None without a limit."""
        limits = [_limit(text) for text in self.texts]
        return min((limit for limit in limits if limit), default=None)


def groups_of(kind: Kind, row: models.Model, language: str) -> list[Group]:
    """Return a row's texts by their Vietnamese, in the order of reading, with their open drafts."""
    drafts = {draft.key: draft for draft in drafts_of(row, language)}
    return group(texts_of(kind, row, language), drafts)


def drafts_of(row: models.Model, language: str) -> models.QuerySet[TranslationDraft]:
    """Return a row's drafts that wait or were sent back, with their writers."""
    drafts = TranslationDraft.objects.current().of_row(row).filter(language=language)
    return drafts.select_related("writer", "decided_by")


def group(texts: Iterable[Text], drafts: dict[Key, TranslationDraft]) -> list[Group]:
    """Put texts with the same Vietnamese together, each group where its first text stands."""
    found: dict[str, Group] = {}
    for text in texts:
        known = found.setdefault(text.source, Group([]))
        known.texts.append(text)
        if text.key in drafts:
            known.drafts[text.key] = drafts[text.key]
    return list(found.values())


def without_place(groups: Sequence[Group], drafts: Iterable[TranslationDraft]) -> list[TranslationDraft]:
    """Return drafts whose text is gone: a paper that was taken off, say. Their words aren't lost."""
    placed = {text.key for group in groups for text in group.texts}
    return [draft for draft in drafts if draft.key not in placed]


def _limit(text: Text) -> int | None:
    limit = getattr(text.part.model._meta.get_field(text.column), "max_length", None)
    return limit if isinstance(limit, int) else None
