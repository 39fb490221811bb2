"""A dossier that was entered on a ministry's system: what the desk keeps of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from catalogue.models import Agency, Procedure
from catalogue.opening import ZONE
from desk import shadows
from desk.actors import Actor
from desk.deciding import centres_of, choosable_agencies, competent_agency
from desk.forms.fields import MomentField, line_field, offer, say_plainly
from desk.forms.people import PersonForm
from desk.models import Dossier, Party
from desk.refusals import ActRefused, Invalid
from desk.shadows import Helped, Told
from desk.states import Channel, State

AT_FIRST = [each for each in State.choices if each[0] in (State.REGISTERED, State.RECEIVED)]


class ShadowForm(forms.Form):
    """The code that the ministry's system gave, and when."""

    code = line_field(gettext_lazy("Code that the ministry's system gave"), most=60)
    state = forms.TypedChoiceField(label=gettext_lazy("State there"), choices=AT_FIRST, coerce=int, required=False)
    submitted_at = MomentField(gettext_lazy("Handed in at"), help_text=gettext_lazy("Only if earlier than now"))
    due_at = MomentField(gettext_lazy("Due there at"))
    centre = forms.TypedChoiceField(label=gettext_lazy("Centre"), coerce=int)
    channel = forms.ChoiceField(label=gettext_lazy("How it came"), choices=Channel.choices)
    decided_by = forms.TypedChoiceField(label=gettext_lazy("Who decides"), coerce=int)

    def __init__(
        self, procedure: Procedure, system: str, by: Actor, at: dt.datetime, data: Any = None, *, typed: Any = None
    ) -> None:
        super().__init__(data, use_required_attribute=False)
        self.procedure, self.system, self.by, self.at = procedure, system, by, at
        self.applicant = PersonForm(data or typed, prefix=Party.Role.APPLICANT, at=at)
        self.centres = centres_of(by)
        day = at.astimezone(ZONE).date()
        offer(self, "centre", [(row.pk, str(row)) for row in self.centres.values()])
        centre = next(iter(self.centres.values()))
        agencies = choosable_agencies(centre, day)
        offer(self, "decided_by", [(row.pk, str(row)) for row in agencies])
        decides = competent_agency(procedure, centre, day)
        self.fields["decided_by"].initial = decides.pk if decides else None
        for name in ("centre", "decided_by", "channel"):
            self.fields[name].initial = (typed or {}).get(name) or self.fields[name].initial
        say_plainly(self)

    def is_whole(self) -> bool:
        """Return whether everything can be right, the applicant too."""
        return all([self.applicant.is_valid(), self.is_valid()])

    def perform(self) -> Dossier | None:
        """Keep the shadow; None where it is refused, with the reason at its field."""
        data, person = self.cleaned_data, self.applicant.person
        assert person is not None
        submitted_at = data["submitted_at"] or self.at
        received_at = submitted_at if data["state"] == State.RECEIVED else None
        told = Told(self.system, data["code"], data["state"], submitted_at, received_at, data["due_at"])
        decided_by = Agency.objects.select_related("place").get(pk=data["decided_by"])
        helped = Helped(self.procedure, self.centres[data["centre"]], decided_by, person, data["channel"])
        try:
            return shadows.note_shadow(told, helped, by=self.by, at=self.at)
        except ActRefused as error:
            name = error.field if isinstance(error, Invalid) else ""
            self.add_error(name if name in self.fields else None, str(error))
        return None
