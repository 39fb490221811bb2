"""A draft of a notice on the page where readers will see it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.models import Notice
from portal import notices
from portal.addresses import load
from portal.centres import views as centres
from portal.frame import everywhere, frame


def draft(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Show a notice as from its approval on: on its centre's page, or above an empty one as on every page."""
    now = timezone.now()
    known = [row for row in notices.read(now) if row.pk != notice.pk]
    others = notices.shown(known, now, notice.centre)
    shown = notices.Shown((notice, *others.rows), None)
    if notice.centre is not None:
        context = {**centres.page_context(request, notice.centre, draft=notice), "notices": shown}
        return TemplateResponse(request, "portal/centres/detail.html", context)
    addresses = load()
    urls = everywhere("home", addresses=addresses)
    page = frame(request, title=_("Notice"), urls=urls, addresses=addresses, known=known)
    return TemplateResponse(request, "portal/notice_preview.html", {**page, "notices": shown})
