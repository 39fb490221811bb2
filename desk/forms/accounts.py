"""What narrows the board of accounts on ministries' systems down, and what is written down on it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.text import fold
from desk.forms.fields import CHOOSE, day_field, line_field, offer, say_plainly
from desk.outside.board import Board, Line, Standing
from desk.outside.marking import Mark
from desk.outside.procedures import Listed

ALL = ("", gettext_lazy("all"))


class AccountsForm(forms.Form):
    """Name, system, agency, and how it stands; what was withdrawn shows only where it is asked for."""

    q = line_field(gettext_lazy("Name"), required=False, most=100)
    system = forms.ChoiceField(label=gettext_lazy("System"), required=False)
    agency = forms.TypedChoiceField(label=gettext_lazy("Agency"), required=False, coerce=int, empty_value=None)
    standing = forms.ChoiceField(label=gettext_lazy("How it stands"), required=False, choices=[ALL, *Standing.choices])

    def __init__(self, data: QueryDict, board: Board) -> None:
        super().__init__(data)
        self.board = board
        offer(self, "system", [ALL, *board.names.items()])
        offer(self, "agency", [ALL, *((row.pk, str(row)) for row in board.agencies)])
        say_plainly(self)

    def chosen(self) -> list[Line]:
        """Return the lines that fit; a filter that can't be read is told beside it and narrows nothing."""
        self.full_clean()
        data = self.cleaned_data
        words = fold(data.get("q", "")).split()
        standing = data.get("standing")
        return [
            line
            for line in self.board.lines
            if (line.standing == standing if standing else line.standing != Standing.WITHDRAWN)
            and data.get("system") in (None, "", line.system_key)
            and (data.get("agency") is None or any(each.pk == data["agency"] for each in line.agencies))
            and (not words or all(f" {word}" in f" {fold(line.name)}" for word in words))
        ]


class MarkForm(forms.Form):
    """Who was ticked, what is true of them, and from which day on."""

    what = forms.ChoiceField(
        label=gettext_lazy("What is true of them"), choices=Mark.choices, widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )  # fmt: skip
    on = day_field(
        gettext_lazy("From which day"),
        required=False,
        help_text=gettext_lazy("The first day with the account, or the first without it; of a mistake none."),
    )

    def __init__(self, day: dt.date, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False, initial={"what": Mark.GRANTED, "on": day})
        self.day = day
        self.keys = data.getlist("ids") if data is not None else []
        say_plainly(self)

    def clean(self) -> dict[str, Any]:
        """Ask for people and for a day that isn't to come."""
        data = super().clean() or self.cleaned_data
        if not self.keys:
            self.add_error(None, _("Tick the people first."))
        if data.get("what") == Mark.MISTAKE:
            return data | {"on": None}
        if "on" in data and data["on"] is None:
            self.add_error("on", _("Fill this in."))
        if data.get("on") and data["on"] > self.day:
            self.add_error("on", _("This day is still to come: write it down when it has happened."))
        return data


class SystemsForm(forms.Form):
    """A ministry's system and the day as of which its procedures are listed."""

    system = forms.ChoiceField(label=gettext_lazy("System"), required=False)
    on = day_field(gettext_lazy("As of"), required=False)

    def __init__(self, data: QueryDict, day: dt.date) -> None:
        super().__init__({"system": data.get("system", ""), "on": data.get("on") or f"{day:%d/%m/%Y}"})
        self.day = day
        say_plainly(self)

    def offer(self, listed: Listed) -> None:
        """Let one of the day's systems be chosen; one that isn't there then is told."""
        offer(self, "system", [ALL, *((each.key, each.name) for each in listed.systems)])

    def asked_day(self) -> dt.date:
        """Return the day; today for one that can't be read."""
        field = self.fields["on"]
        try:
            asked: dt.date | None = field.clean(self.data["on"])
        except forms.ValidationError:
            asked = None
        return asked or self.day
