"""Two communes are merged: every dossier keeps its units, the new one holds it, sees it and works on it."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from catalogue.models import Centre, Posting
from catalogue.opening import ZONE
from desk import actions, counters, queues, statistics
from desk.actors import CLOCK, officer
from desk.clock import tell_of_unanswered
from desk.filters import filter_for
from desk.heirs import needs_holder
from desk.models import ClosedMonth, Dossier, DossierEvent, HandOver, Leave, Measure, Notice, SavedView
from desk.permissions import RULES, Side, may_see, permit
from desk.refusals import ActRefused
from desk.reorganising import dossiers, ended, leaves, notices, views
from desk.states import OPEN, State
from desk.verifying.running import verify
from tests.desk.cast import MONDAY, Cast, make_cast, person
from tests.desk.crowd import DAY, NOW, make_crowd
from tests.desk.merging import Merger, follow, hand_on, merge, planned
from tests.factories import AgencyFactory

pytestmark = pytest.mark.django_db
DAY_OF_IT = (NOW + DAY).astimezone(ZONE).date()
UNTOUCHED = (
    "code", "received_by_id", "decided_by_id", "helped_by_id", "centre_id", "state", "step", "step_due_at", "due_at",
    "original_due_at", "settled_at", "settlement", "answer_by", "tracking_token",
)  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def crowd(cast: Cast) -> list[Dossier]:
    return make_crowd(cast)


@pytest.fixture
def merger(cast: Cast, crowd: list[Dossier]) -> Merger:
    return merge(cast, DAY_OF_IT)


def faults(at: dt.datetime) -> list[str]:
    return [str(fault) for fault in verify(at=at).faults]


def fields() -> dict[int, tuple[object, ...]]:
    return {pk: values for pk, *values in Dossier.objects.values_list("pk", *UNTOUCHED)}


def test_everything_that_needs_a_holder_is_held_by_the_heir_and_nothing_else_moves(cast, merger):
    assert faults(merger.morning) == []
    before, events = fields(), DossierEvent.objects.count()
    told = {name: counters.totals(name, "agency", "procedure", "state", "month") for name in Measure.values}
    needing = Dossier.objects.filter(holder_agency__in=[cast.commune, cast.neighbour])
    wanted = {row.pk for row in needing if needs_holder(row)}
    assert len({row.state for row in needing if row.pk in wanted}) >= 5
    moved = follow(merger.reorganisation, merger.morning)["dossiers"]
    assert (moved.count, moved.conflicts) == (len(wanted), [])
    assert fields() == before
    assert {row.pk for row in Dossier.objects.filter(holder_agency=merger.heir)} == wanted
    assert DossierEvent.objects.count() == events + len(wanted)
    for name in set(Measure.values) - {Measure.HELD, Measure.CONCERNS}:
        assert counters.totals(name, "agency", "procedure", "state", "month") == told[name]
    assert counters.total(Measure.HELD, agency=merger.heir) == len(wanted)
    assert faults(merger.morning) == []


def test_the_event_tells_from_where_to_where_by_which_reorganisation_and_nothing_of_people(cast, merger):
    follow(merger.reorganisation, merger.morning)
    event = DossierEvent.objects.filter(act="move_to_heir").first()
    facts = json.loads(event.body)["facts"]
    expected = {"from": cast.commune.pk, "heir": merger.heir.pk, "reorganisation": merger.reorganisation.pk}
    assert (event.by_kind, event.by_user_id, facts) == ("system", None, expected)


def test_run_again_nothing_is_done_twice(merger):
    follow(merger.reorganisation, merger.morning)
    events = DossierEvent.objects.count()
    again = follow(merger.reorganisation, merger.morning)
    assert {name: moves.count for name, moves in again.items()} == dict.fromkeys(again, 0)
    assert DossierEvent.objects.count() == events


def test_a_look_tells_the_same_and_writes_nothing(cast, merger, django_assert_max_num_queries):
    events = DossierEvent.objects.count()
    with django_assert_max_num_queries(12):
        looked = dossiers.look(merger.reorganisation, MONDAY)
    assert DossierEvent.objects.count() == events
    done = dossiers.follow(merger.reorganisation, merger.morning)
    assert (looked.count, looked.examples) == (done.count, done.examples)
    held = sum(needs_holder(row) for row in Dossier.objects.filter(holder_agency=cast.commune))
    assert held == 0
    assert looked.examples[0].startswith(f"{cast.commune} → {merger.heir}: ")


def test_whoever_goes_along_keeps_what_they_had_and_what_others_had_waits_for_anybody(cast, merger):
    mine = set(
        Dossier.objects.filter(holder=cast.people["clerk"], holder_agency=cast.commune).values_list("pk", flat=True)
    )
    others = cast.received()
    actions.forward(others.pk, by=cast.actor("clerk"), at=MONDAY, to_agency=cast.commune, to_user=cast.people["head"])
    actions.take_over(others.pk, by=cast.actor("head"), at=MONDAY)
    follow(merger.reorganisation, merger.morning)
    assert {row.holder_id for row in Dossier.objects.filter(pk__in=mine)} <= {cast.people["clerk"].pk}
    others = Dossier.objects.get(pk=others.pk)
    assert (others.holder_agency_id, others.holder_id) == (merger.heir.pk, None)


def test_what_nobody_has_taken_over_waits_at_the_heir_with_its_step(cast, merger):
    dossier = cast.received()
    due = MONDAY + dt.timedelta(hours=5)
    actions.forward(
        dossier.pk, by=cast.actor("clerk"), at=MONDAY, to_agency=cast.commune, to_user=cast.people["head"],
        step="Kiểm tra", step_due_at=due,
    )  # fmt: skip
    follow(merger.reorganisation, merger.morning)
    old, new = HandOver.objects.filter(dossier=dossier).order_by("pk")
    assert (old.to_agency_id, old.taken_at, old.taken_by_id) == (cast.commune.pk, new.given_at, None)
    assert merger.morning <= new.given_at < merger.morning + dt.timedelta(minutes=5)
    assert (new.to_agency_id, new.to_user_id, new.taken_at) == (merger.heir.pk, None, None)
    assert (new.step, new.step_due_at, new.from_user_id) == ("Kiểm tra", due, cast.people["clerk"].pk)
    taken = actions.take_over(dossier.pk, by=officer(merger.people["clerk"], merger.morning), at=merger.morning)
    assert taken.holder_id == merger.people["clerk"].pk
    assert faults(merger.morning) == []


def test_every_open_dossier_is_seen_and_worked_on_by_somebody_of_the_heir(cast, merger):
    follow(merger.reorganisation, merger.morning)
    of_heir = [officer(user, merger.morning) for user in merger.people.values()]
    rows = Dossier.objects.filter(holder_agency=merger.heir, state__in=OPEN)
    assert rows
    for row in rows:
        assert any(Dossier.objects.visible_to(by).filter(pk=row.pk).exists() for by in of_heir)
        assert any(permit("forward", row, by) for by in of_heir)
        assert any(permit("reassign", row, by) for by in of_heir)


def test_officers_whose_posts_have_ended_see_nothing(cast, merger):
    for name in ("head", "contractor", "stranger"):
        assert not Dossier.objects.open_to(cast.actor(name, merger.morning)).exists()


def test_lists_counts_and_piles_of_the_heir_have_what_the_old_unit_received(cast, merger):
    follow(merger.reorganisation, merger.morning)
    by = officer(merger.people["clerk"], merger.morning)
    seen = {row.pk for row in Dossier.objects.all() if may_see(row, by)}
    received = {row.pk for row in Dossier.objects.filter(received_by=cast.commune)}
    assert received <= seen
    whole = filter_for(by, merger.morning)
    assert {row.pk for row in queues.page(whole, size=200).rows} == seen
    assert queues.count(whole) == len(seen)
    of_old = filter_for(by, merger.morning, agency=cast.commune.pk, side=Side.RECEIVING)
    assert {row.pk for row in queues.page(of_old, size=200).rows} == received
    code = Dossier.objects.filter(received_by=cast.commune).first().code
    assert [row.code for row in queues.page(filter_for(by, merger.morning, code=code)).rows] == [code]


def by_state(state: int, **more) -> Dossier:
    return Dossier.objects.filter(state=state, system="", **more).first()


def test_the_heir_hands_over_accepts_hands_back_and_opens_what_is_closed(cast, merger):
    closed = cast.received()
    signed = {"outcome": "granted", "number": "3/GP", "signed_on": MONDAY.date(), "signatory": "Lê Văn Ba"}
    actions.finish(closed.pk, by=cast.actor("approver"), at=MONDAY, **signed)
    actions.return_result(closed.pk, by=cast.actor("clerk"), at=MONDAY)
    follow(merger.reorganisation, merger.morning)
    clerk = officer(merger.people["clerk"], merger.morning)
    ready = by_state(State.FINISHED, received_by=cast.commune)
    assert actions.return_result(ready.pk, by=clerk, at=merger.morning).state == State.RETURNED
    waiting = by_state(State.SUPPLEMENT, received_by=cast.commune)
    assert actions.accept_supplement(waiting.pk, by=clerk, at=merger.morning).state != State.SUPPLEMENT
    refused = by_state(State.REJECTED, received_by=cast.commune, handed_back_at=None)
    assert actions.hand_back(refused.pk, by=clerk, at=merger.morning).handed_back_at is not None
    closed = Dossier.objects.get(pk=closed.pk)
    assert closed.holder_agency_id == cast.commune.pk
    assert Dossier.objects.open_to(clerk).filter(pk=closed.pk).exists()
    assert faults(merger.morning) == []


def test_a_result_that_is_signed_later_goes_to_the_heir_of_the_centre(cast, merger):
    follow(merger.reorganisation, merger.morning)
    dossier = by_state(State.PROCESSING, received_by=cast.commune, decided_by=cast.department)
    done = actions.finish(
        dossier.pk, by=cast.actor("approver", merger.morning), at=merger.morning, outcome="granted", number="1/GP",
        signed_on=merger.day, signatory="Lê Văn Ba",
    )  # fmt: skip
    assert (done.holder_agency_id, done.received_by_id) == (merger.heir.pk, cast.commune.pk)
    assert faults(merger.morning) == []


def test_what_is_taken_back_lies_at_the_heir_of_who_decides(cast, merger):
    of_then = person("of_then", cast.commune, "approver")
    ready = cast.received(decided_by=cast.commune)
    actions.finish(
        ready.pk, by=officer(of_then, MONDAY), at=MONDAY, outcome="granted", number="2/GP", signed_on=MONDAY.date(),
        signatory="Lê Văn Ba",
    )  # fmt: skip
    approver = officer(merger.people["approver"], merger.morning)
    follow(merger.reorganisation, merger.morning)
    opened = actions.reopen(ready.pk, by=approver, at=merger.morning, reason="Sai số.")
    assert (opened.holder_agency_id, opened.decided_by_id) == (merger.heir.pk, cast.commune.pk)
    assert faults(merger.morning) == []


def test_what_the_old_unit_passed_on_is_called_back_to_the_heir(cast, merger):
    dossier = cast.received()
    actions.forward(dossier.pk, by=cast.actor("clerk"), at=MONDAY, to_agency=cast.department)
    follow(merger.reorganisation, merger.morning)
    assert Dossier.objects.get(pk=dossier.pk).holder_agency_id == cast.department.pk
    head = officer(merger.people["head"], merger.morning)
    assert Dossier.objects.open_to(head).filter(pk=dossier.pk).exists()
    back = actions.recall(dossier.pk, by=head, at=merger.morning, reason="Nhầm nơi nhận.")
    assert back.holder_agency_id == merger.heir.pk
    assert faults(merger.morning) == []


def test_a_ministrys_copy_follows_and_is_still_changed_by_its_system_alone(cast, merger):
    dossier = Dossier.objects.filter(received_by=cast.commune).exclude(system="").first()
    held_by = dossier.holder_agency_id if dossier else None
    follow(merger.reorganisation, merger.morning)
    if held_by == cast.commune.pk:
        assert Dossier.objects.get(pk=dossier.pk).holder_agency_id == merger.heir.pk
    assert faults(merger.morning) == []


def test_an_officer_who_was_faster_is_left_in_peace(cast, merger):
    dossier = by_state(State.RECEIVED, holder_agency=cast.commune)
    details = {"ended": cast.commune.pk, "heir": merger.heir.pk, "reorganisation": 1, "posted": frozenset()}
    actions.move_to_heir(dossier.pk, by=CLOCK, at=merger.morning, **details)
    with pytest.raises(ActRefused):
        actions.move_to_heir(dossier.pk, by=CLOCK, at=merger.morning, **details)
    with pytest.raises(ActRefused):
        actions.move_to_heir(dossier.pk, by=cast.actor("supervisor", merger.morning), at=merger.morning, **details)


def test_where_nobody_is_named_it_stays_is_listed_and_seen_by_who_is_over_the_agency(cast, crowd):
    heirs = AgencyFactory.create_batch(2, parent=cast.commune.parent)
    for heir in heirs:
        hand_on(cast.commune, heir, DAY_OF_IT)
    reorganisation, morning = planned(DAY_OF_IT), NOW + DAY
    needing = [row for row in Dossier.objects.filter(holder_agency=cast.commune) if needs_holder(row)]
    moved = follow(reorganisation, morning)["dossiers"]
    assert moved.count == 0
    assert {each.what.split(" ")[0] for each in moved.conflicts} == {row.code for row in needing}
    over = cast.actor("supervisor", morning)
    assert Dossier.objects.visible_to(over).filter(pk__in=[row.pk for row in needing]).count() == len(needing)
    assert {fault.code for fault in verify(at=morning).faults} == {row.code for row in needing}


def test_a_closed_month_stays_as_it_was_told(cast, merger):
    month = MONDAY.date().replace(day=1)
    later = NOW + 40 * DAY
    statistics.close_month(month, later)
    told = ClosedMonth.objects.get().figures
    follow(merger.reorganisation, later)
    assert ClosedMonth.objects.get().figures == told
    assert faults(later) == []


def test_a_notice_that_nobody_has_read_goes_to_the_heir_once(cast, merger):
    dossier = Dossier.objects.filter(received_by=cast.commune).first()
    shared = {"dossier": dossier, "kind": Notice.Kind.SOON, "role": "clerk", "about": "2026-03-30", "made_at": NOW}
    own = Notice.objects.create(agency=cast.commune, **shared)
    double = Notice.objects.create(agency=cast.neighbour, **shared)
    read = Notice.objects.create(agency=cast.commune, read_at=NOW, **shared | {"about": "2026-03-29"})
    looked = notices.look(merger.reorganisation, NOW).count
    follow(merger.reorganisation, merger.morning)
    for row in (own, double, read):
        row.refresh_from_db()
    assert looked >= 2
    assert (own.agency_id, own.read_at) == (merger.heir.pk, None)
    assert double.read_at == merger.morning
    assert read.agency_id == cast.commune.pk
    assert own in Notice.objects.addressed_to(officer(merger.people["clerk"], merger.morning)).unread()


def test_what_the_clock_tells_later_reaches_who_has_the_work_of_the_unit_that_received(cast, merger):
    """A notice is made for the units of the dossier: they are the old ones for good."""
    follow(merger.reorganisation, merger.morning)
    waiting = by_state(State.SUPPLEMENT, received_by=cast.commune)
    after = dt.datetime.combine(waiting.answer_by + DAY, dt.time(9), ZONE)
    tell_of_unanswered(after)
    told = Notice.objects.filter(dossier=waiting, kind=Notice.Kind.SUPPLEMENT_LAPSED)
    assert told.filter(agency=cast.commune, role="clerk").exists()
    seen = Notice.objects.addressed_to(officer(merger.people["clerk"], after)).filter(dossier=waiting)
    assert set(seen.filter(role="clerk")) == set(told.filter(role="clerk"))
    assert not Notice.objects.addressed_to(cast.actor("stranger", after)).exists()


def test_a_leave_across_the_day_goes_on_where_both_work_and_is_told_where_not(cast, merger):
    head, clerk = cast.people["head"], cast.people["clerk"]
    Posting.objects.create(user=head, agency=merger.heir, role="head", valid_from=merger.day)
    shared = {"agency": cast.commune, "made_by": head, "made_at": NOW, "first_day": NOW.date()}
    last = merger.day + 5 * DAY
    both = Leave.objects.create(absent=head, substitute=clerk, last_day=last, **shared)
    alone = Leave.objects.create(absent=cast.people["contractor"], substitute=clerk, last_day=last, **shared)
    moved = leaves.look(merger.reorganisation, NOW)
    assert (moved.count, len(moved.conflicts)) == (1, 1)
    assert "contractor" not in moved.conflicts[0].what
    follow(merger.reorganisation, merger.morning)
    both.refresh_from_db()
    new = Leave.objects.get(agency=merger.heir)
    assert both.last_day == merger.day - DAY
    assert (new.first_day, new.last_day, new.absent, new.substitute) == (merger.day, last, head, clerk)
    alone.refresh_from_db()
    assert alone.last_day == last
    assert any(post.for_user == head.pk for post in officer(clerk, merger.morning).posts)


def test_a_shared_view_is_shared_with_the_only_heir_and_looks_where_work_lies_now(cast, merger):
    query = {"agency": [str(cast.commune.pk)], "side": ["held"]}
    owner = cast.people["clerk"]
    held = SavedView.objects.create(
        owner=owner, agency=cast.commune, name="Đang giữ", query=query, is_shared=True, made_at=NOW
    )
    received = SavedView.objects.create(
        owner=owner, agency=cast.commune, name="Đã nhận", query=query | {"side": ["received"]}, made_at=NOW
    )
    assert views.look(merger.reorganisation, NOW).count == 2
    follow(merger.reorganisation, merger.morning)
    held.refresh_from_db()
    received.refresh_from_db()
    assert (held.agency, held.query["agency"]) == (merger.heir, [str(merger.heir.pk)])
    assert received.query["agency"] == [str(cast.commune.pk)]
    assert held in SavedView.objects.visible_to(officer(merger.people["head"], merger.morning))


def test_new_dossiers_begin_with_the_heirs_identifier_and_the_old_series_end(cast, merger):
    follow(merger.reorganisation, merger.morning)
    intake = cast.intake(centre=merger.centre, decided_by=merger.heir)
    new = actions.receive_new(intake, by=officer(merger.people["clerk"], merger.morning), at=merger.morning)
    assert new.code.startswith("DEMO.09-")
    with pytest.raises(ActRefused):
        old = Centre.objects.get(pk=cast.centre.pk)
        actions.receive_new(cast.intake(centre=old), by=cast.actor("clerk", merger.morning), at=merger.morning)
    assert faults(merger.morning) == []


def test_nothing_costs_more_where_nobody_took_over_anything(cast, crowd, django_assert_num_queries):
    with django_assert_num_queries(1):
        officer(cast.people["clerk"], NOW)
    with django_assert_num_queries(2):
        officer(cast.people["supervisor"], NOW)


def test_the_act_is_the_clocks_alone():
    assert (dict(RULES["move_to_heir"].at), RULES["move_to_heir"].others) == ({}, {"system"})


def test_a_killed_run_goes_on_where_it_stopped(cast, merger, monkeypatch):
    """The process dies after the second portion: what was written stays whole, the next run does the rest."""
    monkeypatch.setattr(ended, "PORTION", 3)
    portions = ended.portions

    def killed(keys):
        yield from list(portions(keys))[:2]
        raise KeyboardInterrupt

    monkeypatch.setattr(dossiers, "portions", killed)
    with pytest.raises(KeyboardInterrupt):
        dossiers.follow(merger.reorganisation, merger.morning)
    assert DossierEvent.objects.filter(act="move_to_heir").count() == 6
    assert faults(merger.morning) == []
    monkeypatch.setattr(dossiers, "portions", portions)
    follow(merger.reorganisation, merger.morning)
    moved = DossierEvent.objects.filter(act="move_to_heir")
    assert moved.count() == moved.values("dossier").distinct().count() > 6
    assert faults(merger.morning) == []
