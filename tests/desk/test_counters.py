"""Counters: exact while acts and folds go on, added up beforehand, and closed by the month."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from desk import actions, counters, folding, statistics
from desk.counters import AGENCY, total, totals
from desk.models import ClosedMonth, Count, CountDelta, CountSum, Dossier, Measure
from desk.refusals import Invalid
from desk.states import OPEN, State
from tests.desk.cast import MONDAY, Cast
from tests.desk.crowd import DAY, NOW, make_crowd

MARCH, APRIL, MAY = dt.date(2026, 3, 1), dt.date(2026, 4, 1), dt.date(2026, 5, 1)
IN_APRIL = MONDAY + 31 * DAY
BY = ("agency", "procedure", "state", "month")


def everything() -> Counter:
    """Return all totals in full."""
    return totals(Measure.values, "measure", *BY)


def recounted() -> Counter:
    """Return what they should be, from the dossiers' fields."""
    return counters.recount(Dossier.objects.all())


def finish(cast: Cast, dossier: Dossier, at: dt.datetime) -> None:
    """Sign a result."""
    actions.finish(
        dossier.pk, by=cast.actor("approver"), at=at, outcome="granted", number="1", signed_on=at.date(),
        signatory="Lê Minh",
    )  # fmt: skip


def test_the_counters_are_what_a_recount_finds_before_and_after_a_fold(cast):
    make_crowd(cast)
    assert everything() == recounted()
    deltas = CountDelta.objects.count()
    assert folding.fold_deltas() == deltas
    assert not CountDelta.objects.exists()
    assert everything() == recounted()
    assert not list(folding.wrong_sums())


def test_folding_again_changes_nothing(cast):
    make_crowd(cast)
    folding.fold_deltas()
    before = sorted(Count.objects.values_list()), sorted(CountSum.objects.values_list())
    assert folding.fold_deltas() == 0
    assert before == (sorted(Count.objects.values_list()), sorted(CountSum.objects.values_list()))


def test_many_batches_are_one_fold(cast, monkeypatch):
    monkeypatch.setattr(folding, "BATCH", 7)
    monkeypatch.setattr(folding, "ROWS", 3)
    make_crowd(cast)
    folding.fold_deltas()
    assert everything() == recounted()
    assert not list(folding.wrong_sums())


def test_a_fold_that_fails_leaves_everything_as_it_was(cast, monkeypatch):
    cast.received()
    before, deltas = everything(), CountDelta.objects.count()
    monkeypatch.setattr(folding, "sums_of", lambda merged: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        folding.fold_deltas()
    assert (everything(), CountDelta.objects.count(), Count.objects.count()) == (before, deltas, 0)


def test_what_comes_to_nothing_leaves_no_row(cast):
    dossier = cast.processing()
    folding.fold_deltas()
    actions.withdraw(dossier.pk, by=cast.actor("clerk"), at=MONDAY, reason="Xin rút.")
    folding.fold_deltas()
    assert not Count.objects.filter(count=0).exists()
    assert not CountSum.objects.filter(count=0).exists()
    assert set(Count.objects.filter(measure=Measure.HELD).values_list("state", flat=True)) == {State.WITHDRAWN}


def test_sums_made_anew_are_those_that_folds_have_made(cast):
    make_crowd(cast)
    folding.fold_deltas()
    columns = (*folding.SUM_KEY, "count")
    before = sorted(CountSum.objects.values_list(*columns))
    CountSum.objects.filter(level=AGENCY).update(count=77)
    assert list(folding.wrong_sums())
    folding.rebuild_sums()
    assert sorted(CountSum.objects.values_list(*columns)) == before


@pytest.mark.parametrize("folded", [False, True])
def test_totals_by_any_dimensions_are_those_of_the_whole_table(cast, folded):
    make_crowd(cast)
    if folded:
        folding.fold_deltas()
    whole = everything()
    for chosen in range(16):
        by = tuple(name for place, name in enumerate(BY) if chosen >> place & 1)
        for measure in Measure.values:
            if measure == Measure.CONCERNS and "agency" not in by:
                continue
            should: Counter = Counter()
            for (kind, *key), number in whole.items():
                if kind == measure:
                    should[tuple(key[place] for place in range(4) if chosen >> place & 1)] += number
            found = totals(measure, *by)
            assert (found if by else {(): sum(found.values())}) == (should or ({} if by else {(): 0})), (by, measure)
    assert total(Measure.DECIDED, agency=cast.department, state__in=OPEN, month__gte=MARCH) == sum(
        number
        for (kind, agency, _procedure, state, month), number in whole.items()
        if (kind, agency) == (Measure.DECIDED, cast.department.pk) and state in OPEN and month >= MARCH
    )


def test_a_total_is_one_query(cast, django_assert_num_queries):
    cast.received()
    with django_assert_num_queries(1):
        assert total(Measure.DECIDED) == 1
    with django_assert_num_queries(1):
        totals(Measure.DECIDED, "agency", "state")


def at_once(*works: Callable[[], None]) -> None:
    """Run all at once where the database lets several write; one after the other where it has one writer."""
    if connection.vendor != "postgresql":
        for work in works:
            work()
        return
    faults: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_folds_and_acts_at_once_lose_and_double_nothing(cast, monkeypatch):
    monkeypatch.setattr(folding, "BATCH", 20)
    folds, wrong = [], []

    def come() -> None:
        for _time in range(12):
            dossier = cast.processing()
            finish(cast, dossier, MONDAY)

    def fold() -> None:
        for _time in range(40):
            folds.append(folding.fold_deltas())

    def read() -> None:
        # One after the other, three dossiers at most are on their way: a double or a loss would show as more or fewer.
        for _time in range(60):
            found = totals((Measure.RECEIVED, Measure.PENDING, *statistics.SETTLED), "measure")
            settled = sum(found[(measure,)] for measure in statistics.SETTLED)
            if found[(Measure.RECEIVED,)] != settled + found[(Measure.PENDING,)]:
                wrong.append(dict(found))

    at_once(come, come, come, fold, fold, read)
    folding.fold_deltas()
    assert not wrong
    assert sum(folds) > 0
    assert total(Measure.RECEIVED) == 36
    assert everything() == recounted()
    assert not list(folding.wrong_sums())


# Statistics


def test_received_is_settled_and_pending_always(cast):
    make_crowd(cast)
    of = statistics.all_time()
    for agency, figures in of.items():
        rows = Dossier.objects.filter(decided_by=agency, received_at__isnull=False)
        assert figures.received == rows.count() == figures.settled + figures.pending
        assert figures.pending == rows.filter(settled_at=None).count()
        for name in ("early", "on_time", "late"):
            assert getattr(figures, name) == rows.filter(settlement=name).count()
    assert sum(statistics.pending_by_month().values()) == sum(each.pending for each in of.values())


def test_figures_that_do_not_add_up_are_told(cast):
    dossier = cast.received()
    assert statistics.all_time()[cast.department.pk].received == 1
    CountDelta.objects.filter(measure=Measure.PENDING).delete()
    with pytest.raises(ValueError, match="doesn't add up"):
        statistics.all_time()
    assert dossier.pk


def test_a_month_tells_what_was_received_and_settled_in_it(cast):
    first, second = cast.processing(), cast.processing()
    cast.received(IN_APRIL)
    finish(cast, first, MONDAY + DAY)
    finish(cast, second, IN_APRIL)
    march, april = (statistics.figures(month)[cast.department.pk] for month in (MARCH, APRIL))
    assert (march.received, march.early, march.late, march.pending) == (2, 1, 0, 1)
    assert (april.received, april.early, april.late, april.pending) == (1, 0, 1, 1)


def test_a_closed_month_stays_as_it_was_told_and_a_reopening_goes_to_the_next(cast):
    dossier, other = cast.processing(), cast.processing()
    finish(cast, dossier, MONDAY + DAY)
    statistics.close_month(MARCH, IN_APRIL)
    told = statistics.figures(MARCH)[cast.department.pk]
    assert (told.received, told.early, told.pending) == (2, 1, 1)
    actions.reopen(dossier.pk, by=cast.actor("approver"), at=IN_APRIL, reason="Sai tên.")
    assert statistics.figures(MARCH)[cast.department.pk] == told
    april = statistics.figures(APRIL)[cast.department.pk]
    assert (april.received, april.early, april.pending) == (0, -1, 2)
    finish(cast, other, IN_APRIL + DAY)
    folding.fold_deltas()
    april = statistics.figures(APRIL)[cast.department.pk]
    assert (april.early, april.late, april.pending) == (-1, 1, 1)
    statistics.close_month(APRIL, IN_APRIL + 30 * DAY)
    may = statistics.figures(MAY)[cast.department.pk]
    assert (may.received, may.settled, may.pending) == (0, 0, 1)
    whole = statistics.all_time()[cast.department.pk]
    assert told.settled + april.settled + may.settled == whole.settled == 1


def test_closing_closes_the_months_before_too(cast):
    cast.received()
    statistics.close_month(MAY, MONDAY + 100 * DAY)
    assert list(ClosedMonth.objects.order_by("month").values_list("month", flat=True)) == [MARCH, APRIL, MAY]
    assert statistics.figures(MARCH)[cast.department.pk].received == 1
    assert statistics.figures(APRIL)[cast.department.pk] == statistics.Figures(pending=1)


def test_a_month_is_closed_once_and_when_it_is_over(cast, english):
    cast.received()
    with pytest.raises(Invalid, match="over"):
        statistics.close_month(MARCH, NOW)
    with pytest.raises(Invalid, match="over"):
        statistics.close_month(dt.date(2026, 3, 2), IN_APRIL)
    statistics.close_month(MARCH, IN_APRIL)
    with pytest.raises(Invalid, match="closed already"):
        statistics.close_month(MARCH, IN_APRIL)


def test_an_empty_month_can_be_closed(db):
    statistics.close_month(MARCH, IN_APRIL)
    assert statistics.figures(MARCH) == {}
