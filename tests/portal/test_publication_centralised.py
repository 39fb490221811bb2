"""«Already / not yet centralised» as of a day, and many routes moved as one batch that a second person approves."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from catalogue import models as m
from desk.routes import route_on
from tests import factories
from tests.catalogue.editing_cast import Cast, make_cast
from tests.keeping import kept
from tests.portal.publication_rows import BOARD

JUSTICE, FINANCE = "Bộ Tư pháp", "Bộ Tài chính"
START = dt.date(2027, 1, 1)
MOVE = {
    "issuer": JUSTICE,
    "codes": "",
    "system": "Hệ thống hộ tịch điện tử",
    "url": "https://hotich.moj.gov.vn/",
    "level": "any",
    "valid_from": START.isoformat(),
    "announced_by": "Công văn 12/BTP ngày 20/11/2026",
}


def make_rows_too() -> Cast:
    made = make_cast()
    made.rows["justice"] = [factories.ProcedureFactory(code=f"7.00000{n}", issuer=JUSTICE) for n in range(4)]
    made.rows["finance"] = [factories.ProcedureFactory(code=f"8.00000{n}", issuer=FINANCE) for n in range(2)]
    factories.ProcedureFactory(code="9.000001", issuer=JUSTICE, abolished=True)
    return made


kept_cast = kept(make_rows_too)


@pytest.fixture
def cast(kept_cast, db) -> Cast:
    return kept_cast.copy()


@pytest.fixture
def writer(cast) -> Client:
    client = Client()
    client.force_login(cast.top_editor)
    return client


@pytest.fixture
def approver(cast) -> Client:
    client = Client()
    client.force_login(cast.top_publisher)
    return client


def route(procedure, start=None, end=None, *, system="Hệ thống của bộ", **more):
    return m.ProcedureRoute.objects.create(
        procedure=procedure, is_provincial=not system, system=system, valid_from=start, valid_to=end, **more
    )


def ministries(client: Client, day: str = "") -> dict[str, tuple[int, int, int]]:
    context = client.get(f"{BOARD}centralised/?on={day}").context
    rows = {each.issuer: (each.total, each.already, each.not_yet) for each in context["ministries"]}
    assert sum(row[0] for row in rows.values()) == context["total"]
    assert sum(row[1] for row in rows.values()) == context["already"]
    assert sum(row[2] for row in rows.values()) == context["not_yet"]
    return rows


def decide(client: Client, batch: m.ProposalBatch, act: str, **more: str):
    page = client.get(f"{BOARD}batches/{batch.pk}/")
    seen = more.pop("seen", page.context["seen"])
    return client.post(f"{BOARD}batches/{batch.pk}/{act}/", {"seen": seen, **more}, follow=True)


def test_the_list_is_of_the_day_that_was_asked_for(cast, writer):
    justice = cast.rows["justice"]
    route(justice[0], dt.date(2026, 3, 1))
    route(justice[1], dt.date(2026, 6, 1), dt.date(2026, 9, 1))
    route(justice[2], dt.date(2026, 1, 1), system="")
    assert ministries(writer, "2026-02-28")[JUSTICE] == (4, 0, 4)
    assert ministries(writer, "2026-03-01")[JUSTICE] == (4, 1, 3)
    assert ministries(writer, "2026-08-31")[JUSTICE] == (4, 2, 2)
    assert ministries(writer, "2026-09-01")[JUSTICE] == (4, 1, 3)
    assert ministries(writer, "2026-09-01")[FINANCE] == (2, 0, 2)
    page = writer.get(f"{BOARD}centralised/?on=mai")
    assert 'class="error-message"' in page.content.decode()
    assert page.context["day_form"].day == timezone.localdate()


def test_each_figure_opens_its_procedures(cast, writer):
    route(cast.rows["justice"][0], dt.date(2026, 3, 1), announced_by="Công văn 1")
    for issuer, (total, already, not_yet) in ministries(writer).items():
        for side, expected in (("", total), ("already", already), ("not-yet", not_yet)):
            named = {"issuer": issuer or "-", "side": side}
            page = writer.get(f"{BOARD}centralised/list/", named)
            assert page.context["page"].paginator.count == expected, (issuer, side)
    page = writer.get(f"{BOARD}centralised/list/?side=already").content.decode()
    assert "Hệ thống của bộ" in page
    assert "01/03/2026" in page
    assert "Công văn 1" in page
    assert writer.get(f"{BOARD}centralised/list/?side=maybe").status_code == 404


def test_a_ministrys_procedures_move_as_one_batch_that_another_approves(cast, writer, approver):
    looked = writer.post(f"{BOARD}centralised/move/", {**MOVE, "act": "look"})
    assert len(looked.context["plan"].new) == 4
    assert not m.Proposal.objects.exists()
    response = writer.post(f"{BOARD}centralised/move/", {**MOVE, "act": "propose"})
    batch = m.ProposalBatch.objects.get()
    assert response.url == f"{BOARD}batches/{batch.pk}/"
    assert batch.proposals.count() == 4
    assert not m.ProcedureRoute.objects.filter(system=MOVE["system"]).exists()
    page = approver.get(f"{BOARD}batches/{batch.pk}/").content.decode()
    assert all(row.code in page for row in cast.rows["justice"])
    assert page.count("01/01/2027") >= 4
    decide(approver, batch, "approve")
    assert m.ProcedureRoute.objects.filter(system=MOVE["system"], valid_from=START).count() == 4
    assert set(batch.proposals.values_list("status", "decided_by")) == {("approved", cast.top_publisher.pk)}
    # From that day the desk refuses them, and before it doesn't.
    procedure = cast.rows["justice"][0]
    assert route_on(procedure, START - dt.timedelta(days=1), "commune") is None
    assert route_on(procedure, START, "commune").url == MOVE["url"]
    assert ministries(writer, START.isoformat())[JUSTICE] == (4, 4, 0)


def test_ones_own_batch_is_refused_and_so_is_an_approver_elsewhere(cast, writer):
    writer.post(f"{BOARD}centralised/move/", {**MOVE, "act": "propose"})
    batch = m.ProposalBatch.objects.get()
    decide(writer, batch, "approve")
    ward = Client()
    ward.force_login(cast.publisher)
    assert ward.get(f"{BOARD}batches/{batch.pk}/").status_code == 404
    assert ward.post(f"{BOARD}batches/{batch.pk}/approve/").status_code == 404
    assert MOVE["system"] not in ward.get(f"{BOARD}batches/").content.decode()
    root = Client()
    root.force_login(cast.root)
    decide(root, batch, "approve")
    assert batch.proposals.filter(status="open").count() == 4
    assert not m.ProcedureRoute.objects.filter(system=MOVE["system"]).exists()


def test_pasted_codes_move_too_and_wrong_ones_are_named_with_what_was_typed(cast, writer):
    codes = "7.000000, 8.000001\n5.123456 9.000001"
    page = writer.post(f"{BOARD}centralised/move/", {**MOVE, "issuer": "", "codes": codes, "act": "propose"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "5.123456, 9.000001" in text
    assert "7.000000, 8.000001\n5.123456" in text.replace("\r", "")
    assert MOVE["announced_by"] in text
    assert not m.ProposalBatch.objects.exists()
    codes = "7.000000\n8.000001\n7.000000"
    writer.post(f"{BOARD}centralised/move/", {**MOVE, "issuer": "", "codes": codes, "act": "propose"})
    labels = m.ProposalBatch.objects.get().proposals.order_by("label").values_list("label", flat=True)
    assert [label[:8] for label in labels] == ["7.000000", "8.000001"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"system": ""}, "system"),
        ({"valid_from": ""}, "valid_from"),
        ({"valid_from": "31/02/2027"}, "valid_from"),
        ({"announced_by": ""}, "announced_by"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"level": "moon"}, "level"),
        ({"issuer": "Bộ Không có"}, "issuer"),
        ({"issuer": ""}, "codes"),
        ({"codes": "7.000000"}, "codes"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_its_field(wrong, field, cast, writer):
    page = writer.post(f"{BOARD}centralised/move/", {**MOVE, **wrong, "act": "propose"})
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert not m.ProposalBatch.objects.exists()


def test_what_is_there_already_is_left_out_and_another_systems_route_ends(cast, writer, approver):
    justice = cast.rows["justice"]
    route(justice[0], dt.date(2026, 1, 1), system=MOVE["system"])
    older = route(justice[1], dt.date(2026, 1, 1), system="Hệ thống cũ")
    route(justice[2], START, system="")
    provincial = route(justice[3], None, system="")
    plan = writer.post(f"{BOARD}centralised/move/", {**MOVE, "act": "look"}).context["plan"]
    assert {row.procedure for row in plan.new} == {justice[1], justice[3]}
    assert [row.pk for row in plan.ended] == [older.pk]
    assert len(plan.left) == 2
    writer.post(f"{BOARD}centralised/move/", {**MOVE, "act": "propose"})
    decide(approver, m.ProposalBatch.objects.get(), "approve")
    older.refresh_from_db()
    provincial.refresh_from_db()
    assert (older.valid_to, provincial.valid_to) == (START, None)
    for row in (justice[1], justice[3]):
        assert route_on(row, START, "commune").system == MOVE["system"]
    assert route_on(justice[1], START - dt.timedelta(days=1), "commune").system == "Hệ thống cũ"


def test_a_batch_goes_out_whole_or_not_at_all(cast, writer, approver):
    writer.post(f"{BOARD}centralised/move/", {**MOVE, "act": "propose"})
    batch = m.ProposalBatch.objects.get()
    route(cast.rows["justice"][3], START, system="Nhanh hơn")  # Somebody was faster.
    page = decide(approver, batch, "approve")
    assert page.status_code == 200
    assert batch.proposals.filter(status="open").count() == 4
    assert not m.ProcedureRoute.objects.filter(system=MOVE["system"]).exists()


def test_a_batch_that_changed_after_it_was_read_must_be_read_again(cast, writer, approver):
    writer.post(f"{BOARD}centralised/move/", {**MOVE, "act": "propose"})
    batch = m.ProposalBatch.objects.get()
    seen = approver.get(f"{BOARD}batches/{batch.pk}/").context["seen"]
    first = batch.proposals.order_by("pk").first()
    first.status, first.decided_by = "refused", cast.top_publisher
    first.save()
    decide(approver, batch, "approve", seen=seen)
    assert batch.proposals.filter(status="open").count() == 3
    decide(approver, batch, "approve")
    assert m.ProcedureRoute.objects.filter(system=MOVE["system"]).count() == 3


def test_sending_back_needs_a_word_and_its_writer_can_withdraw(cast, writer, approver):
    writer.post(f"{BOARD}centralised/move/", {**MOVE, "act": "propose"})
    batch = m.ProposalBatch.objects.get()
    decide(approver, batch, "refuse", note="  ")
    assert batch.proposals.filter(status="open").count() == 4
    decide(approver, batch, "withdraw")
    assert batch.proposals.filter(status="open").count() == 4, "only its writer withdraws"
    decide(approver, batch, "refuse", note="Sai ngày")
    assert set(batch.proposals.values_list("status", "note")) == {("refused", "Sai ngày")}
    writer.post(f"{BOARD}centralised/move/", {**MOVE, "act": "propose"})
    second = m.ProposalBatch.objects.exclude(pk=batch.pk).get()
    decide(writer, second, "withdraw")
    assert set(second.proposals.values_list("status", flat=True)) == {"withdrawn"}
    assert approver.post(f"{BOARD}batches/{second.pk}/burn/").status_code == 404


def test_proposing_many_takes_few_queries(cast, writer, django_assert_max_num_queries):
    for number in range(60):
        factories.ProcedureFactory(issuer=FINANCE, code=f"6.{number:06}")
    with django_assert_max_num_queries(40):
        writer.post(f"{BOARD}centralised/move/", {**MOVE, "issuer": FINANCE, "act": "propose"})
    assert m.Proposal.objects.count() == 62


def test_the_list_of_proposals_leads_to_the_batch_instead_of_naming_each(cast, writer, approver):
    writer.post(f"{BOARD}centralised/move/", {**MOVE, "act": "propose"})
    page = approver.get("/cms/catalogue-changes/")
    assert not page.context["rows"].object_list
    assert f'href="{BOARD}batches/"' in page.content.decode()
    assert page.context["in_batches"] == 4
    line = approver.get(f"{BOARD}batches/").context["lines"][0]
    assert (line["row"], line["waiting"]) == (m.ProposalBatch.objects.get(), 4)
