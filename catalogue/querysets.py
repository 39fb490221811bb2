"""Querysets that several kinds of row share."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q


class DatedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows that are valid from a day until the day before another."""

    def on(self, day: dt.date) -> DatedQuerySet:
        """Return the rows valid on `day`; an empty date is open on that side."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day)).filter(Q(valid_to=None) | Q(valid_to__gt=day))


class LiveQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows that editors publish."""

    def live(self) -> LiveQuerySet:
        """Return the published rows."""
        return self.filter(live=True)


def valid_period(name: str, start: str = "valid_from", end: str = "valid_to") -> models.CheckConstraint:
    """Return the constraint that a period doesn't end before it begins."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{start}__isnull": True})
        | Q(**{f"{end}__isnull": True})
        | Q(**{f"{end}__gt": models.F(start)}),
    )
