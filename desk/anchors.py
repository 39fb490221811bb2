"""Daily heads of the chains, in files outside the database: who changes the database can't change them too.

A day's file has a line a dossier that was touched on it (its last event of the day, and that event's digest) and a line
a series of codes of the day, so that a dossier that is removed with all its rows still shows. It is sealed under the
key of the chain, together with the seal of the day before.
"""

from __future__ import annotations

import datetime as dt
import hmac
import itertools
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Min

from catalogue.opening import ZONE
from desk import chain
from desk.digests import as_json
from desk.models import AnchoredDay, CodeCounter, DossierEvent

SETTLES = dt.timedelta(minutes=10)
"""How long after midnight a day's last transactions are waited for."""
CHUNK = 5_000


class AnchorError(Exception):
    """A file of heads isn't what it should be; `verify_desk` says what is wrong."""


def folder() -> Path:
    """Return where the files lie: best on another disk than the database's."""
    return Path(settings.DESK_HEADS_DIR or Path(settings.VAR_DIR) / "desk-heads")


def path_of(day: dt.date) -> Path:
    """Return the file of a day."""
    return folder() / f"{day.isoformat()}.jsonl"


def anchor_due(at: dt.datetime) -> list[dt.date]:
    """Anchor each day that is over and isn't anchored yet, in their order; return them. A rerun does nothing twice."""
    last = AnchoredDay.objects.order_by("-day").first()
    day = last.day + dt.timedelta(1) if last else first_day()
    done: list[dt.date] = []
    while day is not None and is_over(day, at):
        anchor_day(day, at=at)
        done.append(day)
        day += dt.timedelta(1)
    return done


def first_day() -> dt.date | None:
    """Return the local day of the first event."""
    first = DossierEvent.objects.aggregate(at=Min("at"))["at"]
    return first.astimezone(ZONE).date() if first else None


def is_over(day: dt.date, at: dt.datetime) -> bool:
    """Return whether a day's last transaction has ended."""
    return at >= bounds(day)[1] + SETTLES


def bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Return the moments at which a local day begins and ends."""
    begins = dt.datetime.combine(day, dt.time(), ZONE)
    return begins, begins + dt.timedelta(1)


def anchor_day(day: dt.date, *, at: dt.datetime) -> Path:
    """Write the heads of a day that is over, once; return the file.

    Days are anchored in their order, each after the one before. Raises ValueError for a day that isn't over or isn't
    the next one, AnchorError for a file that is there and doesn't follow the day before.
    """
    path = path_of(day)
    last = AnchoredDay.objects.order_by("-day").first()
    if last is not None and day <= last.day:
        return path
    if not is_over(day, at):
        raise ValueError(f"{day} isn't over.")
    if last is not None and day != last.day + dt.timedelta(1):
        raise ValueError(f"{last.day + dt.timedelta(1)} must be anchored before {day}.")
    previous = last.seal if last else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        write(path, lines_of(day, previous))
    AnchoredDay.objects.get_or_create(day=day, defaults={"seal": seal_of(path, day, previous)})
    return path


def lines_of(day: dt.date, previous: str) -> Iterator[dict[str, Any]]:
    """Yield what a day's file says: the day, the last number of each series, the head of each dossier by its key."""
    yield {"day": day.isoformat(), "previous": previous}
    series = CodeCounter.objects.filter(series__endswith=f"-{day:%y%m%d}").order_by("series")
    for name, last in series.values_list("series", "last"):
        yield {"series": name, "last": last}
    begins, ends = bounds(day)
    rows = (
        DossierEvent.objects.filter(at__gte=begins, at__lt=ends)
        .order_by("dossier_id", "number")
        .values_list("dossier_id", "dossier__code", "number", "digest")
        .iterator(CHUNK)
    )
    for pk, events in itertools.groupby(rows, key=lambda row: row[0]):
        *_earlier, (_pk, code, number, digest) = events
        yield {"id": pk, "code": code, "number": number, "head": digest}


def write(path: Path, lines: Iterator[dict[str, Any]]) -> None:
    """Write a sealed file, whole or not at all; one that somebody else has written meanwhile stays."""
    mac = hmac.new(chain.key(), digestmod="sha256")
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-") as part:
        for line in lines:
            data = as_json(line).encode() + b"\n"
            mac.update(data)
            part.write(data)
        part.write(as_json({"seal": mac.hexdigest()}).encode() + b"\n")
        part.flush()
        os.fsync(part.fileno())
        Path(part.name).chmod(0o440)
        try:
            os.link(part.name, path)
        except FileExistsError:
            return
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def seal_of(path: Path, day: dt.date, previous: str) -> str:
    """Return the seal of a file of heads that follows the day before. Raises AnchorError."""
    from desk.verifying.heads import HeadsError, read

    try:
        heads = read(path, chain.key())
    except HeadsError as error:
        raise AnchorError(f"{path.name}: {error}") from error
    if (heads.day, heads.previous) != (day.isoformat(), previous):
        raise AnchorError(f"{path.name} doesn't follow the day before: run verify_desk.")
    return heads.seal
