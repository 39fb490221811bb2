"""The screens of agencies, places, fields, audiences and the law."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.snippets.views.snippets import InspectView

from catalogue.cms.filters import DatedFilters, DatedTranslatedFilters, TranslatedFilters
from catalogue.cms.guarded import CatalogueViewSet
from catalogue.cms.listing import translations
from catalogue.editing.reach import today
from catalogue.models import (
    AdministrativeUnit,
    Agency,
    AgencyRole,
    Audience,
    Decision,
    Field,
    LegalDocument,
    ProcedureVersion,
)

period = FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")])


class AgencyViewSet(CatalogueViewSet):
    model = Agency
    icon = "group"
    list_display = ["name_vi", "kind", "identifier", "role", "place", "parent", "valid_from", "valid_to"]
    list_filter = ["kind", "role"]
    base_filters = DatedTranslatedFilters
    joins = ("role", "place", "parent")
    panels = [
        FieldPanel("name_vi"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("identifier")]),
        FieldPanel("role"),
        FieldPanel("parent"),
        FieldPanel("place"),
        period,
        translations("name"),
    ]


class AgencyRoleViewSet(CatalogueViewSet):
    model = AgencyRole
    icon = "user"
    list_display = ["name_vi", "level", "is_vertical", "is_listed"]
    list_filter = ["level", "is_vertical", "is_listed"]
    base_filters = TranslatedFilters
    panels = [
        FieldPanel("name_vi"),
        FieldRowPanel([FieldPanel("code"), FieldPanel("level")]),
        FieldPanel("is_vertical"),
        FieldPanel("is_listed"),
        translations("name"),
    ]


class AdministrativeUnitViewSet(CatalogueViewSet):
    model = AdministrativeUnit
    icon = "site"
    list_display = ["name", "level", "code", "parent", "province", "valid_from", "valid_to"]
    list_filter = ["level"]
    base_filters = DatedFilters
    joins = ("parent", "province")
    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("level"), FieldPanel("code")]),
        FieldPanel("parent"),
        FieldPanel("province"),
        period,
        FieldPanel("local_name_vi"),
        translations("local_name"),
    ]


class FieldViewSet(CatalogueViewSet):
    model = Field
    icon = "folder"
    list_display = ["name_vi", "code", "slug"]
    base_filters = TranslatedFilters
    panels = [FieldPanel("name_vi"), FieldRowPanel([FieldPanel("code"), FieldPanel("slug")]), translations("name")]


class AudienceViewSet(CatalogueViewSet):
    model = Audience
    icon = "glasses"
    list_display = ["name_vi", "is_foreign", "order"]
    list_filter = ["is_foreign"]
    base_filters = TranslatedFilters
    panels = [
        FieldPanel("name_vi"),
        FieldRowPanel([FieldPanel("code"), FieldPanel("order")]),
        FieldPanel("is_foreign"),
        translations("name"),
    ]


class DecisionForm(WagtailAdminModelForm):
    def clean(self) -> dict[str, Any]:
        """Ask for a day of sending that is neither before the decision nor still to come."""
        cleaned = super().clean()
        signed, sent = cleaned.get("signed_on"), cleaned.get("sent_on")
        if sent and sent > today():
            self.add_error("sent_on", gettext("This day is still to come: write it down once it has been done."))
        elif sent and signed and sent < signed:
            self.add_error(
                "sent_on", gettext("It can't have been sent before it was signed: mend one of the two days.")
            )
        return cleaned


class DecisionViewSet(CatalogueViewSet):
    model = Decision
    icon = "clipboard-list"
    list_display = ["number", "issuer", "signed_on", "takes_effect_on", "sent_on"]
    list_filter = ["signed_on", "takes_effect_on"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("number"), FieldPanel("issuer")]),
            FieldRowPanel([FieldPanel("signed_on"), FieldPanel("takes_effect_on")]),
            FieldRowPanel([FieldPanel("sent_on"), FieldPanel("is_fast_track")]),
            InlinePanel(
                "items",
                [FieldPanel("procedure"), FieldPanel("effect")],
                heading=_("What it does to procedures"),
                label=_("item"),
            ),
        ],
        base_form_class=DecisionForm,
    )


class LegalDocumentViewSet(CatalogueViewSet):
    model = LegalDocument
    icon = "openquote"
    list_display = ["number", "name"]
    panels = [FieldPanel("number"), FieldPanel("name")]


class VersionInspectView(InspectView):
    """Shows a version; what is empty as a dash."""

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """Return what stands there."""
        value = super().get_field_display_value(field_name, field)
        return "–" if value is None else value


class ProcedureVersionViewSet(CatalogueViewSet):
    model = ProcedureVersion
    icon = "history"
    list_display = ["number", "procedure", "decision", "effective_from", "recorded_at"]
    list_filter = ["effective_from", "recorded_at"]
    joins = ("procedure", "decision")
    ordering = ["-recorded_at", "-pk"]
    inspect_view_enabled = True
    inspect_view_class = VersionInspectView
    inspect_view_fields = ["procedure", "number", "decision", "effective_from", "recorded_at", "digest", "content"]
    panels = [FieldPanel("procedure", read_only=True), FieldPanel("number", read_only=True)]
