"""A list and a form for each kind of row."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet, SnippetViewSetGroup

from catalogue import models
from catalogue.cms.panels import all_languages, procedure_form
from catalogue.text import fold


class ProcedureIndexView(IndexView):
    """The list of procedures, searched with and without marks."""

    is_searchable = True

    def search_queryset(self, queryset: QuerySet) -> QuerySet:  # type: ignore[type-arg]
        """Keep the rows that hold every word typed."""
        return queryset.matching(self.search_query) if self.is_searching else queryset  # type: ignore[attr-defined]


class PlaceIndexView(IndexView):
    """The list of places, searched by name without marks."""

    is_searchable = True

    def search_queryset(self, queryset: QuerySet) -> QuerySet:  # type: ignore[type-arg]
        """Keep the places whose name holds what was typed."""
        return queryset.filter(folded_name__contains=fold(self.search_query)) if self.is_searching else queryset


class RowViewSet(SnippetViewSet):
    """What all view sets share: rows a page, search in the database's own columns."""

    list_per_page = 50
    search_backend_name = None
    add_to_admin_menu = False
    copy_view_enabled = False


class ProcedureViewSet(RowViewSet):
    model = models.Procedure
    icon = "doc-full"
    menu_label = _("Procedures")
    index_view_class = ProcedureIndexView
    list_display = ["code", "list_name", "field", "live", "status", "checked_on"]
    list_filter = ["live", "status", "field", "is_for_foreigners", "online_level", "roles_need_review",
                   "mentions_district", "has_details"]  # fmt: skip
    edit_handler = procedure_form()

    def get_queryset(self, request: object) -> QuerySet:  # type: ignore[type-arg]
        """Leave the long columns where they are."""
        return models.Procedure.objects.select_related("field").defer("steps_vi", "imported", "search_marked")


class CentreViewSet(RowViewSet):
    model = models.Centre
    icon = "home"
    menu_label = _("Centres")
    list_display = ["name_vi", "level", "address", "phone", "live"]
    list_filter = ["level", "live"]
    search_fields = ["name_vi", "address", "slug"]
    edit_handler = ObjectList(
        [
            FieldPanel("slug"),
            *all_languages("name"),
            FieldPanel("level"),
            FieldPanel("place"),
            FieldPanel("province"),
            FieldPanel("parent"),
            FieldPanel("agency"),
            FieldPanel("address"),
            FieldPanel("phone"),
            FieldPanel("email"),
            FieldPanel("latitude"),
            FieldPanel("longitude"),
            FieldPanel("decision"),
            FieldPanel("source"),
            FieldPanel("checked_on"),
        ]
    )


class HotlineViewSet(RowViewSet):
    model = models.Hotline
    icon = "mail"
    list_display = ["label_vi", "phone", "is_round_the_clock", "live"]
    search_fields = ["label_vi", "phone"]
    edit_handler = ObjectList(
        [
            *all_languages("label"),
            FieldPanel("phone"),
            FieldPanel("centre"),
            FieldPanel("agency"),
            FieldPanel("is_round_the_clock"),
            *all_languages("hours_text"),
            FieldPanel("languages"),
            FieldPanel("source"),
            FieldPanel("checked_on"),
        ]
    )


class PlaceViewSet(RowViewSet):
    model = models.AdministrativeUnit
    icon = "site"
    index_view_class = PlaceIndexView
    list_display = ["name", "level", "code", "province", "valid_from", "valid_to"]
    list_filter = ["level"]
    edit_handler = ObjectList(
        [
            FieldPanel("level"),
            FieldPanel("code"),
            FieldPanel("name"),
            FieldPanel("kind"),
            *all_languages("local_name")[1:],
            FieldPanel("valid_from"),
            FieldPanel("valid_to"),
        ]
    )


def plain(model: type, columns: list[str], search: list[str], icon: str = "list-ul") -> type[SnippetViewSet]:
    """Return the view set of a kind of row whose form is simply its columns."""
    names = [
        field.name
        for field in model._meta.get_fields()  # type: ignore[attr-defined]
        if getattr(field, "editable", False) and not field.auto_created and not hasattr(field, "translated_field")
    ]
    spread = [
        panel
        for name in names
        for panel in (all_languages(name) if hasattr(model, f"{name}_vi") else [FieldPanel(name)])
    ]
    attributes = {
        "model": model,
        "icon": icon,
        "list_display": columns,
        "search_fields": search,
        "edit_handler": ObjectList(spread),
    }
    return type(f"{model.__name__}ViewSet", (RowViewSet,), attributes)


class ServicesGroup(SnippetViewSetGroup):
    """What readers look for."""

    menu_label = _("Catalogue")
    menu_icon = "folder-open-inverse"
    menu_order = 100
    items = (
        ProcedureViewSet,
        CentreViewSet,
        plain(models.ServicePoint, ["name_vi", "centre", "kind"], ["name_vi", "address"]),
        plain(models.OpeningHours, ["centre", "point", "weekday", "opens", "closes"], ["centre__name_vi"], "time"),
        plain(models.Closure, ["centre", "starts_on", "ends_on", "reason"], ["reason"], "date"),
        plain(models.CentreException, ["centre", "procedure", "field", "receives"], ["procedure__code"]),
        HotlineViewSet,
        plain(models.ProvinceProcedure, ["procedure", "province", "decision", "valid_from"], ["procedure__code"]),
        plain(models.ProcedureRoute, ["procedure", "level", "system", "valid_from"], ["procedure__code", "system"]),
        plain(models.ProcedureBundle, ["name_vi", "slug"], ["name_vi"]),
        plain(models.BundleItem, ["bundle", "order", "procedure"], ["procedure__code"]),
    )


class RegistersGroup(SnippetViewSetGroup):
    """What the rows stand on."""

    menu_label = _("Registers")
    menu_icon = "list-ul"
    menu_order = 110
    items = (
        plain(models.Field, ["name_vi", "slug", "code"], ["name_vi", "slug"]),
        plain(models.Agency, ["name_vi", "identifier", "kind", "place"], ["name_vi", "identifier"], "group"),
        plain(models.AgencyRole, ["name_vi", "code", "level", "is_vertical", "is_listed"], ["name_vi", "code"]),
        plain(models.AgencySuccession, ["agency", "successor", "field", "area"], ["agency__name_vi"]),
        plain(models.Audience, ["name_vi", "code", "is_foreign"], ["name_vi"], "user"),
        plain(models.Decision, ["number", "issuer", "signed_on", "takes_effect_on"], ["number", "issuer"]),
        plain(models.DecisionItem, ["decision", "procedure", "effect"], ["decision__number", "procedure__code"]),
        plain(models.LegalDocument, ["number", "name"], ["number", "name"]),
        plain(models.Form, ["name", "file", "valid_from"], ["name"], "doc-empty"),
        plain(models.RevenueAccount, ["centre", "bank", "number"], ["number", "bank"]),
        PlaceViewSet,
        plain(models.UnitChange, ["old", "new", "effective_on", "is_split"], ["old__name", "new__name"]),
    )
