"""Typing slips made from real names, in thirteen classes: what search must forgive, and what it must not."""

from __future__ import annotations

import random
import unicodedata
from collections import defaultdict
from collections.abc import Callable

from catalogue.text import display_name, fold
from search.evaluation import Judged
from search.tokens import tokens

SEED = 20250701
FEWEST_WORDS, MOST_WORDS = 4, 14
_TELEX_MARKS = {"̀": "f", "́": "s", "̉": "r", "̃": "x", "̣": "j"}
_VNI_MARKS = {"́": "1", "̀": "2", "̉": "3", "̃": "4", "̣": "5"}
_TELEX_SHAPES = {"â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw", "đ": "dd"}
_VNI_SHAPES = {"â": "a6", "ê": "e6", "ô": "o6", "ă": "a8", "ơ": "o7", "ư": "u7", "đ": "d9"}
_NEIGHBOURS = {
    "a": "sqz", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "g": "fh", "h": "gj", "i": "uo", "k": "jl", "l": "k",
    "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb",
    "x": "zc", "y": "tu",
}  # fmt: skip
_OLD_STYLE = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa", "oè": "òe", "oé": "óe", "uỳ": "ùy", "uý": "úy",
    "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy", "hòa": "hoà", "hóa": "hoá", "ủy": "uỷ", "thủy": "thuỷ",
}  # fmt: skip
Slip = Callable[[str, random.Random], str]


def generate(names: dict[str, str], count: int) -> dict[str, list[Judged]]:
    """Return up to `count` queries a class from names by code; the same ones each time.

    A name that several procedures share is right for each of them.
    """
    sharing: dict[str, set[str]] = defaultdict(set)
    for code, name in names.items():
        sharing[display_name(name).lower()].add(code)
    usable = [name for name in sorted(sharing) if FEWEST_WORDS <= len(name.split()) <= MOST_WORDS]
    found: dict[str, list[Judged]] = {}
    for number, (kind, slip) in enumerate(SLIPS.items()):
        source = random.Random(SEED + number)  # noqa: S311 (the same slips each time, no secret)
        queries = []
        for name in source.sample(usable, len(usable)):
            typed = slip(name, source)
            if typed and typed != name:
                queries.append(Judged(typed, frozenset(sharing[name])))
            if len(queries) == count:
                break
        found[kind] = queries
    found["twins"] = twins(sharing, count)
    return found


def twins(sharing: dict[str, set[str]], count: int) -> list[Judged]:
    """Return names typed with their marks, the short ones, whose words are other words of the catalogue with others."""
    forms: dict[str, set[str]] = defaultdict(set)
    for name in sharing:
        for word in tokens(name):
            forms[word.folded].add(word.marked)
    alike = [name for name in sharing if sum(len(forms[word.folded]) > 1 for word in tokens(name)) > 1]
    alike.sort(key=lambda name: (len(name), name))
    return [Judged(name, frozenset(sharing[name])) for name in alike[:count]]


def no_marks(name: str, source: random.Random) -> str:
    """«dang ky khai sinh»."""
    return fold(name)


def some_marks(name: str, source: random.Random) -> str:
    """Half of the words without marks."""
    return " ".join(fold(word) if source.random() < 0.5 else word for word in name.split())


def decomposed(name: str, source: random.Random) -> str:
    """The same letters in NFD, as some telephones send them."""
    return unicodedata.normalize("NFD", name)


def telex(name: str, source: random.Random) -> str:
    """Undecoded telex: «ddawng kys»."""
    return " ".join(_raw(word, _TELEX_SHAPES, _TELEX_MARKS) for word in name.split())


def vni(name: str, source: random.Random) -> str:
    """Undecoded VNI: «d9a8ng ky1»."""
    return " ".join(_raw(word, _VNI_SHAPES, _VNI_MARKS) for word in name.split())


def _raw(word: str, shapes: dict[str, str], marks: dict[str, str]) -> str:
    letters, tone = "", ""
    for letter in unicodedata.normalize("NFD", word):
        if letter in marks:
            tone = marks[letter]
        else:
            letters += letter
    letters = unicodedata.normalize("NFC", letters)
    return "".join(shapes.get(letter, letter) for letter in letters) + tone


def no_spaces(name: str, source: random.Random) -> str:
    """«dangkykhaisinh»: the first words of a name, run together."""
    return "".join(fold(name).split()[:6])


def joined_pair(name: str, source: random.Random) -> str:
    """One space missing, with marks."""
    words = name.split()
    at = source.randrange(len(words) - 1)
    return " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])


def swapped(name: str, source: random.Random) -> str:
    """Two letters of one word swapped, without marks."""
    return _in_one_word(fold(name), source, lambda word, at: word[:at] + word[at + 1] + word[at] + word[at + 2 :])


def missing(name: str, source: random.Random) -> str:
    """One letter of one word missing, without marks."""
    return _in_one_word(fold(name), source, lambda word, at: word[:at] + word[at + 1 :])


def doubled(name: str, source: random.Random) -> str:
    """One letter of one word twice, without marks."""
    return _in_one_word(fold(name), source, lambda word, at: word[: at + 1] + word[at] + word[at + 1 :])


def neighbour(name: str, source: random.Random) -> str:
    """One letter of one word hit beside its key, without marks."""

    def slip(word: str, at: int) -> str:
        near = _NEIGHBOURS.get(word[at], "")
        return word[:at] + source.choice(near) + word[at + 1 :] if near else word

    return _in_one_word(fold(name), source, slip)


def _in_one_word(text: str, source: random.Random, slip: Callable[[str, int], str]) -> str:
    words = text.split()
    long = [at for at, word in enumerate(words) if len(word) >= 4 and word.isalpha()]
    if not long:
        return ""
    at = source.choice(long)
    words[at] = slip(words[at], source.randrange(len(words[at]) - 1))
    return " ".join(words)


def other_spelling(name: str, source: random.Random) -> str:
    """The other place of a tone mark, and y for i: «hoà», «kí»."""
    text = name
    for one, other in _OLD_STYLE.items():
        text = text.replace(one, other)
    return text.replace("ký", "kí").replace("lý", "lí").replace("tỷ", "tỉ")


SLIPS: dict[str, Slip] = {
    "no marks": no_marks,
    "some marks": some_marks,
    "NFD": decomposed,
    "telex": telex,
    "VNI": vni,
    "no spaces": no_spaces,
    "joined pair": joined_pair,
    "swapped": swapped,
    "missing": missing,
    "doubled": doubled,
    "neighbour key": neighbour,
    "other spelling": other_spelling,
}
