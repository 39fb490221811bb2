"""A batch of dossiers: read as plain rows, folded, and compared with everything that is there. Needs no Django."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from desk.digests import columns_digest, person_digest, salted_digest
from desk.verifying.faults import Fault, said
from desk.verifying.folding import NUMBER, Row, Story, fold
from desk.verifying.heads import heads_between
from desk.verifying.invariants import broken
from desk.verifying.plan import Batch, Checked, Plan, Table

Run = Callable[[str, Sequence[Any]], list[Row]]
"""Runs a statement with its parameters and returns all rows: a batch is small."""
ONE_OF = {"postgresql": "= ANY(%s)", "sqlite": "IN (SELECT value FROM json_each(%s))"}
Anchored = list[tuple[str, dict[str, Any]]]


def check(run: Run, plan: Plan, batch: Batch) -> Checked:
    """Check a batch in one reading of each table."""
    read = partial(_rows, run, plan, batch)
    dossiers, events = read(plan.dossiers), _by_dossier(read(plan.events), 1)
    texts, parties = _by_dossier(read(plan.texts)), _by_dossier(read(plan.parties))
    numbers = defaultdict(list)
    for _owner, party, *number in read(plan.identifiers):
        numbers[party].append(number)
    children = {table.name: _by_dossier(read(table)) for table in plan.children}
    anchored = _anchored(plan, batch)
    found = Checked(len(dossiers), sum(map(len, events.values())))
    names = plan.dossiers.keys[4:]
    place_of_code = plan.dossiers.keys.index("code")
    for row in dossiers:
        pk, code = row[0], row[place_of_code]
        chained = events.pop(pk, [])
        story = fold(code, chained, plan)
        _compare_dossier(code, row, names, story)
        rows = {table.name: _named(table, children[table.name].get(pk, ())) for table in plan.children}
        _compare_rows(code, rows, story)
        _compare_parties(code, parties.get(pk, ()), numbers, story)
        _compare_texts(code, texts.get(pk, ()), story)
        for kind, name, expected, is_there in broken(dict(zip(names, row[4:], strict=True)), rows):
            story.faults.append(Fault(kind, code, None, name, said(expected), said(is_there)))
        if pk in anchored:
            _compare_heads(code, chained, anchored.pop(pk), story)
        found.faults += story.faults
    found.faults += _orphans(events, anchored)
    return found


def _rows(run: Run, plan: Plan, batch: Batch, table: Table) -> list[Row]:
    values: list[Any] = [batch.low, batch.high]
    only = ""
    if batch.only is not None:
        only = f" AND {table.within} {ONE_OF[plan.vendor]}"
        values.append(list(batch.only) if plan.vendor == "postgresql" else json.dumps(batch.only))
    return run(f"{table.sql} WHERE {table.within} BETWEEN %s AND %s{only} ORDER BY {table.order}", values)


def _by_dossier(rows: Iterable[Row], place: int = 0) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[place]].append(row)
    return found


def _named(table: Table, rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [dict(zip(table.keys, row[1:], strict=True)) for row in rows]


def _anchored(plan: Plan, batch: Batch) -> dict[int, Anchored]:
    found: dict[int, Anchored] = defaultdict(list)
    only = None if batch.only is None else set(batch.only)
    for heads in plan.heads:
        for line in heads_between(heads, batch.low, batch.high):
            if only is None or line["id"] in only:
                found[line["id"]].append((heads.day, line))
    return found


def _compare_dossier(code: str, row: Row, names: Sequence[str], story: Story) -> None:
    _pk, last_number, last_at, head, *values = row
    folded = story.state
    if values != [folded[name] for name in names]:
        for name, value in zip(names, values, strict=True):
            if value != folded[name]:
                story.faults.append(Fault("dossier.field", code, None, name, said(folded[name]), said(value)))
    if (last_number, last_at, head) != story.last:
        if story.last[0] == 0:
            story.faults.append(Fault("dossier.empty", code))
        pairs = zip(("last_number", "last_at", "head"), story.last, (last_number, last_at, head), strict=True)
        for name, folded_value, value in pairs:
            if folded_value != value:
                story.faults.append(
                    Fault("dossier.head", code, story.last[0], name, said(folded_value), said(value))
                )  # fmt: skip


def _compare_rows(code: str, rows: dict[str, list[dict[str, Any]]], story: Story) -> None:
    known = dict(story.rows)
    for table, each in rows.items():
        for row in each:
            name = f"{table}:{row['id']}"
            digest = known.pop(name, None)
            if digest is None:
                story.faults.append(Fault("row.unknown", code, None, name))
            elif digest != columns_digest(row):
                story.faults.append(Fault("row.changed", code, None, name))
    story.faults += [Fault("row.missing", code, None, name) for name in known]


def _compare_parties(code: str, rows: Iterable[Row], numbers: dict[int, list[Any]], story: Story) -> None:
    known = dict(story.parties)
    for _owner, pk, salt, erased_at, role, *values in rows:
        digest, number = known.pop(role, (None, None))
        name = f"party:{role}"
        if digest is None:
            story.faults.append(Fault("row.unknown", code, None, name))
        elif erased_at is not None:
            if salt or numbers[pk]:
                story.faults.append(Fault("text.erased", code, number, name))
        elif person_digest([role, *values], numbers[pk], salt) != digest:
            story.faults.append(Fault("row.changed", code, number, name))
    story.faults += [Fault("row.missing", code, number, f"party:{role}") for role, (_digest, number) in known.items()]


def _compare_texts(code: str, rows: Iterable[Row], story: Story) -> None:
    known = dict(story.texts)
    for _owner, event, name, text, salt, erased_at in rows:
        digest, number = known.pop((event, name), (None, None))
        if digest is None:
            story.faults.append(Fault("text.unknown", code, number, name))
        elif erased_at is not None:
            if salt or text:
                story.faults.append(Fault("text.erased", code, number, name))
        elif salted_digest(text, salt) != digest:
            story.faults.append(Fault("text.changed", code, number, name))
    for (_event, name), (_digest, number) in known.items():
        story.faults.append(Fault("text.missing", code, number, name))


def _compare_heads(code: str, events: Sequence[Row], lines: Anchored, story: Story) -> None:
    heads = {row[NUMBER]: row[-1] for row in events}
    for day, line in lines:
        if line["code"] != code:
            story.faults.append(Fault("heads.dossier", line["code"], line["number"], "head", found=day))
        elif heads.get(line["number"]) != line["head"]:
            story.faults.append(Fault("heads.head", code, line["number"], "head", found=day))


def _orphans(events: dict[int, list[Row]], anchored: dict[int, Anchored]) -> list[Fault]:
    faults = [Fault("event.orphan", f"#{pk}", None, found=str(len(rows))) for pk, rows in events.items() if rows]
    for lines in anchored.values():
        day, line = lines[-1]
        faults.append(Fault("heads.dossier", line["code"], line["number"], "head", found=day))
    return faults
