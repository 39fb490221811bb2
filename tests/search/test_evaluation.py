"""How quality is measured."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from search import evaluation, training
from search.evaluation import Judged
from search.ranking import FACTS
from search.slips import SLIPS, generate
from search.training import Example

NAMES = {
    "1.000001": "Đăng ký khai sinh cho con",
    "1.000002": "Đăng ký kết hôn lần đầu",
    "1.000003": "Cấp lại giấy phép lái xe",
    "1.000004": "Cấp thẻ căn cước công dân",
    "1.000005": "Thành lập hộ kinh doanh mới",
}


@pytest.mark.parametrize(
    ("got", "right", "expected"),
    [
        (["a", "b"], {"a"}, 1.0),
        (["b", "a"], {"a"}, 0.6309),
        (["b", "c"], {"a"}, 0.0),
        (["a", "x", "b"], {"a", "b"}, 0.9197),
        ([], {"a"}, 0.0),
        (["x"] * 10 + ["a"], {"a"}, 0.0),
    ],
)
def test_ndcg_is_what_the_field_means_by_it(got, right, expected):
    assert evaluation.ndcg(got, frozenset(right)) == pytest.approx(expected, abs=1e-4)


def test_figures_over_queries():
    answers = {"one": ["a", "b"], "two": ["x", "b"], "three": ["x", "y", "z", "c"], "four": ["x"]}
    queries = [Judged("one", frozenset("a")), Judged("two", frozenset("b")), Judged("three", frozenset("c"))]
    queries += [Judged("four", frozenset("d")), Judged("five", frozenset("unknown"))]
    quality = evaluation.evaluate(queries, lambda text, language: answers[text], frozenset("abcd"))
    assert (quality.queries, quality.left_out) == (4, 1)
    assert quality.success == {1: 0.25, 3: 0.5, 5: 0.75}
    assert quality.mrr == pytest.approx((1 + 1 / 2 + 1 / 4) / 4)
    assert [(miss.judged.text, miss.place) for miss in quality.misses] == [("three", 4), ("four", None)]


def test_the_ideal_counts_known_codes_only():
    quality = evaluation.evaluate([Judged("q", frozenset({"a", "gone"}))], lambda *asked: ["a"], frozenset("a"))
    assert quality.ndcg == 1.0


def test_percentiles_are_of_the_nearest_rank():
    assert evaluation.percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert evaluation.percentile(list(range(1, 101)), 99) == 99


def test_there_are_thirteen_classes_of_slips_the_same_each_time():
    classes = generate(NAMES, 5)
    assert len(classes) == 13
    assert set(classes) == {*SLIPS, "twins"}
    assert classes == generate(NAMES, 5)
    assert classes["telex"][0].text.isascii()


@pytest.mark.django_db
def test_the_command_prints_the_figures(procedures, tmp_path, capsys):
    file = tmp_path / "queries.jsonl"
    rows = [{"query": "dang ky ket hon", "codes": ["1.000894"]}, {"query": "?", "codes": ["9.999999"]}]
    rows.append({"query": "khai sinh", "codes": ["1.000894"]})
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    call_command("evaluate_search", queries=str(file), json=True, failures=True)
    *lines, last = capsys.readouterr().out.strip().splitlines()
    told = json.loads(last)
    assert {"ndcg@10", "success@1", "success@3", "p50_ms", "p99_ms"} <= set(told)
    assert (told["queries"], told["left_out"], told["success@1"]) == (2, 1, 0.5)
    assert any("«khai sinh» wants 1.000894" in line for line in lines)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"codes": ["1"]}\n', "it needs «query» and «codes»"),
        ('{"query": "a", "codes": "1"}\n', "it needs «query» and «codes»"),
        ('{"query": "a", "co', "fetch it again"),
        ("nonsense\n", "not JSON"),
    ],
)
def test_a_bad_file_is_refused(procedures, tmp_path, text, said):
    file = tmp_path / "queries.jsonl"
    file.write_text(text)
    with pytest.raises(CommandError, match=said):
        call_command("evaluate_search", queries=str(file))


@pytest.mark.django_db
def test_what_is_missing_is_said(db, procedures, tmp_path):
    with pytest.raises(CommandError, match="SEARCH_URL names no cluster"):
        call_command("evaluate_search", slips=1, engine="elasticsearch")
    with pytest.raises(CommandError, match="Give --queries FILE or --slips N"):
        call_command("evaluate_search")
    with pytest.raises(CommandError, match="isn't a file"):
        call_command("evaluate_search", queries=str(tmp_path / "none"))


@pytest.mark.django_db
@pytest.mark.parametrize("words", [("search", "x"), ("evaluate_search", "--slips=1"), ("train_ranking", "file")])
def test_without_an_index_the_commands_say_how_to_make_one(words):
    with pytest.raises(CommandError, match="rebuild_search makes it"):
        call_command(*words)


@pytest.mark.django_db
def test_the_search_command_prints_json(procedures, capsys):
    call_command("search", "dang ky ket hno", json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["mended"] == "dang ky ket hon"
    assert told["hits"][0]["code"] == "1.000894"


@pytest.mark.django_db
def test_learning_puts_right_documents_first(procedures):
    known = frozenset(procedures)
    queries = [Judged("giấy kết hôn", frozenset({"1.000894"})), Judged("khai sinh", frozenset({"1.001193"}))]
    examples = training.examples(queries, known)
    weights = training.learn([examples])
    assert set(weights) == set(FACTS)
    by_hand = {name: training.BY_HAND.get(name, 0.0) for name in FACTS}
    assert training.quality(examples, weights)[0] >= training.quality(examples, by_hand)[0]


def test_queries_of_one_procedure_stay_in_one_part():
    one = [training.part_of(Judged(text, frozenset({"1.001193"}))) for text in ("a", "b", "c")]
    assert len(set(one)) == 1
    many = Counter(training.part_of(Judged("a", frozenset({str(number)}))) for number in range(500))
    assert sorted(many) == list(range(training.PARTS))
    assert min(many.values()) > 60


def test_unseen_queries_are_ranked_by_what_the_other_parts_taught(monkeypatch):
    taught: list[set[str]] = []
    right = {f"1.{number:06}": np.array([number % 2 == 0, True]) for number in range(60)}
    examples = [
        Example(Judged(code, frozenset({code})), (code, "other"), np.zeros((2, len(FACTS))), truth, np.zeros(2))
        for code, truth in right.items()
    ]

    def learn(groups):
        taught.append({example.judged.text for group in groups for example in group})
        return dict.fromkeys(FACTS, 0.0)

    monkeypatch.setattr(training, "learn", learn)
    assert training.unseen({"all": examples}) == {"all": (1.0, 1.0)}
    assert len(taught) == training.PARTS
    for part, seen in enumerate(taught):
        assert seen == {e.judged.text for e in examples if training.part_of(e.judged) != part}
