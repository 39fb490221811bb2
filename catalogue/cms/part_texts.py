"""The parts of a procedure, as a file and the loaders have them, in words and lines for an editor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.loading.parts import EMPTY
from catalogue.models import AgencyRole, Audience, FeeItem, Field, FilingChannel, RequiredPaper, Term


def part_text(name: str, part: Any) -> str:
    """Return a part as lines of text, empty where it says nothing (a query for a field, roles or audiences)."""
    if part is None or part == EMPTY[name]:
        return ""
    if isinstance(part, str) and name not in _WRITERS:
        return part
    return "\n".join(line for line in _WRITERS[name](part) if line)


def _field(part: str) -> Iterable[str]:
    return [Field.objects.filter(slug=part).values_list("name_vi", flat=True).first() or part]


def _levels(part: list[str]) -> Iterable[str]:
    names = {"ministry": _("ministry"), "province": _("province"), "commune": _("commune"), "other": _("other body")}
    return [capfirst(names[level]) for level in part]


def _authorities(part: Mapping[str, Any]) -> Iterable[str]:
    known = dict(AgencyRole.objects.filter(code__in=part["roles"]).values_list("code", "name_vi"))
    yield part["text"]
    yield from (f"• {known.get(code) or code}" for code in part["roles"])
    if part["needs_review"]:
        yield _("The source names another province's body")


def _audiences(part: list[str]) -> Iterable[str]:
    known = dict(Audience.objects.filter(code__in=part).values_list("code", "name_vi"))
    return [f"• {known.get(code) or code}" for code in part]


def _foreigners(part: bool) -> Iterable[str]:
    return [_("yes") if part else _("no")]


def _decision(part: list[str]) -> Iterable[str]:
    return [", ".join(filter(None, part))]


def _results(part: list[list[str]]) -> Iterable[str]:
    return [f"• {name}" + (f" ({code})" if code else "") for code, name in part]


def _channels(part: list[dict[str, Any]]) -> Iterable[str]:
    for channel in part:
        yield f"{FilingChannel.Kind(channel['kind']).label}:"
        for term in channel["terms"]:
            yield _("• time limit: %(what)s") % {"what": _said(term["label"], _term(term), term["text"])}
        for fee in channel["fees"]:
            yield _("• fee: %(what)s") % {"what": _said(fee["label"], _fee(fee), fee["text"])}


def _term(term: Mapping[str, Any]) -> str:
    unit = Term.Unit(term["unit"]).label
    return f"{term['number']} {unit}" if term["number"] else str(unit)


def _fee(fee: Mapping[str, Any]) -> str:
    kind = FeeItem.Kind(fee["kind"]).label
    if fee["amount"] is None:
        return f"{FeeItem.Certainty(fee['certainty']).label} ({kind})"
    shown = f"{Decimal(fee['amount']):,.2f}".removesuffix(".00")
    # Django's Vietnamese formats group nothing.
    shown = shown.translate(str.maketrans(",.", ".,")) if get_language() == "vi" else shown
    return f"{shown} {fee['currency']} ({kind})"


def _papers(part: list[dict[str, Any]]) -> Iterable[str]:
    for case in part:
        yield f"{case['label']}:" if case["label"] else ""
        for paper in case["papers"]:
            about = [str(RequiredPaper.Kind(paper["kind"]).label)] if paper["kind"] != RequiredPaper.Kind.PAPER else []
            if paper["originals"] or paper["copies"]:
                counts = {"originals": paper["originals"] or 0, "copies": paper["copies"] or 0}
                about.append(_("originals: %(originals)s, copies: %(copies)s") % counts)
            if paper["form"]:
                about.append(_("form: %(name)s") % {"name": paper["form"]})
            yield f"• {paper['name']}" + (f" [{'; '.join(about)}]" if about else "")


def _legal_basis(part: list[list[str]]) -> Iterable[str]:
    return ["• " + ", ".join(filter(None, pair)) for pair in part]


def _links(part: Mapping[str, str]) -> Iterable[str]:
    return [part["portal_url"], part["national_id"]]


def _flags(part: Mapping[str, bool]) -> Iterable[str]:
    if part["mentions_district"]:
        yield _("It still names the district")
    yield _("Its details are known") if part["has_details"] else _("Only its name, field and link are known")


def _guesses(part: Mapping[str, bool]) -> Iterable[str]:
    if part["is_papers_split_guessed"]:
        yield _("The papers were divided by guess")
    if part["is_fees_split_guessed"]:
        yield _("Limits and fees were divided by guess")


def _source(part: Mapping[str, str]) -> Iterable[str]:
    return [part["source"], _("read on %(day)s") % {"day": part["checked_on"]} if part["checked_on"] else ""]


def _said(*texts: str) -> str:
    return " – ".join(filter(None, texts))


_WRITERS: dict[str, Callable[[Any], Iterable[str]]] = {
    "field": _field,
    "levels": _levels,
    "authorities": _authorities,
    "audiences": _audiences,
    "foreigners": _foreigners,
    "decision": _decision,
    "results": _results,
    "channels": _channels,
    "papers": _papers,
    "legal_basis": _legal_basis,
    "links": _links,
    "flags": _flags,
    "guesses": _guesses,
    "source": _source,
}
