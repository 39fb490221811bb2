"""A province that works by itself: the same for the same seed, through every state, and true to its events."""

from __future__ import annotations

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from django.test import Client

from catalogue.demo_passwords import FILE
from catalogue.models import Agency, Posting, ProcedureRoute
from catalogue.opening import ZONE
from desk.calendar import WorkCalendar
from desk.models import CodeCounter, Dossier, DossierEvent, DossierFile, GroupMember, Party, PartyIdentifier
from desk.permissions import RULES
from desk.simulation.bulk import fill
from desk.simulation.hours import EPOCH, Hours, date_of, spread
from desk.simulation.living import Lived, live
from desk.simulation.plan import NothingToSimulateError
from desk.simulation.routes import SYSTEM, make_routes
from desk.simulation.staff import make_officers
from desk.states import Channel, State, StopKind
from tests.desk.folding import faults
from tests.desk.province import make_province

UNTIL = dt.datetime(2026, 6, 30, 23, 59, tzinfo=ZONE)
FIRST = dt.date(2026, 5, 1)


@pytest.fixture
def province(db) -> Agency:
    """A province with officers."""
    committee = make_province()
    make_officers()
    return committee


def run(number: int, seed: int = 1) -> Lived:
    return live(number, first=FIRST, until=UNTIL, seed=seed, say=lambda text: None)


def pile(number: int, seed: int = 1) -> None:
    fill(number, first=dt.date(2025, 9, 1), last=UNTIL.date(), seed=seed, processes=1, say=lambda text: None)


def told() -> list[tuple[object, ...]]:
    """Return what the dossiers and their events are, without keys, tokens and salts."""
    dossiers = Dossier.objects.order_by("code").values_list("code", "procedure__code", "state", "due_at", "fee_due")
    events = DossierEvent.objects.order_by("dossier__code", "number").values_list(
        "dossier__code", "act", "at", "by_name"
    )
    parties = Party.objects.order_by("dossier__code", "role").values_list("dossier__code", "name", "identifiers__value")
    return [*dossiers, *events, *parties]


def test_officers_are_made_once(province):
    posts = list(Posting.objects.order_by("pk").values_list("user__username", "agency", "role", "title"))
    identifiers = list(Agency.objects.order_by("pk").values_list("identifier", flat=True))
    again = make_officers()
    assert (again.people, again.identifiers) == (0, 0)
    assert posts == list(Posting.objects.order_by("pk").values_list("user__username", "agency", "role", "title"))
    assert identifiers == [f"DEMO.0{number}" for number in range(1, 6)]
    assert all("DEMO" in title for _name, _agency, _role, title in posts)
    roles = {role for _name, _agency, role, _title in posts}
    assert roles == set(Posting.Role.values) - Posting.EDITING
    assert Posting.objects.filter(role="supervisor").get().agency == province


def test_an_agency_with_people_and_an_identifier_keeps_them(db, django_user_model):
    committee = make_province()
    committee.identifier = "H17"
    committee.save(update_fields=["identifier"])
    user = django_user_model.objects.create_user("that-lan")
    Posting.objects.create(user=user, agency=committee, role="clerk")
    make_officers()
    committee.refresh_from_db()
    assert committee.identifier == "H17"
    assert list(Posting.objects.filter(agency=committee).values_list("user__username", flat=True)) == ["that-lan"]


def test_every_act_and_state_occurs_and_every_story_is_true_to_its_events(province):
    make_routes(FIRST, UNTIL.date())
    done = run(150)
    assert done.refused == []
    assert done.dossiers >= 146
    assert faults(UNTIL) == []
    assert set(done.states) == set(State)
    acts = set(DossierEvent.objects.values_list("act", flat=True))
    assert set(RULES) - acts == {"remove_file", "tie_file", "undo", "recall", "move_to_heir", "anonymise"}
    assert set(Dossier.objects.values_list("channel", flat=True)) == set(Channel)
    assert Dossier.objects.filter(state=State.STOPPED, stop_kind=StopKind.SUSPENSION).exists()
    assert Dossier.objects.exclude(limit_set_on=None).exists()
    assert Dossier.objects.shadows().filter(system=SYSTEM).exists()
    assert Dossier.objects.filter(work_supplements=2).exists()
    kinds = {Party.Kind.PERSON, Party.Kind.COMPANY, Party.Kind.HOUSEHOLD_BUSINESS}
    assert set(Party.objects.values_list("kind", flat=True)) >= kinds
    assert set(Party.objects.values_list("role", flat=True)) == set(Party.Role)
    assert Dossier.objects.filter(outcome="refused").exists()
    assert GroupMember.objects.filter(waits_for=None).count() >= 2
    assert DossierFile.objects.count() >= 2
    assert 0 < done.late < done.settled / 4
    assert done.overdue > 0
    assert Dossier.objects.exclude(received_by=province).exclude(received_by=F("decided_by")).exists()


def test_time_goes_on_and_officers_act_in_working_hours(province):
    run(40)
    moments = list(DossierEvent.objects.order_by("pk").values_list("at", "by_kind"))
    assert [at for at, _kind in moments] == sorted(at for at, _kind in moments)
    for at, kind in moments:
        local = at.astimezone(ZONE)
        if kind == "officer":
            assert local.weekday() < 5 and 7 <= local.hour < 17, local


def test_the_same_seed_makes_the_same_dossiers(province):
    seen = []
    for seed in (7, 7, 8):
        point = transaction.savepoint()
        run(25, seed)
        seen.append(told())
        transaction.savepoint_rollback(point)
    assert seen[0] == seen[1] != seen[2]


def test_numbers_are_invented(province):
    run(40)
    for kind, value in PartyIdentifier.objects.values_list("kind", "value"):
        assert value.startswith(("099", "00", "DEMO")), (kind, value)
    assert all(phone.startswith("010") for phone in Party.objects.exclude(phone="").values_list("phone", flat=True))


def test_a_pile_is_as_acts_would_have_left_it(province):
    pile(400)
    assert Dossier.objects.count() == 400
    assert faults(UNTIL) == []
    for dossier in Dossier.objects.all():
        dossier.full_clean(exclude=["state"], validate_unique=False)
    acts = set(DossierEvent.objects.values_list("act", flat=True))
    assert acts >= {"register", "receive", "forward", "take_over", "finish", "return_result", "request_supplement"}
    for series, last in CodeCounter.objects.values_list("series", "last"):
        assert Dossier.objects.filter(code__startswith=f"{series}-").count() == last


def test_a_pile_goes_into_an_empty_database_only(province):
    pile(20)
    with pytest.raises(NothingToSimulateError, match="empty"):
        pile(20)
    assert Dossier.objects.count() == 20


def test_after_a_pile_officers_go_on_by_real_acts(province):
    pile(60)
    done = run(15)
    assert done.refused == []
    assert faults(UNTIL) == []


def test_without_a_catalogue_it_says_what_to_do(db):
    with pytest.raises(CommandError, match="--make-officers"):
        call_command("simulate_desk", dossiers=5, stdout=StringIO())


def test_the_command_sums_up(province):
    out = StringIO()
    call_command("simulate_desk", dossiers=30, until=dt.date(2026, 6, 30), make_officers=True, stdout=out)
    assert "settled late" in out.getvalue()
    assert ProcedureRoute.objects.filter(system=SYSTEM).exists() or "0 routes" in out.getvalue()


def test_more_come_on_mondays_and_before_tet():
    hours = Hours(WorkCalendar(), dt.date(2026, 1, 1), dt.date(2026, 4, 30))
    days = [day.toordinal() - EPOCH for day in (dt.date(2026, 1, 1) + dt.timedelta(n) for n in range(90))]
    numbers = spread(10_000, days, hours)
    assert sum(numbers) == 10_000
    by_day = dict(zip(map(date_of, days), numbers, strict=True))
    assert by_day[dt.date(2026, 3, 16)] > by_day[dt.date(2026, 3, 18)] > by_day[dt.date(2026, 3, 21)]
    assert by_day[dt.date(2026, 2, 4)] > by_day[dt.date(2026, 3, 18)] > by_day[dt.date(2026, 2, 25)]


def test_the_demos_officers_log_in_with_passwords_of_its_file(province, settings):
    settings.DEMO = True
    run(20)
    out = StringIO()
    call_command("make_desk_demo", stdout=out)
    kept = dict(line.split(": ") for line in (Path(settings.VAR_DIR) / FILE).read_text().splitlines())
    assert {"demo-supervisor", "demo-head", "demo-handler", "demo-approver", "demo-clerk"} <= {
        name.rpartition("-")[0] for name in kept
    }
    for name, password in kept.items():
        if name.startswith("demo-"):
            assert Client().login(username=name, password=password)
            assert f"{name}: {password}" in out.getvalue()
    assert f"{settings.BASE_URL}/desk/" in out.getvalue()
    again = StringIO()
    call_command("make_desk_demo", stdout=again)
    assert again.getvalue() == out.getvalue()


def test_the_demos_officers_are_refused_where_there_is_no_demo(province, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("make_desk_demo", stdout=StringIO())
