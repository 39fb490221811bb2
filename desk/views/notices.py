"""What the clock tells an officer: read it, and say so."""

from __future__ import annotations

import datetime as dt
import json
import logging

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from desk.actors import Actor
from desk.calendar import work_calendar
from desk.models import Notice
from desk.pressing import pressing
from desk.views.doors import desk_view, draw

audit = logging.getLogger("desk.audit")
PAGE = 50


@require_safe
@desk_view
def notices(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponse:
    """Show what isn't read yet, the newest first."""
    unread = Notice.objects.addressed_to(by).unread()
    rows = unread.select_related("dossier__procedure", "agency").defer("dossier__head").order_by("-pk")
    before = number(request.GET.get("before", ""))
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    calendar = work_calendar()
    lines = [(notice, pressing(notice.dossier, at, calendar)) for notice in found[:PAGE]]
    return draw(
        request,
        by,
        "notices",
        title=_("Notices"),
        here="notices",
        lines=lines,
        count=unread.count(),
        newest=found[0].pk if found else 0,
        before=found[PAGE - 1].pk if len(found) > PAGE else 0,
        is_first=not before,
    )


@require_POST
@desk_view
def read(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponse:
    """Mark one notice as read, or all up to the newest that was on the screen: who and when, the first time."""
    unread, chosen = Notice.objects.addressed_to(by), number(request.POST.get("notice", ""))
    up_to = number(request.POST.get("up_to", ""))
    if chosen:
        unread = unread.filter(pk=chosen)
        if not unread.exists():
            raise Http404(_("There is no such notice"))
    elif up_to:
        unread = unread.filter(pk__lte=up_to)
    else:
        messages.warning(request, _("Choose a notice first."))
        return redirect("desk:notices")
    marked = Notice.objects.filter(pk__in=unread.unread().values("pk"), read_at=None)
    done = marked.update(read_at=at, read_by=by.user_id)
    audit.info(json.dumps({"event": "desk.notices_read", "user": by.user_id, "number": done, "at": at.isoformat()}))
    messages.success(request, ngettext("Read: %(n)d notice", "Read: %(n)d notices", done) % {"n": done})
    return redirect("desk:notices")


def number(text: str) -> int:
    """Return a key from an address; 0 for what isn't one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
