"""What the people of one's agencies opened: other people's work first."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.actors import Actor
from desk.forms.readings import ReadingsForm
from desk.readings import listed
from desk.views.doors import desk_view, draw


@require_safe
@desk_view
def readings(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponse:
    """Show a page of readings, narrowed by person, day, dossier and agency."""
    form = ReadingsForm(request.GET, by)
    address = request.GET.copy()
    after = address.pop("after", [""])[-1]
    page = listed(by, form.asked(), after)
    more: dict[str, Any] = {
        "form": form,
        "page": page,
        "asked": address.urlencode(),
        "is_first": not after,
        "here": "workload",
    }
    return draw(request, by, "readings", title=_("Who opened which dossier"), **more)
