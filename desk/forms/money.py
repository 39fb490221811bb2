"""An amount of dong as people write it: 250000, 250.000, 250 000, 250.000đ."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from desk.forms.fields import FILL_IN, PLAINLY

WHOLE_DONG = _("Dong are whole: write the digits only, like 15000.")
UNREADABLE = _("This can't be read as an amount: write it like 250000 or 250.000.")
MOST_DIGITS = 12
LARGE_FEE, LARGE_PAYMENT = Decimal(20_000_000), Decimal(1_000_000_000)
"""From here on an amount is asked about: three noughts too many are typed easily. A payment may be a tax on land."""
_UNIT = re.compile(r"(?:vn[dđ]|đồng|dong|[đd₫])\.?$")
_GROUPED = re.compile(r"\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]0{1,2})?", re.ASCII)
_PLAIN = re.compile(r"\d+|\d{4,}[.,]0{1,2}", re.ASCII)
_FRACTION = re.compile(r"[\d., ]*\d[.,]\d+", re.ASCII)
_NOUGHTS = re.compile(r"(?<=\d{3})[.,]0{1,2}$", re.ASCII)


class DongField(forms.DecimalField):
    """A whole amount of dong; groups of three are read whichever sign parts them, a fraction is refused."""

    def __init__(self, label: Any, *, required: bool = True, **more: Any) -> None:
        super().__init__(
            label=label,
            required=required,
            min_value=0,
            max_digits=MOST_DIGITS,
            decimal_places=0,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "short"}),
            error_messages=FILL_IN | {"invalid": UNREADABLE},
            **more,
        )

    def to_python(self, value: Any) -> Any:
        """Read what was typed; raises ValidationError that says how to write it."""
        if value in self.empty_values or not isinstance(value, str):
            return super().to_python(value)
        typed = _UNIT.sub("", " ".join(value.split()).lower()).strip()
        if typed.startswith(("-", "−")):
            raise ValidationError(PLAINLY["min_value"], code="min_value", params={"limit_value": 0})
        if _GROUPED.fullmatch(typed) or _PLAIN.fullmatch(typed):
            return Decimal(re.sub(r"\D", "", _NOUGHTS.sub("", typed)))
        raise ValidationError(WHOLE_DONG if _FRACTION.fullmatch(typed) else UNREADABLE, code="invalid")

    def prepare_value(self, value: Any) -> Any:
        """Show a stored amount without its empty places, what was typed as it was."""
        return int(value) if isinstance(value, Decimal) and value % 1 == 0 else value
