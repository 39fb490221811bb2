"""Flagged rows: what makes an editor look at them, and what they said once they had looked.

A look holds as long as what was looked at: whatever changes a procedure tells so (`published`, `catalogue_changed`),
and looks at other texts than those that stand are forgotten then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from catalogue.models import Case, FeeItem, FilingChannel, Procedure, RowCheck
from catalogue.versioning import digest

Doubt = RowCheck.Doubt


def flagged(doubt: str) -> Q:
    """Return the condition that a procedure's row carries a doubt."""
    suspect = FeeItem.objects.filter(channel__procedure=OuterRef("pk"), certainty=FeeItem.Certainty.SUSPECT)
    conditions = {
        Doubt.DISTRICT: Q(mentions_district=True),
        Doubt.FEE: Q(Exists(suspect)),
        Doubt.PAPERS: Q(is_papers_split_guessed=True),
        Doubt.FEES: Q(is_fees_split_guessed=True),
        Doubt.AUTHORITIES: Q(roles_need_review=True),
    }
    return conditions[Doubt(doubt)]


def with_parts(rows: models.QuerySet[Procedure]) -> models.QuerySet[Procedure]:
    """Read with procedures all that their doubts are about (seven queries more)."""
    return rows.prefetch_related(
        models.Prefetch("channels", FilingChannel.objects.prefetch_related("terms", "fees")),
        models.Prefetch("cases", Case.objects.prefetch_related("papers")),
        "roles",
        "results",
    )


def looked_at(procedure: Any, doubt: str) -> dict[str, Any]:
    """Return what somebody looks at for a doubt, as plain data in Vietnamese; of rows read by `with_parts`."""
    channels = list(procedure.channels.all())
    fees = {row.key: [[fee.certainty, _amount(fee), fee.text_vi] for fee in row.fees.all()] for row in channels}
    terms = {row.key: [[term.number, term.unit, term.text_vi] for term in row.terms.all()] for row in channels}
    papers = [[case.label_vi, [paper.name_vi for paper in case.papers.all()]] for case in procedure.cases.all()]
    roles = [procedure.roles_text, sorted(role.code for role in procedure.roles.all())]
    results = [row.name_vi for row in procedure.results.all()]
    texts = {name: getattr(procedure, name) or "" for name in TEXTS}
    parts: dict[str, dict[str, Any]] = {
        Doubt.DISTRICT: {**texts, "roles": roles, "papers": papers, "fees": fees, "terms": terms, "results": results},
        Doubt.FEE: {"fees": fees},
        Doubt.PAPERS: {"papers": papers},
        Doubt.FEES: {"fees": fees, "terms": terms},
        Doubt.AUTHORITIES: {"roles": roles},
    }
    return parts[Doubt(doubt)]


TEXTS = ("name_vi", "steps_vi", "conditions_vi", "description", "receiving_address", "coordinating_agency")


def seen(procedure: Any, doubt: str) -> str:
    """Return the digest of what somebody looks at: it tells whether a look still holds."""
    return digest(looked_at(procedure, doubt))


def found_right(doubt: str) -> Q:
    """Return the condition that somebody looked at a procedure for a doubt and found it right as it stands."""
    return Q(Exists(RowCheck.objects.filter(procedure=OuterRef("pk"), doubt=doubt)))


def drop_stale(procedures: models.QuerySet[Procedure]) -> int:
    """Forget the looks at what was changed since, and return how many (one query, ten where there are looks)."""
    checks = list(RowCheck.objects.filter(procedure__in=procedures.order_by().values("pk")))
    if not checks:
        return 0
    looked = Procedure.objects.filter(pk__in={check.procedure_id for check in checks})
    rows: Mapping[int, Any] = {row.pk: row for row in with_parts(looked)}
    stale = [check.pk for check in checks if seen(rows[check.procedure_id], check.doubt) != check.digest]
    return RowCheck.objects.filter(pk__in=stale).delete()[0]


def say_right(procedure: Any, doubt: str, *, by: Any, at: dt.datetime) -> None:
    """Write down that somebody looked and found it right; of a row read by `with_parts`, locked."""
    found = {"digest": seen(procedure, doubt), "by": by, "at": at}
    RowCheck.objects.update_or_create(procedure=procedure, doubt=doubt, defaults=found)


def take_back(procedure: Any, doubt: str) -> int:
    """Put a row back on the list; return whether a look was there."""
    return RowCheck.objects.filter(procedure=procedure, doubt=doubt).delete()[0]


def _amount(fee: Any) -> str | None:
    return None if fee.amount is None else f"{fee.amount:.2f}"
