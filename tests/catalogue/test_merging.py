"""Three contents become one: what only one side changed is taken, what both changed is told."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from catalogue.changesets.merging import is_same_law, merge

PAPER = {
    "pk": 7,
    "key": "p-1",
    "name": "Tờ khai",
    "name_vi": "Tờ khai",
    "name_ko": "신고서",
    "copies": 1,
    "sort_order": 0,
}
ROW = {
    "pk": 1,
    "code": "1.1",
    "steps_vi": "Nộp",
    "roles": [1, 2],
    "cases": [{"pk": 3, "key": "c-1", "papers": [PAPER]}],
}


def altered(**values: Any) -> dict[str, Any]:
    return {**copy.deepcopy(ROW), **values}


def with_papers(*papers: dict[str, Any]) -> dict[str, Any]:
    return altered(cases=[{"pk": 3, "key": "c-1", "papers": list(papers)}])


def papers_of(content: dict[str, Any]) -> list[dict[str, Any]]:
    return content["cases"][0]["papers"]


def test_what_each_side_alone_changed_is_in_the_result():
    merged = merge(ROW, altered(short_name="Khai sinh"), altered(steps_vi="Nộp ở phường"))
    assert (merged.content["short_name"], merged.content["steps_vi"]) == ("Khai sinh", "Nộp ở phường")
    assert not merged.clashes


def test_a_value_changed_on_both_sides_stays_and_is_told():
    merged = merge(ROW, altered(steps_vi="Nộp ở quận"), altered(steps_vi="Nộp ở phường"))
    assert merged.content["steps_vi"] == "Nộp ở quận"
    (clash,) = merged.clashes
    assert (clash.path, clash.base, clash.mine, clash.theirs) == (("steps_vi",), "Nộp", "Nộp ở quận", "Nộp ở phường")


def test_a_translation_made_meanwhile_stays_beside_a_new_number_of_copies():
    merged = merge(ROW, with_papers({**PAPER, "name_ko": "출생 신고서"}), with_papers({**PAPER, "copies": 2}))
    (paper,) = papers_of(merged.content)
    assert (paper["name_ko"], paper["copies"], paper["pk"]) == ("출생 신고서", 2, 7)
    assert not merged.clashes


def test_papers_come_go_and_keep_their_order():
    second = {**PAPER, "pk": None, "key": "p-2", "name_vi": "Giấy chứng sinh", "sort_order": 0}
    merged = merge(ROW, ROW, with_papers(second, {**PAPER, "sort_order": 1}))
    assert [(paper["key"], paper["sort_order"]) for paper in papers_of(merged.content)] == [("p-2", 0), ("p-1", 1)]
    assert papers_of(merge(ROW, ROW, with_papers()).content) == []


def test_a_paper_taken_away_goes_though_its_translation_changed_but_not_if_its_law_did():
    translated = with_papers({**PAPER, "name_ko": "출생 신고서"})
    assert papers_of(merge(ROW, translated, with_papers()).content) == []
    merged = merge(ROW, with_papers({**PAPER, "copies": 3}), with_papers())
    assert papers_of(merged.content)[0]["copies"] == 3
    assert [clash.path for clash in merged.clashes] == [("cases", "c-1", "papers", "p-1")]


def test_what_somebody_took_away_meanwhile_does_not_come_back():
    merged = merge(ROW, with_papers(), with_papers({**PAPER, "copies": 2}))
    assert papers_of(merged.content) == []
    assert len(merged.clashes) == 1


def test_links_are_added_and_taken_one_by_one():
    assert merge(ROW, altered(roles=[1, 2, 3]), altered(roles=[2, 4])).content["roles"] == [2, 3, 4]


def test_bookkeeping_is_never_merged():
    merged = merge(altered(live=True), altered(live=True, latest_revision=5), altered(live=False, latest_revision=3))
    assert (merged.content["live"], merged.content["latest_revision"]) == (True, 5)


VALUES = st.one_of(st.none(), st.integers(0, 3), st.sampled_from(["a", "b"]))
CHILDREN = st.lists(
    st.fixed_dictionaries({"key": st.sampled_from("xyz"), "name_vi": st.sampled_from("ab")}),
    unique_by=lambda row: row["key"],
    max_size=3,
)
ROWS = st.fixed_dictionaries(
    {"one": VALUES, "two": VALUES, "links": st.lists(st.integers(0, 4), unique=True, max_size=4), "rows": CHILDREN}
)


def in_any_order(content: dict[str, Any]) -> dict[str, Any]:
    rows = sorted(({**row, "pk": None} for row in content["rows"]), key=lambda row: row["key"])
    return {**content, "links": sorted(content["links"]), "rows": rows}


@given(ROWS, ROWS)
def test_a_side_that_changed_nothing_gets_all_of_the_other(base, other):
    for merged in (merge(base, base, other), merge(base, other, base), merge(base, other, other)):
        assert in_any_order(merged.content) == in_any_order(other)
        assert not merged.clashes


@given(ROWS, ROWS, ROWS)
def test_nothing_is_lost_without_being_told(base, mine, theirs):
    """Each value of the decision stands in the result, or a clash names it."""
    merged = merge(base, mine, theirs)
    told = {clash.path[0] for clash in merged.clashes}
    for name in ("one", "two"):
        kept = merged.content[name]
        assert kept == theirs[name] or theirs[name] == base[name] or name in told
        assert kept == mine[name] or mine[name] == base[name] or name not in told
    keys = {row["key"] for row in merged.content["rows"]}
    gone = {row["key"] for row in base["rows"]}
    assert "rows" in told or {row["key"] for row in theirs["rows"]} - gone <= keys


def test_the_law_is_the_vietnamese_with_its_children():
    assert is_same_law(ROW, altered(name_ko="x", updated_at="2026-11-28", pk=9))
    assert not is_same_law(ROW, with_papers({**PAPER, "copies": 2}))
