"""Work that is given to a person: whoever is away is told apart, and the substitute offered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.actors import name_of
from desk.colleagues import people_at
from desk.forms.base import ActForm
from desk.forms.fields import offer
from desk.leave.days import away_at, said_of
from desk.models import Leave


class Handing(ActForm):
    """A form with the field `to_user`."""

    although_away = forms.BooleanField(
        label=gettext_lazy("Give it to the one who is away all the same"), required=False
    )
    away: dict[int, Leave] = {}

    def offer_people(self, agency_ids: Iterable[int], *, but: int | None = None) -> None:
        """Offer the people of agencies `but` one, and say of whom is away who stands in (two queries)."""
        agencies = list(agency_ids)
        self.away = away_at(agencies, self.day)
        people = [
            (agency, [(pk, self.said(pk, name)) for pk, name in each if pk != but])
            for agency, each in people_at(agencies, self.day)
        ]
        offer(self, "to_user", [("", "—"), *people])
        if self.chosen_leave is None:
            del self.fields["although_away"]

    def said(self, pk: int, name: str) -> str:
        """Return a person's name, and that it is the name of somebody who is away."""
        return f"{name} – {said_of(self.away[pk])}" if pk in self.away else name

    @property
    def chosen_leave(self) -> Leave | None:
        """Return the leave of whoever was chosen, if that is somebody who is away."""
        chosen = self.data.get("to_user", "") if self.is_bound else ""
        return self.away.get(int(chosen)) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else None

    def clean(self) -> dict[str, Any]:
        """Offer the substitute of somebody who is away, unless it was asked for all the same."""
        data = super().clean() or self.cleaned_data
        leave = self.chosen_leave
        if leave is not None and not data.get("although_away"):
            said = {
                "name": name_of(leave.absent), "day": f"{leave.last_day:%d/%m/%Y}",
                "substitute": name_of(leave.substitute),
            }  # fmt: skip
            text = _("%(name)s is away until %(day)s: choose %(substitute)s, who stands in, or tick the line below.")
            self.add_error("to_user", text % said)
        return data

    def details(self) -> dict[str, Any]:
        """Return what the act is told."""
        return {name: value for name, value in super().details().items() if name != "although_away"}
