"""The officers' lists: each filter right, whole at any page, counted exactly, and nobody else's."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from catalogue.models import Posting
from catalogue.opening import ZONE
from catalogue.text import fold
from desk import actions, deadlines, folding
from desk.actors import officer
from desk.calendar import work_calendar
from desk.cursors import CursorError, Spot, written
from desk.deadlines import Urgency
from desk.due_dates import deadline_of
from desk.filters import Filter, filter_for
from desk.models import Dossier
from desk.needles import understood
from desk.permissions import Side, may_see
from desk.querysets import SIDES
from desk.queues import count, page
from desk.states import FINAL, OPEN, PAUSED, State
from tests.desk.cast import Cast
from tests.desk.crowd import DAY, HOUR, NOW, make_crowd

Rows = list[Dossier]


@pytest.fixture
def crowd(cast: Cast) -> Rows:
    """The cast's dossiers of every kind."""
    make_crowd(cast)
    return list(
        Dossier.objects.select_related("centre").prefetch_related("parties__identifiers", "clock_stops").order_by("pk")
    )


def keys(chosen: Filter, size: int = 7) -> list[int]:
    """Return the keys of all pages in their order."""
    found, after = [], ""
    while True:
        each = page(chosen, after, size)
        found += [row.pk for row in each.rows]
        assert len(each.rows) == size or not each.next_cursor
        if not each.next_cursor:
            return found
        after = each.next_cursor


def chosen_by_hand(rows: Rows, chosen: Filter) -> list[int]:
    """Return the keys that a filter should choose, in their order, found without the database."""
    fits = [row for row in rows if all(each(row, chosen) for each in (is_seen, is_there, is_so, has_text))]
    if chosen.is_queue:
        fits.sort(key=lambda row: (row.due_at is None, row.due_at or NOW, row.pk))
    else:
        fits.sort(key=lambda row: (row.submitted_at, row.pk), reverse=True)
    return [row.pk for row in fits]


def is_seen(row: Dossier, chosen: Filter) -> bool:
    return any(getattr(row, side) in chosen.scope for side in SIDES)


def is_there(row: Dossier, chosen: Filter) -> bool:
    sides = (chosen.side,) if chosen.side else SIDES
    agencies = chosen.scope if chosen.agency is None else {chosen.agency}
    return any(getattr(row, side) in agencies for side in sides)


def is_so(row: Dossier, chosen: Filter) -> bool:
    day = row.submitted_at.astimezone(ZONE).date()
    return (
        (not chosen.states or row.state in chosen.states)
        and chosen.holder in (None, row.holder_id)
        and chosen.procedure in (None, row.procedure_id)
        and chosen.channel in ("", row.channel)
        and (not chosen.urgency or (row.state in OPEN and urgency_of(row, chosen.at) == chosen.urgency))
        and (chosen.due_before is None or (row.state in OPEN and bool(row.due_at and row.due_at < chosen.due_before)))
        and (chosen.submitted_from is None or chosen.submitted_from <= day)
        and (chosen.submitted_to is None or day <= chosen.submitted_to)
    )


def urgency_of(row: Dossier, at: dt.datetime) -> str:
    if row.received_at is None:
        return Urgency.STANDING
    if not hasattr(row, "reckoned"):
        row.reckoned = deadline_of(row)  # type: ignore[attr-defined]
    return deadlines.urgency(row.reckoned, at, work_calendar(row.centre))  # type: ignore[attr-defined]


def has_text(row: Dossier, chosen: Filter) -> bool:
    words = fold(chosen.name).split()
    names = [party.name_folded.split() for party in row.parties.all()]
    numbers = {each.value for party in row.parties.all() for each in party.identifiers.all()}
    phones = {"".join(filter(str.isdigit, party.phone)).removeprefix("84").lstrip("0") for party in row.parties.all()}
    digits = "".join(filter(str.isdigit, chosen.number)).removeprefix("84").lstrip("0")
    return (
        row.code.startswith(chosen.code)
        and (
            not chosen.name
            or (
                bool(words)
                and any(
                    set(words[:-1]) <= set(name) and any(word.startswith(words[-1]) for word in name) for name in names
                )
            )
        )
        and (not chosen.number or chosen.number in numbers or digits in phones - {""})
        and (not chosen.ending or ends_so(row, chosen.ending, numbers))
    )


def ends_so(row: Dossier, ending: str, numbers: set[str]) -> bool:
    if "-" in ending:
        return row.code.endswith(ending)
    phones = {"".join(each for each in party.phone if each not in " .-") for party in row.parties.all()}
    return any(each.endswith(ending) for each in numbers | phones)


def narrowings(cast: Cast) -> list[dict[str, Any]]:
    """Return what lists are narrowed by: each by itself, and together."""
    handler, procedure = cast.people["handler"].pk, cast.procedure.pk
    hourly = Dossier.objects.exclude(procedure=procedure)[0].procedure_id
    work = frozenset({State.RECEIVED, State.PROCESSING})
    return [
        {},
        *({"side": side} for side in Side if side != Side.GIVING),
        *({"states": states} for states in (OPEN, FINAL, PAUSED, work, frozenset(State.values))),
        *({"states": frozenset({state})} for state in State),
        *({"side": side, "states": OPEN} for side in Side if side != Side.GIVING),
        *({"urgency": urgency} for urgency in Urgency.values),
        *({"urgency": urgency, "side": Side.HOLDING} for urgency in Urgency.values),
        {"urgency": Urgency.OVERDUE, "states": frozenset({State.PROCESSING, State.FINISHED})},
        {"due_before": NOW},
        {"due_before": NOW + 3 * DAY, "states": work},
        {"due_before": NOW, "urgency": Urgency.SOON},
        {"holder": handler},
        {"holder": handler, "states": OPEN, "procedure": procedure},
        {"procedure": procedure},
        {"procedure": hourly, "states": OPEN},
        {"channel": "post"},
        {"channel": "counter", "states": OPEN},
        {"submitted_from": dt.date(2026, 3, 5)},
        {"submitted_to": dt.date(2026, 3, 10)},
        {"submitted_from": dt.date(2026, 3, 3), "submitted_to": dt.date(2026, 3, 9), "states": OPEN},
        {"submitted_from": dt.date(2026, 3, 1), "submitted_to": dt.date(2026, 3, 31)},
        {"submitted_from": dt.date(2026, 2, 10), "submitted_to": dt.date(2026, 4, 3), "side": Side.DECIDING},
        {"submitted_from": dt.date(2026, 3, 9), "submitted_to": dt.date(2026, 3, 3)},
        {"code": "DEMO.01-260303"},
        {"code": "DEMO.01", "states": OPEN},
        {"name": "Lân"},
        {"name": "nguyen thi"},
        {"name": "lan nguyễn", "states": OPEN},
        {"name": "hoa ph"},
        {"name": "nobody"},
        {"name": "…"},
        {"number": "048123456789"},
        {"number": "C1234567", "states": FINAL},
        {"number": "0905123456"},
        {"number": "0905777888"},
        {"number": "+84 905 123 456"},
        {"number": "02363822041"},
        {"number": "048", "states": OPEN},
        {"ending": "6789"},
        {"ending": "123456", "states": OPEN},
        {"ending": "777888"},
        {"ending": "0303-0001"},
        {"ending": "-0001"},
        {"ending": "9999"},
        {"agency": cast.department.pk},
        {"agency": cast.neighbour.pk, "states": OPEN},
        {"agency": cast.department.pk, "side": Side.DECIDING, "procedure": procedure},
    ]


PEOPLE = ("clerk", "handler", "supervisor", "stranger")


@pytest.mark.parametrize(("many", "looked_through"), [(8, (250, 3_000)), (1, (1, 3))])
def test_every_filter_chooses_what_it_says_in_its_order_and_counts_it(cast, crowd, many, looked_through, monkeypatch):
    monkeypatch.setattr("desk.filters.MANY", many)  # With 1 a supervisor of all is known as one.
    monkeypatch.setattr("desk.branches.LOOKED_THROUGH", looked_through)  # With 1 and 3 names are found by their index.
    for name in PEOPLE:
        actor = cast.actor(name, NOW)
        for narrowed in narrowings(cast):
            chosen = filter_for(actor, NOW, **narrowed)
            should = chosen_by_hand(crowd, chosen)
            assert keys(chosen) == should, (name, narrowed)
            assert count(chosen) == len(should), (name, narrowed)


def test_counts_are_the_same_once_the_deltas_are_folded(cast, crowd):
    every = [filter_for(cast.actor(name, NOW), NOW, **each) for name in PEOPLE for each in narrowings(cast)]
    before = [count(chosen) for chosen in every]
    assert folding.fold_deltas()
    assert [count(chosen) for chosen in every] == before


@given(st.data())
@pytest.mark.django_db
def check_any_combination(cast: Cast, rows: Rows, data: st.DataObject) -> None:
    """Narrow by several at once."""
    parts = data.draw(st.lists(st.sampled_from(narrowings(cast)), max_size=4))
    narrowed = {name: value for part in parts for name, value in part.items() if value != "…"}
    chosen = filter_for(cast.actor(data.draw(st.sampled_from(PEOPLE)), NOW), NOW, **narrowed)
    assert keys(chosen, data.draw(st.sampled_from((1, 5, 50)))) == chosen_by_hand(rows, chosen)
    assert count(chosen) == len(chosen_by_hand(rows, chosen))


def test_any_combination_of_filters(cast, crowd):
    check_any_combination(cast, crowd)


def test_a_list_shows_only_what_its_officer_may_see(cast, crowd):
    for name in PEOPLE:
        actor = cast.actor(name, NOW)
        seen = {row.pk for row in crowd if may_see(row, actor)}
        assert set(keys(filter_for(actor, NOW))) == seen
        assert set(Dossier.objects.visible_to(actor).values_list("pk", flat=True)) == seen
    assert len(set(keys(filter_for(cast.actor("stranger", NOW), NOW)))) < len(crowd)


def test_somebody_without_a_post_sees_nothing(cast, crowd):
    Posting.objects.all().delete()
    chosen = filter_for(officer(cast.people["clerk"], NOW), NOW, states=OPEN)
    assert (page(chosen).rows, count(chosen)) == ([], 0)


def test_a_row_shows_names_without_more_queries(cast, crowd, django_assert_num_queries):
    chosen = filter_for(cast.actor("handler", NOW), NOW, states=OPEN)
    page(chosen)
    with django_assert_num_queries(3):  # Dated, undated, names.
        rows = page(chosen).rows
    with django_assert_num_queries(2):
        page(chosen, size=1)
    with django_assert_num_queries(1):
        count(chosen)
    of = {dossier.pk: dossier for dossier in crowd}
    for row in rows:
        dossier = of[row.pk]
        assert (row.code, row.state, row.due_at, row.step) == (
            dossier.code, dossier.state, dossier.due_at, dossier.step,
        )  # fmt: skip
        assert row.applicant == dossier.parties.get(role="applicant").name
        assert row.holder_agency == dossier.holder_agency.name_vi
        assert row.holder == ("Nguyễn Handler" if dossier.holder else "")
        assert row.procedure in ("Đăng ký khai sinh", "Chứng thực")


def test_no_row_comes_twice_or_is_missing_while_acts_go_on_between_pages(cast, crowd):
    clerk = cast.actor("clerk", NOW)
    chosen = filter_for(clerk, NOW, states=OPEN)
    before = keys(chosen)
    seen, after, moved = [], "", set()
    while True:
        each = page(chosen, after, 4)
        seen += [row.pk for row in each.rows]
        if not each.next_cursor:
            break
        after = each.next_cursor
        # One that was shown leaves the list, one that is still to come too, and a new one comes.
        for row in (each.rows[0].pk, before[-1 - len(moved)]):
            if Dossier.objects.get(pk=row).state in OPEN - {State.REGISTERED}:
                actions.withdraw(row, by=clerk, at=NOW, reason="Xin rút.")
                moved.add(row)
        moved.add(cast.received(at=NOW).pk)
    assert len(seen) == len(set(seen))
    assert set(before) - moved <= set(seen)
    assert count(chosen) == len(keys(chosen))


def test_a_cursor_that_is_not_ours_is_refused(cast, crowd):
    chosen = filter_for(cast.actor("clerk", NOW), NOW)
    ours = page(chosen, size=3).next_cursor
    assert page(chosen, ours, 3).rows
    wrong = [
        "x", "1", "'; DROP TABLE", ours[:-1], ours[1:], ours.upper(), ours + "a", "🧨", "a" * 10_000, "a:b",
        written(Spot("due", NOW, 1)),
    ]  # fmt: skip
    for cursor in wrong:
        with override("en"), pytest.raises(CursorError, match="first page"):
            page(chosen, cursor)


def test_sizes_of_a_page_have_bounds(cast, crowd):
    chosen = filter_for(cast.actor("clerk", NOW), NOW)
    assert len(page(chosen, size=0).rows) == 1
    assert len(page(chosen, size=10**9).rows) == min(200, count(chosen))


def test_urgency_moves_with_the_clock(cast, crowd):
    clerk = cast.actor("clerk", NOW)
    for hours in (-72, -20, -1, 0, 1, 3, 6, 30, 100):
        at = NOW + hours * HOUR
        for urgency in Urgency.values:
            chosen = filter_for(clerk, at, urgency=urgency)
            should = chosen_by_hand(crowd, chosen)
            assert (keys(chosen), count(chosen)) == (should, len(should)), (hours, urgency)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("  Nguyễn  thị Lan ", {"name": "Nguyễn thị Lan"}),
        ("DEMO.01-260302-0001", {"code": "DEMO.01-260302-0001"}),
        ("H17.55-2603", {"code": "H17.55-2603"}),
        ("048123456789", {"number": "048123456789"}),
        ("0905 123 456", {"number": "0905 123 456"}),
        ("+84 905.123.456", {"number": "+84 905.123.456"}),
        ("C1234567", {"number": "C1234567"}),
        ("6789", {"ending": "6789"}),
        ("123456", {"ending": "123456"}),
        ("260303-0001", {"ending": "260303-0001"}),
        ("048", {"code": "048"}),
        ("", {}),
        ("Lan", {"name": "Lan"}),
    ],
)
def test_a_line_in_the_box_is_understood(text, meant):
    assert understood(text) == meant


def test_deleted_agencies_and_odd_numbers_find_nothing(cast, crowd):
    clerk = cast.actor("clerk", NOW)
    for narrowed in ({"agency": 10**9}, {"procedure": 10**9}, {"holder": 10**9}, {"number": "%"}, {"code": "%"}):
        chosen = filter_for(clerk, NOW, **narrowed)
        assert (page(chosen).rows, count(chosen)) == ([], 0)
    assert page(filter_for(clerk, NOW, name="' OR 1=1 --")).rows == []
