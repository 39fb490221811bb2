"""Put the readers' reports, and the way to one's log-in, into /cms/."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from catalogue.cms.listing import PrivateChooserViewSet
from portal.access.doors import RIGHTS
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

hooks.register("register_admin_urls", publication.urls)
hooks.register("register_admin_menu_item", publication.menu_item)


@hooks.register("construct_page_chooser_queryset")
def offer_published_pages(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Offer drafts of pages to editors of pages alone: Wagtail names them to whoever may enter /cms/."""
    policy = policy_registry.get_by_type(Page)
    return pages if policy.user_has_any_permission(request.user, RIGHTS) else pages.filter(live=True)


@hooks.register("register_account_menu_item")
def my_log_in(request: HttpRequest) -> dict[str, str]:
    """Lead from one's own page to password, second factors and devices: they aren't changed in /cms/."""
    return {
        "label": gettext("My log-in"),
        "url": reverse("mfa_index"),
        "help_text": gettext("Password, second factors, devices"),
    }
