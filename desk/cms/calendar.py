"""The screen of the working calendar."""

from __future__ import annotations

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel

from catalogue.cms import searching
from catalogue.cms.listing import RowViewSet
from desk.models import CalendarDay

searching.COLUMNS[CalendarDay] = ("name_vi", "name_en", "source")

ADVICE = _(
    "Public holidays are known without a row. Enter what a decision changes: Tết, the day beside 2 September, swapped "
    "days. A row holds for the whole province, for due dates that are reckoned after it."
)


class CalendarDayViewSet(RowViewSet):
    model = CalendarDay
    icon = "calendar-alt"
    menu_label = _("Working calendar")
    menu_order = 165
    add_to_admin_menu = True
    list_display = ["day", "kind", "name_vi", "name_en", "source"]
    list_filter = ["kind", "day"]
    panels = [
        HelpPanel(content=lazy(lambda: f"<p>{ADVICE}</p>", str)()),
        FieldRowPanel([FieldPanel("day"), FieldPanel("kind")]),
        FieldRowPanel([FieldPanel("name_vi"), FieldPanel("name_en")]),
        FieldPanel("source"),
        FieldPanel("instead_of"),
        FieldRowPanel([FieldPanel("opens"), FieldPanel("closes")]),
    ]
