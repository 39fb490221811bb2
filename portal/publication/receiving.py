"""Which centre receives what, and why: the rule of Nghị định 118/2025/NĐ-CP Điều 14, or an exception to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from catalogue.models import Centre, CentreException, Procedure


@dataclass(frozen=True)
class Answer:
    """Whether a centre receives a procedure, in words why, and the exceptions that decide it."""

    receives: bool
    why: str
    exceptions: tuple[CentreException, ...] = ()


def public() -> QuerySet[Procedure]:
    """Return what the province's portal shows and still is in force."""
    return Procedure.objects.public(settings.PROVINCE_CODE).in_force()


def received(centre: Centre) -> QuerySet[Procedure]:
    """Return what a centre receives."""
    return public().received_by(centre)  # type: ignore[attr-defined, no-any-return]


def not_received(centre: Centre) -> QuerySet[Procedure]:
    """Return what a centre doesn't receive."""
    return public().exclude(pk__in=received(centre).order_by().values("pk"))


def exceptions_of(centre: Centre) -> list[CentreException]:
    """Return the exceptions that concern a centre, its own and those of every centre (one query)."""
    rows = CentreException.objects.filter(Q(centre=centre) | Q(centre=None))
    return list(rows.select_related("centre", "procedure", "field", "decision"))


def answer(procedure: Any, exceptions: Iterable[CentreException]) -> Answer:
    """Return what holds for a procedure among a centre's exceptions, as `received_by` decides it.

    The procedure's roles are prefetched.
    """
    named = [row for row in exceptions if _names(row, procedure)]
    against = tuple(row for row in named if not row.receives)
    if against:
        return Answer(False, _("an exception says so"), against)
    granted = tuple(row for row in named if row.receives)
    if granted:
        return Answer(True, _("an exception says so"), granted)
    roles = list(procedure.roles.all())
    if roles and all(role.is_vertical for role in roles):
        return Answer(False, _("rule: only vertical agencies decide it, and no decision lists it"))
    return Answer(True, _("rule: every centre receives what the province and its communes decide"))


def _names(row: CentreException, procedure: Procedure) -> bool:
    return row.procedure_id == procedure.pk if row.procedure_id else row.field_id == procedure.field_id


def centres_for(procedure: Procedure, centres: Sequence[Centre]) -> list[tuple[Centre, Answer]]:
    """Return what each centre answers for a procedure (two queries)."""
    named = CentreException.objects.filter(Q(procedure=procedure) | Q(field=procedure.field_id))
    rows = list(named.select_related("centre", "procedure", "field", "decision"))
    return [
        (centre, answer(procedure, [row for row in rows if row.centre_id in (None, centre.pk)])) for centre in centres
    ]
