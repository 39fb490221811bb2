"""Both sides of a change, with what differs marked and the rest short."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from catalogue.cms.marked_text import marked_pair

LINES = st.lists(st.sampled_from(["nộp hồ sơ ở quận", "nhận kết quả", "<b>", "5 ngày & 3 giờ", ""]), max_size=12)


def test_the_words_that_differ_are_marked():
    left, right = marked_pair("Nộp ở quận trong 5 ngày", "Nộp ở phường trong 5 ngày")
    assert left == "Nộp ở <del>quận</del> trong 5 ngày"
    assert right == "Nộp ở <ins>phường</ins> trong 5 ngày"


def test_a_change_deep_in_a_long_text_is_seen_and_the_rest_left_out():
    lines = [f"Bước {number}: làm việc {number}" for number in range(300)]
    later = [*lines[:200], "Bước 200: làm việc khác", *lines[201:]]
    left, right = marked_pair("\n".join(lines), "\n".join(later))
    assert "<ins>khác</ins>" in right
    assert len(right) < 300
    assert "[…]" in left


def test_markup_is_escaped():
    left, right = marked_pair("<script>1</script>", "<script>2</script>")
    assert "<script>" not in left + right


@given(LINES, LINES)
def test_what_is_marked_stands_in_its_own_text_and_nothing_else_is_markup(before, after):
    sides = ("\n".join(before), "\n".join(after))
    for html, mark, text in zip(marked_pair(*sides), ("del", "ins"), sides, strict=True):
        found = re.findall(f"<{mark}>(.*?)</{mark}>", html, re.DOTALL)
        assert all(unescape(piece) in text for piece in found)
        assert "<" not in re.sub(f"</?{mark}>", "", html)
    assert ("<del>" in marked_pair(*sides)[0] or "<ins>" in marked_pair(*sides)[1]) is (sides[0] != sides[1])
