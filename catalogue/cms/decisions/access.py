"""Who sees which set of changes."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from catalogue.editing.reach import editing_reach, today
from catalogue.models import ChangeSet
from catalogue.models.changesets import ChangeSetQuerySet


def visible(request: HttpRequest) -> ChangeSetQuerySet:
    """Return the sets that the person may see."""
    return ChangeSet.objects.visible_to(request.user, today())


def require_editor(request: HttpRequest) -> None:
    """Raise PermissionDenied for whoever edits nothing."""
    if not editing_reach(request.user, today()):
        raise PermissionDenied
