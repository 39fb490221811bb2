"""The generated typing slips: thirteen classes, each what it says, the same each time."""

from __future__ import annotations

import random
import unicodedata

import pytest

from catalogue.text import fold
from search.slips import SLIPS, generate
from search.tokens import tokens

NAMES = {
    "1.000001": "Đăng ký khai sinh cho trẻ em",
    "1.000002": "Đăng ký kết hôn lần đầu tại xã",
    "1.000003": "Cấp lại giấy phép lái xe",
    "1.000004": "Cấp thẻ căn cước công dân",
    "1.000005": "Thành lập hộ kinh doanh mới",
    "1.000006": "Xác nhận hòa giải thành ở cơ sở",
    "1.000007": "Thủ tục đăng ký khai sinh cho trẻ em",
    "1.000008": "Khai tử",
}
NAME = "Đăng ký hòa giải ở cơ sở"


def slip(kind: str, text: str = NAME, seed: int = 1) -> str:
    return SLIPS[kind](text, random.Random(seed))


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("no marks", "dang ky hoa giai o co so"),
        ("telex", "ddawng kys hoaf giair owr cow sowr"),
        ("VNI", "d9a8ng ky1 hoa2 giai3 o73 co7 so73"),
        ("no spaces", "dangkyhoagiaioco"),
        ("other spelling", "đăng kí hoà giải ở cơ sở"),
    ],
)
def test_a_class_is_what_it_says(kind, typed):
    assert slip(kind, NAME.lower()) == typed


def test_nfd_says_the_same_in_other_letters():
    assert slip("NFD") != NAME
    assert unicodedata.normalize("NFC", slip("NFD")) == NAME


def test_some_marks_are_left():
    made = {slip("some marks", seed=seed) for seed in range(10)}
    assert len(made) > 5
    assert {fold(text) for text in made} == {fold(NAME)}


@pytest.mark.parametrize(("kind", "longer"), [("swapped", 0), ("missing", -1), ("doubled", 1), ("neighbour key", 0)])
def test_exactly_one_word_is_mistyped(kind, longer):
    right = fold("Đăng ký khai sinh").split()
    for seed in range(30):
        typed = slip(kind, "Đăng ký khai sinh", seed).split()
        wrong = [(one, other) for one, other in zip(right, typed, strict=True) if one != other]
        assert len(wrong) <= 1
        assert all(len(other) - len(one) == longer and len(one) >= 4 for one, other in wrong)


def test_one_space_is_missing():
    typed = slip("joined pair")
    assert typed.replace(" ", "") == NAME.replace(" ", "")
    assert typed.count(" ") == NAME.count(" ") - 1


@pytest.mark.parametrize("kind", ["swapped", "missing", "doubled", "neighbour key"])
def test_a_name_of_short_words_has_no_such_slip(kind):
    assert slip(kind, "Ủy ban xã") == ""


def test_there_are_thirteen_classes_the_same_each_time():
    made = generate(NAMES, 4)
    assert len(made) == 13
    assert made == generate(dict(reversed(NAMES.items())), 4)
    assert all(len(queries) <= 4 for queries in made.values())


def test_no_class_types_the_name_itself_but_the_twins():
    names = {name.lower() for name in NAMES.values()}
    for kind, queries in generate(NAMES, 9).items():
        assert all((query.text in names) == (kind == "twins") for query in queries), kind


def test_a_name_of_two_procedures_is_right_for_both():
    (query, *_) = [q for q in generate(NAMES, 9)["no marks"] if q.text == "dang ky khai sinh cho tre em"]
    assert query.codes == {"1.000001", "1.000007"}


def test_a_name_too_short_to_tell_is_left_out():
    texts = [query.text for queries in generate(NAMES, 9).values() for query in queries]
    assert texts
    assert not any(fold(text) == "khai tu" for text in texts)


def test_twins_hold_words_that_are_other_words_with_other_marks():
    names = {"1": "Lấy số nhà cũ", "2": "Lây so nhã cú", "3": "Khai sinh trẻ em"}
    twins = generate(names, 9)["twins"]
    assert {query.text for query in twins} == {"lấy số nhà cũ", "lây so nhã cú"}
    assert all(any(token.has_marks for token in tokens(query.text)) for query in twins)


def test_no_names_give_no_slips():
    assert all(not queries for queries in generate({}, 5).values())
