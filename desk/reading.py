"""All that a dossier's page shows, read at once: the template asks nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from catalogue.models import Posting
from desk.actors import Actor
from desk.calendar import work_calendar
from desk.due_dates import reckon
from desk.explaining import explain, limit_text
from desk.history import Told, told
from desk.limits import DeadlineError
from desk.models import Dossier, HandedPaper, Notice, Slip
from desk.next_acts import NextAct, next_acts
from desk.permissions import is_allowed
from desk.pressing import Pressing, pressing
from desk.versions import ListedPaper, papers_of


@dataclass(frozen=True)
class PaperLine:
    """A paper of the version's list, and what was handed in of it; notes stand apart."""

    listed: ListedPaper | None
    name: str
    handed: tuple[HandedPaper, ...] = ()


@dataclass
class Page:
    """A dossier with everything that belongs to it."""

    dossier: Dossier
    pressing: Pressing
    acts: list[NextAct]
    history: list[Told]
    limit: str = ""
    original_days: tuple[str, ...] = ()
    current_days: tuple[str, ...] = ()
    parties: list[Any] = field(default_factory=list)
    papers: list[PaperLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: dict[str, list[Any]] = field(default_factory=dict)
    may_attach: bool = False
    may_remove: bool = False

    @property
    def slips(self) -> list[tuple[Told, str, str]]:
        """Return the forms that can be printed, newest first: each act's own, and the control slip up to now."""
        if self.dossier.is_shadow:
            return []
        own = [(each, *slip) for each in self.history for slip in each.slips if slip[0] != Slip.Form.CONTROL]
        control = [(each, *slip) for each in self.history[:1] for slip in each.slips if slip[0] == Slip.Form.CONTROL]
        return control + own

    @property
    def main_act(self) -> NextAct | None:
        """Return the one thing to do next."""
        return next((act for act in self.acts if act.is_main), None)

    @property
    def other_acts(self) -> list[NextAct]:
        """Return what is possible besides."""
        return [act for act in self.acts if not act.is_main]


def page_of(dossier: Dossier, reader: Actor, at: dt.datetime) -> Page:
    """Read a dossier for its page (some twenty queries, however long its life was)."""
    events = dossier.events.prefetch_related("texts").order_by("number")
    page = Page(
        dossier,
        pressing(dossier, at, work_calendar(dossier.centre)),
        next_acts(dossier, reader, at),
        told(dossier, events, reader),
        parties=list(dossier.parties.select_related("place").prefetch_related("identifiers").order_by("pk")),
        rows=child_rows(dossier),
        may_attach=not dossier.is_shadow and is_allowed("attach_file", dossier, reader),
        may_remove=not dossier.is_shadow and is_allowed("remove_file", dossier, reader),
    )
    page.papers, page.notes = checklist(dossier, list(dossier.papers.select_related("checked_by").order_by("pk")))
    _explain(page)
    return page


def child_rows(dossier: Dossier) -> dict[str, list[Any]]:
    """Return the rows beside the state, by name (a query each)."""
    member = dossier.membership if hasattr(dossier, "membership") else None
    return {
        "requests": list(dossier.supplement_requests.prefetch_related("items").order_by("asked_at")),
        "payments": list(dossier.payment_requests.order_by("asked_at")),
        "clock_stops": list(dossier.clock_stops.all()),
        "extensions": [dossier.extension] if hasattr(dossier, "extension") else [],
        "hand_overs": list(
            dossier.hand_overs.select_related("from_agency", "to_agency", "from_user", "to_user", "taken_by")
        ),
        "results": list(dossier.results.select_related("file").order_by("made_at")),
        "files": list(dossier.files.filter(removed_at=None).order_by("pk")),
        "slips": list(dossier.slips.select_related("event").order_by("made_at")),
        "notices": warnings_of(dossier),
        "relations": list(dossier.relations.select_related("other")),
        "group": list(member.group.members.select_related("dossier")) if member else [],
    }


@dataclass(frozen=True)
class Warned:
    """What the clock has said once, and to whom."""

    kind: str
    made_at: dt.datetime
    told: tuple[str, ...]


def warnings_of(dossier: Dossier) -> list[Warned]:
    """Return what the clock has said of a dossier, each once, the newest first (one query)."""
    found: dict[tuple[str, str], list[Notice]] = {}
    for notice in dossier.notices.order_by("-made_at", "pk"):
        found.setdefault((notice.kind, notice.about), []).append(notice)
    roles = dict(Posting.Role.choices)
    return [
        Warned(
            str(Notice.Kind(kind).label),
            each[0].made_at,
            tuple(dict.fromkeys(str(roles[one.role]) for one in each if one.role)),
        )
        for (kind, _about), each in found.items()
    ]


def checklist(dossier: Dossier, handed: list[HandedPaper]) -> tuple[list[PaperLine], list[str]]:
    """Return the version's list with what was handed in of each, what came besides, and the list's notes."""
    listed = list({each.key: each for each in papers_of(dossier.version, dossier.case_key)}.values())
    by_key: dict[str, list[HandedPaper]] = {}
    for paper in handed:
        by_key.setdefault(paper.paper_key, []).append(paper)
    lines = [
        PaperLine(each, each.short_name, tuple(by_key.pop(each.key, ()))) for each in listed if each.can_be_asked_for
    ]
    besides = [PaperLine(None, paper.name, (paper,)) for papers in by_key.values() for paper in papers]
    return lines + besides, [each.name for each in listed if not each.can_be_asked_for]


def _explain(page: Page) -> None:
    dossier = page.dossier
    if dossier.received_at is None or dossier.is_shadow:
        return
    extension = page.rows["extensions"][0] if page.rows["extensions"] else None
    try:
        page.limit = limit_text(dossier.limit)
        deadline = reckon(dossier, page.rows["clock_stops"], extension)
    except DeadlineError:
        return  # Its calendar or limit can't be read any more: the dates that were given stand all the same.
    page.original_days = explain(deadline.original)
    if deadline.current is not None and deadline.current != deadline.original:
        page.current_days = explain(deadline.current)
