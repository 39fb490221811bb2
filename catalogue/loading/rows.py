"""A line of the national catalogue, checked and turned into the parts of a procedure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlparse

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from catalogue.loading.audiences import audience_code, is_foreign, parse_audiences
from catalogue.loading.channels import parse_channels, unknown_labels
from catalogue.loading.papers import parse_papers
from catalogue.loading.parts import Parts
from catalogue.loading.provinces import Home
from catalogue.loading.results import parse_results
from catalogue.loading.roles import Role, parse_roles
from catalogue.loading.sentences import Sentence
from catalogue.text import fold, nfc

EARLIEST = dt.date(2000, 1, 1)
TEXT, TEXT_OR_NONE, LIST = (str,), (str, type(None)), (list,)
SHAPE: dict[str, tuple[type, ...]] = {
    "code": TEXT,
    "name": TEXT,
    "field": TEXT,
    "level": TEXT,
    "issuer": TEXT_OR_NONE,
    "agency": TEXT_OR_NONE,
    "competent_agency": TEXT_OR_NONE,
    "audience": TEXT_OR_NONE,
    "decision": TEXT_OR_NONE,
    "steps_text": TEXT_OR_NONE,
    "requirements_text": TEXT_OR_NONE,
    "description": TEXT_OR_NONE,
    "receiving_address": TEXT_OR_NONE,
    "coordinating_agency": TEXT_OR_NONE,
    "result": TEXT_OR_NONE,
    "result_codes": LIST,
    "channel_details": LIST,
    "documents": LIST,
    "legal_basis": LIST,
    "flags": LIST,
    "url": TEXT_OR_NONE,
    "source_repo": TEXT_OR_NONE,
    "source_path": TEXT_OR_NONE,
    "source_date": TEXT,
}
INDEX_SHAPE = {name: SHAPE[name] for name in ("code", "name", "field", "issuer", "agency", "url")}
ITEM_SHAPES: dict[str, dict[str, tuple[type, ...]]] = {
    "channel_details": {"channel": TEXT, "time": TEXT_OR_NONE, "fee": TEXT_OR_NONE, "note": TEXT_OR_NONE},
    "documents": {
        "name": TEXT_OR_NONE,
        "originals": (int, type(None)),
        "copies": (int, type(None)),
        "form": TEXT_OR_NONE,
        "group": TEXT_OR_NONE,
    },
    "legal_basis": {"number": TEXT_OR_NONE, "name": TEXT_OR_NONE},
}
_LEVELS = (("bo", "ministry"), ("tinh", "province"), ("xa", "commune"))
_MOST_COUNTED = 32_767
_LONGEST_CODE, _LONGEST_FIELD = 40, 300
_CODE = re.compile(r"[\w.\-]+")


class BadRowError(Exception):
    """The row can't be read; the message says which field and why."""


@dataclass(frozen=True)
class ParsedProcedure:
    """A procedure's parts and the names that its lookups are made from."""

    row: int
    code: str
    is_own: bool
    parts: Parts
    field_name: str
    roles: tuple[Role, ...] = ()
    audiences: tuple[str, ...] = ()
    recorded_on: dt.date | None = None
    forms: frozenset[str] = field(default_factory=frozenset)


def check_row(data: dict[str, Any], shape: Mapping[str, tuple[type, ...]] = SHAPE) -> None:
    """Raise BadRowError for a missing or wrongly typed field."""
    check_fields(data, shape, "")
    for name in ("code", "name", "field"):
        if not data[name].strip():
            raise BadRowError(Sentence(_("%(field)s is empty"), field=name))
    if len(data["code"]) > _LONGEST_CODE or not _CODE.fullmatch(data["code"]):
        text = _("code «%(code)s» has more than %(most)s letters, digits and dots, or others")
        raise BadRowError(Sentence(text, code=data["code"][:50], most=_LONGEST_CODE))
    if len(data["field"]) > _LONGEST_FIELD:
        raise BadRowError(Sentence(_("field is longer than %(most)s characters"), most=_LONGEST_FIELD))
    if data["url"] and not data["url"].startswith(("https://", "http://")):
        raise BadRowError(Sentence(_("url isn't a web address")))
    for name, item_shape in ITEM_SHAPES.items():
        for index, item in enumerate(data[name] if name in shape else ()):
            if not isinstance(item, dict):
                raise BadRowError(Sentence(_("%(field)s isn't an object"), field=f"{name}[{index}]"))
            check_fields(item, item_shape, f"{name}[{index}].")
    for name in ("result_codes", "flags"):
        if name in shape and not all(isinstance(item, str) for item in data[name]):
            raise BadRowError(Sentence(_("%(field)s holds something that isn't text"), field=name))


def parse_row(number: int, data: Mapping[str, Any], *, home: Home, is_own: bool) -> ParsedProcedure:
    """Return the procedure of a checked row of the detail file."""
    day = _day(data["source_date"])
    _check_channels(data["channel_details"])
    flags = set(data["flags"])
    authority = data["competent_agency"] or data["agency"] or ""
    roles = parse_roles(authority, others=home.others)
    audiences = parse_audiences(data["audience"] or "")
    papers = [_plain_case(case) for case in parse_papers(data["documents"])]
    name = (data.get("index_name") or "") if "name_differs_from_index" in flags else ""
    parts = _base_parts(data, name or data["name"], authority, roles) | {
        "levels": _levels(data["level"]),
        "audiences": sorted(audience_code(label) for label in audiences),
        "foreigners": any(is_foreign(label) for label in audiences),
        "decision": _decision(data),
        "steps": block(data["steps_text"]),
        "conditions": block(data["requirements_text"]),
        "description": block(data["description"]),
        "receiving_address": block(data["receiving_address"]),
        "coordinating_agency": block(data["coordinating_agency"]),
        "results": parse_results(data["result"] or "", data["result_codes"]),
        "channels": parse_channels(data["channel_details"], subject=data["name"]),
        "papers": papers,
        "legal_basis": _legal_basis(data),
        "flags": {"mentions_district": "mentions_district_level" in flags, "has_details": True},
        "guesses": {
            "is_papers_split_guessed": "document_split_guessed" in flags,
            "is_fees_split_guessed": "fee_or_time_split_guessed" in flags,
        },
        "source": {"source": _source(data), "checked_on": day.isoformat()},
    }
    forms = frozenset(paper["form"] for case in papers for paper in case["papers"] if paper["form"])
    code, field_name = nfc(data["code"]), nfc(data["field"])
    return ParsedProcedure(number, code, is_own, parts, field_name, tuple(roles), tuple(audiences), day, forms)


def parse_index_row(number: int, data: Mapping[str, Any], *, home: Home) -> ParsedProcedure:
    """Return a procedure of which only the name, the field and the link are known."""
    authority = data["agency"] or data["issuer"] or ""
    roles = parse_roles(authority, others=home.others)
    parts = _base_parts(data, data["name"], authority, roles) | {
        "flags": {"mentions_district": False, "has_details": False},
    }
    return ParsedProcedure(number, nfc(data["code"]), True, parts, nfc(data["field"]), tuple(roles))


def field_slug(name: str) -> str:
    """Return a field's slug: two spellings of one name have one slug."""
    return fold(name).replace(".", "").replace(" ", "-")[:160].rstrip("-")


def block(text: str | None) -> str:
    """Return the text in NFC, each line trimmed, without empty lines at its ends."""
    lines = unicodedata.normalize("NFC", text or "").replace("\r", "").split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip("\n")


def _base_parts(data: Mapping[str, Any], name: str, authority: str, roles: list[Role]) -> Parts:
    url = data["url"] or ""
    return {
        "name": nfc(name),
        "field": field_slug(nfc(data["field"])),
        "authorities": {
            "roles": sorted(role.code for role in roles),
            "text": nfc(authority),
            "needs_review": any(role.names_other_province for role in roles),
        },
        "issuer": nfc(data["issuer"] or "")[:200],
        "links": {"portal_url": url[:500], "national_id": urlparse(url).path.rstrip("/").rsplit("/", 1)[-1][:80]},
    }


def check_fields(data: dict[str, Any], shape: Mapping[str, tuple[type, ...]], prefix: str) -> None:
    """Raise BadRowError unless every field of the shape is there with its type."""
    for name, types in shape.items():
        if name not in data and type(None) not in types:
            raise BadRowError(Sentence(_("%(field)s is missing"), field=f"{prefix}{name}"))
        value = data.setdefault(name, None)
        if not isinstance(value, types) or isinstance(value, bool):
            text, kinds = _("%(field)s is %(kind)s, not %(wanted)s"), (type(value).__name__, types[0].__name__)
            raise BadRowError(Sentence(text, field=f"{prefix}{name}", kind=kinds[0], wanted=kinds[1]))
        if isinstance(value, int) and not 0 <= value <= _MOST_COUNTED:
            raise BadRowError(Sentence(_("%(field)s is %(kind)s"), field=f"{prefix}{name}", kind=value))


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        said = _("source_date «%(day)s» isn't a day like 2026-07-18")
        raise BadRowError(Sentence(said, day=text[:20])) from error
    if not EARLIEST <= day <= timezone.localdate():
        said = _("source_date %(day)s isn't between %(earliest)s and today: mend it in the file")
        raise BadRowError(Sentence(said, day=str(day), earliest=str(EARLIEST)))
    return day


def _check_channels(details: list[dict[str, Any]]) -> None:
    """Refuse a way of filing that nothing here can hold: the row that stands keeps its own."""
    labels = unknown_labels(details)
    if labels:
        shown = ", ".join(f"«{label[:60]}»" for label in labels)
        text = _("the way of filing %(shown)s isn't known: write Trực tiếp, Trực tuyến or Bưu chính")
        raise BadRowError(Sentence(text, shown=shown))


def _levels(text: str) -> list[str]:
    folded = fold(text)
    levels = [level for word, level in _LEVELS if f"cap {word}" in folded]
    return [*levels, "other"] if "co quan khac" in folded else levels


def _decision(data: Mapping[str, Any]) -> list[str] | None:
    number = nfc(data["decision"] or "")[:80]
    return [number, nfc(data["issuer"] or "")[:200]] if number else None


def _legal_basis(data: Mapping[str, Any]) -> list[list[str]]:
    pairs = {(nfc(item["number"] or "")[:80], nfc(item["name"] or "")) for item in data["legal_basis"]}
    return sorted([number, name] for number, name in pairs if number or name)


def _source(data: Mapping[str, Any]) -> str:
    return ":".join(filter(None, [data["source_repo"], data["source_path"]]))[:300]


def _plain_case(case: Any) -> dict[str, Any]:
    return {"label": case.label, "papers": [vars(paper) for paper in case.papers]}
