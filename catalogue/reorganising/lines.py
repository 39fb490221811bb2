"""The lines of a file of changes, each read and judged by itself alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalogue.loading.report import Refusal
from catalogue.loading.table import read_table
from catalogue.reorganising import words
from catalogue.reorganising.words import AGENCY, CENTRE, PERSON, PLACES
from catalogue.text import nfc

LONGEST = {"name": 300}
NAME_OF_PLACE = 120
"""Characters, as the columns of the database hold them."""


class LineError(Exception):
    """The line can't be carried out; the message says what to do."""


@dataclass(frozen=True)
class Line:
    """One thing that changes: the old one, what comes of it, and what is to be known of a new one."""

    number: int
    what: str
    change: str = ""
    old: str = ""
    new: tuple[str, ...] = ()
    name: str = ""
    parent: str = ""
    kind: str = ""
    role: str = ""
    place: str = ""
    field: str = ""
    area: str = ""


def read_lines(path: Path, refused: list[Refusal]) -> list[Line]:
    """Return the lines of a table; those that mean nothing are refused with their numbers.

    Raises UntrustedFileError for a file that is no such table.
    """
    rows = read_table(path)
    columns = words.columns_of(next(rows, (1, []))[1])
    return list(_read(rows, columns, refused))


def _read(
    rows: Iterator[tuple[int, list[object]]], columns: Mapping[str, int], refused: list[Refusal]
) -> Iterator[Line]:
    for number, cells in rows:
        try:
            yield read_line(number, cells, columns)
        except LineError as error:
            refused.append(Refusal(number, str(error)))


def read_line(number: int, cells: Sequence[object], columns: Mapping[str, int]) -> Line:
    """Return what a line says; raises LineError."""
    said = {name: _text(name, cells[at] if at < len(cells) else "") for name, at in columns.items()}
    what = words.what_of(said["what"])
    if what is None:
        known = ", ".join(each[0] for each in words.WHAT.values())
        raise LineError(f"«{said['what']}» isn't a kind of thing: write one of {known}")
    change = words.change_of(said.get("change", ""))
    if said.get("change") and change is None:
        known = ", ".join(each[0] for each in words.CHANGES.values())
        raise LineError(f"the change «{said['change']}» isn't known: write one of {known}, or nothing")
    new = tuple(dict.fromkeys(filter(None, (nfc(part) for part in re.split(r"[|;]", said["new"])))))
    line = Line(
        number=number,
        what=what,
        change=change or "",
        new=new,
        **{name: text for name, text in said.items() if name not in ("what", "change", "new")},
    )
    _judge(line)
    return line


def _text(name: str, value: object) -> str:
    text = nfc(str(value if value is not None else ""))
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn") for sign in text):
        raise LineError(f"the column «{name}» holds a sign that can't be read: write it anew")
    return text


def _judge(line: Line) -> None:
    """Raise LineError where what the line says doesn't go together."""
    most = NAME_OF_PLACE if line.what in PLACES else LONGEST["name"]
    if len(line.name) > most:
        raise LineError(f"the name is longer than {most} characters: shorten it")
    if (line.change in words.OF_CENTRES) != (line.what == CENTRE) and line.change:
        raise LineError(f"«{line.change}» can't be said of a {line.what}: mend the change, or leave it empty")
    if line.what == CENTRE and not line.change:
        raise LineError("say what becomes of the centre: it goes on, becomes a service point, or closes")
    if line.what in (CENTRE, PERSON) and not line.old:
        raise LineError(f"say which {line.what} it is about, in «old»")
    if line.what == PERSON and len(line.new) != 1:
        raise LineError("say at which one agency the person goes on, in «new»")
    if line.what in (*PLACES, AGENCY):
        _judge_change(line)
    if line.what != AGENCY and (line.field or line.area or line.role):
        raise LineError("field, area and role are said of agencies only: leave them empty")


def _judge_change(line: Line) -> None:
    says = line.change
    makes = bool(line.new or line.name)
    if not line.old and not makes:
        raise LineError("neither «old» nor «new» is written: say what changes")
    if says == words.FOUNDED and line.old:
        raise LineError("what is founded has no old one: leave «old» empty, or mend the change")
    if says not in ("", words.FOUNDED) and not line.old:
        raise LineError("say what it was before, in «old»")
    if says == words.ABOLISHED and makes:
        raise LineError("what is abolished has no new one: leave «new» empty, or say that it is merged")
    if says in (words.MERGED, words.SPLIT, words.RENAMED) and not makes:
        raise LineError("say what it becomes, in «new»")
    if not says and not makes:
        raise LineError("say what it becomes, in «new»; where nothing does, write «abolished»")
    if says == words.RENAMED and (len(line.new) > 1 or not line.name):
        raise LineError("a new name is one name: write it in «name»")
    if line.name and len(line.new) > 1:
        raise LineError("a name is of one new thing: write a line for each")
