"""What officers look for in a dossier's text: code, names, numbers."""

from __future__ import annotations

import re

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Concat, Reverse

from catalogue.text import fold
from desk.filters import Filter
from desk.models import Dossier, Party, PartyIdentifier
from desk.models.parties import plain_phone

CODE = re.compile(r"(?=.*\d)[\w.]+([-/][\w.]+)*[-/]?")
LONGEST_WORD = 300
"""Letters: no name is longer, and PostgreSQL refuses to look for a word of 2,047 bytes."""
MOST_WORDS = 30
"""Words of a name: more nobody has, and a query of a thousand conditions no database takes."""
ENDING = re.compile(r"\d{4,7}|\d{1,6}-\d{4,6}", re.ASCII)
"""The last digits of a telephone or an identity number, or the end of a code: its day and number, «261203-0042»."""
NUMBER = re.compile(r"\+?\d[\d\s.\-]{6,20}\d|[A-Za-z]\d{6,11}", re.ASCII)


def understood(text: str) -> dict[str, str]:
    """Return what an officer means by a line in the box: `ending`, `number`, `code` or `name` of a filter."""
    line = " ".join(text.split())
    if not line:
        return {}
    if ENDING.fullmatch(line):
        return {"ending": line}
    if NUMBER.fullmatch(line):
        return {"number": line}
    return {"code": line} if CODE.fullmatch(line) else {"name": line}


def text_conditions(chosen: Filter) -> Q:
    """Return the conditions of code, number and ending."""
    found = Q()
    if chosen.code:
        found &= Q(code__startswith=chosen.code.strip().upper())
    if chosen.number:
        found &= Q(pk__in=numbered(chosen.number))
    if chosen.ending:
        found &= Q(pk__in=ended(chosen.ending))
    return found


def name_condition(name: str) -> Q:
    """Return the condition that a party has a name with these words."""
    return Q(pk__in=named(name).values("dossier_id")) if name else Q()


class HasWords(Func):
    """PostgreSQL: whether the words of a column, parted by spaces, match a query; the expression of an index."""

    output_field = BooleanField()
    template = "array_to_tsvector(array_remove(string_to_array(%(expressions)s::tsquery"
    arg_joiner = ", ' '), '')) @@ "


def named(name: str) -> QuerySet[Party]:
    """Return the parties whose names have these words, the last perhaps not finished."""
    words = fold(name).split()
    if not 0 < len(words) <= MOST_WORDS or max(map(len, words)) > LONGEST_WORD:
        return Party.objects.none()
    if connection.vendor == "postgresql":
        quoted = ["'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words]
        return Party.objects.filter(HasWords(F("name_folded"), Value(" & ".join(quoted) + ":*")))
    padded = Party.objects.alias(padded=Concat(Value(" "), F("name_folded"), Value(" ")))
    for word in words[:-1]:
        padded = padded.filter(padded__contains=f" {word} ")
    return padded.filter(padded__contains=f" {words[-1]}")


def numbered(number: str) -> list[int]:
    """Return the keys of dossiers of a party with this identity number or telephone, however written (one query)."""
    identity = re.sub(r"\s", "", number).upper()
    digits = re.sub(r"[\s.\-]", "", number)
    national = re.sub(r"^(\+84|0084|84(?=\d{9}$))", "0", digits)
    phones = {digits, national} | ({f"+84{national[1:]}", f"84{national[1:]}"} if national.startswith("0") else set())
    by_identity = PartyIdentifier.objects.filter(value=identity).values_list("party__dossier_id", flat=True)
    reachable = Party.objects.exclude(phone="").alias(plain=plain_phone())
    by_phone = reachable.filter(plain__in=sorted(phones)).values_list("dossier_id", flat=True)
    return list(by_identity.union(by_phone))


def ended(ending: str) -> list[int]:
    """Return the keys of dossiers whose code, or a party's identity number or telephone, ends so (one query).

    Each is read backwards, which PostgreSQL has indexes for. A code is looked for only with its hyphen: «0001» ends one
    of each day at each agency.
    """
    backwards = ending[::-1]
    if "-" in ending:
        codes = Dossier.objects.alias(backwards=Reverse("code")).filter(backwards__startswith=backwards)
        return list(codes.values_list("pk", flat=True))
    identities = PartyIdentifier.objects.alias(backwards=Reverse("value")).filter(backwards__startswith=backwards)
    reachable = Party.objects.exclude(phone="").alias(backwards=Reverse(plain_phone()))
    phones = reachable.filter(backwards__startswith=backwards).values_list("dossier_id", flat=True)
    return list(identities.values_list("party__dossier_id", flat=True).union(phones))
