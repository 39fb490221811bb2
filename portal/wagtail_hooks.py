"""Put the readers' reports into /cms/."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from portal.models import PageReport


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
