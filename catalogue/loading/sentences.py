"""What a loader says, in English as it stands, and in the reader's language wherever a screen shows it."""

from __future__ import annotations

from typing import Any, Self

from django.utils.translation import gettext


class Sentence(str):
    """An English sentence that keeps its pattern, marked by `gettext_noop`, and the values that stand in it.

    It is a plain text wherever one is wanted: in a command's report, in an error.
    """

    pattern: str
    values: dict[str, Any]

    def __new__(cls, pattern: str, **values: Any) -> Self:
        """Write the values into the pattern."""
        made = super().__new__(cls, pattern % values if values else pattern)
        made.pattern, made.values = pattern, values
        return made


def as_data(text: str) -> list[Any]:
    """Return a sentence as plain data that JSON can hold; a text that is no sentence stays as it is."""
    if not isinstance(text, Sentence):
        return [text]
    values = {name: as_data(value) if isinstance(value, Sentence) else value for name, value in text.values.items()}
    return [text.pattern, {name: value if _is_plain(value) else str(value) for name, value in values.items()}]


def said(data: list[Any]) -> str:
    """Return what `as_data` kept, in the active language; nothing for nothing."""
    if len(data) < 2:
        return str(data[0]) if data else ""
    pattern, values = data
    told = {name: said(value) if isinstance(value, list) else value for name, value in values.items()}
    return gettext(pattern) % told if told else gettext(pattern)


def in_language(text: str) -> str:
    """Return a sentence in the active language."""
    return said(as_data(text))


def first(error: Exception) -> str:
    """Return the sentence with which an error was raised."""
    return error.args[0] if error.args and isinstance(error.args[0], str) else str(error)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool | list)
