"""How postings are named in a report, and what the audit hears."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction

from catalogue.models import Posting
from portal.accounts.audit import note

BY = "load_officers"


def name_of_post(posting: Posting) -> str:
    """Return how a report names a posting."""
    return f"{posting.user.get_username()} · {posting.agency.identifier} · {posting.role}"


def audit_later(event: str, user: Any, *, by: str = BY, **more: Any) -> None:
    """Write a line of the audit once all is committed: ids and names of fields, never a name or an address."""
    transaction.on_commit(partial(note, event, user=user, by=by, **more))
