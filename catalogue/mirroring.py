"""Every entry of Wagtail's log, as a line of the audit after the commit.

The log is in the database, where whoever owns that can change it; the line on stdout is already elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models.signals import post_save
from wagtail.models import ModelLogEntry, PageLogEntry
from wagtail.models.audit_log import BaseLogEntry

from catalogue.audit import note


def connect() -> None:
    """Listen to entries of the log."""
    for model in (ModelLogEntry, PageLogEntry):
        post_save.connect(entry_written, sender=model, dispatch_uid="mirror_to_audit")


def entry_written(instance: BaseLogEntry, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Mirror one entry; a fixture that is read in did nothing."""
    if created and not raw:
        mirror([instance])


def mirror(entries: Iterable[BaseLogEntry]) -> None:
    """Write the lines of entries after the commit; what is inserted in bulk sends no signal, and calls this."""
    for entry in entries:
        transaction.on_commit(partial(_tell, entry), robust=True)


def _tell(entry: BaseLogEntry) -> None:
    kind = ContentType.objects.get_for_id(entry.content_type_id) if entry.content_type_id else None
    row = entry.page_id if isinstance(entry, PageLogEntry) else entry.object_id
    note(
        "catalogue",
        f"cms.{entry.action}",
        user=entry.user_id,
        at=entry.timestamp.isoformat(),
        kind=f"{kind.app_label}.{kind.model}" if kind else "",
        row=str(row),
        revision=entry.revision_id,
    )
