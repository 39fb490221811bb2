"""Both engines: the same verbs, the same order, whole at every moment."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import uuid
from pathlib import Path

import pytest

from search.documents import BODY, EVERYDAY, NAME, PROCEDURE, Document, Text
from search.engines.tantivy import TantivyEngine
from tests import servers

FIELDS = ["procedure_short"]
ROOT = Path(__file__).resolve().parents[2]


def document(code: str, *names: str, stamp: str = "1") -> Document:
    texts = (Text(NAME, "vi", code), *(Text(EVERYDAY, "vi", name) for name in names), Text(BODY, "vi", " ".join(names)))
    return Document(f"{PROCEDURE}:{code}", PROCEDURE, stamp, texts, {"vi": names[0] if names else ""})


@pytest.fixture(params=["tantivy", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def engine(request, tmp_path):
    """An engine with an index of its own."""
    if request.param == "tantivy":
        yield TantivyEngine(tmp_path / "index")
        return
    from search.engines.elastic import ElasticEngine

    cluster = ElasticEngine(f"{servers.SEARCH_URL}/test-{uuid.uuid4().hex}")
    yield cluster
    clear(cluster)


def clear(cluster) -> None:
    """Remove what a test made in the cluster."""
    for name in cluster.client.indices.get(index=f"{cluster.alias}*"):
        cluster.client.indices.delete(index=name)
    cluster.client.close()


PATIENCE = 60
"""Seconds: what is right is asked here, not how soon a busy machine answers."""


def found(engine, *terms: str, limit: int = 10) -> list[str]:
    engine.search_timeout = PATIENCE
    return [entry.owner for _sum, entry in engine.search([(t, 1.0) for t in terms], fields=FIELDS, limit=limit)]


def test_what_gains_most_stands_first(engine):
    engine.rebuild([document("1", "giấy khai sinh"), document("2", "giấy kết hôn"), document("3", "thẻ")])
    scored = engine.search([("giay", 1.0), ("khai", 2.5), ("giay_khai", 1.0)], fields=FIELDS, limit=10)
    assert [(round(total, 3), entry.owner) for total, entry in scored] == [(4.5, "procedure:1"), (1.0, "procedure:2")]


def test_a_field_that_was_not_asked_finds_nothing(engine):
    engine.rebuild([document("1", "giấy khai sinh")])
    assert engine.search([("giay", 1.0)], fields=["centre_short"], limit=10) == []
    assert engine.search([], fields=FIELDS, limit=10) == []


def test_put_adds_and_changes(engine):
    engine.rebuild([document("1", "giấy khai sinh", "giấy nháp")])
    engine.put([document("1", "thẻ mới", stamp="2"), document("2", "thẻ cũ")])
    assert found(engine, "giay") == []
    assert sorted(found(engine, "the")) == ["procedure:1", "procedure:2"]
    assert engine.stamps() == {"procedure:1": "2", "procedure:2": "1"}


def test_remove_takes_a_document_out(engine):
    engine.rebuild([document("1", "giấy"), document("2", "giấy")])
    engine.remove(["procedure:1", "procedure:404"])
    assert found(engine, "giay") == ["procedure:2"]


def test_a_rebuild_leaves_nothing_behind(engine):
    engine.rebuild([document("1", "giấy")])
    engine.rebuild([document("2", "thẻ")])
    assert found(engine, "giay") == []
    assert engine.stamps() == {"procedure:2": "1"}


def test_a_failed_rebuild_leaves_the_index_in_use(engine):
    engine.rebuild([document("1", "giấy")])

    def broken():
        yield document("2", "thẻ")
        raise OSError("The database is gone.")

    with pytest.raises(OSError, match="gone"):
        engine.rebuild(broken())
    assert found(engine, "giay") == ["procedure:1"]
    engine.put([document("3", "giấy mới")])
    assert sorted(found(engine, "giay")) == ["procedure:1", "procedure:3"]


def test_readers_see_no_gap_while_it_is_rebuilt(engine):
    documents = [document(str(number), "giấy khai sinh") for number in range(50)]
    engine.rebuild(documents)
    gaps: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                count = len(found(engine, "giay", limit=60))
            except Exception as error:
                gaps.append(error)
                return
            if count != 50:
                gaps.append(count)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _time in range(5):
            engine.rebuild(documents)
    finally:
        done.set()
        reader.join()
    assert gaps == []


WRITE = """
import django
django.setup()
from pathlib import Path
from tests.search.test_engines import document
from search.engines.tantivy import TantivyEngine
engine = TantivyEngine(Path({folder!r}))
for number in range(20):
    engine.put([document(f"{name}-{{number}}", "giấy chung")])
"""


def test_processes_that_write_at_once_lose_nothing(tmp_path):
    folder = tmp_path / "index"
    engine = TantivyEngine(folder)
    engine.rebuild([document("0", "giấy chung")])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings", "VAR_DIR": str(tmp_path)}
    scripts = [WRITE.format(folder=str(folder), name=name) for name in ("a", "b")]
    writers = [subprocess.Popen([sys.executable, "-c", text], cwd=ROOT, env=environment) for text in scripts]
    assert [writer.wait(120) for writer in writers] == [0, 0]
    assert len(engine.stamps()) == 41
    assert len(found(engine, "chung", limit=100)) == 41


def test_an_index_of_another_form_is_none(tmp_path):
    engine = TantivyEngine(tmp_path / "index")
    assert not engine.exists()
    engine.rebuild([document("1", "giấy")])
    assert engine.exists()
    (engine.current / "form").write_text("an older release")
    fresh = TantivyEngine(tmp_path / "index")
    assert not fresh.exists()
    assert found(fresh, "giay") == []
    assert fresh.stamps() == {}


@pytest.mark.elasticsearch
def test_both_give_one_order_where_sums_are_equal(tmp_path):
    from search.engines.elastic import ElasticEngine
    from search.public import near

    documents = [document(f"{number:03}", "giấy chung") for number in range(300)]
    embedded = TantivyEngine(tmp_path / "index")
    cluster = ElasticEngine(f"{servers.SEARCH_URL}/test-{uuid.uuid4().hex}")
    for engine in (embedded, cluster):
        engine.rebuild(reversed(documents) if engine is cluster else documents)
    try:
        chosen = [
            [
                entry.id
                for entry in near(
                    lambda terms, fields, limit, engine=engine: engine.search(terms, fields=fields, limit=limit),
                    [("giay", 1.0), ("001", 2.0)],
                    FIELDS,
                    200,
                )
            ]
            for engine in (embedded, cluster)
        ]
        assert chosen[0] == chosen[1]
    finally:
        clear(cluster)
