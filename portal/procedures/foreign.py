"""The foreign users' list: code, name, online link, competent agency (Công văn 4793/VPCP-KSTT)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language

from catalogue.models import AgencyRole, Procedure, ProvinceProcedure
from catalogue.text import display_name
from portal.addresses import load
from portal.api import licence
from portal.api.writing import csv_parts
from portal.frame import everywhere, frame
from portal.models import ForeignUsersPage
from portal.texts import SOURCE, Text, text

PER_PAGE = 50
FIELDS = ("code", "name", "online_link", "competent_agency")


@dataclass(frozen=True)
class Entry:
    """One line of the list; a link that isn't the service's own leads to the national portal's page."""

    code: str
    name: Text
    online_link: str
    is_national_page: bool
    competent_agency: tuple[Text, ...]

    @property
    def agencies(self) -> str:
        """Return the agencies in one text."""
        return "; ".join(agency.text for agency in self.competent_agency)

    def values(self) -> tuple[str, str, str, str]:
        """Return the four fields as plain text."""
        return self.code, self.name.text, self.online_link, self.agencies


def procedures(today: dt.date) -> list[Procedure]:
    """Return the listed procedures (three queries)."""
    overlays = ProvinceProcedure.objects.on(today).filter(province__code=settings.PROVINCE_CODE, agency__isnull=False)
    names = [f"name_{code.replace('-', '_')}" for code, _name in settings.LANGUAGES]
    rows = Procedure.objects.public(settings.PROVINCE_CODE).for_foreigners()
    return list(
        rows.only("code", *names, "online_url", "portal_url", "roles_text", "importance").prefetch_related(
            Prefetch("roles", AgencyRole.objects.order_by("name_vi", "pk")),
            Prefetch("overlays", overlays.select_related("agency").order_by("pk")),
        )
    )


def competent_agency(procedure: Procedure) -> tuple[Text, ...]:
    """Return whom the province names, else the law's roles, else the source's own words."""
    decided = {overlay.agency_id: overlay.agency for overlay in procedure.overlays.all()}
    named = [agency for agency in decided.values() if agency] or list(procedure.roles.all())
    if named:
        return tuple(text(row, "name") for row in named)
    return (Text(procedure.roles_text, SOURCE),) if procedure.roles_text else ()


def entries() -> list[Entry]:
    """Return the whole list in the reader's language."""
    found = []
    for row in procedures(timezone.localdate()):
        name = text(row, "name")
        found.append(
            Entry(
                code=row.code,
                name=Text(display_name(name.text), name.lang),
                online_link=row.online_url or row.portal_url,
                is_national_page=not row.online_url and bool(row.portal_url),
                competent_agency=competent_agency(row),
            )
        )
    return found


def page(request: HttpRequest, index_page: ForeignUsersPage) -> HttpResponse:
    """Show the list, fifty a page; a page beyond the last shows the last."""
    addresses = load()
    found = entries()
    part = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    tail = f"?page={part.number}" if part.number > 1 else ""
    context = {
        "page": index_page,
        "part": part,
        "has_national_pages": any(entry.is_national_page for entry in found),
        **frame(
            request,
            title=index_page.title,
            urls=everywhere("foreign", tail, addresses=addresses),
            addresses=addresses,
            summary=index_page.summary,
        ),
    }
    return TemplateResponse(request, "portal/foreign.html", context)


def as_csv(request: HttpRequest, index_page: ForeignUsersPage) -> HttpResponse:
    """Send the list as CSV of exactly four columns; which links are the national portal's, the JSON says."""
    rows = [entry.values() for entry in entries()]
    response = HttpResponse(b"".join(csv_parts(FIELDS, rows)), content_type="text/csv; charset=utf-8")
    response.headers["Link"] = f'<{licence.ADDRESS}>; rel="license"'
    day = timezone.localdate().isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="foreign-users-{get_language()}-{day}.csv"'
    return response


def as_json(request: HttpRequest, index_page: ForeignUsersPage) -> HttpResponse:
    """Send the list as JSON: four keys a procedure, and beside it which are not as they should be."""
    found = entries()
    content = {
        **licence.statement(timezone.localdate()),
        "language": get_language(),
        "procedures": [dict(zip(FIELDS, entry.values(), strict=True)) for entry in found],
        "national_portal_page": [entry.code for entry in found if entry.is_national_page],
        "name_in_vietnamese": [entry.code for entry in found if entry.name.is_fallback],
    }
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False})
