"""The file of what people typed: a line a query, without a trace of who. Every process adds, one takes away."""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import re
import time
import unicodedata
import uuid
from pathlib import Path

from django.conf import settings

from catalogue.text import fold, nfc
from search.syllables import is_folded_syllable

LONGEST = 200
FULL = 20_000_000
"""Bytes; a file that nobody takes away for so long takes in nothing more."""
MASK = "#"
_ADDRESS = re.compile(r"\S*(?:@|://)\S*|\bwww\.\S+")
_NUMBERED = re.compile(r"\b(?=(?:\w*\d){5})\w+\b")
_DIGITS = re.compile(r"[\d#](?:[\s.,:/+()-]*[\d#])*")
_CODE = re.compile(r"([^\W\d_])\d|([^\W\d_]{2,})\d{1,2}")
"""Letters and one or two digits behind them: «ct01», «n1», a class of driving licence."""
_VNI = re.compile(r"[a-z]+(?:[1-9]{1,2}[a-z]+)*[1-9]{0,2}")
"""A syllable whose marks are typed as digits: «d9ang»."""
_ROUND = "«»\"'“”‘’().,;:?!"
PLACES = frozenset(
    re.split(
        " ",
        "so nha sn lo phong p can ho kiet k hem h ngo ngach to toa block duong sdt dt tel tang ap thon kp khu "
        "ngay thang nam tuoi sinh no house room apt floor",
    )
)
"""Words, folded, behind which digits are a house's number, a telephone's or a date's."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def masked(text: str) -> str:
    """Return the text as it may be kept: lower case, numbers and addresses masked, at most 200 letters.

    A run of digits is one mask, however it is broken up; so is a word with five digits or more (passports,
    number plates), an e-mail address and a web address. One or two digits in a word of letters stay where they
    can't tell who asks: the name of a form («ct01»), marks typed as digits («d9ang»).
    """
    kept = unicodedata.normalize("NFC", _CONTROL.sub(" ", text[: 4 * LONGEST])).lower()
    for pattern in (_ADDRESS, _NUMBERED):
        kept = pattern.sub(MASK, kept)
    # What one pass masks may be what makes its neighbour's digits telling.
    while (stricter := _DIGITS.sub(_mask, kept)) != kept:
        kept = stricter
    return nfc(kept)[:LONGEST].rstrip()


def _mask(found: re.Match[str]) -> str:
    """Return what stands for a run of digits: itself inside a harmless word, else the mask."""
    run, text = found.group(), found.string
    if len(run) > 2 or not run.isascii() or not run.isdigit():
        return MASK
    before, after = text[: found.start()].rpartition(" "), text[found.end() :].partition(" ")
    word = f"{before[2]}{run}{after[0]}".strip(_ROUND)
    earlier = before[0].split()
    return run if is_harmless(word, earlier[-1] if earlier else "") else MASK


def is_harmless(word: str, before: str) -> bool:
    """Return whether a word with few digits can't be a house, a telephone, a plate or a date."""
    if _letters(before) in PLACES:
        return False
    code = _CODE.fullmatch(word)
    if code and fold(code[1] or code[2]) not in PLACES:
        return True
    letters = _letters(word)
    return letters not in PLACES and bool(_VNI.fullmatch(word)) and is_folded_syllable(letters)


def _letters(word: str) -> str:
    """Return the word folded, without what isn't a letter."""
    return "".join(letter for letter in fold(word) if letter.isalpha())


def folder() -> Path:
    """Return where the files lie."""
    return Path(settings.VAR_DIR) / "asked"


def note(text: str, *, language: str, was: str, day: dt.date) -> None:
    """Add a query to the file: one line, one write. Raises OSError where the disk refuses.

    A file that was taken away between opening and locking is left alone, so that no line comes too late.
    """
    asked = masked(text)
    if not any(letter.isalpha() for letter in asked):
        return
    row = {"day": day.isoformat(), "language": language, "text": asked, "was": masked(was)}
    line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
    while not _added(folder() / "now.jsonl", line):
        pass


def _added(path: Path, line: bytes) -> bool:
    """Add the line and return True; False where the file was taken away meanwhile."""
    file = _opened(path)
    try:
        fcntl.flock(file, fcntl.LOCK_SH)
        state = os.fstat(file)
        if not state.st_nlink or not _is(path, state):
            return False
        if state.st_size < FULL:
            os.write(file, line)
        return True
    finally:
        os.close(file)


def _opened(path: Path) -> int:
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, flags, 0o600)


def _is(path: Path, state: os.stat_result) -> bool:
    try:
        return os.path.samestat(path.stat(), state)
    except FileNotFoundError:
        return False


def take() -> list[Path]:
    """Put what was added aside and return every file that lies aside, also of a run that crashed, oldest first."""
    current = folder() / "now.jsonl"
    if current.exists():
        aside = folder() / f"{time.time_ns()}-{uuid.uuid4().hex[:8]}.jsonl"
        current.rename(aside)
        with aside.open() as file:
            # Who had it open and locked is writing its last line.
            fcntl.flock(file, fcntl.LOCK_EX)
    return sorted(path for path in folder().glob("*.jsonl") if path.name != current.name)
