"""From what somebody typed to what the engines look for: slips mended, questions taken off, meanings added."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalogue.text import fold
from search.documents import VIETNAMESE, pairs_of, whole
from search.lexicon import Lexicon
from search.mending import Word, fitting, mend
from search.syllables import is_folded_syllable
from search.tokens import Token, english, is_east_asian, one_spelling, pairs, token, words
from search.words import STRIP, Knowledge, Meaning

CODE = re.compile(r"\b(\d)[.,]?(\d{6})\b")
"""The code of a procedure, its dot forgotten too."""
LONGEST = 300
"""Letters of a query that are read; a longer one is cut, so that no query costs more."""
LONGEST_NAME = 1500
MOST_WORDS = 32
LIGHT = Path(__file__).parent / "data" / "light_words.json"
GRAMMAR = re.compile("[\u3040-\u309f]+")
"""Hiragana."""
UNKNOWN = 1.0
"""What a word weighs that no text holds."""
ALMOST = 0.75
"""What a word that was guessed counts beside one that was typed."""
MEANT = 0.9
MOST_LEGAL = 4
"""How many legal phrases of a meaning are looked for."""


@dataclass(frozen=True, slots=True)
class Light:
    """Words that weigh little: without marks too, or only with them, and what share is left of their weight."""

    folded: frozenset[str]
    marked: frozenset[str]
    english: frozenset[str]
    share: float


@dataclass(frozen=True, slots=True)
class Want:
    """A word that is looked for, with its weight and the other words that it may have meant."""

    term: str
    marked: str
    weight: float
    is_strict: bool = False
    """Whether its marks were typed, so that another word of the same letters counts less."""
    others: tuple[str, ...] = ()
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class Widening:
    """Legal words that the wants from `start` to `end` mean: (marked, term, share) of each phrase."""

    start: int
    end: int
    terms: tuple[tuple[str, str], ...]
    weight: float


@dataclass(frozen=True)
class Query:
    """A query as it was understood."""

    typed: str
    whole: tuple[str, str] = ("", "")
    """All of it as marked and as folded words, to know a name that was typed whole."""
    wants: tuple[Want, ...] = ()
    widenings: tuple[Widening, ...] = ()
    code: str = ""
    parts: tuple[str, ...] = ()
    mended: str = ""
    """What it was read as, where that differs from what was typed: «did you mean»."""
    language: str = VIETNAMESE

    @property
    def weight(self) -> float:
        """Return the weight of all wants."""
        return sum(want.weight for want in self.wants)


def understand(
    text: str, lexicon: Lexicon, knowledge: Knowledge, *, language: str = "vi", prefix: bool = False
) -> Query:
    """Return what the text asks for; `prefix`: the last word may still be growing.

    Bounded: at most 300 letters and 32 words are read.
    """
    typed = text[:LONGEST]
    code = _code(typed, lexicon)
    raw = [code] if code else words(typed)[:MOST_WORDS]
    spaced, runs_asked = _read(raw, lexicon, knowledge, language)
    mended = mend(spaced, lexicon, knowledge, growing=prefix)
    parts, kept = _take_off_questions(mended, knowledge)
    parts = [*parts, *runs_asked]
    widenings = _find_meanings(kept, knowledge)
    meant: dict[int, list[str]] = {}
    for start, end, meaning in widenings:
        if end == start + 1:
            meant.setdefault(start, []).extend(term for _marked, term in meaning.legal[0])
    wants = tuple(_want(word, lexicon, meant.get(at, [])) for at, word in enumerate(kept))
    shown = " ".join(word.token.marked for word in mended)
    was = " ".join(token(word).marked for word in raw)
    return Query(
        typed=typed,
        whole=whole(text[:LONGEST_NAME]),
        wants=wants,
        widenings=tuple(_widen(widenings)),
        code=code,
        parts=tuple(dict.fromkeys(parts)),
        mended=shown if fold(shown) != fold(was) and not any(is_east_asian(word) for word in raw) else "",
        language=language,
    )


def _code(typed: str, lexicon: Lexicon) -> str:
    """Return the code that was typed; without its dot it must be one that there is, as seven digits may be money."""
    for found in CODE.finditer(typed):
        code = ".".join(found.groups())
        if found.group() == code or lexicon.knows(code):
            return code
    return ""


def _read(raw: Sequence[str], lexicon: Lexicon, knowledge: Knowledge, language: str) -> tuple[list[Word], list[str]]:
    """Return the words; an East Asian run becomes its pairs of letters, with the meanings found inside."""
    english_first = language == "en" or _looks_english(raw, lexicon)
    found: list[Word] = []
    asked: list[str] = []
    for typed in raw:
        if is_east_asian(typed):
            more, parts = _read_run(typed, knowledge)
            found += more
            asked += parts
        else:
            found.append(_read_latin(typed, lexicon, language, english_first=english_first))
    if any(word.is_strict for word in found):
        for word in found:
            word.is_strict = not word.is_foreign
    return found, asked


def _read_latin(typed: str, lexicon: Lexicon, language: str, *, english_first: bool) -> Word:
    found, foreign = token(typed), english(typed)
    if english_first and lexicon.knows(foreign):
        return Word(found, foreign, is_foreign=True, others=_vietnamese_too(found, lexicon, language))
    if english_first and typed.isascii() and not lexicon.knows(found.folded):
        return Word(found, foreign, is_foreign=True)
    return Word(found, found.folded, is_strict=found.has_marks)


def _vietnamese_too(typed: Token, lexicon: Lexicon, language: str) -> tuple[str, ...]:
    return (typed.folded,) if language == VIETNAMESE and lexicon.knows(typed.folded) else ()


def _looks_english(raw: Sequence[str], lexicon: Lexicon) -> bool:
    """Return whether most Latin words are English ones that can't be Vietnamese syllables."""
    latin = [word for word in raw if not is_east_asian(word)]
    if not latin or not all(word.isascii() for word in latin):
        return False
    known = [word for word in latin if _is_english(word, lexicon)]
    if len(known) == len(latin) > 2 and not any(pair in lexicon.pairs for pair in pairs_of(latin)):
        return True  # «how to get a visa»: syllables of ours too, but nobody says them together.
    return len([word for word in known if not is_folded_syllable(word)]) * 2 >= len(latin)


def _is_english(word: str, lexicon: Lexicon) -> bool:
    return lexicon.knows(english(word)) or is_light_abroad(english(word))


def _read_run(run: str, knowledge: Knowledge) -> tuple[list[Word], list[str]]:
    """Return the pairs of a run without its question words, each meaning at its first pair."""
    asked: list[str] = []
    kept: list[Word] = []
    at = 0
    piece = ""

    def close() -> None:
        nonlocal piece
        if piece:
            kept.extend(Word(Token(pair, pair), pair, is_foreign=True) for pair in pairs(piece))
        piece = ""

    while at < len(run):
        size = min(knowledge.longest_run, len(run) - at)
        while size:
            key = run[at : at + size]
            if key in knowledge.asking_runs and key not in knowledge.runs:
                close()
                asked.append(knowledge.asking_runs[key].part)
                at += size
                break
            if key in knowledge.runs:
                close()
                first = len(kept)
                kept.extend(Word(Token(pair, pair), pair, is_foreign=True) for pair in pairs(key))
                kept[first].meanings.append(knowledge.runs[key])
                at += size
                break
            size -= 1
        else:
            piece += run[at]
            at += 1
    close()
    return kept, [part for part in asked if part != STRIP]


def _take_off_questions(found: list[Word], knowledge: Knowledge) -> tuple[list[str], list[Word]]:
    """Return the parts of the page that were asked for, and the words that name what is wanted."""
    parts: list[str] = []
    kept: list[Word] = []
    terms = [word.term for word in found]
    at = 0
    while at < len(found):
        asking = next(fitting(knowledge.askings, found, terms, at), None)
        if asking is None:
            kept.append(found[at])
            at += 1
            continue
        if asking.part != STRIP:
            parts.append(asking.part)
        at += len(asking.terms)
    return parts, kept or found


def _find_meanings(found: list[Word], knowledge: Knowledge) -> list[tuple[int, int, Meaning]]:
    """Return every meaning with its span, longer ones before the shorter inside them."""
    spans: list[tuple[int, int, Meaning]] = []
    terms = [word.term for word in found]
    for at, word in enumerate(found):
        spans += [(at, min(at + len(m.terms), len(found)), m) for m in word.meanings]
        spans += [(at, at + len(m.terms), m) for m in fitting(knowledge.meanings, found, terms, at)]
    return spans


def _want(word: Word, lexicon: Lexicon, meant: list[str]) -> Want:
    return Want(
        term=word.term,
        marked=word.term if word.is_foreign else word.token.marked,
        weight=_weight(word, lexicon, meant),
        is_strict=word.is_strict,
        others=word.others,
        is_foreign=word.is_foreign,
    )


def _weight(word: Word, lexicon: Lexicon, meant: list[str]) -> float:
    """Return what the word weighs: its rarity, little for a word that names nothing.

    One that no text holds weighs what it means or may have been, else little: nothing can meet it.
    """
    if not lexicon.knows(word.term):
        stands_for = [*word.others, *meant]
        return max(map(lexicon.idf, stands_for)) if stands_for else UNKNOWN
    weight = lexicon.idf(word.term)
    if word.is_foreign:
        return weight * (light().share if is_light_abroad(word.term) else 1.0)
    is_light = word.term in light().folded or (word.token.has_marks and word.token.marked in light().marked)
    return weight * light().share if is_light else weight


def is_light_abroad(term: str) -> bool:
    """Return whether a foreign term names nothing: English of the closed class, two letters of Japanese grammar."""
    kind, _colon, text = term.partition(":")
    return text in light().english if kind == "en" else bool(GRAMMAR.fullmatch(text))


@cache
def light() -> Light:
    """Return the words that weigh little."""
    kept = json.loads(LIGHT.read_text())
    return Light(
        frozenset(kept["folded"]),
        frozenset(map(one_spelling, kept["marked"])),
        frozenset(kept["english"]),
        kept["share"],
    )


def _widen(spans: list[tuple[int, int, Meaning]]) -> list[Widening]:
    """Return the widenings, each legal phrase once a span."""
    found: dict[tuple[int, int, tuple[tuple[str, str], ...]], Widening] = {}
    for start, end, meaning in spans:
        for rank, phrase in enumerate(meaning.legal[:MOST_LEGAL]):
            if phrase:
                found.setdefault((start, end, phrase), Widening(start, end, phrase, MEANT * 0.95**rank))
    return list(found.values())
