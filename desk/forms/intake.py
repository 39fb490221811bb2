"""A dossier as it comes to the counter, on one page: what it is, who it is from, which papers came."""

from __future__ import annotations

import datetime as dt
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
from desk.demands import Demand
from desk.forms.base import set_date
from desk.forms.fields import (
    LONGEST_REASON,
    SECOND_LANGUAGES,
    MomentField,
    count_field,
    day_field,
    line_field,
    offer,
    text_field,
)
from desk.forms.people import PersonForm
from desk.forms.supplements import Line
from desk.intake import Intake, PaperIn, receiver_of
from desk.models import Dossier, Party, ReturnBy, SupplementItem
from desk.refusals import ActRefused, Invalid, RouteMoved
from desk.states import Channel
from desk.versions import ListedPaper, channel_of, papers_of, version_on

DOES = ("check", "receive", "supplement", "reject")
"""What the buttons of the page do."""
ELSEWHERE = {"agency": "decided_by", "case": "case_key", "term": "term_key", "due": "due_on"}


class IntakeForm(forms.Form):
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
        label=gettext_lazy("Fee, if other than reckoned"), required=False, min_value=0, max_digits=15, decimal_places=2
    )
    return_by = forms.ChoiceField(label=gettext_lazy("Way of return"), choices=ReturnBy.choices)
    language = forms.ChoiceField(label=gettext_lazy("Second language of the slips"), choices=SECOND_LANGUAGES)
    sets = count_field(gettext_lazy("Sets of papers"), initial=1)
    answer_by = day_field(gettext_lazy("Answer by"), required=False)
    reason = text_field(gettext_lazy("Why it isn't received"), required=False, rows=2)

    def __init__(self, procedure: Procedure, by: Actor, at: dt.datetime, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False)
        self.procedure, self.by, self.at = procedure, by, at
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
        for paper in self.papers:
            self._add_paper(paper)

    def _submitted_on(self) -> dt.date:
        """Return the day by whose law it is settled."""
        try:
            moment = self.fields["submitted_at"].clean(self.data.get("submitted_at", ""))
        except ValidationError:
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

    @cached_property
    def papers(self) -> list[ListedPaper]:
        """Return the papers of the case that can be handed in; of the whole list where no case was chosen."""
        listed = papers_of(self.version, self.data.get("case_key", ""))
        return list({paper.key: paper for paper in listed if paper.can_be_asked_for}.values())

    @property
    def notes(self) -> list[str]:
        """Return what the list says besides."""
        listed = papers_of(self.version, self.data.get("case_key", ""))
        return [paper.name for paper in listed if not paper.can_be_asked_for]

    def _add_paper(self, paper: ListedPaper) -> None:
        label = {"aria-label": ""}
        self.fields[f"has-{paper.key}"] = forms.BooleanField(label=paper.name, required=False)
        self.fields[f"originals-{paper.key}"] = count_field(_("Originals"), initial=paper.originals)
        self.fields[f"copies-{paper.key}"] = count_field(_("Copies"), initial=paper.copies)
        self.fields[f"missing-{paper.key}"] = text_field(
            _("What is missing or wrong"), required=False, rows=1, most=LONGEST_REASON
        )
        for word in ("originals", "copies", "missing"):
            field = self.fields[f"{word}-{paper.key}"]
            field.widget.attrs |= label | {"aria-label": f"{field.label}: {paper.name[:100]}"}

    @property
    def lines(self) -> list[Line]:
        """Return the rows of the list of papers."""
        words = ("has", "originals", "copies", "missing")
        return [
            Line(paper.short_name, tuple(self[f"{word}-{paper.key}"] for word in words), value=paper)
            for paper in self.papers
        ]

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

    def perform(self, do: str) -> Dossier | None:
        """Take it in as a button says; None where it is refused, with the reason at its field. Raises RouteMoved."""
        try:
            return {"receive": self._receive, "supplement": self._supplement, "reject": self._reject}[do]()
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
        if not any(self._reason(paper) for paper in self.papers):
            raise Invalid(_("Say of at least one paper what is missing or wrong."))
        answer_by = self.cleaned_data["answer_by"]
        if answer_by is not None and answer_by <= self.at.astimezone(ZONE).date():
            raise Invalid(_("Leave the applicant at least a day to answer."), "answer_by")
        dossier = actions.register(self.intake(), by=self.by, at=self.at)
        handed = dict(dossier.papers.values_list("paper_key", "pk"))
        demands = [self._demand(paper, handed) for paper in self.papers if self._reason(paper)]
        return actions.request_supplement(dossier.pk, by=self.by, at=self.at, demands=demands, answer_by=answer_by)

    def _reason(self, paper: ListedPaper) -> str:
        return str(self.cleaned_data.get(f"missing-{paper.key}", "")).strip()

    def _demand(self, paper: ListedPaper, handed: dict[str, int]) -> Demand:
        if paper.key in handed:
            kind = SupplementItem.Kind.CORRECTION
            return Demand(kind, self._reason(paper), handed_paper_id=handed[paper.key])
        return Demand(SupplementItem.Kind.PAPER, self._reason(paper), paper_key=paper.key)

    def intake(self) -> Intake:
        """Return the dossier as it comes in."""
        data, agency = self.cleaned_data, self.agency
        assert agency is not None
        people = {role: form.person for role, form in self.people.items()}
        papers = [
            PaperIn(paper.key, data[f"originals-{paper.key}"] or 0, data[f"copies-{paper.key}"] or 0)
            for paper in self.papers
            if data[f"has-{paper.key}"]
        ]
        applicant = people[Party.Role.APPLICANT]
        assert applicant is not None
        return Intake(
            self.procedure,
            self.chosen_centre,
            agency,
            applicant,
            owner=people[Party.Role.OWNER],
            submitter=people[Party.Role.SUBMITTER],
            papers=papers,
            due=set_date(data["due_on"], data["due_text"]),
            sets=data["sets"] or 1,
            **{
                name: data[name]
                for name in ("case_key", "term_key", "channel", "submitted_at", "fee", "return_by", "language")
            },
        )
