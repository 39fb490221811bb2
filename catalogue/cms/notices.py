"""The screen of notices, in the order in which an editor thinks: what, where, from when until when, translations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, TabbedInterface

from catalogue.cms.guarded import CatalogueViewSet
from catalogue.cms.listing import foreign
from catalogue.cms.notice_closing import ClosableIndexView
from catalogue.editing.reach import today
from catalogue.models import Centre, Notice, ServicePoint


class PointField(forms.ModelChoiceField):
    """A service point, named with its centre."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the names of both."""
        return f"{obj.centre}: {obj}"


class NoticeForm(WagtailAdminModelForm):
    """The form of a notice; the service point is one of the centres that the person edits."""

    point = PointField(
        ServicePoint.objects.none(),
        label=_("Service point"),
        required=False,
        help_text=_("If only this point of the centre is closed"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["point"].queryset = points_for(self.for_user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for an end that lies ahead, and for the day of a closing that names hours or a point."""
        cleaned = super().clean()
        ends_at, starts_at = cleaned.get("ends_at"), cleaned.get("starts_at")
        if ends_at and starts_at and ends_at <= starts_at:
            self.add_error("ends_at", gettext("It must end after it begins."))
        elif ends_at and "ends_at" in self.changed_data and ends_at <= timezone.now():
            self.add_error("ends_at", gettext("This moment has passed: readers would never see it."))
        if cleaned.get("closes_on"):
            self._check_hours(cleaned)
        elif any(cleaned.get(name) for name in ("closes_from", "closes_until", "point")):
            self.add_error("closes_on", gettext("Say on which day it is closed."))
        return cleaned

    def _check_hours(self, cleaned: dict[str, Any]) -> None:
        start, end = cleaned.get("closes_from"), cleaned.get("closes_until")
        if (start is None) != (end is None):
            missing = "closes_from" if start is None else "closes_until"
            self.add_error(missing, gettext("Give both times, or none for the whole day."))
        elif start and end and end <= start:
            self.add_error("closes_until", gettext("It must be later than the time before it."))


def points_for(user: Any) -> Any:
    """Return the service points of the centres that a person edits."""
    centres = Centre.objects.editable_by(user, today()) if user is not None else Centre.objects.none()
    return ServicePoint.objects.filter(centre__in=centres.values("pk")).select_related("centre")


content = ObjectList(
    [
        MultiFieldPanel(
            [FieldPanel("level"), FieldPanel("title_vi"), FieldPanel("text_vi"), FieldPanel("link")], _("What")
        ),
        MultiFieldPanel([FieldPanel("centre")], _("For which place")),
        MultiFieldPanel([FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")])], _("From when until when")),
        MultiFieldPanel(
            [
                FieldPanel("closes_on"),
                FieldRowPanel([FieldPanel("closes_from"), FieldPanel("closes_until")]),
                FieldPanel("point"),
                FieldPanel("reason_vi"),
            ],
            _("If it closes a centre"),
        ),
    ],
    heading=_("Content"),
)


class NoticeViewSet(CatalogueViewSet):
    model = Notice
    icon = "warning"
    index_view_class = ClosableIndexView
    list_display = ["title_vi", "level", "centre", "starts_at", "ends_at", "live", "has_unpublished_changes"]
    list_filter = ["level", "live", "has_unpublished_changes", "starts_at", "ends_at"]
    joins = ("centre",)
    edit_handler = TabbedInterface(
        [content, ObjectList(foreign("title", "text", "reason"), heading=_("Translations"))],
        base_form_class=NoticeForm,
    )
