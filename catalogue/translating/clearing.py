"""Take translations off whose figures are no longer those of the Vietnamese: readers see the Vietnamese instead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import models, transaction
from wagtail.log_actions import log

from catalogue import figures
from catalogue.loading.revision_texts import refresh_rows_above
from catalogue.translating.kinds import KINDS, languages, suffix_of
from catalogue.translating.texts import Text, read_languages
from catalogue.versioning import digest

LOG_ACTION = "catalogue.clear_translations"


def clear_after_publication(instance: models.Model, **kwargs: object) -> None:
    """Follow Wagtail's `published`."""
    clear_wrong_figures(instance)


@transaction.atomic
def clear_wrong_figures(row: models.Model, user: Any = None) -> int:
    """Empty those translations of a row that has a screen whose figures differ; return how many.

    «Within 15 days» must not stand beside «trong 10 ngày». What was checked when it was loaded or approved, over the
    same Vietnamese, isn't compared again. Two queries a part where nothing is wrong; earlier revisions keep the words.
    """
    wrong = list(_wrong(row))
    if not wrong:
        return 0
    texts: dict[tuple[str, int], dict[str, tuple[str, str]]] = defaultdict(dict)
    for text, suffix in wrong:
        column = f"{text.column}_{suffix}"
        text.part.model._default_manager.filter(pk=text.row).update(**{column: ""})
        texts[text.part.name, text.row][column] = text.source, ""
    refresh_rows_above(texts)
    columns = sorted({f"{text.part.name}.{text.column}_{suffix}" for text, suffix in wrong})
    log(instance=row, action=LOG_ACTION, user=user, content_changed=True, data={"fields": columns, "texts": len(wrong)})
    return len(wrong)


def _wrong(row: models.Model) -> Iterator[tuple[Text, str]]:
    codes = [code for code, _name in languages()]
    kind = KINDS[row._meta.model_name or ""]
    rows = kind.model._default_manager.filter(pk=row.pk)
    for part in kind.parts:
        for texts in read_languages(part, rows, codes):
            for code, text in zip(codes, texts, strict=True):
                if text.present and not _was_checked(text) and not figures.are_equal(text.source, text.present):
                    yield text, suffix_of(code)


def _was_checked(text: Text) -> bool:
    mark = text.mark
    return mark is not None and (mark.source_digest, mark.text_digest) == (text.source_digest, digest(text.present))
