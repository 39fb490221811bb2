"""Accounts on ministries' systems: who lacks one, who still has one, and which procedures are filed there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from desk.actors import Actor
from desk.explaining import day_text
from desk.forms.accounts import AccountsForm, MarkForm, SystemsForm
from desk.leave.arranging import day_of
from desk.outside import figures
from desk.outside.board import Board, Line, board
from desk.outside.marking import Mark, Marked, mark
from desk.outside.procedures import Listed, filed
from desk.permissions import opens
from desk.refusals import NotAllowed
from desk.tables import sent_as
from desk.views.doors import desk_view, draw
from desk.views.exports import local_day, note

PER_PAGE = 50
TOLD = 10
"""Refusals that the page names one by one."""


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def accounts(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponse:
    """Show the board; write down what was ticked on it."""
    shown = board(by, day_of(at))
    form, marking = (
        AccountsForm(request.GET, shown),
        MarkForm(shown.day, request.POST if request.method == "POST" else None),
    )
    if request.method == "POST" and marking.is_valid():
        tell(request, written(shown, marking, by, at), marking.cleaned_data["what"])
        return redirect(request.get_full_path())
    page = Paginator(form.chosen(), PER_PAGE).get_page(request.GET.get("p"))
    more: dict[str, Any] = {
        "board": shown,
        "form": form,
        "marking": marking,
        "ticked": set(marking.keys),
        "page": page,
        "whole": figures.whole(shown),
        "systems": figures.by_system(shown),
        "offices": figures.by_agency(shown) if len(shown.agencies) > 1 else [],
        "asked": without_page(request),
        "day": day_text(shown.day),
        "here": "workload",
    }
    status = 400 if request.method == "POST" else 200
    return draw(request, by, "accounts", title=_("Accounts on ministries' systems"), status=status, **more)


def written(shown: Board, marking: MarkForm, by: Actor, at: dt.datetime) -> Marked:
    """Write it down; raises Http404 for people that aren't on the board."""
    data = marking.cleaned_data
    try:
        return mark(shown, marking.keys, data["what"], on=data["on"], by=by, at=at)
    except NotAllowed as error:
        raise Http404(_("There is no such person here")) from error


def tell(request: HttpRequest, marked: Marked, what: str) -> None:
    """Say of how many it was written down, and why not of the others."""
    number = len(marked.done)
    if number:
        said = (
            ngettext("Taken back: %(n)d line", "Taken back: %(n)d lines", number)
            if what == Mark.MISTAKE
            else ngettext("Written down: %(n)d account", "Written down: %(n)d accounts", number)
        )
        messages.success(request, said % {"n": number})
    for line, reason in marked.refused[:TOLD]:
        messages.warning(request, f"{line.name}, {line.system}: {reason}.")
    if left := len(marked.refused[TOLD:]):
        messages.warning(request, ngettext("And %(n)d more.", "And %(n)d more.", left) % {"n": left})


@require_safe
@desk_view
def accounts_file(request: HttpRequest, by: Actor, at: dt.datetime, kind: str) -> HttpResponse:
    """Send what the board shows as a table: name, post and system, and nothing else of a person."""
    form = AccountsForm(request.GET, board(by, day_of(at)))
    lines = form.chosen()
    names = [_("Person"), _("Post"), _("Agency"), _("System"), _("How it stands"), _("Granted"), _("Withdrawn")]
    response = sent_as(kind, f"tai-khoan-he-thong-bo-{local_day(at)}", names, map(cells, lines))
    note("outside_accounts", by, at, len(lines), sorted(name for name in form.changed_data if name != "q"))
    return response


def cells(line: Line) -> list[str]:
    """Return a line as a table has it."""
    row = line.account
    days = [f"{day:%d/%m/%Y}" if day else "" for day in (row and row.granted_on, row and row.withdrawn_on)]
    stands = f"{line.standing.label}: {line.why}" if line.why else str(line.standing.label)
    return [line.name, line.roles, "; ".join(map(str, line.agencies)), line.system, stands, *days]


@require_safe
@desk_view
def procedures(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponse:
    """List, for everybody at the desk, the procedures that are filed on ministries' systems as of a day."""
    form = SystemsForm(request.GET, day_of(at))
    listed = filed(form.asked_day(), request.GET.get("system", ""))
    form.offer(listed)
    page = Paginator(listed.rows, PER_PAGE).get_page(request.GET.get("p"))
    more: dict[str, Any] = {
        "form": form,
        "listed": listed,
        "page": page,
        "lines": listed.lines(page.object_list),
        "asked": without_page(request),
        "is_keeper": opens("accounts", by),
        "here": "workload" if opens("accounts", by) else "",
    }
    status = 400 if form.errors else 200
    return draw(request, by, "accounts_procedures", title=_("Procedures on ministries' systems"), status=status, **more)


@require_safe
@desk_view
def procedures_file(request: HttpRequest, by: Actor, at: dt.datetime, kind: str) -> HttpResponse:
    """Send that list as a table."""
    listed = filed(SystemsForm(request.GET, day_of(at)).asked_day(), request.GET.get("system", ""))
    names = [_("Code"), _("Name"), _("Ministry"), _("System"), _("Level"), _("From"), _("Announced by")]
    return sent_as(kind, f"thu-tuc-he-thong-bo-{listed.day:%Y%m%d}", names, table(listed))


def table(listed: Listed) -> list[list[str]]:
    """Return the whole list as a table has it."""
    found = []
    for line in listed.lines(listed.rows):
        row = line.procedure
        found.append(
            [row.code, row.name_vi or "", row.issuer, line.systems, line.levels, line.begins, line.announced]  # type: ignore[attr-defined]
        )
    return found


def without_page(request: HttpRequest) -> str:
    """Return what the address asks, without the number of the page."""
    asked = request.GET.copy()
    asked.pop("p", None)
    return asked.urlencode()
