"""What goes before and after the publication of a procedure: the ground of a legal change, and its version."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from wagtail.models import Revision

from catalogue.editing.four_eyes import NotApprovedError
from catalogue.legal import what_lacks
from catalogue.models import Procedure, ProcedureVersion
from catalogue.versioning import legal_content, record_version

Law = dict[str, Any] | None


def published_law(procedure: Procedure) -> Law:
    """Return the legal content that readers see now, None where they see nothing; reads the children."""
    row = Procedure.objects.for_page().filter(pk=procedure.pk, live=True).first()
    return legal_content(row) if row else None


def missing_ground(draft: Any, day: dt.date) -> str:
    """Return why a draft can't go out on a day for want of a ground; empty where it can. Reads the children twice.

    Procedures alone need one: no other kind of row is law.
    """
    if not isinstance(draft, Procedure):
        return ""
    return what_lacks(published_law(draft), legal_content(draft), draft, day)


def require_ground(revision: Revision, day: dt.date) -> None:
    """Raise NotApprovedError where a draft changes the law without naming what it stands on."""
    if missing := missing_ground(revision.as_object(), day):
        raise NotApprovedError(missing)


def record(procedure: Procedure, before: Law, ground: str, at: dt.datetime) -> None:
    """Record a version where the publication changed the law; correcting a typing error makes none.

    It is in force from the decision's day, else from today.
    """
    row = Procedure.objects.for_page().get(pk=procedure.pk)
    is_known = before is not None and ProcedureVersion.objects.filter(procedure=row).exists()
    if is_known and (ground == Procedure.Ground.TYPO or legal_content(row) == before):
        return
    named = row.decision if ground == Procedure.Ground.DECISION else None
    day = named.takes_effect_on if named and named.takes_effect_on else timezone.localdate(at)
    record_version(row, decision=row.decision, effective_from=day, at=at)
