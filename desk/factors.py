"""The second factor of public tracking: the last six characters of a telephone or identity document of a party.

Whoever guesses learns nothing: a code that isn't there costs the same query and as many comparisons as one that is.
"""

from __future__ import annotations

import hmac
import re
import secrets
import unicodedata

from desk.models import Party, PartyIdentifier

LENGTH = 6
COMPARED = 16
"""How many comparisons each try makes at least; a dossier with more numbers makes more."""
LONGEST_CODE, LONGEST_FACTOR = 60, 60
Kind = PartyIdentifier.Kind
OF_PEOPLE = frozenset({Kind.CITIZEN_CARD, Kind.OLD_CARD, Kind.PASSPORT, Kind.OTHER})
"""Numbers of papers that prove who somebody is; those of companies and offices stand in public registers."""
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_KEY = secrets.token_bytes(32)
"""Digests are compared, never the numbers themselves; the key lives as long as the process."""


def plain_code(typed: str) -> str:
    """Return a code in capitals, as it is kept; empty if too long."""
    return as_written(typed).upper()


def as_written(typed: str) -> str:
    """Return a code without spaces, full-width signs and long dashes made plain; empty if too long."""
    line = unicodedata.normalize("NFKC", typed[: 4 * LONGEST_CODE]).translate(DASHES)
    code = "".join(sign for sign in line if sign.isprintable() and not sign.isspace())
    return code if len(code) <= LONGEST_CODE else ""


def plain_factor(typed: str) -> str:
    """Return the last six letters and digits, in capitals; empty where there are fewer or far too many signs."""
    if len(typed) > LONGEST_FACTOR:
        return ""
    signs = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", typed)).upper()
    return signs[-LENGTH:] if len(signs) >= LENGTH else ""


def proven(code: str, typed: str) -> int | None:
    """Return the key of the dossier of a code whose party has a number that ends so, else None (one query, always).

    Codes given elsewhere are kept as they were written there, so small letters are tried too.
    """
    codes = [plain_code(code), as_written(code)]
    rows = Party.objects.filter(dossier__code__in=codes, erased_at=None)
    known = rows.values_list("dossier_id", "phone", "identifiers__kind", "identifiers__value")
    owners: dict[str, int] = {}
    for dossier, phone, kind, number in known:
        numbers = (phone, number if kind in OF_PEOPLE else "")
        owners |= {ending: dossier for ending in map(plain_factor, numbers) if ending}
    asked = digest(plain_factor(typed) or "no")
    found: int | None = None
    padding = [("-" * LENGTH, 0)] * max(0, COMPARED - len(owners))
    for ending, dossier in [*owners.items(), *padding]:
        if hmac.compare_digest(digest(ending), asked):
            found = dossier
    return found


def digest(ending: str) -> bytes:
    """Return the keyed digest of an ending."""
    return hmac.digest(_KEY, ending.encode(), "sha256")
