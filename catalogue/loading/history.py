"""Revisions, versions and log entries of many rows at once: publish() would take a minute or more."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Max, Prefetch
from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision

from catalogue.audit import note
from catalogue.loading.output import Progress, silent
from catalogue.mirroring import mirror
from catalogue.models import Case, FilingChannel, Procedure, ProcedureVersion, RequiredPaper
from catalogue.versioning import digest, legal_content, new_version

BATCH = 200
# psycopg quotes arrays of long texts in Python: for whole contents a row a statement takes half the time.
CONTENTS_A_STATEMENT = 1


def whole(pks: Sequence[int]) -> models.QuerySet[Any]:
    """Return procedures with everything that a revision or a version holds."""
    papers = RequiredPaper.objects.select_related("form")
    return (
        Procedure.objects.filter(pk__in=pks)
        .order_by("pk")
        .select_related("field", "decision")
        .prefetch_related(
            "results",
            "roles",
            "audiences",
            "legal_basis",
            Prefetch("channels", FilingChannel.objects.prefetch_related("terms", "fees")),
            Prefetch("cases", Case.objects.prefetch_related(Prefetch("papers", papers))),
        )
    )


def batches(pks: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield the ids in portions that fit a query."""
    for start in range(0, len(pks), BATCH):
        yield pks[start : start + BATCH]


def record_procedures(
    recorded: Mapping[int, dt.date | None],
    *,
    action: str,
    changed: Mapping[int, Sequence[str]] | None = None,
    progress: Progress = silent,
) -> None:
    """Write revision, version and log entry of procedures whose rows stand.

    `recorded` gives the day of each row's source. A first version is in force since before and recorded on
    that day; a later one is in force from that day and recorded now. No version where no legal part changed.
    """
    done = 0
    for pks in batches(list(recorded)):
        progress(f"recording revisions and versions: {done} of {len(recorded)}")
        done += len(pks)
        procedures = list(whole(pks))
        record_revisions(procedures, action=action, changed=changed or {})
        _record_versions(procedures, recorded)


def record_revisions(
    rows: Sequence[Any], *, action: str, changed: Mapping[int, Sequence[str]] | None = None, user: Any = None
) -> None:
    """Write a live revision and a log entry of each row, and point the row at it; `user` is who approved it."""
    if not rows:
        return None
    now, batch = timezone.now(), uuid.uuid4()
    kind = ContentType.objects.get_for_model(rows[0], for_concrete_model=False)
    revisions = Revision.objects.bulk_create(
        [
            Revision(
                content_type=kind,
                base_content_type=kind,
                object_id=str(row.pk),
                created_at=now,
                object_str=str(row),
                content=row.serializable_data(),
            )
            for row in rows
        ],
        batch_size=CONTENTS_A_STATEMENT,
    )
    for row, revision in zip(rows, revisions, strict=True):
        row.latest_revision = row.live_revision = revision
        row.last_published_at = row.updated_at = now
        row.first_published_at = row.first_published_at or now
    columns = ["latest_revision", "live_revision", "first_published_at", "last_published_at", "updated_at"]
    type(rows[0])._default_manager.bulk_update(rows, columns, batch_size=100)
    entries = ModelLogEntry.objects.bulk_create(
        [
            ModelLogEntry(
                content_type=kind,
                object_id=str(row.pk),
                label=str(row),
                action=action,
                timestamp=now,
                user=user,
                uuid=batch,
                revision=revision,
                content_changed=True,
                data={"fields": list((changed or {}).get(row.pk, ()))},
            )
            for row, revision in zip(rows, revisions, strict=True)
        ],
        batch_size=500,
    )
    if user is not None:
        return mirror(entries)
    told = partial(note, "catalogue", "catalogue.recorded", action=action, kind=kind.model, rows=len(entries))
    return transaction.on_commit(told, robust=True)


def _record_versions(procedures: Sequence[Procedure], recorded: Mapping[int, dt.date | None]) -> None:
    last = _last_versions([procedure.pk for procedure in procedures])
    now = timezone.now()
    versions = []
    for procedure in procedures:
        content = legal_content(procedure)
        number, last_digest, in_force_from = last.get(procedure.pk, (0, "", None))
        if digest(content) == last_digest:
            continue
        day = recorded[procedure.pk]
        # Never before what an editor published since: it is part of this content.
        effective_from = max(filter(None, (day, in_force_from)), default=None) if number else None
        versions.append(
            new_version(
                procedure,
                content,
                number + 1,
                decision=procedure.decision,
                effective_from=effective_from,
                at=_midnight(day) if day and not number else now,
            )
        )
    ProcedureVersion.objects.bulk_create(versions, batch_size=CONTENTS_A_STATEMENT)


def record_versions(procedures: Sequence[Procedure], *, at: dt.datetime, starts: dt.date) -> None:
    """Write versions of whole rows, in force from a day that has come; none where what is in force says the same.

    Never before the newest version that is in force: what an editor published since is part of this content.
    """
    pks = [procedure.pk for procedure in procedures]
    versions = ProcedureVersion.objects.filter(procedure__in=pks)
    in_force = versions.as_of(timezone.localdate(at)).values_list("procedure_id", "digest", "effective_from")
    known = {pk: (mark, since) for pk, mark, since in in_force}
    numbers = _last_versions(pks)
    made = []
    for procedure in procedures:
        content = legal_content(procedure)
        last_digest, since = known.get(procedure.pk, ("", None))
        if digest(content) == last_digest:
            continue
        number, _digest, _day = numbers.get(procedure.pk, (0, "", None))
        made.append(
            new_version(
                procedure,
                content,
                number + 1,
                decision=procedure.decision,
                effective_from=max(since, starts) if since else starts,
                at=at,
            )
        )
    ProcedureVersion.objects.bulk_create(made, batch_size=CONTENTS_A_STATEMENT)


def _last_versions(pks: Sequence[int]) -> dict[int, tuple[int, str, dt.date | None]]:
    newest = ProcedureVersion.objects.filter(procedure__in=pks).values("procedure").annotate(last=Max("number"))
    numbers = {row["procedure"]: row["last"] for row in newest.order_by()}
    columns = ("procedure_id", "number", "digest", "effective_from")
    rows = ProcedureVersion.objects.filter(procedure__in=pks).values_list(*columns)
    return {pk: (number, mark, since) for pk, number, mark, since in rows if numbers[pk] == number}


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
