"""Syllables, and what undecoded telex and VNI mean."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from search.slips import telex, vni
from search.syllables import from_telex, from_vni, is_folded_syllable, is_syllable, put_tone
from search.tokens import one_spelling, tokens, words

DATA = Path(__file__).resolve().parents[2] / "catalogue" / "data"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ddawng", "đăng"),
        ("kys", "ký"),
        ("dduowngf", "đường"),
        ("nguwowif", "người"),
        ("giaays", "giấy"),
        ("dangd", "đang"),
        ("quyeenf", "quyền"),
        ("chuwngs", "chứng"),
    ],
)
def test_telex_is_read(typed, meant):
    assert from_telex(typed) == meant


@pytest.mark.parametrize("word", ["khai", "sinh", "permit", "www", "x", "đăng", "12a", ""])
def test_what_is_no_telex_stays(word):
    assert from_telex(word) == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("d9a8ng", "đăng"), ("ky1", "ký"), ("ngu7o7i2", "người"), ("d9a6t1", "đất"), ("kho6ng", "không")],
)
def test_vni_is_read(typed, meant):
    assert from_vni(typed) == meant


@pytest.mark.parametrize("word", ["2025", "12a", "khai", "g09", "abc123x9", ""])
def test_what_is_no_vni_stays(word):
    assert from_vni(word) == ""


def test_every_syllable_of_the_catalogue_survives_being_typed_undecoded():
    with gzip.open(DATA / "procedures.jsonl.gz", "rt", encoding="utf-8") as lines:
        names = [json.loads(line)["name"] for line in lines]
    syllables = {token.marked for name in names for token in tokens(name) if is_syllable(token.marked)}
    assert len(syllables) > 800
    source = random.Random(1)
    for read, typed in ((from_telex, telex), (from_vni, vni)):
        lost = [s for s in syllables if (raw := typed(s, source)) != s and one_spelling(read(raw)) != s]
        assert lost == []


@pytest.mark.parametrize(
    ("word", "is_one"), [("nghiêng", True), ("quyền", True), ("gì", True), ("work", False), ("đănk", False)]
)
def test_a_syllable_is_known(word, is_one):
    assert is_syllable(word) == is_one


def test_a_folded_syllable_is_known():
    assert is_folded_syllable("nghieng")
    assert not is_folded_syllable("permit")


@pytest.mark.parametrize(("letters", "tone", "whole"), [("hoa", "̀", "hoà"), ("tiên", "́", "tiến"), ("mua", "̀", "mùa")])
def test_a_tone_finds_its_vowel(letters, tone, whole):
    assert put_tone(letters, tone) == whole


@pytest.mark.parametrize(("one", "other"), [("hòa", "hoà"), ("thủy", "thuỷ"), ("kí", "ký"), ("qui", "quy")])
def test_two_spellings_are_one_word(one, other):
    assert one_spelling(one) == one_spelling(other)


def test_codes_and_scripts_are_split():
    assert words("Mã 1.001193, 12/2025/NĐ-CP") == [
        "mã",
        "1.001193",
        "1",
        "001193",
        "12/2025/nđ-cp",
        "12",
        "2025",
        "nđ",
        "cp",
    ]
    assert words("외국인work permit") == ["외국인", "work", "permit"]
