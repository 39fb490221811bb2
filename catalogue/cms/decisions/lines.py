"""The lines of a decision: adding procedures, writing what changes, seeing it as readers will."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalogue.changesets.writing import (
    ChangeSetError,
    add_lines,
    add_new,
    line_stamp,
    remove_line,
    shown_row,
    write_line,
)
from catalogue.cms.decisions.access import visible
from catalogue.cms.decisions.forms import AddForm
from catalogue.cms.forms_of_rows import check_owner, refuse_strangers
from catalogue.cms.gates import require_parts_that_can_be
from catalogue.editing.reach import editing_reach, today
from catalogue.models import ChangeLine, ChangeSet, DecisionItem, Procedure


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add procedures by their codes; what was typed stays where it is refused."""
    change_set = get_object_or_404(_decisions(request), pk=pk)
    form = AddForm(request.POST, user=request.user, day=today())
    if not form.is_valid():
        context = {"change_set": change_set, "form": form, "page_title": str(change_set), "header_icon": "plus"}
        return TemplateResponse(request, "catalogue/decisions/add.html", context)
    chosen = form.cleaned_data
    try:
        lines = add_lines(
            pk,
            chosen["codes"],
            chosen["effect"],
            by=request.user,
            at=timezone.now(),
            successor=chosen["successor"],
        )
    except ChangeSetError as error:
        messages.error(request, str(error))
        return redirect("catalogue_sets:set", pk)
    if left := len(chosen["codes"]) - len(lines):
        messages.warning(request, _("%(count)d stand in this decision already.") % {"count": left})
    if len(lines) == 1 and lines[0].effect == DecisionItem.Effect.AMENDED:
        return redirect("catalogue_sets:edit", pk, lines[0].pk)
    messages.success(request, _("Added: %(count)d.") % {"count": len(lines)})
    return redirect("catalogue_sets:set", pk)


@require_http_methods(["GET", "POST"])
def add_procedure(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a procedure that the decision brings."""
    change_set = get_object_or_404(_decisions(request), pk=pk)
    return _form(request, change_set, None, Procedure(live=False))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int, line_pk: int) -> HttpResponse:
    """Write what a line changes: the form of the procedure as the decision will have it."""
    change_set = get_object_or_404(_decisions(request), pk=pk)
    line = get_object_or_404(_lines(request, change_set), pk=line_pk, status=ChangeLine.Status.OPEN)
    if line.effect not in (DecisionItem.Effect.AMENDED, DecisionItem.Effect.NEW):
        raise Http404
    return _form(request, change_set, line, shown_row(line))


@require_POST
def remove(request: HttpRequest, pk: int, line_pk: int) -> HttpResponse:
    """Take a line out."""
    change_set = get_object_or_404(_decisions(request), pk=pk)
    line = get_object_or_404(_lines(request, change_set), pk=line_pk)
    try:
        remove_line(line.pk)
        messages.success(request, _("Taken out: %(line)s.") % {"line": line})
    except ChangeSetError as error:
        messages.error(request, str(error))
    return redirect("catalogue_sets:set", pk)


@require_GET
def preview(request: HttpRequest, pk: int, line_pk: int, language: str) -> Any:
    """Draw the public page as it will be, in a language."""
    change_set = get_object_or_404(visible(request), pk=pk)
    line = get_object_or_404(change_set.lines.select_related("procedure"), pk=line_pk)
    if not line.after or language not in dict(settings.LANGUAGES):
        raise Http404
    row = shown_row(line)
    # Wagtail draws a preview with a request that it makes itself: without the editor's cookies and toolbar.
    return row.make_preview_request(request, language)


def _decisions(request: HttpRequest) -> Any:
    return visible(request).filter(source=ChangeSet.Source.DECISION, status__in=ChangeSet.WRITABLE)


def _lines(request: HttpRequest, change_set: ChangeSet) -> Any:
    """Return the lines about procedures that the person may edit, and new ones."""
    reach = editing_reach(request.user, today())
    mine = reach.within(Procedure.objects.all()).values("pk")
    lines = change_set.lines.select_related("procedure", "change_set")
    return lines.filter(procedure__in=mine) | lines.filter(procedure=None)


def _form(request: HttpRequest, change_set: ChangeSet, line: ChangeLine | None, row: Procedure) -> HttpResponse:
    """Show or keep the procedure's form."""
    require_parts_that_can_be(request)
    handler = Procedure.snippet_viewset.get_edit_handler()  # type: ignore[attr-defined]
    form_class = handler.get_form_class()
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = form_class(data, files, instance=row, for_user=request.user)
    # A decision is the ground of all its lines: neither is asked for here.
    for name in ("decision", "ground"):
        form.fields.pop(name, None)
    if line is not None and line.effect == DecisionItem.Effect.AMENDED:
        form.fields["code"].disabled = True
    if data is not None and _is_whole(form, request):
        try:
            _keep(request, change_set, line, form.save(commit=False))
        except ChangeSetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Kept in the decision; readers see nothing of it yet."))
            return redirect("catalogue_sets:set", change_set.pk)
    if data is not None:
        messages.error(request, _("It couldn't be kept: look at the marked lines."))
    return _form_page(request, change_set, line, form, handler)


def _is_whole(form: Any, request: HttpRequest) -> bool:
    if not form.is_valid():
        return False
    refuse_strangers(form, request.user, today())
    return check_owner(form, request.user, today())


def _keep(request: HttpRequest, change_set: ChangeSet, line: ChangeLine | None, row: Procedure) -> None:
    if line is None:
        add_new(change_set.pk, row, by=request.user, at=timezone.now())
    else:
        write_line(line.pk, row, by=request.user, at=timezone.now(), seen=request.POST.get("seen", ""))


def _form_page(
    request: HttpRequest, change_set: ChangeSet, line: ChangeLine | None, form: Any, handler: Any
) -> HttpResponse:
    panel = handler.get_bound_panel(instance=form.instance, request=request, form=form)
    here = reverse("catalogue_sets:set", args=[change_set.pk])
    context = {
        "header_icon": "clipboard-list",
        "page_title": str(line or _("New procedure")),
        "page_subtitle": str(line or _("New procedure")),
        "breadcrumbs_items": [
            {"url": reverse("catalogue_sets:decisions"), "label": _("Decisions")},
            {"url": here, "label": str(change_set)},
            {"url": "", "label": str(line or _("New procedure"))},
        ],
        "change_set": change_set,
        "form": form,
        "panel": panel,
        "media": panel.media + form.media,
        "action_url": request.path,
        "seen": (request.POST.get("seen") if form.errors else "") or (line_stamp(line) if line else ""),
        "submit_button_label": _("Keep in the decision"),
        "submit_button_active_label": _("Saving…"),
    }
    return TemplateResponse(request, "catalogue/decisions/line_form.html", context)
