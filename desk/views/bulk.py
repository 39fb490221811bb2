"""One act on many dossiers: what it needs, then what came of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalogue.own_site import is_own
from desk.actors import Actor
from desk.forms.base import ActForm
from desk.forms.table import BULK_ACTS, BULK_FORMS
from desk.models import Dossier
from desk.next_acts import LABELS
from desk.rows import read_rows
from desk.views.doors import desk_view, draw

MOST_AT_ONCE = 1_000


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def bulk(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponse:
    """Ask what an act needs, then do it to all that were ticked and report each refusal by itself."""
    if request.method != "POST":
        # A reloaded or typed address: what was ticked isn't in it.
        messages.info(request, _("Choose the dossiers in the list first: acts on several begin there."))
        return redirect("desk:queue")
    name = request.POST.get("act", "")
    ids = {int(pk) for pk in request.POST.getlist("ids") if pk.isascii() and pk.isdigit() and len(pk) < 19}
    dossiers = list(readable(by).filter(pk__in=sorted(ids)[:MOST_AT_ONCE]).order_by("pk"))
    back = where_from(request)
    if name not in BULK_ACTS or not dossiers:
        messages.warning(request, _("Tick the dossiers first, then choose what to do with them."))
        return HttpResponseRedirect(back)
    confirmed = "confirmed" in request.POST
    form = BULK_FORMS[name](dossiers, by, at, request.POST if confirmed else None, act=name)
    if not confirmed or not form.is_valid():
        return ask(request, by, name, form, dossiers, back=back, status=400 if confirmed else 200)
    ended = form.perform_many()
    codes = {dossier.pk: dossier.code for dossier in dossiers}
    more: dict[str, Any] = {
        "done": read_rows([dossier.pk for dossier in ended.done]),
        "refused": [(codes[each.dossier_id], each.reason) for each in ended.refused],
        "back": back,
    }
    return draw(request, by, "bulk_done", title=str(LABELS[name]), **more)


def readable(by: Actor) -> Any:
    """Return what somebody may see, with what forms of acts ask of it."""
    rows = Dossier.objects.visible_to(by)
    return rows.select_related("procedure", "received_by", "decided_by", "holder_agency")


def where_from(request: HttpRequest) -> str:
    """Return the list from which the dossiers come, as far as the page says it and it is ours."""
    back = request.POST.get("back", "")
    return back if back and is_own(request, back) else reverse("desk:queue")


def ask(
    request: HttpRequest,
    by: Actor,
    name: str,
    form: ActForm,
    dossiers: Sequence[Dossier],
    *,
    back: str,
    here: str = "queue",
    status: int = 200,
) -> HttpResponse:
    """Draw the form of an act on many, with whose dossiers they are (one query)."""
    rows = {row.pk: row for row in read_rows([dossier.pk for dossier in dossiers])}
    more: dict[str, Any] = {"form": form, "act": name, "dossiers": dossiers, "rows": rows, "back": back, "here": here}
    return draw(request, by, "bulk", title=str(LABELS[name]), status=status, **more)
