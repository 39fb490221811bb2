"""The second person: sees Vietnamese, published and new translation, and lets all, some or none of it out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from catalogue import figures
from catalogue.editing.four_eyes import NotApprovedError
from catalogue.editing.owners import owner_of
from catalogue.editing.reach import may_approve, who_can_approve
from catalogue.figures import Difference
from catalogue.models import TranslationDraft
from catalogue.translating.drafts import lock, writers
from catalogue.translating.groups import drafts_of
from catalogue.translating.kinds import Kind
from catalogue.translating.publishing import publish
from catalogue.translating.texts import Text, texts_of
from catalogue.versioning import digest

Status = TranslationDraft.Status


class TranslationNotPublishedError(Exception):
    """It can't go out as it stands; the message says why, and what to do."""


@dataclass
class Waiting:
    """Drafts of one row that wait and say the same about the same Vietnamese: decided together."""

    draft: TranslationDraft
    """One of them."""
    drafts: list[TranslationDraft] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    writers: set[int] = field(default_factory=set)

    @property
    def key(self) -> str:
        """Return what an approver's form names it by: another once a word of it, or who stands behind it, changes."""
        return digest([[draft.pk, draft.text, draft.source_digest] for draft in self.drafts] + self.published)[:20]

    @property
    def source(self) -> str:
        """Return the Vietnamese as it is now, empty where the text is gone."""
        return self.texts[0].source if self.texts else ""

    @property
    def published(self) -> list[str]:
        """Return the different published translations that it would replace."""
        return sorted({text.present for text in self.texts if text.present})

    @property
    def is_outdated(self) -> bool:
        """Return whether the Vietnamese changed since, for one of its texts at least."""
        return len(self.texts) < len(self.drafts) or self.draft.source_digest != self.texts[0].source_digest

    @property
    def difference(self) -> Difference:
        """Return the figures that differ from the Vietnamese that it was made from."""
        return figures.compare(self.draft.source, self.draft.text)

    @property
    def short(self) -> str:
        """Return the beginning of the Vietnamese, to name it in a sentence."""
        return Truncator(" ".join(self.draft.source.split())).chars(60)


def waiting_of(kind: Kind, row: models.Model, language: str) -> list[Waiting]:
    """Return what of a row waits for approval, in the order of reading."""
    texts = {text.key: text for text in texts_of(kind, row, language)}
    order = {key: index for index, key in enumerate(texts)}
    wrote = writers(row, language)
    drafts = [draft for draft in drafts_of(row, language) if draft.status == Status.OPEN]
    found: dict[tuple[str, str, str], Waiting] = {}
    for draft in sorted(drafts, key=lambda draft: (order.get(draft.key, len(order)), draft.pk)):
        text = texts.get(draft.key)
        # Two papers with one text are one thing to decide only as long as both still have it.
        now = text.source_digest if text is not None else "gone"
        waiting = found.setdefault((draft.source_digest, draft.text, now), Waiting(draft))
        waiting.drafts.append(draft)
        waiting.texts += [text] if text is not None else []
        waiting.writers |= wrote.get(draft.key, set())
    return list(found.values())


@transaction.atomic
def approve(
    kind: Kind, row: models.Model, language: str, keys: Collection[str], *, by: Any, at: dt.datetime, day: dt.date
) -> int:
    """Publish what was chosen, all of it or nothing; return how many texts readers see from now on.

    Raises NotApprovedError for whoever may not or wrote a part of it, TranslationNotPublishedError where a word, the
    Vietnamese or a published translation changed meanwhile, or a figure differs.
    """
    chosen = _chosen(kind, row, language, keys, by=by, day=day)
    for waiting in chosen:
        if waiting.is_outdated:
            text = _(
                "The Vietnamese of «%(text)s» has changed since it was translated: send it back, "
                "so that it is translated anew. Nothing was published."
            )
            raise TranslationNotPublishedError(text % {"text": waiting.short})
        if difference := waiting.difference:
            text = _("The figures of «%(text)s» differ: %(difference)s. Nothing was published.")
            said = {"text": waiting.short, "difference": figures.in_words(difference)}
            raise TranslationNotPublishedError(text % said)
    pairs = [(text, waiting.draft.text) for waiting in chosen for text in waiting.texts]
    publish(kind, row, language, pairs, by=by, at=at)
    _decide(chosen, Status.PUBLISHED, by=by, at=at)
    return len(pairs)


@transaction.atomic
def send_back(
    kind: Kind,
    row: models.Model,
    language: str,
    keys: Collection[str],
    *,
    by: Any,
    at: dt.datetime,
    day: dt.date,
    note: str,
) -> int:
    """Send what was chosen back with what is wrong with it; raises as `approve` does. Returns how many texts."""
    chosen = _chosen(kind, row, language, keys, by=by, day=day)
    return _decide(chosen, Status.RETURNED, by=by, at=at, note=note)


def refusal(row: models.Model, waiting: Sequence[Waiting], user: Any, day: dt.date) -> str:
    """Return why a person may not decide about something that waits, and who can; empty where they may."""
    wrote = set().union(*(each.writers for each in waiting))
    if user.pk in wrote:
        why = _("You wrote a part of these translations, so somebody else must approve it.")
    elif not may_approve(user, row, day):
        why = _("You aren't posted as an approver of the catalogue at the agency that answers for it.")
    else:
        return ""
    return f"{why} {who_can_approve(owner_of(row), day, but=wrote)}"


def _chosen(
    kind: Kind, row: models.Model, language: str, keys: Collection[str], *, by: Any, day: dt.date
) -> list[Waiting]:
    lock(row)
    known = {waiting.key: waiting for waiting in waiting_of(kind, row, language)}
    if not set(keys) <= set(known):
        raise TranslationNotPublishedError(_("Something of it was changed or decided meanwhile: look at it again."))
    if not keys:
        raise TranslationNotPublishedError(_("Choose at least one text."))
    chosen = [known[key] for key in dict.fromkeys(keys)]
    if why := refusal(row, chosen, by, day):
        raise NotApprovedError(why)
    return chosen


def _decide(chosen: Sequence[Waiting], status: str, *, by: Any, at: dt.datetime, note: str = "") -> int:
    pks = [draft.pk for waiting in chosen for draft in waiting.drafts]
    decided = {"status": status, "decided_by": by, "decided_at": at, "note": note}
    return TranslationDraft.objects.filter(pk__in=pks).update(**decided)
