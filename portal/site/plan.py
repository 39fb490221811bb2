"""The pages that a complete site has: what they are (pages.json) and what they say (texts/<language>.json).

In texts, `{province}` is the province's name, `{language}` the language's code, [label](address) a link and
[label](page:<key>) a link to another page of the same language. «before» holds what earlier releases said: a site
whose page still says it takes the new text.
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.html import escape

FOLDER = Path(__file__).parent
KEYS = uuid.UUID("6f0d6c36-5a2e-4c39-9b57-0f6b2f6f2a51")
"""The name space of the pages' translation keys: the same key on every site, so that a rerun finds its pages."""
FALLBACK = "en"
_PAGE = "page:"
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class PlannedPage:
    """One page of the site, in all languages."""

    key: str
    kind: str
    parent: str
    slugs: dict[str, str]
    in_menus: bool
    fields: dict[str, Any]
    fields_in: dict[str, dict[str, Any]]
    procedures: dict[str, list[str]]

    @property
    def translation_key(self) -> uuid.UUID:
        """Return the key that the page's translations share."""
        return uuid.uuid5(KEYS, self.key)

    def slug(self, language: str) -> str:
        """Return the slug; a front page's is its language."""
        return self.slugs.get(language) or self.slugs.get("*") or language

    def values(self, language: str, province: str) -> dict[str, Any]:
        """Return the page's own columns in a language; the English ones where that language has no text."""
        text = texts(language).get(self.key) or texts(FALLBACK)[self.key]
        words = {"{province}": province, "{language}": language}
        values: dict[str, Any] = {name: _fill(text[name], words) for name in ("title", "summary")}
        if "examples" in text:
            values["examples"] = _joined(text["examples"])
        if "body" in text:
            values["body"] = [self._block(part, words) for part in text["body"]]
        return {**values, **self.fields, **self.fields_in.get(language, {})}

    def renewed(self, language: str, province: str, said: dict[str, str]) -> dict[str, str]:
        """Return the new text of each field that still says what an earlier release said."""
        before: dict[str, list[Any]] = texts(language).get(self.key, {}).get("before", {})
        values = self.values(language, province)
        return {
            name: values[name] for name, earlier in before.items() if said[name] in [_joined(old) for old in earlier]
        }

    def _block(self, part: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
        if "procedures" in part:
            codes = self.procedures[part["procedures"]]
            return {"type": "procedures", "value": {"heading": part["heading"], "codes": codes}}
        if "note" in part:
            value = {"heading": part["note"], "text": _paragraph(part["text"], words), "is_warning": False}
            return {"type": "note", "value": value}
        if "heading" in part:
            return {"type": "heading", "value": _fill(part["heading"], words)}
        return {"type": "paragraph", "value": _paragraph(part["text"], words)}


@cache
def planned_pages() -> tuple[PlannedPage, ...]:
    """Return the pages, each after its parent."""
    rows = json.loads((FOLDER / "pages.json").read_text(encoding="utf-8"))
    return tuple(
        PlannedPage(
            key=row["key"],
            kind=row["kind"],
            parent=row.get("parent", ""),
            slugs=row.get("slug", {}),
            in_menus=row.get("in_menus", False),
            fields=row.get("fields", {}),
            fields_in=row.get("fields_in", {}),
            procedures=row.get("procedures", {}),
        )
        for row in rows
    )


@cache
def texts(language: str) -> dict[str, Any]:
    """Return the texts of all pages in a language, nothing where nobody has written any."""
    path = FOLDER / "texts" / f"{language}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def address(key: str, language: str) -> str:
    """Return where the page stands in a new site: «/vi/thu-tuc/»; once an editor moves it, Wagtail redirects."""
    plan = next(plan for plan in planned_pages() if plan.key == key)
    above = address(plan.parent, language) if plan.parent else "/"
    return f"{above}{plan.slug(language)}/"


def _joined(text: str | list[str]) -> str:
    """Return a list of lines as one text."""
    return text if isinstance(text, str) else "\n".join(text)


def _fill(text: str, words: dict[str, str]) -> str:
    for placeholder, word in words.items():
        text = text.replace(placeholder, word)
    return text


def _paragraph(text: str, words: dict[str, str]) -> str:
    """Return rich text: plain text in which [label](address) is a link."""

    def anchor(match: re.Match[str]) -> str:
        label, target = match.groups()
        if target.startswith(_PAGE):
            target = address(target.removeprefix(_PAGE), words["{language}"])
        return f'<a href="{target}">{label}</a>'

    return f"<p>{_LINK.sub(anchor, escape(_fill(text, words)))}</p>"
