"""The whole catalogue, loaded as the demo loads it: search stays as good as it was, on both engines alike."""

from __future__ import annotations

import fcntl
import json
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from tests import schema, servers

DATA = schema.ROOT / "search" / "data"
JUDGED = sorted(path.stem for path in (DATA / "judged").glob("*.jsonl"))
VAR_DIR = Path(settings.VAR_DIR)
LOADING = (
    ("load_places",),
    ("load_procedures", "--province", "48"),
    ("load_centres",),
    ("load_translations",),
    ("load_search_words",),
    ("rebuild_search",),
)
ALLOWED = 0.01
"""How much nDCG@10 may fall."""
pytestmark = pytest.mark.own_database


@pytest.fixture(scope="session")
def province(schema_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a site with the whole catalogue, made once for all workers of a run."""
    run = tmp_path_factory.getbasetemp().parent
    place = run / "province"
    environment = {"VAR_DIR": str(place), "DATABASE_URL": f"sqlite:///{place / 'db.sqlite3'}"}
    with (run / "province.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "ready").exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            shutil.copy(schema_file, place / "db.sqlite3")
            for command in LOADING:
                schema.manage(*command, **environment)
            (place / "ready").touch()
    return environment


def measured(name: str, province: dict[str, str]) -> dict[str, float]:
    told = schema.manage("evaluate_search", "--queries", str(DATA / "judged" / f"{name}.jsonl"), "--json", **province)
    return json.loads(told.strip().splitlines()[-1])


@pytest.mark.parametrize("name", JUDGED)
def test_search_is_as_good_as_it_was(name, province):
    expected = json.loads((DATA / "quality.json").read_text())[name]
    figures = measured(name, province)
    assert figures["queries"] == expected["queries"]
    assert figures["ndcg@10"] >= expected["ndcg@10"] - ALLOWED


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
made.rebuild(life.documents.all_documents())
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
    script = ORDERS.format(judged=str(DATA / "judged"), most=175)
    told = schema.manage("shell", "-c", script, **province, SEARCH_URL=f"{servers.SEARCH_URL}/test-order")
    count, differing, _which = told.strip().splitlines()[-1].split(" ", 2)
    assert int(count) > 400
    assert int(differing) == 0, told
