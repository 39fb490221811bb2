"""The life of a dossier, from the counter to the hand that takes the result."""

from __future__ import annotations

import datetime as dt

from desk import actions
from desk.models import Dossier
from desk.states import State
from tests.desk.cast import FORM, MONDAY

DAY = dt.timedelta(1)


def test_the_whole_life(cast):
    dossier = cast.received()
    assert dossier.code == "DEMO.01-260302-0001"
    assert dossier.state == State.RECEIVED
    assert dossier.due_at.date() == dt.date(2026, 3, 9)
    by = cast.actor
    actions.forward(dossier.pk, by=by("clerk"), at=MONDAY, to_agency=cast.department, step="Thẩm định")
    actions.take_over(dossier.pk, by=by("handler"), at=MONDAY)
    actions.request_supplement(dossier.pk, by=by("handler"), at=MONDAY + DAY, demands=[FORM])
    asked = Dossier.objects.get(pk=dossier.pk)
    assert (asked.state, asked.due_at, asked.work_supplements) == (State.SUPPLEMENT, None, 1)
    back = actions.accept_supplement(dossier.pk, by=by("clerk"), at=MONDAY + 2 * DAY)
    assert (back.state, back.due_at.date()) == (State.PROCESSING, dt.date(2026, 3, 11))
    done = actions.finish(
        dossier.pk, by=by("approver"), at=MONDAY + 3 * DAY, outcome="granted", number="12/GKS",
        signed_on=dt.date(2026, 3, 5), signatory="Lê Minh",
    )  # fmt: skip
    assert (done.state, done.settlement, done.holder_agency) == (State.FINISHED, "early", cast.commune)
    returned = actions.return_result(dossier.pk, by=by("contractor"), at=MONDAY + 4 * DAY)
    assert returned.state == State.RETURNED
    assert list(returned.events.values_list("number", "act")) == [
        (1, "receive"),
        (2, "forward"),
        (3, "take_over"),
        (4, "request_supplement"),
        (5, "accept_supplement"),
        (6, "finish"),
        (7, "return_result"),
    ]
