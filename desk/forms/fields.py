"""Fields that all forms of the desk share."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _

from catalogue.opening import ZONE

LONGEST_TEXT, LONGEST_REASON = 5_000, 2_000
"""Letters of a text, and of the reason for a paper."""
FILL_IN = {"required": _("Fill this in.")}
CHOOSE = {"required": _("Choose one.")}
SECOND_LANGUAGES = [("vi", _("none")), *((code, name) for code, name in settings.LANGUAGES if code != "vi")]
"""Slips are Vietnamese; for foreigners another language stands beside it."""
DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]


def day_field(label: Any, *, required: bool = True, **more: Any) -> forms.DateField:
    """Return a field of a day: chosen from the browser's calendar, or typed day first."""
    return forms.DateField(
        label=label,
        required=required,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=FILL_IN | {"invalid": _("There is no such day: write it like 31/12/2026.")},
        **more,
    )


class MomentField(forms.DateTimeField):
    """A day and time as the clock on the wall shows it; the value is aware."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"],
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            error_messages={"invalid": _("There is no such time: write it like 31/12/2026 14:30.")},
            **more,
        )

    def to_python(self, value: Any) -> dt.datetime | None:
        """Read the time as the province's."""
        moment = super().to_python(value)
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
