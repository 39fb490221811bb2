"""Which words of a text are marked."""

from __future__ import annotations

import pytest

from portal.found.marking import mark, wanted


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Cấp giấy phép lái xe", "Cấp <mark>giấy phép lái xe</mark>"),
        ("Giấy chứng nhận lái tàu, phép năm", "Giấy chứng nhận lái tàu, phép năm"),
        ("Đổi gplx và giấy phép lái xe", "Đổi <mark>gplx</mark> và <mark>giấy phép lái xe</mark>"),
    ],
)
def test_a_phrase_that_was_meant_is_marked_as_a_whole_or_not_at_all(text, marked):
    what = wanted("gplx", ["gplx"], [("giay", "phep", "lai", "xe")])
    assert mark(text, "vi", what) == marked


def test_a_word_that_was_perhaps_meant_is_marked_too():
    assert mark("Đăng ký khai sinh", "vi", wanted("khai sin", ["khai", "sin", "sinh"])) == (
        "Đăng ký <mark>khai sinh</mark>"
    )


@pytest.mark.parametrize(
    ("text", "marked"),
    [("ビザの延長", "<mark>ビザ</mark>の<mark>延長</mark>"), ("出生の届出", "出生の届出")],
)
def test_letters_of_grammar_alone_are_not_marked(text, marked):
    assert mark(text, "ja", wanted("ビザの延長", ["c:ビザ", "c:の", "c:延長"])) == marked
