"""Words of any of the portal's languages, in the one form that documents and queries share."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

import snowballstemmer

from catalogue.text import fold

_WORD = re.compile(r"[^\W_]+(?:[./'’&-][^\W_]+)*")
_EAST_ASIAN = re.compile(r"[぀-ヿ㐀-鿿가-힯々]+")
_LATE_TONE = re.compile(r"(o|u)([àáảãạèéẻẽẹỳýỷỹỵ])\b")
_EARLY_TONE = {
    "òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ", "òe": "oè", "óe": "oé", "ỏe": "oẻ", "õe": "oẽ",
    "ọe": "oẹ", "ùy": "uỳ", "úy": "uý", "ủy": "uỷ", "ũy": "uỹ", "ụy": "uỵ",
}  # fmt: skip
_EARLY = re.compile(f"({'|'.join(_EARLY_TONE)})\\b")
_FINAL_I = re.compile(r"^(h|k|l|m|s|t|v|qu)([iìíỉĩị])$")
_TO_Y = str.maketrans("iìíỉĩị", "yỳýỷỹỵ")
_STEM = snowballstemmer.stemmer("english")
_STEMMING = Lock()  # The stemmer keeps the word that it works on in itself: two requests at once would mix theirs.


@dataclass(frozen=True, slots=True)
class Token:
    """A word: as written (lower case, NFC, one spelling) and folded. Vietnamese words are syllables."""

    marked: str
    folded: str

    @property
    def has_marks(self) -> bool:
        """Return whether it was written with Vietnamese marks."""
        return self.marked != self.folded


def normal(text: str) -> str:
    """Return NFC in lower case without control characters."""
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(letter if letter >= " " else " " for letter in text)


@lru_cache(maxsize=100_000)
def one_spelling(word: str) -> str:
    """Return the syllable in one of its spellings: «hòa» gives «hoà», «kí» gives «ký»."""
    word = _EARLY.sub(lambda found: _EARLY_TONE[found.group()], word)
    found = _FINAL_I.match(word)
    return found.group(1) + found.group(2).translate(_TO_Y) if found else word


@lru_cache(maxsize=100_000)
def token(word: str) -> Token:
    """Return the token of one word in lower case; a code («12/2025/nđ-cp») stays one word."""
    word = one_spelling(word)
    return Token(word, fold(word).replace(" ", "/"))


def words(text: str) -> list[str]:
    """Return the words of the text in lower case, East Asian runs as one word each."""
    found: list[str] = []
    for word in _WORD.findall(normal(text)):
        at = 0
        for run in _EAST_ASIAN.finditer(word):
            found += _parts(word[at : run.start()])
            found.append(run.group())
            at = run.end()
        found += _parts(word[at:])
    return found


def _parts(word: str) -> list[str]:
    """Return a code as one word and its parts, everything else as its parts."""
    if not word:
        return []
    parts = [part for part in re.split(r"[./'’&-]", word) if part]
    if len(parts) > 1 and (any(letter.isdigit() for letter in word) or "/" in word):
        return [word, *parts] if word[0].isdigit() else parts
    return parts


def tokens(text: str) -> list[Token]:
    """Return the text's Vietnamese (or any Latin) tokens in order."""
    return [token(word) for word in words(text) if not is_east_asian(word)]


def is_east_asian(word: str) -> bool:
    """Return whether the word is in Chinese, Japanese or Korean script."""
    return bool(_EAST_ASIAN.match(word))


def foreign_terms(text: str, language: str) -> list[str]:
    """Return index terms of a text that isn't Vietnamese: English stems, pairs of East Asian letters."""
    found: list[str] = []
    for word in words(text):
        if is_east_asian(word):
            found += pairs(word)
        elif language == "en" or word.isascii():
            found.append(english(word))
    return found


@lru_cache(maxsize=50_000)
def english(word: str) -> str:
    """Return the index term of an English word."""
    with _STEMMING:
        return "en:" + _STEM.stemWord(fold(word))


def pairs(run: str) -> list[str]:
    """Return the overlapping pairs of letters of an East Asian run, which need no dictionary."""
    if len(run) == 1:
        return ["c:" + run]
    return ["c:" + run[i : i + 2] for i in range(len(run) - 1)]
