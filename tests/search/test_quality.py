"""The whole catalogue, loaded as the demo loads it: search stays as good as it was, on both engines alike."""

from __future__ import annotations

import json
import uuid

import pytest

from tests import schema, servers

DATA = schema.ROOT / "search" / "data"
JUDGED = sorted(path.stem for path in (DATA / "judged").glob("*.jsonl"))
ALLOWED = 0.01
"""How much nDCG@10 may fall."""
pytestmark = pytest.mark.own_database


MEASURE = """
import json
from django.core.management import call_command
for name in {names!r}:
    call_command("evaluate_search", "--queries", f"{judged}/{{name}}.jsonl", "--json")
"""


@pytest.fixture(scope="session")
def figures(province: dict[str, str]) -> dict[str, dict[str, float]]:
    """The figures of each file of judged queries, measured in one process."""
    script = MEASURE.format(names=JUDGED, judged=DATA / "judged")
    told = schema.manage("shell", "-c", script, **province)
    lines = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    return dict(zip(JUDGED, lines, strict=True))


@pytest.mark.parametrize("name", JUDGED)
def test_search_is_as_good_as_it_was(name, figures):
    expected = json.loads((DATA / "quality.json").read_text())[name]
    assert figures[name]["queries"] == expected["queries"]
    assert figures[name]["ndcg@10"] >= expected["ndcg@10"] - ALLOWED


def test_every_file_of_judged_queries_has_its_figures_and_no_other():
    assert sorted(json.loads((DATA / "quality.json").read_text())) == JUDGED


def test_slips_are_forgiven(province):
    told = json.loads(schema.manage("evaluate_search", "--slips", "30", "--json", **province).strip().splitlines()[-1])
    assert len(told) == 13
    assert sum(row["success@3"] for row in told.values()) / 13 >= 0.95
    assert told["twins"]["success@1"] >= 0.99
    assert told["no marks"]["success@3"] >= 0.97


ORDERS = """
from pathlib import Path
from search import evaluation, life
from search.engines import cluster
made = cluster()
made.rebuild(reversed(list(life.documents.all_documents())))  # No order of an engine's own may help.
try:
    finders = [evaluation.finder(name) for name in ("tantivy", "elasticsearch")]
    made.search_timeout = 60
    other = []
    count = 0
    for path in sorted(Path({judged!r}).glob("*.jsonl")):
        for judged in evaluation.read_queries(path)[:{most}]:
            count += 1
            one, two = (find(judged.text, judged.language) for find in finders)
            if one != two:
                other.append((judged.text, one, two))
    print(count, len(other), other[:3])
finally:
    for name in made.client.indices.get(index=made.alias + "*"):
        made.client.indices.delete(index=name)
"""


@pytest.mark.elasticsearch
def test_both_engines_give_one_order(province):
    script = ORDERS.format(judged=str(DATA / "judged"), most=60)
    told = schema.manage("shell", "-c", script, **province, SEARCH_URL=f"{servers.SEARCH_URL}/test-{uuid.uuid4().hex}")
    count, differing, _which = told.strip().splitlines()[-1].split(" ", 2)
    assert int(count) > 150
    assert int(differing) == 0, told
