"""Words of five languages in the one form that documents and queries share."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.documents import NAME, Document, Text
from search.tokens import english, foreign_terms, is_east_asian, normal, one_spelling, pairs, token, tokens, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đăng ký khai sinh", ["dang", "ky", "khai", "sinh"]),
        ("ĐĂNG KÝ", ["dang", "ky"]),
        ("đăng-ký, (khai)…sinh!", ["dang", "ky", "khai", "sinh"]),
        ("tiếng/việt", ["tieng", "viet"]),
        ("  \t\n\u00a0 ", []),
        ("_giấy_tờ_", ["giay", "to"]),
        ("giấy\x00tờ", ["giay", "to"]),
        ("5 ngày", ["5", "ngay"]),
    ],
)
def test_text_becomes_folded_words(text, expected):
    assert [token.folded for token in tokens(text)] == expected


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_every_unicode_form_is_one_word(form):
    assert tokens(unicodedata.normalize(form, "Quyền sở hữu")) == tokens("quyền sở hữu")


def test_wide_letters_of_east_asian_keyboards_are_plain_ones():
    assert words("ＷＯＲＫ　ｐｅｒｍｉｔ") == ["work", "permit"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hòa", "hoà"), ("hóa", "hoá"), ("khỏe", "khoẻ"), ("thủy", "thuỷ"), ("ủy", "uỷ"), ("lý", "lí"), ("ký", "kí"),
        ("kỹ", "kĩ"), ("mỹ", "mĩ"), ("tỷ", "tỉ"), ("sỹ", "sĩ"), ("quý", "quí"), ("hy", "hi"),
    ],
)  # fmt: skip
def test_two_spellings_of_a_syllable_are_one(one, other):
    assert token(one) == token(other)


@pytest.mark.parametrize(
    ("one", "other"), [("tai", "tay"), ("mùi", "muỳ"), ("thi", "thu"), ("hoàn", "hòa"), ("i", "y")]
)
def test_other_words_stay_apart(one, other):
    assert token(one).folded != token(other).folded


@pytest.mark.parametrize(("word", "has_marks"), [("đất", True), ("ký", True), ("ky", False), ("khai", False)])
def test_a_word_knows_whether_it_was_written_with_marks(word, has_marks):
    assert token(word).has_marks == has_marks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.001193", ["1.001193", "1", "001193"]),
        ("1.001193.000.00.00.H48", ["1.001193.000.00.00.h48", "1", "001193", "000", "00", "00", "h48"]),
        ("12/2025/NĐ-CP", ["12/2025/nđ-cp", "12", "2025", "nđ", "cp"]),
        ("mẫu TP-01", ["mẫu", "tp", "01"]),
        ("xe 50cc", ["xe", "50cc"]),
        ("giấy tờ, 3 bản.", ["giấy", "tờ", "3", "bản"]),
    ],
)
def test_a_code_is_a_word_and_its_parts(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(("code", "term"), [("12/2025/NĐ-CP", "12/2025/nd/cp"), ("1.001193", "1.001193")])
def test_a_code_is_one_term_that_engines_keep_whole(code, term):
    text = Document("procedure:1", "procedure", "1", (Text(NAME, "vi", f"Theo {code}"),))
    (entry,) = text.entries()
    assert term in entry.indexed().split()
    assert not any(" " in word for word in entry.terms)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("결혼 등록", ["결혼", "등록"]),
        ("結婚登録の手続き", ["結婚登録の手続き"]),
        ("办理工作许可work permit证", ["办理工作许可", "work", "permit", "证"]),
        ("ビザ延長30日", ["ビザ延長", "30", "日"]),
    ],
)
def test_scripts_are_told_apart(text, expected):
    assert words(text) == expected


def test_what_is_east_asian_is_no_vietnamese_token():
    assert [token.folded for token in tokens("visa 비자 gia hạn")] == ["visa", "gia", "han"]
    assert is_east_asian("비자")
    assert not is_east_asian("visa")


@pytest.mark.parametrize(
    ("run", "expected"),
    [("结婚登记", ["c:结婚", "c:婚登", "c:登记"]), ("비자", ["c:비자"]), ("車", ["c:車"])],
)
def test_a_run_is_its_overlapping_pairs(run, expected):
    assert pairs(run) == expected


@pytest.mark.parametrize(("one", "other"), [("permits", "permit"), ("registering", "registered"), ("Lives", "live")])
def test_forms_of_an_english_word_are_one(one, other):
    assert english(one.lower()) == english(other)


def test_an_english_word_is_no_vietnamese_one_of_the_same_letters():
    assert foreign_terms("son", "en") == ["en:son"]
    assert token("son").folded == "son"


def test_foreign_terms_of_a_mixed_title():
    assert foreign_terms("ベトナム work permits 許可", "ja") == [
        "c:ベト", "c:トナ", "c:ナム", "en:work", "en:permit", "c:許可",
    ]  # fmt: skip


@given(st.text(st.characters(), max_size=80))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_text_is_read_and_reading_it_again_changes_nothing(text):
    found = words(text)
    assert all(found)
    assert words(" ".join(found))[: len(found)] or not found
    for word in found:
        assert one_spelling(one_spelling(word)) == one_spelling(word)
        assert token(word).folded == token(token(word).marked).folded
        assert token(word).folded.split() == [token(word).folded]
    assert not any(letter < " " for letter in normal(text))


def test_many_threads_find_the_stems_of_one():
    """The stemmer keeps its word in itself: requests that use it at once mixed their words, or failed."""
    long_words = [f"{stem}{n}ationalizations" for n in range(200) for stem in ("regis", "certi", "organ", "authen")]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(english.__wrapped__, long_words * 5))
    assert found == [english.__wrapped__(word) for word in long_words * 5]
