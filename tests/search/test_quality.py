"""The whole catalogue, loaded as the demo loads it: search stays as good as it was, on both engines alike."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import uuid
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
def province(schema_file: Path) -> dict[str, str]:
    """The environment of a site with the whole catalogue, made once for each state of data and code."""
    place = VAR_DIR / f"province-{digest()}"
    environment = {"VAR_DIR": str(place), "DATABASE_URL": f"sqlite:///{place / 'db.sqlite3'}"}
    with (VAR_DIR / "province.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "ready").exists():
            for older in VAR_DIR.glob("province-*"):
                shutil.rmtree(older, ignore_errors=True)
            place.mkdir()
            shutil.copy(schema_file, place / "db.sqlite3")
            for command in LOADING:
                schema.manage(*command, **environment)
            (place / "ready").touch()
    return environment


def digest() -> str:
    """Return what changes with the code and the data that the site is made of."""
    made = hashlib.sha256()
    for path in sorted(path for room in ("catalogue", "search") for path in (schema.ROOT / room).rglob("*")):
        if path.suffix in {".py", ".json", ".jsonl", ".gz", ".csv"} and path.name not in {
            "ranking.json",
            "quality.json",
        }:
            made.update(str(path.relative_to(schema.ROOT)).encode() + path.read_bytes())
    return made.hexdigest()[:16]


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
    script = ORDERS.format(judged=str(DATA / "judged"), most=175)
    told = schema.manage("shell", "-c", script, **province, SEARCH_URL=f"{servers.SEARCH_URL}/test-{uuid.uuid4().hex}")
    count, differing, _which = told.strip().splitlines()[-1].split(" ", 2)
    assert int(count) > 400
    assert int(differing) == 0, told
