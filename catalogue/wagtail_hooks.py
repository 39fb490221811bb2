"""The editors' screens of the catalogue's rows in Wagtail."""

from django.utils.translation import gettext_lazy as _
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from catalogue.cms import centres, forms, procedures, province, rows
from catalogue.cms.listing import ReadOnlyPolicy
from catalogue.models import ProcedureVersion

# Before anything asks for the policy of versions: Wagtail would keep a default one.
register_permission_policy(ProcedureVersion, ReadOnlyPolicy(ProcedureVersion), exact_class=True)


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
        centres.CentreExceptionViewSet,
        rows.AgencyViewSet,
        rows.AgencyRoleViewSet,
        rows.AdministrativeUnitViewSet,
    )
