"""Codes without a gap or a double: one counter row a series, raised in the transaction of what it numbers."""

from __future__ import annotations

import datetime as dt
import re

from django.db import connection
from django.utils.translation import gettext as _

from catalogue.models import Agency
from catalogue.opening import ZONE
from desk.identities import clean
from desk.models import CodeCounter, Dossier
from desk.refusals import Invalid

RAISE = """
INSERT INTO {table} (series, last) VALUES (%s, %s)
ON CONFLICT (series) DO UPDATE SET last = {table}.last + %s
RETURNING last
"""


OUTSIDE = re.compile(r"\w[\w.\-]*(/\w[\w.\-]*)*")
RESERVED = frozenset({"files", "acts", "slips"})
"""Words that follow a code in the desk's addresses: a code with one would be the address of another dossier's page."""


def outside_code(text: str, field: str = "code") -> str:
    """Return a code that another system has given, as it is kept. Raises Invalid for one that no address can hold."""
    code = clean(text, 60, field)
    if code and (not OUTSIDE.fullmatch(code) or RESERVED & set(code.lower().split("/"))):
        raise Invalid(
            _("A code has letters and digits, parted by . - _ or /: write it as the other system shows it."), field
        )
    return code


def next_number(series: str, *, count: int = 1) -> int:
    """Return the first of the next `count` numbers of a series, from 1.

    The counter's row stays locked until the transaction ends: a rollback leaves no gap, other writers wait. So number
    last, just before the row that bears the number.
    """
    with connection.cursor() as cursor:
        cursor.execute(RAISE.format(table=CodeCounter._meta.db_table), [series, count, count])
        return int(cursor.fetchone()[0]) - count + 1


def dossier_codes(agency: Agency, at: dt.datetime, *, count: int = 1) -> list[str]:
    """Return the next codes of the receiving agency: `<identifier>-<yyMMdd>-<NNNN>`, four digits or more.

    One that an outside system has used already is passed over. Source: Thông tư 03/2025/TT-VPCP. Raises Invalid for
    an agency without an identifier.
    """
    if not agency.identifier:
        raise Invalid(
            _("«%(agency)s» has no identifier yet, so it can't give codes. Ask the province's office to enter it.")
            % {"agency": agency}
        )
    series = f"{agency.identifier}-{at.astimezone(ZONE):%y%m%d}"
    codes: list[str] = []
    while missing := count - len(codes):
        first = next_number(series, count=missing)
        fresh = [f"{series}-{number:04d}" for number in range(first, first + missing)]
        taken = set(Dossier.objects.filter(code__in=fresh).values_list("code", flat=True))
        codes += [code for code in fresh if code not in taken]
    return codes


def slip_number(agency_id: int, form: str, year: int) -> int:
    """Return the next number of a form at an agency in a year: slips have numbers of their own."""
    return next_number(f"slip:{agency_id}:{form}:{year}")
