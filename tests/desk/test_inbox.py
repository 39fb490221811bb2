"""Notices: to whom they are shown, and that reading one is written down once, with who and when."""

from __future__ import annotations

import datetime as dt
import json
import logging

import pytest
from django.utils import timezone

from desk.models import Dossier, Notice
from desk.views.notices import PAGE
from tests.desk.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
LIST, READ = "/desk/notices/", "/desk/notices/read/"
DAY = dt.timedelta(1)


@pytest.fixture
def open_as(open_as, monkeypatch):
    """Log a person of the cast in, on a Tuesday in March."""
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + DAY)
    return open_as


def tell(cast: Cast, dossier: Dossier, role: str = "clerk", kind: str = "soon", about: str = "1", **more) -> Notice:
    """Write a notice."""
    agency = more.pop("agency", cast.commune)
    return Notice.objects.create(
        dossier=dossier, kind=kind, agency=agency, role=role, about=about, made_at=MONDAY, **more
    )


def shown(client) -> list[Notice]:
    return [notice for notice, _pressing in client.get(LIST).context["lines"]]


def test_each_role_reads_its_own(cast, open_as):
    dossier = cast.processing()
    clerk, head = tell(cast, dossier), tell(cast, dossier, "head", "overdue")
    handler = tell(cast, dossier, "handler", agency=cast.department)
    everybody = tell(cast, dossier, "", "overdue", "2")
    tell(cast, dossier, about="read", read_at=MONDAY)
    told = {name: set(shown(open_as(name))) for name in ("clerk", "head", "handler", "contractor", "stranger")}
    assert told == {
        "clerk": {clerk, everybody}, "head": {head, everybody}, "handler": {handler}, "contractor": {everybody},
        "stranger": set(),
    }  # fmt: skip
    assert open_as("clerk").get("/desk/").context["page"].notices == 2


def test_what_the_agency_may_not_see_any_more_is_not_told(cast, open_as):
    dossier = cast.processing()
    tell(cast, dossier, agency=cast.neighbour)
    assert shown(open_as("stranger")) == []


def test_one_is_marked_with_who_and_when_the_first_time(cast, open_as, caplog):
    dossier = cast.received()
    notice, other = tell(cast, dossier), tell(cast, dossier, about="2")
    client = open_as("clerk")
    with caplog.at_level(logging.INFO, "desk.audit"):
        assert client.post(READ, {"notice": notice.pk, "up_to": other.pk}).url == LIST
    notice.refresh_from_db()
    assert (notice.read_at, notice.read_by) == (MONDAY + DAY, cast.people["clerk"])
    line = json.loads(caplog.records[-1].message)
    assert line == {
        "event": "desk.notices_read", "user": cast.people["clerk"].pk, "number": 1, "at": (MONDAY + DAY).isoformat(),
    }  # fmt: skip
    assert shown(client) == [other]
    Notice.objects.filter(pk=notice.pk).update(read_by=cast.people["head"], read_at=MONDAY)
    assert client.post(READ, {"notice": notice.pk}, follow=True).status_code == 200
    notice.refresh_from_db()
    assert (notice.read_at, notice.read_by) == (MONDAY, cast.people["head"]), "who came first stays"


def test_all_are_read_up_to_the_newest_that_was_on_the_screen(cast, open_as):
    dossier = cast.received()
    first, second = tell(cast, dossier), tell(cast, dossier, about="2")
    for_the_head = tell(cast, dossier, "head")
    came_later = tell(cast, dossier, about="3")
    client = open_as("clerk")
    client.post(READ, {"up_to": second.pk})
    unread = set(Notice.objects.unread())
    assert unread == {for_the_head, came_later} and first not in unread


def test_the_neighbours_notice_is_not_there(cast, open_as):
    notice = tell(cast, cast.received())
    for name in ("stranger", "head"):
        assert open_as(name).post(READ, {"notice": notice.pk}).status_code == 404
        open_as(name).post(READ, {"up_to": notice.pk})
    notice.refresh_from_db()
    assert notice.read_at is None


@pytest.mark.parametrize("sent", [{}, {"notice": "x"}, {"notice": "-1"}, {"up_to": "9" * 400}, {"notice": "²"}])
def test_nonsense_marks_nothing_and_says_what_to_do(cast, open_as, sent):
    tell(cast, cast.received())
    answer = open_as("clerk").post(READ, sent, follow=True)
    assert "Hãy chọn một cảnh báo" in answer.content.decode() and Notice.objects.unread().count() == 1
    assert open_as("clerk").get(READ).status_code == 405


def test_pages_follow_each_other_and_cost_as_many_queries_for_many(cast, open_as, django_assert_max_num_queries):
    dossier = cast.received()
    client = open_as("clerk")
    tell(cast, dossier)
    for number in range(PAGE + 2):
        tell(cast, dossier, about=f"n{number}")
    client.get(LIST)
    with django_assert_max_num_queries(5):  # Session, person, posts; notices; how many.
        first = client.get(LIST)
    assert len(first.context["lines"]) == PAGE and first.context["count"] == PAGE + 3
    second = client.get(LIST, {"before": first.context["before"]})
    assert len(second.context["lines"]) == 3 and not second.context["before"]
    assert len(client.get(LIST, {"before": "nonsense"}).context["lines"]) == PAGE
