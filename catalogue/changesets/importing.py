"""Reading an uploaded national file portion by portion: it can be watched, and begun again where it broke off."""

from __future__ import annotations

import datetime as dt
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from catalogue.changesets.file_lines import amending_line, new_line
from catalogue.loading.catalogue_file import CatalogueFile, each_procedure
from catalogue.loading.departed import departed
from catalogue.loading.history import BATCH, CONTENTS_A_STATEMENT
from catalogue.loading.judging import judge_all, present_rows, sort
from catalogue.loading.output import LoadError
from catalogue.loading.provinces import get_home
from catalogue.loading.reading import UntrustedFileError
from catalogue.loading.report import Refusal
from catalogue.loading.rows import ParsedProcedure
from catalogue.loading.sentences import Sentence, as_data, first
from catalogue.models import CatalogueImport, ChangeLine, ChangeSet

logger = logging.getLogger(__name__)
State = CatalogueImport.State
Now = Callable[[], dt.datetime]
_PREFIX = "national-"


class SupersededError(Exception):
    """Somebody began it again or withdrew the set meanwhile: this reading has no more to say."""


@dataclass
class _Portion:
    """What a portion of rows came to."""

    lines: list[ChangeLine] = field(default_factory=list)
    created: int = 0
    changed: int = 0
    unchanged: int = 0


def read(pk: int, *, now: Now = timezone.now) -> str:
    """Read a file that waits into the lines of its set, and return how it ended; does nothing where another is at it.

    Nothing but the set's own lines is written. An error leaves the import «broke off», with what was read.
    """
    found = _claim(pk, now())
    if found is None:
        return "nothing to do"
    try:
        with override(settings.LANGUAGE_CODE), unpacked(found) as path:
            _read(found, path, now)
    except SupersededError:
        return "superseded"
    except (UntrustedFileError, LoadError) as error:
        _end(found, State.REFUSED, now(), report={"why": as_data(first(error))})
    except Exception:
        logger.exception("The reading of the file of import %s broke off.", pk)
        _end(found, State.STOPPED, now(), report={"why": as_data(Sentence(_("An error stopped the reading.")))})
    found.refresh_from_db(fields=["state"])
    return str(found.state)


def read_waiting(at: dt.datetime) -> str:
    """Read the files that wait, one after the other: the clock's part, for where no worker does it."""
    _sweep(at)
    waiting = CatalogueImport.objects.filter(state=State.WAITING).order_by("uploaded_at", "pk")
    ended = [read(pk) for pk in list(waiting.values_list("pk", flat=True))]
    return f"{len(ended)} files read"


def begin_again(pk: int, at: dt.datetime) -> bool:
    """Let a file that broke off wait to be read anew; False where it didn't break off, or was begun already."""
    return bool(CatalogueImport.objects.stopped(at).filter(pk=pk).update(state=State.WAITING, heard_at=None))


@contextmanager
def unpacked(found: CatalogueImport) -> Iterator[Path]:
    """Lay the uploaded file into a folder of its own for a block."""
    assert found.content is not None
    with own_folder(found.name) as path:
        path.write_bytes(found.content)
        yield path


@contextmanager
def own_folder(name: str) -> Iterator[Path]:
    """Make a folder for a block, and yield the path in it under which a file's sentences call it by its name."""
    with TemporaryDirectory(prefix=_PREFIX, dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        yield Path(folder) / file_name(name)


def _sweep(at: dt.datetime) -> None:
    """Remove the folders of processes that were killed: nobody reads a file for an hour."""
    for folder in Path(settings.FILE_UPLOAD_TEMP_DIR).glob(f"{_PREFIX}*"):
        if folder.stat().st_mtime < at.timestamp() - 3600:
            shutil.rmtree(folder, ignore_errors=True)


def file_name(name: str) -> str:
    """Return a name that any file system takes."""
    valid = get_valid_filename(name.encode("ascii", "ignore").decode().strip(" .") or "file")
    return valid[:80]


def _claim(pk: int, at: dt.datetime) -> CatalogueImport | None:
    """Take a waiting file for this process alone; what an earlier attempt wrote goes."""
    with transaction.atomic():
        waiting = CatalogueImport.objects.filter(pk=pk, state=State.WAITING)
        counts = dict.fromkeys(("done", "created", "changed", "unchanged", "refused", "departed"), 0)
        if not waiting.update(state=State.RUNNING, heard_at=at, attempt=F("attempt") + 1, report={}, **counts):
            return None
        found = CatalogueImport.objects.select_related("change_set").get(pk=pk)
        ChangeLine.objects.filter(change_set=found.change_set_id).delete()
    return found


def _read(found: CatalogueImport, path: Path, now: Now) -> None:
    home = get_home(settings.PROVINCE_CODE)
    file = CatalogueFile()
    for rows in portions(each_procedure(path, file, home=home)):
        portion = _judge(found.change_set, rows, file.refused, now())
        _keep(found, portion, done=rows[-1].row, refused=len(file.refused), at=now())
    left = departed(file, settings.PROVINCE_CODE)
    report = {
        "refused": [[refusal.row, refusal.key, as_data(refusal.reason)] for refusal in file.refused],
        "departed": [as_data(sentence) for sentence in left],
    }
    counts = {"done": found.total, "refused": len(file.refused), "departed": max(0, len(left) - 1)}
    _end(found, State.READY, now(), report=report, content=None, **counts)


def portions(rows: Iterable[ParsedProcedure]) -> Iterator[list[ParsedProcedure]]:
    """Yield rows in portions that fit memory and a transaction of a second or two."""
    rows = iter(rows)
    while portion := list(islice(rows, BATCH)):
        yield portion


def _judge(change_set: ChangeSet, rows: list[ParsedProcedure], refused: list[Refusal], at: dt.datetime) -> _Portion:
    """Return the lines of a portion; reads without a lock: an approval compares anew."""
    parted = sort(rows, present_rows(row.code for row in rows))
    portion = _Portion([new_line(change_set, row, at) for row in parted.created], unchanged=parted.unchanged)
    portion.created = len(portion.lines)
    for found in judge_all(parted.differing, on=timezone.localdate(at)):
        if not found.changing:
            portion.unchanged += 1
        elif found.too_old:
            refused.append(Refusal(found.row.row, found.too_old, found.row.code))
        else:
            portion.lines.append(amending_line(change_set, found, at))
            portion.changed += 1
    portion.lines.sort(key=lambda line: line.after["row"])
    return portion


def _keep(found: CatalogueImport, portion: _Portion, *, done: int, refused: int, at: dt.datetime) -> None:
    """Write the lines of a portion, with how far it is; raises SupersededError where it is no longer ours to write."""
    with transaction.atomic():
        mine = _mine(found)
        lines = ChangeLine.objects.bulk_create(portion.lines, batch_size=CONTENTS_A_STATEMENT)
        through = ChangeLine.writers.through
        through.objects.bulk_create([through(changeline_id=line.pk, user_id=found.uploaded_by_id) for line in lines])
        mine.update(
            done=done,
            heard_at=at,
            refused=refused,
            created=F("created") + portion.created,
            changed=F("changed") + portion.changed,
            unchanged=F("unchanged") + portion.unchanged,
        )


def _end(found: CatalogueImport, state: str, at: dt.datetime, **columns: object) -> None:
    try:
        with transaction.atomic():
            _mine(found).update(state=state, heard_at=at, **columns)
    except SupersededError:
        logger.info("Import %s was begun again or withdrawn meanwhile.", found.pk)


def _mine(found: CatalogueImport) -> models.QuerySet[CatalogueImport]:
    """Lock the import of this attempt and return it as a queryset."""
    rows = CatalogueImport.objects.filter(pk=found.pk, attempt=found.attempt, state=State.RUNNING)
    status = rows.select_for_update(of=("self",)).values_list("change_set__status", flat=True).first()
    if status != ChangeSet.Status.DRAFT:
        raise SupersededError
    return CatalogueImport.objects.filter(pk=found.pk)
