"""A row that a file no longer gives the province is told, and stays published until an editor decides."""

import json

import pytest

from catalogue.loading import departed as departing
from catalogue.models import Procedure
from tests.catalogue.conftest import BIRTH, CUSTOMS, DATA, birth, own_code, real, write_jsonl

pytestmark = pytest.mark.django_db
KEPT = "1.000894"


def without(source, target, *codes):
    """Write the sample again without some of its rows."""
    rows = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    return write_jsonl(target / "fewer.jsonl", [row for row in rows if row["code"] not in codes])


def test_a_row_that_left_the_file_is_named_and_stays_published(load, loaded, tmp_path):
    report = load("load_procedures", without(loaded, tmp_path, BIRTH))
    assert "no longer given to this province by the file: 1;" in report["text"]
    assert f"left      {BIRTH} Thủ tục đăng ký khai sinh: not in the file" in report["text"]
    assert birth().live
    assert {"created", "changed", "unchanged", "refused"} <= report.keys()
    assert (report["created"], report["changed"], report["refused"]) == (0, 0, 0)


def test_a_row_that_left_the_provinces_levels_is_named_with_its_row(load, loaded, alter):
    report = load("load_procedures", alter(loaded, BIRTH, lambda row: row.update(level="Cấp Bộ")))
    assert (
        f"left      {BIRTH} Thủ tục đăng ký khai sinh: row 1 of the file has another level or issuer" in report["text"]
    )
    assert birth().live
    assert birth().is_commune_level


def test_an_own_row_that_another_province_issues_now_is_named(load, loaded, alter):
    report = load("load_procedures", alter(loaded, own_code(), lambda row: row.update(issuer="UBND tỉnh Đồng Nai")))
    assert f"left      {own_code()} " in report["text"]


def test_a_whole_file_names_nobody(load, loaded):
    assert "left " not in load("load_procedures", loaded)["text"]


def test_a_first_load_names_nobody(load, places, sample):
    assert "left " not in load("load_procedures", sample)["text"]


def test_a_dry_run_names_them_too(load, loaded, tmp_path):
    report = load("load_procedures", without(loaded, tmp_path, BIRTH, KEPT), dry_run=True)
    assert "no longer given to this province by the file: 2;" in report["text"]


@pytest.mark.parametrize("values", [{"live": False}, {"status": "abolished"}, {"imported": {}}])
def test_what_an_editor_has_decided_or_made_is_not_named(load, loaded, tmp_path, values):
    Procedure.objects.filter(code=BIRTH).update(**values)
    assert "left " not in load("load_procedures", without(loaded, tmp_path, BIRTH))["text"]


def test_a_row_that_only_the_index_knew_is_named_only_beside_an_index(load, places, sample, tmp_path):
    index = DATA / "procedures_index.jsonl.gz"
    load("load_procedures", sample, index=str(index))
    assert "left " not in load("load_procedures", sample)["text"]
    empty = write_jsonl(tmp_path / "index.jsonl", [])
    report = load("load_procedures", sample, index=str(empty))
    count = Procedure.objects.filter(has_details=False).count()
    assert f"no longer given to this province by the file: {count};" in report["text"]


def test_a_refused_row_is_not_told_twice(load, loaded, alter):
    report = load("load_procedures", alter(loaded, CUSTOMS, lambda row: row.update(source_date="soon")))
    assert report["refused"] == 1
    assert "left " not in report["text"]


def test_a_refused_row_without_its_code_leaves_a_doubt_that_is_said(load, loaded, tmp_path):
    path = without(loaded, tmp_path, BIRTH)
    path.write_text("{bad\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert "(a row refused above without its code may be one of them)" in load("load_procedures", path)["text"]


def test_a_part_of_the_catalogue_fills_no_screen(load, loaded, tmp_path, monkeypatch):
    monkeypatch.setattr(departing, "MOST_LISTED", 2)
    report = load("load_procedures", write_jsonl(tmp_path / "one.jsonl", real(BIRTH)))
    lines = [line for line in report["text"].splitlines() if line.startswith("left ")]
    assert len(lines) == 3
    assert lines[-1].endswith(f"and {Procedure.objects.count() - 1 - 2} more")
