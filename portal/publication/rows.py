"""Whose rows the board is about: what a person's postings reach, in this province."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from catalogue.editing.reach import editing_reach
from catalogue.models import Agency, Centre, Decision, Procedure


def procedures(user: Any, day: dt.date) -> QuerySet[Procedure]:
    """Return the procedures in force of this province that a person may edit, never published drafts too."""
    rows = Procedure.objects.editable_by(user, day).filter(status=Procedure.Status.IN_FORCE)
    return rows.filter(pk__in=Procedure.objects.of_province(settings.PROVINCE_CODE).order_by().values("pk"))


def centres(user: Any, day: dt.date) -> QuerySet[Centre]:
    """Return this province's centres that a person may edit."""
    return Centre.objects.editable_by(user, day).filter(province__code=settings.PROVINCE_CODE)


def agencies(user: Any, day: dt.date) -> QuerySet[Agency]:
    """Return the agencies that exist on a day and that a person's postings reach."""
    reach = editing_reach(user, day)
    rows = Agency.objects.on(day)
    return rows if reach.is_whole else rows.filter(pk__in=reach.agencies)


def decisions(user: Any, day: dt.date) -> QuerySet[Decision]:
    """Return the publication decisions that a person may edit: they are the province's own."""
    return Decision.objects.editable_by(user, day)  # type: ignore[return-value]
