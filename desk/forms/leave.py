"""Who is away, from when until when, and who stands in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import Agency
from desk.actors import Actor
from desk.colleagues import people_at
from desk.forms.base import user_with
from desk.forms.fields import CHOOSE, day_field, not_far, offer
from desk.leave.arranging import arrange, day_of
from desk.models import Leave
from desk.refusals import ActRefused, Invalid


class LeaveForm(forms.Form):
    """An agency, two of its people and two days."""

    agency = forms.TypedChoiceField(label=_("Agency"), coerce=int, error_messages=CHOOSE)
    absent = forms.TypedChoiceField(label=_("Who is away"), coerce=int, error_messages=CHOOSE)
    substitute = forms.TypedChoiceField(label=_("Who stands in"), coerce=int, error_messages=CHOOSE)
    first_day = day_field(_("First day"))
    last_day = day_field(_("Last day"), help_text=_("It ends by itself at 24:00 of this day."))

    def __init__(self, agencies: Sequence[Agency], by: Actor, at: dt.datetime, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False)
        self.by, self.at = by, at
        day = day_of(at)
        offer(self, "agency", [(row.pk, str(row)) for row in agencies], agencies[0].pk)
        people = [("", "—"), *people_at([row.pk for row in agencies], day)]
        offer(self, "absent", people)
        offer(self, "substitute", people)
        self.fields["first_day"].initial = day
        if len(agencies) == 1:
            self.fields["agency"].widget = forms.HiddenInput()

    def clean_last_day(self) -> dt.date | None:
        """Refuse a leave that ends more than a year from now: rights go with it."""
        return not_far(self.cleaned_data["last_day"], day_of(self.at), years=1)

    def arrange(self) -> Leave | None:
        """Write it down; None where it was refused: the form then says why, at the field at fault."""
        data = self.cleaned_data
        people = {name: user_with(data[name]) for name in ("absent", "substitute")}
        days = {name: data[name] for name in ("first_day", "last_day")}
        try:
            return arrange(data["agency"], **people, **days, by=self.by, at=self.at)
        except ActRefused as error:
            self.add_error(
                error.field if isinstance(error, Invalid) and error.field in self.fields else None, str(error)
            )
        return None
