"""A decision's changes: written beside the live rows, approved by a second person, in force on their day at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from catalogue import models as m
from catalogue.changesets import applying
from catalogue.changesets.applying import apply_due
from catalogue.changesets.approving import approve, cancel, leave_out, send_back
from catalogue.changesets.writing import (
    ChangeSetError,
    StaleSetError,
    add_lines,
    add_new,
    line_stamp,
    make_set,
    shown_row,
    submit,
    withdraw,
    write_line,
)
from catalogue.editing.four_eyes import NotApprovedError, by_rule
from catalogue.signals import catalogue_changed
from tests import factories
from tests.publishing import publish

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
TOMORROW = TODAY + dt.timedelta(days=1)
NEXT_DAY = NOW + dt.timedelta(days=1)


@pytest.fixture
def procedure(cast) -> m.Procedure:
    return m.Procedure.objects.get(pk=cast.rows[m.Procedure].pk)


def begin(by: Any, *, effective_on: dt.date | None = TOMORROW, **head: Any) -> m.ChangeSet:
    values = {"number": "77/QĐ-UBND", "issuer": "UBND thành phố", "signed_on": TODAY, "effective_on": effective_on}
    return make_set(values | head, by=by, at=NOW)


def amend(change_set: m.ChangeSet, procedure: m.Procedure, by: Any, **values: Any) -> m.ChangeLine:
    """Add a line of a procedure with some columns changed."""
    line = change_set.lines.filter(code=procedure.code).first()
    if line is None:
        (line,) = add_lines(change_set.pk, [procedure], "amended", by=by, at=NOW)
    row = shown_row(line)
    for name, value in values.items():
        setattr(row, name, value)
    return write_line(line.pk, row, by=by, at=NOW, seen=line_stamp(line))


def approve_all(change_set: m.ChangeSet, by: Any) -> Any:
    lines = list(change_set.lines.filter(status="open"))
    stamps = [line_stamp(line) for line in lines]
    pks = [line.pk for line in lines]
    return approve(change_set.pk, pks, by=by, at=timezone.now(), day=TODAY, stamps=stamps)


@pytest.fixture
def coming(cast, procedure) -> m.ChangeSet:
    """A decision of tomorrow that changes the steps, submitted."""
    change_set = begin(cast.top_editor)
    amend(change_set, procedure, cast.top_editor, steps_vi="Nộp ở phường")
    return submit(change_set.pk, by=cast.top_editor, at=NOW)


def live(procedure: m.Procedure) -> m.Procedure:
    return m.Procedure.objects.get(pk=procedure.pk)


def test_writing_a_set_touches_no_live_row(cast, procedure, coming):
    row = live(procedure)
    assert (row.steps_vi, row.has_unpublished_changes, row.locked) == (procedure.steps_vi, False, False)
    assert m.ProcedureVersion.objects.filter(procedure=procedure).count() == 1
    assert not m.Decision.objects.filter(number="77/QĐ-UBND").exists()


def test_an_approved_change_waits_as_a_version_beside_the_live_row(cast, procedure, coming):
    outcome = approve_all(coming, cast.top_publisher)
    assert (outcome.approved, outcome.refused, outcome.is_in_force) == (1, {}, False)
    assert live(procedure).steps_vi == procedure.steps_vi
    versions = m.ProcedureVersion.objects.filter(procedure=procedure)
    assert versions.as_of(TODAY).get().number == 1
    version = versions.as_of(TOMORROW).get()
    assert (version.content["steps"], version.decision.number) == ("Nộp ở phường", "77/QĐ-UBND")
    assert version.content["decision"] == {"number": "77/QĐ-UBND", "issuer": "UBND thành phố"}
    assert version.decision.items.get().effect == "amended"
    coming.refresh_from_db()
    assert coming.status == "approved"


def test_nobody_approves_what_they_wrote_and_neighbours_not_at_all(cast, procedure):
    change_set = begin(cast.top_publisher)
    amend(change_set, procedure, cast.top_publisher, steps_vi="Nộp ở phường")
    submit(change_set.pk, by=cast.top_publisher, at=NOW)
    for person in (cast.top_publisher, cast.neighbour_publisher, cast.top_editor, cast.root, cast.publisher):
        outcome = approve_all(change_set, person)
        expected = 1 if person == cast.publisher else 0
        assert (outcome.approved, bool(outcome.refused)) == (expected, not expected), person
    assert m.ChangeLine.objects.get().decided_by == cast.publisher


def test_an_approver_who_wrote_another_line_approves_the_rest(cast, procedure):
    other = publish(factories.ProcedureFactory(code="9.9", with_channels=True, with_papers=True))
    change_set = begin(cast.top_editor)
    amend(change_set, procedure, cast.top_editor, steps_vi="A")
    amend(change_set, other, cast.top_publisher, steps_vi="B")
    submit(change_set.pk, by=cast.top_editor, at=NOW)
    outcome = approve_all(change_set, cast.top_publisher)
    assert (outcome.approved, list(outcome.refused)) == (1, ["9.9"])
    change_set.refresh_from_db()
    assert change_set.status == "submitted"


def test_on_its_day_the_change_is_merged_and_makes_no_second_version(cast, procedure, coming):
    approve_all(coming, cast.top_publisher)
    told: list[Any] = []
    catalogue_changed.connect(lambda codes, **_: told.append(codes), weak=False, dispatch_uid="t")
    try:
        assert apply_due(NOW) == "0 changes in force"
        assert apply_due(NEXT_DAY) == "1 changes in force"
        assert apply_due(NEXT_DAY) == "0 changes in force"
    finally:
        catalogue_changed.disconnect(dispatch_uid="t")
    row = live(procedure)
    assert (row.steps_vi, row.decision.number, row.live) == ("Nộp ở phường", "77/QĐ-UBND", True)
    assert row.latest_revision_id == row.live_revision_id
    assert m.ProcedureVersion.objects.filter(procedure=procedure).count() == 2
    coming.refresh_from_db()
    assert (coming.status, coming.lines.get().clashes) == ("applied", [])


def test_what_was_published_meanwhile_stays_and_is_in_the_version_of_the_day(cast, procedure, coming):
    approve_all(coming, cast.top_publisher)
    row = live(procedure)
    row.name_ko, row.conditions_vi = "출생 신고", "Có giấy chứng sinh"
    publish(row)
    apply_due(NEXT_DAY)
    row = live(procedure)
    assert (row.name_ko, row.conditions_vi, row.steps_vi) == ("출생 신고", "Có giấy chứng sinh", "Nộp ở phường")
    newest = m.ProcedureVersion.objects.filter(procedure=procedure).as_of(TOMORROW).get()
    assert (newest.content["conditions"], newest.content["steps"]) == ("Có giấy chứng sinh", "Nộp ở phường")


def test_what_cannot_be_merged_stays_and_goes_to_the_board(cast, procedure, coming):
    approve_all(coming, cast.top_publisher)
    row = live(procedure)
    row.steps_vi = "Nộp ở trung tâm"
    publish(row)
    apply_due(NEXT_DAY)
    assert live(procedure).steps_vi == "Nộp ở trung tâm"
    (clash,) = m.ChangeLine.objects.get().clashes
    assert (clash["path"], clash["where"], clash["theirs"]) == (["steps_vi"], "live", "Nộp ở phường")


def test_an_open_draft_is_put_over_the_new_row_and_publishing_it_undoes_nothing(cast, procedure, coming):
    approve_all(coming, cast.top_publisher)
    row = live(procedure)
    row.description = "Ghi chú của biên tập viên"
    row.save_revision(user=cast.editor)
    row.short_name = "Tên ngắn"
    row.save_revision(user=cast.colleague)
    apply_due(NEXT_DAY)
    row = live(procedure)
    assert (row.steps_vi, row.description, row.has_unpublished_changes) == ("Nộp ở phường", procedure.description, True)
    draft = row.get_latest_revision_as_object()
    assert (draft.steps_vi, draft.description) == ("Nộp ở phường", "Ghi chú của biên tập viên")
    with pytest.raises(NotApprovedError):
        row.latest_revision.publish(user=cast.editor)
    row.latest_revision.publish(user=cast.publisher)
    row = live(procedure)
    assert (row.steps_vi, row.short_name) == ("Nộp ở phường", "Tên ngắn")


def test_a_draft_that_changed_the_same_text_keeps_it_and_is_told(cast, procedure, coming):
    approve_all(coming, cast.top_publisher)
    row = live(procedure)
    row.steps_vi = "Bản nháp"
    row.save_revision(user=cast.editor)
    apply_due(NEXT_DAY)
    assert live(procedure).steps_vi == "Nộp ở phường"
    assert live(procedure).get_latest_revision_as_object().steps_vi == "Bản nháp"
    (clash,) = m.ChangeLine.objects.get().clashes
    assert (clash["where"], clash["path"]) == ("draft", ["steps_vi"])


def test_a_crash_in_the_middle_leaves_all_as_it_was_and_the_next_minute_does_it(cast, procedure, coming, monkeypatch):
    other = publish(factories.ProcedureFactory(code="9.9", with_channels=True, with_papers=True))
    amend(m.ChangeSet.objects.get(), other, cast.top_editor, steps_vi="Khác")
    approve_all(coming, cast.top_publisher)
    real, calls = applying.record_version, []

    def crash(row: Any, **kwargs: Any) -> Any:
        calls.append(row)
        if len(calls) == 2:
            raise RuntimeError("the machine stops")
        return real(row, **kwargs)

    monkeypatch.setattr(applying, "record_version", crash)
    assert apply_due(NEXT_DAY) == "0 changes in force"
    assert {live(procedure).steps_vi, live(other).steps_vi}.isdisjoint({"Nộp ở phường", "Khác"})
    monkeypatch.undo()
    assert apply_due(NEXT_DAY) == "2 changes in force"
    assert (live(procedure).steps_vi, live(other).steps_vi) == ("Nộp ở phường", "Khác")


def test_one_switch_brings_a_new_procedure_and_ends_the_old_one(cast, procedure):
    change_set = begin(cast.top_editor)
    row = factories.ProcedureFactory.build(code="2.777", name_vi="Thủ tục mới", field=procedure.field, live=False)
    add_new(change_set.pk, row, by=cast.top_editor, at=NOW)
    add_lines(change_set.pk, [procedure], "replaced", by=cast.top_editor, at=NOW, successor="2.777")
    submit(change_set.pk, by=cast.top_editor, at=NOW)
    assert approve_all(change_set, cast.top_publisher).approved == 2
    new = m.Procedure.objects.get(code="2.777")
    assert not new.live
    apply_due(NEXT_DAY)
    new, old = m.Procedure.objects.get(code="2.777"), live(procedure)
    assert (new.live, new.has_unpublished_changes) == (True, False)
    assert (old.live, old.status, old.replaced_by) == (True, "abolished", new)
    assert [item.effect for item in new.decision.items.order_by("effect")] == ["new", "replaced"]


def test_a_successor_that_does_not_come_along_is_asked_for(cast, procedure):
    change_set = begin(cast.top_editor)
    add_lines(change_set.pk, [procedure], "replaced", by=cast.top_editor, at=NOW, successor="2.777")
    submit(change_set.pk, by=cast.top_editor, at=NOW)
    outcome = approve_all(change_set, cast.top_publisher)
    assert outcome.approved == 0
    assert "2.777" in outcome.refused[procedure.code]


def test_a_successor_whose_code_was_changed_meanwhile_holds_nothing_up_and_is_told(cast, procedure):
    other = publish(factories.ProcedureFactory(code="9.9", with_channels=True, with_papers=True))
    change_set = begin(cast.top_editor)
    add_lines(change_set.pk, [procedure], "replaced", by=cast.top_editor, at=NOW, successor="9.9")
    submit(change_set.pk, by=cast.top_editor, at=NOW)
    assert approve_all(change_set, cast.top_publisher).approved == 1
    m.Procedure.objects.filter(pk=other.pk).update(code="9.10")
    assert apply_due(NEXT_DAY) == "1 changes in force"
    assert (live(procedure).status, live(procedure).replaced_by) == ("abolished", None)
    assert [clash["theirs"] for clash in m.ChangeLine.objects.get().clashes] == ["9.9"]


def test_a_decision_without_a_day_to_come_is_in_force_at_its_approval(cast, procedure):
    change_set = begin(cast.top_editor, effective_on=None)
    amend(change_set, procedure, cast.top_editor, steps_vi="Ngay")
    submit(change_set.pk, by=cast.top_editor, at=NOW)
    assert approve_all(change_set, cast.top_publisher).is_in_force
    assert live(procedure).steps_vi == "Ngay"
    assert m.ProcedureVersion.objects.filter(procedure=procedure).as_of(TODAY).get().content["steps"] == "Ngay"


def test_a_line_changed_after_it_was_read_is_not_approved(cast, procedure, coming):
    line = coming.lines.get()
    seen = line_stamp(line)
    write_line(line.pk, shown_row(line), by=cast.colleague, at=NEXT_DAY, seen=seen)
    outcome = approve(coming.pk, [line.pk], by=cast.top_publisher, at=NOW, day=TODAY, stamps=[seen])
    assert outcome.approved == 0
    assert outcome.refused


def test_of_two_who_write_one_line_the_second_is_told(cast, procedure):
    change_set = begin(cast.top_editor)
    (line,) = add_lines(change_set.pk, [procedure], "amended", by=cast.top_editor, at=NOW)
    seen = line_stamp(line)
    write_line(line.pk, shown_row(line), by=cast.top_editor, at=NEXT_DAY, seen=seen)
    with pytest.raises(StaleSetError):
        write_line(line.pk, shown_row(line), by=cast.editor, at=NEXT_DAY, seen=seen)


def test_an_unfinished_line_is_named_when_the_set_is_sent(cast, procedure):
    change_set = begin(cast.top_editor)
    with pytest.raises(ChangeSetError):
        submit(change_set.pk, by=cast.top_editor, at=NOW)
    (line,) = add_lines(change_set.pk, [procedure], "amended", by=cast.top_editor, at=NOW)
    with pytest.raises(ChangeSetError, match=procedure.code):
        submit(change_set.pk, by=cast.top_editor, at=NOW)
    write_line(line.pk, shown_row(line), by=cast.top_editor, at=NOW, seen=line_stamp(line))
    with pytest.raises(ChangeSetError, match=procedure.code):
        submit(change_set.pk, by=cast.top_editor, at=NOW)


def test_a_set_can_be_sent_back_left_out_and_withdrawn(cast, procedure, coming):
    send_back(coming.pk, by=cast.top_publisher, day=TODAY, note="Thiếu căn cứ")
    coming.refresh_from_db()
    assert (coming.status, coming.note) == ("draft", "Thiếu căn cứ")
    submit(coming.pk, by=cast.top_editor, at=NOW)
    with pytest.raises(ChangeSetError):
        withdraw(coming.pk, by=cast.colleague)
    line = coming.lines.get()
    assert leave_out(coming.pk, [line.pk], by=cast.top_publisher, at=NOW, day=TODAY) == 1
    coming.refresh_from_db()
    assert coming.status == "withdrawn"
    with pytest.raises(StaleSetError):
        add_lines(coming.pk, [procedure], "amended", by=cast.top_editor, at=NOW)


def test_an_approved_change_called_off_leaves_the_present_text_in_force_on_its_day(cast, procedure, coming):
    approve_all(coming, cast.top_publisher)
    with pytest.raises(StaleSetError):
        cancel(coming.pk, by=cast.top_editor, at=NOW, day=TODAY, note="Hoãn")
    cancel(coming.pk, by=cast.top_publisher, at=timezone.now(), day=TODAY, note="Hoãn")
    apply_due(NEXT_DAY)
    assert live(procedure).steps_vi == procedure.steps_vi
    version = m.ProcedureVersion.objects.filter(procedure=procedure).as_of(TOMORROW).get()
    assert version.content["steps"] == (procedure.steps_vi or "")
    coming.refresh_from_db()
    assert coming.status == "withdrawn"


def test_a_row_that_was_taken_down_meanwhile_stays_down_with_the_new_text(cast, procedure, coming):
    approve_all(coming, cast.top_publisher)
    with by_rule("a test takes it down"):
        live(procedure).unpublish()
    apply_due(NEXT_DAY)
    row = live(procedure)
    assert (row.live, row.steps_vi) == (False, "Nộp ở phường")


def test_two_decisions_of_one_day_are_both_in_force(cast, procedure, coming):
    second = begin(cast.top_editor, number="78/QĐ-UBND")
    amend(second, procedure, cast.top_editor, conditions_vi="Có nơi ở")
    submit(second.pk, by=cast.top_editor, at=NOW)
    for change_set in (coming, second):
        assert approve_all(change_set, cast.top_publisher).approved == 1
    apply_due(NEXT_DAY)
    row = live(procedure)
    assert (row.steps_vi, row.conditions_vi) == ("Nộp ở phường", "Có nơi ở")
    version = m.ProcedureVersion.objects.filter(procedure=procedure).as_of(TOMORROW).get()
    assert (version.content["steps"], version.content["conditions"]) == ("Nộp ở phường", "Có nơi ở")


def test_before_its_day_a_new_procedure_cannot_be_published_by_its_draft(cast, procedure):
    change_set = begin(cast.top_editor)
    row = factories.ProcedureFactory.build(code="2.777", name_vi="Thủ tục mới", field=procedure.field, live=False)
    add_new(change_set.pk, row, by=cast.top_editor, at=NOW)
    submit(change_set.pk, by=cast.top_editor, at=NOW)
    approve_all(change_set, cast.top_publisher)
    new = m.Procedure.objects.get(code="2.777")
    new.ground = "decision"
    revision = new.save_revision(user=cast.top_editor)
    with pytest.raises(NotApprovedError):
        revision.publish(user=cast.top_publisher)
