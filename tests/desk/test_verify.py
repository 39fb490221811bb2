"""What `verify_desk` finds, each by a test, and that it finds nothing where nothing is wrong."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from catalogue.models import ProcedureRoute
from desk import actions, anchors, chain
from desk.demands import Demand
from desk.models import (
    AnchoredDay,
    CodeCounter,
    CountDelta,
    Dossier,
    DossierEvent,
    EventValue,
    HandedPaper,
    Party,
    PartyIdentifier,
)
from desk.refusals import BeyondTheRules
from desk.verifying import running
from desk.verifying.planning import make_plan
from desk.verifying.running import verify
from tests.desk.cast import MONDAY, make_cast
from tests.desk.tampering import DAY, forward, lives, remove, shadow, tamper, unprotected

NOW = MONDAY + 2 * DAY
"""Wednesday morning: of Monday's and Tuesday's files only Monday's must be there."""


@pytest.fixture
def life(cast):
    """A dossier that was received, passed on and taken over on Monday, and its neighbour."""
    dossier, neighbour = cast.received(), cast.received()
    forward(cast, dossier, MONDAY)
    dossier.refresh_from_db()
    return dossier, neighbour


def faults(at=NOW, **more):
    return [(fault.kind, fault.code, fault.number, fault.field) for fault in verify(at, **more).faults]


def clean(at=NOW, **more):
    report = verify(at, **more)
    assert [str(fault) for fault in report.faults] == []
    return report


def event(dossier, number):
    return DossierEvent.objects.get(dossier=dossier, number=number)


def test_after_every_act_nothing_is_wrong(cast):
    lives(cast)
    report = clean()
    assert report.dossiers == 13
    assert report.events == DossierEvent.objects.count()


def test_a_shadow_is_clean(cast):
    ProcedureRoute.objects.create(
        procedure=cast.procedure, level=ProcedureRoute.Level.ANY, valid_from=dt.date(2026, 1, 1),
        system="dvc.example.gov.vn", is_provincial=False,
    )  # fmt: skip
    shadow(cast, MONDAY)
    clean()


def test_a_refused_request_is_clean(cast):
    dossier = cast.processing()
    with pytest.raises(BeyondTheRules):
        actions.request_supplement(
            dossier.pk, by=cast.actor("handler"), at=MONDAY, demands=[Demand("paper", "Sổ đỏ.", paper_key="so-do")]
        )
    clean()


def test_an_ended_dossier_leaves_no_hand_over_that_nobody_takes(cast):
    dossier = cast.received()
    by = cast.actor
    actions.forward(dossier.pk, by=by("clerk"), at=MONDAY, to_agency=cast.department)
    actions.stop(dossier.pk, by=by("approver"), at=MONDAY, kind="end", reason="Hết hạn.", ground="Điều 5")
    actions.return_result(dossier.pk, by=by("clerk"), at=MONDAY)
    assert not dossier.hand_overs.filter(taken_at=None).exists()
    clean()


@pytest.mark.parametrize(
    ("column", "value"), [("by_name", "Người khác"), ("at", MONDAY - DAY), ("act", "reassign"), ("body", "{}")]
)
def test_a_changed_event(life, column, value):
    dossier, _neighbour = life
    with unprotected():
        DossierEvent.objects.filter(dossier=dossier, number=2).update(**{column: value})
    assert ("event.altered", dossier.code, 2, "") in faults()


def test_a_deleted_event(life):
    dossier, _neighbour = life
    EventValue.objects.filter(event__dossier=dossier).delete()
    tamper("DELETE FROM desk_dossierevent WHERE dossier_id = %s AND number = 2", [dossier.pk])
    assert ("event.missing", dossier.code, 2, "") in faults()


def test_a_deleted_event_whose_numbers_were_closed_up(life):
    dossier, _neighbour = life
    EventValue.objects.filter(event__dossier=dossier).delete()
    tamper("DELETE FROM desk_dossierevent WHERE dossier_id = %s AND number = 2", [dossier.pk])
    tamper("UPDATE desk_dossierevent SET number = 2 WHERE dossier_id = %s AND number = 3", [dossier.pk])
    Dossier.objects.filter(pk=dossier.pk).update(last_number=2)
    found = faults()
    assert ("event.altered", dossier.code, 2, "") in found
    assert ("event.chain", dossier.code, 2, "previous") in found


def test_a_forged_event_with_a_right_looking_digest(life):
    """Everything fits together but the key: the digest, the head, the fields."""
    dossier, _neighbour = life
    last = event(dossier, 3)
    last.by_name = "Người khác"
    forged = chain.digest(dossier.code, tuple(getattr(last, name) for name in chain.COLUMNS), b"a guessed key")
    with unprotected():
        DossierEvent.objects.filter(pk=last.pk).update(by_name=last.by_name, digest=forged)
    Dossier.objects.filter(pk=dossier.pk).update(head=forged)
    assert faults() == [("event.altered", dossier.code, 3, "")]


def test_an_invented_event(life):
    dossier, _neighbour = life
    last = event(dossier, 3)
    last.pk, last.number, last.act, last.previous = None, 4, "comment", last.digest
    last.state_before, last.due_before, last.body = last.state_after, last.due_after, "{}"
    last.digest = chain.digest(dossier.code, tuple(getattr(last, name) for name in chain.COLUMNS), b"a guessed key")
    last.save(force_insert=True)
    found = faults()
    assert ("event.altered", dossier.code, 4, "") in found
    assert ("dossier.head", dossier.code, 4, "last_number") in found


def test_events_in_another_order(life):
    dossier, _neighbour = life
    for before, after in ((2, 99), (3, 2), (99, 3)):
        tamper(
            "UPDATE desk_dossierevent SET number = %s WHERE dossier_id = %s AND number = %s",
            [after, dossier.pk, before],
        )
    found = faults()
    assert {("event.altered", dossier.code, 2, ""), ("event.altered", dossier.code, 3, "")} <= set(found)
    assert ("event.chain", dossier.code, 2, "previous") in found


def test_an_event_hung_on_another_dossier(life):
    dossier, neighbour = life
    tamper(
        "UPDATE desk_dossierevent SET dossier_id = %s, number = 2 WHERE dossier_id = %s AND number = 3",
        [neighbour.pk, dossier.pk],
    )
    assert ("event.altered", neighbour.code, 2, "") in faults()


def test_a_tail_cut_off(life):
    dossier, _neighbour = life
    tamper("DELETE FROM desk_dossierevent WHERE dossier_id = %s AND number = 3", [dossier.pk])
    found = faults()
    assert ("dossier.head", dossier.code, 2, "last_number") in found
    assert ("dossier.head", dossier.code, 2, "head") in found


def test_a_tail_cut_off_with_the_dossier_set_back_is_found_by_the_anchored_heads(cast, life):
    dossier, _neighbour = life
    anchors.anchor_due(NOW)
    clean()
    cut_cleanly(dossier)
    assert faults() == [("heads.head", dossier.code, 3, "head")]


def cut_cleanly(dossier):
    """Take back the last event, the take-over, as if it had never been."""
    second = event(dossier, 2)
    tamper("DELETE FROM desk_dossierevent WHERE dossier_id = %s AND number = 3", [dossier.pk])
    Dossier.objects.filter(pk=dossier.pk).update(last_number=2, last_at=second.at, head=second.digest, holder_id=None)
    dossier.hand_overs.update(taken_at=None, taken_by=None)


def test_a_dossier_removed_with_all_its_rows_leaves_a_gap_in_the_codes(cast):
    first, _second = cast.received(), cast.received()
    remove(first)
    assert faults() == [("code.gap", "DEMO.01-260302", None, "")]


def test_the_last_dossier_of_a_day_removed_and_the_counter_set_back_is_found_by_the_anchored_heads(cast):
    _first, second = cast.received(), cast.received()
    anchors.anchor_due(NOW)
    remove(second)
    CodeCounter.objects.update(last=1)
    assert faults() == [
        ("heads.series", "DEMO.01-260302", None, "2026-03-02"),
        ("heads.dossier", second.code, 1, "head"),
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [("due_at", MONDAY + 90 * DAY), ("fee_due", 0), ("outcome", "granted"), ("received_at", MONDAY - DAY), ("sets", 7)],
)
def test_a_changed_field_of_the_dossier(life, column, value):
    dossier, _neighbour = life
    Dossier.objects.filter(pk=dossier.pk).update(**{column: value})
    assert ("dossier.field", dossier.code, None, column) in faults()


def test_a_changed_code(life):
    dossier, _neighbour = life
    Dossier.objects.filter(pk=dossier.pk).update(code="DEMO.01-260302-0009")
    found = faults()
    assert ("code.gap", "DEMO.01-260302", None, "") in found
    assert ("code.beyond", "DEMO.01-260302", None, "") in found
    assert ("event.altered", "DEMO.01-260302-0009", 1, "") in found


def test_a_changed_a_removed_and_an_added_row(life):
    dossier, neighbour = life
    paper, other = dossier.papers.order_by("pk")
    HandedPaper.objects.filter(pk=paper.pk).update(originals=5)
    gone = other.pk
    other.delete()
    added = HandedPaper.objects.create(dossier=neighbour, name="Giấy lạ", handed_in_at=MONDAY)
    assert set(faults()) == {
        ("row.changed", dossier.code, None, f"HandedPaper:{paper.pk}"),
        ("row.missing", dossier.code, None, f"HandedPaper:{gone}"),
        ("row.unknown", neighbour.code, None, f"HandedPaper:{added.pk}"),
    }


def test_changed_people(life):
    dossier, neighbour = life
    Party.objects.filter(dossier=dossier).update(address="Nơi khác")
    PartyIdentifier.objects.filter(party__dossier=neighbour).update(value=Concat("value", Value("0")))
    assert [found[0] for found in faults()] == ["row.changed", "row.changed"]


def test_a_changed_reason_and_one_that_is_gone(cast):
    first, second = cast.processing(), cast.processing()
    for dossier in (first, second):
        actions.comment(dossier.pk, by=cast.actor("handler"), at=MONDAY, text="Đã gọi điện.")
    EventValue.objects.filter(event__dossier=first).update(text="Chưa gọi.")
    EventValue.objects.filter(event__dossier=second).delete()
    assert faults() == [("text.changed", first.code, 4, "text"), ("text.missing", second.code, 4, "text")]


def test_erased_data_leaves_the_chain_whole(cast):
    dossier = cast.processing()
    actions.comment(dossier.pk, by=cast.actor("handler"), at=MONDAY, text="Đã gọi điện.")
    EventValue.objects.update(text="", salt="", erased_at=NOW)
    PartyIdentifier.objects.all().delete()
    Party.objects.update(name="", address="", phone="", salt="", erased_at=NOW)
    clean()
    EventValue.objects.update(text="Khác")
    assert faults() == [("text.erased", dossier.code, 4, "text")]


def test_a_changed_counter(life):
    CountDelta.objects.filter(measure="received").update(change=2)
    assert [found[:2] for found in faults()] == [("count.differs", "received")]


def test_an_anchored_file_that_was_changed(cast, life):
    dossier, _neighbour = life
    anchors.anchor_due(NOW)
    path = anchors.path_of(MONDAY.date())
    path.chmod(0o600)
    path.write_text(path.read_text().replace(dossier.head[:10], "0" * 10))
    assert faults() == [("heads.altered", "2026-03-02.jsonl", None, "")]


def test_an_anchored_file_written_anew_without_the_key(cast, life, settings):
    anchors.anchor_due(NOW)
    anchors.path_of(MONDAY.date()).unlink()
    right, settings.DESK_CHAIN_KEY = settings.DESK_CHAIN_KEY, "a guessed key"
    anchors.write(anchors.path_of(MONDAY.date()), anchors.lines_of(MONDAY.date(), ""))
    settings.DESK_CHAIN_KEY = right
    assert faults() == [("heads.altered", "2026-03-02.jsonl", None, "")]


@pytest.mark.parametrize("day", [0, 1, 2])
def test_a_missing_anchored_file(cast, life, day):
    anchors.anchor_due(MONDAY + 3 * DAY)
    anchors.path_of((MONDAY + day * DAY).date()).unlink()
    assert verify_at(MONDAY + 4 * DAY) == [("heads.missing", f"2026-03-0{2 + day}.jsonl")]


def verify_at(at):
    return [(fault.kind, fault.code) for fault in verify(at).faults]


def test_a_missing_file_whose_note_is_gone_too(cast, life):
    anchors.anchor_due(MONDAY + 3 * DAY)
    last = (MONDAY + 2 * DAY).date()
    anchors.path_of(last).unlink()
    AnchoredDay.objects.filter(day=last).delete()
    assert verify_at(MONDAY + 3 * DAY) == []
    assert verify_at(MONDAY + 4 * DAY) == [("heads.missing", "2026-03-04.jsonl")]


def test_a_file_of_another_run_of_days(cast, life):
    anchors.anchor_due(MONDAY + 3 * DAY)
    path = anchors.path_of((MONDAY + DAY).date())
    path.unlink()
    anchors.write(path, anchors.lines_of((MONDAY + DAY).date(), "0" * 64))
    assert ("heads.chain", "2026-03-03.jsonl") in verify_at(MONDAY + 4 * DAY)


def test_events_whose_dossier_is_gone(life):
    _dossier, neighbour = life
    if connection.vendor == "postgresql":  # Its keys refuse that to everybody who may not take them off.
        with pytest.raises(IntegrityError), transaction.atomic():
            tamper("UPDATE desk_dossierevent SET dossier_id = 987654321 WHERE dossier_id = %s", [neighbour.pk])
        return
    with connection.constraint_checks_disabled():
        connection.check_constraints = lambda *args, **kwargs: None
        try:
            tamper("UPDATE desk_dossierevent SET dossier_id = 987654321 WHERE dossier_id = %s", [neighbour.pk])
            assert ("event.orphan", "#987654321", None, "") in faults()
            tamper("UPDATE desk_dossierevent SET dossier_id = %s WHERE dossier_id = 987654321", [neighbour.pk])
        finally:
            del connection.check_constraints


def test_a_missing_trigger(life):
    with unprotected():
        assert "trigger.missing" in [found[0] for found in faults()]


def test_since_a_day_only_what_was_touched(cast):
    old = cast.received()
    new = cast.received(MONDAY + 10 * DAY)
    Dossier.objects.update(sets=F("sets") + 1)
    assert faults(since=MONDAY.date() + 5 * DAY) == [("dossier.field", new.code, None, "sets")]
    assert len(faults(since=MONDAY.date())) == 2
    assert old.code != new.code


def test_since_a_day_finds_what_was_anchored_since(cast):
    dossier = cast.received()
    forward(cast, dossier, MONDAY + 10 * DAY)
    anchors.anchor_due(MONDAY + 12 * DAY)
    first = event(dossier, 1)
    EventValue.objects.all().delete()
    tamper("DELETE FROM desk_dossierevent WHERE dossier_id = %s AND number > 1", [dossier.pk])
    Dossier.objects.filter(pk=dossier.pk).update(last_number=1, last_at=first.at, head=first.digest)
    assert ("heads.head", dossier.code, 3, "head") in faults(MONDAY + 12 * DAY, since=(MONDAY + 5 * DAY).date())


def test_the_command_says_what_is_wrong_and_ends_with_one(life):
    dossier, _neighbour = life
    out = io.StringIO()
    call_command("verify_desk", "--jobs=1", stdout=out, stderr=io.StringIO())
    assert "2 hồ sơ, 4 sự kiện" in out.getvalue()
    Dossier.objects.filter(pk=dossier.pk).update(sets=9)
    with pytest.raises(SystemExit) as ended:
        call_command("verify_desk", "--jobs=1", stdout=(out := io.StringIO()), stderr=io.StringIO())
    assert ended.value.code == 1
    assert out.getvalue().splitlines()[0] == f"{dossier.code} · sets: theo các sự kiện là 1, trong hồ sơ là 9"


def test_the_command_tells_a_monitor(life):
    dossier, _neighbour = life
    Dossier.objects.filter(pk=dossier.pk).update(sets=9)
    with pytest.raises(SystemExit):
        call_command("verify_desk", "--json", "--jobs=1", stdout=(out := io.StringIO()), stderr=io.StringIO())
    told = json.loads(out.getvalue())
    assert (told["fault_count"], told["dossiers"], told["events"]) == (1, 2, 4)
    assert told["faults"][0]["field"] == "sets"
    assert told["faults"][0]["code"] == dossier.code


def test_nothing_personal_is_printed(life):
    Party.objects.update(name="Tên Khác", phone="0900 000 000")
    report = verify(NOW)
    told = " ".join(str(fault) for fault in report.faults)
    assert report.count
    assert not any(word in told for word in ("Lan", "Khác", "0905 123", "0900 ", "048123456789"))


@pytest.mark.postgres
def test_on_postgres_several_processes_see_one_state(on_postgres):
    """Every act, then a fault of each room; two processes find what one finds."""
    cast = make_cast()
    made = lives(cast)
    anchors.anchor_due(MONDAY + 20 * DAY)
    report = verify(MONDAY + 20 * DAY, jobs=2)
    assert [str(fault) for fault in report.faults] == []
    assert (report.dossiers, report.events, report.files) == (13, DossierEvent.objects.count(), 20)
    with unprotected():
        DossierEvent.objects.filter(dossier=made[0], number=2).update(by_name="Khác")
    remove_row = made[1].papers.first()
    HandedPaper.objects.filter(pk=remove_row.pk).update(copies=9)
    Party.objects.filter(dossier=made[2], role="owner").update(address="Khác")
    CodeCounter.objects.update(last=F("last") + 1)
    expected = sorted(faults(MONDAY + 20 * DAY))
    assert sorted(faults(MONDAY + 20 * DAY, jobs=2)) == expected
    assert {"event.altered", "row.changed", "code.gap"} == {found[0] for found in expected}
    assert faults(MONDAY + 20 * DAY, jobs=2, since=(MONDAY + 30 * DAY).date()) == [
        found for found in faults(MONDAY + 20 * DAY) if found[0] == "code.gap"
    ]


@pytest.mark.postgres
def test_acts_go_on_while_it_reads(on_postgres):
    """What is committed after it began isn't seen by any of its processes, so nothing seems wrong."""
    cast = make_cast()
    first = cast.received()

    def progress(done, of):
        pass

    with running.snapshot() as name:
        plan = make_plan()
        batches = list(running.all_batches())
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("UPDATE desk_dossier SET sets = 9 WHERE id = %s", [first.pk])
        finally:
            other.close()
        checked = list(running.together(plan, batches, lambda: None, name=name, jobs=1))
    assert [each.faults for each in checked] == [[]]
    assert [found[3] for found in faults(jobs=2)] == ["sets"]
