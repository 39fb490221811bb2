"""The register of an agency (Mẫu số 07): what it received in a period, as a sheet to print or a workbook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet

from catalogue.models import Agency
from catalogue.opening import ZONE
from desk.models import Dossier, Party
from desk.slips.content import RegisterSheet
from desk.slips.naming import person, vi
from desk.slips.parts import Heading, RegisterRow

CHUNK = 500


def register_sheet(agency: Agency, first_day: dt.date, last_day: dt.date, *, on: dt.date) -> RegisterSheet:
    """Return the register of a period, both days included, drawn up `on` a day."""
    return RegisterSheet(
        heading=Heading(
            agency=vi(agency),
            above=vi(agency.parent) if agency.parent else "",
            number="",
            place=agency.place.bare_name,
            on=on,
        ),
        first_day=first_day,
        last_day=last_day,
        rows=tuple(register_rows(agency, first_day, last_day)),
    )


def register_rows(agency: Agency, first_day: dt.date, last_day: dt.date) -> Iterator[RegisterRow]:
    """Yield a row a dossier, in the order of receipt, numbered from 1 (a query each 500 rows, and two for people)."""
    dossiers = (
        received(agency, first_day, last_day)
        .select_related("procedure", "version", "decided_by")
        .prefetch_related("parties__identifiers")
        .order_by("received_at", "pk")
    )
    for number, dossier in enumerate(dossiers.iterator(chunk_size=CHUNK), start=1):
        yield _row(number, dossier)


def count_rows(agency: Agency, first_day: dt.date, last_day: dt.date) -> int:
    """Return how many rows a register has (one query)."""
    return received(agency, first_day, last_day).count()


def received(agency: Agency, first_day: dt.date, last_day: dt.date) -> QuerySet[Dossier]:
    """Return what an agency received in a period; nothing is received before it was submitted."""
    begin = dt.datetime.combine(first_day, dt.time(), ZONE)
    end = dt.datetime.combine(last_day + dt.timedelta(1), dt.time(), ZONE)
    rows = Dossier.objects.filter(received_by=agency, received_at__gte=begin, received_at__lt=end, system="")
    return rows.filter(submitted_at__lt=end)


def _row(number: int, dossier: Dossier) -> RegisterRow:
    assert dossier.received_at is not None
    parties = {row.role: row for row in dossier.parties.all()}
    applicant = person(parties[Party.Role.APPLICANT])
    return RegisterRow(
        number=number,
        code=dossier.code,
        procedure=dossier.version.content.get("name") or vi(dossier.procedure),
        sets=dossier.sets,
        applicant=applicant.name,
        address=applicant.address,
        phone=applicant.phone,
        agency=vi(dossier.decided_by),
        received_at=dossier.received_at,
        due_at=dossier.due_at or dossier.original_due_at,
        returned_at=dossier.returned_at,
        return_by=dossier.return_by,
    )
