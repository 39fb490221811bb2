"""From what was typed to what is looked for."""

from __future__ import annotations

import pytest

from search import public
from search.models import EverydayWords, QuestionWords, WordGroup
from search.understanding import MOST_WORDS

pytestmark = pytest.mark.django_db


def understood(text: str, **options: object):
    return public.understood(text, **options)[0]


def terms(text: str, **options: object) -> list[str]:
    return [want.term for want in understood(text, **options).wants]


@pytest.mark.parametrize(
    "typed",
    [
        "dang ky ket hon",
        "ddawng kys keets hoon",
        "d9a8ng ky1 ke6t1 ho6n",
        "dangkykethon",
        "dang ky ket hno",
        "đăng kí kết hôn",
    ],
)
def test_every_way_of_typing_comes_to_the_same_words(procedures, typed):
    assert terms(typed) == ["dang", "ky", "ket", "hon"]


def test_what_was_mended_is_told(procedures):
    assert understood("dang ky ket hno").mended == "dang ky ket hon"
    assert understood("dang ky ket hon").mended == ""


def test_words_that_nobody_knows_stay_as_they_are(procedures):
    assert terms("zzzqqq") == ["zzzqqq"]


def test_a_question_is_taken_off_and_names_the_part(procedures):
    QuestionWords.objects.create(part="fee", phrases="bao nhiêu tiền")
    QuestionWords.objects.create(part="strip", phrases="cho em hỏi")
    from search import knowledge

    knowledge.generation.move_on()
    query = understood("cho em hỏi đăng ký kết hôn bao nhiêu tiền")
    assert [want.term for want in query.wants] == ["dang", "ky", "ket", "hon"]
    assert query.parts == ("fee",)


def test_a_question_alone_is_kept(procedures, committing):
    with committing():
        QuestionWords.objects.create(part="fee", phrases="bao nhiêu tiền")
    assert terms("bao nhiêu tiền") == ["bao", "nhieu", "tien"]


def test_an_everyday_word_brings_the_legal_one(procedures, committing):
    assert [hit.name for hit in public.find("sổ đỏ").hits][:1] != ["1.012790"]
    with committing():
        WordGroup.objects.create(everyday="sổ đỏ\nbìa đỏ", legal="giấy chứng nhận quyền sử dụng đất")
    assert public.find("sổ đỏ").hits[0].name == "1.012790"
    assert public.find("bia do").hits[0].name == "1.012790"


def test_a_word_that_was_taught_is_no_slip(procedures, committing):
    with committing():
        WordGroup.objects.create(everyday="hkd", legal="hộ kinh doanh", kind="abbreviation")
    assert terms("hkd") == ["hkd"]
    assert public.find("hkd").hits[0].name == "1.001612"


def test_a_misspelling_with_marks_is_one_only_with_them(procedures, committing):
    with committing():
        WordGroup.objects.create(everyday="dới", legal="với", kind="teencode")
    assert terms("dới") == ["voi"]
    assert terms("doi") == ["doi"]


def test_marks_that_were_typed_count(procedures, committing):
    with committing():
        EverydayWords.objects.create(procedure=procedures["1.000894"], phrases="lấy vợ")
        EverydayWords.objects.create(procedure=procedures["1.000656"], phrases="lây vô")
    assert public.find("lấy vợ").hits[0].name == "1.000894"
    assert public.find("lây vô").hits[0].name == "1.000656"


def test_a_code_is_looked_for_alone(procedures):
    for typed in ("1.001193", "mã 1.001193 là gì", "1.001193.000.00.00.H48", "1001193", "1,001193"):
        assert public.find(typed).hits[0].name == "1.001193"


def test_seven_digits_that_are_no_code_are_words_like_others(procedures):
    assert understood("kết hôn lương 5000000").code == ""
    assert public.find("đăng ký kết hôn 5000000").hits[0].name == "1.000894"
    assert understood("9.999999").code == "9.999999"


@pytest.mark.parametrize("typed", ["dang ky ket hôn", "đang ky kêt hon", "ĐĂNG KÝ KẾT HÔN"])
def test_marks_that_are_put_in_are_no_mending(procedures, typed):
    assert understood(typed).mended == ""


def test_one_letter_again_and_again_is_no_row_of_words(procedures):
    assert [want.term for want in understood("a" * 40).wants] == ["a" * 40]


def test_a_sentence_of_english_is_read_as_one_although_its_words_are_syllables(procedures, committing):
    with committing():
        EverydayWords.objects.create(
            procedure=procedures["1.004873"], language="en", phrases="get a paper to marry\nvisa"
        )
    assert all(want.is_foreign for want in understood("how to get a visa").wants)
    assert not any(want.is_foreign for want in understood("dang ky ket hon").wants)


def test_a_whole_name_stands_before_its_neighbours(procedures):
    for code, row in procedures.items():
        assert public.find(row.name_vi).hits[0].name == code


def test_no_more_words_are_read_than_allowed(procedures):
    assert len(understood("giấy " * 500).wants) <= MOST_WORDS


def test_the_last_word_may_still_be_growing(procedures):
    assert public.suggest("dang ky khai si").hits[0].name == "1.001193"
    assert public.suggest("dang ky khai si").hits[0].title("vi") == ("Đăng ký khai sinh", "vi")


ODD = [
    *("", "   ", "?!", "\u0301", "😀👍", "a" * 10_000, "giấy " * 3000, "x" * 299 + " khai sinh"),
    *("' OR 1=1; --", "name:(x AND y)", "((((", "[a-z]*", "\\", "%_%", "NOT giấy", '"giấy khai', "~^+-", "<script>"),
    *("\u202eabc", "\x00\x01 giấy", "عربي", "\ud800"),
]


@pytest.mark.parametrize("typed", ODD)
def test_whatever_is_typed_finds_without_an_error(procedures, typed):
    public.find(typed)
    public.suggest(typed)
