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
from desk.actors import Actor
from desk.counter.known import known
from desk.identities import Identifier, Person
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


def oddities(person: Person, by: Actor, at: dt.datetime) -> Iterator[str]:
    """Yield a sentence for each number of a person that can't be right though it looks it.

    A number that a dossier in the officer's reach has already was compared with the paper then (three queries at most
    for each that is odd).
    """
    for each in person.identifiers:
        told = list(odd_number(each, at))
        if told and known([each], "", "", by) is None:
            yield from told
        elif not told and each.kind == Kind.CITIZEN_CARD and person.born_on and person.born_on.year != year_of(each):
            text = _("By the card %(number)s the person is born in %(year)d, but the day of birth says %(born)d.")
            yield text % {"number": each.value, "year": year_of(each), "born": person.born_on.year}


def odd_number(each: Identifier, at: dt.datetime) -> Iterator[str]:
    """Yield what can't be right in a number by itself."""
    number = each.value
    if each.kind == Kind.TAX_CODE and len(number) in (10, 13, 14) and not is_tax_code(number[:10]):
        yield _("The tax code %(number)s doesn't fit its own check digit.") % {"number": number}
    if each.kind != Kind.CITIZEN_CARD:
        return
    if int(number[:3]) not in PROVINCES and int(number[:3]) not in ABROAD:
        text = _("The card %(number)s begins with %(part)s: no province and no country has this code.")
        yield text % {"number": number, "part": number[:3]}
    if year_of(each) > at.astimezone(ZONE).year:
        text = _("By the card %(number)s the person is born in %(year)d.")
        yield text % {"number": number, "year": year_of(each)}


def year_of(card: Identifier) -> int:
    """Return the year of birth that a citizen's card tells: its fourth digit the century, two a century."""
    return 1900 + 100 * (int(card.value[3]) // 2) + int(card.value[4:6])


def is_tax_code(number: str) -> bool:
    """Return whether the tenth digit of a tax code checks the nine before it."""
    checked = 10 - sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False)) % 11
    return checked == int(number[9])
