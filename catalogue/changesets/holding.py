"""Which undecided lines of a file's set can't go on yet, found without reading the rows whole."""

from __future__ import annotations

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from wagtail.models import WorkflowState

from catalogue.loading.comparing import open_work
from catalogue.loading.sentences import Sentence
from catalogue.models import ChangeLine, ChangeSet, Procedure, ProcedureVersion


def held(change_set: ChangeSet, on: dt.date) -> dict[int, Sentence]:
    """Return by the id of the procedure whose open work stands on the rows of undecided lines (seven queries)."""
    lines = _undecided(change_set).filter(procedure__isnull=False)
    rows = Procedure.objects.filter(pk__in=lines.values("procedure")).order_by()
    has_draft = Q(has_unpublished_changes=True) | ~Q(latest_revision=F("live_revision"))
    found = set(rows.filter(has_draft | Q(locked=True)).values_list("pk", flat=True))
    kind = ContentType.objects.get_for_model(Procedure)
    flows = WorkflowState.objects.active().filter(base_content_type=kind).values_list("object_id", flat=True)
    found |= set(rows.filter(pk__in=[int(pk) for pk in flows]).values_list("pk", flat=True))
    future = ProcedureVersion.objects.future(on).filter(procedure__in=lines.values("procedure"))
    found |= set(future.values_list("procedure", flat=True))
    return open_work(sorted(found), on=on) if found else {}


def overtaken(change_set: ChangeSet) -> QuerySet[ChangeLine]:
    """Return the undecided lines whose row was written after they were compared with it, or came into being since."""
    same_code = Procedure.objects.filter(code=OuterRef("code"))
    later = Q(procedure__updated_at__gt=F("written_at"))
    return _undecided(change_set).filter(later | Q(procedure__isnull=True) & Exists(same_code)).order_by("pk")


def _undecided(change_set: ChangeSet) -> QuerySet[ChangeLine]:
    return change_set.lines.filter(status=ChangeLine.Status.OPEN)
