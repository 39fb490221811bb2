"""Vietnamese text: one normal form, and the folded form that plain search compares."""

import re
import unicodedata

_MARKS = re.compile(r"[̀-ͯ]")
_SPACE = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^\w.]+", re.UNICODE)
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_PREFIX = re.compile(r"^thủ tục(?: hành chính)?\s*:?\s+", re.IGNORECASE)


def nfc(text: str) -> str:
    """Return the text in Unicode NFC with runs of white space as one space each."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def fold(text: str) -> str:
    """Return lower case without Vietnamese marks: «Đăng ký» gives «dang ky»."""
    plain = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return nfc(_NOT_WORD.sub(" ", _MARKS.sub("", plain)))


def marked(text: str) -> str:
    """Return lower case with its marks and single spaces: what an exact match compares."""
    return nfc(_NOT_WORD.sub(" ", unicodedata.normalize("NFC", text).lower()))


def has_no_spaces_between_words(word: str) -> bool:
    """Return whether a word is written in a script whose words stand without spaces, or inflect at their end."""
    return bool(_EAST_ASIAN.search(word))


def display_name(name: str) -> str:
    """Return a procedure's name as people say it: without «Thủ tục», never in capitals.

    37 names of the national catalogue are all capitals, and a quarter begin with the word itself.
    """
    text = _PREFIX.sub("", nfc(name).lstrip(" .,-–")).rstrip(" .;")
    if text.isupper():
        text = text.lower()
    return text[:1].upper() + text[1:]


def shorten(name: str, limit: int = 70) -> str:
    """Return the name cut at a word's end to at most `limit` characters, brackets dropped first."""
    text = display_name(name)
    if len(text) <= limit:
        return text
    text = nfc(re.sub(r"\s*\([^()]*\)", "", text))
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:.-–") + "…"


def full_name(last_name: str | None, first_name: str | None) -> str:
    """Return a person's names in Vietnamese order, the family's first."""
    return f"{last_name or ''} {first_name or ''}".strip()
