"""Every address that answers, as the resolver knows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import LocalePrefixPattern, URLPattern, URLResolver, get_resolver

LANGUAGE = "<language>/"


@dataclass(frozen=True)
class Route:
    """An address: `name` with its namespaces, perhaps none; `place` as it is written, from the first slash."""

    name: str
    place: str

    @property
    def key(self) -> str:
        """Return by what a rule means it: its name, else its place."""
        return self.name or self.place


def routes() -> list[Route]:
    """Return all of them, in the order in which they are tried; two of one name and place count once."""
    return list(dict.fromkeys(_walk(get_resolver(), "", "/")))


def _walk(node: URLResolver, spaces: str, before: str) -> Iterator[Route]:
    for each in node.url_patterns:
        place = before + _written(each)
        if isinstance(each, URLPattern):
            yield Route(f"{spaces}{each.name}" if each.name else "", place)
        else:
            assert isinstance(each, URLResolver)
            yield from _walk(each, f"{spaces}{each.namespace}:" if each.namespace else spaces, place)


def _written(node: URLPattern | URLResolver) -> str:
    if isinstance(node.pattern, LocalePrefixPattern):
        return LANGUAGE
    return str(node.pattern).removeprefix("^").removesuffix("$")
