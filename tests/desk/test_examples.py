"""Every worked example of docs/deadlines.md holds."""

from __future__ import annotations

import re

import pytest

from desk.deadlines import reckon
from desk.explaining import explain
from tests.desk.examples import DOCUMENT, Example, examples

EXAMPLES = list(examples())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_documents_example_holds(example: Example):
    deadline = reckon(
        example.received_at,
        example.limit,
        example.calendar,
        interruptions=example.stops,
        extensions=example.extensions,
    )
    assert (deadline.current and deadline.current.at) == example.due_at
    assert example.source
    assert explain(deadline.current or deadline.original)


def test_the_table_is_whole():
    numbers = [
        int(number) for number in re.findall(r"^\| (\d+) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert numbers == list(range(1, len(EXAMPLES) + 1))
    assert len(EXAMPLES) >= 25
