"""A dossier as it comes to the counter, on one page: what it is, who it is from, which papers came."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Agency, Centre, Procedure
from catalogue.opening import ZONE
from desk import actions
from desk.actors import Actor
from desk.deciding import centres_of, choosable_agencies, competent_agency
from desk.duplicates import Alike, alike
from desk.forms.base import set_date
from desk.forms.fields import (
    SECOND_LANGUAGES,
    MomentField,
    count_field,
    day_field,
    line_field,
    offer,
    text_field,
)
from desk.forms.papers import PapersForm
from desk.forms.people import PersonForm, show_as_typed
from desk.intake import Intake, entered_before, receiver_of
from desk.models import Dossier, Party, ReturnBy
from desk.refusals import ActRefused, Invalid, RouteMoved
from desk.states import Channel
from desk.versions import channel_of, version_on

WHOLE_DONG = gettext_lazy("Dong are whole: write the digits only, like 15000.")
YEARS = 3
"""Years, back and ahead, beyond which a day is a slip of the pen."""
LONGEST_ONCE = 64
DOES = ("check", "receive", "supplement", "reject")
"""What the buttons of the page do."""
ELSEWHERE = {"agency": "decided_by", "case": "case_key", "term": "term_key", "due": "due_on"}


class IntakeForm(PapersForm):
    """All but the people, who have forms of their own on the page. Raises Invalid where nothing can be entered."""

    centre = forms.TypedChoiceField(label=gettext_lazy("Centre"), coerce=int)
    channel = forms.ChoiceField(label=gettext_lazy("How it came"), choices=Channel.choices, initial=Channel.COUNTER)
    case_key = forms.ChoiceField(label=gettext_lazy("Case"), required=False)
    term_key = forms.ChoiceField(label=gettext_lazy("Time limit"), required=False)
    decided_by = forms.TypedChoiceField(label=gettext_lazy("Who decides"), required=False, coerce=int, empty_value=None)
    submitted_at = MomentField(gettext_lazy("Handed in at"), help_text=gettext_lazy("Only if earlier than now"))
    due_on = day_field(gettext_lazy("Due date"), required=False)
    due_text = line_field(gettext_lazy("The text it is read from"), required=False, most=1_000)
    fee = forms.DecimalField(
        label=gettext_lazy("Fee, if other than reckoned"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=0,
        error_messages=dict.fromkeys(("invalid", "max_decimal_places"), WHOLE_DONG),
    )
    return_by = forms.ChoiceField(label=gettext_lazy("Way of return"), choices=ReturnBy.choices)
    language = forms.ChoiceField(label=gettext_lazy("Second language of the slips"), choices=SECOND_LANGUAGES)
    sets = count_field(gettext_lazy("Sets of papers"), initial=1)
    answer_by = day_field(gettext_lazy("Answer by"), required=False)
    reason = text_field(gettext_lazy("Why it isn't received"), required=False, rows=2)
    is_another = forms.BooleanField(
        label=gettext_lazy("I have looked: this is another dossier, enter it"), required=False
    )
    drops_notes = forms.BooleanField(
        label=gettext_lazy("Go on: what I noted there isn't needed any more"), required=False
    )
    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST_ONCE)

    def __init__(self, procedure: Procedure, by: Actor, at: dt.datetime, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False)
        self.procedure, self.by, self.at = procedure, by, at
        self.do = self.data.get("do", "check") if self.is_bound else ""
        self.alike, self.asks_about_notes = Alike(), False
        self.fields["once"].initial = secrets.token_urlsafe(16)
        self.centres = centres_of(by)
        if not self.centres:
            raise Invalid(_("Your agency has no published centre: dossiers are received at centres."))
        self.day = self._submitted_on()
        self.version = version_on(procedure, self.day)
        self._offer()
        self.people = {
            role: PersonForm(data, prefix=role, at=at, is_needed=role == Party.Role.APPLICANT)
            for role in Party.Role.values
        }
        self.add_papers()

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
        cases = [case for case in self.version.content.get("cases", ()) if case["label"]]
        offer(self, "case_key", [("", _("not said")), *((case["key"], case["label"]) for case in cases)])
        terms = channel_of(self.version, self.value("channel")).get("terms", [])
        named = [(term["key"], term["label"] or term["text"] or term["key"]) for term in terms]
        offer(self, "term_key", [("", _("by the rule")), *named])
        for name, choices in (("case_key", cases[1:]), ("term_key", named[1:])):
            if not choices:
                self.fields[name].widget = forms.HiddenInput()
        proposed = str(self.proposed) if self.proposed else _("choose")
        rows = choosable_agencies(self.chosen_centre, self.day)
        offer(self, "decided_by", [("", proposed), *((row.pk, str(row)) for row in rows)])

    def value(self, name: str) -> str:
        """Return what was entered in a field, or what it begins with."""
        return str(self.data.get(name) or self.fields[name].initial or "")

    @cached_property
    def chosen_centre(self) -> Centre:
        """Return the centre that was chosen, else the first."""
        chosen = self.value("centre")
        return self.centres.get(int(chosen) if chosen.isascii() and chosen.isdigit() else 0) or next(
            iter(self.centres.values())
        )

    @cached_property
    def proposed(self) -> Agency | None:
        """Return the agency that decides, as the catalogue has it."""
        return competent_agency(self.procedure, self.chosen_centre, self.day, self.value("channel"))

    @property
    def person_forms(self) -> list[tuple[str, PersonForm]]:
        """Return the people's forms with the name of their role."""
        return [(str(Party.Role(role).label), form) for role, form in self.people.items()]

    def full_clean(self) -> None:
        """Check everything; a day that there isn't stays as it was typed."""
        super().full_clean()
        show_as_typed(self)

    def clean_submitted_at(self) -> dt.datetime | None:
        """Refuse what is still to come, and a year long gone."""
        moment = self.cleaned_data["submitted_at"]
        if moment is not None and moment > self.at:
            raise ValidationError(_("It can't be submitted later than now: check the date."))
        if moment is not None and moment < self.at - dt.timedelta(366 * YEARS):
            raise ValidationError(_("This is more than three years ago: check the year."))
        return moment

    def clean_due_on(self) -> dt.date | None:
        """Refuse a year that is far off."""
        day = self.cleaned_data["due_on"]
        if day is not None and day > self.at.date() + dt.timedelta(366 * YEARS):
            raise ValidationError(_("This is more than three years ahead: check the year."))
        return day

    def clean_answer_by(self) -> dt.date | None:
        """Refuse a day that leaves no time to answer."""
        day = self.cleaned_data["answer_by"]
        if day is not None and day <= self.at.astimezone(ZONE).date():
            raise ValidationError(_("Leave the applicant at least a day to answer."))
        return day

    def clean_sets(self) -> int:
        """Refuse no set at all; what was left empty is one."""
        number = self.cleaned_data["sets"]
        if number == 0:
            raise ValidationError(_("There is at least one set of papers."))
        return number or 1

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
        if self.do == "reject" and not data.get("reason", "").strip() and "reason" not in self.errors:
            self.add_error("reason", _("Fill this in."))
        if self.do == "supplement" and not any(map(self.reason_of, self.papers)):
            self.add_error(None, _("Say of at least one paper what is missing or wrong."))
        self._ask_about_notes(data)
        return data

    def _ask_about_notes(self, data: dict[str, Any]) -> None:
        """Stop where something was noted that the button that was pressed doesn't use."""
        asks = {
            "receive": _("You noted that a paper is missing or wrong: receive it, or ask for it with Form 02?"),
            "reject": _("You noted what is missing, but a refusal doesn't say it: write it into the reason."),
        }
        asked = []
        if self.do in asks and any(map(self.reason_of, self.papers)):
            asked.append(asks[self.do])
        if self.do in ("receive", "supplement") and data.get("reason", "").strip():
            asked.append(_("You noted why it isn't received: refuse it with Form 03, or go on without the reason?"))
        self.asks_about_notes = bool(asked)
        if not data.get("drops_notes"):
            for text in asked:
                self.add_error(None, text)

    def warn(self) -> None:
        """Look for the same person's dossiers; refuse to enter one more until it was said that it is another."""
        person = self.people[Party.Role.APPLICANT].person
        self.alike = alike(self.procedure, person, self.by, self.at) if person else Alike()
        if self.alike and self.do != "check" and not self.cleaned_data.get("is_another"):
            self.add_error("is_another", _("This may be the same dossier again: look, then tick this."))

    @property
    def agency(self) -> Agency | None:
        """Return who decides: the one chosen, else the one proposed."""
        chosen = self.value("decided_by")
        if chosen.isascii() and chosen.isdigit():
            return Agency.objects.select_related("place").filter(pk=int(chosen)).first()
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
        """Return the value of this form on this officer's screen; empty where the form came without one."""
        typed = self.data.get("once", "")
        return f"{self.by.user_id}:{self.procedure.pk}:{typed}" if 0 < len(typed) <= LONGEST_ONCE else ""

    @property
    def earlier(self) -> Dossier | None:
        """Return the dossier that was entered from this form already (one query)."""
        return entered_before(self.once_only)

    def perform(self) -> Dossier | None:
        """Take it in as the button says; None where it is refused, with the reason at its field.

        Raises RouteMoved, IntegrityError where another sending of the same form was faster.
        """
        try:
            return {"receive": self._receive, "supplement": self._supplement, "reject": self._reject}[self.do]()
        except RouteMoved:
            raise
        except ActRefused as error:
            name = error.field if isinstance(error, Invalid) else ""
            name = ELSEWHERE.get(name, name)
            self.add_error(name if name in self.fields else None, str(error))
        return None

    def _receive(self) -> Dossier:
        return actions.receive_new(self.intake(), by=self.by, at=self.at)

    def _reject(self) -> Dossier:
        return actions.reject_new(self.intake(), reason=self.cleaned_data["reason"], by=self.by, at=self.at)

    def _supplement(self) -> Dossier:
        """Register, then ask for everything that is missing: two acts, the second on what the first has made."""
        answer_by = self.cleaned_data["answer_by"]
        dossier = actions.register(self.intake(), by=self.by, at=self.at)
        demands = self.demands(dict(dossier.papers.values_list("paper_key", "pk")))
        return actions.request_supplement(dossier.pk, by=self.by, at=self.at, demands=demands, answer_by=answer_by)

    def intake(self) -> Intake:
        """Return the dossier as it comes in."""
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
            papers=self.handed_in(),
            due=set_date(data["due_on"], data["due_text"]),
            sets=data["sets"],
            once=self.once_only,
            **{
                name: data[name]
                for name in ("case_key", "term_key", "channel", "submitted_at", "fee", "return_by", "language")
            },
        )
