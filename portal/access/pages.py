"""Which pages somebody may choose, move and be told of in /cms/: Wagtail 8.0.1 names drafts to everybody there."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from catalogue.asked_keys import keys_in


def choosable(pages: Any, request: HttpRequest) -> Any:
    """Return those of some pages that readers see, and those that the person has to do with."""
    own = page_permission_policy.explorable_instances(request.user)
    return pages.live() | pages.filter(pk__in=own.order_by().values("pk"))


def require_mover(request: HttpRequest, page: Page, destination: Page) -> None:
    """Raise PermissionDenied for whoever may not move a page there: Wagtail asks only once the form is sent."""
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied


def of_a_choosable_page(request: HttpRequest, parent_page_id: int, **named: Any) -> None:
    """Raise Http404 for a page that can't be chosen: its title would stand above what lies under it."""
    if not choosable(Page.objects.filter(pk=parent_page_id), request).exists():
        raise Http404


def without_others_pages(request: HttpRequest, **named: Any) -> None:
    """Leave out of several chosen pages those that can't be chosen; the root has no parent to be named."""
    asked = Page.objects.filter(pk__in=keys_in(request.GET.getlist("id")), depth__gt=1)
    kept = request.GET.copy()
    kept.setlist("id", [str(pk) for pk in choosable(asked, request).values_list("pk", flat=True)])
    request.GET = kept  # type: ignore[assignment]


def of_own_page(request: HttpRequest, page_id: int, **named: Any) -> None:
    """Raise Http404 for a page that isn't the person's: of one that doesn't wait Wagtail would tell the title."""
    if not page_permission_policy.explorable_instances(request.user).filter(pk=page_id).exists():
        raise Http404
