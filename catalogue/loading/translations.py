"""Bring translations from the data files into the columns, in bulk, never over somebody's own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from modeltranslation.translator import translator

from catalogue.loading.local_names import agency_name, centre_name, unit_name
from catalogue.loading.output import LoadError
from catalogue.loading.report import Change, Conflict, Report
from catalogue.loading.revision_texts import refresh_rows_above
from catalogue.models import AdministrativeUnit, Agency, Centre, TranslationMark
from catalogue.signals import catalogue_changed
from catalogue.translation_memory import Translated, TranslationMemory, read_memory
from catalogue.versioning import digest

_SHOWN = 20


@dataclass(frozen=True)
class Wanted:
    """A translation for one column of one row."""

    row: int
    column: str
    source: str
    present: str
    text: Translated


@dataclass
class Writing:
    """What is to be written, gathered over all models and languages."""

    report: Report
    marks: dict[tuple[str, int, str, str], TranslationMark]
    texts: dict[tuple[str, int], dict[str, tuple[str, str]]] = field(default_factory=lambda: defaultdict(dict))
    new_marks: list[TranslationMark] = field(default_factory=list)
    changed_marks: list[TranslationMark] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def load_translations(folder: Path, *, dry_run: bool = False) -> Report:
    """Check every line of every language, then write all columns that the lines cover, in one transaction."""
    memories = read_memories(folder)
    report = Report()
    with transaction.atomic():
        marks = {(mark.model, mark.row, mark.column, mark.language): mark for mark in TranslationMark.objects.all()}
        writing = Writing(report, marks)
        for model in translated_models():
            for memory in memories:
                _judge_model(model, memory, writing)
            _write_columns(model, writing)
        _write_marks(writing)
        refresh_rows_above(writing.texts)
        report.notes += [f"{language}: {count} texts" for language, count in sorted(writing.counts.items())]
        if dry_run:
            transaction.set_rollback(True)
        elif report.has_changes:
            transaction.on_commit(lambda: catalogue_changed.send(sender=TranslationMark))
    return report


def read_memories(folder: Path) -> list[TranslationMemory]:
    """Return the lines of each language of the settings; raises LoadError if one line is wrong."""
    if not folder.is_dir():
        raise LoadError(f"{folder} isn't a folder: give the one that holds a folder a language.")
    codes = [code for code, _name in settings.LANGUAGES if code != settings.MODELTRANSLATION_DEFAULT_LANGUAGE]
    memories = [read_memory(folder / code, code) for code in codes if (folder / code).is_dir()]
    problems = [problem for memory in memories for problem in memory.problems]
    if problems:
        more = f"\n… and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        shown = "\n".join(problems[:_SHOWN])
        raise LoadError(f"Mend these lines and load again:\n{shown}{more}\n")
    return memories


def translated_models() -> list[type[models.Model]]:
    """Return the catalogue's models that have columns a language."""
    registered = set(translator.get_registered_models(abstract=False))
    return [model for model in apps.get_app_config("catalogue").get_models() if model in registered]


def text_digest(text: str) -> str:
    """Return the digest by which a mark knows a text."""
    return digest(text)


def _judge_model(model: type[models.Model], memory: TranslationMemory, writing: Writing) -> None:
    name = model._meta.model_name or ""
    suffix = memory.language.replace("-", "_")
    for wanted in _wanted(model, memory, suffix):
        _judge(name, wanted, memory.language, suffix, writing)


def _wanted(model: type[models.Model], memory: TranslationMemory, suffix: str) -> Iterable[Wanted]:
    composed: dict[type[models.Model], Callable[[TranslationMemory, str], Iterable[Wanted]]] = {
        AdministrativeUnit: _units,
        Agency: partial(_composed, Agency.objects.select_related("place", "role"), agency_name),
        Centre: partial(_composed, Centre.objects.select_related("place"), centre_name),
    }
    if model in composed:
        yield from composed[model](memory, suffix)
        return
    for column in translator.get_options_for_model(model).all_fields:
        values = model._default_manager.exclude(**{f"{column}_vi": None}).exclude(**{f"{column}_vi": ""})
        for pk, source, present in values.order_by("pk").values_list("pk", f"{column}_vi", f"{column}_{suffix}"):
            text = memory.translate(source)
            if text is not None:
                yield Wanted(pk, column, source, present or "", text)


def _units(memory: TranslationMemory, suffix: str) -> Iterable[Wanted]:
    for unit in AdministrativeUnit.objects.exclude(valid_to__lte=timezone.localdate()):
        text = unit_name(unit, memory)
        if text is not None:
            yield Wanted(unit.pk, "local_name", unit.name, getattr(unit, f"local_name_{suffix}") or "", text)


def _composed(
    rows: models.QuerySet[Any],
    name_of: Callable[[Any, TranslationMemory], Translated | None],
    memory: TranslationMemory,
    suffix: str,
) -> Iterable[Wanted]:
    for row in rows:
        text = memory.translate(row.name_vi or "") or name_of(row, memory)
        if text is not None:
            yield Wanted(row.pk, "name", row.name_vi, getattr(row, f"name_{suffix}") or "", text)


def _judge(model: str, wanted: Wanted, language: str, suffix: str, writing: Writing) -> None:
    """Decide about one column: write it, leave it, or report that somebody else wrote it."""
    key = (model, wanted.row, wanted.column, language)
    mark = writing.marks.get(key)
    text, source = wanted.text.text, text_digest(wanted.source)
    is_same = wanted.present == text and mark is not None and mark.source_digest == source
    if is_same and mark and (mark.is_approved or mark.is_reviewed == wanted.text.is_reviewed):
        writing.report.unchanged += 1
        return
    if not _is_ours(wanted, mark, source):
        where = f"{model} {wanted.row} {wanted.column} {language}"
        writing.report.conflicts.append(Conflict(where, "somebody else wrote or emptied this text", (wanted.column,)))
        return
    if mark is None:
        writing.new_marks.append(_fill(TranslationMark(model=model, row=wanted.row), wanted, language))
        writing.report.created += 1
    else:
        writing.changed_marks.append(_fill(mark, wanted, language))
        diff = (f"{wanted.present[:80]} → {text[:80]}",)
        writing.report.changed.append(Change(f"{model} {wanted.row} {language}", (wanted.column,), diff))
    writing.counts[language] += 1
    writing.texts[model, wanted.row][f"{wanted.column}_{suffix}"] = (wanted.source, text)


def _is_ours(wanted: Wanted, mark: TranslationMark | None, source: str) -> bool:
    """Tell whether the column may be written: it is empty, or holds what was loaded last; never over approved words."""
    if mark is not None and mark.is_approved and wanted.present:
        return False
    if wanted.present == wanted.text.text:
        return True
    if mark is None:
        return not wanted.present
    if not wanted.present:
        return mark.source_digest != source
    return mark.text_digest == text_digest(wanted.present)


def _fill(mark: TranslationMark, wanted: Wanted, language: str) -> TranslationMark:
    mark.column, mark.language = wanted.column, language
    mark.source_digest, mark.text_digest = text_digest(wanted.source), text_digest(wanted.text.text)
    mark.is_reviewed, mark.is_approved = wanted.text.is_reviewed, False
    return mark


def _write_columns(model: type[models.Model], writing: Writing) -> None:
    name = model._meta.model_name or ""
    rows: list[int] = []
    columns: set[str] = set()
    for (kind, pk), texts in writing.texts.items():
        if kind == name:
            rows.append(pk)
            columns.update(texts)
    for start in range(0, len(rows), 500):
        found = model._default_manager.filter(pk__in=rows[start : start + 500])
        changed = []
        for row in found:
            for column, (_source, text) in writing.texts[name, row.pk].items():
                setattr(row, column, text)
            changed.append(row)
        model._default_manager.bulk_update(changed, sorted(columns), batch_size=50)


def _write_marks(writing: Writing) -> None:
    TranslationMark.objects.bulk_create(writing.new_marks, batch_size=1000)
    columns = ["source_digest", "text_digest", "is_reviewed", "is_approved"]
    TranslationMark.objects.bulk_update(writing.changed_marks, columns, batch_size=200)
