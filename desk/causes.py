"""Who has the next step of a dossier that is open: read from its row, so that lists and figures say the same."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from desk.models import HandOver
from desk.states import WAITING


class Cause(models.TextChoices):
    """For whom an open dossier waits: each stands at exactly one of them, the first that fits."""

    APPLICANT = "applicant", _("the applicant: supplement or payment")
    HAND_OVER = "hand_over", _("passed on, not taken over yet")
    DECIDING = "deciding", _("the agency that decides")
    COUNTER = "counter", _("the centre that received it")
    ELSEWHERE = "elsewhere", _("another agency that was asked")


def fits() -> dict[Cause, Q]:
    """Return what each cause asks of a row, in the order in which they are tried."""
    waiting = HandOver.objects.filter(taken_at=None).order_by().values("dossier")
    return {
        Cause.APPLICANT: Q(state__in=sorted(map(int, WAITING))),
        Cause.HAND_OVER: Q(pk__in=waiting),
        Cause.DECIDING: Q(holder_agency=F("decided_by")),
        Cause.COUNTER: Q(holder_agency=F("received_by")),
    }


def cause_is(cause: str) -> Q:
    """Return the condition that an open dossier waits for this one, and for none that is tried before it."""
    found = Q()
    for name, condition in fits().items():
        if name == cause:
            return found & condition
        found &= ~condition
    return found


def cause_of_each() -> Case:
    """Return the cause of each row, to group by."""
    each = [When(condition, then=Value(name.value)) for name, condition in fits().items()]
    return Case(*each, default=Value(Cause.ELSEWHERE.value), output_field=models.CharField())
