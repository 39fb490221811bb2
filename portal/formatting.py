"""Dates, money, limits and telephone numbers by each language's habit."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from django.utils import formats
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from catalogue.dates import DATE_FORMATS


def date(day: dt.date) -> str:
    """Return the day as the active language writes it."""
    pattern = DATE_FORMATS.get(get_language() or "vi")
    return pattern.format(day) if pattern else formats.date_format(day)


def clock(time: dt.time) -> str:
    """Return hours and minutes without a leading zero: «7:30»."""
    return f"{time.hour}:{time:%M}"


def grouped(number: Decimal | int) -> str:
    """Return a number with groups of three: «50.000» in Vietnamese, «50,000» elsewhere."""
    whole = f"{number:,.2f}".removesuffix(".00") if isinstance(number, Decimal) else f"{number:,}"
    if (get_language() or "vi") != "vi":
        return whole
    return whole.translate(str.maketrans(",.", ".,"))


def money(amount: Decimal, currency: str) -> str:
    """Return an amount with its currency; nothing to pay is «free»."""
    if amount == 0:
        return _("Free")
    if currency == "VND":
        return _("%(amount)s dong") % {"amount": grouped(amount)}
    return f"{grouped(amount)} {currency}"


def limit(number: int | None, unit: str) -> str:
    """Return a time limit in words; empty where no number is known. Units are those of `Term.Unit`."""
    if unit == "same_day":
        return _("The same day")
    if unit == "none":
        return _("No limit prescribed")
    if number is None:
        return ""
    texts = {
        "hour": ngettext("%(n)d hour", "%(n)d hours", number),
        "working_hour": ngettext("%(n)d working hour", "%(n)d working hours", number),
        "working_day": ngettext("%(n)d working day", "%(n)d working days", number),
        "day": ngettext("%(n)d day", "%(n)d days", number),
        "month": ngettext("%(n)d month", "%(n)d months", number),
    }
    return texts[unit] % {"n": number}


def limit_range(low: int, high: int, unit: str) -> str:
    """Return «3 to 10 working days»."""
    texts = {
        "hour": _("%(low)d to %(high)d hours"),
        "working_hour": _("%(low)d to %(high)d working hours"),
        "working_day": _("%(low)d to %(high)d working days"),
        "day": _("%(low)d to %(high)d days"),
        "month": _("%(low)d to %(high)d months"),
    }
    return texts[unit] % {"low": low, "high": high}


def phone(number: str) -> str:
    """Return a telephone number in groups as people read it aloud."""
    digits = re.sub(r"\D", "", number)
    if len(digits) == 11 and digits.startswith("02"):
        return f"{digits[:4]} {digits[4:8]} {digits[8:]}"
    if len(digits) == 10:
        return f"{digits[:4]} {digits[4:7]} {digits[7:]}"
    return number


def phone_link(number: str) -> str:
    """Return the number for a `tel:` link, with the country's prefix where it is a national one."""
    digits = re.sub(r"[^\d+]", "", number)
    return f"+84{digits[1:]}" if len(digits) >= 10 and digits.startswith("0") else digits
