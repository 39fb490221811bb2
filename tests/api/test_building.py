"""The files of the downloads are built ahead: a reader gets the last one, with its own day, and never waits."""

from __future__ import annotations

import datetime as dt
import io
import os

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue import clock
from portal import generation
from portal.alone import alone
from portal.api import building, snapshots
from tests import factories
from tests.api.conftest import full_procedures
from tests.factories import ProcedureFactory

pytestmark = pytest.mark.django_db
START = "/api/v1/downloads/"
EVENING = dt.datetime(2026, 11, 25, 16, 59, tzinfo=dt.UTC)
"""A minute before midnight in Việt Nam."""


@pytest.fixture
def built():
    """A procedure, and every file of it."""
    ProcedureFactory(name_vi="Cũ")
    building.build_if_old()


def change() -> None:
    ProcedureFactory(name_vi="Mới")
    generation.move_on()


def text(client, file: str = "procedures.csv") -> str:
    return client.get(START + file).content.decode()


def queries(client, file: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(START + file).status_code == 200
    return len(captured)


def test_every_file_is_built_ahead_in_each_of_its_languages(built, client):
    assert building.build_if_old() == []
    names = {str(key) for key in snapshots.all_keys()}
    assert len(names) == 10 + 8 + 2 * 5
    assert {"procedures.json.ko", "centres.json.zh-hans", "terms.json", "procedures.csv"} <= names
    assert all(snapshots.stored(key) for key in snapshots.all_keys())


@pytest.mark.parametrize("file", ["procedures.csv", "procedures.json", "procedures.json?lang=ja", "places.json"])
def test_a_reader_costs_no_query_before_and_after_a_change(built, client, file):
    assert queries(client, file) == 0
    change()
    assert queries(client, file) == 0


def test_after_a_change_the_file_before_is_served_with_its_own_day_and_tag_until_the_next_is_built(client, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: EVENING)
    ProcedureFactory(name_vi="Cũ")
    building.build_if_old()
    first = client.get(f"{START}procedures.json")
    change()
    monkeypatch.setattr(timezone, "now", lambda: EVENING + dt.timedelta(hours=20))
    stale = client.get(f"{START}procedures.json")
    assert (stale.content, stale["ETag"]) == (first.content, first["ETag"])
    assert stale.json()["generated_on"] == "2026-11-25"
    assert stale["Last-Modified"] == "Wed, 25 Nov 2026 16:59:00 GMT"
    assert "procedures-2026-11-25.json" in stale["Content-Disposition"]
    assert client.get(f"{START}procedures.json", headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get(f"{START}datapackage.json").json()["created"] == "2026-11-25"
    building.build_if_old()
    fresh = client.get(f"{START}procedures.json")
    assert len(fresh.json()["procedures"]) == 2
    assert fresh.json()["generated_on"] == "2026-11-26"
    assert client.get(f"{START}procedures.json", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_what_has_become_old_is_built_anew_and_nothing_else(built, client):
    change()
    assert len(building.build_if_old()) == 28
    assert "Mới" in text(client)
    assert building.build_if_old() == []


def test_a_new_day_and_a_new_release_make_files_old(built, monkeypatch):
    tomorrow = timezone.now() + dt.timedelta(days=1)
    with monkeypatch.context() as patched:
        patched.setattr(timezone, "now", lambda: tomorrow)
        assert len(snapshots.old_keys()) == 28
    assert snapshots.old_keys() == []
    monkeypatch.setattr(snapshots, "this_release", lambda: "another")
    assert len(snapshots.old_keys()) == 28


def test_a_change_while_a_file_is_built_makes_it_old(monkeypatch):
    build = building.build

    def build_across_a_change(keys):
        found = build(keys)
        if keys[0].file == "procedures.csv":
            change()
        return found

    monkeypatch.setattr(building, "build", build_across_a_change)
    building.build_if_old()
    monkeypatch.setattr(building, "build", build)
    assert "procedures.csv" in building.build_if_old()


def test_languages_of_one_file_are_read_once(client):
    full_procedures(3)

    def cost(*languages: str) -> int:
        keys = [snapshots.Key("procedures", "json", language) for language in languages]
        building.build(keys)
        with CaptureQueriesContext(connection) as captured:
            building.build(keys)
        return len(captured)

    assert cost("vi") == cost("vi", "en", "zh-hans", "ko", "ja")


def test_a_file_that_was_never_built_is_built_for_its_first_reader_alone(client):
    ProcedureFactory(name_vi="Cũ")
    assert "Cũ" in text(client)
    assert queries(client, "procedures.csv") == 0
    assert len(snapshots.old_keys(only_missing=True)) == 27


def test_two_never_build_at_once_and_readers_get_what_there_is(built, client, tmp_path):
    change()
    snapshots.folder().joinpath("fields.csv").unlink()
    with alone(snapshots.folder() / building.LOCK) as is_alone:
        assert is_alone
        assert building.build_if_old() == []
        assert "Cũ" in text(client)
        answer = client.get(f"{START}fields.csv")
    assert answer.status_code == 503
    assert "Come back" in answer.json()["detail"]
    assert client.get(f"{START}fields.csv").status_code == 200
    assert "fields.csv" not in building.build_if_old()


def test_a_build_that_fails_leaves_the_file_before_and_no_lock(built, client, monkeypatch):
    def fail(*args):
        raise RuntimeError("disk full")

    change()
    with monkeypatch.context() as patched:
        patched.setattr(building, "keep", fail)
        with pytest.raises(RuntimeError):
            building.build_if_old()
    assert "Cũ" in text(client)
    assert len(building.build_if_old()) == 28
    assert not list(snapshots.folder().glob("*.part"))


def test_a_first_file_that_cannot_be_built_is_an_error_that_passes(client, monkeypatch):
    def fail(*args):
        raise RuntimeError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(building, "build", fail)
        assert client.get(f"{START}fields.csv").status_code == 500
    assert client.get(f"{START}fields.csv").status_code == 200


@pytest.mark.parametrize("damage", [b"", b"{", b"[]\n", b'{"etag": 1}\n', os.urandom(200)])
def test_a_damaged_file_is_built_anew(built, client, damage):
    (snapshots.folder() / "procedures.csv").write_bytes(damage)
    assert [str(key) for key in snapshots.old_keys()] == ["procedures.csv"]
    assert "Cũ" in text(client)


def test_another_address_or_province_is_never_served(built, client, settings):
    settings.BASE_URL = "https://other.example"
    assert len(snapshots.old_keys(only_missing=True)) == 28
    page = client.get(f"{START}centres.json").json()["source"]["publisher"]
    assert page == "https://other.example"


def test_the_command_says_what_it_did_and_a_rerun_builds_nothing():
    ProcedureFactory()

    def run(**options) -> str:
        out = io.StringIO()
        call_command("build_downloads", stdout=out, **options)
        return out.getvalue()

    assert run(if_missing=True).startswith("28 files built")
    change()
    assert run(if_missing=True).startswith("0 files built")
    assert run().startswith("28 files built")
    assert run().startswith("0 files built")


def test_the_tick_builds_what_is_old(built, client):
    tick = clock.part("downloads").run
    assert tick(timezone.now()) == "0 files built"
    change()
    assert tick(timezone.now()) == "28 files built"
    assert "Mới" in text(client)


def test_parts_stand_in_their_order(client):
    procedure = ProcedureFactory()
    for number in (2, 0, 1):
        case = factories.CaseFactory(
            procedure=procedure, label_vi=f"Trường hợp {number}", sort_order=number, paper=None
        )
        for place in (1, 0):
            factories.RequiredPaperFactory(case=case, name_vi=f"Giấy {number}.{place}", sort_order=place)
    (found,) = client.get(f"{START}procedures.json").json()["procedures"]
    papers = [[paper["name"]["text"] for paper in case["papers"]] for case in found["cases"]]
    assert papers == [[f"Giấy {number}.0", f"Giấy {number}.1"] for number in (0, 1, 2)]
