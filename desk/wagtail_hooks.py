"""The desk's screens in Wagtail."""

from wagtail.snippets.models import register_snippet

from desk.cms.calendar import CalendarDayViewSet

register_snippet(CalendarDayViewSet)
