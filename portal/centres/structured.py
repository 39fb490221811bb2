"""schema.org's GovernmentOffice for a centre's page: where it is, when it is open, and what shuts it this week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.safestring import SafeString

from catalogue.models import Centre, OpeningHours
from portal.centres.hours import ShownDay
from portal.procedures.structured import for_script
from portal.texts import text

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHUT = (dt.time.min, dt.time.min)
"""How the vocabulary says that a day has no hours: it opens and closes at midnight."""


def office(centre: Centre, hours: Iterable[OpeningHours], week: Sequence[ShownDay], url: str) -> SafeString:
    """Return the page's data block, escaped for a script element; what isn't published is left out.

    `hours` are the centre's own, `week` its next seven days as they will be.
    """
    usual = list(hours)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentOffice",
        "name": str(text(centre, "name")),
        "alternateName": centre.name_vi,  # type: ignore[attr-defined]
        "url": url,
    }
    if centre.address:
        street = {"streetAddress": centre.address, "addressRegion": centre.province.name, "addressCountry": "VN"}
        data["address"] = {"@type": "PostalAddress", **street}
    if centre.phone:
        data["telephone"] = centre.phone
    if centre.latitude is not None:
        at = {"latitude": float(centre.latitude), "longitude": float(centre.longitude)}  # type: ignore[arg-type]
        data["geo"] = {"@type": "GeoCoordinates", **at}
    if usual:
        data["openingHoursSpecification"] = [
            {**span(row.opens, row.closes), "dayOfWeek": f"https://schema.org/{DAYS[row.weekday]}"} for row in usual
        ]
    if special := [each for day in week for each in special_hours(day, usual)]:
        data["specialOpeningHoursSpecification"] = special
    return for_script(data)


def special_hours(day: ShownDay, usual: Iterable[OpeningHours]) -> list[dict[str, str]]:
    """Return the hours of a day that aren't the usual ones of its weekday."""
    known = sorted((row.opens, row.closes) for row in usual if row.weekday == day.date.weekday())
    if known == list(day.spans):
        return []
    on = day.date.isoformat()
    return [{**span(*each), "validFrom": on, "validThrough": on} for each in day.spans or [SHUT]]


def span(opens: dt.time, closes: dt.time) -> dict[str, str]:
    """Return one span of opening."""
    return {"@type": "OpeningHoursSpecification", "opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"}
