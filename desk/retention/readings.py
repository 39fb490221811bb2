"""Delete readings whose time is over: the database lets go of none that is younger than two years."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from desk.models import DossierReading
from desk.triggers import KEPT_YEARS

BATCH = 5_000


def delete_old(at: dt.datetime) -> int:
    """Delete a batch of the oldest; return how many (two queries)."""
    years = max(settings.DESK_READINGS_YEARS, KEPT_YEARS)
    before = at - dt.timedelta(days=366 * years)
    keys = list(DossierReading.objects.filter(at__lt=before).order_by("at").values_list("pk", flat=True)[:BATCH])
    return DossierReading.objects.filter(pk__in=keys).delete()[0] if keys else 0
