"""Fields that all forms of the desk share."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalogue.opening import ZONE

LONGEST_TEXT, LONGEST_REASON = 5_000, 2_000
"""Letters of a text, and of the reason for a paper."""
FILL_IN = {"required": _("Fill this in.")}
CHOOSE = {"required": _("Choose one.")}
SECOND_LANGUAGES = [("vi", _("none")), *((code, name) for code, name in settings.LANGUAGES if code != "vi")]
"""Slips are Vietnamese; for foreigners another language stands beside it."""
DAY = "%d/%m/%Y"
DAY_FORMATS = ["%Y-%m-%d", DAY, "%d-%m-%Y", "%d.%m.%Y"]
MOMENT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", f"{DAY} %H:%M", "%d-%m-%Y %H:%M"]
YEARS = range(1880, 2200)
Day = TypeVar("Day", bound=dt.date)
RUN_TOGETHER = re.compile(r"(\d{2})(\d{2})(\d{4})(?=\s|$)", re.ASCII)
"""Eight digits, day first: how a day is typed fastest."""


def parted(typed: Any) -> Any:
    """Return what was typed with its day in parts: 31122026 is 31/12/2026."""
    return RUN_TOGETHER.sub(r"\1/\2/\3", typed.strip(), count=1) if isinstance(typed, str) else typed


def near_us(day: Day | None, field: forms.Field) -> Day | None:
    """Return a day of living people and their papers; one that nobody can mean is as good as none that exists."""
    if day is not None and day.year not in YEARS:
        raise forms.ValidationError(field.error_messages["invalid"], code="invalid")
    return day


class DayField(forms.DateField):
    """A day typed day first, whatever language the browser speaks: its own calendar would ask an American's order."""

    def to_python(self, value: Any) -> dt.date | None:
        """Read 31/12/2026, 31-12-2026, 31122026 or 2026-12-31."""
        return near_us(super().to_python(parted(value)), self)


def day_field(label: Any, *, required: bool = True, **more: Any) -> forms.DateField:
    """Return a field of a day."""
    return DayField(
        label=label,
        required=required,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(attrs=_day_like(_("dd/mm/yyyy")), format=DAY),
        error_messages=FILL_IN | {"invalid": _("There is no such day: write it like 31/12/2026.")},
        **more,
    )


def not_far(day: dt.date | None, today: dt.date, years: int = 3) -> dt.date | None:
    """Return a day that can be meant; one that lies years ahead is a slip of the pen. Raises ValidationError."""
    if day is not None and day > today + dt.timedelta(366 * years):
        raise forms.ValidationError(gettext("This is years ahead: check the year."))
    return day


def _day_like(shape: Any) -> dict[str, Any]:
    """Return how the line of a day shows itself: figures on a telephone, its shape until something is typed."""
    return {"placeholder": shape, "inputmode": "numeric", "autocomplete": "off", "class": "short"}


class MomentField(forms.DateTimeField):
    """A day and time as the clock on the wall shows it; the value is aware."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            input_formats=MOMENT_FORMATS,
            widget=forms.DateTimeInput(attrs=_day_like(_("dd/mm/yyyy hh:mm")), format=f"{DAY} %H:%M"),
            error_messages={"invalid": _("There is no such time: write it like 31/12/2026 14:30.")},
            **more,
        )

    def to_python(self, value: Any) -> dt.datetime | None:
        """Read the time as the province's."""
        moment = near_us(super().to_python(parted(value)), self)
        return moment.replace(tzinfo=ZONE) if moment else None


def text_field(
    label: Any, *, required: bool = True, rows: int = 3, most: int = LONGEST_TEXT, **more: Any
) -> forms.CharField:
    """Return a field of a reason or comment; what is too long is said, whole: nothing is cut by the browser."""
    return forms.CharField(
        label=label,
        required=required,
        validators=[MaxLengthValidator(most)],
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages=FILL_IN,
        **more,
    )


def line_field(label: Any, *, required: bool = True, most: int = 200, **more: Any) -> forms.CharField:
    """Return a field of a line; the desk itself says what is too long, whole: nothing is cut by the browser."""
    field = forms.CharField(label=label, required=required, error_messages=FILL_IN, **more)
    field.validators = [ProhibitNullCharactersValidator()]
    if most <= 60:
        field.widget.attrs["class"] = "short"
    return field


def count_field(label: Any, *, initial: int = 0, most: int = 1_000) -> forms.IntegerField:
    """Return a small field of a number of papers; empty is none."""
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=most,
        initial=initial,
        widget=forms.NumberInput(attrs={"class": "count"}),
    )


class Colleagues(forms.CheckboxSelectMultiple):
    """Colleagues to tick, by agency; each box knows the name for the suggestions of a browser with JavaScript."""

    names: dict[int, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Give a box the name alone, without the roles that its label has."""
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-name"] = self.names.get(int(str(value)), "")
        return option


def offer(form: forms.Form, name: str, choices: Any, initial: Any = None) -> None:
    """Give a field of a form its choices."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
    if initial is not None:
        field.initial = initial


PLAINLY: dict[str, Any] = {
    "required": _("Fill this in."),
    "invalid_choice": _("This can't be chosen here any more: choose one of the list."),
    "min_value": _("This is too little: %(limit_value)s is the least."),
    "max_value": _("This is too much: %(limit_value)s is the most."),
    "max_length": _("This is too long: %(show_value)d letters, %(limit_value)d at most."),
    "max_digits": _("This number has too many digits: check it."),
    "max_whole_digits": _("This number has too many digits: check it."),
    "null_characters_not_allowed": _("A sign that can't be seen slipped in: type it anew instead of pasting it."),
}
"""What to do, where Django says in its own words only that something can't be."""
A_NUMBER = _("Write a whole number in digits, like 2.")


def say_plainly(form: forms.BaseForm) -> None:
    """Let every field of a form say what to do, where it hasn't words of its own."""
    for field in form.fields.values():
        own = _djangos(type(field))  # type: ignore[arg-type]  # A class is hashable.
        for code, told in PLAINLY.items():
            if field.error_messages.get(code) is own.get(code):
                field.error_messages[code] = told
        if type(field) is forms.IntegerField and field.error_messages.get("invalid") is own["invalid"]:
            field.error_messages["invalid"] = A_NUMBER


@cache
def _djangos(kind: type) -> dict[str, Any]:
    """Return the words that a kind of field has from Django."""
    found: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        found |= getattr(base, "default_error_messages", {})
    return found
