"""A national file in the hands of the province's editors: uploading, approving, and a row changed beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from catalogue.changesets import uploads
from catalogue.changesets.files import write_lines
from catalogue.models import CatalogueImport, ChangeLine, ChangeSet, Procedure
from tests.catalogue.conftest import BIRTH

NEW_STEPS = "Bước mới của tệp"


def bring(path: Path, by: Any, **head: Any) -> CatalogueImport:
    """Upload a file as its page does, and have it read: small ones are at once."""
    taken = uploads.examine(SimpleUploadedFile(path.name, path.read_bytes()))
    found = uploads.keep(taken, head, name=path.name, by=by, at=timezone.now())
    from catalogue.changesets.importing import read

    read(found.pk)
    found.refresh_from_db()
    return found


def approve_all(change_set: ChangeSet, by: Any) -> dict[int, str]:
    """Approve every line and write it, as the approval does in its transaction; return what couldn't be."""
    from django.db import transaction

    at = timezone.now()
    with transaction.atomic():
        lines = change_set.lines.filter(status=ChangeLine.Status.OPEN)
        lines.update(status=ChangeLine.Status.APPROVED, decided_by=by, decided_at=at)
        approved = list(change_set.lines.filter(status=ChangeLine.Status.APPROVED))
        return write_lines(approved, at=at, day=timezone.localdate(at), effective_on=change_set.effective_on)


def edit(code: str = BIRTH, **columns: Any) -> None:
    """Change a row as an editor who publishes does; within `by_a_rule`."""
    procedure = Procedure.objects.get(code=code)
    for name, value in columns.items():
        setattr(procedure, name, value)
    procedure.save_revision(clean=False).publish()


def new_steps(row: dict[str, Any]) -> None:
    """Change the file's row."""
    row["steps_text"] = NEW_STEPS


def rows_in(path: Path) -> list[dict[str, Any]]:
    """Return a file's rows."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def changed(path: Path, edits: dict[str, Callable[[dict[str, Any]], None]], more: Iterable[dict[str, Any]] = ()) -> str:
    """Return a file's text with rows changed by code, and more rows at its end."""
    rows = rows_in(path)
    for row in rows:
        edits.get(row["code"], lambda row: None)(row)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in [*rows, *more])
