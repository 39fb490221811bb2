"""XLIFF 1.2: the format of translators' tools. Writing, and reading what comes back without trusting it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

from catalogue.models import TranslationDraft
from catalogue.translating.groups import Group
from catalogue.translating.kinds import SOURCE
from catalogue.translating.texts import State

NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
MEGABYTES = 40
MOST_UNITS = 100_000
LONGEST_TARGET = 100_000
_STATES = {
    State.MISSING: "new",
    State.OUTDATED: "needs-translation",
    State.TRANSLATED: "needs-review-translation",
    State.REVIEWED: "final",
}
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class XliffError(Exception):
    """The file can't be used; the message says why, and what to do."""


@dataclass(frozen=True)
class Unit:
    """One unit as it came back: the row that its file names, its id, and the translation (not trimmed)."""

    original: str
    id: str
    source: str
    target: str


@dataclass(frozen=True)
class RowTexts:
    """What one row gives to a file: «procedure/12», its name for the reader, and its texts."""

    original: str
    label: str
    groups: Sequence[Group]


def unit_id(group: Group) -> str:
    """Return a unit's id: a text that has the Vietnamese, the digest of it, and what of the draft was seen."""
    kind, row, column = group.texts[0].key
    return f"{kind}.{row}.{column}.{group.id}.{group.seen}"


def write(language: str, rows: Iterable[RowTexts], at: dt.datetime) -> Iterator[str]:
    """Yield a document piece by piece, a row at a time."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<xliff version="1.2" xmlns="{NAMESPACE}">\n'
    is_empty = True
    for row in rows:
        is_empty = False
        yield "".join(_file(row, language, at))
    if is_empty:  # A document needs one file at least.
        yield "".join(_file(RowTexts("nothing", "", ()), language, at))
    yield "</xliff>\n"


def read(stream: BinaryIO, size: int, language: str) -> Iterator[Unit]:
    """Yield the units of a document; raises XliffError where it is no XLIFF 1.2 of this language, or dangerous.

    No document type, no entity, no address is followed; size and number of units are bounded.
    """
    if size > MEGABYTES * 1024 * 1024:
        raise XliffError(_("The file is larger than %(size)d MB: send it in parts.") % {"size": MEGABYTES})
    try:
        yield from _units(iterparse(stream, events=("start", "end"), forbid_dtd=True), language)
    except DefusedXmlException as error:
        raise XliffError(_("The file has a document type or entities of its own, which isn't allowed.")) from error
    except (ParseError, LookupError, ValueError) as error:
        raise XliffError(_("The file isn't well-formed XML: export it anew from your tool.")) from error


def _file(row: RowTexts, language: str, at: dt.datetime) -> Iterator[str]:
    attributes = (
        f"original={quoteattr(row.original)} source-language={quoteattr(SOURCE)} target-language={quoteattr(language)}"
    )
    yield f'<file {attributes} datatype="plaintext" date="{at:%Y-%m-%dT%H:%M:%SZ}">\n'
    yield f"<header><note>{_plain(row.label)}</note></header>\n<body>\n"
    for group in row.groups:
        limit = f' maxwidth="{group.longest}" size-unit="char"' if group.longest else ""
        part, column = group.texts[0].part, group.texts[0].column
        yield f'<trans-unit id={quoteattr(unit_id(group))} xml:space="preserve"{limit}>\n'
        yield f"<source xml:lang={quoteattr(SOURCE)}>{_plain(group.source)}</source>\n"
        state = "translated" if group.draft is not None else _STATES[group.state]
        yield f'<target xml:lang={quoteattr(language)} state="{state}">{_plain(group.shown)}</target>\n'
        yield f"<note>{_plain(f'{part.model._meta.verbose_name}: {part.label(column)}')}</note>\n"
        if group.draft is not None and group.draft.status == TranslationDraft.Status.RETURNED:
            yield f"<note>{_plain(group.draft.note)}</note>\n"
        yield "</trans-unit>\n"
    yield "</body>\n</file>\n"


def _plain(text: str) -> str:
    return escape(_NOT_IN_XML.sub("", text))


def _units(events: Iterable[tuple[str, Any]], language: str) -> Iterator[Unit]:
    original, count = "", 0
    for index, (event, element) in enumerate(events):
        if index == 0:
            _require_xliff(element)
        name = element.tag.rpartition("}")[2]
        if event == "start" and name == "file":
            original = element.get("original", "")
            _require_language(element, language)
        elif event == "end" and name == "trans-unit":
            count += 1
            if count > MOST_UNITS:
                raise XliffError(_("The file has more than %(count)d texts: send it in parts.") % {"count": MOST_UNITS})
            yield Unit(original, element.get("id", ""), _text(element, "source"), _text(element, "target"))
            element.clear()


def _require_xliff(root: Any) -> None:
    if root.tag not in (f"{{{NAMESPACE}}}xliff", "xliff") or root.get("version") != "1.2":
        raise XliffError(_("It isn't an XLIFF 1.2 file: let your tool save in that format."))


def _require_language(element: Any, language: str) -> None:
    target = (element.get("target-language") or "").replace("_", "-").lower()
    if target and target != language:
        text = _("The file is in «%(found)s», this page takes «%(wanted)s».")
        raise XliffError(text % {"found": target[:20], "wanted": language})


def _text(unit: Any, name: str) -> str:
    """Return the words of a child; what tools put into it (marks, codes) is left out, their words stay."""
    for child in unit:
        if child.tag.rpartition("}")[2] == name:
            return "".join(child.itertext())
    return ""
