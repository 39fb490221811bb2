"""Numbers of results: an agency gives each once a year, so one that comes again is asked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from desk.models import Dossier, DossierResult


def given_before(dossiers: Sequence[Dossier], numbers: Iterable[str], signed_on: dt.date) -> list[tuple[str, str]]:
    """Return each of the numbers that the dossiers' agencies gave to other dossiers in that year, with one's code.

    A result that was taken back doesn't count. One query, by the index of the numbers.
    """
    rows = DossierResult.objects.filter(
        number__in=list(numbers),
        replaced_at=None,
        signed_on__year=signed_on.year,
        dossier__decided_by__in={dossier.decided_by_id for dossier in dossiers},
    ).exclude(dossier__in=[dossier.pk for dossier in dossiers])
    found: dict[str, str] = {}
    for number, code in rows.order_by("pk").values_list("number", "dossier__code"):
        found.setdefault(number, code)
    return sorted(found.items())


def twice(found: Sequence[tuple[str, str]]) -> str:
    """Ask about numbers that were given before."""
    named = "; ".join(f"«{number}»: {code}" for number, code in found[:5])
    return _("The agency has given this number already this year (%(named)s). Look, then tick this.") % {"named": named}
