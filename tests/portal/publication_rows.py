"""Rows of every shade for the board: some that have all, some that lack one thing, of two wards and the province."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from catalogue import models as m
from catalogue.versioning import record_version
from tests import factories
from tests.catalogue.editing_cast import Cast
from tests.publishing import publish

BOARD = "/cms/publication/"
STRANGERS = ("clerk", "expired", "coming", "unposted")


def fill(cast: Cast) -> None:
    """Add procedures, centres, hotlines and decisions that lack different things."""
    land = factories.FieldFactory(slug="dat-dai", name_vi="Đất đai")
    decision = factories.DecisionFactory(number="7/QĐ-UBND", issuer="UBND thành phố", signed_on=dt.date(2026, 8, 28))
    sent = factories.DecisionFactory(number="8/QĐ-BTP", signed_on=dt.date(2026, 8, 3), sent_on=dt.date(2026, 8, 10))
    for index in range(8):
        row = factories.ProcedureFactory(
            name_vi=f"Thủ tục mẫu {index}",
            name_en=f"Sample {index}" if index % 2 else "",
            field=land if index % 2 else cast.rows[m.Field],
            maintained_by=[cast.ward, cast.neighbour, None][index % 3],
            decision=[decision, sent, None][index % 3],
            has_details=index != 3,
            mentions_district=index == 4,
            online_level="full" if index == 5 else "unknown",
            online_url="https://example.vn/nop" if index == 6 else "",
            portal_url="",
            is_province_level=index == 7,
            with_channels=index != 2,
            with_papers=index != 1,
            draft=index == 0,
        )
        if index == 4:
            m.FeeItem.objects.filter(channel__procedure=row).update(amount=None, certainty="suspect")
        if index == 5:
            form = m.Form.objects.create(name="Tờ khai mẫu")
            m.RequiredPaper.objects.filter(case__procedure=row).update(form=form)
    for index, agency in enumerate((cast.neighbour, None)):
        factories.CentreFactory(
            name_vi=f"Trung tâm mẫu {index}",
            agency=agency,
            place=cast.neighbour.place if agency else factories.CommuneFactory(),
            address="" if index else "1 Lê Duẩn",
            draft=bool(index),
        )
    centre = cast.rows[m.Centre]
    m.OpeningHours.objects.create(centre=centre, weekday=0, opens=dt.time(7), closes=dt.time(11))


def unclassified(procedure: m.Procedure, *names: str) -> list[Any]:
    """Add rows that the source counts 0 and 0 times, as a loader does: with revision and version of their procedure."""
    case = procedure.cases.first() or factories.CaseFactory(procedure=procedure)
    for name in names:
        factories.RequiredPaperFactory(case=case, name_vi=name, unclassified=True)
    row = publish(m.Procedure.objects.get(pk=procedure.pk))
    record_version(row, decision=row.decision, effective_from=timezone.localdate(), at=timezone.now())
    return [m.RequiredPaper.objects.get(case__procedure=procedure, name_vi=name) for name in names]
