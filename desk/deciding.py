"""At which centres an officer takes dossiers in, and which agency settles what comes there."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from catalogue.models import AdministrativeUnit, Agency, Centre, Procedure, ProvinceProcedure
from desk.actors import Actor
from desk.permissions import agencies_of


def competent_agency(procedure: Procedure, centre: Centre, day: dt.date, channel: str = "") -> Agency | None:
    """Return the agency that settles, as far as the catalogue tells; None where the officer must choose.

    The province's own decision goes first (three queries at most); then the agency with one of the procedure's roles,
    the commune's before the province's: whoever lives there is settled there. A commune centre's own agency where only
    the level is known; at a provincial centre the person's commune decides, which the officer chooses.
    """
    decided = _by_decision(procedure, centre, day, channel)
    if decided is not None:
        return decided
    found = (
        Agency.objects.on(day)
        .filter(role__procedures=procedure, place__in=[centre.place_id, centre.province_id])
        .select_related("place", "role")
        .distinct()
    )
    nearest = min(found, key=lambda agency: (agency.place_id != centre.place_id, agency.pk), default=None)
    if nearest is not None or not procedure.is_commune_level:
        return nearest
    own = centre.agency
    is_communes = own is not None and own.place_id == centre.place_id and own.place.level == "commune"
    return own if is_communes else None


def _by_decision(procedure: Procedure, centre: Centre, day: dt.date, channel: str) -> Agency | None:
    rows = (
        ProvinceProcedure.objects.on(day)
        .filter(procedure=procedure, province=centre.province_id, channel_kind__in=[channel, ""])
        .exclude(agency=None)
        .select_related("agency__place")
    )
    row = min(rows, key=lambda row: (row.channel_kind == "", -row.pk), default=None)
    return row.agency if row else None


def choosable_agencies(centre: Centre, day: dt.date) -> list[Agency]:
    """Return the agencies of the centre's province that exist on a day, the province's first (one query)."""
    places = AdministrativeUnit.objects.filter(Q(pk=centre.province_id) | Q(province=centre.province_id))
    rows = (
        Agency.objects.on(day)
        .filter(place__in=places.values("pk"))
        .exclude(kind=Agency.Kind.MINISTRY)
        .select_related("place")
    )
    return sorted(rows, key=lambda agency: (agency.place.level != "province", str(agency)))


def centres_of(by: Actor) -> dict[int, Centre]:
    """Return the published centres at which an officer takes dossiers in (one query)."""
    agencies = agencies_of("intake", by)
    rows = Centre.objects.live().filter(agency__in=agencies).select_related("agency", "place").order_by("pk")
    return {row.pk: row for row in rows}
