"""Loading words: an editor's change stays, a rerun changes nothing, bad rows are refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalogue.loading.output import LoadError
from catalogue.loading.reading import UntrustedFileError
from search import knowledge, public
from search.loading import DATA, load_words
from search.models import EverydayWords, JudgedQuery, QuestionWords, Situation, WordGroup

pytestmark = pytest.mark.django_db
BIRTH, MARRIAGE, COPY = "1.001193", "1.000894", "2.000635"
GROUP = {"everyday": ["sổ đỏ", "bìa đỏ"], "legal": ["giấy chứng nhận quyền sử dụng đất"], "kind": "everyday"}
PHRASES = {"code": BIRTH, "phrases": ["làm giấy khai sinh"]}
SITUATION = {"phrases": ["mới sinh con"], "codes": [BIRTH, COPY]}
QUESTION = {"part": "papers", "phrases": ["cần giấy tờ gì"]}
JUDGED = {"query": "giấy con nít", "codes": [BIRTH]}


@pytest.fixture
def folder(tmp_path: Path, procedures) -> Path:
    """A folder with a row of each kind."""
    place = tmp_path / "data"
    for name in ("words", "judged"):
        (place / name).mkdir(parents=True)
    for name, row in (("groups", GROUP), ("everyday", PHRASES), ("situations", SITUATION), ("questions", QUESTION)):
        write(place, name, row)
    (place / "judged" / "real.jsonl").write_text(json.dumps(JUDGED) + "\n")
    return place


def write(folder: Path, name: str, *rows: dict) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "words" / f"{name}.jsonl").write_text(text)


def counts(report) -> dict[str, int]:
    return {name: number for name, number in report.as_dict().items() if number}


def test_each_kind_is_loaded_and_a_rerun_changes_nothing(folder):
    assert counts(load_words(folder)) == {"created": 5}
    assert counts(load_words(folder)) == {"unchanged": 5}
    assert WordGroup.objects.get().legal == "giấy chứng nhận quyền sử dụng đất"
    assert [need.procedure.code for need in Situation.objects.get().needs.all()] == [BIRTH, COPY]
    assert JudgedQuery.objects.get().origin == "real"


def test_a_changed_file_changes_the_row(folder):
    load_words(folder)
    write(folder, "groups", {**GROUP, "legal": ["quyền sử dụng đất"], "reviewed": True})
    write(folder, "situations", {**SITUATION, "codes": [COPY]})
    report = load_words(folder)
    assert counts(report) == {"changed": 2, "unchanged": 3}
    assert report.changed[0].fields == ("legal", "is_reviewed")
    assert WordGroup.objects.get().is_reviewed
    assert [need.procedure.code for need in Situation.objects.get().needs.all()] == [COPY]


def test_an_editors_change_stays_while_the_file_says_the_same(folder):
    load_words(folder)
    row = WordGroup.objects.get()
    row.legal = "đất đai"
    row.save(update_fields=["legal", "updated_at"])
    assert counts(load_words(folder)) == {"unchanged": 5}
    assert WordGroup.objects.get().legal == "đất đai"


@pytest.mark.parametrize("column", ["legal", "everyday", "field"])
def test_an_editors_change_stays_and_is_a_conflict_when_the_file_changes_too(column, folder):
    load_words(folder)
    row = WordGroup.objects.get()
    setattr(row, column, "bởi biên tập viên")
    row.save(update_fields=[column, "updated_at"])
    write(folder, "groups", {**GROUP, "legal": ["quyền sử dụng đất"]})
    for _time in range(2):
        report = load_words(folder)
        assert counts(report) == {"unchanged": 4, "conflicts": 1}
        assert getattr(WordGroup.objects.get(), column) == "bởi biên tập viên"
    assert "editor" in report.conflicts[0].reason


def test_a_situation_whose_procedures_an_editor_changed_is_a_conflict_too(folder, procedures):
    load_words(folder)
    Situation.objects.get().needs.filter(procedure=procedures[COPY]).delete()
    write(folder, "situations", {**SITUATION, "codes": [BIRTH, MARRIAGE]})
    assert counts(load_words(folder))["conflicts"] == 1
    assert [need.procedure.code for need in Situation.objects.get().needs.all()] == [BIRTH]


def test_an_editor_who_did_what_the_file_says_now_is_no_conflict(folder):
    load_words(folder)
    row = EverydayWords.objects.get()
    row.phrases = "làm giấy khai sinh\ngiấy con nít"
    row.save(update_fields=["phrases", "updated_at"])
    write(folder, "everyday", {**PHRASES, "phrases": ["làm giấy khai sinh", "giấy con nít"]})
    assert counts(load_words(folder)) == {"unchanged": 5}


def test_an_editors_own_row_and_judgement_stay(folder, procedures):
    WordGroup.objects.create(everyday="giấy con nít", legal="khai sinh")
    judged = JudgedQuery.objects.create(text="giấy con nít")
    judged.procedures.set([procedures[MARRIAGE]])
    assert counts(load_words(folder)) == {"created": 4, "unchanged": 1}
    assert WordGroup.objects.count() == 2
    assert [row.code for row in JudgedQuery.objects.get().procedures.all()] == [MARRIAGE]


@pytest.mark.parametrize(
    ("name", "row", "reason"),
    [
        ("groups", {"everyday": ["a"]}, "legal"),
        ("groups", {**GROUP, "kind": "other"}, "unknown kind other"),
        ("groups", {**GROUP, "legal": []}, "not empty"),
        ("groups", {**GROUP, "everyday": "sổ đỏ"}, "list of texts"),
        ("groups", {**GROUP, "everyday": ["…"]}, "…"),
        ("groups", {**GROUP, "everyday": ["a" * 121]}, "120"),
        ("everyday", {"code": BIRTH, "phrases": [5]}, "list of texts"),
        ("everyday", {"phrases": ["a"]}, "code"),
        ("situations", {"phrases": ["a"]}, "codes"),
        ("questions", {"part": "nothing", "phrases": ["a"]}, "unknown part nothing"),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_and_the_others_load(name, row, reason, folder):
    good = {"groups": GROUP, "everyday": PHRASES, "situations": SITUATION, "questions": QUESTION}[name]
    write(folder, name, row, good)
    report = load_words(folder)
    assert counts(report) == {"created": 5, "refused": 1}
    assert report.refused[0].row == 1
    assert reason in report.refused[0].reason
    assert f"{name}.jsonl" in report.refused[0].reason


def test_a_line_that_is_no_json_is_refused_and_named(folder):
    path = folder / "words" / "groups.jsonl"
    path.write_text("{no json}\n" + path.read_text())
    report = load_words(folder)
    assert counts(report) == {"created": 5, "refused": 1}
    assert "not JSON" in report.refused[0].reason


def test_a_row_that_stands_twice_is_refused(folder):
    write(folder, "groups", GROUP, {**GROUP, "everyday": ["SỔ ĐỎ"]})
    report = load_words(folder)
    assert "twice" in report.refused[0].reason
    assert WordGroup.objects.count() == 1


def test_unknown_codes_are_left_out_and_counted(folder):
    write(folder, "everyday", PHRASES, {"code": "9.999999", "phrases": ["a"]}, {"code": "9.999998", "phrases": ["b"]})
    write(folder, "situations", {**SITUATION, "codes": ["9.999999", BIRTH]}, {"phrases": ["a"], "codes": ["9.999999"]})
    (folder / "judged" / "real.jsonl").write_text(json.dumps({"query": "a", "codes": ["9.999999"]}) + "\n")
    report = load_words(folder)
    assert counts(report) == {"created": 4}
    assert sorted(report.notes) == [
        "everyday.jsonl: 2 rows name no procedure of the loaded catalogue",
        "real.jsonl: 1 queries have no answer in the loaded catalogue",
        "situations.jsonl: 1 rows name no procedure of the loaded catalogue",
    ]


def test_a_file_that_is_cut_off_refuses_the_whole_load(folder):
    path = folder / "words" / "situations.jsonl"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(UntrustedFileError, match="ends in the middle of row 1"):
        load_words(folder)
    assert not WordGroup.objects.exists()
    assert not QuestionWords.objects.exists()


def test_a_folder_without_words_is_refused(tmp_path):
    with pytest.raises(LoadError, match="no folder «words»"):
        load_words(tmp_path)
    with pytest.raises(CommandError, match="Nothing was loaded"):
        call_command("load_search_words", str(tmp_path))


def test_a_dry_run_reports_and_writes_nothing(folder):
    assert counts(load_words(folder, dry_run=True)) == {"created": 5}
    assert not WordGroup.objects.exists()


def test_what_is_loaded_is_found_at_once_and_other_processes_are_told(folder, committing):
    before = knowledge.generation.current()
    write(folder, "everyday", {**PHRASES, "phrases": ["tờ con nít xyzw"]})
    with committing():
        load_words(folder)
    assert knowledge.generation.current() != before
    assert [hit.name for hit in public.find("xyzw").hits][:1] == [BIRTH]


def test_the_committed_words_have_no_bad_row(procedures):
    report = load_words(DATA, dry_run=True)
    assert report.refused == []
    assert report.conflicts == []
    assert report.created > 1000
