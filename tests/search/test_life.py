"""The life of the index: what changes is found at once, what was missed is mended."""

from __future__ import annotations

import logging
import socket
import threading
import time
from contextlib import closing

import pytest
from django.core.management import call_command
from wagtail.signals import published, unpublished

from catalogue.models import Centre, Procedure, UnitChange
from catalogue.models.places import TWO_TIER_FROM
from catalogue.signals import catalogue_changed
from search import engines, knowledge, life, public
from search.models import BestBet, EverydayWords, Situation, SituationProcedure, WordGroup
from search.signals import search_changed
from tests.factories import CentreFactory, CommuneFactory, HotlineFactory, ProcedureFactory, ProvinceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_a_rule")]
BIRTH, MARRIAGE = "1.001193", "1.000894"


def codes(text: str) -> list[str]:
    return [hit.name for hit in public.find(text).hits]


def published_as(row: Procedure, committing, **columns: object) -> None:
    """Publish a row with other columns, as an editor does."""
    with committing():
        for name, value in columns.items():
            setattr(row, name, value)
        row.save_revision().publish()


def test_a_published_change_is_found(procedures, committing):
    published_as(procedures[BIRTH], committing, name_vi="Đăng ký tàu lượn siêu tốc")
    assert codes("tàu lượn") == [BIRTH]


def test_what_is_unpublished_is_gone(procedures, committing):
    with committing():
        procedures[BIRTH].unpublish()
    assert BIRTH not in codes("đăng ký khai sinh")


def test_a_new_row_is_found_by_its_code(procedures, committing):
    row = ProcedureFactory(code="3.000001", name_vi="Cấp phép nuôi đà điểu")
    with committing():
        published.send(sender=Procedure, instance=row, revision=row.save_revision())
    assert codes("đà điểu") == ["3.000001"]
    assert codes("3.000001") == ["3.000001"]


def test_everyday_words_are_found_when_they_are_saved(procedures, committing):
    with committing():
        words = EverydayWords.objects.create(procedure=procedures[BIRTH], phrases="em bé chào đời")
    assert codes("em bé chào đời")[0] == BIRTH
    with committing():
        words.delete()
    assert codes("em bé chào đời")[:1] != [BIRTH]


def test_a_situation_leads_to_its_procedures_in_order(procedures, committing):
    with committing():
        row = Situation.objects.create(phrases="nhà có tin vui")
        for order, code in enumerate((MARRIAGE, BIRTH)):
            SituationProcedure.objects.create(situation=row, procedure=procedures[code], sort_order=order)
    assert codes("nhà có tin vui")[:2] == [MARRIAGE, BIRTH]


def test_a_best_bet_stands_first_for_exactly_its_query(procedures, committing):
    assert codes("đăng ký kết hôn")[0] == MARRIAGE
    with committing():
        BestBet.objects.create(phrases="đăng ký kết hôn", procedure=procedures[BIRTH])
    assert codes("dang ky ket hon")[0] == BIRTH
    assert codes("đăng ký kết hôn ở xã")[0] == MARRIAGE


def test_a_word_group_needs_no_new_index(procedures, committing, monkeypatch):
    monkeypatch.setattr(engines.embedded(), "put", lambda documents: pytest.fail("the index was written"))
    with committing():
        WordGroup.objects.create(everyday="cưới", legal="kết hôn")
    assert codes("cưới")[0] == MARRIAGE


def test_a_change_that_was_not_indexed_is_mended(procedures, committing, monkeypatch):
    def crash(keys: object) -> None:
        raise OSError("killed between commit and index")

    with monkeypatch.context() as patch:
        patch.setattr(life, "refresh", crash)
        published_as(procedures[BIRTH], committing, name_vi="Đăng ký tàu lượn siêu tốc")
        assert codes("tàu lượn")[:1] != [BIRTH]
    assert life.repair()["tantivy"] == (1, 0)
    assert codes("tàu lượn") == [BIRTH]
    assert life.repair()["tantivy"] == (0, 0)


def test_a_row_that_vanished_is_taken_out_by_a_repair(procedures):
    Procedure.objects.filter(code=BIRTH).delete()
    engines.embedded().put([])
    life.repair()
    assert f"procedure:{BIRTH}" not in engines.embedded().stamps()


def test_a_repair_makes_an_index_where_there_is_none(db):
    ProcedureFactory(code=BIRTH, name_vi="Đăng ký khai sinh")
    assert not public.is_ready()
    life.repair()
    assert codes("khai sinh") == [BIRTH]


def test_a_load_without_an_index_makes_none(db):
    catalogue_changed.send(sender=Procedure)
    assert not public.is_ready()


def test_a_load_of_many_rows_is_found(procedures):
    ProcedureFactory(code="3.000002", name_vi="Cấp phép nuôi đà điểu")
    catalogue_changed.send(sender=Procedure)
    assert codes("đà điểu") == ["3.000002"]


def test_a_failing_engine_costs_no_publication(procedures, committing, monkeypatch, caplog):
    def fail(documents: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(engines.embedded(), "put", fail)
    published_as(procedures[BIRTH], committing, name_vi="Đăng ký tàu lượn")
    assert Procedure.objects.get(code=BIRTH).name_vi == "Đăng ký tàu lượn"
    assert "the next repair will do it" in caplog.text


def test_others_hear_of_every_change(procedures, committing):
    heard = []
    search_changed.connect(lambda **kwargs: heard.append(1), weak=False, dispatch_uid="test")
    try:
        published_as(procedures[BIRTH], committing, name_vi="Đăng ký khác")
        assert heard
    finally:
        search_changed.disconnect(dispatch_uid="test")


def test_a_centre_and_its_old_places_are_found(procedures, committing):
    centre = CentreFactory()
    life.rebuild()
    name = public.find(centre.place.name, kinds=("centre",)).hits[0].name
    assert name == centre.slug
    with committing():
        unpublished.send(sender=Centre, instance=centre)
        Centre.objects.filter(pk=centre.pk).update(live=False)
    assert public.find(centre.place.name, kinds=("centre",)).hits == ()


@pytest.mark.parametrize(
    ("typed", "language"), [("hotline", "en"), ("热线", "zh-hans"), ("핫라인", "ko"), ("ホットライン", "ja")]
)
def test_a_hotline_is_found_in_every_language(db, typed, language):
    hotline = HotlineFactory(centre=CentreFactory())
    life.rebuild()
    assert public.find(typed, language=language, kinds=("hotline",)).hits[0].name == str(hotline.pk)


def test_a_province_that_was_merged_is_an_old_place_and_the_one_that_kept_its_name_is_not(db):
    now = ProvinceFactory()
    gone = ProvinceFactory(code="49", name="Tỉnh Quảng Nam", valid_from=None, valid_to=now.valid_from)
    same = ProvinceFactory(code="47", name=now.name, valid_from=None, valid_to=now.valid_from)
    for old in (gone, same):
        UnitChange.objects.create(old=old, new=now, effective_on=TWO_TIER_FROM)
    inside = CommuneFactory(old=True, name="Xã Hòa Phong", province=gone, parent=gone)
    life.rebuild()
    assert [hit.name for hit in public.find("quảng nam", kinds=("place",)).hits][:1] == [str(gone.pk)]
    assert str(same.pk) not in [hit.name for hit in public.find(now.name, kinds=("place",)).hits]
    assert public.suggest("xã hòa phong", kinds=("place",)).hits[0].titles["inside"] == "Tỉnh Quảng Nam"
    assert public.find("xã hòa phong", kinds=("place",)).hits[0].name == str(inside.pk)


def test_the_command_builds_and_repairs(procedures, capsys):
    call_command("rebuild_search")
    assert "documents" in capsys.readouterr().out
    call_command("rebuild_search", if_missing=True)
    assert "tantivy: 0 put in, 0 taken out" in capsys.readouterr().out


# A cluster that is down or slow


@pytest.fixture
def clustered(settings):
    """Name a cluster in the settings; forgets it afterwards."""

    def name(port: int):
        settings.SEARCH_URL = f"http://127.0.0.1:{port}/test"
        return engines.cluster()

    yield name
    engines._cluster.cache_clear()


def test_a_dead_cluster_is_answered_for(procedures, clustered, caplog):
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    cluster = clustered(port)
    with caplog.at_level(logging.WARNING):
        assert codes("đăng ký kết hôn")[0] == MARRIAGE
    assert "the embedded index answers" in caplog.text
    assert cluster.is_left_alone


def test_a_cluster_that_hangs_is_left_alone(procedures, clustered, monkeypatch):
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        asked = []
        threading.Thread(target=lambda: asked.append(listener.accept()), daemon=True).start()
        cluster = clustered(listener.getsockname()[1])
        assert codes("đăng ký kết hôn")[0] == MARRIAGE
        assert cluster.is_left_alone
        monkeypatch.setattr(cluster, "search", lambda *args, **kwargs: pytest.fail("asked again too soon"))
        assert codes("đăng ký kết hôn")[0] == MARRIAGE
        later = time.monotonic() + 11
        monkeypatch.setattr(time, "monotonic", lambda: later)
        assert not cluster.is_left_alone


def test_a_wrong_address_is_refused_at_the_start(settings):
    from search.checks import search_url_is_known

    settings.SEARCH_URL = "9200/index"
    assert [error.id for error in search_url_is_known(None)] == ["search.E001"]
    settings.SEARCH_URL = ""
    assert search_url_is_known(None) == []


def test_words_are_compiled_anew_after_a_change(procedures, committing):
    before = knowledge.current()
    assert knowledge.current() is before
    with committing():
        WordGroup.objects.create(everyday="cưới", legal="kết hôn")
    assert knowledge.current() is not before
