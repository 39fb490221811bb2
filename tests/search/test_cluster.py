"""What only a cluster can meet: others that write at once, names alike, a server that refuses, a slow one."""

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command
from elasticsearch.helpers import BulkIndexError

from catalogue.models import Procedure
from catalogue.signals import catalogue_changed
from search import engines, life, public
from search.engines.elastic import LEFT_ALONE, ElasticEngine
from search.signals import search_changed
from tests import servers
from tests.factories import ProcedureFactory
from tests.search.test_engines import clear, document, found

pytestmark = pytest.mark.usefixtures("by_a_rule")

BIRTH, MARRIAGE = "1.001193", "1.000894"
elasticsearch = pytest.mark.elasticsearch


@pytest.fixture
def make() -> Iterator[Callable[[str], ElasticEngine]]:
    """Make engines whose indexes are removed afterwards."""
    made = []

    def engine(name: str = "") -> ElasticEngine:
        made.append(ElasticEngine(f"{servers.SEARCH_URL}/{name or f'test-{uuid.uuid4().hex}'}"))
        return made[-1]

    yield engine
    for each in made:
        clear(each)


def indexes(engine: ElasticEngine) -> set[str]:
    return set(engine.client.indices.get(index=f"{engine.alias}-*"))


@elasticsearch
def test_a_rebuild_keeps_what_is_read_and_removes_what_is_older(make):
    engine = make()
    for number in range(4):
        engine.rebuild([document(str(number), "giấy")])
    assert len(indexes(engine)) == 2
    assert found(engine, "giay") == ["procedure:3"]


@elasticsearch
def test_the_index_of_a_site_whose_name_begins_alike_stays(make):
    shorter = f"test-{uuid.uuid4().hex}"
    longer = make(f"{shorter}-staging")
    longer.rebuild([document("1", "giấy")])
    engine = make(shorter)
    for _time in range(3):
        engine.rebuild([document("2", "thẻ")])
    assert found(longer, "giay") == ["procedure:1"]


@elasticsearch
@pytest.mark.parametrize("times", [1, 2])
def test_two_that_rebuild_at_once_leave_one_whole_index(times, make):
    """Who is overtaken twice fails, and nothing else happens."""
    engine = make()
    other = make(engine.alias)
    engine.rebuild([document("0", "giấy")])

    def slowly() -> Iterator:
        yield document("1", "giấy")
        for _time in range(times):
            other.rebuild([document(str(number), "giấy") for number in (1, 2)])
        yield document("2", "giấy")

    with nullcontext() if times == 1 else pytest.raises(BulkIndexError):
        engine.rebuild(slowly())
    assert engine.exists()
    assert sorted(found(engine, "giay")) == ["procedure:1", "procedure:2"]
    assert len(engine.client.indices.get_alias(name=engine.alias)) == 1


@elasticsearch
def test_an_index_that_vanishes_while_it_is_filled_is_not_made_by_guessing(make):
    engine = make()
    engine.rebuild([document("0", "giấy")])
    before = indexes(engine)

    def removed() -> Iterator:
        for name in indexes(engine) - before:
            engine.client.indices.delete(index=name)
        yield document("1", "giấy")

    with pytest.raises(BulkIndexError):
        engine.rebuild(removed())
    assert indexes(engine) == before
    assert found(engine, "giay") == ["procedure:0"]


@elasticsearch
def test_without_an_index_nothing_is_written(make):
    engine = make()
    assert not engine.exists()
    with pytest.raises(BulkIndexError):
        engine._write([{"_op_type": "index", "_id": "1", "_source": {"owner": "x"}}])
    assert not engine.client.indices.exists(index=engine.alias)


@elasticsearch
def test_a_write_that_the_server_refuses_is_an_error(make):
    engine = make()
    engine.rebuild([document("1", "giấy")])
    engine.client.indices.put_settings(index=engine.alias, settings={"index.blocks.write": True})
    with pytest.raises(BulkIndexError, match="not written"):
        engine.put([document("2", "giấy")])
    assert engine.stamps() == {"procedure:1": "1"}


@elasticsearch
def test_what_another_process_took_out_is_no_error(make, monkeypatch):
    engine = make()
    engine.rebuild([document("1", "giấy")])
    monkeypatch.setattr(engine, "_ids", lambda owners: {"procedure:1#0", "procedure:9#0"})
    engine.remove(["procedure:1", "procedure:9"])
    assert engine.stamps() == {}


@elasticsearch
def test_an_index_of_an_older_release_is_none_and_is_made_anew_by_a_repair(procedures, make, settings):
    engine = make()
    settings.SEARCH_URL = f"{servers.SEARCH_URL}/{engine.alias}"
    engine.rebuild([])
    engine.client.indices.put_mapping(index=engine.alias, meta={"form": "older"})
    assert not engine.exists()
    assert life.repair()["elasticsearch"][0] == len(procedures)
    assert engine.exists()
    assert len(engine.stamps()) == len(procedures)


@elasticsearch
def test_what_the_cluster_missed_is_mended_by_a_repair(procedures, make, settings, committing):
    engine = make()
    settings.SEARCH_URL = f"{servers.SEARCH_URL}/{engine.alias}"
    life.rebuild()
    engine.remove([f"procedure:{BIRTH}"])
    engine.put([document("9.999999", "giấy lạ")])
    assert life.repair() == {"tantivy": (0, 0), "elasticsearch": (1, 1)}
    assert life.repair() == {"tantivy": (0, 0), "elasticsearch": (0, 0)}
    assert engine.stamps() == engines.embedded().stamps()


@elasticsearch
def test_a_publication_is_found_in_the_cluster_at_once(procedures, make, settings, committing):
    engine = make()
    settings.SEARCH_URL = f"{servers.SEARCH_URL}/{engine.alias}"
    life.rebuild()
    row = procedures[BIRTH]
    with committing():
        row.name_vi = "Đăng ký tàu lượn siêu tốc"
        row.save_revision().publish()
    assert found(engine, "tau_luon") == [f"procedure:{BIRTH}"]
    with committing():
        row.unpublish()
    assert found(engine, "tau_luon") == []


# Servers that don't answer well


class Server(ThreadingHTTPServer):
    """Answers every request with no hits after a pause, and counts them."""

    daemon_threads = True
    pause = 0.0
    status = 200
    asked = 0


class Answering(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked += 1
        time.sleep(self.server.pause)
        told = json.dumps({"hits": {"hits": []}, "took": 1, "timed_out": False}).encode()
        self.send_response(self.server.status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_GET = do_POST  # noqa: N815

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def answering(pause: float = 0.0, status: int = 200) -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Answering) as server:
        server.pause, server.status = pause, status
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def named(settings) -> Iterator[Callable[[int], ElasticEngine]]:
    """Name a cluster at a port of this machine."""

    def name(port: int) -> ElasticEngine:
        settings.SEARCH_URL = f"http://127.0.0.1:{port}/test"
        cluster = engines.cluster()
        assert cluster is not None
        return cluster

    yield name
    engines._cluster.cache_clear()


@pytest.fixture
def dead(named, unused_port) -> ElasticEngine:
    """A cluster at a port where nobody listens."""
    return named(unused_port)


@pytest.fixture
def unused_port() -> int:
    with Server(("127.0.0.1", 0), Answering) as server:
        return server.server_address[1]


def first(text: str) -> str:
    return public.find(text).hits[0].name


@pytest.mark.parametrize("status", [404, 429, 500, 503])
def test_an_error_is_answered_for_logged_and_not_repeated(status, procedures, named, caplog):
    with answering(status=status) as server, caplog.at_level(logging.WARNING):
        cluster = named(server.server_address[1])
        assert [first("đăng ký kết hôn") for _time in range(3)] == [MARRIAGE] * 3
        assert server.asked == 1
    assert cluster.is_left_alone
    assert caplog.text.count("the embedded index answers") == 1


def test_a_slow_one_is_asked_once_and_then_left_alone(procedures, named, caplog):
    with answering(pause=0.15) as server, caplog.at_level(logging.WARNING):
        cluster = named(server.server_address[1])
        cluster.search_timeout = 60  # However slow this machine is.
        public.find("đăng ký kết hôn")
        assert first("đăng ký kết hôn") == MARRIAGE
        assert server.asked == 1
    assert "The search cluster is slow" in caplog.text


def test_it_is_asked_again_after_ten_seconds(procedures, named, monkeypatch):
    with answering(status=503) as server:
        cluster = named(server.server_address[1])
        first("đăng ký kết hôn")
        now = time.monotonic()
        monkeypatch.setattr("search.engines.elastic.time.monotonic", lambda: now + LEFT_ALONE + 1)
        assert not cluster.is_left_alone
        first("đăng ký kết hôn")
        assert server.asked == 2


def test_a_dead_one_stops_no_publication(procedures, dead, committing, caplog):
    row = procedures[BIRTH]
    with committing():
        row.name_vi = "Đăng ký tàu lượn siêu tốc"
        row.save_revision().publish()
    assert first("tàu lượn") == BIRTH
    assert "The elasticsearch index was not updated; the next repair will do it." in caplog.text


@pytest.mark.parametrize("codes", [None, ["3.000003"]])
def test_a_dead_one_stops_no_load(codes, procedures, dead, caplog):
    ProcedureFactory(code="3.000003", name_vi="Cấp phép nuôi đà điểu")
    catalogue_changed.send(sender=Procedure, codes=codes)
    assert first("đà điểu") == "3.000003"
    assert "the next repair will do it" in caplog.text


def test_a_repair_mends_the_embedded_one_though_the_cluster_is_dead(procedures, dead):
    heard = []
    search_changed.connect(lambda **kwargs: heard.append(1), weak=False, dispatch_uid="test")
    try:
        ProcedureFactory(code="3.000003", name_vi="Cấp phép nuôi đà điểu")
        assert life.repair() == {"tantivy": (1, 0)}
        assert heard
    finally:
        search_changed.disconnect(dispatch_uid="test")
    assert first("đà điểu") == "3.000003"


def test_a_rebuild_makes_the_embedded_one_and_says_that_the_cluster_is_missing(procedures, dead):
    ProcedureFactory(code="3.000003", name_vi="Cấp phép nuôi đà điểu")
    with pytest.raises(CommandError, match="The elasticsearch index was not made"):
        call_command("rebuild_search")
    assert first("đà điểu") == "3.000003"


def test_measuring_a_dead_one_says_so(procedures, dead):
    with pytest.raises(CommandError, match="The cluster doesn't answer"):
        call_command("evaluate_search", slips=1, engine="elasticsearch")
