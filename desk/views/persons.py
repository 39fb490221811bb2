"""Give a person their data: asked for under one of their dossiers, by the number on the document that they show."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from desk.access import get_dossier
from desk.actors import Actor
from desk.forms.person import PersonDataForm
from desk.models import Dossier, What
from desk.person_archive import archive
from desk.persons import dossiers_of
from desk.readings import may_see_readings
from desk.views.doors import desk_view, draw


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def person_data(request: HttpRequest, by: Actor, at: dt.datetime, code: str) -> HttpResponseBase:
    """Ask for the number, then send all dossiers of its bearer that this officer may see, as one file."""
    row = get_dossier(by, code, at, what=What.PAGE)
    if not may_see_readings(row, by):
        raise PermissionDenied
    form = PersonDataForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        kind, number = form.cleaned_data["kind"], form.cleaned_data["number"]
        found = dossiers_of(Dossier.objects.visible_to(by), kind, number)
        if row.pk in {each.pk for each in found}:
            file, _data = archive(found, kind, number, by=by, at=at)
            return FileResponse(
                file, as_attachment=True, filename="du-lieu-ca-nhan.zip", content_type="application/zip"
            )
        form.refuse()
    status = 400 if form.errors else 200
    return draw(
        request, by, "person_asked", title=_("Give this person their data"), status=status, form=form, dossier=row
    )
