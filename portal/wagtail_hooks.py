"""Put the readers' reports, and the way to one's log-in, into /cms/."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.models import PageReport
from portal.page_gates import choosable, require_mover
from portal.publication import addresses as publication


class PageReportViewSet(SnippetViewSet):
    model = PageReport
    icon = "warning"
    menu_label = _("Reports of mistakes")
    menu_order = 120
    add_to_admin_menu = True
    copy_view_enabled = False
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
