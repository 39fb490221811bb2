"""The editors' screens of the catalogue's rows in Wagtail."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from catalogue import models
from catalogue.cms import (
    centres,
    changes,
    comparing,
    forms,
    imports,
    notice_closing,
    notices,
    procedures,
    province,
    rows,
    translating,
)
from catalogue.cms.bulk import ProposeDeletions, SetColumns, SubmitDrafts
from catalogue.cms.decisions import urls as decisions
from catalogue.cms.panels import show_own_rows
from catalogue.cms.policy import ReadOnlyPolicy, RowPolicy
from catalogue.cms.unpublishing import offer_proposals
from catalogue.editing.owners import OWNERS


def style() -> str:
    """Return the link to the style sheet of the forms and lists."""
    return format_html('<link rel="stylesheet" href="{}">', static("catalogue/editing.css"))


# Before anything asks for a policy: Wagtail would keep a default one.
for name in OWNERS:
    kind = getattr(models, name)
    policy = ReadOnlyPolicy if kind is models.ProcedureVersion else RowPolicy
    register_permission_policy(kind, policy(kind), exact_class=True)

comparing.register()

# After Wagtail's own: of two actions with one name the later holds.
for act in (ProposeDeletions, SubmitDrafts, SetColumns):
    hooks.register("register_bulk_action", act, order=100)
hooks.register("insert_global_admin_css", style)
hooks.register("construct_homepage_panels", show_own_rows)
hooks.register("construct_snippet_action_menu", offer_proposals)
hooks.register("register_admin_urls", changes.urls)
hooks.register("register_admin_menu_item", changes.menu_item)
hooks.register("register_admin_urls", notice_closing.urls)
hooks.register("register_admin_urls", decisions.urls)
hooks.register("register_admin_menu_item", decisions.menu_item)
hooks.register("register_admin_urls", translating.urls)
hooks.register("register_admin_menu_item", translating.menu_item)
hooks.register("register_log_actions", translating.log_actions)
hooks.register("register_snippet_listing_buttons", translating.listing_buttons)
hooks.register("register_admin_urls", imports.urls)
hooks.register("register_admin_menu_item", imports.menu_item)


@register_snippet
class ProcedureGroup(SnippetViewSetGroup):
    """Procedures, what the province decides over them, and the law they stand on."""

    menu_label = _("Procedures")
    menu_icon = "doc-full"
    menu_order = 150
    items = (
        procedures.ProcedureViewSet,
        province.ProvinceProcedureViewSet,
        province.ProcedureRouteViewSet,
        province.ProcedureBundleViewSet,
        rows.DecisionViewSet,
        rows.LegalDocumentViewSet,
        forms.FormViewSet,
        rows.FieldViewSet,
        rows.AudienceViewSet,
        rows.ProcedureVersionViewSet,
    )


@register_snippet
class CentreGroup(SnippetViewSetGroup):
    """Centres, hotlines, agencies and places."""

    menu_label = _("Centres and agencies")
    menu_icon = "home"
    menu_order = 160
    items = (
        centres.CentreViewSet,
        centres.HotlineViewSet,
        notices.NoticeViewSet,
        centres.CentreExceptionViewSet,
        rows.AgencyViewSet,
        rows.AgencyRoleViewSet,
        rows.AdministrativeUnitViewSet,
    )
