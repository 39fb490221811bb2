"""Typing slips: what is mended, and what must stay as it was typed."""

from __future__ import annotations

import pytest

from search.documents import BODY, EVERYDAY, NAME, Document, Text
from search.lexicon import Lexicon
from search.mending import Word, mend
from search.slips import _NEIGHBOURS
from search.tokens import tokens
from search.words import Group, Knowledge, compile_knowledge
from tests.search.conftest import NAMES

QUESTIONS = [(("ở đâu", "bao nhiêu tiền"), "place", "vi")]
GROUPS = [
    Group(("ko", "hok"), ("không",), "teencode"),
    Group(("xác nhập",), ("sáp nhập",), "spelling"),
    Group(("dới",), ("với",), "spelling"),
    Group(("hkd",), ("hộ kinh doanh",), "abbreviation"),
    Group(("gplx",), ("giấy phép lái xe",), "abbreviation"),
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    """The words of a few names, and of a text that says more."""
    made = Lexicon()
    for code, name in NAMES.items():
        body = f"{name}\nTờ khai theo mẫu, ảnh chân dung, không sáp nhập với xã đổi 01/CP"
        texts = (Text(NAME, "vi", code), Text(NAME, "vi", name), Text(EVERYDAY, "en", "permit"), Text(BODY, "vi", body))
        made.add(Document(f"procedure:{code}", "procedure", "1", texts).entries())
    return made


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return compile_knowledge(GROUPS, QUESTIONS)


def read(text: str) -> list[Word]:
    return [Word(token, token.folded, is_strict=token.has_marks) for token in tokens(text)]


@pytest.fixture
def mended(lexicon, knowledge):
    """Mend a text; returns its folded words."""

    def mend_text(text: str, *, growing: bool = False) -> str:
        return " ".join(word.term for word in mend(read(text), lexicon, knowledge, growing=growing))

    return mend_text


@pytest.mark.parametrize("name", NAMES.values())
def test_a_name_as_it_stands_stays(name, mended):
    folded = " ".join(token.folded for token in tokens(name))
    assert mended(name) == folded
    assert mended(folded) == folded


@pytest.mark.parametrize("name", NAMES.values())
def test_one_missing_space_is_put_in_wherever_it_is(name, mended):
    found = [token.folded for token in tokens(name)]
    for at in range(len(found) - 1):
        joined = [*found[:at], found[at] + found[at + 1], *found[at + 2 :]]
        assert mended(" ".join(joined)) == " ".join(found)


@pytest.mark.parametrize("name", NAMES.values())
def test_all_missing_spaces_are_put_in(name, mended):
    found = [token.folded for token in tokens(name)]
    assert mended("".join(found)) == " ".join(found)


def slips(word: str) -> set[str]:
    """Return the word with two letters swapped, one missing, doubled or hit beside its key, each place once."""
    places = range(len(word) - 1)
    made = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in places}
    made |= {word[:at] + word[at + 1 :] for at in places}
    made |= {word[: at + 1] + word[at:] for at in places}
    made |= {word[:at] + near + word[at + 1 :] for at in places for near in _NEIGHBOURS.get(word[at], "")}
    return made - {word}


def test_a_slip_in_any_long_word_still_means_it(lexicon, knowledge):
    """The word itself, or one of the few that are tried beside what was typed."""
    missed, count = [], 0
    for name in NAMES.values():
        found = [token.folded for token in tokens(name)]
        for at, word in enumerate(found):
            if len(word) < 4:
                continue
            for slip in sorted(slips(word)):
                typed = " ".join([*found[:at], slip, *found[at + 1 :]])
                meant = {term for one in mend(read(typed), lexicon, knowledge) for term in (one.term, *one.others)}
                count += 1
                if word not in meant:
                    missed.append((typed, word))
    assert count > 300
    assert len(missed) <= count * 0.02, missed


@pytest.mark.parametrize(
    "typed", ["1.001193", "2024", "12/2025/NĐ-CP", "30", "0912345678", "hkd", "gplx", "o dau", "zzzqqq", "permit"]
)
def test_codes_numbers_and_what_was_taught_stay(typed, mended):
    assert mended(typed) == " ".join(token.folded for token in tokens(typed))


def test_a_foreign_word_stays(lexicon, knowledge):
    word = Word(tokens("sinhh")[0], "en:sinhh", is_foreign=True)
    assert mend([word], lexicon, knowledge) == [word]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ko", "khong"), ("hok", "khong"), ("xác nhập xã", "sap nhap xa"), ("dới", "voi"), ("doi", "doi")],
)
def test_what_is_never_meant_as_itself_is_replaced_with_its_marks(typed, meant, mended):
    assert mended(typed) == meant


@pytest.mark.parametrize(
    ("typed", "marked"),
    [("ddawng", "đăng"), ("d9a8ng", "đăng"), ("keets", "kết"), ("quyeenf", "quyền"), ("d9a6t1", "đất")],
)
def test_undecoded_typing_counts_as_typed_with_marks(typed, marked, lexicon, knowledge):
    (word,) = mend(read(typed), lexicon, knowledge)
    assert (word.token.marked, word.is_strict) == (marked, True)


def test_a_known_word_among_strangers_may_be_another(lexicon, knowledge):
    """«khi» is in no text here; «dan» is, but never between these."""
    words = mend(read("dan ky khai sinh"), lexicon, knowledge)
    assert words[0].term == "dang" or "dang" in words[0].others


def test_mending_what_is_mended_changes_nothing(mended):
    for typed in ("dangkykethon", "dang ky ket hno", "khaisinh", "giay chung nhna", "ko", "cap bna sao"):
        assert mended(mended(typed)) == mended(typed)


@pytest.mark.parametrize(
    ("typed", "becomes"), [("dang ky k", "k"), ("dang ky khai si", "sinh"), ("dang ky ket ho", "hon")]
)
def test_a_growing_word_becomes_what_follows_most_often(typed, becomes, mended):
    assert mended(typed, growing=True).split()[-1] == becomes


def test_a_growing_word_is_not_split_or_mended(mended):
    assert mended("dang ky ketho", growing=True).split()[:2] == ["dang", "ky"]
    assert mended("khai sinhx", growing=True).startswith("khai sinh")


@pytest.mark.parametrize("typed", ["a" * 300, "ngnghngh" * 37, "dangky" * 50, "q" * 299 + "1", "sfjxr" * 60])
def test_one_endless_word_is_read_without_an_error(typed, mended):
    assert mended(typed)


def test_a_word_longer_than_any_has_no_neighbours(lexicon):
    assert lexicon.corrections("a" * 25) == ()
    assert "sinh" in lexicon.corrections("snih")


def test_nothing_stays_nothing(mended):
    assert mended("") == ""
    assert mended("", growing=True) == ""


def test_what_a_replaced_word_means_is_no_slip_where_the_catalogue_lacks_it(knowledge):
    small = Lexicon()
    small.add(Document("procedure:1", "procedure", "1", (Text(NAME, "vi", "Thông báo"),)).entries())
    assert [word.term for word in mend(read("ko"), small, knowledge)] == ["khong"]
