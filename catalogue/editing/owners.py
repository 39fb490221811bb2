"""Whose each kind of row is: the one table from which every right of an editor follows."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True)
class Owner:
    """Where a row names the agency that answers for it: lookups, the first that isn't empty holds.

    Without a lookup, and where all are empty, the row is the province's own: its top agency answers.
    """

    lookups: tuple[str, ...] = ()
    why: str = ""


PROVINCE_WIDE = "one row holds for the whole province"
OWNERS: dict[str, Owner] = {
    "Procedure": Owner(("maintained_by",), "the agency that keeps the text"),
    "ProcedureVersion": Owner(("procedure__maintained_by",), "read only, by who may edit its procedure"),
    "Centre": Owner(("agency",), "the agency that the centre belongs to"),
    "Hotline": Owner(("agency", "centre__agency"), "the agency itself, or that of the centre"),
    "Notice": Owner(("centre__agency",), "the agency of the centre; of the whole province: the province"),
    "CentreException": Owner(("centre__agency",), "the agency of the centre; of every centre: the province"),
    "ProvinceProcedure": Owner(why="the province's decision over a national row"),
    "ProcedureRoute": Owner(why=PROVINCE_WIDE),
    "ProcedureBundle": Owner(why=PROVINCE_WIDE),
    "Decision": Owner(why=PROVINCE_WIDE),
    "LegalDocument": Owner(why=PROVINCE_WIDE),
    "Form": Owner(why="many procedures use one form"),
    "Field": Owner(why=PROVINCE_WIDE),
    "Audience": Owner(why=PROVINCE_WIDE),
    "Agency": Owner(why="the tree of agencies decides who may edit what"),
    "AgencyRole": Owner(why=PROVINCE_WIDE),
    "AdministrativeUnit": Owner(why=PROVINCE_WIDE),
}
"""By the name of the model."""


def owner_of(row: models.Model) -> int | None:
    """Return the id of the agency that answers for a row, None for the province's top agency.

    Reads the row as it stands in memory, so of a draft the draft's; one query where a centre isn't joined.
    """
    for lookup in OWNERS[type(row).__name__].lookups:
        found = _follow(row, lookup)
        if found is not None:
            return found
    return None


def owner_field(model: type[models.Model]) -> str | None:
    """Return the field in which a form can name the owner, None where no form can."""
    lookups = OWNERS[model.__name__].lookups
    return lookups[0].partition("__")[0] if lookups else None


def owned_by(model: type[models.Model], agencies: frozenset[int]) -> models.Q:
    """Return the condition that one of the agencies answers for a row; the province's own rows don't meet it."""
    condition = models.Q(pk__in=[])
    empty = models.Q()
    for lookup in OWNERS[model.__name__].lookups:
        condition |= empty & models.Q(**{f"{lookup}__in": agencies})
        empty &= models.Q(**{lookup: None})
    return condition


def _follow(row: models.Model, lookup: str) -> int | None:
    *joins, last = lookup.split("__")
    found: models.Model | None = row
    for name in joins:
        found = getattr(found, name)
        if found is None:
            return None
    key = getattr(found, f"{last}_id")
    assert key is None or isinstance(key, int)
    return key
