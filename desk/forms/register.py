"""Which register: of which agency, of which days."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Agency
from desk.forms.fields import CHOOSE, day_field, offer, say_plainly

LONGEST_PERIOD = dt.timedelta(366)
YEARS = 50
"""Years from today beyond which no register reaches: a year was mistyped."""


class RegisterForm(forms.Form):
    """An agency whose register somebody may read, and a period of at most a year."""

    agency = forms.TypedChoiceField(label=gettext_lazy("Agency"), coerce=int, error_messages=CHOOSE)
    first_day = day_field(gettext_lazy("From"))
    last_day = day_field(gettext_lazy("Until"))

    def __init__(self, data: Any, agencies: frozenset[int], own: int, on: dt.date) -> None:
        self.on = on
        self.rows = {row.pk: row for row in Agency.objects.filter(pk__in=agencies).order_by("name_vi")}
        usual = {"agency": own, "first_day": on.replace(day=1), "last_day": on}
        super().__init__({**usual, **{name: data[name] for name in usual if name in data}})
        offer(self, "agency", [(pk, str(row)) for pk, row in self.rows.items()])
        say_plainly(self)

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or one that is too long to be read."""
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        for name, day in (("first_day", first), ("last_day", last)):
            if day and abs(day.year - self.on.year) > YEARS:
                self.add_error(name, _("This can't be right: check the year."))
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first: change one of them."))
        elif first and last and last - first > LONGEST_PERIOD:
            self.add_error("last_day", _("A register has a year at most: choose fewer days."))
        return data

    @property
    def chosen(self) -> Agency:
        """Return the agency."""
        return self.rows[self.cleaned_data["agency"]]
