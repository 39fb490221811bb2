"""Taking a national file from an editor: judged by its content, kept with a set, read in the background."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from celery import current_app
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_noop as _

from catalogue.changesets.importing import file_name, own_folder
from catalogue.loading.catalogue_file import check_whole
from catalogue.loading.reading import UntrustedFileError, open_binary
from catalogue.loading.sentences import Sentence
from catalogue.models import CatalogueImport, ChangeSet

MOST_UPLOADED, MOST_UNPACKED = 50, 200
"""Megabytes. The whole national catalogue of July 2026 has 4 packed and 41 unpacked."""
AT_ONCE = 500_000
"""Bytes, unpacked: without workers a file up to this size (some fifty procedures, a second or two) is read within the
request that brings it. A larger one waits for the clock, less than a minute: reading a whole catalogue takes longer
than anybody should wait for an answer, and would keep one of the demo's two server processes from everybody else."""
_PIECE = 1_000_000


@dataclass(frozen=True)
class Taken:
    """What an upload is: its packed content, and the figures of it."""

    content: bytes
    size: int
    digest: str
    total: int


def examine(upload: UploadedFile) -> Taken:
    """Return an upload checked as a whole; raises UntrustedFileError, whose sentence says what is wrong with it."""
    name = file_name(upload.name or "")
    if (upload.size or 0) > MOST_UPLOADED * _PIECE:
        text = _("%(file)s is larger than %(most)s MB: give the file of the national catalogue, packed with gzip.")
        raise UntrustedFileError(Sentence(text, file=name, most=MOST_UPLOADED))
    with own_folder(name) as path:
        with path.open("wb") as out:
            for piece in upload.chunks():
                out.write(piece)
        content, size, mark = _pack(path)
        total, good = check_whole(path)
    if not good:
        text = _("%(file)s has no row with a procedure's code: give a file of one JSON object a line, plain or gzip.")
        raise UntrustedFileError(Sentence(text, file=name))
    return Taken(content, size, mark, total)


def same_before(digest: str) -> CatalogueImport | None:
    """Return the newest import of the same content that wasn't withdrawn or refused."""
    rows = CatalogueImport.objects.filter(digest=digest).exclude(state=CatalogueImport.State.REFUSED)
    rows = rows.exclude(change_set__status=ChangeSet.Status.WITHDRAWN).without_content()
    return rows.select_related("change_set", "uploaded_by").first()


def is_at_work(found: CatalogueImport) -> bool:
    """Return whether a set can still be written in: the same file needs no second one."""
    return found.change_set.status in ChangeSet.WRITABLE


@transaction.atomic
def keep(taken: Taken, head: Mapping[str, Any], *, name: str, by: Any, at: dt.datetime) -> CatalogueImport:
    """Make the set and its import, and have the file read; `head` has the columns of the set."""
    change_set = ChangeSet.objects.create(**head, source=ChangeSet.Source.FILE, written_at=at)
    change_set.writers.add(by)
    found = CatalogueImport.objects.create(
        change_set=change_set,
        name=name[:200],
        size=taken.size,
        digest=taken.digest,
        content=taken.content,
        uploaded_by=by,
        uploaded_at=at,
        total=taken.total,
    )
    have_read(found)
    return found


def have_read(found: CatalogueImport) -> None:
    """Send the file to a worker after the commit; a large one waits for the clock where there are no workers."""
    from catalogue.tasks import read_catalogue_file

    if not current_app.conf.task_always_eager or found.size <= AT_ONCE:
        read_catalogue_file.delay_on_commit(found.pk)


def _pack(path: Path) -> tuple[bytes, int, str]:
    """Return the file packed, its unpacked size, and the digest of what it holds: packed twice it is still the same."""
    mark, size, packed = hashlib.sha256(), 0, io.BytesIO()
    try:
        with open_binary(path) as stream, gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6, mtime=0) as out:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > MOST_UNPACKED * _PIECE:
                    text = _("%(file)s has more than %(most)s MB when it is unpacked: it isn't a national catalogue.")
                    raise UntrustedFileError(Sentence(text, file=path.name, most=MOST_UNPACKED))
                mark.update(piece)
                out.write(piece)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        text = _("%(file)s is cut off or damaged (%(why)s): fetch it again.")
        raise UntrustedFileError(Sentence(text, file=path.name, why=str(error))) from error
    return packed.getvalue(), size, mark.hexdigest()
