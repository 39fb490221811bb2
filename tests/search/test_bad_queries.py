"""Whatever is typed: never an error, and no more work than for a long honest query."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import public
from search.documents import KINDS
from search.engines.tantivy import TantivyEngine
from search.models import WordGroup
from search.understanding import LONGEST, MOST_WORDS

pytestmark = pytest.mark.django_db
MOST_ASKED = 4
"""Questions to an engine for one query: short and long texts, each perhaps once more."""
MOST_TERMS = 12 * MOST_WORDS
ODD = {
    "nothing": "",
    "spaces": " \t\n\u00a0\u3000",
    "signs": "?!.,;:-–—…",
    "a lone mark": "\u0301",
    "marks on nothing": "\u0301\u0300\u0309 " * 40,
    "many marks on one letter": "a" + "\u0301" * 500,
    "emoji": "👶🏽 khai sinh 👨‍👩‍👧",
    "control characters": "giấy\x00\x01\x1b[31m khai\x7f sinh",
    "a lone surrogate": "giấy \ud800\udfff khai",
    "right to left": "\u202eđăng ký\u202c عقد زواج",
    "zero width": "giấy\u200bkhai\u200dsinh\ufeff",
    "ten thousand letters": "a" * 10_000,
    "ten thousand words": "giấy " * 10_000,
    "forty long words": " ".join("nghieng" * 6 + str(number) for number in range(40)),
    "forty unknown words": " ".join(f"zq{number}xw" for number in range(40)),
    "an endless run": "dangkykhaisinh" * 30,
    "an endless East Asian run": "结婚登记" * 200,
    "letters that unfold": "ﷺ" * 300,
    "SQL": "' OR 1=1; DROP TABLE catalogue_procedure; --",
    "operators": '+giấy -(khai AND sinh) || NOT "kết hôn"~2^9 name:[a TO *] \\',
    "a regular expression": "/(a+)+$/ [[:alpha:]]{1,9999} .*.*.*.*",
    "wildcards": "* ? % _ %_%",
    "JSON": '{"query": {"match_all": {}}}',
    "HTML": "<script>alert(1)</script> &amp; %00 ${7*7} {{7*7}}",
    "a path": "../../etc/passwd",
    "digits of other scripts": "١.٠٠١١٩٣ ๑๒๓ １．００１１９３",
    "codes only": " ".join(f"1.{number:06}" for number in range(40)),
}


@pytest.fixture
def asked(monkeypatch) -> list[tuple[int, int]]:
    """How many terms the engine was asked, and for how many texts, each time."""
    told: list[tuple[int, int]] = []
    search = TantivyEngine.search

    def counted(self, terms, *, fields, limit):
        told.append((len(terms), limit))
        return search(self, terms, fields=fields, limit=limit)

    monkeypatch.setattr(TantivyEngine, "search", counted)
    return told


def check(text: str, asked: list[tuple[int, int]]) -> None:
    """Ask by every door, and look at the work that it made."""
    for language in ("vi", "en", "ko"):
        for find in (public.find, public.suggest):
            asked.clear()
            answer = find(text, language=language, kinds=KINDS)
            assert len(answer.hits) <= public.MOST
            assert len(asked) <= MOST_ASKED
            assert all(limit <= public.TEXTS * public.MANY for _terms, limit in asked)
            assert all(terms <= MOST_TERMS for terms, _limit in asked)


@pytest.mark.parametrize("names", [list(ODD)[start::3] for start in range(3)])
def test_odd_texts_find_without_an_error_and_with_bounded_work(names, procedures, asked):
    for name in names:
        check(ODD[name], asked)


PIECES = ["giấy", "khai", "sinh", "dang ky", "ddawng", "d9a8ng", "1.001193", "work permit", "결혼", "结婚", "ở đâu"]
PIECES += [
    "\u0301",
    "\u200b",
    "😀",
    '"',
    "(",
    "\\",
    "*",
    "'",
    "/",
    "&",
    "-",
    ".",
    "\x00",
    "\ud800",
    "\u202e",
    "0",
    "ngh",
]


@given(
    st.lists(st.sampled_from(PIECES) | st.text(st.characters(), max_size=5), max_size=30), st.sampled_from(["", " "])
)
@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_mixture_finds_without_an_error(procedures, asked, pieces, between):
    check(between.join(pieces), asked)


def test_much_that_was_taught_makes_no_query_dear(procedures, asked, committing):
    """A query of nothing but taught words, each of which means four long phrases of other words."""
    source = random.Random(1)
    known = sorted(public.understood("x")[1].terms)
    with committing():
        for number in range(MOST_WORDS):
            legal = "\n".join(" ".join(source.sample(known, 8)) for _time in range(6))
            WordGroup.objects.create(key=str(number), everyday=f"qz{number}", legal=legal)
    check(" ".join(f"qz{number}" for number in range(MOST_WORDS)), asked)


def test_only_the_beginning_of_a_long_text_is_read(procedures):
    filler = "z" * LONGEST
    assert public.find(f"{filler} đăng ký kết hôn").hits == ()
    assert public.find(f"đăng ký kết hôn {filler}").hits[0].name == "1.000894"


def test_rubbish_around_a_query_hides_it_not(procedures):
    for text in ("«đăng ký kết hôn»??", "(đăng ký) [kết hôn]", "😀 đăng ký kết hôn 😀", "đăng\u200b ký kết hôn\x00"):
        assert public.find(text).hits[0].name == "1.000894", text


@pytest.mark.parametrize("limit", [0, 1, 10_000])
def test_no_more_is_given_than_asked_or_allowed(limit, procedures):
    assert len(public.find("đăng ký", limit=limit).hits) <= min(limit, public.MOST)


def test_a_kind_or_language_that_is_none_finds_nothing_else(procedures):
    assert public.find("đăng ký kết hôn", kinds=()).hits == ()
    assert public.find("đăng ký kết hôn", language="xx").hits[0].name == "1.000894"
