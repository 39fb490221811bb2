"""A first load, a rerun, and one altered paper."""

import datetime as dt
import io
import json

import pytest
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from wagtail.models import ModelLogEntry, Revision

from catalogue.loading import procedures as loading
from catalogue.models import Agency, Case, FilingChannel, Procedure, ProcedureVersion, RequiredPaper
from catalogue.signals import catalogue_changed
from tests.catalogue.conftest import (
    BIRTH,
    DATA,
    NATIONAL,
    USD,
    birth,
    catalogue_rows,
    own_code,
    real,
    write_jsonl,
)

pytestmark = pytest.mark.django_db


def first_paper(row):
    return row["documents"][-1]


def test_a_first_load_creates_the_provinces_rows_and_a_rerun_changes_nothing(load, places, sample):
    first = load("load_procedures", sample)
    marks = list(Procedure.objects.order_by("pk").values_list("pk", "updated_at", "latest_revision"))
    again = load("load_procedures", sample)
    assert {key: first[key] for key in ("created", "changed", "unchanged", "refused")} == {
        "created": len(NATIONAL) + 1,
        "changed": 0,
        "unchanged": 0,
        "refused": 0,
    }
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, len(NATIONAL) + 1)
    assert marks == list(Procedure.objects.order_by("pk").values_list("pk", "updated_at", "latest_revision"))
    assert ProcedureVersion.objects.count() == len(NATIONAL) + 1


def test_own_rows_carry_their_province_and_other_provinces_stay_out(loaded):
    assert Procedure.objects.get(code=own_code()).province.code == "48"
    assert birth().province is None
    assert not Procedure.objects.filter(code=own_code("Đồng Nai")).exists()


def test_rows_are_live_with_one_revision_one_version_and_one_log_entry(loaded):
    procedure = birth()
    assert procedure.live
    assert not procedure.has_unpublished_changes
    assert procedure.latest_revision == procedure.live_revision
    assert Revision.objects.for_instance(procedure).count() == 1
    entry = ModelLogEntry.objects.for_instance(procedure).get()
    assert (entry.action, entry.revision) == ("wagtail.create", procedure.latest_revision)
    version = procedure.versions.get()
    assert (version.number, version.effective_from) == (1, None)
    assert version.recorded_at.astimezone().date() == dt.date(2026, 7, 18)


def test_the_revision_in_bulk_equals_what_wagtail_would_save(loaded):
    in_bulk = dict(birth().latest_revision.content)
    by_wagtail = dict(birth().save_revision(clean=False).content)
    for moment in ("latest_revision", "live_revision", "last_published_at", "updated_at"):
        del in_bulk[moment], by_wagtail[moment]
    assert in_bulk == json.loads(json.dumps(by_wagtail, cls=DjangoJSONEncoder))


def test_papers_channels_and_links_are_there(loaded):
    procedure = birth()
    assert procedure.cases.first().label_vi == ""
    assert RequiredPaper.objects.filter(case__procedure=procedure, kind="note").exists()
    kinds = {channel.kind: channel for channel in procedure.channels.all()}
    assert set(kinds) == {"counter", "online", "post"}
    term, fee = kinds["counter"].terms.get(), kinds["counter"].fees.get()
    assert (term.number, term.unit, term.text_vi) == (None, "unknown", "")
    assert (fee.amount, fee.certainty) == (0, "stated")
    assert procedure.legal_basis.filter(number="123/2015/NĐ-CP").exists()
    assert procedure.national_id == "019d2bfd-3fe0-70ac-b9d6-5e9e20d6eef7"
    assert procedure.decision.number
    assert [role.name_vi for role in procedure.roles.all()] == ["Ủy ban nhân dân cấp xã"]


def test_agencies_that_take_part_are_kept_as_written_and_make_no_version(load, loaded, alter):
    assert birth().coordinating_agency == ""
    altered = alter(loaded, BIRTH, lambda row: row.update(coordinating_agency="Công an cấp Xã,  Sở Tư pháp"))
    report = load("load_procedures", altered)
    assert f"changed   {BIRTH}: coordinating_agency\n" in report["text"]
    assert birth().coordinating_agency == "Công an cấp Xã, Sở Tư pháp"
    assert birth().latest_revision.content["coordinating_agency"] == "Công an cấp Xã, Sở Tư pháp"
    assert birth().versions.count() == 1
    assert load("load_procedures", altered)["changed"] == 0


def test_a_file_that_does_not_know_them_loads_alike(load, places, tmp_path):
    (row,) = real(BIRTH)
    del row["coordinating_agency"]
    assert load("load_procedures", write_jsonl(tmp_path / "x.jsonl", [row]))["created"] == 1


def test_the_committed_rows_name_agencies_that_take_part():
    assert sum(bool(row["coordinating_agency"]) for row in catalogue_rows().values()) == 230


def test_fees_in_dollars_stay_dollars(loaded):
    channel = FilingChannel.objects.get(procedure__code=USD, kind="counter")
    assert {(fee.amount, fee.currency) for fee in channel.fees.all()} >= {(145, "USD")}


def test_the_newer_name_of_the_index_is_taken(places, load, tmp_path):
    (row,) = real(BIRTH)
    row["flags"].append("name_differs_from_index")
    row["index_name"] = "Tên mới"
    load("load_procedures", write_jsonl(tmp_path / "x.jsonl", [row]))
    assert birth().name_vi == "Tên mới"


def test_agencies_of_the_province_are_made_with_empty_identifiers(loaded):
    committee = Agency.objects.get(name_vi="Ủy ban nhân dân thành phố Đà Nẵng")
    department = Agency.objects.get(name_vi="Sở Tư pháp thành phố Đà Nẵng")
    assert department.parent == committee
    assert Agency.objects.filter(role__code="uy-ban-nhan-dan-cap-xa", place__province__code="48").count() == 94
    assert not Agency.objects.exclude(identifier=None).exists()


def test_procedures_that_only_the_index_knows_say_so(load, places, sample):
    load("load_procedures", sample, index=str(DATA / "procedures_index.jsonl.gz"))
    rows = Procedure.objects.filter(has_details=False)
    assert rows.count() >= 56
    assert all(row.name_vi and row.field_id and row.portal_url and row.province.code == "48" for row in rows)
    again = load("load_procedures", sample, index=str(DATA / "procedures_index.jsonl.gz"))
    assert (again["created"], again["changed"]) == (0, 0)


def test_the_index_takes_nothing_away_from_a_row_with_details(load, loaded, tmp_path):
    empty = write_jsonl(tmp_path / "empty.jsonl", real(BIRTH))
    load("load_procedures", empty, index=str(DATA / "procedures_index.jsonl.gz"))
    assert Procedure.objects.get(code=own_code()).has_details


def test_one_altered_paper_changes_exactly_one_procedure_and_names_the_field(load, loaded, alter):
    altered = alter(loaded, BIRTH, lambda row: first_paper(row).update(name="- Mẫu khác hẳn của hộ tịch điện tử"))
    before = {paper.key: paper.pk for paper in RequiredPaper.objects.filter(case__procedure__code=BIRTH)}
    report = load("load_procedures", altered)
    assert (report["created"], report["changed"], report["unchanged"]) == (0, 1, len(NATIONAL))
    assert f"changed   {BIRTH}: papers\n" in report["text"]
    papers = RequiredPaper.objects.filter(case__procedure__code=BIRTH)
    assert papers.filter(name_vi="- Mẫu khác hẳn của hộ tịch điện tử").exists()
    assert len(before.items() & {paper.key: paper.pk for paper in papers}.items()) >= len(before) - 1
    again = load("load_procedures", altered)
    assert again["changed"] == 0


def test_a_slightly_altered_paper_keeps_its_key_and_id(load, loaded, alter):
    paper = Case.objects.get(procedure__code=BIRTH, label_vi="").papers.last()
    load(
        "load_procedures",
        alter(loaded, BIRTH, lambda row: first_paper(row).update(name=first_paper(row)["name"] + "!")),
    )
    changed = RequiredPaper.objects.get(pk=paper.pk)
    assert (changed.key, changed.name_vi) == (paper.key, paper.name_vi + "!")


def test_a_change_makes_the_next_version_in_force_from_the_sources_day(load, loaded, alter):
    def edit(row):
        row["steps_text"] = "Bước mới"
        row["source_date"] = "2026-09-01"

    load("load_procedures", alter(loaded, BIRTH, edit))
    first, second = birth().versions.order_by("number")
    assert (second.number, second.effective_from) == (2, dt.date(2026, 9, 1))
    assert (first.content["steps"] == second.content["steps"], second.content["steps"]) == (False, "Bước mới")
    known = {paper["key"] for case in first.content["cases"] for paper in case["papers"]}
    assert known == {paper["key"] for case in second.content["cases"] for paper in case["papers"]}
    assert birth().latest_revision.content["steps_vi"] == "Bước mới"
    assert ModelLogEntry.objects.for_instance(birth()).filter(action="wagtail.edit").get().data["fields"] == [
        "steps",
        "source",
    ]


def test_a_later_reading_of_the_same_text_makes_no_version(load, loaded, alter):
    report = load("load_procedures", alter(loaded, BIRTH, lambda row: row.update(source_date="2026-09-01")))
    assert f"{BIRTH}: source" in report["text"]
    assert birth().versions.count() == 1
    assert birth().checked_on == dt.date(2026, 9, 1)


def test_a_translation_whose_figures_are_no_longer_true_is_emptied(load, loaded, alter):
    paper = Case.objects.get(procedure__code=BIRTH, label_vi="").papers.last()
    RequiredPaper.objects.filter(pk=paper.pk).update(name_en="An interactive form", name_ko="양식")
    longer = paper.name_vi + " 02 bản"
    load("load_procedures", alter(loaded, BIRTH, lambda row: first_paper(row).update(name=longer)))
    assert RequiredPaper.objects.get(pk=paper.pk).name_en == ""


def test_a_dry_run_shows_the_diff_and_writes_nothing(load, loaded, alter):
    altered = alter(loaded, BIRTH, lambda row: row.update(steps_text="Bước mới"))
    report = load("load_procedures", altered, dry_run=True)
    assert report["changed"] == 1
    assert "steps: - Nếu lựa chọn" in report["text"]
    assert "→ Bước mới" in report["text"]
    assert birth().steps_vi != "Bước mới"
    assert birth().versions.count() == 1


def test_a_dry_run_of_a_first_load_lists_what_would_be_new(load, places, sample):
    report = load("load_procedures", sample, dry_run=True)
    assert f"created   {BIRTH} Thủ tục đăng ký khai sinh" in report["text"]
    assert not Procedure.objects.exists()
    assert not Agency.objects.exists()


def test_the_other_rooms_hear_once_a_batch_on_commit(places, sample, django_capture_on_commit_callbacks):
    heard = []

    def listen(sender, codes, **kwargs):
        heard.append(codes)

    catalogue_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            call_command("load_procedures", str(sample), stdout=io.StringIO())
            assert heard == []
        assert len(heard) == 1
        assert BIRTH in heard[0]
        with django_capture_on_commit_callbacks(execute=True):
            call_command("load_procedures", str(sample), stdout=io.StringIO())
        assert len(heard) == 1
    finally:
        catalogue_changed.disconnect(listen)


def test_an_error_in_the_middle_leaves_nothing_half_loaded(places, sample, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr(loading, "record_procedures", fail)
    with pytest.raises(RuntimeError):
        call_command("load_procedures", str(sample), stdout=io.StringIO())
    assert not Procedure.objects.exists()
    assert not Agency.objects.exists()
