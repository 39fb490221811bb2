"""Compile the interface texts: Django reads .mo files, and a bare machine has no msgfmt."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Write a .mo file beside each .po file that is newer than it; fuzzy entries are left out."""

    help = "Compile locale/*/LC_MESSAGES/*.po to .mo where the .po file is newer."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer to compile all."""
        parser.add_argument("--all", action="store_true", help="compile those that are up to date too")

    def handle(self, *args: object, **options: object) -> None:
        """Compile, and say how many."""
        sources = sorted(po for folder in settings.LOCALE_PATHS for po in Path(folder).glob("*/LC_MESSAGES/*.po"))
        compiled = [source for source in sources if options["all"] or is_older(source.with_suffix(".mo"), source)]
        for source in compiled:
            compile_one(source)
        if options["verbosity"]:
            self.stdout.write(f"{len(compiled)} of {len(sources)} text files compiled")


def is_older(target: Path, source: Path) -> bool:
    """Return whether the target is missing or was written before its source."""
    return not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns


def compile_one(source: Path) -> None:
    """Compile a .po file; a half-written file never stands in the target's place."""
    with source.open("rb") as lines:
        try:
            texts = read_po(lines, abort_invalid=True)
        except PoFileError as error:
            raise CommandError(f"{source}: {error}") from error
    part = source.with_suffix(".mo.part")
    with part.open("wb") as target:
        write_mo(target, texts)
    part.replace(source.with_suffix(".mo"))
