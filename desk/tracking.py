"""What a citizen reads of a dossier: the least, in plain words, nothing of who works on it and nothing of people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db.models import Model, Q
from django.utils.translation import get_language

from catalogue.models import Agency, Centre, Hotline, Procedure, RequiredPaper
from catalogue.opening import ZONE
from desk.due_dates import deadline_of, is_in_hours
from desk.explaining import explain
from desk.heirs import present_agency, present_centre
from desk.limits import DeadlineError
from desk.list_wording import without_bullet
from desk.models import Dossier, DossierEvent, DossierReading, Slip, SupplementItem
from desk.public_days import CalendarError
from desk.slips.from_dossier import forms_of
from desk.states import IN_WORK, State
from desk.tracking_words import expectation, fee_left, happened, headline, role_of, slip_name, story, why_of

APPLICANTS_FORMS = frozenset(
    {Slip.Form.RECEIPT, Slip.Form.SUPPLEMENT, Slip.Form.REJECTION, Slip.Form.APOLOGY, Slip.Form.STOP, Slip.Form.RESULT}
)
"""The forms that are handed to the applicant; control and hand-over slips stay inside."""
LIGHT = ("id", "code", "live")


class Worded(NamedTuple):
    """A text and the language that it really stands in."""

    text: str
    lang: str


class Happened(NamedTuple):
    """What happened, without who did it."""

    at: dt.datetime
    text: str


class Opened(NamedTuple):
    """Somebody opened the dossier: where they work and as what, never who; `why` where it wasn't their own work."""

    at: dt.datetime
    agency: Worded
    role: str
    why: str


class Line(NamedTuple):
    """A telephone to call."""

    label: Worded
    phone: str
    is_round_the_clock: bool


class SlipOffer(NamedTuple):
    """A slip for the applicant: the number of its event, its form, its name."""

    number: int
    form: str
    name: str
    at: dt.datetime


@dataclass(frozen=True)
class Tracked:
    """A dossier for its people, in the language that was active. Moments are aware."""

    code: str
    state: int
    procedure: Worded
    procedure_code: str
    is_published: bool
    headline: str
    story: str
    expected: str
    fee_left: str
    agency: Worded
    papers: tuple[Worded, ...] = ()
    answer_by: dt.date | None = None
    due_at: dt.datetime | None = None
    is_late: bool = False
    why: tuple[str, ...] = ()
    happened: tuple[Happened, ...] = ()
    opened: tuple[Opened, ...] = ()
    """Who opened it, the newest first."""
    centre: Any = None
    """The row of the catalogue's centre where its people go now, which is public; None where there is none."""
    came_to: Worded | None = None
    """The centre that received it, where that one has ended."""
    agency_now: Worded | None = None
    """The agency that has the deciding agency's work now, where that one has ended."""
    is_at_centre: bool = False
    lines: tuple[Line, ...] = ()
    slips: tuple[SlipOffer, ...] = ()
    token: str = ""
    """Only where the reader brought it: slips are opened by it alone."""
    system: str = ""
    outside_code: str = ""


def tracked(dossier: Dossier, at: dt.datetime, token: str = "") -> Tracked:
    """Return what the people of a dossier may read (nine queries at most; the calendar's two once a change)."""
    events = list(dossier.events.defer("body", "by_name", "by_title", "by_unit").order_by("number"))
    for event in events:
        event.dossier = dossier
    request = open_request(dossier)
    centre, decides = present_centre(dossier, local_day(at)), present_agency(dossier.decided_by, dossier, local_day(at))
    words = expectation(dossier, at, request.answer_by if request else None)
    found = Tracked(
        code=dossier.code,
        state=int(dossier.state),
        procedure=worded(dossier.procedure),
        procedure_code=dossier.procedure.code,
        is_published=bool(dossier.procedure.live),
        headline=headline(dossier),
        story=story(dossier),
        expected=words.text,
        fee_left="" if dossier.is_shadow else fee_left(dossier),
        agency=worded(dossier.decided_by),
        agency_now=None if decides.pk == dossier.decided_by_id else worded(decides),
        papers=request.papers if request else (),
        answer_by=request.answer_by if request else None,
        happened=tuple(Happened(event.at, text) for event in events if (text := happened(event))),
        opened=opened(dossier),
        centre=centre,
        came_to=worded(dossier.centre) if dossier.centre and centre != dossier.centre else None,
        is_at_centre=words.is_at_centre,
        lines=lines(centre, decides),
        system=dossier.system,
        outside_code=dossier.outside_code,
        token=token,
    )
    if dossier.is_shadow:
        return replace(found, due_at=dossier.due_at)
    if dossier.anonymised_at is not None:
        return with_due(found, dossier, at)
    offers = (SlipOffer(e.number, form, slip_name(form), e.at) for e in events for form in offered(e))
    return with_due(replace(found, slips=tuple(offers)), dossier, at)


MOST_OPENED = 500
"""Openings that are told of one dossier; the oldest fall away first."""


def opened(dossier: Dossier) -> tuple[Opened, ...]:
    """Return who opened a dossier: what one person opened in a half hour is told once (one query)."""
    rows = dossier.readings.select_related("by_agency").defer("by_name", "by_title", "by_unit").order_by("-pk")
    found: dict[tuple[int, int], DossierReading] = {}
    for row in rows[:MOST_OPENED]:
        known = found.get((row.reader_id, row.span))
        # Where anything of it wasn't own work, that is what the person is told.
        if known is None or (known.is_own and not row.is_own):
            found[row.reader_id, row.span] = row
    told = sorted(found.values(), key=lambda row: (row.at, row.pk), reverse=True)
    return tuple(Opened(row.at, worded(row.by_agency), role_of(row), why_of(row)) for row in told)


def offered(event: DossierEvent) -> list[str]:
    """Return the forms of an event that are meant for the applicant."""
    return [form for form in forms_of(event) if form in APPLICANTS_FORMS]


def with_due(found: Tracked, dossier: Dossier, at: dt.datetime) -> Tracked:
    """Add the due date that holds, and how it was found (one query)."""
    if dossier.received_at is None or dossier.due_at is None or dossier.state in (State.WITHDRAWN, State.RETURNED):
        return found
    try:
        current = deadline_of(dossier).current
    except (DeadlineError, CalendarError):
        current = None
    late = at > dossier.due_at if is_in_hours(dossier) else local_day(at) > local_day(dossier.due_at)
    return replace(
        found,
        due_at=dossier.due_at,
        is_late=late and dossier.state in IN_WORK,
        why=explain(current) if current else (),
    )


class Request(NamedTuple):
    """What is still to be brought; the reasons stand on the slip, since they may speak of people."""

    papers: tuple[Worded, ...]
    answer_by: dt.date


def open_request(dossier: Dossier) -> Request | None:
    """Return the supplement that is waited for (one query, two where names are translated)."""
    if dossier.state != State.SUPPLEMENT:
        return None
    rows = SupplementItem.objects.filter(request__dossier=dossier, request__answered_at=None).select_related("request")
    items = list(rows.order_by("request__asked_at", "pk"))
    newest = [item for item in items if item.request_id == items[-1].request_id]
    names = translations(dossier) if newest else {}
    papers = tuple(paper_name(item, names) for item in newest)
    return Request(papers, newest[0].request.answer_by) if newest else None


def paper_name(item: SupplementItem, names: dict[tuple[str, str], str]) -> Worded:
    """Return a paper's name, translated where its Vietnamese is still the same."""
    translated = names.get((item.paper_key, item.name))
    return Worded(translated, language()) if translated else Worded(without_bullet(item.name), "vi")


def translations(dossier: Dossier) -> dict[tuple[str, str], str]:
    """Return the names of the procedure's papers in the active language, by key and Vietnamese name (one query)."""
    if language() == "vi":
        return {}
    rows = RequiredPaper.objects.filter(case__procedure=dossier.procedure_id)
    names = rows.values_list("key", "name_vi", f"name_{language().replace('-', '_')}")
    return {(key, original): translated for key, original, translated in names if translated}


def lines(centre: Centre | None, decides: Agency) -> tuple[Line, ...]:
    """Return the published hotlines of the centre and of the agency that decides (one query)."""
    of = Q(centre=centre) if centre else Q(pk__in=[])
    rows = Hotline.objects.live().filter(of | Q(agency=decides))
    return tuple(Line(worded(row, "label"), row.phone, row.is_round_the_clock) for row in rows)


def worded(row: Model, column: str = "name") -> Worded:
    """Return a row's text in the active language, else in Vietnamese."""
    own = getattr(row, f"{column}_{language().replace('-', '_')}", "")
    return Worded(own, language()) if own else Worded(getattr(row, f"{column}_vi", "") or "", "vi")


def heavy_columns() -> list[str]:
    """Return the joined procedure's columns that tracking doesn't read."""
    names = (field.name for field in Procedure._meta.concrete_fields)
    return [f"procedure__{name}" for name in names if name not in LIGHT and not name.startswith("name_")]


def language() -> str:
    """Return the active language."""
    return get_language() or "vi"


def local_day(moment: dt.datetime) -> dt.date:
    """Return the day of a moment where the office is."""
    return moment.astimezone(ZONE).date()
