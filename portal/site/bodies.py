"""From the short form of the texts' files to the blocks of a page's body."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

from portal.site.plan import procedure_groups

_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_PAGE = "page:"


def stream_json(parts: list[dict[str, Any]], page_ids: Mapping[str, int]) -> str:
    """Return the parts as a StreamField's JSON; `page_ids` says what `page:<name>` links to.

    A part is {"heading": …}, {"paragraph": …}, {"steps": […]}, {"procedures": <name of a list>, "heading": …},
    or {"note": …, "heading": …}. Texts are plain, with links as [text](page:centres) or [text](/address/).
    """
    return json.dumps([_block(part, page_ids) for part in parts], ensure_ascii=False)


def _block(part: dict[str, Any], page_ids: Mapping[str, int]) -> dict[str, Any]:
    if "paragraph" in part:
        return {"type": "paragraph", "value": _rich(part["paragraph"], page_ids)}
    if "steps" in part:
        return {"type": "steps", "value": {"steps": [_rich(step, page_ids) for step in part["steps"]]}}
    if "procedures" in part:
        codes = procedure_groups()[part["procedures"]]
        return {"type": "procedures", "value": {"heading": part["heading"], "codes": codes}}
    if "note" in part:
        text = _rich(part["note"], page_ids)
        return {"type": "note", "value": {"heading": part["heading"], "text": text, "is_warning": False}}
    return {"type": "heading", "value": part["heading"]}


def _rich(text: str, page_ids: Mapping[str, int]) -> str:
    """Return the text as a paragraph of Wagtail's rich text."""

    def link(match: re.Match[str]) -> str:
        label, target = match.groups()
        if target.startswith(_PAGE):
            return f'<a linktype="page" id="{page_ids[target.removeprefix(_PAGE)]}">{label}</a>'
        return f'<a href="{target}">{label}</a>'

    return f"<p>{_LINK.sub(link, html.escape(text, quote=False))}</p>"
