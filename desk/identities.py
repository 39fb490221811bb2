"""Who a dossier is from: what is entered about people and bodies, and what can't be right."""

from __future__ import annotations

import datetime as dt
import re
import secrets
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import AdministrativeUnit
from catalogue.opening import ZONE
from catalogue.text import nfc
from desk.countries import code_of
from desk.models import Dossier, Party, PartyIdentifier
from desk.refusals import Invalid

Kind = PartyIdentifier.Kind
LONGEST_NAME, LONGEST_ADDRESS = 300, 500
SHAPES = {
    Kind.CITIZEN_CARD: (r"\d{12}", gettext_lazy("A citizen's card has exactly 12 digits.")),
    Kind.OLD_CARD: (r"\d{9}", gettext_lazy("An old identity card has exactly 9 digits.")),
    Kind.TAX_CODE: (
        r"\d{10}(-?\d{3})?|\d{12}",
        gettext_lazy("A tax code has 10 digits, of a branch 13 (like 0400123456-001), of a person 12."),
    ),
    Kind.PASSPORT: (r"[A-Z0-9]{6,12}", gettext_lazy("A passport's number has 6 to 12 letters and digits, no marks.")),
    Kind.BUSINESS: (
        r"[A-Z0-9][A-Z0-9./-]{4,29}",
        gettext_lazy("A business registration number has 5 to 30 letters and digits; . / - may stand between them."),
    ),
    Kind.AGENCY: (
        r"(?=.{1,35}$)[A-Z0-9]+(\.[A-Z0-9]+)*",
        gettext_lazy("An agency's identifier has letters, digits and points, at most 35 signs, like H17.01."),
    ),
    Kind.OTHER: (r".{1,40}", gettext_lazy("A number of another paper has at most 40 signs.")),
}
"""What a number of each kind looks like, and what to say of one that doesn't."""
VIETNAMESE = frozenset({Kind.CITIZEN_CARD, Kind.OLD_CARD})
"""Cards that no other country issues."""
PHONE = re.compile(r"\+?[0-9][0-9 .\-]{6,17}[0-9]")
LONGEST_EMAIL = 254


@dataclass(frozen=True)
class Identifier:
    """A number by which somebody is known; `country` as two letters (ISO 3166-1)."""

    kind: str
    value: str
    country: str = "VN"


@dataclass(frozen=True)
class Person:
    """A person or body as the papers have them; `place` is the commune that the address lies in, old or new.

    No number is obligatory, and never a VNeID account: nobody is sent away from the counter without one.
    """

    name: str
    kind: str = Party.Kind.PERSON
    identifiers: tuple[Identifier, ...] = ()
    born_on: dt.date | None = None
    address: str = ""
    place: AdministrativeUnit | None = None
    phone: str = ""
    email: str = ""


def party_of(person: Person, role: str, dossier: Dossier, at: dt.datetime) -> tuple[Party, list[PartyIdentifier]]:
    """Return the unsaved rows of a person in a role. Raises Invalid."""
    party = Party(
        dossier=dossier,
        role=role,
        kind=one_of(person.kind, Party.Kind.values, "kind"),
        name=clean(person.name, LONGEST_NAME, "name", required=True),
        born_on=born(person.born_on, at),
        address=clean(person.address, LONGEST_ADDRESS, "address"),
        place=person.place,
        phone=phone(person.phone),
        email=email(person.email),
        salt=secrets.token_hex(16),
    )
    known = {(each.kind, each.value): each for each in map(number, person.identifiers)}
    numbers = [PartyIdentifier(party=party, **vars(each)) for each in known.values()]
    party.new_identifiers = numbers
    return party, numbers


def clean(text: str, most: int, field: str, *, required: bool = False) -> str:
    """Return a line of text in NFC without signs that can't be seen. Raises Invalid if it is too long or missing."""
    line = " ".join(nfc("".join(sign for sign in text if is_seen(sign))).split())
    if len(line) > most:
        raise Invalid(
            _("This is too long: %(count)d letters, %(most)d at most.") % {"count": len(line), "most": most}, field
        )
    if required and not line:
        raise Invalid(_("The name is missing: write it as it stands on the paper."), field)
    return line


def clean_lines(text: str) -> str:
    """Return a text of several lines as `clean` returns one: no control or direction signs, no blank ends."""
    lines = (re.sub(r"\s", " ", "".join(filter(is_seen, line))).rstrip() for line in text.splitlines())
    return unicodedata.normalize("NFC", "\n".join(lines)).strip()


def is_seen(sign: str) -> bool:
    """Return whether a sign is a letter, mark, digit, punctuation or space: no control or direction sign."""
    return sign.isspace() or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def one_of(value: str, allowed: list[str], field: str) -> str:
    """Return a value that is one of those allowed. Raises Invalid."""
    if value not in allowed:
        raise Invalid(_("Choose one of the list: «%(value)s» isn't in it.") % {"value": value[:40]}, field)
    return value


def born(day: dt.date | None, at: dt.datetime) -> dt.date | None:
    """Return a day of birth that can be. Raises Invalid."""
    if day is not None and not dt.date(1880, 1, 1) <= day <= at.astimezone(ZONE).date():
        raise Invalid(_("This day of birth can't be right: check the year."), "born_on")
    return day


def phone(text: str) -> str:
    """Return a telephone number as it was written. Raises Invalid."""
    line = text.strip()
    if line and not PHONE.fullmatch(line):
        raise Invalid(_("This telephone number can't be right: digits, at least eight, like 0905 123 456."), "phone")
    return line


def email(text: str) -> str:
    """Return an e-mail address. Raises Invalid."""
    line = text.strip()
    try:
        if line:
            validate_email(line)
        if len(line) > LONGEST_EMAIL:
            raise ValidationError("")
    except ValidationError as error:
        raise Invalid(_("This e-mail address can't be right: write it like name@example.vn."), "email") from error
    return line


def number(each: Identifier) -> Identifier:
    """Return a number without the spaces in which it was written, its country as a code; a citizen's card is VN.

    Raises Invalid where its kind has other signs, or for a country that there isn't.
    """
    kind = Kind(one_of(each.kind, Kind.values, "identifier"))
    seen = "".join(filter(is_seen, each.value))
    value = nfc(seen) if kind == Kind.OTHER else re.sub(r"\s", "", seen).upper()
    shape, told = SHAPES[kind]
    if not re.fullmatch(shape, value, re.ASCII if kind != Kind.OTHER else 0):
        raise Invalid(str(told), "identifier")
    country = "VN" if kind in VIETNAMESE else code_of(each.country)
    if not country:
        raise Invalid(_("There is no such country: choose one of the list, or write two letters like KR."), "country")
    return Identifier(kind.value, value, country)
