"""The screens of what the province decides: overlays, routes, groups of procedures."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList

from catalogue.cms.filters import DatedFilters, TranslatedFilters
from catalogue.cms.guarded import CatalogueViewSet
from catalogue.cms.listing import translations
from catalogue.models import ProcedureBundle, ProcedureRoute, ProvinceProcedure, Term

period = FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")])


class ProvinceProcedureForm(WagtailAdminModelForm):
    def clean(self) -> dict[str, Any]:
        """Ask for a number where the unit counts, and for something that is decided."""
        cleaned = super().clean()
        counted = cleaned.get("term_unit") in Term.COUNTED
        if counted != bool(cleaned.get("term_number")):
            self.add_error("term_number", gettext("A number and a unit that counts belong together."))
        if cleaned.get("term_unit") == Term.Unit.UNKNOWN:
            self.add_error(
                "term_unit", gettext("A decision's time limit is known: choose its unit, or leave both empty.")
            )
        if not any(
            (
                cleaned.get("term_unit"),
                cleaned.get("fee_amount") is not None,
                cleaned.get("fee_text"),
                cleaned.get("agency"),
            )
        ):
            self.add_error(None, gettext("Say what is decided: a time limit, a fee or an agency."))
        return cleaned


class ProvinceProcedureViewSet(CatalogueViewSet):
    model = ProvinceProcedure
    icon = "edit"
    menu_label = _("Province's decisions")
    list_display = [
        "procedure",
        "decision",
        "channel_kind",
        "term_number",
        "term_unit",
        "fee_amount",
        "valid_from",
        "valid_to",
    ]
    list_filter = ["channel_kind", "term_unit"]
    base_filters = DatedFilters
    joins = ("procedure", "decision")
    edit_handler = ObjectList(
        [
            FieldPanel("procedure"),
            FieldPanel("province"),
            FieldPanel("decision"),
            FieldPanel("channel_kind"),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("term_number"), FieldPanel("term_unit")]),
                    FieldPanel("fee_amount"),
                    FieldPanel("fee_text"),
                    FieldPanel("agency"),
                ],
                _("What is decided"),
            ),
            period,
        ],
        base_form_class=ProvinceProcedureForm,
    )


class ProcedureRouteForm(WagtailAdminModelForm):
    def clean(self) -> dict[str, Any]:
        """Ask for the ministry's system where it isn't the province's."""
        cleaned = super().clean()
        if not cleaned.get("is_provincial") and not cleaned.get("system"):
            self.add_error("system", gettext("Name the ministry's system."))
        return cleaned


class ProcedureRouteViewSet(CatalogueViewSet):
    model = ProcedureRoute
    icon = "redirect"
    list_display = ["procedure", "level", "is_provincial", "system", "valid_from", "valid_to"]
    list_filter = ["level", "is_provincial"]
    base_filters = DatedFilters
    joins = ("procedure",)
    edit_handler = ObjectList(
        [
            FieldPanel("procedure"),
            FieldPanel("level"),
            FieldPanel("is_provincial"),
            FieldPanel("system"),
            FieldPanel("url"),
            FieldPanel("announced_by"),
            period,
        ],
        base_form_class=ProcedureRouteForm,
    )


class ProcedureBundleViewSet(CatalogueViewSet):
    model = ProcedureBundle
    icon = "link"
    list_display = ["name_vi", "slug"]
    base_filters = TranslatedFilters
    panels = [
        FieldPanel("name_vi"),
        FieldPanel("slug"),
        InlinePanel("items", [FieldPanel("procedure")], heading=_("Procedures, in order"), label=_("procedure")),
        translations("name"),
    ]
