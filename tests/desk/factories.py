"""Rows of the desk for tests."""

from __future__ import annotations

import datetime as dt

from factory.django import DjangoModelFactory

from desk.models import CalendarDay


class CalendarDayFactory(DjangoModelFactory):
    """A Friday off by a decision."""

    class Meta:
        model = CalendarDay

    day = dt.date(2026, 3, 6)
    kind = "day_off"
    name_vi = "Nghỉ theo quyết định"
    name_en = "Off by decision"
    source = "Thông báo 1/TB-BNV"
