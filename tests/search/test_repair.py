"""What signals missed: each way in which an index and the rows come apart, and that a repair mends it."""

from __future__ import annotations

import pytest
from django.db import transaction

from catalogue.models import Centre, Procedure
from catalogue.signals import catalogue_changed
from search import engines, life, public, signal_handlers
from search.documents import Document
from search.models import EverydayWords, Situation, SituationProcedure
from tests.factories import CentreFactory, ProcedureFactory
from tests.search.test_engines import document, found

pytestmark = pytest.mark.django_db
BIRTH, MARRIAGE = "1.001193", "1.000894"


def first(text: str, kind: str = "procedure") -> str:
    return next((hit.name for hit in public.find(text, kinds=(kind,)).hits), "")


def test_a_name_changed_without_a_date_is_noticed(procedures):
    Procedure.objects.filter(code=BIRTH).update(name_vi="Đăng ký tàu lượn siêu tốc")
    assert life.repair()["tantivy"] == (1, 0)
    assert first("tàu lượn") == BIRTH


def test_a_translation_written_without_a_date_is_noticed(procedures):
    Procedure.objects.filter(code=BIRTH).update(name_en="Roller coaster registration")
    assert life.repair()["tantivy"] == (1, 0)
    assert public.find("roller coaster", language="en").hits[0].name == BIRTH


def test_a_centre_that_moved_without_a_date_is_noticed(db):
    centre = CentreFactory()
    life.rebuild()
    Centre.objects.filter(pk=centre.pk).update(name_vi="Trung tâm Sao Hoả")
    assert life.repair()["tantivy"] == (1, 0)
    assert first("sao hoả", "centre") == centre.slug


def test_what_is_unpublished_from_a_shell_is_taken_out(procedures):
    Procedure.objects.filter(code=BIRTH).update(live=False)
    assert life.repair()["tantivy"] == (0, 1)
    assert first("đăng ký khai sinh") != BIRTH


def test_words_written_in_bulk_are_noticed(procedures):
    EverydayWords.objects.bulk_create([EverydayWords(procedure=procedures[BIRTH], phrases="em bé chào đời")])
    situation = Situation.objects.bulk_create([Situation(phrases="nhà có tin vui")])[0]
    SituationProcedure.objects.bulk_create(
        [SituationProcedure(situation=situation, procedure=procedures[MARRIAGE], sort_order=0)]
    )
    assert life.repair()["tantivy"] == (2, 0)
    assert (first("em bé chào đời"), first("nhà có tin vui")) == (BIRTH, MARRIAGE)


@pytest.mark.parametrize("file", ["meta.json", "lexicon.json"])
def test_a_damaged_index_is_made_anew(file, procedures, caplog):
    (engines.embedded().current / file).write_text("{")
    engines._embedded.cache_clear()
    with pytest.raises(ValueError):
        public.find("đăng ký kết hôn")
    assert life.repair()["tantivy"] == (len(procedures), 0)
    assert "The tantivy index is damaged and is made anew." in caplog.text
    assert first("đăng ký kết hôn") == MARRIAGE


def test_a_text_that_changed_under_one_stamp_is_read_anew(tmp_path):
    engine = engines.TantivyEngine(tmp_path / "index")
    engine.rebuild([document("1", "giấy cũ"), document("2", "thẻ")])
    assert found(engine, "cu") == ["procedure:1"]
    engine.put([document("1", "giấy mới")])
    texts = [entry.text for _sum, entry in engine.search([("giay", 1.0)], fields=["procedure_short"], limit=9)]
    assert texts == ["giấy mới"]


def test_texts_that_are_gone_are_forgotten_in_time(tmp_path):
    engine = engines.TantivyEngine(tmp_path / "index")
    engine.rebuild([document("1", "giấy"), document("2", "thẻ")])
    for number in range(20):
        engine.put([document("1", f"giấy số {number}")])
        found(engine, "giay")
    snapshot = engine._fresh()
    assert len(snapshot.known) <= 3 * snapshot.searcher.num_docs


def test_one_transaction_is_indexed_once_and_a_rolled_back_one_not_at_all(procedures, committing, monkeypatch):
    refreshed = []
    monkeypatch.setattr(life, "refresh", lambda keys: refreshed.append(set(keys)))
    with committing():
        for code in (BIRTH, MARRIAGE):
            EverydayWords.objects.create(procedure=procedures[code], phrases="giấy của em")
        with pytest.raises(RuntimeError), transaction.atomic():
            EverydayWords.objects.create(procedure=procedures["1.000656"], phrases="giấy của em")
            raise RuntimeError("the editor's page failed")
    assert [keys - {"procedure:1.000656"} for keys in refreshed] == [{f"procedure:{BIRTH}", f"procedure:{MARRIAGE}"}]


@pytest.mark.parametrize("many", [3, signal_handlers.MANY + 1])
def test_a_load_is_found_however_many_rows_it_has(many, procedures):
    rows = ProcedureFactory.build_batch(many, name_vi="Cấp phép nuôi đà điểu", field=procedures[BIRTH].field)
    Procedure.objects.bulk_create(rows)
    codes = [row.code for row in rows]
    catalogue_changed.send(sender=Procedure, codes=codes)
    assert first("nuôi đà điểu") in codes
    assert len(engines.embedded().stamps()) == len(procedures) + many
    Procedure.objects.filter(code__in=codes).update(live=False)
    catalogue_changed.send(sender=Procedure, codes=codes)
    assert len(engines.embedded().stamps()) == len(procedures)


def test_a_rebuild_tells_how_far_it_is():
    told: list[int] = []
    documents = (Document(f"procedure:{number}", "procedure", "1", ()) for number in range(450))
    assert len(list(life.counted(documents, told.append))) == 450
    assert told == [200, 400]
