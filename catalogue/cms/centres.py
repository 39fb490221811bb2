"""The screens of centres, their hotlines, and what they receive."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, TabbedInterface

from catalogue.cms.children import ChildrenPanel
from catalogue.cms.columns import PublicationColumn
from catalogue.cms.filters import TranslatedFilters
from catalogue.cms.guarded import CatalogueViewSet
from catalogue.cms.listing import foreign, translations
from catalogue.cms.notice_closing import ClosableIndexView
from catalogue.models import Centre, CentreException, Hotline, ServicePoint


class CentreForm(WagtailAdminModelForm):
    """The form of a centre; hours and closures may name a point of this centre only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("hours", "closures"):
            self.formsets[name].form = _with_points_of(self.formsets[name].form, self.instance.pk)

    def clean(self) -> dict[str, Any]:
        """Ask for both coordinates or neither, and for the centre that a branch belongs to."""
        cleaned = super().clean()
        if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None):
            self.add_error("longitude", gettext("Give both coordinates, or neither."))
        if cleaned.get("level") == Centre.Level.BRANCH and not cleaned.get("parent"):
            self.add_error("parent", gettext("Say of which centre this is a branch."))
        return cleaned


def _with_points_of(form: type[WagtailAdminModelForm], centre: int | None) -> type[WagtailAdminModelForm]:
    class PointForm(form):  # type: ignore[valid-type, misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.fields["point"].queryset = ServicePoint.objects.filter(centre=centre)

    return PointForm


points = ChildrenPanel(
    "points",
    [
        FieldPanel("kind"),
        FieldPanel("name_vi"),
        FieldPanel("address"),
        FieldPanel("phone"),
        FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
        translations("name"),
    ],
    heading=_("Service points"),
    label=_("service point"),
)
hours = ChildrenPanel(
    "hours",
    [
        FieldRowPanel([FieldPanel("weekday"), FieldPanel("opens"), FieldPanel("closes")]),
        FieldPanel("point", help_text=_("Empty: the centre itself. A new point can be named once it is published.")),
    ],
    heading=_("Opening hours"),
    label=_("span of opening"),
)
closures = ChildrenPanel(
    "closures",
    [
        FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
        FieldRowPanel([FieldPanel("from_time"), FieldPanel("until_time")]),
        FieldPanel("is_open"),
        FieldPanel("reason"),
        FieldPanel("point", help_text=_("Empty: the whole centre")),
    ],
    heading=_("Closures"),
    label=_("closure"),
)
accounts = ChildrenPanel(
    "accounts",
    [
        FieldRowPanel([FieldPanel("bank"), FieldPanel("number")]),
        FieldPanel("holder"),
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")]),
    ],
    heading=_("Revenue accounts"),
    label=_("revenue account"),
)

content = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldPanel("name_vi"),
                FieldRowPanel([FieldPanel("slug"), FieldPanel("level")]),
                FieldPanel("address"),
                FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
            ],
            _("Centre"),
        ),
        hours,
        closures,
        points,
        MultiFieldPanel(
            [
                FieldPanel("place"),
                FieldPanel("province"),
                FieldPanel("agency"),
                FieldPanel("parent"),
                FieldPanel("decision"),
            ],
            _("Belongs to"),
        ),
        accounts,
        FieldRowPanel([FieldPanel("source"), FieldPanel("checked_on")]),
    ],
    heading=_("Content"),
)


class CentreViewSet(CatalogueViewSet):
    model = Centre
    icon = "home"
    index_view_class = ClosableIndexView
    list_display = ["name_vi", "level", "place", "address", "phone", PublicationColumn(), "checked_on"]
    list_filter = ["level", "live"]
    base_filters = TranslatedFilters
    joins = ("place",)
    ordering = "name_vi"
    edit_handler = TabbedInterface(
        [content, ObjectList(foreign("name"), heading=_("Translations"))], base_form_class=CentreForm
    )


class HotlineForm(WagtailAdminModelForm):
    def clean(self) -> dict[str, Any]:
        """Ask for a centre or an agency, not both."""
        cleaned = super().clean()
        if bool(cleaned.get("centre")) == bool(cleaned.get("agency")):
            self.add_error("agency", gettext("Choose a centre or an agency, one of the two."))
        return cleaned


class HotlineViewSet(CatalogueViewSet):
    model = Hotline
    icon = "mobile-alt"
    list_display = [
        "label_vi",
        "phone",
        "is_round_the_clock",
        "centre",
        "agency",
        PublicationColumn(),
        "checked_on",
    ]
    list_filter = ["is_round_the_clock", "live"]
    base_filters = TranslatedFilters
    joins = ("centre", "agency")
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("label_vi"),
                    FieldPanel("phone"),
                    FieldPanel("centre"),
                    FieldPanel("agency"),
                    FieldPanel("is_round_the_clock"),
                    FieldPanel("hours_text_vi"),
                    FieldPanel("languages"),
                    FieldRowPanel([FieldPanel("source"), FieldPanel("checked_on")]),
                ],
                heading=_("Content"),
            ),
            ObjectList(foreign("label", "hours_text"), heading=_("Translations")),
        ],
        base_form_class=HotlineForm,
    )


class CentreExceptionForm(WagtailAdminModelForm):
    def clean(self) -> dict[str, Any]:
        """Ask for a procedure or a field, not both."""
        cleaned = super().clean()
        if bool(cleaned.get("procedure")) == bool(cleaned.get("field")):
            self.add_error("field", gettext("Choose a procedure or a field, one of the two."))
        return cleaned


class CentreExceptionViewSet(CatalogueViewSet):
    model = CentreException
    icon = "no-view"
    menu_label = _("What centres receive")
    list_display = ["__str__", "centre", "decision"]
    list_filter = ["receives", "field"]
    joins = ("centre", "procedure", "field", "decision")
    edit_handler = ObjectList(
        [
            FieldPanel("receives"),
            FieldPanel("procedure"),
            FieldPanel("field"),
            FieldPanel("centre"),
            FieldPanel("decision"),
        ],
        base_form_class=CentreExceptionForm,
    )
