"""What people ask is noted without a trace of who, counted once, and shown only when many days have seen it."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from portal import asked as asked_middleware
from portal import generation
from search import asked_file, asking
from search.models import AskedDay, AskedQuery, Retyped, TakenFile
from tests.factories import ProcedureFactory, make_pages
from tests.schema import ROOT

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TODAY = dt.date(2026, 11, 27)
LIST = "/vi/thu-tuc/"


def noted(folder: Path) -> list[dict[str, str]]:
    """Return the lines of all files."""
    return [json.loads(line) for path in sorted((folder / "asked").glob("*.jsonl")) for line in path.open()]


def ask(text: str, *, days_ago: int = 0, was: str = "", language: str = "vi") -> None:
    asked_file.note(text, language=language, was=was, day=TODAY - dt.timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Khai   SINH ", "khai sinh"),
        ("đăng ky\u0301", "đăng ký"),
        ("cccd 048099001234", "cccd #"),
        ("sđt 0905 123 456", "sđt #"),
        ("mã 1.001193", "mã #"),
        ("sinh 20/10/1990", "sinh #"),
        ("hộ chiếu B1234567", "hộ chiếu #"),
        ("số ０９０５１２３４５６", "số #"),
        ("gửi an.nguyen@example.vn nhé", "gửi # nhé"),
        ("xem https://example.vn/a?b=c", "xem #"),
        ("nghị định 118/2025/nđ-cp", "nghị định #/nđ-cp"),
        ("a\u0000b\u202ec", "a b c"),
        ("x" * 300, "x" * 200),
        # What tells nobody apart stays readable.
        ("d9ang ky1 khai sinh", "d9ang ky1 khai sinh"),
        ("gia61y d9a6t", "gia61y d9a6t"),
        ("mẫu CT01", "mẫu ct01"),
        ("«ct07», tờ khai", "«ct07», tờ khai"),
        ("visa N1 và na5", "visa n1 và na5"),
        ("bằng lái b2", "bằng lái b2"),
        # What may stays masked.
        ("mẫu ct 01", "mẫu ct #"),
        ("mẫu ct011", "mẫu ct#"),
        ("ct01 0905123456", "ct#"),
        ("c1 234 567", "c#"),
        ("c1-234-567", "c#"),
        ("biển số 43a1 123.45", "biển số #a#"),
        ("29-h1 123.45", "#-h#"),
        ("43c12345", "#"),
        ("k25/12 trần cao vân", "k# trần cao vân"),
        ("k25 trần cao vân", "k# trần cao vân"),
        ("k112/h03/05", "k#/h#"),
        ("k25 c4 d9ang", "k# c# d9ang"),
        ("nhà: b2, số/a3", "nhà: b#, số/a#"),
        ("d9ang5 @an", "d#ang#"),
        ("kiệt h5", "kiệt h#"),
        ("b12 hoàng diệu", "b# hoàng diệu"),
        ("nhà a2 lô b3 phòng c4", "nhà a# lô b# phòng c#"),
        ("nhà 5 số7 sn12", "nhà # số# sn#"),
        ("12a bạch đằng", "#a bạch đằng"),
        ("ngày20 tháng10 năm90", "ngày# tháng# năm#"),
        ("t9/2020", "t#"),
        ("sinh năm 90", "sinh năm #"),
        ("sđt09 05 12 34 56", "sđt#"),
        ("zalo0905 a12b34c5", "zalo#"),
        ("ab12cd34", "ab#cd#"),
    ],
)
def test_numbers_and_addresses_are_masked(typed, kept):
    assert asked_file.masked(typed) == kept
    assert asked_file.masked(kept) == kept


# The middleware


@pytest.fixture
def site(db):
    return make_pages("vi", "en")


@pytest.fixture
def reader(site, page_cache) -> Client:
    ProcedureFactory(name_vi="Đăng ký khai sinh")
    return Client(headers={"User-Agent": BROWSER})


def test_a_search_is_noted_without_a_trace_of_who(reader, tmp_path):
    assert reader.get(LIST, {"q": "Khai sinh 0905123456", "was": "giấy  khai"}).status_code == 200
    [line] = noted(tmp_path)
    assert set(line) == {"day", "language", "text", "was"}
    assert (line["language"], line["text"], line["was"]) == ("vi", "khai sinh #", "giấy khai")
    assert dt.date.fromisoformat(line["day"])
    assert oct((tmp_path / "asked" / "now.jsonl").stat().st_mode)[-3:] == "600"


def test_a_warm_page_is_noted_too_and_asks_the_database_nothing(reader, tmp_path, django_assert_num_queries):
    reader.get(LIST, {"q": "khai sinh"})
    with django_assert_num_queries(0):
        reader.get(LIST, {"q": "khai sinh", "was": "khai"})
    assert [line["was"] for line in noted(tmp_path)] == ["", "khai"]


def test_what_was_typed_before_makes_no_page_of_its_own(reader, tmp_path):
    for before in ("một", "hai", ""):
        reader.get(LIST, {"q": "khai sinh", "was": before})
    assert len(list((tmp_path / "cache").glob("*.djcache"))) == 1


def test_a_list_of_another_language_says_which(reader, tmp_path):
    reader.get("/en/procedures/", {"q": "birth"})
    assert [line["language"] for line in noted(tmp_path)] == ["en"]


@pytest.mark.parametrize(
    ("address", "params"),
    [
        (LIST, {}),
        (LIST, {"q": ""}),
        (LIST, {"q": "0905 123 456"}),
        (LIST, {"q": "khai sinh", "page": "2"}),
        (LIST, {"q": "khai sinh", "field": "ho-tich"}),
        ("/vi/noi-cu/", {"q": "hoa khanh"}),
        ("/vi/", {"q": "khai sinh"}),
        ("/vi/khong-co/", {"q": "khai sinh"}),
        ("/api/v1/procedures", {"q": "khai sinh"}),
    ],
)
def test_what_is_no_search_of_the_list_isnt_noted(address, params, reader, tmp_path):
    reader.get(address, params)
    assert noted(tmp_path) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"User-Agent": "curl/8.5"},
        {"User-Agent": ""},
        {"User-Agent": BROWSER, "Sec-Purpose": "prefetch;prerender"},
    ],
)
def test_machines_and_pages_fetched_ahead_arent_noted(headers, reader, tmp_path):
    reader.get(LIST, {"q": "khai sinh"}, headers=headers)
    assert noted(tmp_path) == []


def test_head_and_an_editor_at_work_arent_noted(reader, tmp_path):
    reader.head(LIST, {"q": "khai sinh"})
    reader.cookies["sessionid"] = "x"
    reader.get(LIST, {"q": "khai sinh"})
    assert noted(tmp_path) == []


def test_who_goes_back_to_a_page_he_has_isnt_noted_again(reader, tmp_path):
    page = reader.get(LIST, {"q": "khai sinh"})
    again = reader.get(LIST, {"q": "khai sinh"}, headers={"User-Agent": BROWSER, "If-None-Match": page["ETag"]})
    assert again.status_code == 304
    assert len(noted(tmp_path)) == 1


def test_a_disk_that_refuses_costs_no_page(reader, tmp_path, caplog):
    (tmp_path / "asked").write_text("in the way")
    assert reader.get(LIST, {"q": "khai sinh"}).status_code == 200
    assert "can't be noted" in caplog.text


def test_a_list_that_moves_is_followed(site, reader, tmp_path):
    reader.get(LIST, {"q": "một"})
    page = site["vi", "procedures"]
    page.slug = "tim"
    page.save_revision().publish()
    generation.move_on()
    reader.get("/vi/tim/", {"q": "hai"})
    reader.get(LIST, {"q": "ba"})
    assert [line["text"] for line in noted(tmp_path)] == ["một", "hai"]


def test_a_file_that_nobody_takes_away_stops_growing(tmp_path, monkeypatch):
    monkeypatch.setattr(asked_file, "FULL", 300)
    for _time in range(50):
        ask("khai sinh")
    assert 300 <= (tmp_path / "asked" / "now.jsonl").stat().st_size < 500


def test_only_what_was_typed_before_is_taken_off_an_address():
    assert asked_middleware.without_was("q=a&was=b&page=1") == "q=a&page=1"
    assert asked_middleware.without_was("q=was%3D1&washed=1") == "q=was%3D1&washed=1"


# Counting


@pytest.mark.django_db
def test_what_was_asked_is_counted_by_day():
    for ago in (0, 0, 1):
        ask("khai sinh", days_ago=ago)
    tally = asking.ingest(today=TODAY)
    assert (tally.lines, tally.queries) == (3, 1)
    assert dict(AskedDay.objects.values_list("day", "times")) == {TODAY: 2, TODAY - dt.timedelta(days=1): 1}
    ask("khai sinh")
    asking.ingest(today=TODAY)
    assert AskedDay.objects.get(day=TODAY).times == 3
    assert not TakenFile.objects.exists()


@pytest.mark.django_db
def test_a_second_run_counts_nothing_twice(tmp_path):
    ask("khai sinh")
    asking.ingest(today=TODAY)
    assert asking.ingest(today=TODAY).lines == 0
    assert AskedDay.objects.get().times == 1
    assert list((tmp_path / "asked").iterdir()) == []


@pytest.mark.django_db
def test_two_days_are_not_shown_and_three_are():
    for ago in (0, 1):
        ask("vợ anh hùng ở số nhà 12", days_ago=ago)
    for ago in (0, 1, 2):
        ask("khai sinh", days_ago=ago)
    for _time in range(5):
        ask("năm lần một ngày")
    asking.ingest(today=TODAY)
    assert AskedQuery.objects.count() == 3
    assert [row.text for row in AskedQuery.objects.shown()] == ["khai sinh"]


@pytest.mark.django_db
def test_results_are_counted_of_what_is_shown(procedures):
    for ago in range(3):
        ask("đăng ký khai sinh", days_ago=ago)
        ask("xyzw qqqq", days_ago=ago)
    ask("kết hôn")
    assert asking.ingest(today=TODAY).counted == 2
    found = dict(AskedQuery.objects.values_list("text", "found"))
    assert found["đăng ký khai sinh"] >= 1
    assert found["xyzw qqqq"] == 0


@pytest.mark.django_db
def test_a_query_typed_after_another_is_counted_as_a_pair():
    ask("giấy con nít")
    for _time in range(2):
        ask("khai sinh", was="Giấy  con nít")
    ask("khai sinh", was="khai sinh")
    ask("khai sinh", was="nobody asked this first")
    asking.ingest(today=TODAY)
    ask("khai sinh", was="giấy con nít")
    asking.ingest(today=TODAY)
    assert [str(row) for row in Retyped.objects.all()] == ["giấy con nít → khai sinh"]
    assert Retyped.objects.get().times == 3


@pytest.mark.django_db
def test_the_same_words_of_two_languages_are_two_queries():
    ask("visa")
    ask("visa", language="en")
    asking.ingest(today=TODAY)
    assert AskedQuery.objects.count() == 2


@pytest.mark.django_db
def test_damaged_lines_are_refused_and_the_others_counted(tmp_path):
    ask("khai sinh")
    with (tmp_path / "asked" / "now.jsonl").open("ab") as file:
        file.write(b'{"day": "2026-11-27", "text": "half a li')
        file.write(b'\n[]\n{"day": "x", "language": "vi", "text": "a", "was": ""}\n\xff\xfe\n')
        file.write(b'{"day": "2026-11-27", "language": "xx", "text": "a", "was": ""}\n')
        file.write(b'{"day": "2026-11-27", "language": "vi", "text": 5, "was": ""}\n')
        file.write(b'{"day": "2025-01-01", "language": "vi", "text": "too old", "was": ""}\n')
        file.write(b'{"day": "2099-01-01", "language": "vi", "text": "to come", "was": ""}\n')
    tally = asking.ingest(today=TODAY)
    assert (tally.lines, tally.refused) == (1, 8)
    assert [row.text for row in AskedQuery.objects.all()] == ["khai sinh"]


@pytest.mark.django_db
def test_a_number_in_the_file_is_masked_before_it_is_kept(tmp_path):
    (tmp_path / "asked").mkdir()
    line = {"day": TODAY.isoformat(), "language": "vi", "text": "CCCD 048099001234", "was": ""}
    (tmp_path / "asked" / "now.jsonl").write_text(json.dumps(line) + "\n")
    asking.ingest(today=TODAY)
    assert AskedQuery.objects.get().text == "cccd #"


@pytest.mark.django_db
def test_a_crash_between_taking_and_committing_loses_no_line(monkeypatch, tmp_path):
    ask("khai sinh")

    def crash(asked):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(asking, "write", crash)
        asking.ingest(today=TODAY)
    assert len(noted(tmp_path)) == 1
    ask("khai sinh")
    asking.ingest(today=TODAY)
    assert AskedDay.objects.get().times == 2


@pytest.mark.django_db
def test_a_crash_between_committing_and_removing_counts_no_line_twice(monkeypatch, tmp_path):
    ask("khai sinh")

    def crash(self, missing_ok=False):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(Path, "unlink", crash)
        asking.ingest(today=TODAY)
    assert len(noted(tmp_path)) == 1
    asking.ingest(today=TODAY)
    assert AskedDay.objects.get().times == 1
    assert noted(tmp_path) == []
    assert not TakenFile.objects.exists()


WRITE = """
import datetime as dt, django
django.setup()
from search import asked_file
for number in range(400):
    asked_file.note("khai sinh", language="vi", was="", day=dt.date(2026, 11, 27))
"""


def test_two_processes_add_while_a_third_takes_away_and_nothing_is_lost(tmp_path):
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings", "DEMO": "1"}
    writers = [subprocess.Popen([sys.executable, "-c", WRITE], cwd=ROOT, env=environment) for _time in range(2)]
    taken = 0

    def take_all() -> int:
        paths = asked_file.take()
        lines = [json.loads(line) for path in paths for line in path.open()]
        for path in paths:
            path.unlink()
        return len(lines)

    while any(writer.poll() is None for writer in writers):
        taken += take_all()
    taken += take_all()
    assert [writer.returncode for writer in writers] == [0, 0]
    assert taken == 800


# Forgetting


@pytest.mark.django_db
def test_old_days_and_rare_queries_are_forgotten():
    ask("khai sinh")
    asking.ingest(today=TODAY)
    often = AskedQuery.objects.create(text="thường hỏi", language="vi")
    rare = AskedQuery.objects.create(text="ít hỏi", language="vi")
    recent = AskedQuery.objects.create(text="mới hỏi", language="vi")
    old = AskedQuery.objects.create(text="đã cũ", language="vi")
    for query, ages in ((often, (100, 200, 300, 401)), (rare, (5, 90)), (recent, (89,)), (old, (401, 402, 403))):
        for age in ages:
            AskedDay.objects.create(query=query, day=TODAY - dt.timedelta(days=age), times=1)
    Retyped.objects.create(first=rare, second=often, times=4)
    assert asking.ingest(today=TODAY).forgotten == 2
    assert set(AskedQuery.objects.values_list("text", flat=True)) == {"khai sinh", "thường hỏi", "mới hỏi"}
    assert often.days.count() == 3
    assert not Retyped.objects.exists()
