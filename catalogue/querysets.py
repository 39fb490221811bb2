"""Querysets that several kinds of row share."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Q

from catalogue.editing.reach import approving_reach, editing_reach


class EditedQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Rows that editors have a screen for; whose they are stands in catalogue/editing/owners.py."""

    def editable_by(self, user: Any, day: dt.date) -> models.QuerySet[Any]:
        """Return the rows that a person's postings of the day let them edit; all of them for a superuser."""
        return editing_reach(user, day).within(self)

    def approvable_by(self, user: Any, day: dt.date) -> models.QuerySet[Any]:
        """Return the rows that a person's postings let them approve, whoever wrote the change."""
        return approving_reach(user, day).within(self)

    def choosable_by(self, user: Any, day: dt.date) -> models.QuerySet[Any]:
        """Return the rows that somebody may name in a form: what the public sees, and what they edit."""
        reach = editing_reach(user, day)
        if reach.is_whole or not any(field.name == "live" for field in self.model._meta.fields):
            return self
        own = reach.within(self.model._default_manager.all()).values("pk")
        return self.filter(Q(live=True) | Q(pk__in=own))


class DatedQuerySet(EditedQuerySet):
    """Rows that are valid from a day until the day before another."""

    def on(self, day: dt.date) -> Self:
        """Return the rows valid on `day`; an empty date is open on that side."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day)).filter(Q(valid_to=None) | Q(valid_to__gt=day))


class LiveQuerySet(EditedQuerySet):
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
