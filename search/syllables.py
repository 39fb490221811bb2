"""What a Vietnamese syllable is, and how people type one without an input method.

A syllable is an onset, a rhyme and a tone. The rhymes are closed in number, which tells «đăng» from «dawng».
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from catalogue.text import fold

ONSETS = tuple(
    "ngh ng nh ch gh gi kh ph qu th tr b c d đ g h k l m n p r s t v x".split()  # noqa: SIM905
)
_RHYMES = """
    a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây e ec em en eng eo ep
    et ê êch êm ên ênh êp êt êu êng êc i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai
    oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc ôi
    ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uac uach uai uan uang uanh uat uay uân uâng uât uây uc ue uê uêch uênh
    ui um un ung uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uynh uyt uyu uơ uă uăng ư ưa ưc ưi ưm ưn ưng
    ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu yn ynh oă
"""
RHYMES = frozenset(_RHYMES.split())
_FOLDED_RHYMES = frozenset(fold(rhyme) for rhyme in RHYMES)
_TONES = re.compile("[̣̀́̃̉]")
_ONSET = re.compile(rf"^(?:{'|'.join(ONSETS)})")
_TELEX_VOWELS = {"aa": "â", "ee": "ê", "oo": "ô", "aw": "ă", "ow": "ơ", "uw": "ư", "dd": "đ"}
_TELEX_TONES = {"s": "́", "f": "̀", "r": "̉", "x": "̃", "j": "̣"}
_VNI_TONES = {"1": "́", "2": "̀", "3": "̉", "4": "̃", "5": "̣"}
_VNI_VOWELS = {"a6": "â", "e6": "ê", "o6": "ô", "o7": "ơ", "u7": "ư", "a8": "ă", "d9": "đ"}


def without_tone(syllable: str) -> str:
    """Return the syllable without its tone; the vowels keep their shape: «đặng» gives «đăng»."""
    return unicodedata.normalize("NFC", _TONES.sub("", unicodedata.normalize("NFD", syllable)))


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Return whether the word, in lower case with its marks, is a possible Vietnamese syllable."""
    return _has_rhyme(without_tone(word), RHYMES)


@lru_cache(maxsize=50_000)
def is_folded_syllable(word: str) -> bool:
    """Return whether the word without marks could be a Vietnamese syllable."""
    return _has_rhyme(word, _FOLDED_RHYMES)


def _has_rhyme(word: str, rhymes: frozenset[str]) -> bool:
    if word in rhymes:
        return True
    found = _ONSET.match(word)
    if not found:
        return False
    onset, rest = found.group(), word[found.end() :]
    if rest in rhymes:
        return True
    # «gi», «gì», «gin» keep their vowel in the onset; «quy» and «qua» have theirs after it.
    return (onset == "gi" and "i" + rest in rhymes) or (onset == "qu" and "u" + rest in rhymes)


@lru_cache(maxsize=20_000)
def from_telex(word: str) -> str:
    """Return the syllable that undecoded telex meant («ddawng» gives «đăng»), empty where it means none."""
    if not word.isascii() or not word.isalpha():
        return ""
    tone, letters = "", word
    at = max((i for i, letter in enumerate(letters) if letter in _TELEX_TONES and _has_vowel(letters[:i])), default=-1)
    if at > 0:
        tone = _TELEX_TONES[letters[at]]
        letters = letters[:at] + letters[at + 1 :]
    shaped = _shape(letters)
    if not tone and shaped == word:
        return ""
    return put_tone(shaped, tone) if is_syllable(shaped) else ""


def _shape(letters: str) -> str:
    """Return the letters with telex's doubled and hooked ones joined, the late ones («dangd», «tiene») too."""
    text = letters
    for late, wanted in (("d", "đ"), ("a", "â"), ("e", "ê"), ("o", "ô")):
        if len(text) > 2 and text[-1] == late and text.count(late) == 2 and text[-2] != late:
            first = text.index(late)
            text = text[:first] + wanted + text[first + 1 : -1]
            break
    text = text.replace("uow", "ươ").replace("uwow", "ươ")
    for typed, letter in _TELEX_VOWELS.items():
        text = text.replace(typed, letter)
    if text.endswith("w") and len(text) > 1:
        text = _hook(text[:-1])
    return text.replace("w", "ư")


def _hook(text: str) -> str:
    """Return the text with the horn or breve that a «w» at the end puts on an earlier vowel."""
    if "uo" in text:
        return text.replace("uo", "ươ", 1)
    for plain, hooked in (("u", "ư"), ("o", "ơ"), ("a", "ă")):
        if plain in text:
            return text.replace(plain, hooked, 1)
    return text + "ư"


@lru_cache(maxsize=20_000)
def from_vni(word: str) -> str:
    """Return the syllable that undecoded VNI meant («d9ang» gives «đang»), empty where it means none."""
    if not word.isascii() or not any(letter.isdigit() for letter in word) or not word[0].isalpha():
        return ""
    tone, shapes, letters = "", "", ""
    for letter in word:
        if letter in _VNI_TONES:
            tone = _VNI_TONES[letter]
        elif letter.isdigit():
            shapes += letter
        else:
            letters += letter
    for digit in shapes:
        letters = _vni_shape(letters, digit)
    return put_tone(letters, tone) if letters and is_syllable(letters) else ""


def _vni_shape(letters: str, digit: str) -> str:
    if digit == "7" and "ươ" in letters:
        return letters  # A second 7 in «ngu7o7i2» says again what the first one did to both letters.
    if digit == "7" and "uo" in letters:
        return letters.replace("uo", "ươ", 1)
    for typed, letter in _VNI_VOWELS.items():
        if typed[1] == digit and typed[0] in letters:
            return letters.replace(typed[0], letter, 1)
    return letters + digit


def _has_vowel(text: str) -> bool:
    return any(letter in "aeiouyw" for letter in text)


def put_tone(syllable: str, tone: str) -> str:
    """Return the syllable with a combining tone mark on the vowel that bears it."""
    if not tone:
        return syllable
    found = _ONSET.match(syllable)
    start = found.end() if found and syllable != found.group() else 0
    vowels = [i for i, letter in enumerate(syllable) if i >= start and fold(letter) in "aeiouy"]
    if not vowels:
        vowels = [i for i, letter in enumerate(syllable) if fold(letter) in "aeiouy"]
    shaped = [i for i in vowels if syllable[i] in "âăêôơư"]
    at = shaped[-1] if shaped else vowels[_bearer(syllable, vowels)]
    return unicodedata.normalize("NFC", syllable[: at + 1] + tone + syllable[at + 1 :])


def _bearer(syllable: str, vowels: list[int]) -> int:
    """Return which vowel bears the tone: the last before a final consonant, else the one before the last glide."""
    if len(vowels) == 1:
        return 0
    if vowels[-1] < len(syllable) - 1:
        return len(vowels) - 1
    pair = syllable[vowels[-2] : vowels[-1] + 1]
    return len(vowels) - 1 if pair in ("oa", "oe", "uy") else len(vowels) - 2
