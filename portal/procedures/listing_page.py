"""The list of procedures: what a search found, facets, pages, all in the address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from catalogue.models import Centre, FilingChannel, Procedure, ProvinceProcedure
from catalogue.text import display_name, fold, marked
from portal.addresses import Addresses
from portal.found import answer, asking, marking, others, reasons
from portal.found.asking import Found
from portal.home import fields_with_counts
from portal.procedures import facets
from portal.texts import Text, text
from portal.typed import clean

PER_PAGE = 20
MAX_QUERY = 200
MAX_SLUG = 120
LONG_TITLE = 180
"""Letters after which a title is cut by the style sheet: every tenth is longer, up to a whole screen of a phone."""


@dataclass(frozen=True)
class Hit:
    """A procedure in the list."""

    row: Procedure
    title: Text
    shown: str | SafeString
    """The title, with the words that were looked for marked."""
    field_name: Text
    channels: list[str]
    why: str | SafeString = ""

    @property
    def is_long(self) -> bool:
        """Return whether the title would push all else off a phone's screen."""
        return len(self.title.text) > LONG_TITLE


def context(params: QueryDict, addresses: Addresses, *, on: dt.date) -> dict[str, Any]:
    """Return the list's context for the given address parameters (about ten queries, up to six more for a search)."""
    query = clean(params.get("q", ""), MAX_QUERY)
    choice = facets.chosen(params)
    centre = find_centre(params.get("centre", ""))
    kept = {key: value for key, value in (("q", query), ("centre", centre.slug if centre else "")) if value}
    found, has_failed = asking.ask(query)
    rows = facets.read(candidates(query, centre, found))
    page = Paginator(facets.select(rows, choice), PER_PAGE).get_page(page_number(params))
    built = facets.build(rows, choice, kept)
    hits = read_hits(page, rows, query, found)
    return {
        "q": query,
        "has_failed": has_failed,
        "centre": centre,
        "facets": built,
        "chosen": [option for facet in built for option in facet.options if option.is_chosen],
        "hits": hits,
        "pager": page,
        "total": page.paginator.count,
        "kept": kept | choice,
        "page_query": facets.encode(kept | choice),
        "clear_query": facets.encode(kept),
        **beside(
            found,
            hits,
            query,
            on=on,
            kept=kept | choice,
            is_first=page.number == 1,
            is_whole=not choice and centre is None,
        ),
    }


def page_number(params: QueryDict) -> str:
    """Return the page asked for; what is no page, or before the first, is the first."""
    typed = params.get("page", "")
    return typed if typed.isdecimal() and typed.strip("0") else "1"


def beside(
    found: Found | None,
    hits: list[Hit],
    query: str,
    *,
    on: dt.date,
    kept: dict[str, str],
    is_first: bool,
    is_whole: bool,
) -> dict[str, object]:
    """Return what stands beside the hits: other kinds, the answer in place, what the query was read as, help."""
    if not query:
        return {}
    told: dict[str, object] = {}
    if found and is_first:
        told["sections"] = others.sections(found.others) if is_whole else []
        if hits and answer.leads(found, query) and hits[0].row.code == found.procedures[0].name:
            told["best"] = hits.pop(0)
            told["answers"] = answer.facts(told["best"].row, found.parts, on=on)  # type: ignore[attr-defined]
    if found and found.mended:
        told |= {"mended": found.mended, "mended_query": facets.encode(kept | {"q": found.mended})}
    if is_first and is_whole and not hits and not told.get("best") and not told.get("sections"):
        told |= {"nearest": nearest(query), "fields": fields_with_counts()}
    return told


def nearest(query: str) -> list[tuple[str, Text]]:
    """Return code and title of the procedures that come nearest (no query)."""
    language = get_language() or "vi"
    return [(hit.name, Text(*hit.title(language))) for hit in asking.nearest(query)]


def find_centre(slug: str) -> Centre | None:
    """Return the centre whose procedures are asked for."""
    slug = clean(slug, MAX_SLUG)
    if not slug:
        return None
    centres = Centre.objects.live().filter(slug=slug, province__code=settings.PROVINCE_CODE)
    return centres.select_related("place").first()


def candidates(query: str, centre: Centre | None, found: Found | None) -> list[dict[str, object]]:
    """Return what the query finds, as column dicts in the order of the list; without an index by plain words."""
    procedures = Procedure.objects.public(settings.PROVINCE_CODE)
    if centre is not None:
        procedures = procedures.received_by(centre)
    if found is not None:
        procedures = procedures.filter(code__in=list(found.order))
    elif query:
        procedures = procedures.matching(query)
    language = (get_language() or "vi").replace("-", "_")
    columns = ["pk", "code", "name_vi", "importance", "field__slug", "online_level", "is_for_foreigners"]
    columns += facets.LEVELS.values()
    if language != "vi":
        columns.append(f"name_{language}")
    rows = list(procedures.order_by().values(*columns))
    if found is not None:
        order = found.order
        return sorted(rows, key=lambda row: order[str(row["code"])])
    return sorted(rows, key=ranking(query, f"name_{language}"))


def ranking(query: str, column: str):  # type: ignore[no-untyped-def]
    """Return the sort key: the code itself, names that hold the words together, importance, shorter names, A to Z."""
    phrase_marked, phrase_folded = f" {marked(query)} ", f" {fold(query)} "

    def key(row: dict[str, object]) -> tuple[object, ...]:
        name = display_name(str(row.get(column) or row["name_vi"]))
        folded = f" {fold(name)} "
        missed = 3
        if query:
            missed -= row["code"] == query
            missed -= phrase_folded in folded
            missed -= phrase_marked in f" {marked(name)} "
        untranslated = not row.get(column)
        return (missed, -int(str(row["importance"])), untranslated, len(folded) if query else 0, folded)

    return key


def read_hits(page: Page, values: facets.Rows, query: str, found: Found | None) -> list[Hit]:  # type: ignore[type-arg]
    """Read the rows of one page of the list (one query)."""
    rows = (
        Procedure.objects.filter(pk__in=list(page.object_list))
        .select_related("field")
        .annotate(has_overlays=Exists(ProvinceProcedure.objects.filter(procedure=OuterRef("pk"))))
        .defer("steps_vi", "conditions_vi", "search_marked", "search_folded", "imported")
    )
    by_pk = {row.pk: row for row in rows}
    what = marking.wanted(query, found.words if found else fold(query).split(), found.phrases if found else ())
    return [read_hit(by_pk[pk], values.values["channel"].get(pk, set()), what, found) for pk in page.object_list]


def read_hit(row: Procedure, kinds: set[str], what: marking.Wanted, found: Found | None) -> Hit:
    """Return a row as the list shows it."""
    name = text(row, "name")
    title = name._replace(text=display_name(name.text))
    hit = found.by_code.get(row.code) if found else None
    return Hit(
        row=row,
        title=title,
        shown=marking.mark(title.text, title.lang, what) if what.terms else title.text,
        field_name=text(row.field, "name"),
        channels=[str(label) for kind, label in FilingChannel.Kind.choices if kind in kinds],
        why=reasons.reason(hit, title, get_language() or "vi", what) if hit else "",
    )
