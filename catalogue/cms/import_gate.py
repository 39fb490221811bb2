"""The gate before every screen of the national file: it changes rows of the whole province."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from catalogue.editing.reach import editing_reach, today
from catalogue.models import CatalogueImport
from catalogue.models.imports import ImportQuerySet


def visible(request: HttpRequest) -> ImportQuerySet:
    """Return the imports for whoever edits the whole province's rows; raises Http404 for everybody else."""
    if not editing_reach(request.user, today()).is_whole:
        raise Http404
    return CatalogueImport.objects.select_related("change_set", "uploaded_by")
