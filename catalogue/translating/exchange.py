"""Texts to translators and back: what comes back becomes drafts, line by line, or is refused with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from catalogue import figures
from catalogue.editing.reach import editing_reach
from catalogue.models import TranslationDraft
from catalogue.translating.drafts import tidy, write
from catalogue.translating.groups import Group, group
from catalogue.translating.kinds import KINDS, Kind
from catalogue.translating.texts import TO_DO, Key, Text, read
from catalogue.translating.xliff import LONGEST_TARGET, RowTexts, Unit

ROWS_AT_ONCE = 200


@dataclass(frozen=True)
class Refusal:
    """A unit that wrote nothing."""

    original: str
    source: str
    why: str


@dataclass
class Imported:
    """What became of a file."""

    saved: int = 0
    unchanged: int = 0
    empty: int = 0
    refused: list[Refusal] = field(default_factory=list)
    replaced: list[Refusal] = field(default_factory=list)
    """Saved over somebody else's draft, whose words stay in the history."""


def row_texts(
    kind: Kind, labels: Sequence[tuple[int, str]], language: str, *, left_only: bool = False
) -> Iterator[RowTexts]:
    """Yield what rows (id and name) give to a file, in their order; `left_only`: what still needs a translator."""
    for portion in _chunks(labels):
        names = dict(portion)
        for pk, groups in groups_by_row(kind, names, language).items():
            kept = [one for one in groups if not left_only or _is_left(one)]
            if kept:
                yield RowTexts(f"{kind.name}/{pk}", names[pk], kept)


def _is_left(one: Group) -> bool:
    if one.draft is None:
        return one.state in TO_DO
    return one.is_of_older_vietnamese or one.draft.status == TranslationDraft.Status.RETURNED


def groups_by_row(kind: Kind, pks: Iterable[int], language: str) -> dict[int, list[Group]]:
    """Return the texts of several rows, each Vietnamese text once a row (two queries a part and one)."""
    texts: dict[int, list[Text]] = {pk: [] for pk in pks}
    rows = kind.model._default_manager.filter(pk__in=list(texts)).order_by()
    for part in kind.parts:
        for text in read(part, rows, language):
            texts[text.root].append(text)
    current = TranslationDraft.objects.current().filter(root_kind=kind.name, root__in=list(texts), language=language)
    drafts = {draft.key: draft for draft in current.select_related("writer")}
    return {pk: group(found, drafts) for pk, found in texts.items()}


def take_in(
    units: Iterable[Unit], language: str, *, by: Any, at: dt.datetime, day: dt.date, may_replace: bool = False
) -> Imported:
    """Make drafts of the units whose Vietnamese is unchanged; a second time nothing changes.

    Rows are written in portions, each whole. `may_replace` puts the file's words over drafts that came since the file
    was exported; without it they are refused with their writer's name.
    """
    imported = Imported()
    by_row: dict[tuple[str, int], list[Unit]] = {}
    for unit in units:
        name, _slash, pk = unit.original.partition("/")
        if name in KINDS and pk.isascii() and pk.isdigit() and len(pk) < 18:
            by_row.setdefault((name, int(pk)), []).append(unit)
        else:
            imported.refused.append(_refusal(unit, _("The file names no row of ours: export it anew.")))
    for name, kind in KINDS.items():
        found = [(pk, units) for (kind_name, pk), units in by_row.items() if kind_name == name]
        for portion in _chunks(found):
            _take_in_rows(kind, dict(portion), language, imported, by=by, at=at, day=day, may_replace=may_replace)
    return imported


@transaction.atomic
def _take_in_rows(
    kind: Kind,
    units: dict[int, list[Unit]],
    language: str,
    imported: Imported,
    *,
    by: Any,
    at: dt.datetime,
    day: dt.date,
    may_replace: bool,
) -> None:
    rows = kind.model._default_manager.filter(pk__in=list(units)).order_by("pk")
    mine = set(editing_reach(by, day).within(rows).values_list("pk", flat=True))
    list(rows.filter(pk__in=mine).select_for_update().values_list("pk"))
    texts: list[Text] = []
    drafts: dict[Key, TranslationDraft] = {}
    words: dict[Key, str] = {}
    for pk, groups in groups_by_row(kind, mine, language).items():
        known = {one.id: one for one in groups}
        keys = {".".join(map(str, text.key)) for one in groups for text in one.texts}
        taken: dict[str, str] = {}
        for unit in units[pk]:
            one = known.get(_part(unit.id, 3))
            target = tidy(unit.target)
            if not target:
                imported.empty += 1
            elif why := _why_not(unit, one, keys, target, taken, by=by, may_replace=may_replace):
                imported.refused.append(_refusal(unit, why))
            elif one is None or target == one.shown or taken.get(one.id) == target:
                imported.unchanged += 1
            else:
                taken[one.id] = target
                imported.saved += 1
                if one.draft is not None and one.draft.writer_id != by.pk:
                    imported.replaced.append(_refusal(unit, _written(one.draft)))
                texts += one.texts
                drafts |= one.drafts
                words |= dict.fromkeys((text.key for text in one.texts), target)
    write(texts, drafts, words, language, kind, by, at)
    for pk in units.keys() - mine:
        why = _("It isn't a row that you may edit.")
        imported.refused += [_refusal(unit, why) for unit in units[pk] if tidy(unit.target)]


def _why_not(
    unit: Unit,
    one: Group | None,
    keys: Collection[str],
    target: str,
    taken: dict[str, str],
    *,
    by: Any,
    may_replace: bool,
) -> str:
    """Return why a unit's words aren't taken, empty where they are."""
    if one is None:
        if unit.id.rsplit(".", 2)[0] in keys:
            return _("The Vietnamese has changed since the file was exported: export it anew.")
        return _("There is no text with this id: don't change ids, or export anew.")
    if target == one.shown:
        return ""
    if taken.get(one.id, target) != target:
        return _("The file has other words for the same Vietnamese of this row before: they count.")
    if len(target) > (one.longest or LONGEST_TARGET):
        return _("It is longer than %(count)d characters.") % {"count": one.longest or LONGEST_TARGET}
    if difference := figures.compare(one.source, target):
        return _("The figures differ: %(difference)s.") % {"difference": figures.in_words(difference)}
    if one.draft is not None and _part(unit.id, 4) != one.seen and not may_replace:
        text = _("%(who)s Their words stay; tick «put over newer drafts» to write over them.")
        return text % {"who": _written(one.draft)}
    return ""


def _written(draft: TranslationDraft) -> str:
    name = draft.writer.get_full_name() or draft.writer.get_username()
    text = _("%(name)s wrote other words at %(time)s.")
    return text % {"name": name, "time": localtime(draft.written_at).strftime("%H:%M %d/%m/%Y")}


def _refusal(unit: Unit, why: str) -> Refusal:
    source = Truncator(" ".join(unit.source.split())).chars(120) or unit.id[:60]
    return Refusal(unit.original[:60], source, why)


def _part(unit_id: str, index: int) -> str:
    parts = unit_id.split(".")
    return parts[index] if len(parts) == 5 else ""


def _chunks(items: Sequence[tuple[int, Any]]) -> Iterator[Sequence[tuple[int, Any]]]:
    for start in range(0, len(items), ROWS_AT_ONCE):
        yield items[start : start + ROWS_AT_ONCE]
