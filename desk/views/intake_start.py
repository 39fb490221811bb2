"""Intake begins with the procedure: what comes often and what one took in last are at hand, the rest is searched."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.models import Procedure
from desk.actors import Actor
from desk.counter import usual
from desk.models import Dossier
from desk.views.doors import desk_view, draw
from search import public as search

FOUND = 20
LONGEST = 300


@require_safe
@desk_view
def start(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponse:
    """Find a procedure by words or by its code; `of` is the code of a dossier whose applicant has one more."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    of = again(request, by)
    found = find_procedures(text) if text else []
    lately = [] if text else usual.lately(request.session)
    often = [] if text else usual.often(by, at)
    return draw(
        request,
        by,
        "intake_start",
        title=_("New dossier"),
        q=text,
        of=of,
        found=found,
        lately=lately,
        often=[row for row in often if row not in lately],
        moved=usual.moved([*found, *lately, *often], at),
        here="intake",
    )


def again(request: HttpRequest, by: Actor) -> Dossier | None:
    """Return the dossier whose applicant hands in one more; None without one that the officer may see (one query)."""
    code = request.GET.get("of", "").replace("\0", "")
    return Dossier.objects.visible_to(by).filter(code=code).first() if 0 < len(code) <= LONGEST else None


def find_procedures(text: str) -> list[Procedure]:
    """Return the procedures that words mean, best first; one whose code this is goes before all (two queries)."""
    hits = search.find(text, language=get_language() or "vi", limit=FOUND).hits if search.is_ready() else ()
    codes = [text, *(hit.name for hit in hits)]
    rows = {row.code: row for row in Procedure.objects.live().filter(code__in=codes)}
    return [rows[code] for code in dict.fromkeys(codes) if code in rows]
