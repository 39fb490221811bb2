"""After its time nothing of a dossier's people is kept anywhere; figures, states and chains are what they were."""

from __future__ import annotations

import datetime as dt
import io
import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections, models
from django.utils import timezone, translation
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from desk import actions, attaching, counters, public
from desk.actors import CLOCK
from desk.clock import keep_no_longer
from desk.demands import Demand
from desk.files import storing
from desk.identities import Identifier, Person
from desk.intake import GroupPlace
from desk.models import (
    Count,
    CountDelta,
    Dossier,
    DossierReading,
    Group,
    LegalHold,
    PartyIdentifier,
    RetentionRule,
    What,
)
from desk.refusals import Invalid, NotAllowed, WrongState
from desk.retention.readings import delete_old
from desk.retention.running import run
from desk.retention.terms import look
from desk.statistics import figures_of_year
from desk.tracing import give_reason, leave_traces
from desk.verifying.running import verify
from tests.desk import made_files as made
from tests.desk.cast import HUNG, MONDAY, Cast, make_cast

DAY = dt.timedelta(1)
NOW = MONDAY.replace(year=2036) + 30 * DAY
TODAY = NOW.date()
SOURCE = "Quyết định 1/QĐ-UBND"

pytestmark = pytest.mark.django_db


def a_life(cast: Cast, who: Person, secret: str, at: dt.datetime = MONDAY, **more: Any) -> Dossier:
    """Return a dossier that is over, in which a person's words stand wherever words can stand."""
    by = cast.actor
    dossier = cast.received(at, applicant=who, **more)
    pk = dossier.pk
    attaching.attach_file(pk, made.upload(f"{secret[:30]}.pdf", made.pdf(1)), by=by("clerk"), at=at)
    actions.forward(pk, by=by("clerk"), at=at, to_agency=cast.department, note=secret)
    actions.take_over(pk, by=by("handler"), at=at)
    actions.comment(pk, by=by("handler"), at=at, text=secret, told=[cast.people["clerk"].pk])
    demands = [Demand("paper", secret, "to-khai")]
    actions.request_supplement(pk, by=by("handler"), at=at, demands=demands)
    actions.accept_supplement(pk, by=by("clerk"), at=at, note=secret)
    other = Person(who.name, phone="0912 345 678", identifiers=who.identifiers, address=f"{secret[:100]} 12")
    actions.correct_data(pk, by=by("clerk"), at=at, reason=secret, people={"applicant": other})
    actions.request_payment(pk, by=by("handler"), at=at, amount=Decimal(1), purpose=f"Phí của {secret[:100]}")
    actions.confirm_payment(pk, by=by("clerk"), at=at)
    actions.extend(pk, by=by("approver"), at=at, on=at.date() + 30 * DAY, reason=secret, late_unit="Phòng Hộ tịch")
    actions.reassign(pk, by=by("approver"), at=at, to_user=cast.people["approver"], reason=secret)
    give_reason(dossier, by("supervisor"), at, why="other", text=secret[:300])
    leave_traces([pk], by("supervisor"), at, What.PAGE)
    LegalHold.objects.create(
        dossier=dossier, reason=secret[:300], set_by=cast.people["head"], set_at=at, ended_at=at,
        ended_by=cast.people["head"],
    )  # fmt: skip
    result = {"outcome": "granted", "number": "1", "signed_on": at.date(), "signatory": "Lê Minh"}
    actions.finish(pk, by=by("approver"), at=at, **result)
    actions.correct_data(pk, by=by("clerk"), at=at, reason="Phí.", fee_due=Decimal(1))
    return actions.return_result(pk, by=by("clerk"), at=at, to=secret, note=secret)


@pytest.fixture
def rule(cast) -> RetentionRule:
    return RetentionRule.objects.create(years=10, source=SOURCE)


WHO = Person(
    "Quách Xuân Khải", born_on=dt.date(1987, 6, 5), address="Ngõ Ghềnh Ráng 77", phone="0987 654 321",
    email="khai.quach@example.vn", identifiers=(Identifier("citizen_card", "048987654321"),),
)  # fmt: skip
SECRET = "Ông Quách Xuân Khải ốm nặng, em trai Quách Xuân Kha đi thay"


def everywhere(folder: Path) -> str:
    """Return every text of every table, of every file that is kept and of the cache, in one piece."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        texts = [
            each.attname
            for each in model._meta.concrete_fields
            if isinstance(each, models.CharField | models.TextField | models.JSONField | models.DateField)
        ]
        if texts:
            found += [str(values) for values in model._base_manager.values_list(*texts)]
    found += [str(path) + path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()]
    return "\n".join(found).casefold()


def traces_of(who: Person, secret: str) -> list[str]:
    """Return what must stand nowhere: names, numbers, addresses, days, folded too."""
    from catalogue.text import fold

    words = [who.name, fold(who.name), who.address, who.phone, who.email, secret, "0912 345 678"]
    words += [each.value for each in who.identifiers] + ([str(who.born_on)] if who.born_on else [])
    return [word.casefold() for word in words if len(word) > 3]


def figures() -> Any:
    """Return every figure there is: counters, sums, months, and states by agency."""
    counted = {}
    for model in (Count, CountDelta):
        value = "count" if model is Count else "change"
        for *key, number in model.objects.values_list("measure", "agency", "procedure", "state", "month", value):
            counted[tuple(key)] = counted.get(tuple(key), 0) + number
    months = [figures_of_year(year, dt.date(year, 12, 1)) for year in (2026, 2036)]
    rows = list(Dossier.objects.order_by("pk").values_list("code", "state", "settlement", "settled_at", "received_at"))
    return {key: number for key, number in counted.items() if number}, months, rows


def test_nothing_of_a_made_up_person_remains_anywhere_and_every_figure_is_what_it_was(
    cast, rule, client, settings, tmp_path
):
    dossier = a_life(cast, WHO, SECRET)
    for name in ("clerk", "supervisor"):
        client.force_login(cast.people[name])
        client.get(dossier.get_absolute_url())
    before, folder = figures(), Path(settings.VAR_DIR)
    there = everywhere(folder)
    assert all(trace in there for trace in traces_of(WHO, SECRET)[:1]) and SECRET.casefold() in there
    head = dossier.head
    assert not verify(NOW).faults
    place = dossier.files.get().place
    with translation.override("vi"):
        assert run(TODAY, NOW).number == 1
    for call in list(connection.run_on_commit):
        call[1]()
    left = everywhere(folder)
    assert [trace for trace in traces_of(WHO, SECRET) if trace in left] == []
    assert not storing.storage().exists(place)
    assert figures() == before
    assert not verify(NOW).faults
    after = Dossier.objects.get(pk=dossier.pk)
    event = after.events.last()
    assert (event.act, event.by_name, event.previous, after.anonymised_at) == ("anonymise", "clock", head, NOW)
    assert json.loads(event.body)["facts"] == {"rule": "all others"}


LETTERS = st.characters(whitelist_categories=("Lu", "Ll"), max_codepoint=0x1EFF)
NAMES = st.text(LETTERS, min_size=9, max_size=30).map(lambda text: f"Zx{text}")


@hypothesis_settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=NAMES, number=st.integers(10**11, 10**12 - 1), words=st.text(LETTERS, min_size=12, max_size=60))
def test_whoever_it_is_and_whatever_was_written(cast, name, number, words):
    RetentionRule.objects.get_or_create(years=10, source=SOURCE)
    who = Person(name, phone="0987 111 222", identifiers=(Identifier("citizen_card", str(number)),))
    a_life(cast, who, f"Qq{words}")
    run(TODAY, NOW)
    for call in list(connection.run_on_commit):
        call[1]()
    left = everywhere(Path(settings.VAR_DIR))
    assert not [trace for trace in (name.casefold(), str(number), f"qq{words}".casefold()) if trace in left]


def test_its_page_list_and_tracking_say_so_and_its_slips_refuse(cast, rule, open_as, monkeypatch):
    dossier = a_life(cast, WHO, SECRET)
    run(TODAY, NOW)
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    cast.explain("clerk", dossier, NOW)
    client = open_as("clerk")
    page = client.get(dossier.get_absolute_url())
    text = page.content.decode()
    assert page.status_code == 200 and "Đã ẩn danh ngày" in text and not page.context["page"].acts
    assert "Quách" not in text and not page.context["page"].slips
    answer = client.get(f"{dossier.get_absolute_url()}slips/1/01.pdf")
    assert answer.status_code == 410 and "Không in lại phiếu này được nữa" in answer.content.decode()
    listed = client.get("/desk/dossiers/", {"state": "all"}).content.decode()
    assert dossier.code in listed and "(đã ẩn danh)" in listed
    assert dossier.code not in client.get("/desk/dossiers/", {"q": "048987654321"}).content.decode()
    assert client.get("/desk/register/", {"first_day": "2026-03-01", "last_day": "2026-03-31"}).status_code == 200
    assert public.track(dossier.code, "654321", NOW) is None
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found = public.track_token(dossier.tracking_token, NOW)
        assert found and not found.slips and found.happened and found.happened[-1].at == NOW
    assert public.slip_pdf(dossier.tracking_token, 1, "01", NOW) is None


def test_nothing_can_be_done_to_it_any_more_and_no_officer_can_do_it(cast, rule):
    dossier = a_life(cast, WHO, SECRET)
    with pytest.raises(NotAllowed):
        actions.anonymise(dossier.pk, by=cast.actor("supervisor"), at=NOW, on=TODAY)
    actions.anonymise(dossier.pk, by=CLOCK, at=NOW, on=TODAY)
    for attempt in (
        lambda: actions.comment(dossier.pk, by=cast.actor("clerk"), at=NOW, text="Lan ơi"),
        lambda: actions.anonymise(dossier.pk, by=CLOCK, at=NOW, on=TODAY),
    ):
        with pytest.raises(WrongState):
            attempt()


def hold(cast: Cast, dossier: Dossier, **more: Any) -> None:
    LegalHold.objects.create(dossier=dossier, reason="Tòa án", set_by=cast.people["head"], set_at=MONDAY, **more)


def test_what_is_open_held_unpaid_or_not_handed_over_stays(cast, rule):
    by = cast.actor
    cast.processing()
    held, ended = a_life(cast, WHO, SECRET), a_life(cast, WHO, SECRET)
    hold(cast, held)
    hold(cast, ended, until=TODAY - DAY)
    rejected = actions.reject_new(cast.intake(), reason="Không.", by=by("clerk"), at=MONDAY)
    unpaid = a_life(cast, WHO, SECRET)
    Dossier.objects.filter(pk=unpaid.pk).update(fee_due=50_000)
    finished = cast.processing()
    result = {"outcome": "granted", "number": "1", "signed_on": MONDAY.date(), "signatory": "Lê Minh"}
    actions.finish(finished.pk, by=by("approver"), at=MONDAY, **result)
    found = look(TODAY)
    assert found.by_rule == {"all others": 1}
    assert found.kept_by == {"open": 1, "held": 1, "unpaid": 1, "not handed over": 2}
    done = run(TODAY, NOW)
    assert (done.number, done.refused) == (1, 0)
    assert Dossier.objects.exclude(anonymised_at=None).get() == ended
    for kept in (held, rejected, unpaid, finished):
        with pytest.raises(Invalid):
            actions.anonymise(kept.pk, by=CLOCK, at=NOW, on=TODAY)


def test_the_most_particular_rule_counts_and_without_any_nothing_is_due(cast, settings):
    a_life(cast, WHO, SECRET)
    assert look(TODAY).by_rule == {"all others, by the setting": 0}
    settings.DESK_RETENTION_YEARS = 10
    assert look(TODAY).by_rule == {"all others, by the setting": 1}
    RetentionRule.objects.create(field=cast.procedure.field, years=11, source=SOURCE)
    assert sum(look(TODAY).by_rule.values()) == 0
    RetentionRule.objects.create(procedure=cast.procedure, years=5, source=SOURCE)
    assert look(TODAY).by_rule[f"procedure {cast.procedure.code}"] == 1
    RetentionRule.objects.filter(procedure=cast.procedure).update(years=None)
    assert sum(look(TODAY).by_rule.values()) == 0


def test_it_is_due_on_the_day_after_the_years_and_not_before(cast, rule):
    dossier = a_life(cast, WHO, SECRET)
    assert not sum(look(MONDAY.date().replace(year=2036)).by_rule.values())
    assert sum(look(MONDAY.date().replace(year=2036) + DAY).by_rule.values()) == 1
    assert dossier.anonymised_at is None


def said(*arguments: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def test_the_commands_tell_what_is_due_what_was_done_and_change_nothing_when_dry(cast, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    dossier = a_life(cast, WHO, SECRET)
    assert "10" in said("retention_rule", "--others", "--years", "10", "--source", SOURCE)
    assert SOURCE in said("retention_rule")
    said("hold_dossier", dossier.code, "--by", "head", "--reason", "Thanh tra")
    told = said("anonymise_due", "--dry-run")
    assert "due by all others: 0" in told and "its time is over, held: 1" in told
    said("hold_dossier", dossier.code, "--by", "head", "--end")
    assert "due by all others: 1" in said("anonymise_due", "--dry-run", "--at", "2040-01-01")
    assert Dossier.objects.get(pk=dossier.pk).anonymised_at is None
    assert "1 anonymised, 0 refused" in said("anonymise_due")
    assert "0 anonymised" in said("anonymise_due")
    with pytest.raises(CommandError):
        said("anonymise_due", "--at", "2040-01-01")
    with pytest.raises(CommandError):
        said("hold_dossier", dossier.code, "--by", "head", "--reason", "Muộn")


def test_the_clock_does_it_at_night_and_deletes_old_readings(cast, rule, settings):
    settings.DESK_READINGS_YEARS = 50  # The clock of this test runs ahead of the database's.
    dossier = a_life(cast, WHO, SECRET)
    assert keep_no_longer(NOW) == "not at night"
    assert keep_no_longer(NOW.replace(hour=2)).startswith("1 anonymised")
    assert Dossier.objects.get(pk=dossier.pk).anonymised_at is not None
    settings.DESK_READINGS_YEARS = 5
    at = timezone.now()
    leave_traces([dossier.pk], cast.actor("clerk"), at - 6 * 366 * DAY, What.PAGE)
    assert delete_old(at) == 1 and DossierReading.objects.count() == 1


def test_the_name_of_a_group_goes_with_its_last_dossier(cast, rule):
    group = Group.objects.create(name="Con của Quách Xuân Khải", made_at=MONDAY)
    first = a_life(cast, WHO, SECRET, group=GroupPlace(group, 1, is_lead=True))
    second = a_life(cast, HUNG, SECRET, group=GroupPlace(group, 2))
    hold(cast, second)
    run(TODAY, NOW)
    assert Group.objects.get().name != "—" and Dossier.objects.get(pk=first.pk).anonymised_at
    LegalHold.objects.update(ended_at=NOW)
    run(TODAY, NOW)
    assert Group.objects.get().name == "—"


def test_a_batch_costs_few_queries_a_dossier(cast, rule, django_assert_max_num_queries):
    for _each in range(10):
        a_life(cast, WHO, SECRET)
    with django_assert_max_num_queries(160):
        assert run(TODAY, NOW).number == 10
    assert not PartyIdentifier.objects.exists() and not verify(NOW).faults


@pytest.mark.postgres
def test_an_act_and_the_clock_at_once_leave_one_of_two_whole_ends(on_postgres):
    """Either the comment stands before and is erased, or it is refused: never a word after the erasure."""
    cast = make_cast()
    RetentionRule.objects.create(years=10, source=SOURCE)
    dossiers = [a_life(cast, WHO, SECRET) for _each in range(6)]
    head, head_dossiers = cast.actor("head"), [each.pk for each in dossiers]
    barrier = Barrier(2)

    def own(call: Any) -> list[str]:
        connections["default"] = on_postgres.copy()
        barrier.wait()
        try:
            return call()
        finally:
            connections["default"].close()

    def comment() -> list[str]:
        told = []
        for pk in head_dossiers:
            try:
                actions.comment(pk, by=head, at=NOW, text=SECRET)
                told.append("done")
            except WrongState:
                told.append("refused")
        return told

    with ThreadPoolExecutor(2) as pool:
        said_of = pool.submit(own, comment)
        pool.submit(own, lambda: [str(run(TODAY, NOW).number)]).result()
        assert len(said_of.result()) == 6
    assert Dossier.objects.filter(anonymised_at=None).count() == 0
    assert not is_left()
    assert not verify(NOW).faults


def is_left() -> bool:
    return any(SECRET in str(row) for row in apps.get_model("desk", "EventValue").objects.values_list("text"))


def test_no_counter_moves(cast, rule):
    dossier = a_life(cast, WHO, SECRET)
    before = counters.counted_in(Dossier.objects.get(pk=dossier.pk))
    deltas = CountDelta.objects.count()
    run(TODAY, NOW)
    assert counters.counted_in(Dossier.objects.get(pk=dossier.pk)) == before
    assert CountDelta.objects.count() == deltas
