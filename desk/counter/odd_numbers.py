"""Numbers of the right shape that can't have been given to anybody: most are slips of the pen, so they are asked about.

A citizen's card: three digits of the province or country of birth, one of century and sex, two of the year of birth
(Thông tư 59/2021/TT-BCA Điều 4, Nghị định 137/2015/NĐ-CP Điều 13). A tax code: its tenth digit checks the nine before
it (Thông tư 86/2024/TT-BTC Điều 5).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from catalogue.opening import ZONE
from desk.identities import Person
from desk.models import PartyIdentifier

Kind = PartyIdentifier.Kind
PROVINCES = frozenset({
    1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44, 45,
    46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92,
    93, 94, 95, 96,
})  # fmt: skip
"""The provinces of 2015, before the merger: a number keeps the one in which it was given."""
ABROAD = range(101, 400)
"""Codes of countries, of those born there."""
WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def oddities(person: Person, at: dt.datetime) -> Iterator[str]:
    """Yield a sentence for each number of a person that can't be right though it looks it."""
    for each in person.identifiers:
        if each.kind == Kind.CITIZEN_CARD:
            yield from odd_card(each.value, person.born_on, at)
        if each.kind == Kind.TAX_CODE and len(each.value) in (10, 13, 14) and not is_tax_code(each.value[:10]):
            yield _("The tax code %(number)s doesn't fit its own check digit.") % {"number": each.value}


def odd_card(number: str, born_on: dt.date | None, at: dt.datetime) -> Iterator[str]:
    """Yield what can't be right in a card's twelve digits."""
    told = {"number": number, "part": number[:3]}
    if int(number[:3]) not in PROVINCES and int(number[:3]) not in ABROAD:
        yield _("The card %(number)s begins with %(part)s: no province and no country has this code.") % told
    century = int(number[3]) // 2
    year = 1900 + 100 * century + int(number[4:6])
    if year > at.astimezone(ZONE).year:
        yield _("By the card %(number)s the person is born in %(year)d.") % {"number": number, "year": year}
    elif born_on is not None and born_on.year != year:
        yield _("By the card %(number)s the person is born in %(year)d, but the day of birth says %(born)d.") % {
            "number": number, "year": year, "born": born_on.year,
        }  # fmt: skip


def is_tax_code(number: str) -> bool:
    """Return whether the tenth digit of a tax code checks the nine before it."""
    checked = 10 - sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False)) % 11
    return checked == int(number[9])
