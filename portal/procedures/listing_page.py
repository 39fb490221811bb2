"""The list of procedures: plain word search, facets, pages, all in the address."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.translation import get_language

from catalogue.models import Centre, Procedure
from catalogue.text import display_name, fold, marked
from portal.addresses import Addresses
from portal.procedures import facets
from portal.texts import text

PER_PAGE = 20
MAX_QUERY = 200


@dataclass(frozen=True)
class Hit:
    """A procedure in the list."""

    row: Procedure
    title: object
    field_name: object


def context(params: QueryDict, addresses: Addresses) -> dict[str, object]:
    """Return the list's context for the given address parameters (about ten queries)."""
    query = params.get("q", "").strip()[:MAX_QUERY]
    choice = facets.chosen(params)
    centre = find_centre(params.get("centre", ""))
    kept = {key: value for key, value in (("q", query), ("centre", centre.slug if centre else "")) if value}
    rows = facets.read(candidates(query, centre))
    page = Paginator(facets.select(rows, choice), PER_PAGE).get_page(params.get("page"))
    built = facets.build(rows, choice, kept)
    return {
        "q": query,
        "centre": centre,
        "facets": built,
        "chosen": [option for facet in built for option in facet.options if option.is_chosen],
        "hits": read_hits(page),
        "pager": page,
        "total": page.paginator.count,
        "kept": kept | choice,
        "page_query": facets.encode(kept | choice),
        "clear_query": facets.encode(kept),
    }


def find_centre(slug: str) -> Centre | None:
    """Return the centre whose procedures are asked for."""
    if not slug:
        return None
    centres = Centre.objects.live().filter(slug=slug, province__code=settings.PROVINCE_CODE)
    return centres.select_related("place").first()


def candidates(query: str, centre: Centre | None) -> list[dict[str, object]]:
    """Return what the words find, as column dicts in the order of the list."""
    procedures = Procedure.objects.public(settings.PROVINCE_CODE)
    if centre is not None:
        procedures = procedures.received_by(centre)
    if query:
        procedures = procedures.matching(query)
    language = (get_language() or "vi").replace("-", "_")
    columns = ["pk", "code", "name_vi", "importance", "field__slug", "online_level", "is_for_foreigners"]
    columns += facets.LEVELS.values()
    if language != "vi":
        columns.append(f"name_{language}")
    rows = list(procedures.order_by().values(*columns))
    key = ranking(query, f"name_{language}")
    return sorted(rows, key=key)


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


def read_hits(page: Page) -> list[Hit]:  # type: ignore[type-arg]
    """Read the rows of one page of the list (three queries)."""
    rows = (
        Procedure.objects.filter(pk__in=list(page.object_list))
        .select_related("field")
        .prefetch_related("channels")
        .defer("steps_vi", "conditions_vi", "search_marked", "search_folded", "imported")
    )
    by_pk = {row.pk: row for row in rows}
    found = []
    for pk in page.object_list:
        name = text(by_pk[pk], "name")
        found.append(Hit(by_pk[pk], name._replace(text=display_name(name.text)), text(by_pk[pk].field, "name")))
    return found
