"""Writing drafts of translations: nothing is written over unseen, and nobody's words are lost."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction

from catalogue import figures
from catalogue.figures import Difference
from catalogue.models import TranslationDraft
from catalogue.translating.groups import Group, groups_of
from catalogue.translating.kinds import Kind
from catalogue.translating.texts import Key, State, Text
from catalogue.versioning import digest

Status = TranslationDraft.Status


@dataclass(frozen=True)
class Written:
    """What came in for a group: the words, what its form showed (`stamp` of it, `Group.seen`), and «right as it is»."""

    id: str
    text: str
    was: str = ""
    seen: str = ""
    is_kept: bool = False


@dataclass
class Outcome:
    """What became of what came in. What isn't among `saved` and `withdrawn` wrote nothing."""

    saved: list[Group] = field(default_factory=list)
    withdrawn: list[Group] = field(default_factory=list)
    differing: list[tuple[Group, Difference]] = field(default_factory=list)
    """Saved, but not to be published: the figures differ."""
    slower: list[tuple[Group, Written]] = field(default_factory=list)
    """Somebody else wrote after the form was opened."""
    too_long: list[tuple[Group, Written]] = field(default_factory=list)
    not_own: list[tuple[Group, Written]] = field(default_factory=list)
    """Emptied, but written by somebody else."""
    homeless: list[Written] = field(default_factory=list)
    """The Vietnamese has changed or gone meanwhile."""


def stamp(text: str) -> str:
    """Return what tells on a form whether a text was touched."""
    return digest(tidy(text))[:12]


def tidy(text: str) -> str:
    """Return a translation as it is kept: NFC, one kind of line end, no blanks at its ends or at those of a line."""
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return "\n".join(line.rstrip() for line in plain.split("\n")).strip()


@transaction.atomic
def save(
    kind: Kind, row: models.Model, language: str, written: Iterable[Written], *, by: Any, at: dt.datetime
) -> Outcome:
    """Write what was touched as a person's drafts; say which figures differ; leave alone what others wrote since."""
    lock(row)
    groups = {group.id: group for group in groups_of(kind, row, language)}
    outcome = Outcome()
    for each in written:
        text, group = tidy(each.text), groups.get(each.id)
        if not each.is_kept and stamp(text) == each.was:
            continue
        if group is None:
            outcome.homeless.append(each)
        elif each.seen != group.seen and text != group.shown:
            outcome.slower.append((group, each))
        elif not text:
            _empty(group, each, outcome, by=by)
        elif group.longest and len(text) > group.longest:
            outcome.too_long.append((group, each))
        else:
            outcome.saved.append(group)
            if difference := figures.compare(group.source, text):
                outcome.differing.append((group, difference))
            words = dict.fromkeys((one.key for one in group.texts), text)
            write(group.texts, group.drafts, words, language, kind, by, at)
    return outcome


def write(
    texts: Sequence[Text],
    drafts: dict[Key, TranslationDraft],
    words: dict[Key, str],
    language: str,
    kind: Kind,
    by: Any,
    at: dt.datetime,
) -> int:
    """Write one person's words for texts of rows of a kind; return how many drafts came or changed (three queries).

    Own words that wait are changed in place; anybody else's, and what was sent back, stay as they were, written over.
    """
    replaced, changed, new = [], [], []
    for text in texts:
        draft, word = drafts.get(text.key), words[text.key]
        is_same = draft is not None and (draft.text, draft.source_digest, draft.status) == (
            word,
            text.source_digest,
            Status.OPEN,
        )
        if is_same or (draft is None and word == text.present and text.state == State.REVIEWED):
            continue
        if draft is not None and draft.writer_id == by.pk and draft.status == Status.OPEN:
            changed.append(draft)
        else:
            if draft is not None:
                replaced.append(draft.pk)
            draft = TranslationDraft(kind=text.key[0], row=text.row, column=text.column, language=language)
            draft.root_kind, draft.root, draft.writer = kind.name, text.root, by
            new.append(draft)
        draft.text, draft.written_at = word, at
        draft.source, draft.source_digest = text.source, text.source_digest
    TranslationDraft.objects.filter(pk__in=replaced).update(status=Status.REPLACED)
    columns = ["text", "written_at", "source", "source_digest"]
    TranslationDraft.objects.bulk_update(changed, columns, batch_size=100)
    TranslationDraft.objects.bulk_create(new, batch_size=200)
    return len(changed) + len(new)


def withdraw(drafts: Iterable[TranslationDraft], *, by: Any) -> int:
    """Take back those of the drafts that a person wrote; return how many."""
    own = [draft.pk for draft in drafts if draft.writer_id == by.pk]
    found = TranslationDraft.objects.current().filter(pk__in=own)
    return found.update(status=Status.WITHDRAWN)


def writers(row: models.Model, language: str) -> dict[Key, set[int]]:
    """Return who wrote each text of a row since it was last published, what others wrote over included (one query)."""
    found: dict[Key, set[int]] = {}
    drafts = TranslationDraft.objects.of_row(row).filter(language=language).exclude(status=Status.WITHDRAWN)
    for kind, pk, column, writer, status in drafts.order_by("pk").values_list(
        "kind", "row", "column", "writer", "status"
    ):
        if status == Status.PUBLISHED:
            found.pop((kind, pk, column), None)
            continue
        found.setdefault((kind, pk, column), set()).add(writer)
    return found


def lock(row: models.Model) -> None:
    """Let one person at a time write, approve or publish translations of a row."""
    type(row)._default_manager.select_for_update().get(pk=row.pk)


def _empty(group: Group, each: Written, outcome: Outcome, *, by: Any) -> None:
    """Take a draft back where its text was emptied."""
    if not group.drafts:
        return
    if any(draft.writer_id != by.pk for draft in group.drafts.values()):
        outcome.not_own.append((group, each))
        return
    withdraw(group.drafts.values(), by=by)
    outcome.withdrawn.append(group)
