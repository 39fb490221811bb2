"""The options and the printed report that all loaders share."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from catalogue.loading.reading import UntrustedFileError
from catalogue.loading.report import Report


class LoadError(Exception):
    """The load can't be done; the message says what to do."""


def add_options(parser: CommandParser) -> None:
    """Add --dry-run and --json."""
    parser.add_argument("--dry-run", action="store_true", help="show what would change, write nothing")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON that holds the counts")


def committed(name: str) -> Path:
    """Return the path of a file or folder that comes with the project."""
    return Path(settings.CATALOGUE_DATA_DIR) / name


Progress = Callable[[str], None]


def silent(message: str) -> None:
    """Say nothing."""


def run(command: BaseCommand, load: Callable[[], Report], options: dict[str, Any], *, with_diff: bool = False) -> None:
    """Load under Vietnamese and print the report; an error of the file leaves everything as it was.

    What changes is told piece by piece in a dry run, and always where `with_diff` says so.
    """
    started = time.monotonic()
    try:
        with translation.override("vi"):
            report = load()
    except (UntrustedFileError, LoadError) as error:
        raise CommandError(f"{error} Nothing was loaded.") from error
    for line in report.lines(with_diff=with_diff or options["dry_run"]):
        command.stdout.write(line)
    what = "checked, nothing written" if options["dry_run"] else "done"
    command.stdout.write(f"{what} in {time.monotonic() - started:.1f} s")
    if options["json"]:
        command.stdout.write(report.as_json())
