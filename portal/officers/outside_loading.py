"""Bring accounts on ministries' systems to what a list says: all rows that can be in one transaction."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from catalogue.loading.output import LoadError
from catalogue.loading.report import Change, Report
from catalogue.loading.table import Cells
from catalogue.models import OutsideAccount
from portal.officers.loading import BATCH
from portal.officers.outside_rows import Standing, columns_of, read_row, take
from portal.officers.reading import Columns, take_rows
from portal.officers.telling import audit_later

BY = "load_outside_accounts"


def load_outside_accounts(
    path: Path, *, at: dt.datetime, dry_run: bool = False, all_or_nothing: bool = False
) -> Report:
    """Load the list; raises UntrustedFileError for a file that is no such list, LoadError where nothing may be loaded.

    What the list doesn't name stays.
    """
    report, day = Report(), localdate(at)
    try:
        with transaction.atomic():
            standing = Standing.now()

            def take_row(number: int, cells: Cells, columns: Columns) -> None:
                take(read_row(number, cells, columns, day), standing)

            take_rows(path, report, columns_of=columns_of, take=take_row)
            report.unchanged = standing.unchanged
            if all_or_nothing and report.refused:
                raise LoadError("\n".join([*report.lines(), "All or nothing was asked for."]))
            _write(standing, at)
            _tell(standing, report)
            if dry_run:
                transaction.set_rollback(True)
    except IntegrityError as error:
        raise LoadError("Somebody else wrote accounts down at the same time: run it again.") from error
    return report


def _write(standing: Standing, at: dt.datetime) -> None:
    """Write what changed: who wrote it down is nobody in person, the list did."""
    changed = [row for row, _words in standing.changed]
    for row in [*standing.new, *changed]:
        row.written_by, row.written_at = None, at
    # An account that ends makes room for the next one of the same person.
    days = ["granted_on", "withdrawn_on", "written_by", "written_at"]
    OutsideAccount.objects.bulk_update(changed, days, batch_size=BATCH)
    OutsideAccount.objects.bulk_create(standing.new, batch_size=BATCH)


def _tell(standing: Standing, report: Report) -> None:
    report.created = len(standing.new)
    for row in standing.new:
        report.new.append(f"{_named(row)}, from {row.granted_on}")
        audit_later("outside_account_written", row.user, by=BY, system=row.system)
    for row, words in standing.changed:
        fields = tuple(word.partition(":")[0] for word in words)
        report.changed.append(Change(_named(row), fields, tuple(words)))
        audit_later("outside_account_changed", row.user, by=BY, system=row.system, fields=list(fields))


def _named(row: OutsideAccount) -> str:
    return f"{row.user.get_username()} · {row.system}"
