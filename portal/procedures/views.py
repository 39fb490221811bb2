"""The list of procedures and the page of one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from catalogue.models import Centre, FilingChannel, Procedure
from portal import expiry
from portal.addresses import load
from portal.frame import everywhere, frame
from portal.models import ProcedureIndexPage
from portal.procedures import as_of, facets, filing, listing_page, papers, qr, reading, structured, summary, versions
from portal.texts import Text, legal_text, text


def listing(request: HttpRequest, index: ProcedureIndexPage) -> HttpResponse:
    """Show the list with facets and counts, or what a search found."""
    addresses = load()
    now = timezone.now()
    context = listing_page.context(request.GET, addresses, on=timezone.localdate(now))
    title = f"{context['q']} – {index.title}" if context["q"] else index.title
    context |= frame(
        request, title=title, urls=everywhere("procedures", addresses=addresses), addresses=addresses,
        summary=index.summary, kept=str(context["page_query"]) if context["kept"] else "",
        centre=context["centre"],
    )  # fmt: skip
    response = TemplateResponse(request, "portal/procedures/list.html", {"page": index, **context})
    if context["has_failed"]:
        response.headers["Cache-Control"] = "no-store"  # The next reader may have better luck.
    return expiry.changes_at_midnight(response, now=now)


def detail(request: HttpRequest, index: ProcedureIndexPage, code: str) -> HttpResponse:
    """Show a procedure as it is in force today, or as it was on `?on=`."""
    procedure = reading.published(code, settings.PROVINCE_CODE)
    if procedure is None:
        raise Http404(_("No procedure has this code."))
    now = timezone.now()
    on, error = read_day(request.GET.get("on", ""))
    version = versions.on_day(procedure, on) if on else None
    if on and version:
        parts = as_of.version_parts(procedure, version, on=on, province_code=settings.PROVINCE_CODE)
    else:
        parts = reading.parts(procedure, on=timezone.localdate(now), province_code=settings.PROVINCE_CODE)
    context = page_context(request, parts, centre_slug=request.GET.get("centre", ""))
    context |= {"page": index, "on_error": error, "on": on, "version": version}
    context["coming"] = None if on else versions.coming(procedure, timezone.localdate(now))
    context["is_before_records"] = bool(
        on and version and version.effective_from is None and on < timezone.localtime(version.recorded_at).date()
    )
    response = TemplateResponse(request, "portal/procedures/detail.html", context)
    return expiry.changes_at_midnight(response, now=now)


def read_day(value: str) -> tuple[dt.date | None, str]:
    """Return the day asked for, or a message that says how to write one."""
    if not value:
        return None, ""
    try:
        day = parse_date(value)
    except ValueError:
        day = None
    return (day, "") if day else (None, _("Write the day as year-month-day, for example 2026-11-22."))


def page_context(request: HttpRequest, parts: reading.Parts, *, centre_slug: str = "") -> dict[str, object]:
    """Return all that `detail.html` shows."""
    procedure = parts.procedure
    addresses = load()
    name = text(procedure, "name")
    title = procedure.title
    urls = everywhere("procedures", f"{procedure.code}/", addresses=addresses)
    centres = list(
        Centre.objects.live().filter(province__code=settings.PROVINCE_CODE).select_related("place", "province")
    )
    table = filing.rows(parts.channels)
    own = centres[0].province if centres else None
    centre = next((centre for centre in centres if centre.slug == centre_slug), None)
    kept = facets.encode({"centre": centre.slug}) if centre else ""
    base = frame(
        request,
        title=title,
        urls=urls,
        addresses=addresses,
        summary=describe(parts),
        own=own,
        kept=kept,
        centre=centre,
    )
    context: dict[str, Any] = {
        "procedure": procedure,
        "parts": parts,
        "title": Text(title, name.lang),
        "legal_name": Text(procedure.name_vi, "vi"),  # type: ignore[attr-defined]
        "field_name": text(procedure.field, "name"),
        "how_long": summary.how_long(parts),
        "how_much": summary.how_much(parts),
        "where": summary.where(parts),
        "who_for": summary.who_for(parts),
        "submit": submit_link(parts),
        "is_vertical": is_only_vertical(parts),
        "is_any_centre": is_any_centre(parts),
        "centre": centre,
        "centres": [centre for centre in centres if centre.level != Centre.Level.PROVINCE],
        "case_lists": papers.case_lists(parts.cases),
        "many_cases": papers.are_many(parts.cases),
        "steps": legal_text(text(procedure, "steps")),
        "conditions": legal_text(text(procedure, "conditions")),
        "table": table[:1] if filing.are_alike(table) else table,
        "is_one_for_all": filing.are_alike(table),
        "related": related(procedure),
        "versions": versions.history(procedure),
        "qr": qr.svg(settings.BASE_URL + urls.get(str(base["language"]), request.path)),
    }
    context["fallbacks"] = (
        name.is_fallback
        or any(value.text.is_fallback for value in (context["steps"], context["conditions"]))
        or papers.has_fallback(context["case_lists"])
        or filing.has_fallback(table)
    )
    return {**base, **context, "structured": structured.service(parts, context, base)}


def is_only_vertical(parts: reading.Parts) -> bool:
    """Return whether it belongs to vertical agencies and no decision lets a centre of the province receive it."""
    if not parts.roles or not all(role.is_vertical for role in parts.roles):
        return False
    return not getattr(parts.procedure, "has_exception", False)


def is_any_centre(parts: reading.Parts) -> bool:
    """Return whether nothing speaks against handing in at any centre of the province (Nghị định 118/2025 Điều 14)."""
    row = parts.procedure
    return row.has_details and not row.receiving_address and not is_only_vertical(parts)


def describe(parts: reading.Parts) -> str:
    """Return a line for search engines and shared links: the four facts in words."""
    facts = [
        summary.how_long(parts).value and f"{_('How long')}: {summary.how_long(parts).value}",
        summary.how_much(parts).value and f"{_('How much')}: {summary.how_much(parts).value}",
        summary.where(parts).value and f"{_('Where')}: {summary.where(parts).value}",
    ]
    return ". ".join(filter(None, facts))


def submit_link(parts: reading.Parts) -> dict[str, object]:
    """Return where it is submitted today: the ministry's system, the known link, else the national portal's page."""
    procedure, route = parts.procedure, parts.route
    if procedure.status == Procedure.Status.ABOLISHED:
        return {}
    if route and not route.is_provincial:
        return {"url": route.url or procedure.portal_url, "system": route.system, "is_known": bool(route.url)}
    url = procedure.online_url or procedure.portal_url
    is_online = any(channel.row.kind == FilingChannel.Kind.ONLINE for channel in parts.channels)
    known = bool(procedure.online_url)
    return {"url": url, "system": "", "is_known": known, "is_online": known or is_online} if url else {}


def related(procedure: Procedure) -> list[Procedure]:
    """Return up to five other procedures of the field, the important ones first."""
    rows = Procedure.objects.public(settings.PROVINCE_CODE).in_force().filter(field=procedure.field)
    return list(rows.exclude(pk=procedure.pk)[:5])


def draft(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    """Show a draft on the page that readers will see."""
    parts = reading.draft_parts(procedure, on=timezone.localdate(), province_code=settings.PROVINCE_CODE)
    return TemplateResponse(request, "portal/procedures/detail.html", page_context(request, parts))
