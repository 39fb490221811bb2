"""What an act costs the database."""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import ReferenceIndex

from desk import actions
from desk.models import CalendarDay
from tests.desk.cast import MONDAY


def test_passing_on_asks_the_database_few_times(cast):
    dossier = cast.received()
    by = cast.actor("clerk")
    with CaptureQueriesContext(connection) as asked:
        actions.forward(dossier.pk, by=by, at=MONDAY, to_agency=cast.department)
    told = [query["sql"][:150] for query in asked]
    assert len(told) <= 8, told  # Begin, lock, open hand-over, hand-over, event, dossier, deltas, end.


def test_wagtail_keeps_no_index_of_dossiers():
    rows = [model for model in apps.get_app_config("desk").get_models() if model is not CalendarDay]
    assert len(rows) >= 25
    assert not [model for model in rows if ReferenceIndex.model_is_indexable(model)]
