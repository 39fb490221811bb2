"""`docs/asvs.md` judges each requirement once, names only tests that exist, and counts its own rows."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/asvs.md").read_text()
LEVELS = {
    row["requirement"]: row["level"] for row in csv.DictReader(Path(__file__).with_name("asvs_levels.csv").open())
}
"""The ids of ASVS 5.0.0, levels 1 and 2, from the table that OWASP publishes with the text."""
VERDICTS = ("met", "n/a", "open")
ROW = re.compile(r"^\| (V\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PLACE = re.compile(r"`(docs/[\w./-]+)` «([^»]+)»")
WRITTEN_DOWN = re.compile(r"V(2|5|6|7|8|11|13|14|15|16)\.1\.\d+")
"""Requirements that ask for something written down, which a place in a document shows."""


class Row(NamedTuple):
    id: str
    level: str
    what: str
    verdict: str
    told: str


ROWS = [Row(*(part.strip() for part in found)) for found in ROW.findall(DOCUMENT)]


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the names of the tests that a file holds, read without running it."""
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@cache
def headings_of(path: str) -> frozenset[str]:
    """Return the headings of a document."""
    return frozenset(re.findall(r"^#+ (.+)$", (ROOT / path).read_text(), re.MULTILINE))


def fault_of(row: Row) -> str:
    """Return what is wrong with a row, nothing where it stands."""
    if row.level != LEVELS.get(row.id):
        return "not of this level"
    if row.verdict not in VERDICTS:
        return "no verdict"
    if not row.what or len(row.told) < 5:
        return "says nothing"
    for path, name in TEST.findall(row.told):
        if not (ROOT / path).is_file() or name not in names_in(path) or not name.startswith("test_"):
            return f"no test {path}::{name}"
    for path, heading in PLACE.findall(row.told):
        if not (ROOT / path).is_file() or heading not in headings_of(path):
            return f"no place {path} «{heading}»"
    if row.verdict != "met":
        return ""
    by_document = WRITTEN_DOWN.fullmatch(row.id) and PLACE.search(row.told)
    return "" if TEST.search(row.told) or by_document else "met by nothing"


def test_each_requirement_of_both_levels_stands_there_once():
    assert len(LEVELS) == 253 and Counter(LEVELS.values()) == {"1": 70, "2": 183}
    assert Counter(row.id for row in ROWS) == Counter(list(LEVELS))
    assert len(ROWS) == len(re.findall(r"^\| V\d", DOCUMENT, re.MULTILINE)), "a row that isn't one"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_has_its_verdict_and_what_shows_it(row):
    assert not fault_of(row)


def test_the_figures_at_the_top_are_those_of_the_rows():
    told = dict(re.findall(r"^\| (1|2|both) \| (.+) \|$", DOCUMENT, re.MULTILINE))
    for level in ("1", "2", "both"):
        of_level = [row for row in ROWS if level in (row.level, "both")]
        counted = [sum(row.verdict == verdict for row in of_level) for verdict in VERDICTS]
        assert [int(each) for each in told[level].split(" | ")] == [*counted, len(of_level)], (level, counted)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"level": "2"}, "level"),
        ({"verdict": "yes"}, "verdict"),
        ({"told": "-"}, "nothing"),
        ({"told": "we looked"}, "met by nothing"),
        ({"told": "`tests/portal/test_asvs.py::test_that_is_none`"}, "no test"),
        ({"told": "`tests/portal/test_none.py::test_x`"}, "no test"),
        ({"told": "`tests/portal/test_asvs.py::fault_of`"}, "no test"),
        ({"told": "`docs/operations.md` «Nowhere»"}, "no place"),
        ({"told": "`docs/operations.md` «Settings»"}, "met by nothing"),
        ({"id": "V99.1.1"}, "level"),
    ],
)
def test_a_false_row_is_found(changed, fault):
    good = Row("V1.2.4", "1", "x", "met", "`tests/portal/test_asvs.py::test_a_false_row_is_found`")
    assert not fault_of(good)
    assert fault in fault_of(good._replace(**changed))
