"""Bring approved translations to readers: their own columns alone, of the row and of each draft beside it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models, transaction
from wagtail.log_actions import log

from catalogue.loading.revision_texts import patch_content, patch_revisions, refresh_rows_above
from catalogue.models import Procedure, Proposal, TranslationDraft, TranslationMark
from catalogue.signals import catalogue_changed
from catalogue.translating.kinds import Kind, suffix_of
from catalogue.translating.texts import Text
from catalogue.versioning import digest

LOG_ACTION = "catalogue.translate"
Pairs = Sequence[tuple[Text, str]]


def publish(kind: Kind, row: models.Model, language: str, pairs: Pairs, *, by: Any, at: dt.datetime) -> None:
    """Write columns, marks, drafts beside the row, search columns and log; tell caches and search after the commit.

    No version of a procedure is made, as no legal part changes; an open Vietnamese draft, its workflow and open
    proposals keep all that their writers changed. Runs within the caller's transaction.
    """
    suffix = suffix_of(language)
    _write_columns(pairs, suffix)
    _write_marks(pairs, language)
    texts: dict[tuple[str, int], dict[str, tuple[str, str]]] = defaultdict(dict)
    present: dict[tuple[str, int, str], str] = {}
    for text, word in pairs:
        column = f"{text.column}_{suffix}"
        texts[text.part.name, text.row][column] = text.source, word
        present[text.part.name, text.row, column] = text.present

    def fits(model: str, content: Mapping[str, Any], column: str, source: str) -> bool:
        """Return whether a draft has left the translation as it was published: then it isn't the draft's own."""
        return (content.get(column) or "") == present[model, int(content.get("pk") or 0), column]

    refresh_rows_above(texts, fits)
    for proposal in Proposal.objects.select_for_update().open().about(row):
        # `before` must stay what the row is: else nobody could approve the proposal any more.
        for content in (proposal.before, proposal.after):
            patch_content(content, kind.name, texts, fits)
        proposal.save(update_fields=["before", "after"])
    columns = sorted({f"{text.part.name}.{text.column}_{suffix}" for text, _word in pairs})
    data = {"language": language, "texts": len(pairs), "fields": columns}
    log(instance=row, action=LOG_ACTION, user=by, timestamp=at, content_changed=True, data=data)
    transaction.on_commit(Told(row.code if isinstance(row, Procedure) else ""))


def keep_newer(row: Any, since: dt.datetime) -> int:
    """Put what was approved since a time into the row's newest draft; return how many texts (two queries and one).

    A form that was opened before still holds the old words, and would undo the approval without anybody wanting it.
    """
    published = TranslationDraft.objects.of_row(row).filter(status=TranslationDraft.Status.PUBLISHED)
    texts: dict[tuple[str, int], dict[str, tuple[str, str]]] = defaultdict(dict)
    for draft in published.filter(decided_at__gte=since).order_by("decided_at", "pk"):
        texts[draft.kind, draft.row][f"{draft.column}_{suffix_of(draft.language)}"] = draft.source, draft.text
    if texts and row.latest_revision_id:
        patch_revisions([row.latest_revision_id], row._meta.model_name, texts, lambda *_args: True)
    return sum(map(len, texts.values()))


class Told:
    """Tells caches and search that a row's translations changed."""

    def __init__(self, code: str) -> None:
        self.codes = [code] if code else None
        self.__qualname__ = "Told"  # Django names a callback that failed by this.

    def __call__(self) -> None:
        """Tell them."""
        catalogue_changed.send(sender=TranslationDraft, codes=self.codes)


def _write_columns(pairs: Pairs, suffix: str) -> None:
    rows: dict[tuple[type[models.Model], str, str], list[int]] = defaultdict(list)
    for text, word in pairs:
        rows[text.part.model, f"{text.column}_{suffix}", word].append(text.row)
    for (model, column, word), pks in rows.items():
        model._default_manager.filter(pk__in=pks).update(**{column: word})


def _write_marks(pairs: Pairs, language: str) -> None:
    marks = [
        TranslationMark(
            model=text.part.name,
            row=text.row,
            column=text.column,
            language=language,
            source_digest=text.source_digest,
            text_digest=digest(word),
            is_reviewed=True,
            is_approved=True,
        )
        for text, word in pairs
    ]
    TranslationMark.objects.bulk_create(
        marks,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["model", "row", "column", "language"],
        update_fields=["source_digest", "text_digest", "is_reviewed", "is_approved"],
    )
