"""The kinds of row that the board counts: how each is read, asked, named and opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.publication.checks import Check, agency_checks, centre_checks, procedure_checks
from portal.publication.narrowing import Narrowing


@dataclass(frozen=True)
class Kind:
    """A kind of row; `narrows` are the filters that mean something for it."""

    key: str
    label: str | Promise
    rows: Callable[[Narrowing], QuerySet[Any]]
    checks: Callable[[dt.date], Sequence[Check]]
    order: tuple[str, ...]
    narrows: tuple[str, ...]
    joins: tuple[str, ...] = ()

    def check(self, key: str, day: dt.date) -> Check:
        """Return one of its checks; raises Http404 for another's key."""
        found = next((check for check in self.checks(day) if check.key == key), None)
        if found is None:
            raise Http404
        return found


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            "procedures",
            _("Procedures"),
            Narrowing.procedures,
            lambda day: procedure_checks(),
            ("-importance", "code"),
            ("agency", "field", "level", "q"),
            ("maintained_by", "field"),
        ),
        Kind(
            "centres",
            _("Centres"),
            Narrowing.centres,
            lambda day: centre_checks(),
            ("level", "slug"),
            ("agency", "q"),
            ("agency",),
        ),
        Kind("agencies", _("Agencies"), Narrowing.agencies, agency_checks, ("name_vi",), ("agency", "q")),
    )
}


def kind_of(key: str) -> Kind:
    """Return a kind by its key; raises Http404."""
    if key not in KINDS:
        raise Http404
    return KINDS[key]


def name_of(row: Any) -> str:
    """Return how a row is called on the board."""
    code = getattr(row, "code", "")
    return f"{code} {row.list_name}" if code else str(row.name_vi or row)


def agency_of(kind: Kind, row: Any) -> str:
    """Return the name of the agency that a row is of; empty of agencies themselves."""
    if kind.key == "agencies":
        return ""
    agency = row.maintained_by if kind.key == "procedures" else row.agency
    return agency.name_vi if agency else gettext("the province")


def edit_url(row: Any) -> str:
    """Return the address of a row's form."""
    return reverse(type(row).snippet_viewset.get_url_name("edit"), args=[row.pk])
