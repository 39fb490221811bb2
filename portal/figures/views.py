"""How dossiers are settled: by month and agency, as table, chart and CSV. Public figures only."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.models import Agency
from desk import public
from desk.public import Figures
from portal.api import licence
from portal.api.writing import csv_parts
from portal.figures.chart import chart
from portal.frame import frame
from portal.texts import Text, text

FRESH = dt.timedelta(minutes=1)
"""The tick folds the counters each minute; until then a page may be kept."""
COLUMNS = ("month", "agency", "agency_name", "received", "settled", "early", "on_time", "late", "pending")


@dataclass(frozen=True)
class Chosen:
    """What the reader asks for: a year, perhaps one month of it, perhaps one agency; and what was found."""

    year: int
    month: dt.date | None
    agency: Agency | None
    by_month: dict[dt.date, dict[int, Figures]]

    @property
    def months(self) -> list[dt.date]:
        """Return the months that the table of agencies adds up."""
        return [self.month] if self.month else list(self.by_month)

    @property
    def query(self) -> str:
        """Return the query string of the same choice."""
        period = f"{self.month:%Y-%m}" if self.month else str(self.year)
        return f"?period={period}" + (f"&agency={self.agency.pk}" if self.agency else "")


def chosen(request: HttpRequest, at: dt.datetime) -> Chosen:
    """Read the choice and its figures. Raises Http404 for a time or an agency without figures."""
    asked = request.GET.get("period", "")
    parts = re.fullmatch(r"(\d{4})(?:-(\d{2}))?", asked, re.ASCII) if asked else None
    if asked and not parts:
        raise Http404
    this_year = timezone.localdate(at).year
    year = int(parts[1]) if parts else this_year
    if not public.first_year(at) <= year <= this_year:
        raise Http404
    by_month = public.figures_by_month(year, at)
    month = next((day for day in by_month if parts and parts[2] and day.month == int(parts[2])), None)
    if parts and parts[2] and month is None:
        raise Http404
    return Chosen(year, month, agency_of(request.GET.get("agency", "")), by_month)


def agency_of(asked: str) -> Agency | None:
    """Return the agency that is asked for. Raises Http404 for another word."""
    if not asked:
        return None
    if not re.fullmatch(r"\d{1,9}", asked, re.ASCII) or (found := Agency.objects.filter(pk=asked).first()) is None:
        raise Http404
    return found


def added(each: Iterable[Figures]) -> Figures:
    """Return several agencies' figures of one month as one."""
    rows = list(each)
    names = ("received", "early", "on_time", "late", "pending")
    return Figures(**{name: sum(getattr(row, name) for row in rows) for name in names})


def over(months: Iterable[Figures]) -> Figures:
    """Return one agency's figures of several months as one: pending is what was left at the end of the last."""
    rows = list(months)
    whole = added(rows)
    return Figures(whole.received, whole.early, whole.on_time, whole.late, rows[-1].pending if rows else 0)


def of_month(asked: Chosen, month: dt.date) -> Figures:
    """Return the figures of a month for the chosen agency, else for all."""
    found = asked.by_month[month]
    return found.get(asked.agency.pk, Figures()) if asked.agency else added(found.values())


def by_agency(asked: Chosen) -> list[tuple[Text, Figures]]:
    """Return each agency's figures of the chosen time, by name (one query)."""
    keys = {key for month in asked.months for key in asked.by_month[month]}
    names = {row.pk: text(row, "name") for row in Agency.objects.filter(pk__in=keys)}
    empty = Figures()
    rows = [(names[key], over(asked.by_month[month].get(key, empty) for month in asked.months)) for key in names]
    return sorted(rows, key=lambda row: row[0].text)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the figures."""
    at = timezone.now()
    asked = chosen(request, at)
    months = [(month, of_month(asked, month)) for month in asked.by_month]
    urls = {code: f"/{code}/statistics/{asked.query}" for code, _name in settings.LANGUAGES}
    context = {
        **frame(request, title=_("How dossiers are settled"), urls=urls),
        "asked": asked,
        "months": months,
        "total": over(each for _month, each in months),
        "agencies": by_agency(asked),
        "chart": chart([(f"{month:%m}", each) for month, each in months]),
        "years": range(timezone.localdate(at).year, public.first_year(at) - 1, -1),
        "choices": [(row, text(row, "name")) for row in known_agencies(asked)],
        "at": at,
    }
    response = render(request, "portal/figures/page.html", context)
    response.expires_at = at + FRESH  # type: ignore[attr-defined]
    return response


def known_agencies(asked: Chosen) -> list[Agency]:
    """Return the agencies that had figures in the year (one query)."""
    return list(Agency.objects.filter(pk__in={key for found in asked.by_month.values() for key in found}))


@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """Send the figures as CSV: a row a month and agency."""
    at = timezone.now()
    asked = chosen(request, at)
    known = {row.pk: row for row in known_agencies(asked)}
    rows = [
        (
            f"{month:%Y-%m}", row.identifier or "", text(row, "name").text, each.received, each.settled, each.early,
            each.on_time, each.late, each.pending,
        )
        for month in asked.months
        for key, each in sorted(asked.by_month[month].items())
        if (row := known[key]) and asked.agency in (None, row)
    ]  # fmt: skip
    response = HttpResponse(b"".join(csv_parts(COLUMNS, rows)), content_type="text/csv; charset=utf-8")
    response.headers["Link"] = f'<{licence.ADDRESS}>; rel="license"'
    name = f"statistics-{asked.month or asked.year}-{get_language()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.expires_at = at + FRESH  # type: ignore[attr-defined]
    return response
