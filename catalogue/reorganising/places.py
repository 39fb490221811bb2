"""Places that end and begin: from lines of a file of changes, and from the statistics office's conversion table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from catalogue.loading.place_files import Key, ParsedPlaces, kind_of
from catalogue.loading.report import Refusal
from catalogue.models import AdministrativeUnit
from catalogue.reorganising.draft import Draft, refusing
from catalogue.reorganising.lines import Line, LineError
from catalogue.reorganising.words import PLACES
from catalogue.text import fold

Unit = AdministrativeUnit


def take_lines(lines: Sequence[Line], draft: Draft) -> None:
    """Add the lines of places, what lies above first; a line that doesn't fit is refused."""
    for level in PLACES:
        _take_level([line for line in lines if line.what == level], draft)


def _take_level(lines: Sequence[Line], draft: Draft) -> None:
    """End what ends before anything is made: a new place may bear an old one's code."""
    endings: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        with refusing(line, draft):
            if line.old:
                old = _old(line, draft)
                draft.end_unit(old)
                endings[old.pk].append(line)
    refused = {refusal.row for refusal in draft.refused}
    for line in lines:
        with refusing(line, draft):
            if line.number not in refused and line.name:
                _make(line, draft)
    for pk, own in endings.items():
        with refusing(own[0], draft):
            news = [_new(line, code, draft) for line in own for code in _codes(line)]
            for new in news:
                draft.link(draft.ended_units[pk], new, is_split=len(news) > 1)


def _codes(line: Line) -> tuple[str, ...]:
    """Return the codes of what a unit becomes: its own, where only the name changes."""
    return line.new or ((line.old,) if line.name else ())


def _old(line: Line, draft: Draft) -> Unit:
    unit = draft.standing.units.get((line.what, line.old))
    if unit is None:
        raise LineError(f"no {line.what} has the code {line.old} on the day before: mend the code")
    return unit


def _make(line: Line, draft: Draft) -> None:
    """Make the unit that a line names, unless it is known."""
    codes = _codes(line)
    if len(codes) != 1:
        raise LineError("a new place needs its statistics code: write it in «new»")
    key = (line.what, codes[0])
    known = draft.units.get(key) or draft.standing.coming_units.get(key)
    if known is not None:
        if fold(known.name) != fold(line.name):
            raise LineError(f"the code {codes[0]} is that of {known.name} on the day: make the names equal")
        return
    standing = draft.standing.units.get(key)
    if standing is not None and standing.pk not in draft.ended_units:
        raise LineError(f"the code {codes[0]} is that of {standing.name}, which doesn't end: add the line that ends it")
    old = draft.standing.units.get((line.what, line.old))
    parent = _parent(line, old, draft)
    add_unit(draft, key, line.name, line.kind or kind_of(line.name), parent=parent, old=old)


def add_unit(
    draft: Draft, key: tuple[str, str], name: str, kind: str, *, parent: Unit | None, old: Unit | None
) -> Unit:
    """Add a new unit to the draft; names in other languages are kept where the Vietnamese one stays."""
    level, code = key
    top = parent
    while top is not None and top.level != Unit.Level.PROVINCE:
        top = top.parent
    unit = Unit(
        level=level,
        code=code,
        name=name,
        kind=kind[:30],
        folded_name=fold(name),
        parent=parent,
        province=top,
        valid_from=draft.day,
    )
    same = draft.standing.units.get(key) or old
    if same is not None and same.name == name:
        for column in (each.name for each in Unit._meta.fields if each.name.startswith("local_name")):
            setattr(unit, column, getattr(same, column))
    draft.units[key] = unit
    return unit


def _parent(line: Line, old: Unit | None, draft: Draft) -> Unit | None:
    """Return what a new place lies in: what the line says, else what the old one's is by then."""
    if line.what == Unit.Level.PROVINCE:
        return None
    if line.parent:
        levels = (Unit.Level.PROVINCE, Unit.Level.DISTRICT)
        found = next((unit for level in levels if (unit := draft.unit_on(level, line.parent))), None)
        if found is None:
            raise LineError(f"no province or district has the code {line.parent} on the day: mend «parent»")
        return found
    for above in (old.parent, old.province) if old else ():
        present = draft.present(above) if above else []
        if len(present) == 1 and present[0].level != line.what:
            return present[0]
    raise LineError("say in which province or district the new place lies, by its code in «parent»")


def _new(line: Line, code: str, draft: Draft) -> Unit:
    unit = draft.unit_on(line.what, code)
    if unit is None:
        raise LineError(f"no {line.what} has the code {code} on the day: name the new one in «name», or mend the code")
    return unit


def take_table(places: ParsedPlaces, draft: Draft, *, province: str = "", lines: Sequence[Line] = ()) -> None:
    """Add what the statistics office's table says: of the whole country, or of one present province.

    What becomes of an old place that a line names, the line says.
    """
    said = {(line.what, line.old) for line in lines if line.old}
    draft.refused += places.refused
    parsed = of_province(places, province) if province else places
    units: dict[Key, Unit] = {}
    for key, row in parsed.units.items():
        level, code, is_new = key
        found = draft.unit_on(level, code) if is_new and (level, code) in draft.standing.coming_units else None
        if not is_new:
            found = draft.standing.units.get((level, code))
            if found is None:
                draft.refused.append(Refusal(0, f"no {level} {code} ({row.name}) stands on the day before", code))
                continue
            draft.end_unit(found)
        units[key] = found or add_unit(
            draft, (level, code), row.name, row.kind, parent=units.get(row.parent) if row.parent else None, old=None
        )
    for change in parsed.changes.values():
        old, new = units.get(change.old), units.get(change.new) if change.new else None
        if old is not None and change.old[:2] not in said:
            draft.link(old, new, is_split=change.is_split, is_complete=change.is_complete)


def of_province(places: ParsedPlaces, code: str) -> ParsedPlaces:
    """Return the part of the table that became one province."""
    home = ("province", code, True)
    merged = {change.old for change in places.changes.values() if change.new == home}

    def is_within(key: Key) -> bool:
        unit = places.units[key]
        return key == home or key in merged or unit.province == home or unit.province in merged

    return ParsedPlaces(
        units={key: unit for key, unit in places.units.items() if is_within(key)},
        changes={pair: change for pair, change in places.changes.items() if is_within(change.old)},
    )
