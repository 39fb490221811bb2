"""Put the readers' reports, and the way to one's log-in, into /cms/."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from catalogue.cms.listing import PrivateChooserViewSet
from catalogue.models import OutsideAccount
from portal.access.pages import choosable, require_mover
from portal.accounts.administering import FLAGS, tell
from portal.models import PageReport
from portal.publication import addresses as publication


class PageReportViewSet(SnippetViewSet):
    model = PageReport
    icon = "warning"
    menu_label = _("Reports of mistakes")
    menu_order = 120
    add_to_admin_menu = True
    copy_view_enabled = False
    chooser_viewset_class = PrivateChooserViewSet
    search_backend_name = None
    list_display = ["address", "message", "created_at", "closed_at"]
    search_fields = ["address", "message"]
    edit_handler = ObjectList(
        [
            FieldPanel("address", read_only=True),
            FieldPanel("message", read_only=True),
            FieldPanel("contact", read_only=True),
            FieldPanel("closed_at"),
        ]
    )


register_snippet(PageReportViewSet)

hooks.register("construct_page_chooser_queryset", choosable)
hooks.register("before_move_page", require_mover)
hooks.register("register_admin_urls", publication.urls)
hooks.register("register_admin_menu_item", publication.menu_item)


@hooks.register("register_account_menu_item")
def my_log_in(request: HttpRequest) -> dict[str, str]:
    """Lead from one's own page to password, second factors and devices: they aren't changed in /cms/."""
    return {
        "label": gettext("My log-in"),
        "url": reverse("mfa_index"),
        "help_text": gettext("Password, second factors, devices"),
    }


@hooks.register("after_bulk_action")
def tell_of_states(request: HttpRequest, action_type: str, objects: Any, action_class_instance: Any) -> None:
    """Tell the audit whose accounts were opened or closed many at once: Wagtail writes that past all signals."""
    if action_type != "set_active_state":
        return
    is_active = action_class_instance.cleaned_form.cleaned_data["mark_as_active"]
    changed = [user for user in objects if user.is_active != is_active]
    for user in changed:
        tell(FLAGS["is_active"][is_active], user=user)
    if not is_active:
        warn_of_what_is_open(request, changed)


@hooks.register("after_edit_user")
def warn_of_outside_accounts(request: HttpRequest, user: Any) -> None:
    """Say of a closed account which ones are still open on ministries' systems."""
    if not user.is_active:
        warn_of_what_is_open(request, [user])


def warn_of_what_is_open(request: HttpRequest, people: Sequence[Any]) -> None:
    """Say what is to be withdrawn (one query): nothing that ends here ends there."""
    rows = OutsideAccount.objects.still_open().filter(user__in=[user.pk for user in people]).select_related("user")
    found = [f"{row.user.get_username()}: {row.system}" for row in rows.order_by("user__username", "system")]
    if found:
        said = gettext("Still open on ministries' systems: %(systems)s. Have it withdrawn there, then write it down.")
        messages.warning(request, said % {"systems": "; ".join(found)})
