"""Today: every number exact and opening exactly its list, for each role; the most pressing first; few queries."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.utils import timezone

from catalogue.opening import ZONE
from desk import actions
from desk.actors import Actor
from desk.calendar import work_calendar
from desk.deadlines import Urgency
from desk.filters import filter_for
from desk.forms.queue import QueueForm
from desk.models import Dossier, Notice
from desk.permissions import RULES, Side
from desk.piles import is_over_others
from desk.queues import count, counts
from desk.states import OPEN, State, StopKind
from desk.today import FEW, Counted, today
from tests.desk.cast import ROLES, Cast, post
from tests.desk.crowd import DAY, NOW
from tests.desk.test_queues import urgency_of

pytestmark = pytest.mark.django_db
PEOPLE = (*ROLES, "stranger")


def waiting_for(row: Dossier, *people: int | None) -> list[int]:
    """Return the agencies of the open hand-over, if it is for one of these people; None: for whoever takes it."""
    return [each.to_agency_id for each in row.hand_overs.all() if each.taken_at is None and each.to_user_id in people]


def is_in(name: str, row: Dossier, by: Actor) -> bool:
    """Return whether a dossier lies in a pile, from its row alone."""
    whose, _, part = name.partition("_")
    if whose == "ready":
        at_the_counter = row.received_by_id in by.agencies and not row.system
        ended = row.state == State.STOPPED and row.stop_kind == StopKind.END and row.handed_back_at is None
        return at_the_counter and (row.state == State.FINISHED or ended)
    if row.state not in OPEN or row.holder_agency_id not in by.agencies:
        return False
    if whose == "shadows":
        return bool(row.system)
    if whose == "absent":
        return (row.holder_agency_id, row.holder_id) in by.stands_in
    mine, others = row.holder_id == by.user_id, {each.to_user_id for each in row.hand_overs.all() if not each.taken_at}
    free = row.holder_id is None and not row.system and others <= {None, by.user_id}
    if whose == "take":
        agencies = {post.agency_id for post in by.posts if post.role in RULES["take_over"].at[Side.HOLDING]}
        return bool(agencies & set(waiting_for(row, None, by.user_id)))
    if whose == "nobody":
        return free
    if whose == "begin":
        return row.state not in (State.SUPPLEMENT, State.PAYMENT) and (is_over_others(by) or mine or free)
    return (mine or whose == "agency") and PARTS[part](row)


def due_on(row: Dossier) -> dt.date:
    """Return the local day on which it is due."""
    assert row.due_at is not None
    return row.due_at.astimezone(ZONE).date()


PARTS: dict[str, Callable[[Dossier], bool]] = {
    "all": lambda row: True,
    "waiting": lambda row: row.state in (State.SUPPLEMENT, State.PAYMENT),
    "overdue": lambda row: urgency_of(row, NOW) == Urgency.OVERDUE,
    "today": lambda row: urgency_of(row, NOW) == Urgency.SOON and due_on(row) == NOW.date(),
    "next": lambda row: urgency_of(row, NOW) == Urgency.SOON and due_on(row) > NOW.date(),
    "later": lambda row: urgency_of(row, NOW) == Urgency.ON_TIME,
    "standing": lambda row: urgency_of(row, NOW) == Urgency.STANDING,
}


def every(cast: Cast, name: str) -> list[Counted]:
    """Return all numbers that somebody's Today shows."""
    page = today(cast.actor(name, NOW), NOW)
    return [page.begin, *page.shared, *(each for whole, parts in page.groups for each in (whole, *parts))]


@pytest.mark.parametrize("many", [8, 1])
def test_each_number_is_exact_and_opens_exactly_its_list(cast, crowd, many, monkeypatch):
    monkeypatch.setattr("desk.filters.MANY", many)  # With 1 a supervisor of all is known as one.
    seen: dict[str, int] = {}
    rows = [row for row in crowd if not row.system]  # Of a ministry's dossier no due date can be reckoned here.
    shadow = next(row for row in crowd if row.system)
    for name in PEOPLE:
        by = cast.actor(name, NOW)
        for each in every(cast, name):
            pile = each.pile
            should = sum(is_in(pile.name, row, by) for row in rows)
            should += pile.name == "shadows" and shadow.holder_agency_id in by.agencies
            assert each.count == should, (name, pile.name)
            asked = QueueForm(QueryDict(each.query), by)
            assert asked.chosen(NOW) == pile.filter(by, NOW) and not asked.errors, (name, pile.name)
            assert count(asked.chosen(NOW)) == should, (name, pile.name)
            seen[pile.name] = seen.get(pile.name, 0) + should
    assert all(seen.values()), seen
    assert len(seen) == 19


@pytest.mark.parametrize("name", PEOPLE)
def test_the_tiles_add_up_to_what_is_open(cast, crowd, name):
    for whole, parts in today(cast.actor(name, NOW), NOW).groups:
        assert not parts or sum(each.count for each in parts) == whole.count
    numbers = {each.pile.name: each.count for each in every(cast, "supervisor")}
    assert numbers["agency_standing"] and numbers["agency_waiting"] and numbers["shadows"] == 1


def test_many_filters_are_counted_in_one_query(cast, crowd, django_assert_num_queries):
    by = cast.actor("clerk", NOW)
    narrowed = [
        {},
        {"name": "nobody at all"},
        {"states": OPEN, "name": "lan"},
        {"urgency": "overdue"},
        {"states": OPEN},
    ]
    filters = [filter_for(by, NOW, **each) for each in narrowed]
    work_calendar()
    with django_assert_num_queries(1):
        together = counts(filters)
    assert together == [count(each) for each in filters]
    assert counts([]) == []


def test_who_is_over_others_sees_the_agencys_and_the_rest_their_own_and_nobodys(cast, crowd):
    assert {name: is_over_others(cast.actor(name, NOW)) for name in PEOPLE} == {
        "clerk": False, "handler": False, "approver": True, "head": True, "supervisor": True, "contractor": False,
        "stranger": False,
    }  # fmt: skip
    handler = cast.people["handler"].pk
    rows = today(cast.actor("handler", NOW), NOW).lines
    assert rows and {line.row.holder_id for line in rows} <= {handler, None}
    assert all(line.row.holder_agency_id == cast.department.pk for line in rows)
    held = today(cast.actor("head", NOW), NOW).lines
    assert held and {line.row.holder_agency_id for line in held} == {cast.commune.pk}


def test_what_was_passed_to_a_colleague_by_name_is_not_offered_to_another(cast):
    dossier = cast.received(NOW - DAY)
    actions.forward(
        dossier.pk, by=cast.actor("clerk"), at=NOW, to_agency=cast.department, to_user=cast.people["approver"]
    )
    numbers = {name: {each.pile.name: each.count for each in every(cast, name)} for name in ("handler", "approver")}
    assert [numbers["handler"][name] for name in ("nobody", "take", "begin")] == [0, 0, 0]
    assert [numbers["approver"][name] for name in ("nobody", "take", "begin")] == [1, 1, 1]


def test_two_posts_show_what_both_reach(cast):
    cast.received(NOW - DAY)
    post(cast.people["stranger"], cast.commune, "head")
    page = today(cast.actor("stranger", NOW), NOW)
    assert page.is_over_others and page.groups[0][0].count == 1
    assert page.groups[1][0].count == 0


@pytest.fixture
def open_as(open_as, monkeypatch):
    """Log a person of the cast in, on a Monday in March."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return open_as


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", PEOPLE)
def test_each_role_opens_the_page_and_each_of_its_lists(cast, crowd, open_as, name, language):
    client = open_as(name)
    client.post("/desk/language/", {"language": language})
    answer = client.get("/desk/")
    assert answer.status_code == 200
    text = answer.content.decode()
    links = re.findall(r'href="/desk/dossiers/\?([^"]+)"[^>]*>\s*<b[^>]*>(\d+)</b>', text)
    assert len(links) == len(every(cast, name)) - 1
    for query, number in links:
        shown = client.get(f"/desk/dossiers/?{query.replace('&amp;', '&')}")
        assert shown.context["page"].count == int(number), query


def test_the_most_pressing_one_is_begun_by_one_key(cast, crowd, open_as):
    answer = open_as("head").get("/desk/")
    lines = answer.context["page"].lines
    assert len(lines) == FEW
    dues = [line.row.due_at for line in lines if line.row.due_at]
    assert dues == sorted(dues) and lines[0].pressing.shape == "late"
    address = lines[0].row.code
    assert re.search(rf'accesskey="b" href="/desk/dossiers/{address}/"', answer.content.decode())


def test_an_empty_desk_says_so(cast, open_as):
    text = open_as("clerk").get("/desk/").content.decode()
    assert "Không có hồ sơ nào chờ bạn" in text and 'accesskey="b"' not in text


@pytest.mark.parametrize("name", PEOPLE)
def test_it_costs_twelve_queries_at_most(cast, crowd, open_as, name, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr("desk.filters.MANY", 1)
    client = open_as(name)
    client.get("/desk/")
    Notice.objects.create(
        dossier=crowd[0], kind="soon", agency=cast.commune, role="clerk", about="2026-03-09", made_at=NOW
    )
    with django_assert_max_num_queries(12):
        client.get("/desk/")
    with django_assert_max_num_queries(12):
        client.get("/desk/dossiers/")


def test_a_stranger_sees_nothing_of_the_neighbours(cast, open_as):
    cast.received(NOW)
    page = open_as("stranger").get("/desk/").context["page"]
    assert [each.count for each in every(cast, "stranger")] == [0] * 11 and not page.lines
