"""Every entry of Wagtail's log, and every change of a person's groups, as a line of the audit after the commit.

The log is in the database, where whoever owns that can change it; the line on stdout is already elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_save
from wagtail.log_actions import get_active_log_context
from wagtail.models import ModelLogEntry, PageLogEntry
from wagtail.models.audit_log import BaseLogEntry

from catalogue.audit import note

CHANGED = {"post_add": "added", "post_remove": "removed", "post_clear": "cleared"}


def connect() -> None:
    """Listen to entries of the log, and to what no entry tells: who joined or left a group, what a group may do."""
    for model in (ModelLogEntry, PageLogEntry):
        post_save.connect(entry_written, sender=model, dispatch_uid="mirror_to_audit")
    for through in (get_user_model().groups.through, Group.permissions.through):
        m2m_changed.connect(rights_changed, sender=through, dispatch_uid="mirror_to_audit")


def entry_written(instance: BaseLogEntry, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """Mirror one entry; a fixture that is read in did nothing."""
    if created and not raw:
        mirror([instance])


def mirror(entries: Iterable[BaseLogEntry]) -> None:
    """Write the lines of entries after the commit; what is inserted in bulk sends no signal, and calls this."""
    for entry in entries:
        transaction.on_commit(partial(_tell, entry), robust=True)


def rights_changed(instance: models.Model, action: str, pk_set: Collection[int] | None, **kwargs: Any) -> None:
    """Mirror who was put into which group or taken out, and which permissions a group got or lost."""
    if action not in CHANGED or (pk_set is not None and not pk_set):
        return
    by = get_active_log_context().user
    line: dict[str, Any] = {"kind": instance._meta.label_lower, "row": str(instance.pk), "others": sorted(pk_set or ())}
    # From the other side of the tie the same rows are named the other way round: `kind` says which.
    what = "permissions" if kwargs["sender"] is Group.permissions.through else "groups"
    told = partial(note, "catalogue", f"cms.{what}_{CHANGED[action]}", user=by.pk if by else None, **line)
    transaction.on_commit(told, robust=True)


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
