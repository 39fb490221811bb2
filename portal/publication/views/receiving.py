"""Which centre receives what and why, the centres of a procedure, and a proposal of an exception."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.editing.proposals import Act, propose
from catalogue.editing.reach import may_edit, who_can_approve
from catalogue.models import CentreException, Decision, Procedure
from desk.public import MOST, sent_as
from portal.publication import rows
from portal.publication.doors import draw, for_editors, now, page_of
from portal.publication.kinds import edit_url, name_of
from portal.publication.narrowing import Narrowing
from portal.publication.receiving import (
    answer,
    centres_for,
    exceptions_of,
    not_received,
    public,
    received,
)

SIDES = {"receives": received, "not": not_received}


@require_safe
@for_editors
def centres(request: HttpRequest, day: dt.date) -> HttpResponse:
    """List the centres to choose from, and take a procedure's code to the centres that receive it."""
    narrowing = Narrowing(request.GET, request.user, day, but=("field", "level"))
    page = page_of(request, narrowing.centres().select_related("agency").order_by("level", "slug"))
    found: QuerySet[Procedure] = public().matching(narrowing.value("q")) if narrowing.value("q") else public().none()  # type: ignore[attr-defined]
    return draw(
        request,
        "receiving",
        title=_("Which centre receives what"),
        here="receiving",
        form=narrowing,
        page=page,
        procedures=found.order_by("-importance", "code")[:20],
    )


@require_safe
@for_editors
def centre(request: HttpRequest, day: dt.date, pk: int) -> HttpResponse:
    """List what a centre receives (`?side=receives`) or doesn't (`?side=not`), and why."""
    row = get_object_or_404(rows.centres(request.user, day), pk=pk)
    side, query = request.GET.get("side", "receives"), request.GET.get("q", "")[:200]
    if side not in SIDES:
        raise Http404
    exceptions = exceptions_of(row)
    found: Any = SIDES[side](row).matching(query).order_by("-importance", "code")  # type: ignore[attr-defined]
    found = found.select_related("field").prefetch_related("roles")
    if request.GET.get("export"):
        columns = [_("Code"), _("Name"), _("Field"), _("Why")]
        table = ([each.code, each.name_vi, each.field.name_vi, answer(each, exceptions).why] for each in found[:MOST])
        return sent_as(request.GET["export"], f"tiep-nhan-{row.slug}", columns, table)
    page = page_of(request, found)
    return draw(
        request,
        "receiving_centre",
        title=row.name_vi,  # type: ignore[attr-defined]
        subtitle=_("what it receives") if side == "receives" else _("what it doesn't receive"),
        here="receiving",
        centre=row,
        side=side,
        query=query,
        page=page,
        lines=[{"row": each, "name": name_of(each), "answer": answer(each, exceptions)} for each in page.object_list],
        exceptions=exceptions,
        counts={"receives": received(row).count(), "not": not_received(row).count()},
    )


@require_safe
@for_editors
def procedure(request: HttpRequest, day: dt.date, pk: int) -> HttpResponse:
    """List the person's centres with what each answers for a procedure, and why."""
    row = get_object_or_404(public().prefetch_related("roles"), pk=pk)
    narrowing = Narrowing(request.GET, request.user, day, but=("field", "level"))
    found = narrowing.centres().filter(live=True).order_by("level", "slug")
    lines: list[dict[str, Any]] = [{"row": each, "answer": told} for each, told in centres_for(row, list(found))]
    return draw(
        request,
        "receiving_procedure",
        title=name_of(row),
        subtitle=_("which centres receive it"),
        here="receiving",
        form=narrowing,
        procedure=row,
        total=len(lines),
        receiving=sum(line["answer"].receives for line in lines),
        page=page_of(request, lines),
    )


class ExceptionForm(forms.Form):
    """Whether a centre receives a procedure against the rule, and by which decision."""

    receives = forms.TypedChoiceField(
        label=gettext_lazy("The centre"),
        choices=[("yes", gettext_lazy("receives it")), ("no", gettext_lazy("doesn't receive it"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    decision = forms.CharField(
        label=gettext_lazy("By decision"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Its number as it stands in the list of decisions: 1154/QĐ-UBND"),
    )

    def __init__(self, data: QueryDict | None, *, receives: bool) -> None:
        super().__init__(data, initial={"receives": "yes" if receives else "no"})

    def clean_decision(self) -> Decision | None:
        """Return the decision of a number; refuse one that nobody has entered, or that several have."""
        number = self.cleaned_data["decision"].strip()
        found = list(Decision.objects.filter(number=number)[:2]) if number else []
        if number and len(found) != 1:
            text = _("There is no decision with this number alone: enter it in the list of decisions first.")
            raise forms.ValidationError(text)
        return found[0] if found else None


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def exception(request: HttpRequest, day: dt.date, pk: int, procedure: int) -> HttpResponse:
    """Propose that a centre receives a procedure, or doesn't, against the rule; one that is there is edited instead."""
    row = get_object_or_404(rows.centres(request.user, day), pk=pk)
    named = get_object_or_404(public().prefetch_related("roles"), pk=procedure)
    made = CentreException(centre=row, procedure=named)
    if not may_edit(request.user, made, day):
        raise Http404
    known = CentreException.objects.filter(centre=row, procedure=named).first()
    if known:
        return redirect(edit_url(known))
    now_receives = answer(named, exceptions_of(row)).receives
    form = ExceptionForm(request.POST if request.method == "POST" else None, receives=not now_receives)
    if request.method == "POST" and form.is_valid():
        made.receives, made.decision = form.cleaned_data["receives"], form.cleaned_data["decision"]
        proposal = propose(Act.ADD, made, by=request.user, at=now())
        who = who_can_approve(proposal.agency_id, day, but=[request.user.pk or 0])
        messages.success(request, _("It is proposed; nothing has changed yet. %(who)s") % {"who": who})
        return redirect("catalogue_changes:change", proposal.pk)
    return draw(
        request,
        "receiving_exception",
        title=_("Propose an exception"),
        subtitle=row.name_vi,  # type: ignore[attr-defined]
        here="receiving",
        form=form,
        centre=row,
        procedure=named,
        named=name_of(named),
        now_receives=now_receives,
    )
