"""Each bad input: a clear error or a refused row, and nothing half-loaded."""

import gzip
import json

import pytest
from django.core.management.base import CommandError

from catalogue.loading import reading
from catalogue.models import Procedure
from tests.catalogue.conftest import BIRTH, birth, real, write_jsonl

pytestmark = pytest.mark.django_db


def refuses(load, path, match, **options):
    with pytest.raises(CommandError, match=match):
        load("load_procedures", path, **options)
    assert not Procedure.objects.exists()


def test_a_gzip_that_is_cut_off(load, places, sample, tmp_path):
    whole = gzip.compress(sample.read_bytes())
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(whole[: len(whole) // 2])
    refuses(load, cut, "cut off or damaged.*fetch it again.*Nothing was loaded")


def test_a_gzip_with_damaged_bytes(load, places, sample, tmp_path):
    whole = bytearray(gzip.compress(sample.read_bytes()))
    whole[len(whole) // 2] ^= 0xFF
    damaged = tmp_path / "damaged.jsonl.gz"
    damaged.write_bytes(whole)
    refuses(load, damaged, "damaged|not UTF-8")


def test_a_last_line_that_is_cut_off(load, places, sample, tmp_path):
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(sample.read_bytes()[:-500])
    refuses(load, cut, "ends in the middle of row")


def test_a_file_that_is_not_utf8(load, places, tmp_path):
    path = tmp_path / "latin.jsonl"
    path.write_bytes(write_jsonl(tmp_path / "x.jsonl", real(BIRTH)).read_bytes() + b'{"name": "\xe9t\xe9"}\n')
    refuses(load, path, "row 2: not UTF-8")


def test_a_code_that_stands_twice(load, places, tmp_path):
    path = write_jsonl(tmp_path / "twice.jsonl", real(BIRTH, "1.000894", BIRTH))
    refuses(load, path, "1.001193 twice, in rows 1 and 3")


def test_an_unknown_province(load, places, sample):
    refuses(load, sample, "There is no province 99: give one of", province="99")


def test_places_that_are_not_loaded(load, db, sample):
    refuses(load, sample, "run load_places first")


def test_a_file_that_is_not_there(load, places, tmp_path):
    refuses(load, tmp_path / "nowhere.jsonl", "isn't a file")


def test_a_field_of_fifty_megabytes_is_refused_and_the_others_load(load, places, tmp_path):
    row, other = real(BIRTH, "1.000894")
    row["steps_text"] = "x" * 50_000_000
    report = load("load_procedures", write_jsonl(tmp_path / "big.jsonl", [row, other]))
    assert (report["created"], report["refused"]) == (1, 1)
    assert "row 1: the line is longer than 20 MB" in report["text"]
    assert not Procedure.objects.filter(code=BIRTH).exists()


def test_a_long_line_is_never_held_in_memory_as_a_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_LINE", 1_000)
    path = tmp_path / "long.jsonl"
    path.write_bytes(b'{"a": "' + b"x" * 100_000 + b'"}\n{"a": "b"}\n')
    asked = []
    opened = reading.open_binary(path)

    class Spy:
        def readline(self, size):
            asked.append(size)
            return opened.readline(size)

        def __enter__(self):
            return self

        def __exit__(self, *args):
            opened.close()

    monkeypatch.setattr(reading, "open_binary", lambda path: Spy())
    lines = list(reading.read_jsonl(path))
    assert [line.data for line in lines] == [None, {"a": "b"}]
    assert max(asked) <= 1_001


def test_a_field_over_five_megabytes_is_named(load, places, tmp_path):
    row, other = real(BIRTH, "1.000894")
    row["documents"][0]["name"] = "x" * 6_000_000
    report = load("load_procedures", write_jsonl(tmp_path / "big.jsonl", [row, other]))
    assert (report["created"], report["refused"]) == (1, 1)
    assert "the field documents[0].name is longer than 5 MB" in report["text"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": ""}, "code is empty"),
        ({"name": "  "}, "name is empty"),
        ({"code": 7}, "code is int, not str"),
        ({"documents": "none"}, "documents is str, not list"),
        ({"documents": ["none"]}, "documents[0] isn't an object"),
        ({"documents": [{"name": "x", "originals": "1"}]}, "documents[0].originals is str, not int"),
        ({"documents": [{"name": "x", "originals": -1}]}, "documents[0].originals is -1"),
        ({"channel_details": [{"time": None}]}, "channel_details[0].channel is missing"),
        ({"source_date": "soon"}, "source_date «soon» isn't a day"),
        ({"coordinating_agency": ["Bộ Công an"]}, "coordinating_agency is list, not str"),
        ({"flags": [3]}, "flags holds something that isn't text"),
        ({"url": "javascript:alert(1)"}, "url isn't a web address"),
        ({"code": "1.00 <b>"}, "code «1.00 <b>»"),
        ({"code": "1" * 41}, "more than 40"),
        ({"field": "x" * 301}, "field is longer than 300"),
        ({"steps_text": "a\x00b"}, "a NUL or half a character"),
    ],
)
def test_a_bad_row_is_refused_with_its_number_and_reason(load, places, tmp_path, change, reason):
    good, bad = real(BIRTH, "1.000894")
    report = load("load_procedures", write_jsonl(tmp_path / "x.jsonl", [good, bad | change]))
    assert (report["created"], report["refused"]) == (1, 1)
    assert "refused   row 2" in report["text"]
    assert reason in report["text"]


def test_a_way_of_filing_that_nothing_here_holds_refuses_its_row(load, places, tmp_path):
    good, bad = real(BIRTH, "1.000894")
    bad["channel_details"].append({"channel": "Qua fax", "time": "3 ngày", "fee": "5.000 đồng", "note": None})
    report = load("load_procedures", write_jsonl(tmp_path / "x.jsonl", [good, bad]))
    assert (report["created"], report["refused"]) == (1, 1)
    assert "refused   row 2 (1.000894): the way of filing «Qua fax» isn't known: write Trực tiếp," in report["text"]


def test_a_row_with_such_a_way_keeps_what_stands(load, loaded, alter):
    before = set(birth().channels.values_list("kind", "key"))
    altered = alter(loaded, BIRTH, lambda row: row["channel_details"][0].update(channel="Nộp tại quầy"))
    report = load("load_procedures", altered)
    assert (report["changed"], report["refused"]) == (0, 1)
    assert set(birth().channels.values_list("kind", "key")) == before
    assert "left " not in report["text"]


def test_labels_of_ways_are_known_in_any_writing(load, places, tmp_path):
    (row,) = real(BIRTH)
    for detail, label in zip(row["channel_details"], ("TRỰC TIẾP", "trực  tuyến", " Bưu chính "), strict=False):
        detail["channel"] = label
    assert load("load_procedures", write_jsonl(tmp_path / "x.jsonl", [row]))["refused"] == 0


def test_half_a_character_is_refused(load, places, tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"name": "\\ud800"}\n', encoding="utf-8")
    assert "a NUL or half a character" in load("load_procedures", path)["text"]


def test_missing_fields_are_refused(load, places, tmp_path):
    good, bad = real(BIRTH, "1.000894")
    del bad["name"]
    report = load("load_procedures", write_jsonl(tmp_path / "x.jsonl", [good, bad]))
    assert "row 2 (1.000894): name is missing" in report["text"]


@pytest.mark.parametrize(
    ("line", "reason"), [("{bad", "not JSON"), ("[1]", "not a JSON object"), ("[" * 99_999, "not JSON")]
)
def test_a_line_that_is_no_object_is_refused(load, places, tmp_path, line, reason):
    path = tmp_path / "x.jsonl"
    path.write_text(f"{line}\n{json.dumps(real(BIRTH)[0])}\n", encoding="utf-8")
    report = load("load_procedures", path)
    assert (report["created"], report["refused"]) == (1, 1)
    assert f"row 1: {reason}" in report["text"]


def test_plain_gzip_and_a_byte_order_mark_all_read_alike(sample, tmp_path):
    packed, marked = tmp_path / "packed.gz", tmp_path / "marked.jsonl"
    packed.write_bytes(gzip.compress(sample.read_bytes()))
    marked.write_bytes(b"\xef\xbb\xbf" + sample.read_bytes())
    rows = [list(reading.read_jsonl(path)) for path in (sample, packed, marked)]
    assert rows[0] == rows[1] == rows[2]
    assert len(rows[0]) == 10
