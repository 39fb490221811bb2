"""Check that the interface's texts are whole in every language."""

from __future__ import annotations

import re
import shutil
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

SOURCE = "en"
ROOMS = ("catalogue", "desk", "portal", "search")
SAME_IN_ALL = {"API", "24/7", "SHA-256", "CC BY 4.0", "CSV", "JSON", "Atom", "DEMO"}
"""What may read alike in English and in another language."""
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


class Command(BaseCommand):
    """Refuse missing, fuzzy, untranslated and stale texts."""

    help = "Check the .po files: nothing missing, fuzzy, equal to the English or unknown to the code."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the option that also compares with the code."""
        parser.add_argument("--fresh", action="store_true", help="also extract the texts anew (needs gettext)")

    def handle(self, *args: object, **options: object) -> None:
        """Print each fault; exit with an error if there is one."""
        faults = []
        for code, _name in settings.LANGUAGES:
            if code != SOURCE:
                faults += check_language(code, self.catalog(code))
        if options["fresh"]:
            faults += self.stale()
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults in the interface's texts.")
        self.stdout.write("The interface's texts are whole in every language.")

    def catalog(self, code: str) -> Catalog:
        """Read the .po file of a language."""
        path = Path(settings.LOCALE_PATHS[0]) / locale_of(code) / "LC_MESSAGES" / "django.po"
        if not path.exists():
            raise CommandError(f"{path} is missing.")
        with path.open("rb") as file:
            return read_po(file, locale=locale_of(code))

    def stale(self) -> list[str]:
        """Return the texts that the code has and the Vietnamese file hasn't, and the other way round."""
        if not shutil.which("xgettext"):
            raise CommandError("xgettext isn't installed: run «make services», or leave --fresh away.")
        known = set(messages(self.catalog(settings.LANGUAGE_CODE)))
        with TemporaryDirectory() as folder:
            found = extract(Path(folder), SOURCE)
        return [f"not in the .po files: {key[0]!r}" for key in found - known] + [
            f"no longer in the code: {key[0]!r}" for key in known - found
        ]


def locale_of(code: str) -> str:
    """Return gettext's name of a language: «zh-hans» is zh_Hans."""
    language, _dash, script = code.partition("-")
    return f"{language}_{script.title()}" if script else language


def messages(catalog: Catalog) -> dict[tuple[str, str], Message]:
    """Return the messages by (text, context), the header left out."""
    return {(first(message.id), message.context or ""): message for message in catalog if message.id}


def first(text: str | tuple[str, ...] | list[str]) -> str:
    """Return a text, the singular of one with plurals."""
    return text if isinstance(text, str) else str(text[0])


def check_language(code: str, catalog: Catalog) -> list[str]:
    """Return the faults of one language."""
    faults = []
    for (text, _context), message in messages(catalog).items():
        strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
        if message.fuzzy:
            faults.append(f"{code}: fuzzy: {text!r}")
        if not all(strings):
            faults.append(f"{code}: missing: {text!r}")
            continue
        if text in strings and text not in SAME_IN_ALL:
            faults.append(f"{code}: the same as the English: {text!r}")
        wanted = set(_PLACEHOLDER.findall(text))
        faults += [
            f"{code}: other placeholders: {text!r} – {string!r}"
            for string in strings
            if set(_PLACEHOLDER.findall(string)) - {"%(n)d", "%(n)s"} != wanted - {"%(n)d", "%(n)s"}
        ]
    return faults


def extract(folder: Path, code: str) -> set[tuple[str, str]]:
    """Copy the code into an empty folder, extract its texts there and return them.

    In the project itself makemessages would write into its own .po files.
    """
    for room in ROOMS:
        shutil.copytree(settings.BASE_DIR / room, folder / room, ignore=shutil.ignore_patterns("data", "*.pyc"))
    place = folder / "locale" / locale_of(code) / "LC_MESSAGES"
    place.mkdir(parents=True)
    kept = settings.LOCALE_PATHS
    settings.LOCALE_PATHS = [folder / "locale"]
    try:
        with chdir(folder):
            call_command("makemessages", locale=[locale_of(code)], verbosity=0)
    finally:
        settings.LOCALE_PATHS = kept
    with (place / "django.po").open("rb") as file:
        return set(messages(read_po(file)))
