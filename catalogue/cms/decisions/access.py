"""Who sees which set of changes."""

from __future__ import annotations

from django.http import HttpRequest

from catalogue.editing.reach import today
from catalogue.models import ChangeSet
from catalogue.models.changesets import ChangeSetQuerySet


def visible(request: HttpRequest) -> ChangeSetQuerySet:
    """Return the sets that the person may see."""
    return ChangeSet.objects.visible_to(request.user, today())
