"""All that a dossier's page shows, read at once: the template asks nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from catalogue.models import AdministrativeUnit, Posting
from desk import attaching
from desk.actors import Actor
from desk.calendar import work_calendar
from desk.colleagues import name_of
from desk.due_dates import extension_of, reckon
from desk.explaining import explain, limit_text
from desk.gathering import Rows, gather, keep
from desk.history import Names, Told, read_bodies, spoken_of, told
from desk.limits import DeadlineError
from desk.list_wording import without_bullet
from desk.models import Dossier, DossierEvent, DossierReading, GroupMember, HandedPaper, Notice, Slip
from desk.next_acts import NextAct, next_acts
from desk.pressing import Pressing, pressing
from desk.readings import may_see_readings, readings_of
from desk.undoing import seconds_left
from desk.versions import ListedPaper, papers_of

LONGEST_NAME = 300
"""Letters of a paper's name that stand open."""
MOST_LINES = 8
"""Papers that stand open on the page: a longer list folds, so that what happened is near."""


@dataclass(frozen=True)
class PaperLine:
    """A paper of the version's list, and what was handed in of it; notes stand apart."""

    listed: ListedPaper | None
    name: str
    handed: tuple[HandedPaper, ...] = ()

    @property
    def is_long(self) -> bool:
        """Return whether the name is a page of law of its own: it folds."""
        return len(self.name) > LONGEST_NAME


@dataclass
class Page:
    """A dossier with everything that belongs to it."""

    dossier: Dossier
    pressing: Pressing
    acts: list[NextAct]
    history: list[Told]
    rows: dict[str, list[Any]]
    limit: str = ""
    original_days: tuple[str, ...] = ()
    current_days: tuple[str, ...] = ()
    parties: list[Any] = field(default_factory=list)
    papers: list[PaperLine] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    may_attach: bool = False
    may_tie: bool = False
    undo_left: int = 0
    """Seconds in which the reader may still undo what stands last in the history."""
    answers_for_it: bool = False
    """Whether the reader answers for the work: they see who opened it, and give people their data."""
    readings: list[DossierReading] = field(default_factory=list)

    @property
    def slips(self) -> list[tuple[Told, str, str]]:
        """Return the forms that can be printed, newest first: each act's own, and the control slip up to now."""
        if self.dossier.is_shadow or self.dossier.anonymised_at:
            return []
        own = [(each, *slip) for each in self.history for slip in each.slips if slip[0] not in left_out(each)]
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

    @property
    def open_papers(self) -> list[PaperLine]:
        """Return the papers that stand open: all of a short list, of a long one those that were handed in first."""
        if len(self.papers) <= MOST_LINES:
            return self.papers
        first = sorted(self.papers, key=lambda line: not line.handed)[:MOST_LINES]
        return [line for line in self.papers if line in first]

    @property
    def folded_papers(self) -> list[PaperLine]:
        """Return the papers under the fold."""
        shown = self.open_papers
        return [line for line in self.papers if line not in shown]


def left_out(event: Told) -> tuple[str, ...]:
    """Return the forms of an event that aren't offered: the control slip but once, and what was taken back."""
    return (Slip.Form.CONTROL, Slip.Form.HAND_OVER) if event.taken_back else (Slip.Form.CONTROL,)


def page_of(dossier: Dossier, reader: Actor, at: dt.datetime) -> Page:
    """Read a dossier for its page, however long its life was.

    Five queries; one more each for places and relations, and for who opened it where the reader answers for the work.
    """
    events = list(dossier.events.defer("digest", "previous").order_by("number"))
    rows = gather(dossier)
    answers_for_it = may_see_readings(dossier, reader)
    names = name_rows(events, rows)
    page = Page(
        dossier,
        pressing(dossier, at, work_calendar(dossier.centre)),
        next_acts(dossier, reader, at),
        told(dossier, events, reader, names),
        child_rows(dossier, rows),
        parties=rows["parties"],
        may_attach=attaching.may_attach(dossier, reader),
        may_tie=bool(rows["papers"]) and attaching.may_tie(dossier, reader),
        undo_left=seconds_left(events[-1] if events else None, reader, at),
        answers_for_it=answers_for_it,
        readings=readings_of(dossier) if answers_for_it else [],
    )
    page.papers, page.notes = checklist(dossier, rows["papers"])
    _explain(page)
    return page


def name_rows(events: list[DossierEvent], rows: Rows) -> Names:
    """Give rows and events the texts, agencies, people and places that they name (three queries at most)."""
    for event in events:
        keep(event, "texts", [each for each in rows["texts"] if each.event_id == event.pk])
    bodies = read_bodies(events)
    spoken = spoken_of(bodies)
    hands = rows["hand_overs"]
    rows.name_agencies([*spoken.agencies, *(key for each in hands for key in (each.from_agency_id, each.to_agency_id))])
    rows.name_people([*spoken.people, *(key for each in hands for key in (each.to_user_id, each.taken_by_id))])
    called_back = {body.get("facts", {}).get("hand_over") for _event, body in bodies}
    for each in hands:
        each.from_agency, each.to_agency = rows.agencies[each.from_agency_id], rows.agencies[each.to_agency_id]
        each.receiver = name_of(rows.people.get(each.taken_by_id or each.to_user_id))
        each.is_called_back = each.pk in called_back
    files = {each.pk: each for each in rows["files"]}
    for each in (*rows["papers"], *rows["results"]):
        each.file = files.get(each.file_id)
    places = {each.place_id for each in rows["parties"] if each.place_id}
    found = AdministrativeUnit.objects.in_bulk(places) if places else {}
    for party in rows["parties"]:
        party.place = found.get(party.place_id)
    papers = {each.pk: without_bullet(each.name) for each in rows["papers"]}
    agencies = {key: str(each) for key, each in rows.agencies.items()}
    return Names(agencies, {key: name_of(each) for key, each in rows.people.items()}, papers)


def child_rows(dossier: Dossier, rows: Rows) -> dict[str, list[Any]]:
    """Return the rows beside the state, by name (a query each for related dossiers and those of the group)."""
    extension = extension_of(dossier)
    names = ("requests", "payments", "clock_stops", "hand_overs", "results")
    relations, group = rows["relations"], rows["group"]
    if relations:
        others = Dossier.objects.only("code").in_bulk([each.other_id for each in relations])
        for each in relations:
            each.other = others[each.other_id]
    return {
        **{name: rows[name] for name in names},
        "extensions": [extension] if extension else [],
        "files": [each for each in rows["files"] if each.removed_at is None],
        "notices": warnings_of(rows["notices"]),
        "relations": relations,
        "group": members_of(group[0].group_id) if group else [],
    }


def members_of(group: int) -> list[GroupMember]:
    """Return the dossiers of a group, in their order (one query)."""
    return list(GroupMember.objects.filter(group=group).select_related("dossier").order_by("order"))


@dataclass(frozen=True)
class Warned:
    """What the clock has said once, and to whom."""

    kind: str
    made_at: dt.datetime
    told: tuple[str, ...]


def warnings_of(notices: list[Notice]) -> list[Warned]:
    """Return what the clock has said of a dossier, each once, the newest first; what colleagues write stands above."""
    found: dict[tuple[str, str], list[Notice]] = {}
    for notice in sorted(notices, key=lambda each: (-each.made_at.timestamp(), each.pk)):
        if notice.kind != Notice.Kind.MENTION:
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
    try:
        page.limit = limit_text(dossier.limit)
        deadline = reckon(dossier, page.rows["clock_stops"], extension_of(dossier))
    except DeadlineError:
        return  # Its calendar or limit can't be read any more: the dates that were given stand all the same.
    page.original_days = explain(deadline.original)
    if deadline.current is not None and deadline.current != deadline.original:
        page.current_days = explain(deadline.current)
