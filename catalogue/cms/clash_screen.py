"""The screen where an editor's change and a file's meet: both seen side by side, one of them chosen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from catalogue.changesets import clashes
from catalogue.changesets.file_lines import MINE, THEIRS
from catalogue.cms.marked_text import marked_pair
from catalogue.cms.part_texts import part_text
from catalogue.legal import part_name
from catalogue.models import CatalogueImport, ChangeLine, ChangeSet


def patterns() -> list[URLPattern]:
    """Give the screen its addresses, below those of the imports."""
    return [
        path("<int:pk>/clashes/", first_clash, name="clashes"),
        path("<int:pk>/clashes/<int:line>/<slug:part>/", clash, name="clash"),
    ]


@require_GET
def first_clash(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the first clash that waits for a choice, else to the first of all, else back."""
    return redirect(_next_url(_import(request, pk)))


@require_http_methods(["GET", "POST"])
def clash(request: HttpRequest, pk: int, line: int, part: str) -> HttpResponse:
    """Show both texts of one clash, or keep the choice and go on to the next."""
    found = _import(request, pk)
    row = get_object_or_404(clashes.clashing(found.change_set).select_related("procedure"), pk=line)
    shown = next((each for each in row.clashes if each["path"] == [part]), None)
    if shown is None:
        raise Http404
    if request.method == "POST":
        return _choose(request, found, row, part)
    context = {
        "header_icon": "resubmit",
        "page_title": _("Two changes of one text"),
        "page_subtitle": f"{row.code} {row.label}",
        "found": found,
        "line": row,
        "part": capfirst(part_name(part)),
        "choice": shown["choice"],
        "stamp": clashes.stamp_of(shown),
        "sides": _sides(part, shown),
        "progress": clashes.progress(found.change_set),
        "place": _place(found, row, part),
        "is_writable": found.change_set.status in ChangeSet.WRITABLE,
        "procedure_url": _procedure_url(row),
    }
    return TemplateResponse(request, "catalogue/clash.html", context)


def _choose(request: HttpRequest, found: CatalogueImport, row: ChangeLine, part: str) -> HttpResponse:
    chosen, stamp = request.POST.get("choice", ""), request.POST.get("stamp", "")
    try:
        clashes.choose(row.pk, part, chosen, by=request.user, at=timezone.now(), stamp=stamp)
    except clashes.ChoiceError as error:
        messages.error(request, str(error))
        return redirect("catalogue_imports:clash", found.pk, row.pk, part)
    how_far = clashes.progress(found.change_set)
    if how_far.decided == how_far.total:
        messages.success(request, _("Saved. Every clash of this file is decided."))
        return redirect("catalogue_imports:import", found.pk)
    messages.success(request, _("Saved."))
    return redirect(_next_url(found))


def _sides(part: str, shown: dict[str, Any]) -> list[dict[str, Any]]:
    """Return both texts, whole, with the words that differ marked."""
    mine, theirs = (part_text(part, shown[side]) for side in (MINE, THEIRS))
    marked = marked_pair(mine, theirs, whole=True)
    ours, files = (_("Ours"), _("as an editor wrote it")), (_("The file's"), _("as the file has it"))
    return [
        {"value": MINE, "name": ours[0], "help": ours[1], "text": marked[0], "is_empty": not mine},
        {"value": THEIRS, "name": files[0], "help": files[1], "text": marked[1], "is_empty": not theirs},
    ]


def _place(found: CatalogueImport, row: ChangeLine, part: str) -> dict[str, Any]:
    """Return which clash it is of how many, and its neighbours (two queries; one line's content at a time)."""
    counts = list(clashes.clashing(found.change_set).values_list("pk", "after__clashes"))
    names = [each["path"][0] for each in row.clashes]
    here, keys = names.index(part), [pk for pk, _count in counts]
    index = keys.index(row.pk)
    before = (row.pk, names[here - 1]) if here else _neighbour(keys[index - 1 : index], -1)
    after = (row.pk, names[here + 1]) if names[here + 1 :] else _neighbour(keys[index + 1 : index + 2], 0)
    return {
        "number": sum(count for _pk, count in counts[:index]) + here + 1,
        "total": sum(count for _pk, count in counts),
        "before": _url(found, before),
        "after": _url(found, after),
    }


def _neighbour(keys: list[int], which: int) -> tuple[int, str] | None:
    rows = ChangeLine.objects.filter(pk__in=keys).values_list("pk", "clashes")
    return next(((pk, several[which]["path"][0]) for pk, several in rows), None)


def _url(found: CatalogueImport, where: tuple[int, str] | None) -> str:
    return reverse("catalogue_imports:clash", args=[found.pk, *where]) if where else ""


def _next_url(found: CatalogueImport) -> str:
    row = clashes.unresolved(found.change_set).first() or clashes.clashing(found.change_set).first()
    if row is None:
        return reverse("catalogue_imports:import", args=[found.pk])
    left = [each for each in row.clashes if not each["choice"]] or row.clashes
    return _url(found, (row.pk, left[0]["path"][0]))


def _procedure_url(row: ChangeLine) -> str:
    if row.procedure is None:
        return ""
    return reverse(type(row.procedure).snippet_viewset.get_url_name("edit"), args=[row.procedure_id])  # type: ignore[attr-defined]


def _import(request: HttpRequest, pk: int) -> CatalogueImport:
    found: CatalogueImport = get_object_or_404(CatalogueImport.objects.with_set().without_content(), pk=pk)
    return found
