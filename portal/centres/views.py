"""The list of centres, the page of one, and the hotlines."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue import opening
from catalogue.models import Centre, Closure, OpeningHours, Procedure, UnitChange
from catalogue.text import fold
from portal.addresses import load
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
    context = {
        "page": index,
        "q": query,
        "provincial": [centre for centre in centres if centre.level == Centre.Level.PROVINCE],
        "local": [centre for centre in centres if centre.level != Centre.Level.PROVINCE],
        "without_address": sum(not centre.address for centre in centres),
        "with_phone": sum(bool(centre.phone) for centre in centres),
        **frame(request, title=index.title, urls=everywhere("centres", addresses=addresses), addresses=addresses),
    }
    return TemplateResponse(request, "portal/centres/list.html", context)


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


def page_context(request: HttpRequest, centre: Centre) -> dict[str, object]:
    """Return all that `centres/detail.html` shows."""
    addresses = load()
    now = timezone.now()
    hours, closures = list(centre.hours.all()), list(centre.closures.all())
    points = [
        {"row": point, **times(now, of_point(hours, point.pk), of_point(closures, point.pk))}
        for point in centre.points.all()
    ]
    urls = everywhere("centres", f"{centre.slug}/", addresses=addresses)
    received = Procedure.objects.public(settings.PROVINCE_CODE).received_by(centre)
    return {
        "centre": centre,
        **times(now, of_point(hours, None), of_point(closures, None)),
        "points": points,
        "closures": [closure for closure in closures if closure.ends_on >= now.astimezone(opening.ZONE).date()],
        "hotlines": list(centre.hotlines.filter(live=True)),
        "received": received.count(),
        "exceptions": list(centre.exceptions.select_related("procedure", "field")),
        "old_units": old_units(centre),
        "map_url": map_url(centre),
        **frame(request, title=centre.name or centre.slug, urls=urls, addresses=addresses, summary=centre.address),
    }


def of_point(rows: list, point: int | None) -> list:  # type: ignore[type-arg]
    """Return the hours or closures of one point, or of the centre itself."""
    return [row for row in rows if row.point_id == point]


def times(now: dt.datetime, hours: list[OpeningHours], closures: list[Closure]) -> dict[str, object]:
    """Return whether it is open, the week's hours, and when that changes next."""
    if not hours:
        return {"has_hours": False}
    today = now.astimezone(opening.ZONE).date()
    week = [opening.hours_on(today + dt.timedelta(days=ahead), hours, closures) for ahead in range(7)]
    return {
        "has_hours": True,
        "is_open": opening.is_open(now, hours, closures),
        "week": week,
        "changes_at": opening.next_change(now, hours, closures),
    }


def old_units(centre: Centre) -> list[UnitChange]:
    """Return the old communes that went to the centre's area."""
    rows = UnitChange.objects.filter(new=centre.place).select_related("old__parent", "old__province")
    return list(rows.order_by("old__folded_name"))


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
