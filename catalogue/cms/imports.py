"""The screens of the national file: the list of imports, bringing one, and how its reading goes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, URLResolver, include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin.menu import MenuItem

from catalogue.changesets import clashes, holding, importing, uploads
from catalogue.cms import clash_screen
from catalogue.cms.doors import behind_doors
from catalogue.cms.import_forms import ImportForm
from catalogue.cms.menu import ScreenItem
from catalogue.editing.reach import today
from catalogue.loading.sentences import in_language, said
from catalogue.models import CatalogueImport, ChangeLine

PER_PAGE = 30
AT_A_TIME = 400
"""Lines that one press compares anew: a second or two."""
State = CatalogueImport.State


def menu_item() -> MenuItem:
    """Return the entry of the menu."""
    return ScreenItem(gettext_lazy("National file"), "catalogue_imports:imports", icon_name="upload", order=155)


def urls() -> list[URLPattern | URLResolver]:
    """Give the screens their addresses."""
    patterns = [
        path("", imports, name="imports"),
        path("add/", add, name="add"),
        path("<int:pk>/", page, name="import"),
        path("<int:pk>/state/", state, name="state"),
        path("<int:pk>/again/", again, name="again"),
        path("<int:pk>/compare/", compare, name="compare"),
        *clash_screen.patterns(),
    ]
    return [path("catalogue-imports/", include((behind_doors(patterns), "catalogue_imports")))]


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports, the newest first."""
    rows = Paginator(CatalogueImport.objects.with_set().without_content(), PER_PAGE).get_page(request.GET.get("p"))
    at = timezone.now()
    for row in rows:
        row.broke_off = row.is_stopped(at)  # type: ignore[attr-defined]
    context = {"header_icon": "upload", "page_title": _("Import the national file"), "rows": rows}
    return TemplateResponse(request, "catalogue/imports.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Take a file and have it read; the same content that is still at work leads to its set."""
    form = ImportForm(request.POST or None, request.FILES or None, day=today())
    if request.method == "POST" and form.is_valid():
        return _keep(request, form)
    context = {
        "header_icon": "upload",
        "page_title": _("Import the national file"),
        "form": form,
        "most": uploads.MOST_UPLOADED,
    }
    return TemplateResponse(request, "catalogue/import_add.html", context)


def _keep(request: HttpRequest, form: ImportForm) -> HttpResponse:
    assert form.taken is not None
    before = uploads.same_before(form.taken.digest)
    if before is not None:
        told = {"who": _name(before.uploaded_by), "when": f"{timezone.localtime(before.uploaded_at):%H:%M %d/%m/%Y}"}
        if uploads.is_at_work(before):
            text = _("This file is here already: %(who)s brought it at %(when)s. No second one was made.")
            messages.warning(request, text % told)
            return redirect("catalogue_imports:import", before.pk)
        messages.info(request, _("The same file was brought before, by %(who)s at %(when)s.") % told)
    head = {name: form.cleaned_data[name] for name in ("title", "effective_on")}
    name = form.cleaned_data["file"].name
    head["title"] = head["title"] or name[:300]
    found = uploads.keep(form.taken, head, name=name, by=request.user, at=timezone.now())
    messages.success(request, _("The file is here. Nothing is published before somebody else approves it."))
    return redirect("catalogue_imports:import", found.pk)


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far the reading is, what it found, and what stands in the way of an approval."""
    found = get_object_or_404(CatalogueImport.objects.with_set().defer("content"), pk=pk)
    refused = Paginator(found.report.get("refused", []), PER_PAGE).get_page(request.GET.get("p"))
    context = {
        "header_icon": "upload",
        "page_title": _("Import the national file"),
        "page_subtitle": found.change_set.title or found.name,
        "found": found,
        "who": _name(found.uploaded_by),
        "is_ready": found.state == State.READY,
        "is_going": found.state in (State.WAITING, State.RUNNING) and not found.is_stopped(timezone.now()),
        "is_stopped": found.is_stopped(timezone.now()),
        "why": said(found.report.get("why", [])),
        "set_url": set_url(found),
        "refused": refused,
        "refused_rows": [(row, code, said(reason)) for row, code, reason in refused],
        "departed": [said(line) for line in found.report.get("departed", [])],
        **_in_the_way(found),
    }
    return TemplateResponse(request, "catalogue/import.html", context)


@require_GET
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell a script how far the reading is (three queries)."""
    found = get_object_or_404(CatalogueImport.objects.with_set().without_content(), pk=pk)
    is_going = found.state in CatalogueImport.UNREAD and not found.is_stopped(timezone.now())
    text = _("%(done)s of %(total)s rows") % {"done": found.done, "total": found.total}
    told = {"going": is_going, "state": found.state, "done": found.done, "total": found.total, "text": text}
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a reading that broke off anew."""
    found = get_object_or_404(CatalogueImport.objects.with_set().without_content(), pk=pk)
    if importing.begin_again(pk, timezone.now()):
        uploads.have_read(found)
        messages.success(request, _("It is begun again."))
    else:
        messages.warning(request, _("It doesn't stand still: look again in a minute."))
    return redirect("catalogue_imports:import", pk)


@require_POST
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare the lines whose rows were changed since with those rows."""
    found = get_object_or_404(CatalogueImport.objects.with_set().without_content(), pk=pk)
    pks = list(holding.overtaken(found.change_set).values_list("pk", flat=True)[:AT_A_TIME])
    done = clashes.compare_again(pks, timezone.now())
    text = ngettext("%(count)s line compared again.", "%(count)s lines compared again.", done.compared)
    messages.success(request, text % {"count": done.compared})
    if done.same:
        text = ngettext(
            "%(count)s line had nothing left to change and went.",
            "%(count)s lines had nothing left to change and went.",
            done.same,
        )
        messages.info(request, text % {"count": done.same})
    return redirect("catalogue_imports:import", pk)


def set_url(found: CatalogueImport) -> str:
    """Return the address of the set's own screen, where the lines are read and approved."""
    try:
        return reverse("catalogue_sets:set", args=[found.change_set_id])
    except NoReverseMatch:
        return ""


def _in_the_way(found: CatalogueImport) -> dict[str, Any]:
    """Return what must be done before all lines can be approved; nothing before the file is read."""
    if found.state != State.READY or found.change_set.status not in found.change_set.WRITABLE:
        return {}
    work = holding.held(found.change_set, today())
    shown = sorted(work)[:PER_PAGE]
    lines = ChangeLine.objects.filter(change_set=found.change_set, procedure__in=shown).order_by("code")
    columns = lines.values_list("procedure", "code", "label")
    return {
        "progress": clashes.progress(found.change_set),
        "overtaken": holding.overtaken(found.change_set).count(),
        "held": len(work),
        "held_rows": [(pk, code, label, in_language(work[pk])) for pk, code, label in columns],
    }


def _name(user: Any) -> str:
    return str(user.get_full_name() or user.get_username())
