"""Gates before views of pages in /cms/: some of Wagtail 8.0.1's own name a draft to whoever may enter."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.chooser import BrowseView, ChosenMultipleView
from wagtail.admin.viewsets.pages import page_viewset_registry
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from catalogue.asked_keys import keys_in

WORKFLOW = {
    "action/<int:page_id>/<slug:action_name>/<int:task_state_id>/": "workflow_action",
    "collect_action_data/<int:page_id>/<slug:action_name>/<int:task_state_id>/": "collect_workflow_action_data",
    "confirm_cancellation/<int:page_id>/": "confirm_workflow_cancellation",
    "preview/<int:page_id>/<int:task_id>/": "workflow_preview",
}
"""Wagtail's addresses of a page's approval, with the names of their views."""


def choosable(pages: Any, request: HttpRequest) -> Any:
    """Return those of some pages that readers see, and those that the person has to do with."""
    own = page_permission_policy.explorable_instances(request.user)
    return pages.live() | pages.filter(pk__in=own.order_by().values("pk"))


def require_mover(request: HttpRequest, page: Page, destination: Page) -> None:
    """Raise PermissionDenied for whoever may not move a page there: Wagtail asks only once the form is sent."""
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied


class ChildrenView(BrowseView):
    """Shows what stands under a page, if the person may choose that one."""

    def get(self, request: HttpRequest, parent_page_id: int | None = None) -> HttpResponse:
        """Answer 404 for a page that can't be chosen: its title would stand above the list."""
        if not choosable(Page.objects.filter(pk=parent_page_id), request).exists():
            raise Http404
        found: HttpResponse = super().get(request, parent_page_id)
        return found


class ChosenPagesView(ChosenMultipleView):
    """Names several pages that were chosen, none but those that can be."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Leave out the others; the root has no parent to be named."""
        asked = Page.objects.filter(pk__in=keys_in(request.GET.getlist("id")), depth__gt=1)
        kept = request.GET.copy()
        kept.setlist("id", [str(pk) for pk in choosable(asked, request).values_list("pk", flat=True)])
        request.GET = kept  # type: ignore[assignment]
        found: HttpResponse = super().get(request)
        return found


def of_own_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 404 for a page that isn't the person's: of one that doesn't wait Wagtail would tell the title."""

    @wraps(view)
    def gate(request: HttpRequest, *, page_id: int, **kwargs: Any) -> HttpResponse:
        if not page_permission_policy.explorable_instances(request.user).filter(pk=page_id).exists():
            raise Http404
        return view(request, page_id=page_id, **kwargs)

    return gate


def page_urls() -> list[URLPattern]:
    """Return the addresses of Wagtail's own views, to be put before Wagtail's."""
    views = {
        "choose-page/<int:parent_page_id>/": ChildrenView.as_view(),
        "choose-page/chosen-multiple/": ChosenPagesView.as_view(),
    }
    for address, name in WORKFLOW.items():
        views[f"pages/workflow/{address}"] = of_own_page(page_viewset_registry.as_view(name, page_id_kwarg="page_id"))
    return [path(address, never_cache(require_admin_access(view))) for address, view in views.items()]
