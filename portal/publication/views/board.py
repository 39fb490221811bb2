"""The board itself, its figures by field or agency, and the rows behind each figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.editing.paper_kinds import unclassified
from catalogue.editing.reach import editing_reach
from catalogue.models import Agency, Field, PaperMarking
from desk.public import MOST, sent_as, work_calendar
from portal.publication import doubting, figures
from portal.publication.checks import Check
from portal.publication.doors import PER_PAGE, draw, for_editors, page_of
from portal.publication.kinds import KINDS, Kind, agency_of, edit_url, kind_of, name_of
from portal.publication.narrowing import PROVINCE, Narrowing
from portal.publication.sending import Sent, count

SIDES = {"has": True, "lacks": False}


@require_safe
@for_editors
def board(request: HttpRequest, day: dt.date) -> HttpResponse:
    """Show every share of what a person's postings reach, and what waits to be looked at."""
    narrowing = Narrowing(request.GET, request.user, day, but=("q",))
    parts = []
    for kind in KINDS.values():
        total, shares = figures.shares(kind.rows(narrowing), kind.checks(day))
        parts.append({"kind": kind, "total": total, "shares": shares, "query": _query(request, kind)})
    is_whole = editing_reach(request.user, day).is_whole
    procedures = narrowing.procedures()
    papers = unclassified(request.user, day).filter(case__procedure__in=procedures.order_by().values("pk"))
    marked = PaperMarking.objects.open().filter(paper__in=papers.order_by().values("pk")).count()
    return draw(
        request,
        "board",
        title=_("Publication board"),
        here="board",
        form=narrowing,
        parts=parts,
        sending=_sending(narrowing, day) if is_whole else [],
        doubts=doubting.counts(procedures),
        papers={"total": papers.count() - marked, "marked": marked},
        query=_query(request, KINDS["procedures"]),
    )


def _sending(narrowing: Narrowing, day: dt.date) -> list[dict[str, Any]]:
    counted = count(narrowing.decisions(), work_calendar(), day)
    return [
        {"issuer": issuer, "total": total, "states": [{"state": state, "count": states[state]} for state in Sent]}
        for issuer, (total, states) in counted.items()
    ]


def _query(request: HttpRequest, kind: Kind) -> str:
    """Return the filters that mean something for a kind, to be put into its addresses."""
    kept = request.GET.copy()
    for name in set(kept) - {*kind.narrows, "check", "side"}:
        del kept[name]
    return kept.urlencode()


@require_safe
@for_editors
def listing(request: HttpRequest, day: dt.date, key: str) -> HttpResponse:
    """List the rows behind a figure (`?check=…&side=has|lacks`), or all of a kind, each with what it lacks."""
    kind = kind_of(key)
    narrowing = Narrowing(request.GET, request.user, day, but=_others(kind))
    rows = kind.rows(narrowing)
    check = kind.check(request.GET["check"], day) if request.GET.get("check") else None
    side = request.GET.get("side", "lacks")
    if side not in SIDES:
        raise Http404
    if check:
        rows = figures.behind(rows, check, met=SIDES[side])
    rows = rows.select_related(*kind.joins).order_by(*kind.order)
    checks = kind.checks(day)
    if request.GET.get("export"):
        return _export(request.GET["export"], kind, rows, checks)
    page = page_of(request, rows)
    answers = figures.answers(kind.rows(narrowing), [row.pk for row in page.object_list], checks)
    may_edit = kind.key != "agencies" or editing_reach(request.user, day).is_whole
    lines = [
        {
            "name": name_of(row),
            "url": edit_url(row) if may_edit else "",
            "agency": agency_of(kind, row),
            "row": row,
            "missing": [each.label for each in checks if answers[row.pk][each.key] is False],
        }
        for row in page.object_list
    ]
    return draw(
        request,
        "listing",
        title=str(kind.label),
        subtitle=_title_of(check, side),
        here="board",
        form=narrowing,
        kind=kind,
        check=check,
        side=side,
        checks=checks,
        page=page,
        lines=lines,
    )


def _others(kind: Kind) -> tuple[str, ...]:
    return tuple(name for name in ("agency", "field", "level", "q") if name not in kind.narrows)


def _title_of(check: Check | None, side: str) -> str:
    if check is None:
        return _("all")
    text = _("%(check)s: those that have it") if SIDES[side] else _("%(check)s: those that lack it")
    return text % {"check": check.label}


def _export(kind_of_file: str, kind: Kind, rows: QuerySet[Any], checks: Sequence[Check]) -> HttpResponse:
    columns = [_("Name"), _("Agency"), *[str(check.label) for check in checks]]
    return sent_as(kind_of_file, f"cong-bo-{kind.key}", columns, _table(kind, rows, checks))


def _table(kind: Kind, rows: QuerySet[Any], checks: Sequence[Check]) -> Iterator[list[Any]]:
    words = {True: _("has it"), False: _("lacks it"), None: "–"}
    found = list(rows[:MOST])
    for start in range(0, len(found), 500):
        part = found[start : start + 500]
        answers = figures.answers(type(part[0])._default_manager.all(), [row.pk for row in part], checks)
        for row in part:
            told = [words[answers[row.pk][check.key]] for check in checks]
            yield [name_of(row), agency_of(kind, row), *told]


@require_safe
@for_editors
def grouped(request: HttpRequest, day: dt.date, column: str) -> HttpResponse:
    """Show the figures of procedures by field or by the agency that keeps their text, each opening its rows."""
    by = {"field": "field", "agency": "maintained_by"}.get(column)
    if by is None:
        raise Http404
    kind = KINDS["procedures"]
    narrowing = Narrowing(request.GET, request.user, day)
    checks = kind.checks(day)
    counted = figures.shares_by(narrowing.procedures(), checks, by)
    names = _names(column, list(counted))
    groups: list[dict[str, Any]] = [
        {"key": PROVINCE if pk is None else pk, "name": names[pk], "total": total, "shares": shares}
        for pk, (total, shares) in sorted(counted.items(), key=lambda item: names[item[0]])
    ]
    if request.GET.get("export"):
        columns = [_("Name"), _("Procedures"), *[str(check.label) for check in checks]]
        table = ([g["name"], g["total"], *[f"{s.met}/{s.total}" for s in g["shares"]]] for g in groups)
        return sent_as(request.GET["export"], f"cong-bo-theo-{column}", columns, table)
    titles = {"field": _("Procedures by field"), "agency": _("Procedures by agency")}
    return draw(
        request,
        "grouped",
        title=titles[column],
        here="board",
        form=narrowing,
        column=column,
        checks=checks,
        page=page_of(request, groups),
        per_page=PER_PAGE,
        rest=_rest(request, column),
    )


def _names(column: str, pks: list[Any]) -> dict[Any, str]:
    rows: Any = Field.objects if column == "field" else Agency.objects
    found = dict(rows.filter(pk__in=[pk for pk in pks if pk is not None]).values_list("pk", "name_vi"))
    return {pk: found.get(pk) or _("the province") for pk in pks}


def _rest(request: HttpRequest, column: str) -> str:
    """Return the other filters, to be put beside the group's own."""
    kept = request.GET.copy()
    for name in set(kept) - {"agency", "field", "level", "q"} | {column}:
        kept.pop(name, None)
    return kept.urlencode()
