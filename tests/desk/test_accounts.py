"""Accounts on ministries' systems: who needs one, who sees and writes it down, and what is told and taken along."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections import Counter

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from catalogue.models import (
    Agency,
    Centre,
    CentreException,
    OutsideAccount,
    Posting,
    Procedure,
    ProcedureRoute,
    ProvinceProcedure,
)
from catalogue.models.people import key_of
from desk.deciding import competent_agency
from desk.outside.board import board
from desk.outside.marking import Mark, mark
from desk.outside.needing import systems_on
from desk.refusals import NotAllowed
from desk.routes import level_of, route_on
from desk.simulation.outside import make_accounts
from desk.simulation.routes import SYSTEM as DEMO_SYSTEM
from portal.models import User
from tests.desk.cast import MONDAY, Cast, person
from tests.factories import (
    AgencyFactory,
    CentreFactory,
    CommuneFactory,
    DecisionFactory,
    FieldFactory,
    ProcedureFactory,
    RoleFactory,
)

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
DAY = dt.timedelta(1)
SYSTEM, OTHER = "Hệ thống hộ tịch điện tử", "Hệ thống đất đai"
BOARD = "/desk/accounts/"
MOST_QUERIES = 25


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Let it be a Monday in March."""
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


def move(procedure: Procedure, system: str = SYSTEM, **more) -> ProcedureRoute:
    """File a procedure on a ministry's system."""
    return ProcedureRoute.objects.create(procedure=procedure, is_provincial=False, system=system, **more)


def give(user: User, system: str = SYSTEM, on: dt.date = TODAY - 9 * DAY, **more) -> OutsideAccount:
    """Give somebody an account."""
    return OutsideAccount.objects.create(user=user, system=system, granted_on=on, written_at=MONDAY, **more)


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """The cast; the department settles the cast's procedure, which is filed on a ministry's system."""
    role = RoleFactory()
    Agency.objects.filter(pk=cast.department.pk).update(role=role)
    cast.procedure.roles.add(role)
    cast.procedure.save()
    move(cast.procedure)
    return cast


def lines(cast: Cast, name: str) -> dict[tuple[str, str], str]:
    """Return how it stands with each person and system that somebody sees."""
    shown = board(cast.actor(name), TODAY)
    users = dict(User.objects.values_list("pk", "username"))
    return {(users[line.user_id], line.system): line.standing.value for line in shown.lines}


def key(cast: Cast, name: str, system: str = SYSTEM) -> str:
    return f"{cast.people[name].pk}:{key_of(system)}"


def test_one_account_of_a_person_on_a_system_is_open_however_its_name_is_written(cast):
    clerk = cast.people["clerk"]
    give(clerk)
    for wrong in (
        {"system": "hệ thống  HỘ TỊCH điện-tử", "on": TODAY},
        {"system": SYSTEM, "on": TODAY - 9 * DAY, "withdrawn_on": TODAY},
        {"system": " – ", "on": TODAY},
        {"system": OTHER, "on": TODAY, "withdrawn_on": TODAY - DAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            give(clerk, **wrong)
    give(clerk, OTHER, TODAY, withdrawn_on=TODAY)
    assert OutsideAccount.objects.count() == 2


def test_an_account_lasts_until_the_day_on_which_it_was_withdrawn(cast):
    row = give(cast.people["clerk"], withdrawn_on=TODAY)
    days = {TODAY - 10 * DAY: False, TODAY - 9 * DAY: True, TODAY - DAY: True, TODAY: False}
    assert {day: OutsideAccount.objects.on(day).exists() for day in days} == days
    assert not OutsideAccount.objects.still_open().exists()
    OutsideAccount.objects.filter(pk=row.pk).update(withdrawn_on=None)
    assert OutsideAccount.objects.still_open().get() == row


def test_counters_that_receive_and_deciders_that_settle_need_one_and_nobody_else(cast):
    cast.people["editor"] = person("editor", cast.department, "editor")
    assert lines(cast, "supervisor") == {
        (name, SYSTEM): "lacking" for name in ("clerk", "head", "contractor", "handler", "approver")
    }, "the stranger's agency has no centre; a supervisor and an editor touch no dossier there"
    move(ProcedureFactory(is_commune_level=False, is_ministry_level=True), OTHER)
    move(ProcedureFactory(), OTHER, valid_from=TODAY + DAY)
    move(ProcedureFactory(), OTHER, valid_to=TODAY)
    move(ProcedureFactory(draft=True), OTHER)
    move(ProcedureFactory(abolished=True), OTHER)
    move(ProcedureFactory(), OTHER, level="ministry")
    assert set(systems_on(TODAY)) == {key_of(SYSTEM)}


def test_who_has_left_closed_or_moved_on_is_to_be_withdrawn_until_somebody_does(cast):
    gone = person("gone", cast.commune, "clerk")
    Posting.objects.filter(user=gone).update(valid_to=TODAY)
    closed, idle = person("closed", cast.commune, "clerk"), person("idle", cast.neighbour, "handler")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    for user in (gone, closed, idle, cast.people["clerk"]):
        give(user)
    found = lines(cast, "supervisor")
    assert [found[name, SYSTEM] for name in ("gone", "closed", "idle", "clerk")] == ["withdraw"] * 3 + ["has"]
    whys = {line.name: line.why for line in board(cast.actor("supervisor"), TODAY).lines if line.why}
    assert len(set(whys.values())) == 3
    OutsideAccount.objects.filter(user=gone).update(withdrawn_on=TODAY)
    assert lines(cast, "supervisor")["gone", SYSTEM] == "withdrawn"
    assert ("gone", SYSTEM) in lines(cast, "head"), "the agency of the last post sees to it"
    assert ("idle", SYSTEM) not in lines(cast, "head")


def test_who_never_had_a_post_stands_with_the_province(cast):
    give(User.objects.create_user("nobody"))
    assert lines(cast, "supervisor")["nobody", SYSTEM] == "withdraw"
    assert ("nobody", SYSTEM) not in lines(cast, "head") | lines(cast, "approver")


def test_everybody_sees_the_people_of_the_agencies_that_the_post_reaches(cast):
    assert {name for name, _system in lines(cast, "head")} == {"clerk", "head", "contractor"}
    assert {name for name, _system in lines(cast, "approver")} == {"handler", "approver"}
    Posting.objects.create(user=cast.people["clerk"], agency=cast.department, role="approver")
    assert {name for name, _system in lines(cast, "clerk")} == {"handler", "approver", "clerk"}


def province_of_many(cast: Cast) -> None:
    """Make centres, agencies and procedures of every kind that the rule tells apart."""
    centre_place, top = cast.centre.place, cast.commune.parent
    offices = [RoleFactory(), RoleFactory(), RoleFactory(vertical=True)]
    for number, role in enumerate(offices):
        AgencyFactory(role=role, identifier=f"DEMO.4{number}", parent=top)
    communes = RoleFactory(level="commune")
    for number in range(3):
        place = CommuneFactory(province=centre_place.province, parent=centre_place.parent)
        has_role = number == 0
        agency = AgencyFactory(
            kind="peoples_committee", place=place, identifier=f"DEMO.5{number}", parent=top,
            role=communes if has_role else None,
        )  # fmt: skip
        CentreFactory(place=place, agency=agency)
    other = FieldFactory(slug="dat-dai", name_vi="Đất đai")
    rows = [
        ProcedureFactory(roles=[offices[0]], is_commune_level=False, is_province_level=True),
        ProcedureFactory(roles=[offices[1], communes], is_province_level=True),
        ProcedureFactory(roles=[offices[2]], is_commune_level=False, is_province_level=True),
        ProcedureFactory(roles=[communes], field=other),
        ProcedureFactory(field=other),
        ProcedureFactory(own=True, roles=[offices[0]]),
        ProcedureFactory(
            roles=[offices[0], RoleFactory(vertical=True)], is_commune_level=False, is_province_level=True
        ),
    ]
    for number, row in enumerate(rows):
        move(row, f"Hệ thống {number}")
    ProcedureRoute.objects.create(procedure=rows[1], level="commune", is_provincial=True)
    move(rows[4], "Hệ thống của xã", level="commune")
    decision, province = DecisionFactory(), centre_place.province
    ProvinceProcedure.objects.create(
        procedure=rows[3], province=province, agency=cast.department, decision=decision, channel_kind="online"
    )
    ProvinceProcedure.objects.create(procedure=rows[0], province=province, agency=cast.neighbour, decision=decision)
    CentreException.objects.create(procedure=rows[2], receives=True)
    CentreException.objects.create(centre=cast.centre, field=other, receives=False)
    CentreException.objects.create(centre=cast.centre, procedure=rows[0], receives=False)


def test_who_needs_one_is_what_a_plain_recount_finds(cast):
    province_of_many(cast)
    receiving, settling = Counter(), Counter()
    for centre in Centre.objects.all():
        for procedure in Procedure.objects.received_by(centre):
            for level in ("province", "commune"):
                route = route_on(procedure, TODAY, level)
                if route and not route.is_provincial:
                    receiving[key_of(route.system), centre.agency_id] += 1
        for procedure in Procedure.objects.all():
            for channel in ("counter", "online"):
                agency = competent_agency(procedure, centre, TODAY, channel)
                route = route_on(procedure, TODAY, level_of(agency)) if agency else None
                if route and not route.is_provincial:
                    settling[key_of(route.system), agency.pk] += 1
    found = systems_on(TODAY)
    assert {(key, pk) for key, system in found.items() for pk in system.receiving} == set(receiving)
    assert {(key, pk) for key, system in found.items() for pk in system.settling} == set(settling)
    assert len(receiving) > 15 and len(settling) > 8


def test_the_board_asks_the_same_few_questions_however_much_there_is(cast, open_as):
    client = open_as("supervisor")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(BOARD).status_code == 200
        return len(asked)

    cost()
    few = cost()
    province_of_many(cast)
    for number in range(20):
        give(person(f"c{number}", cast.commune, "clerk"))
    assert cost() == few <= MOST_QUERIES


def test_a_figure_opens_exactly_its_lines(cast, open_as):
    province_of_many(cast)
    for agency in Agency.objects.filter(identifier__startswith="DEMO.5"):
        give(person(f"x{agency.pk}", agency, "clerk"))
    client = open_as("supervisor")
    context = client.get(BOARD).context
    cells = [cell for row in [*context["systems"], *context["offices"]] for cell in row.cells] + context["whole"]
    seen = [cell for cell in cells if cell.count]
    assert len(seen) > 12
    for cell in seen:
        page = client.get(f"{BOARD}?{cell.query}").context["page"]
        assert page.paginator.count == cell.count, cell
    assert sum(cell.count for cell in context["whole"]) == client.get(BOARD).context["page"].paginator.count


def test_a_grant_is_written_down_corrected_withdrawn_and_taken_back(cast, open_as, caplog, committing):
    client, clerk = open_as("head"), cast.people["clerk"]

    def send(what: str, on: str = "") -> list[tuple[dt.date, dt.date | None]]:
        with caplog.at_level("INFO", "desk.audit"), committing():
            answer = client.post(BOARD, {"ids": [key(cast, "clerk")], "what": what, "on": on})
        assert answer.status_code == 302
        return list(OutsideAccount.objects.values_list("granted_on", "withdrawn_on"))

    day = dt.date(2026, 2, 20)
    assert send("granted", "20/02/2026") == [(day, None)]
    row = OutsideAccount.objects.get()
    assert (row.user, row.written_by, row.written_at) == (clerk, cast.people["head"], MONDAY)
    assert send("granted", "2026-02-19") == [(day - DAY, None)], "said again, the day is corrected"
    assert send("withdrawn", "25/02/2026") == [(day - DAY, day + 5 * DAY)]
    assert send("withdrawn", "26/02/2026") == [(day - DAY, day + 6 * DAY)]
    assert send("mistake") == [(day - DAY, None)]
    assert send("mistake") == []
    told = [json.loads(record.getMessage()) for record in caplog.records]
    assert [line["event"].rpartition(".")[2] for line in told] == [
        "granted", "granted", "withdrawn", "withdrawn", "mistake", "mistake",
    ]  # fmt: skip
    assert {line["person"] for line in told} == {clerk.pk} and "Nguyễn" not in caplog.text
    assert told[1]["days"] == "2026-02-20 → 2026-02-19"


def test_many_are_written_down_at_once_and_each_refusal_is_told_by_name(cast, open_as):
    give(cast.people["contractor"], on=TODAY - 20 * DAY, withdrawn_on=TODAY - 2 * DAY)
    client = open_as("head")
    ids = [key(cast, name) for name in ("clerk", "head", "contractor")]
    page = client.post(BOARD, {"ids": ids, "what": "granted", "on": "20/02/2026"}, follow=True).content.decode()
    assert OutsideAccount.objects.still_open().count() == 2
    assert "Đã ghi: 2 tài khoản" in page
    assert f"{cast.people['contractor'].get_full_name()}, {SYSTEM}: " in page and "28/02/2026" in page
    client.post(BOARD, {"ids": ids[2:], "what": "granted", "on": "28/02/2026"})
    assert OutsideAccount.objects.still_open().count() == 3


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"what": "granted", "on": "01/03/2026"}, "Đánh dấu người trước"),
        ({"ids": "own", "what": "granted", "on": ""}, "Hãy điền ô này"),
        ({"ids": "own", "what": "granted", "on": "32/01/2026"}, "Không có ngày"),
        ({"ids": "own", "what": "granted", "on": "03/03/2026"}, "chưa đến"),
        ({"ids": "own", "what": "stolen", "on": "01/03/2026"}, ""),
        ({"ids": "own", "on": "01/03/2026"}, ""),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(cast, open_as, sent, said):
    sent = {**sent, **({"ids": [key(cast, "clerk")]} if "ids" in sent else {})}
    answer = open_as("head").post(BOARD, sent)
    assert answer.status_code == 400 and said in answer.content.decode()
    assert not OutsideAccount.objects.exists()
    ticked = f'value="{key(cast, "clerk")}" checked'
    assert (ticked in answer.content.decode()) is ("ids" in sent), "what was ticked stays ticked"


@pytest.mark.parametrize("ids", ["handler", "stranger", "nonsense", "system"])
def test_people_of_others_are_not_there_and_nothing_of_the_rest_is_written(cast, open_as, ids):
    wrong = {
        "handler": key(cast, "handler"),
        "stranger": key(cast, "stranger"),
        "nonsense": "x:\0",
        "system": key(cast, "clerk", OTHER),
    }[ids]
    answer = open_as("head").post(BOARD, {"ids": [key(cast, "clerk"), wrong], "what": "granted", "on": "01/03/2026"})
    assert answer.status_code == 404
    assert not OutsideAccount.objects.exists()


@pytest.mark.parametrize("name", ["clerk", "handler", "contractor"])
def test_whose_post_does_not_see_to_accounts_opens_and_writes_nothing(cast, open_as, name):
    client = open_as(name)
    sent = {"ids": [key(cast, name)], "what": "granted", "on": "01/03/2026"}
    answers = [client.get(BOARD), client.post(BOARD, sent), client.get("/desk/accounts.csv")]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not OutsideAccount.objects.exists()
    assert client.get("/desk/accounts/procedures/").status_code == 200


def test_the_board_of_another_writes_nothing_for_whom_it_does_not_show(cast):
    shown = board(cast.actor("approver"), TODAY)
    with pytest.raises(NotAllowed):
        mark(shown, [key(cast, "clerk")], Mark.GRANTED, on=TODAY, by=cast.actor("approver"), at=MONDAY)


def test_filters_narrow_and_what_is_no_filter_narrows_nothing(cast, open_as):
    give(cast.people["clerk"])
    client = open_as("supervisor")

    def count(**asked) -> int:
        return client.get(BOARD, asked).context["page"].paginator.count

    assert count() == 5
    assert (count(standing="has"), count(standing="lacking"), count(standing="withdraw")) == (1, 4, 0)
    assert (count(agency=cast.department.pk), count(system=key_of(SYSTEM)), count(q="clerk")) == (2, 5, 1)
    assert (count(q="lerk"), count(q="NGUYEN clerk"), count(system="nonsense"), count(agency="x")) == (0, 1, 5, 5)


def test_the_table_has_names_posts_and_systems_and_no_formula(cast, open_as, caplog):
    User.objects.filter(pk=cast.people["clerk"].pk).update(last_name="=HYPERLINK(1)", email="lan@danang.gov.vn")
    give(cast.people["clerk"], withdrawn_on=None)
    client = open_as("head")
    with caplog.at_level("INFO", "desk.audit"):
        csv = client.get("/desk/accounts.csv?q=clerk").content.decode("utf-8-sig")
        book = client.get("/desk/accounts.xlsx")
    head, row = csv.splitlines()
    assert head == "Người,Vị trí,Cơ quan,Hệ thống,Tình trạng,Ngày cấp,Ngày thu hồi"
    assert row.startswith("'=HYPERLINK(1) Clerk,") and "danang.gov.vn" not in csv and "clerk," not in csv
    cells = [list(line) for line in load_workbook(io.BytesIO(book.content)).active.iter_rows()]
    assert len(cells) == 4 and {cell.data_type for line in cells for cell in line} <= {"s", "inlineStr", "n"}
    told = [json.loads(record.getMessage()) for record in caplog.records]
    assert [(line["event"], line["rows"]) for line in told] == [
        ("desk.exported.outside_accounts", 1), ("desk.exported.outside_accounts", 3),
    ]  # fmt: skip
    assert client.get("/desk/accounts.pdf").status_code == 404


def test_every_officer_reads_which_procedures_are_filed_where_as_of_a_day(cast, open_as):
    later = ProcedureFactory(issuer="Bộ Nông nghiệp và Môi trường")
    move(later, OTHER, valid_from=TODAY + DAY, url="https://dvc.example.gov.vn/", announced_by="TB 12")
    client = open_as("clerk")
    address = "/desk/accounts/procedures/"
    today, tomorrow = client.get(address), client.get(address, {"on": "03/03/2026"})
    assert cast.procedure.code in today.content.decode() and later.code not in today.content.decode()
    page = tomorrow.content.decode()
    assert later.code in page and "https://dvc.example.gov.vn/" in page and "TB 12" in page
    assert [(each.name, len(each.procedures)) for each in tomorrow.context["listed"].systems] == [
        (OTHER, 1), (SYSTEM, 1),
    ]  # fmt: skip
    narrowed = client.get(address, {"on": "03/03/2026", "system": key_of(OTHER)})
    assert [line.procedure for line in narrowed.context["lines"]] == [later]
    csv = client.get("/desk/accounts/procedures.csv", {"on": "03/03/2026"}).content.decode("utf-8-sig")
    assert {line.split(",")[0] for line in csv.splitlines()[1:]} == {later.code, cast.procedure.code}
    assert client.get(address, {"on": "32/13/2026"}).status_code == 400
    assert client.get(address, {"system": "nonsense"}).status_code == 400


def test_the_demo_gives_two_of_three_an_account_and_one_who_left_once(cast):
    moved = ProcedureFactory()
    for number in range(6):
        person(f"demo-clerk-{number}", cast.commune, "clerk")
    assert make_accounts(TODAY - 30 * DAY, MONDAY) == 0, "only where the demo has a route"
    move(moved, DEMO_SYSTEM)
    assert make_accounts(TODAY - 30 * DAY, MONDAY) == 5
    assert make_accounts(TODAY - 30 * DAY, MONDAY) == 0
    found = {name: how for (name, system), how in lines(cast, "head").items() if system == DEMO_SYSTEM}
    assert Counter(how for name, how in found.items() if name.startswith("demo-")) == {
        "has": 4, "lacking": 2, "withdraw": 1,
    }  # fmt: skip
    assert not OutsideAccount.objects.exclude(user__username__startswith="demo-").exists(), "never to a real person"
