"""The files of anchored heads, read again: sealed or not, and which heads they hold. Needs no Django."""

from __future__ import annotations

import hmac
import json
import mmap
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BLOCK = 1 << 20
LONGEST_LAST_LINE, LONGEST_LINE = 200, 4_000
HEAD = b'{"id":'


class HeadsError(Exception):
    """A file that can't be read, or isn't what was sealed."""


@dataclass(frozen=True)
class Heads:
    """A sealed file: its day, seals, series of codes, and where its heads lie, ordered by the key of the dossier."""

    path: str
    day: str
    previous: str
    seal: str
    series: tuple[tuple[str, int], ...]
    begins: int
    ends: int
    first: int
    last: int
    """Keys of the first and the last dossier; where there is none, the first lies behind the last."""


def read(path: Path, key: bytes) -> Heads:
    """Return what a file holds once its seal was found right, in bounded memory. Raises HeadsError."""
    try:
        with path.open("rb") as file:
            ends, seal = _sealed(file, key)
            return _described(path, file, ends, seal)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise HeadsError(str(error)) from error


def _sealed(file: Any, key: bytes) -> tuple[int, str]:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - LONGEST_LAST_LINE))
    last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    seal = json.loads(last)["seal"]
    ends = left = size - len(last) - 1
    mac = hmac.new(key, digestmod="sha256")
    file.seek(0)
    while left > 0 and (block := file.read(min(BLOCK, left))):
        mac.update(block)
        left -= len(block)
    if not hmac.compare_digest(mac.hexdigest(), str(seal)):
        raise HeadsError("the seal is wrong")
    return ends, seal


def _described(path: Path, file: Any, ends: int, seal: str) -> Heads:
    file.seek(0)
    first = json.loads(file.readline())
    series = []
    begins = file.tell()
    while begins < ends and (line := file.readline()) and not line.startswith(HEAD):
        told = json.loads(line)
        series.append((told["series"], told["last"]))
        begins = file.tell()
    first_key, last_key = 1, 0
    if begins < ends:
        first_key = json.loads(line)["id"]
        file.seek(max(begins, ends - LONGEST_LINE))
        last_key = json.loads(file.read(ends - file.tell()).rstrip(b"\n").rpartition(b"\n")[2])["id"]
    return Heads(str(path), first["day"], first["previous"], seal, tuple(series), begins, ends, first_key, last_key)


def heads_between(heads: Heads, low: int, high: int) -> Iterator[dict[str, Any]]:
    """Yield the heads of dossiers whose keys lie in low..high, both with it."""
    if heads.first > high or heads.last < low or heads.begins >= heads.ends:
        return
    with Path(heads.path).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        place = _first_from(data, heads, low)
        while place < heads.ends and _key_at(data, place) <= high:
            after = data.find(b"\n", place) + 1
            yield json.loads(data[place:after])
            place = after


def _first_from(data: mmap.mmap, heads: Heads, low: int) -> int:
    """Return where the first line with a key of `low` or more begins, halving the space between."""
    left, right = heads.begins, heads.ends
    while left < right:
        line = data.rfind(b"\n", heads.begins, (left + right) // 2) + 1 or heads.begins
        if _key_at(data, line) < low:
            left = data.find(b"\n", line) + 1
        else:
            right = line
    return left


def _key_at(data: mmap.mmap, place: int) -> int:
    begins = place + len(HEAD)
    return int(data[begins : data.find(b",", begins)])
