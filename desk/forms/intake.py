"""A dossier as it comes to the counter, on one page: what it is, who it is from, which papers came."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from catalogue.models import Agency, Centre, Procedure
from catalogue.opening import ZONE
from desk import actions
from desk.actors import Actor
from desk.counter.known import Known, known
from desk.counter.odd_numbers import oddities
from desk.counter.scans import stored
from desk.deciding import centres_of, choosable_agencies, competent_agency
from desk.duplicates import Alike, alike
from desk.forms.arrival import LONGEST_ONCE, YEARS, ArrivalForm
from desk.forms.base import set_date
from desk.forms.fields import offer, say_plainly
from desk.forms.people import PersonForm, initial_of
from desk.forms.questions import QuestionsForm
from desk.intake import Intake, receiver_of
from desk.models import Dossier, DossierFile, Party
from desk.once import entered_before
from desk.refusals import ActRefused, Invalid, RouteMoved
from desk.versions import cases_of, channel_of, version_on

DOES = ("check", "receive", "supplement", "reject")
"""What the buttons of the page do."""
ASIDE = frozenset({"csrfmiddlewaretoken", "do", "part", *QuestionsForm.QUESTIONS})
"""What is no part of what a form holds."""
ELSEWHERE = {
    "agency": "decided_by", "case": "case_key", "term": "term_key", "due": "due_on", "group": "group_code",
}  # fmt: skip


def key_of(text: str) -> int:
    """Return a key that was sent; 0 for what isn't one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


class IntakeForm(ArrivalForm):
    """All but the people, who have forms of their own on the page. Raises Invalid where nothing can be entered."""

    def __init__(
        self, procedure: Procedure, by: Actor, at: dt.datetime, data: Any = None, files: Any = None,
        *, of: Dossier | None = None,
    ) -> None:  # fmt: skip
        """Take what was typed, or begin anew; `of`: a dossier whose people this one is from again."""
        super().__init__(data, files, use_required_attribute=False)
        self.procedure, self.by, self.at = procedure, by, at
        self.pressed = self.data.get("do", "check") if self.is_bound else ""
        self.do = self.pressed if self.pressed in DOES or not self.pressed else "check"
        self.alike, self.is_warned = Alike(), False
        self.fields["once"].initial = secrets.token_urlsafe(16)
        self.centres = centres_of(by)
        if not self.centres:
            raise Invalid(_("Your agency has no published centre: dossiers are received at centres."))
        self.day = self._submitted_on()
        self.version = version_on(procedure, self.day)
        self._offer()
        known = {party.role: party for party in of.parties.filter(erased_at=None)} if of and data is None else {}
        self.people = {
            role: PersonForm(
                data, prefix=role, at=at, is_needed=role == Party.Role.APPLICANT, initial=initial_of(known.get(role))
            )
            for role in Party.Role.values
        }
        self.add_papers()
        say_plainly(self)

    def _submitted_on(self) -> dt.date:
        """Return the day by whose law it is settled."""
        try:
            moment = self.fields["submitted_at"].clean(self.data.get("submitted_at", ""))
        except ValidationError:
            moment = None
        if moment is not None and not self.at - dt.timedelta(366 * YEARS) <= moment <= self.at:
            moment = None
        return (moment or self.at).astimezone(ZONE).date()

    def _offer(self) -> None:
        """Fill in the choices."""
        offer(self, "centre", [(row.pk, str(row)) for row in self.centres.values()])
        self.fields["centre"].initial = next(iter(self.centres))
        cases = cases_of(self.version)
        offer(self, "case_key", [("", _("not said")), *((case["key"], case["label"]) for case in cases)])
        terms = channel_of(self.version, self.value("channel")).get("terms", [])
        named = [(term["key"], term["label"] or term["text"] or term["key"]) for term in terms]
        offer(self, "term_key", [("", _("by the rule")), *named])
        for name, choices in (("case_key", cases[1:]), ("term_key", named[1:])):
            if not choices and not self.data.get(name):
                self.fields[name].widget = forms.HiddenInput()
        offer(self, "decided_by", lambda: self._deciders)

    @cached_property
    def _deciders(self) -> list[tuple[Any, str]]:
        """Return who can be chosen to decide: read only where it is drawn, or where one was chosen."""
        proposed = str(self.proposed) if self.proposed else _("choose")
        rows = choosable_agencies(self.chosen_centre, self.day)
        return [("", proposed), *((row.pk, str(row)) for row in rows)]

    def value(self, name: str) -> str:
        """Return what was entered in a field, or what it begins with."""
        return str(self.data.get(name) or self.fields[name].initial or "").replace("\0", "")

    @cached_property
    def chosen_centre(self) -> Centre:
        """Return the centre that was chosen, else the first."""
        chosen = self.value("centre")
        return self.centres.get(key_of(chosen)) or next(iter(self.centres.values()))

    @cached_property
    def proposed(self) -> Agency | None:
        """Return the agency that decides, as the catalogue has it."""
        return competent_agency(self.procedure, self.chosen_centre, self.day, self.value("channel"))

    @property
    def person_forms(self) -> list[tuple[str, PersonForm]]:
        """Return the people's forms with the name of their role."""
        return [(str(Party.Role(role).label), form) for role, form in self.people.items()]

    def clean(self) -> dict[str, Any]:
        """Refuse a centre that is gone, a date without its text, and a decision without an agency."""
        data = super().clean() or self.cleaned_data
        try:
            receiver_of(self.chosen_centre, self.at.astimezone(ZONE).date())
        except Invalid as error:
            self.add_error("centre", str(error))
        if data.get("decided_by") is None and self.proposed is None and "decided_by" not in self.errors:
            self.add_error("decided_by", _("The catalogue doesn't say who decides: choose the agency."))
        if data.get("due_on") and not data.get("due_text", "").strip():
            self.add_error("due_text", _("Quote the text from which the date is read."))
        return data

    def warn(self) -> None:
        """Ask about what is unusual: the same person's dossiers, no paper at all, numbers that can't be."""
        if self.is_warned:
            return
        self.is_warned = True
        person = self.people[Party.Role.APPLICANT].person
        self.alike = alike(self.procedure, person, self.by, self.at) if person else Alike()
        if self.alike:
            self.ask("is_another", [self.alike.told])
        if self.do == "receive" and self.papers and not any(map(self.has, self.papers)):
            self.ask("has_no_papers", [_("No paper is ticked. Was really nothing handed in?")])
        people = [form.person for form in self.people.values() if form.person is not None]
        self.ask("has_odd_number", [told for each in people for told in oddities(each, self.by, self.at)])

    def known(self, role: str) -> Known | None:
        """Return who has the number that was typed, else the telephone and name (four queries at most)."""
        return known(*self.people[role].may_be_known, self.by)

    @property
    def agency(self) -> Agency | None:
        """Return who decides: the one chosen, else the one proposed."""
        chosen = self.value("decided_by")
        if key_of(chosen):
            return Agency.objects.select_related("place").filter(pk=key_of(chosen)).first()
        return self.proposed

    def is_whole(self) -> bool:
        """Return whether everything can be right, people too."""
        people = [form.is_valid() for form in self.people.values()]
        return self.is_valid() and all(people)

    def is_right_so_far(self) -> bool:
        """Return whether what was entered can be right, the people only as far as they were begun."""
        people = [form.is_valid() for form in self.people.values() if form.is_begun]
        return self.is_valid() and all(people)

    @property
    def once_only(self) -> str:
        """Return the value of this form on this officer's screen with what stands in it; empty where it has none.

        A form that a browser has kept, filled in for the next person, is another one.
        """
        typed = self.data.get("once", "")
        if not 0 < len(typed) <= LONGEST_ONCE:
            return ""
        held: dict[str, Any] = {name: value for name, value in dict(self.data).items() if name not in ASIDE}
        held["files"] = self.uploads
        content = hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()
        return f"{self.by.user_id}:{self.procedure.pk}:{typed}:{content}"

    @property
    def earlier(self) -> Dossier | None:
        """Return the dossier that was entered from this form already (one query)."""
        return entered_before(self.once_only)

    def perform(self) -> Dossier | None:
        """Take it in as the button says; None where it is refused, with the reason at its field.

        Raises RouteMoved, IntegrityError where another sending of the same form was faster.
        """
        try:
            act = {"receive": self._receive, "supplement": self._supplement, "reject": self._reject}[self.do]
            with stored(self.scans, by=self.by, at=self.at) as files:
                return act(self.intake(files))
        except RouteMoved:
            raise
        except ActRefused as error:
            name = error.field if isinstance(error, Invalid) else ""
            name = ELSEWHERE.get(name, name)
            self.add_error(name if name in self.fields else None, str(error))
        return None

    def _receive(self, intake: Intake) -> Dossier:
        return actions.receive_new(intake, by=self.by, at=self.at)

    def _reject(self, intake: Intake) -> Dossier:
        return actions.reject_new(intake, reason=self.cleaned_data["reason"], by=self.by, at=self.at)

    def _supplement(self, intake: Intake) -> Dossier:
        """Register and ask for everything that is missing, as one act: all of it stands, or nothing."""
        answer_by = self.cleaned_data["answer_by"]
        return actions.register_and_ask(intake, demands_of=self.demands, answer_by=answer_by, by=self.by, at=self.at)

    def intake(self, files: Mapping[str, DossierFile]) -> Intake:
        """Return the dossier as it comes in; `files`: by the key of their paper."""
        data, agency = self.cleaned_data, self.agency
        assert agency is not None
        people = {role: form.person for role, form in self.people.items()}
        applicant = people[Party.Role.APPLICANT]
        assert applicant is not None
        return Intake(
            self.procedure,
            self.chosen_centre,
            agency,
            applicant,
            owner=people[Party.Role.OWNER],
            submitter=people[Party.Role.SUBMITTER],
            papers=self.handed_in(files),
            group=self.group_place(),
            related=data["related"],
            due=set_date(data["due_on"], data["due_text"]),
            sets=data["sets"],
            once=self.once_only,
            **{
                name: data[name]
                for name in ("case_key", "term_key", "channel", "submitted_at", "fee", "return_by", "language")
            },
        )
