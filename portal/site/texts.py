"""The texts of a new site's pages, one file a language."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from catalogue.models import AdministrativeUnit
from portal.site.plan import FOLDER

_FALLBACK = "en"


@dataclass(frozen=True)
class PageText:
    """What one page says in one language."""

    title: str
    summary: str = ""
    examples: list[str] = field(default_factory=list)
    body: list[dict[str, Any]] = field(default_factory=list)
    life_event: int | None = None


def read_texts(language: str, province: AdministrativeUnit | None = None) -> dict[str, PageText]:
    """Return the texts by the pages' names; a language without a file takes the English ones.

    `{place}` becomes the province's name in the language, `{language}` the language's code.
    """
    path = FOLDER / "pages" / f"{language}.json"
    if not path.exists():
        path = FOLDER / "pages" / f"{_FALLBACK}.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    values = {"{place}": _place_name(language, province) or raw["place"], "{language}": language}
    return {name: PageText(**_filled(page, values)) for name, page in raw["pages"].items()}


def _place_name(language: str, province: AdministrativeUnit | None) -> str:
    """Return «Đà Nẵng», «岘港市»: the language's own name where there is one."""
    if province is None:
        return ""
    return getattr(province, f"local_name_{language.replace('-', '_')}", "") or province.bare_name


def _filled(value: Any, values: dict[str, str]) -> Any:
    """Return the same structure with the placeholders of its strings replaced."""
    if isinstance(value, dict):
        return {key: _filled(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, values) for item in value]
    if not isinstance(value, str):
        return value
    for placeholder, text in values.items():
        value = value.replace(placeholder, text)
    return value
