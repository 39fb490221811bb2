"""Passing on inside: taken over, forwarded, given to somebody else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Agency
from desk.forms.base import ActForm, ReasonForm, user_with
from desk.forms.fields import CHOOSE, MomentField, line_field, offer, text_field
from desk.forms.handing import Handing
from desk.heirs import present_agency
from desk.models import Dossier, ProcessStep


class TakeOverForm(ActForm):
    """Taking over asks nothing."""


class ForwardForm(Handing, ActForm):
    """To which agency, to whom there, for which step."""

    to_agency = forms.TypedChoiceField(label=gettext_lazy("Agency"), coerce=int, empty_value=None, required=False)
    to_user = forms.TypedChoiceField(
        label=gettext_lazy("Person"), coerce=int, empty_value=None, required=False,
        help_text=gettext_lazy("Empty: whoever takes it over there"),
    )  # fmt: skip
    step = line_field(gettext_lazy("Step"), required=False)
    step_due_at = MomentField(gettext_lazy("Step due at"))
    note = text_field(gettext_lazy("Note for whoever gets it"), required=False, rows=2)
    is_meant = forms.BooleanField(label=gettext_lazy("It goes there all the same"), required=False)
    elsewhere = {"agency": "to_agency"}
    field_order = ["seen", "to_agency", "is_meant", "to_user", "although_away"]

    def prepare(self) -> None:
        """Offer the dossier's own agencies first, and the people of those."""
        sides = (self.dossier.decided_by, self.dossier.received_by, self.dossier.holder_agency)
        own = [present_agency(each, self.dossier, self.day) for each in sides]
        known = {agency.pk: agency for agency in own}
        others = [row for row in Agency.objects.on(self.day).exclude(kind="ministry") if row.pk not in known]
        choices: list[Any] = [
            (_("Of this dossier"), [(pk, str(agency)) for pk, agency in known.items()]),
            (_("Others"), [(row.pk, str(row)) for row in others]),
        ]
        if self.is_for_each:
            choices.insert(0, ("", _("the agency that decides, for each dossier")))
            del self.fields["to_user"], self.fields["although_away"]
        else:
            self.fields["to_agency"].initial = own[0].pk
            self.fields["to_agency"].required = True
            self.fields["to_agency"].error_messages["required"] = _("Choose the agency that gets it.")
            self.offer_people([*known, *self.by.agencies])
        offer(self, "to_agency", choices)
        if self.is_usual:
            del self.fields["is_meant"]
        self.fields["step"].widget.attrs["list"] = "steps"

    @property
    def is_usual(self) -> bool:
        """Return whether they go to the agency that decides them, as far as something was chosen."""
        chosen = self.data.get("to_agency", "") if self.is_bound else ""
        return chosen == "" or {chosen} == {str(self.decides(dossier).pk) for dossier in self.dossiers}

    @property
    def is_for_each(self) -> bool:
        """Return whether the dossiers are settled by several agencies: each then goes to its own."""
        return len({self.decides(dossier).pk for dossier in self.dossiers}) > 1

    def decides(self, dossier: Dossier) -> Agency:
        """Return the agency that decides a dossier now."""
        return present_agency(dossier.decided_by, dossier, self.day)

    def clean(self) -> dict[str, Any]:
        """Ask whether another agency than the deciding one is meant."""
        data = super().clean() or self.cleaned_data
        if "is_meant" in self.fields and not data.get("is_meant") and "to_agency" not in self.errors:
            told = _(
                "This agency doesn't decide it: «%(agency)s» does. Choose that one, or tick here if it is meant so."
            )
            self.add_error("is_meant", told % {"agency": self.decides(self.dossier)})
        return data

    def details_of(self, dossier: Dossier, shared: dict[str, Any]) -> dict[str, Any]:
        """Return the agency that was chosen, else the one that decides this dossier."""
        return shared | {"to_agency": shared["to_agency"] or self.decides(dossier)}

    @property
    def steps(self) -> list[str]:
        """Return the steps of the procedure's internal process (one query)."""
        rows = ProcessStep.objects.filter(process__procedure=self.dossier.procedure_id)
        return list(dict.fromkeys(rows.values_list("name", flat=True)[:50]))

    def details(self) -> dict[str, Any]:
        """Return agency and person as rows."""
        data = super().details()
        data.pop("is_meant", None)
        data["to_agency"] = Agency.objects.filter(pk=data["to_agency"]).first() if data["to_agency"] else None
        return data | {"to_user": user_with(data.get("to_user"))}


class ReassignForm(Handing, ReasonForm):
    """To another person of the agency that holds it."""

    to_user = forms.TypedChoiceField(label=gettext_lazy("Person"), coerce=int, error_messages=CHOOSE)
    field_order = ["seen", "to_user", "although_away", "reason"]

    def prepare(self) -> None:
        """Offer the people of the agencies that hold the dossiers, without the one who has all of them already."""
        has_them = {dossier.holder_id for dossier in self.dossiers}
        agencies = [dossier.holder_agency_id for dossier in self.dossiers]
        self.offer_people(agencies, but=has_them.pop() if len(has_them) == 1 else None)

    def details(self) -> dict[str, Any]:
        """Return the person as a row."""
        data = super().details()
        return data | {"to_user": user_with(data["to_user"])}
