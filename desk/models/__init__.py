"""The desk's rows, one module a noun."""

from desk.models.calendar import CalendarDay

__all__ = ["CalendarDay"]
