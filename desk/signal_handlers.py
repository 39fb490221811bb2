"""What makes the kept working calendars old: their rows, and loads of centres; what protects the event log."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections, transaction
from django.db.models.signals import post_delete, post_migrate, post_save

from catalogue.models import OpeningHours
from catalogue.signals import catalogue_changed
from desk import calendar, triggers
from desk.models import CalendarDay


def connect() -> None:
    """Connect every signal that changes a working calendar, and the end of each `migrate`."""
    post_migrate.connect(protect_events, sender=apps.get_app_config("desk"), dispatch_uid="desk_triggers")
    for model in (CalendarDay, OpeningHours):
        for signal in (post_save, post_delete):
            signal.connect(calendar_changed, sender=model, dispatch_uid="desk_calendar")
    catalogue_changed.connect(calendar_changed, dispatch_uid="desk_calendar")


def calendar_changed(**kwargs: Any) -> None:
    """Let every process read the rows anew after the commit."""
    transaction.on_commit(calendar.generation.move_on, robust=True)


def protect_events(using: str, **kwargs: Any) -> None:
    """Make the triggers of the event log anew where a migration has remade its table."""
    triggers.install(connections[using])
