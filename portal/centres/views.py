"""The list of centres, the page of one, and the hotlines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue import closing, opening
from catalogue.models import Centre, Notice, OpeningHours, Procedure, UnitChange
from catalogue.place_finder import changes_into
from catalogue.text import fold
from portal import notices
from portal.addresses import load
from portal.centres import structured
from portal.centres.hours import Shut, closures_to_come, shut_centres, times
from portal.frame import everywhere, frame
from portal.hotlines import public_hotlines
from portal.models import CentreIndexPage, HotlineIndexPage


def listing(request: HttpRequest, index: CentreIndexPage) -> HttpResponse:
    """Show all centres; `?centre=` goes to one, `?q=` keeps those whose name or old names fit."""
    addresses = load()
    wanted = request.GET.get("centre", "")
    if wanted and of_province().filter(slug=wanted).exists():
        return redirect(addresses.centre(wanted))
    query = request.GET.get("q", "").strip()[:100]
    centres = list(of_province().select_related("place"))
    if query:
        centres = [centre for centre in centres if fold(query) in fold(f"{centre.name_vi} {centre.address}")]  # type: ignore[attr-defined]
    now = timezone.now()
    known = notices.read(now)
    items = list_items(centres, known, now)
    context = {
        "page": index,
        "q": query,
        "provincial": [item for item in items if item.centre.level == Centre.Level.PROVINCE],
        "local": [item for item in items if item.centre.level != Centre.Level.PROVINCE],
        "without_address": sum(not centre.address for centre in centres),
        "with_phone": sum(bool(centre.phone) for centre in centres),
        **frame(
            request,
            title=index.title,
            urls=everywhere("centres", addresses=addresses),
            addresses=addresses,
            known=known,
        ),
    }
    return TemplateResponse(request, "portal/centres/list.html", context)


@dataclass(frozen=True)
class Item:
    """A centre in the list: what shuts it today, and what else is told of it now."""

    centre: Centre
    shut: Shut | None
    notices: list[Notice]


def list_items(centres: list[Centre], known: Sequence[Notice], now: dt.datetime) -> list[Item]:
    """Return the list's items (two queries); a notice that tells of today's closing is said once."""
    today = now.astimezone(opening.ZONE).date()
    shut, told = shut_centres(centres, today), notices.by_centre(known, now)
    rest = {pk: [row for row in rows if pk not in shut or row.closes_on != today] for pk, rows in told.items()}
    return [Item(centre, shut.get(centre.pk), rest.get(centre.pk, [])) for centre in centres]


def of_province() -> Centre.objects.__class__:  # type: ignore[name-defined]
    """Return the published centres of the portal's province."""
    return Centre.objects.live().filter(province__code=settings.PROVINCE_CODE)


def detail(request: HttpRequest, index: CentreIndexPage, slug: str) -> HttpResponse:
    """Show one centre: address, hours, what it receives, its points, the old names of its area."""
    centre = of_province().filter(slug=slug).select_related("place", "province", "decision", "parent").first()
    if centre is None:
        raise Http404(_("No centre has this address."))
    context = {"page": index, **page_context(request, centre)}
    return TemplateResponse(request, "portal/centres/detail.html", context)


def page_context(request: HttpRequest, centre: Centre, *, draft: Notice | None = None) -> dict[str, object]:
    """Return all that `centres/detail.html` shows; of a previewed notice also what it will shut."""
    addresses = load()
    now = timezone.now()
    today = now.astimezone(opening.ZONE).date()
    hours, closures = list(centre.hours.all()), closing.closures_of(centre, today, draft=draft)
    points = [
        {"row": point, **times(now, of_point(hours, point.pk), closing.at_point(closures, point.pk))}
        for point in centre.points.all()
    ]
    own_hours = of_point(hours, None)
    own = times(now, own_hours, closing.at_point(closures, None))
    urls = everywhere("centres", f"{centre.slug}/", addresses=addresses)
    base = frame(
        request,
        title=centre.name or centre.slug,
        urls=urls,
        addresses=addresses,
        summary=centre.address,
        centre=centre,
    )
    received = Procedure.objects.public(settings.PROVINCE_CODE).received_by(centre)
    return {
        "centre": centre,
        **own,
        "points": points,
        "closures": closures_to_come(closures, (point["row"] for point in points), today),
        "hotlines": list(centre.hotlines.filter(live=True)),
        "received": received.count(),
        "exceptions": list(centre.exceptions.select_related("procedure", "field")),
        "old_units": old_units(centre),
        "map_url": map_url(centre),
        "structured": structured.office(centre, own_hours, own.get("week", []), str(base["canonical"])),
        **base,
    }


def of_point(hours: list[OpeningHours], point: int | None) -> list[OpeningHours]:
    """Return the hours of one point, or of the centre itself."""
    return [row for row in hours if row.point_id == point]


def old_units(centre: Centre) -> list[UnitChange]:
    """Return the old communes that went to the centre's area, at whatever remove."""
    return changes_into([centre.place_id], timezone.localdate())[centre.place_id]


def map_url(centre: Centre) -> str:
    """Return a map link by coordinates, empty where they aren't known."""
    if centre.latitude is None:
        return ""
    at = f"{centre.latitude}/{centre.longitude}"
    return f"https://www.openstreetmap.org/?mlat={centre.latitude}&mlon={centre.longitude}#map=17/{at}"


def draft(request: HttpRequest, centre: Centre) -> HttpResponse:
    """Show a draft on the page that readers will see."""
    return TemplateResponse(request, "portal/centres/detail.html", page_context(request, centre))


def hotlines(request: HttpRequest, index: HotlineIndexPage) -> HttpResponse:
    """Show the hotlines, and say plainly which centres have none published."""
    addresses = load()
    rows = public_hotlines().select_related("centre__place", "agency__place")
    centres = list(of_province().select_related("place"))
    context = {
        "page": index,
        "hotlines": rows,
        "phones": [centre for centre in centres if centre.phone],
        "without": sum(not centre.phone for centre in centres),
        "total": len(centres),
        **frame(request, title=index.title, urls=everywhere("hotlines", addresses=addresses), addresses=addresses),
    }
    return TemplateResponse(request, "portal/centres/hotlines.html", context)
