"""Papers stand in order by case; what says nothing is unclassified."""

import pytest

from catalogue.loading.audiences import parse_audiences
from catalogue.loading.papers import parse_papers
from catalogue.loading.results import parse_results


def document(name, originals=1, copies=0, group=None):
    return {"name": name, "originals": originals, "copies": copies, "form": None, "group": group}


@pytest.mark.parametrize(
    ("name", "originals", "copies", "group", "kind"),
    [
        ("Tờ khai", 1, 0, None, "paper"),
        ("Bản sao thẻ", 0, 1, "* Lưu ý:", "paper"),
        ("Bản sao văn bản nghiệm thu", 0, 0, None, "unclassified"),
        ("Hồ sơ gồm:", 0, 0, "* Lưu ý:", "heading"),
        ("Hồ sơ gồm:", 1, 0, None, "paper"),
        ("Người nộp có thể chọn", 0, 0, "* Lưu ý:", "note"),
        ("Bản vẽ", None, None, None, "unclassified"),
    ],
)
def test_the_kind_of_a_row_follows_from_counts_ending_and_group(name, originals, copies, group, kind):
    (case,) = parse_papers([document(name, originals, copies, group)])
    assert case.papers[0].kind == kind


def test_a_group_of_letters_is_sorted_by_the_vietnamese_alphabet():
    names = ["a) Một", "d) Bốn", "b) Hai", "đ) Năm", "c) Ba", "e) Sáu"]
    (case,) = parse_papers([document(name) for name in names])
    assert [paper.name[0] for paper in case.papers] == list("abcdđe")


def test_rows_that_continue_the_one_above_keep_the_order():
    names = ["b) Hai", "- một phần của b", "a) Một"]
    (case,) = parse_papers([document(name) for name in names])
    assert [paper.name for paper in case.papers] == names


def test_cases_stand_in_the_order_of_the_portal_after_what_everyone_brings():
    rows = [document("x", group="Trường hợp 2"), document("y", group="Trường hợp 1"), document("z")]
    assert [case.label for case in parse_papers(rows)] == ["", "Trường hợp 2", "Trường hợp 1"]


@pytest.mark.parametrize(
    ("group", "handling"),
    [("* Giấy tờ phải nộp:", "submit"), ("* Giấy tờ phải xuất trình:", "present"), ("Thành phần hồ sơ:", "unknown")],
)
def test_the_group_says_whether_a_paper_is_handed_in_or_shown(group, handling):
    (case,) = parse_papers([document("Thẻ", group=group)])
    assert case.papers[0].handling == handling


def test_audiences_are_parted_at_commas_outside_brackets_and_known_labels():
    labels = [
        "Tổ chức (không bao gồm doanh nghiệp, HTX)",
        "Cán bộ, công chức, viên chức",
        "Người nước ngoài đã cư trú tại Việt Nam",
    ]
    assert parse_audiences(", ".join(labels)) == [
        "Tổ chức (không bao gồm doanh nghiệp, HTX)",
        "Cán bộ, công chức, viên chức",
        "Người nước ngoài cư trú tại Việt Nam",
    ]


def test_results_get_codes_only_where_they_fit_one_to_one():
    assert parse_results("Thẻ; Sổ", ["KQ.1", "KQ.2"]) == [["KQ.1", "Thẻ"], ["KQ.2", "Sổ"]]
    assert parse_results("Thẻ; Sổ", ["KQ.1"]) == [["KQ.1", "Thẻ; Sổ"]]
    assert parse_results("Thẻ", ["KQ.1", "KQ.2"]) == [["", "Thẻ"]]
    assert parse_results("", ["KQ.1"]) == []
