"""The commands of search: what they print for people, for programs, and where they refuse."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from search.management.commands import record_search_quality
from search.models import EverydayWords

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_a_rule")]
BIRTH, MARRIAGE = "1.001193", "1.000894"
KEYS = {"queries", "left_out", "ndcg@10", "success@1", "success@3", "success@5", "mrr", "p50_ms", "p99_ms"}


@pytest.fixture
def run(capsys):
    """Run a command and return the lines that it printed."""

    def call(*words: str, **options: object) -> list[str]:
        capsys.readouterr()
        call_command(*words, **options)
        return capsys.readouterr().out.splitlines()

    return call


def queries(path, *rows: dict) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def test_search_prints_a_line_a_hit_and_what_the_query_was_read_as(procedures, run):
    read_as, first, *rest = run("search", "dang ky ket hno")
    assert read_as == "read as: dang ky ket hon"
    assert MARRIAGE in first
    assert "Đăng ký kết hôn" in first
    assert rest[-1] == f"{len(rest)} shown"


def test_search_as_json_is_one_object_on_one_line(procedures, run):
    (line,) = run("search", "giấy nháp ở đâu", "--json")
    assert set(json.loads(line)) == {"query", "mended", "parts", "hits"}


def test_search_gives_titles_in_the_language_of_the_page(procedures, committing, run):
    row = procedures[MARRIAGE]
    with committing():
        row.name_en = "Marriage registration"
        row.save_revision().publish()
    (line,) = run("search", "marriage", "--lang", "en", "--json")
    assert json.loads(line)["hits"][0]["title"] == "Marriage registration"
    (line,) = run("search", "marriage", "--lang", "ko", "--json")
    assert json.loads(line)["hits"][0]["title"] == "Đăng ký kết hôn"


def test_search_shows_no_more_than_asked(procedures, run):
    (line,) = run("search", "đăng ký", "--limit", "2", "--json")
    assert len(json.loads(line)["hits"]) == 2


def test_search_that_finds_nothing_is_no_error(procedures, run):
    assert run("search", "zzzqqq") == ["0 shown"]


def test_search_of_no_such_kind_is_refused(procedures):
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("search", "x", "--kind=dossier")


def test_evaluation_ends_with_one_line_of_json(procedures, run, tmp_path):
    file = queries(tmp_path / "q.jsonl", {"query": "kết hôn", "codes": [MARRIAGE, "9.999999"], "lang": "vi"})
    told = json.loads(run("evaluate_search", "--queries", file, "--json")[-1])
    assert set(told) == KEYS
    assert (told["queries"], told["ndcg@10"], told["success@1"], told["success@3"], told["mrr"]) == (1, 1, 1, 1, 1)


def test_evaluation_of_queries_that_nobody_can_answer_tells_how_many(procedures, run, tmp_path):
    file = queries(tmp_path / "q.jsonl", {"query": "a", "codes": ["9.999999"]}, {"query": "b", "codes": []})
    told = json.loads(run("evaluate_search", "--queries", file, "--json")[-1])
    assert (told["queries"], told["left_out"], told["ndcg@10"], told["p99_ms"]) == (0, 2, 0, 0)


def test_evaluation_of_an_empty_file_is_of_no_query(procedures, run, tmp_path):
    file = queries(tmp_path / "q.jsonl")
    assert json.loads(run("evaluate_search", "--queries", file, "--json")[-1])["queries"] == 0


def test_evaluation_of_slips_tells_each_class(procedures, run):
    *lines, last = run("evaluate_search", "--slips", "3", "--json")
    told = json.loads(last)
    assert len(told) == 13
    assert set(told["telex"]) == KEYS
    assert any(line.startswith("no marks") for line in lines)
    assert any("on average over 13 classes" in line for line in lines)


def test_a_file_and_slips_at_once_are_refused(procedures, tmp_path):
    with pytest.raises(CommandError, match="Give --queries FILE or --slips N"):
        call_command("evaluate_search", queries=queries(tmp_path / "q.jsonl"), slips=3)


def test_an_engine_that_is_none_is_refused(procedures):
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("evaluate_search", "--slips=1", "--engine=sphinx")


def test_recording_writes_the_figures_of_each_file(procedures, run, tmp_path, monkeypatch):
    monkeypatch.setattr(record_search_quality, "DATA", tmp_path)
    (tmp_path / "judged").mkdir()
    queries(tmp_path / "judged" / "real.jsonl", {"query": "kết hôn", "codes": [MARRIAGE]})
    queries(tmp_path / "judged" / "everyday.jsonl", {"query": "khai sinh", "codes": [MARRIAGE]})
    run("record_search_quality")
    told = json.loads((tmp_path / "quality.json").read_text())
    assert list(told) == ["everyday", "real"]
    assert told["real"] == {"queries": 1, "ndcg@10": 1.0, "success@1": 1.0, "success@3": 1.0}
    assert told["everyday"]["success@1"] == 0.0


def test_recording_without_an_index_is_refused(db):
    with pytest.raises(CommandError, match="rebuild_search makes it"):
        call_command("record_search_quality")


def test_a_rebuild_takes_in_what_is_there_now(procedures, run):
    EverydayWords.objects.bulk_create([EverydayWords(procedure=procedures[BIRTH], phrases="em bé chào đời")])
    lines = run("rebuild_search")
    assert f"{len(procedures)} documents" in lines
    (line,) = run("search", "em bé chào đời", "--json")
    assert json.loads(line)["hits"][0]["code"] == BIRTH


def test_a_repair_by_command_takes_in_what_was_missed(procedures, run):
    EverydayWords.objects.bulk_create([EverydayWords(procedure=procedures[BIRTH], phrases="em bé chào đời")])
    assert "tantivy: 1 put in, 0 taken out" in run("rebuild_search", "--if-missing")
    assert "tantivy: 0 put in, 0 taken out" in run("rebuild_search", "--if-missing")
