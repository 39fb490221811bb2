"""The screens of translating: how much is done, what to do next, and the texts behind each number."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button

from catalogue.cms import translating_approval, translating_files, translating_row
from catalogue.cms.doors import behind_doors
from catalogue.cms.menu import ScreenItem
from catalogue.cms.searching import search_rows
from catalogue.cms.translating_scope import kind_of, language_of
from catalogue.editing.reach import today
from catalogue.translating import coverage
from catalogue.translating.clearing import LOG_ACTION as CLEARED
from catalogue.translating.kinds import KINDS, languages
from catalogue.translating.publishing import LOG_ACTION
from catalogue.translating.texts import State

ROWS_A_PAGE = 50
TEXTS_A_PAGE = 100
LONGEST_QUERY = 200


def menu_item() -> MenuItem:
    """Return the entry of the menu."""
    return ScreenItem(gettext_lazy("Translate"), "catalogue_translating:overview", icon_name="globe", order=145)


def listing_buttons(row: Any, user: Any, next_url: str | None = None) -> list[Button]:
    """Lead from the list of a kind of row to its translations, a language each."""
    kind = type(row)._meta.model_name
    if type(row)._meta.app_label != "catalogue" or kind not in KINDS:
        return []
    return [
        Button(
            _("Translate: %(language)s") % {"language": name},
            reverse("catalogue_translating:row", args=[code, kind, row.pk]),
            icon_name="globe",
            priority=60,
        )
        for code, name in languages()
    ]


def log_actions(actions: Any) -> None:
    """Give what the log says of published translations its words."""
    actions.register_action(LOG_ACTION, gettext_lazy("Translate"), gettext_lazy("Published translations"))
    cleared = gettext_lazy("Took translations off whose figures are no longer those of the Vietnamese")
    actions.register_action(CLEARED, gettext_lazy("Take translations off"), cleared)


def urls() -> list[URLPattern | URLResolver]:
    """Give the screens their addresses."""
    patterns = [
        path("", overview, name="overview"),
        path("waiting/", translating_approval.waiting, name="waiting"),
        path("<slug:language>/", work, name="work"),
        path("<slug:language>/export/", translating_files.export_work, name="export"),
        path("<slug:language>/import/", translating_files.take_in_file, name="import"),
        path("<slug:language>/texts/<slug:kind>/<slug:part>/<slug:column>/", texts, name="texts"),
        path("<slug:language>/<slug:kind>/<int:pk>/", translating_row.translate_row, name="row"),
        path("<slug:language>/<slug:kind>/<int:pk>/export/", translating_files.export_row, name="export_row"),
        path("<slug:language>/<slug:kind>/<int:pk>/decide/", translating_approval.decide, name="decide"),
    ]
    return [path("translating/", include((behind_doors(patterns), "catalogue_translating")))]


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show how much of the public rows that the person edits is translated, by kind, column and language."""
    codes = [code for code, _name in languages()]
    lines = coverage.coverage(request.user, today(), codes)
    context = {
        "header_icon": "globe",
        "page_title": _("Translate"),
        "languages": [(code, name, coverage.total(lines, code)) for code, name in languages()],
        "lines": [(line, [(code, line.shares[code]) for code in codes]) for line in lines],
        "states": [(state.value, state.label) for state in State],
    }
    return TemplateResponse(request, "catalogue/translating/overview.html", context)


@require_GET
def work(request: HttpRequest, language: str) -> HttpResponse:
    """List the rows of a kind with what is left to do in each, the most important first."""
    name = language_of(language)
    kind = kind_of(request.GET.get("kind", "procedure"))
    is_all, query = "all" in request.GET, request.GET.get("q", "").strip()[:LONGEST_QUERY]
    works = coverage.work_list(kind, language, request.user, today(), to_do_only=not is_all)
    if query:
        found = set(search_rows(kind.model._default_manager.all(), query).values_list("pk", flat=True))
        works = [each for each in works if each.row.pk in found]
    context = {
        "header_icon": "globe",
        "page_title": _("Translate"),
        "page_subtitle": name,
        "language": language,
        "language_name": name,
        "kind": kind.name,
        "kinds": [(each.name, capfirst(str(each.model._meta.verbose_name_plural))) for each in KINDS.values()],
        "page": Paginator(works, ROWS_A_PAGE).get_page(request.GET.get("p")),
        "is_all": is_all,
        "query": query,
        "kept": _kept(kind=kind.name, q=query, all="1" if is_all else ""),
    }
    return TemplateResponse(request, "catalogue/translating/work.html", context)


@require_GET
def texts(request: HttpRequest, language: str, kind: str, part: str, column: str) -> HttpResponse:
    """List the texts behind a number, each leading to the screen of its row."""
    name, known = language_of(language), kind_of(kind)
    found = known.part(part)
    if found is None or column not in found.columns:
        raise Http404
    state = request.GET.get("state", "")
    if state and state not in State.values:
        raise Http404
    chosen = State(state) if state else None
    texts = coverage.texts_behind(known, found, column, chosen, language, request.user, today())
    page: Any = Paginator(texts, TEXTS_A_PAGE).get_page(request.GET.get("p"))
    roots = known.model._default_manager.in_bulk({text.root for text in page.object_list})
    context = {
        "header_icon": "globe",
        "page_title": capfirst(f"{found.model._meta.verbose_name}: {found.label(column)}"),
        "page_subtitle": f"{name} · {chosen.label}" if chosen else name,
        "language": language,
        "kind": known.name,
        "page": page,
        "texts": [(text, roots[text.root]) for text in page.object_list],
        "kept": _kept(state=state),
    }
    return TemplateResponse(request, "catalogue/translating/texts.html", context)


def _kept(**wanted: str) -> str:
    """Return what an address of another page of the list must say again."""
    return urlencode({name: value for name, value in wanted.items() if value})
