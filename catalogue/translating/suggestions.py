"""What a translator can take by one press: words approved for the same Vietnamese, and the memory of lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue import figures
from catalogue.loading.local_names import agency_name, centre_name
from catalogue.loading.output import committed
from catalogue.models import Agency, Centre, TranslationDraft, TranslationMark
from catalogue.translating.groups import Group
from catalogue.translating.kinds import suffix_of
from catalogue.translation_memory import TranslationMemory, read_memory
from catalogue.versioning import digest

MOST_MARKS = 2000


class Origin(models.TextChoices):
    """Where a suggestion comes from."""

    APPROVED = "approved", _("approved for the same Vietnamese elsewhere")
    MEMORY = "memory", _("from the memory of lines")
    EARLIER = "earlier", _("written for this row before, its place is gone")


@dataclass(frozen=True)
class Suggestion:
    """Words that may fit a group."""

    text: str
    origin: Origin


def suggest(
    row: models.Model, groups: Sequence[Group], language: str, *, homeless: Iterable[TranslationDraft] = ()
) -> dict[str, Suggestion]:
    """Return a suggestion by group id, where there is one with equal figures that says something else than the form.

    One query, and one a kind of row in which the words were found.
    """
    approved = _approved([group.texts[0].source_digest for group in groups], language)
    earlier = {draft.source_digest: draft.text for draft in homeless}
    memory = memory_of(language)
    found: dict[str, Suggestion] = {}
    for group in groups:
        key = group.texts[0].source_digest
        ways = (
            (approved.get(key), Origin.APPROVED),
            (earlier.get(key), Origin.EARLIER),
            (_remembered(row, group, memory), Origin.MEMORY),
        )
        for text, origin in ways:
            if text and text != group.shown and figures.are_equal(group.source, text):
                found[group.id] = Suggestion(text, origin)
                break
    return found


def memory_of(language: str) -> TranslationMemory:
    """Return the language's lines; read once, and anew when a file changes."""
    folder = committed("translations") / language
    files = tuple((path.name, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.jsonl*")))
    return _read(folder, language, files)


@lru_cache(maxsize=16)
def _read(folder: Path, language: str, files: tuple[tuple[str, int], ...]) -> TranslationMemory:
    return read_memory(folder, language)


def _remembered(row: models.Model, group: Group, memory: TranslationMemory) -> str:
    found = memory.translate(group.source)
    if found is None and isinstance(row, Agency) and group.texts[0].part.model is Agency:
        found = agency_name(row, memory)
    if found is None and isinstance(row, Centre) and group.texts[0].part.model is Centre:
        found = centre_name(row, memory)
    return found.text if found else ""


def _approved(digests: Sequence[str], language: str) -> dict[str, str]:
    """Return reviewed translations by the digest of their Vietnamese, the newest of each."""
    marks = TranslationMark.objects.filter(language=language, is_reviewed=True, source_digest__in=digests)
    known = ("source_digest", "text_digest", "model", "row", "column")
    wanted: dict[str, tuple[str, str, int, str]] = {}
    for source, *where in marks.order_by("-pk").values_list(*known)[:MOST_MARKS]:
        wanted.setdefault(source, tuple(where))
    rows: dict[tuple[str, str], set[int]] = defaultdict(set)
    for _digest, model, row, column in wanted.values():
        rows[model, column].add(row)
    texts: dict[tuple[str, int, str], str] = {}
    for (model, column), pks in rows.items():
        found = apps.get_model("catalogue", model)._default_manager.filter(pk__in=pks).order_by()
        for pk, text in found.values_list("pk", f"{column}_{suffix_of(language)}"):
            texts[model, pk, column] = text or ""
    return {
        source: texts[model, row, column]
        for source, (text_digest, model, row, column) in wanted.items()
        if digest(texts.get((model, row, column), "")) == text_digest
    }
