"""Doors before views of Wagtail 8.0.1 that ask for no right, or only after they have named what isn't yours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import URLPattern, URLResolver
from wagtail.admin.auth import permission_denied
from wagtail.models import Page, Task
from wagtail.permissions import policy_registry

from portal.access.pages import of_a_choosable_page, of_own_page, without_others_pages
from portal.models import PortalDocument, PortalImage

Ask = Callable[..., HttpResponse | None]
"""Return an answer, raise, or return None to let somebody in."""
RIGHTS = ("add", "change", "delete", "view", "publish", "choose")


def nobody(request: HttpRequest, **named: Any) -> HttpResponse | None:
    """Let nobody in: a view that fails on purpose."""
    raise Http404


def with_right_on(model: type[Model]) -> Ask:
    """Let in whoever has a right on a kind of row."""

    def ask(request: HttpRequest, **named: Any) -> HttpResponse | None:
        if not policy_registry.get_by_type(model).user_has_any_permission(request.user, RIGHTS):
            return permission_denied(request)  # type: ignore[no-any-return]
        return None

    return ask


def with_right_on_the_named(request: HttpRequest, app_label: str, model_name: str, **named: Any) -> HttpResponse | None:
    """Let in whoever has a right on the kind in the address: the others were told its names, «you may not»."""
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError as error:
        raise Http404 from error
    return with_right_on(model)(request)


def with_a_link(request: HttpRequest, **named: Any) -> HttpResponse | None:
    """Refuse a form without its field, at which the view would fail."""
    if request.method == "POST" and "external-link-chooser-url" not in request.POST:
        return HttpResponseBadRequest()
    return None


DOORS: dict[str, Ask] = {
    "wagtailadmin_error_test": nobody,
    "wagtail_bulk_action": with_right_on_the_named,
    "wagtailadmin_choose_page_external_link": with_a_link,
    "wagtailadmin_pages:choose_parent": with_right_on(Page),
    "wagtailadmin_pages:move_confirm": with_right_on(Page),
    "wagtailadmin_choose_page_child": of_a_choosable_page,
    "wagtailadmin_choose_page_chosen_multiple": without_others_pages,
    "wagtailadmin_pages:workflow_action": of_own_page,
    "wagtailadmin_pages:collect_workflow_action_data": of_own_page,
    "wagtailadmin_pages:confirm_workflow_cancellation": of_own_page,
    "wagtailadmin_pages:workflow_preview": of_own_page,
    "wagtailadmin_api:images:*": with_right_on(PortalImage),
    "wagtailadmin_api:documents:*": with_right_on(PortalDocument),
    "wagtailadmin_workflows:task_chooser*": with_right_on(Task),
    "wagtailadmin_workflows:task_chosen": with_right_on(Task),
}
"""By the name of an address, or the beginning of names and a star."""


def guarded(patterns: Iterable[URLPattern | URLResolver], spaces: str = "") -> list[URLPattern | URLResolver]:
    """Put the doors before Wagtail's views."""
    kept = list(patterns)
    for each in kept:
        if isinstance(each, URLResolver):
            guarded(each.url_patterns, f"{spaces}{each.namespace}:" if each.namespace else spaces)
        elif ask := door_of(f"{spaces}{each.name}"):
            each.callback = behind(ask, each.callback)
    return kept


def door_of(name: str) -> Ask | None:
    """Return the door of an address."""
    for key, ask in DOORS.items():
        begin, star, _rest = key.partition("*")
        if name.startswith(begin) if star else name == key:
            return ask
    return None


def behind(ask: Ask, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask before a view; whoever may not enter /cms/ at all is Wagtail's to answer."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_inside = request.user.has_perm("wagtailadmin.access_admin")
        answer = ask(request, **kwargs) if is_inside else None
        return view(request, *args, **kwargs) if answer is None else answer

    return asked
