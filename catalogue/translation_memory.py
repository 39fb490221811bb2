"""Translations by line of Vietnamese: data files that can be extended without code."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalogue import figures
from catalogue.loading.reading import read_jsonl
from catalogue.text import nfc

_SLOT = re.compile(r"\{\w+\}")
_SEMICOLON = re.compile(r";\s*(?![^()]*\))")


@dataclass(frozen=True)
class Translated:
    """A text in another language, and whether every line of it was reviewed."""

    text: str
    is_reviewed: bool


@dataclass
class TranslationMemory:
    """The known lines of one language."""

    language: str
    lines: dict[str, Translated] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def translate(self, text: str) -> Translated | None:
        """Return the text in the language, line by line; None unless every line that isn't empty is known."""
        found = []
        for line in text.split("\n"):
            known = self._line(nfc(line))
            if known is None:
                return None
            found.append(known)
        joined = "\n".join(part.text for part in found)
        return Translated(joined, all(part.is_reviewed for part in found)) if joined.strip() else None

    def fill(self, template: str, **slots: str) -> Translated | None:
        """Return a known template with its slots filled: «phường {name}» gives «{name} Ward»."""
        known = self.lines.get(template)
        if known is None:
            return None
        text = _SLOT.sub(lambda match: slots[match[0][1:-1]], known.text)
        return Translated(text, known.is_reviewed)

    def _line(self, line: str) -> Translated | None:
        if not line:
            return Translated("", True)
        known = self.lines.get(line)
        if known is not None:
            return known
        parts = _SEMICOLON.split(line)
        found = [self.lines.get(part.strip()) for part in parts]
        if len(parts) < 2 or not all(found):
            return None
        pieces = [part for part in found if part is not None]
        return Translated("; ".join(part.text for part in pieces), all(part.is_reviewed for part in pieces))


def read_memory(folder: Path, language: str) -> TranslationMemory:
    """Return the language's lines and what is wrong with them; a reviewed line goes before one that isn't."""
    memory = TranslationMemory(language)
    for path in sorted([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz")]):
        for line in read_jsonl(path):
            where = f"{language}/{path.name}, line {line.number}"
            problem = line.reason or _problem(line.data or {})
            if problem:
                memory.problems.append(f"{where}: {problem}")
                continue
            data = line.data or {}
            source, known = nfc(data["source"]), memory.lines.get(nfc(data["source"]))
            if known is None or (data.get("reviewed") and not known.is_reviewed):
                memory.lines[source] = Translated(nfc(data["text"]), bool(data.get("reviewed")))
    return memory


def _problem(data: dict[str, Any]) -> str:
    """Return what is wrong with a line; empty if nothing."""
    source, text = data.get("source"), data.get("text")
    if not isinstance(source, str) or not isinstance(text, str) or not source.strip() or not text.strip():
        return "source and text must both be text"
    if not isinstance(data.get("reviewed", False), bool):
        return "reviewed must be true or false"
    if sorted(_SLOT.findall(source)) != sorted(_SLOT.findall(text)):
        return "the {slots} of source and text differ"
    difference = figures.difference(source, text)
    return f"the figures differ: the translation {difference}" if difference else ""
