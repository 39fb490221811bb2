"""The board: what people asked in vain, typed again or asked most, and what an editor can do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import user_passes_test

from catalogue.models import Procedure
from catalogue.text import shorten
from search import asking, public
from search.asked_file import MASK
from search.cms import trying
from search.cms.forms import JudgementForm, LessonForm
from search.cms.teaching import BET, PHRASE, SYNONYM, Lesson, group_of, judge, take_back, teach
from search.models import AskedQuery, JudgedQuery, Retyped
from search.models.words import LONGEST_PHRASE, lines

PER_PAGE = 20
TOP = 5
JUDGED = 10
LONGEST_TITLE = 120
NOTHING, AGAIN, MOST = "nothing", "again", "most"
TABS = (
    (NOTHING, gettext_lazy("Found nothing")),
    (AGAIN, gettext_lazy("Typed again")),
    (MOST, gettext_lazy("Asked most")),
)


def may_teach(user: Any) -> bool:
    """Return whether the user may change word groups: who may, may teach from the board."""
    return bool(user.has_perm("search.change_wordgroup"))


teachers_only = user_passes_test(may_teach)


@dataclass(frozen=True)
class Result:
    """A procedure that a query finds."""

    code: str
    title: str
    is_judged_right: bool = False


@dataclass(frozen=True)
class Row:
    """A query on the board; `second` is what was typed after it, and how often."""

    query: AskedQuery
    results: list[Result]
    times: int = 0
    second: str = ""
    second_times: int = 0

    @property
    def is_masked(self) -> bool:
        """Return whether digits were masked: nobody knows what was typed, so nothing can be taught or judged."""
        return MASK in self.query.text

    @property
    def is_long(self) -> bool:
        """Return whether it must be shortened before it can be taught."""
        return len(self.query.text) > LONGEST_PHRASE

    @property
    def language(self) -> str:
        """Return the language's name."""
        return dict(settings.LANGUAGES).get(self.query.language, self.query.language)


# The three lists


@require_GET
@teachers_only
def board(request: HttpRequest) -> HttpResponse:
    """Show one of the three lists, with what each query finds now."""
    chosen = request.GET.get("show")
    chosen = chosen if chosen in dict(TABS) else NOTHING
    page = Paginator(READERS[chosen][0](), PER_PAGE).get_page(request.GET.get("p"))
    rows = READERS[chosen][1](page)
    context = {
        "tabs": [(name, label, name == chosen) for name, label in TABS],
        "show": chosen,
        "rows": rows,
        "page": page,
        "is_ready": public.is_ready(),
        "kinds": {"synonym": SYNONYM, "phrase": PHRASE, "bet": BET},
    }
    return render(request, "search/board.html", _("What people ask"), context)


def in_vain() -> QuerySet[Any]:
    """Return the queries that found nothing when they were counted last, the most asked first."""
    return most_asked().filter(found=0)


def most_asked() -> QuerySet[Any]:
    """Return the queries that may be shown, the most asked first."""
    rows = AskedQuery.objects.shown().annotate(times=Sum("days__times"))
    return rows.order_by("-times", "text")


def typed_again() -> QuerySet[Any]:
    """Return the pairs of a query and the one typed after it where both may be shown, the most frequent first."""
    shown = AskedQuery.objects.shown().values("pk")
    rows = Retyped.objects.filter(first__in=shown, second__in=shown).select_related("first", "second")
    return rows.order_by("-times", "first__text", "second__text")


def rows_of_queries(page: Page[Any]) -> list[Row]:
    """Return a page of queries with what they find now."""
    queries = list(page.object_list)
    found = results_of(queries, TOP)
    return [Row(query, found[query.pk], query.times) for query in queries]


def rows_in_vain(page: Page[Any]) -> list[Row]:
    """Return the queries of a page that still find nothing; the others' new counts are kept."""
    rows = rows_of_queries(page)
    asking.recount(row.query for row in rows if row.results)
    return [row for row in rows if not row.results]


def rows_of_pairs(page: Page[Any]) -> list[Row]:
    """Return a page of pairs with what their first queries find now."""
    pairs = list(page.object_list)
    found = results_of([pair.first for pair in pairs], TOP)
    return [Row(pair.first, found[pair.first_id], 0, pair.second.text, pair.times) for pair in pairs]


READERS: dict[str, tuple[Any, Any]] = {
    NOTHING: (in_vain, rows_in_vain),
    AGAIN: (typed_again, rows_of_pairs),
    MOST: (most_asked, rows_of_queries),
}


def results_of(queries: Iterable[AskedQuery], limit: int) -> dict[int, list[Result]]:
    """Return what each query finds now (a search each, one query for the names)."""
    codes = {
        query.pk: [hit.name for hit in public.find(query.text, language=query.language, limit=limit).hits]
        for query in queries
    }
    names = titles({code for found in codes.values() for code in found})
    return {pk: [Result(code, names[code]) for code in found if code in names] for pk, found in codes.items()}


def titles(codes: Iterable[str]) -> dict[str, str]:
    """Return the procedures' names by code (one query)."""
    rows = Procedure.objects.public(settings.PROVINCE_CODE).filter(code__in=set(codes)).order_by()
    return {code: shorten(name or "", LONGEST_TITLE) for code, name in rows.values_list("code", "name_vi")}


# One query


@require_http_methods(["GET", "POST"])
@teachers_only
def query(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a query finds and what can be taught; keep which results answer it."""
    asked = get_object_or_404(AskedQuery.objects.shown(), pk=pk)
    judged = JudgedQuery.objects.filter(text=asked.text, language=asked.language).first()
    right = set(judged.procedures.values_list("code", flat=True)) if judged else set()
    found = results_of([asked], JUDGED)[asked.pk]
    offered = [row.code for row in found]
    sent = request.POST if request.method == "POST" else None
    more = "\n".join(sorted(right.difference(offered)))
    form = JudgementForm(sent, asked=asked, offered=offered, judged=judged, initial={"more": more})
    if request.method == "POST" and form.is_valid():
        keep_judgement(request, asked, judged, form.procedures())
        return redirect("search_board:query", pk)
    marked = set(sent.getlist("codes")) if sent else right
    context = {
        "row": Row(asked, [Result(row.code, row.title, row.code in marked) for row in found]),
        "form": form,
        "is_judged": judged is not None,
        "seconds": typed_again().filter(first=asked)[:TOP],
        "kinds": {"synonym": SYNONYM, "phrase": PHRASE, "bet": BET},
        "longest": LONGEST_PHRASE,
    }
    return render(request, "search/query.html", asked.text, context)


def keep_judgement(
    request: HttpRequest, asked: AskedQuery, judged: JudgedQuery | None, procedures: list[Procedure]
) -> None:
    """Keep which procedures answer the query; where none is left, take the judgement back."""
    if judged and not procedures:
        take_back(judged, by=request.user)
        messages.success(request, _("The judgement is taken back: quality isn't measured on this query any more."))
        return
    judge(asked.text, asked.language, procedures, by=request.user)
    messages.success(request, _("Kept: from now on quality is measured on this query too."))


# One lesson


@require_http_methods(["GET", "POST"])
@teachers_only
def lesson(request: HttpRequest) -> HttpResponse:
    """Show what a lesson would do to the quality; on POST keep it."""
    sent = request.POST if request.method == "POST" else request.GET
    form = LessonForm(sent)
    context: dict[str, Any] = {"form": form, "back": safe(sent.get("next", ""))}
    if not form.is_valid():
        return render(request, "search/lesson.html", _("Teach search"), context)
    wanted = form.lesson()
    if wanted is None:
        context |= choices(form.cleaned_data)
        return render(request, "search/lesson.html", _("Choose the procedure"), context)
    try:
        if request.method == "POST":
            return keep(request, wanted, context["back"])
        context |= tried(request, wanted)
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
    return render(request, "search/lesson.html", _("Teach search"), context)


def choices(data: dict[str, Any]) -> dict[str, Any]:
    """Return the procedures that the words in the place of a code find."""
    codes = [hit.name for hit in public.find(data["code"], limit=JUDGED).hits]
    names = titles(codes)
    return {"choices": [Result(code, names[code]) for code in codes if code in names]}


def tried(request: HttpRequest, wanted: Lesson) -> dict[str, Any]:
    """Return the lesson and what it would do."""
    trial = trying.try_out(
        lambda: teach(wanted, by=request.user),
        wanted.keys,
        wanted.text,
        wanted.language,
    )
    names = titles({*trial.before, *trial.after})
    first, second = ([Result(code, names.get(code, "")) for code in codes] for codes in (trial.before, trial.after))
    place = trial.place_of(wanted.procedure.code) if wanted.procedure else None
    return {
        "lesson": wanted,
        "trial": trial,
        "before": first[:TOP],
        "after": second[:TOP],
        "place": place,
        "before_it": second[: place - 1] if place and wanted.kind == BET else [],
        "extended": extended(wanted),
    }


def extended(wanted: Lesson) -> dict[str, str] | None:
    """Return the words of the group that a synonym is added to, None where it makes one."""
    group = group_of(wanted) if wanted.kind == SYNONYM else None
    return {name: ", ".join(lines(getattr(group, name))) for name in ("everyday", "legal")} if group else None


def safe(address: str) -> str:
    """Return where to go back to: an address of this site, else the board."""
    is_local = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_local else reverse("search_board:board")


def keep(request: HttpRequest, wanted: Lesson, back: str) -> HttpResponse:
    """Teach, count anew what the query finds, and go back to where one came from."""
    row = teach(wanted, by=request.user)
    asking.recount(AskedQuery.objects.shown().filter(text=wanted.text, language=wanted.language))
    viewset = row.snippet_viewset  # type: ignore[attr-defined]
    edit = messages.button(reverse(viewset.get_url_name("edit"), args=[row.pk]), _("Edit"))
    messages.success(request, _("Kept: search finds it from now on."), buttons=[edit])
    return redirect(back)


def render(request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> TemplateResponse:
    """Return a page of the board with what Wagtail's frame needs."""
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}]
    crumbs.append({"url": reverse("search_board:board"), "label": _("What people ask")})
    if template != "search/board.html":
        crumbs.append({"url": "", "label": title})
    frame = {"breadcrumbs_items": crumbs, "header_title": title, "header_icon": "help", "here": request.get_full_path()}
    return TemplateResponse(request, template, {**frame, **context})
