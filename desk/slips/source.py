"""An event, and the dossier as it stood right after it: what every slip of a dossier is made from.

Names of people come from rows that can be erased or corrected: a slip that is set again shows what they hold now.
"""

from __future__ import annotations

import datetime as dt
import json
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import translation

from catalogue.models import Centre, Hotline, RequiredPaper
from catalogue.opening import ZONE
from desk.explaining import limit_text
from desk.heirs import present_centre
from desk.limits import DeadlineError
from desk.list_wording import without_bullet
from desk.models import Dossier, DossierEvent, EventValue, HandedPaper, Party, Slip
from desk.slips.naming import ERASED, capitalised, officer_of, person, vi
from desk.slips.parts import Contact, Heading, Matter, Officer, PaperLine, Person, Words
from desk.slips.setting import SECOND_LANGUAGES
from desk.states import State

SUFFIXES = {
    Slip.Form.RECEIPT: "TNHS",
    Slip.Form.SUPPLEMENT: "HDHS",
    Slip.Form.REJECTION: "TCHS",
    Slip.Form.APOLOGY: "XLGH",
    Slip.Form.STOP: "DHS",
    Slip.Form.CONTROL: "KSHS",
    Slip.Form.HAND_OVER: "BGHS",
    Slip.Form.RESULT: "BNKQ",
}
"""After the number; HDHS as found in use, the others ours."""


def tracking_url(dossier: Dossier) -> str:
    """Return what the QR code holds: the page that follows the dossier, by a random token, and the two codes.

    TT 01/2023/TT-VPCP wants the person's number in it too; it is left out, since whoever finds the paper could read it.
    """
    code = dossier.version.content.get("code") or dossier.procedure.code
    return f"{settings.BASE_URL}/t/{dossier.tracking_token}?hs={dossier.code}&tt={code}"


class Source:
    """Reads for one slip, each part at most once."""

    def __init__(self, slip: Slip, at: dt.datetime | None = None) -> None:
        """Read for a slip as it is set at a moment: by default, when it was made."""
        self.slip, self.event, self.day = slip, slip.event, (at or slip.made_at).astimezone(ZONE).date()
        self.live = self.event.dossier
        self.dossier = as_of(self.event)
        self.second = self.dossier.language if self.dossier.language in SECOND_LANGUAGES else ""

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Return what the event tells of its act."""
        facts = json.loads(self.event.body).get("facts", {})
        assert isinstance(facts, dict)
        return facts

    @property
    def local_day(self) -> dt.date:
        """Return the day on which the slip was made."""
        return self.slip.made_at.astimezone(ZONE).date()

    def text(self, name: str) -> str:
        """Return a personal text of the event, ERASED once it is gone (one query)."""
        row = EventValue.objects.filter(event=self.event, name=name).first()
        if row is None:
            return ""
        return row.text if row.erased_at is None else ERASED

    def words(self, label: Any) -> Words:
        """Return a text of ours in both languages."""
        with translation.override("vi"):
            vietnamese = capitalised(str(label))
        if not self.second:
            return Words(vietnamese)
        with translation.override(self.second):
            return Words(vietnamese, capitalised(str(label)))

    def number_of(self, slip: Slip) -> str:
        """Return a slip's number as it is printed."""
        return f"{slip.number}/{slip.year}/{SUFFIXES[Slip.Form(slip.form)]}"

    def heading(self) -> Heading:
        """Return who issues the slip, and its number."""
        agency, centre = self.slip.agency, self.live.centre
        name = (self.event.by_unit if self.event.by_agency_id == agency.pk else "") or vi(agency)
        above = vi(agency.parent) if agency.parent else ""
        if centre is not None and agency.pk == self.dossier.received_by_id:
            name, above = vi(centre), name
        return Heading(
            agency=name,
            above=above,
            number=self.number_of(self.slip),
            code=self.live.code,
            place=agency.place.bare_name,
            on=self.local_day,
            qr=tracking_url(self.live),
        )

    @cached_property
    def matter(self) -> Matter:
        """Return what is applied for, and by whom."""
        version, procedure = self.live.version, self.live.procedure
        return Matter(
            Words(version.content.get("name") or vi(procedure), self.translated(procedure)),
            version.content.get("code") or procedure.code,
            self.people.get(Party.Role.APPLICANT, Person(ERASED)),
            owner=self.people.get(Party.Role.OWNER),
            submitter=self.people.get(Party.Role.SUBMITTER),
        )

    @cached_property
    def people(self) -> dict[str, Person]:
        """Return the dossier's parties by role."""
        return {row.role: person(row) for row in self.live.parties.prefetch_related("identifiers")}

    @cached_property
    def papers(self) -> tuple[PaperLine, ...]:
        """Return the papers that lay in the dossier after the event."""
        rows = self.live.papers.filter(handed_in_at__lte=self.event.at).exclude(
            Q(replaced_by__isnull=False) & Q(replaced_by__handed_in_at__lte=self.event.at)
        )
        return tuple(
            PaperLine(self.paper_name(row.paper_key, row.name), row.originals, row.copies, self.status(row))
            for row in rows.order_by("pk")
        )

    def status(self, row: HandedPaper) -> Words:
        """Return how a paper was taken in, where it isn't only on paper."""
        is_plain = row.status == HandedPaper.Status.NOT_DIGITISED
        return Words("") if is_plain else self.words(HandedPaper.Status(row.status).label)

    def paper_name(self, key: str, name: str) -> Words:
        """Return a paper's name, translated where the catalogue has it and its Vietnamese is still the same."""
        translated, still = self._paper_names.get(key, ("", ""))
        return Words(without_bullet(name), without_bullet(translated) if still == name else "")

    @cached_property
    def _paper_names(self) -> dict[str, tuple[str, str]]:
        if not self.second:
            return {}
        rows = RequiredPaper.objects.filter(case__procedure=self.live.procedure)
        found = rows.values_list("key", f"name_{self._suffix}", "name_vi")
        return {key: (translated or "", name or "") for key, translated, name in found}

    def translated(self, row: Any) -> str:
        """Return the name of a catalogue row in the second language, empty where it has none."""
        return (getattr(row, f"name_{self._suffix}", "") or "") if self.second else ""

    @property
    def _suffix(self) -> str:
        return self.second.replace("-", "_")

    @property
    def limit(self) -> Words:
        """Return the time limit that was pinned."""
        try:
            limit = self.dossier.limit
        except DeadlineError:
            return Words(self.dossier.limit_text)
        with translation.override("vi"):
            told = limit_text(limit)
        if not self.second:
            return Words(told)
        with translation.override(self.second):
            return Words(told, limit_text(limit))

    @property
    def state_before(self) -> Words:
        """Return the state that the event led out of."""
        return Words("") if self.event.state_before is None else self.words(State(self.event.state_before).label)

    @property
    def officer(self) -> Officer:
        """Return who did the act, as frozen in the event; nobody where it wasn't an officer."""
        return officer_of(self.event)

    @cached_property
    def centre(self) -> Centre | None:
        """Return the centre where the applicant goes now: its own, or that of the unit's heir."""
        return present_centre(self.live, self.day)

    @property
    def contact(self) -> Contact:
        """Return where the applicant asks: the centre with its hotline, its agency's or the province's (one query)."""
        website = settings.BASE_URL.partition("://")[2].rstrip("/")
        centre = self.centre
        if centre is None:
            return Contact(website=website, name=vi(self.live.received_by))
        everybodys = Q(agency__parent=None, agency__isnull=False)
        own = centre.agency_id or self.live.received_by_id
        lines = Hotline.objects.live().filter(Q(centre=centre) | Q(agency=own) | everybodys)
        nearest = min(
            lines,
            key=lambda line: (line.centre_id is None, line.agency_id != own, line.pk),
            default=None,
        )
        return Contact(
            address=centre.address,
            phone=centre.phone,
            email=centre.email,
            website=website,
            name=vi(centre),
            hotline=nearest.phone if nearest else "",
        )

    @property
    def centre_place(self) -> str:
        """Return the centre's name with its address."""
        centre = self.centre
        return ", ".join(filter(None, (vi(centre), centre.address))) if centre is not None else ""

    @property
    def return_place(self) -> str:
        """Return where the result is handed over: at the centre, or the applicant's own address."""
        applicant = self.matter.applicant
        if self.dossier.return_by == "post":
            return applicant.address
        return applicant.email if self.dossier.return_by == "electronic" else self.centre_place


def as_of(event: DossierEvent) -> Dossier:
    """Return the dossier, unsaved, with every field as the events up to this one left it (one query)."""
    held: dict[str, Any] = {}
    bodies = DossierEvent.objects.filter(dossier=event.dossier_id, number__lte=event.number).order_by("number")
    for body in bodies.values_list("body", flat=True):
        held |= json.loads(body).get("changes", {})
    attributes = {field.attname: field for field in Dossier._meta.concrete_fields}
    return Dossier(pk=event.dossier_id, **{name: attributes[name].to_python(value) for name, value in held.items()})
