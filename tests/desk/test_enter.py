"""A dossier comes: received, registered, refused, and all that can't be right."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from catalogue.models import AgencySuccession
from catalogue.opening import ZONE
from desk import actions
from desk.actors import APPLICANT
from desk.identities import Identifier, Person
from desk.intake import PaperIn
from desk.limits import SetDate
from desk.models import CodeCounter, Dossier, DossierEvent, Party
from desk.refusals import Invalid, NotAllowed, WrongState
from desk.states import State
from tests.desk.cast import FORM, HUNG, LAN, MONDAY, content, make_cast
from tests.factories import AgencyFactory, CommuneFactory, VersionFactory

DAY = dt.timedelta(1)
CARD = "citizen_card"


def enter(cast, at=MONDAY, **changes) -> Dossier:
    return cast.received(at, **changes)


def refused(cast, at=MONDAY, **changes) -> Invalid:
    """Try to enter; return the refusal, once it is sure that nothing was written and no number is lost."""
    with pytest.raises(Invalid) as caught:
        enter(cast, at, **changes)
    assert not Dossier.objects.exists()
    assert not DossierEvent.objects.exists()
    assert not Party.objects.exists()
    assert not CodeCounter.objects.exists()
    return caught.value


def someone(**changes) -> Person:
    return Person(**{"name": "Nguyễn Thị Lan", **changes})


def test_a_receipt_has_a_code_a_due_date_and_one_event(cast):
    dossier = enter(cast)
    assert (dossier.code, dossier.state) == ("DEMO.01-260302-0001", State.RECEIVED)
    assert dossier.due_at == dossier.original_due_at == dt.datetime(2026, 3, 9, 17, tzinfo=ZONE)
    assert dossier.fee_due == Decimal(15000)
    (event,) = dossier.events.all()
    assert (event.number, event.act, event.state_before, event.state_after) == (1, "receive", None, State.RECEIVED)
    assert (event.by_name, event.by_unit) == ("Nguyễn Clerk", "Ủy ban nhân dân phường Hòa Khánh")


def test_what_is_registered_has_no_due_date_and_its_clock_starts_with_the_receipt(cast):
    dossier = actions.register(cast.intake(channel="online", origin="national_portal"), by=APPLICANT, at=MONDAY)
    assert (dossier.state, dossier.due_at, dossier.received_at) == (State.REGISTERED, None, None)
    later = MONDAY + 2 * DAY
    received = actions.receive(dossier.pk, by=cast.actor("clerk"), at=later)
    assert received.received_at == later
    assert received.due_at.date() == dt.date(2026, 3, 11)


def test_a_refusal_needs_its_reason(cast):
    with pytest.raises(Invalid) as caught:
        actions.reject_new(cast.intake(), reason=" \u200b\n ", by=cast.actor("clerk"), at=MONDAY)
    assert caught.value.field == "reason"
    assert not Dossier.objects.exists()
    rejected = actions.reject_new(cast.intake(), reason="Không đủ điều kiện.", by=cast.actor("clerk"), at=MONDAY)
    assert (rejected.state, rejected.received_at) == (State.REJECTED, None)
    assert rejected.events.get().texts.get().text == "Không đủ điều kiện."


def test_a_request_at_entry_is_refused_only_after_the_day_to_answer_by(cast):
    dossier = actions.register(cast.intake(), by=cast.actor("clerk"), at=MONDAY)
    until = MONDAY.date() + 5 * DAY
    actions.request_supplement(dossier.pk, by=cast.actor("clerk"), at=MONDAY, demands=[FORM], answer_by=until)
    with pytest.raises(WrongState):
        actions.reject(dossier.pk, by=cast.actor("clerk"), at=MONDAY + 5 * DAY, reason="Không bổ sung.")
    rejected = actions.reject(dossier.pk, by=cast.actor("clerk"), at=MONDAY + 6 * DAY, reason="Không bổ sung.")
    assert (rejected.state, rejected.answer_by) == (State.REJECTED, None)


def test_no_number_is_obligatory(cast):
    dossier = enter(cast, applicant=Person("Bùi Văn An"))
    assert dossier.parties.get().identifiers.count() == 0


def test_an_old_address_is_taken_as_it_stands_with_its_old_commune(cast):
    old = CommuneFactory(old=True, name="Phường Hòa Minh", kind="phường")
    dossier = enter(cast, applicant=someone(address="Tổ 5, phường Hòa Minh, quận Liên Chiểu", place=old))
    party = dossier.parties.get()
    assert (party.address, party.place) == ("Tổ 5, phường Hòa Minh, quận Liên Chiểu", old)


def test_owner_and_submitter_stand_beside_the_applicant(cast):
    household = someone(name="Hộ kinh doanh Lan", kind="household_business", identifiers=(Identifier(*HOUSEHOLD),))
    dossier = enter(cast, applicant=household, owner=LAN, submitter=HUNG, papers=[PaperIn("", copies=1)])
    assert set(dossier.parties.values_list("role", flat=True)) == {"applicant", "owner", "submitter"}
    assert dossier.papers.get().paper_key == ""


HOUSEHOLD = ("business", "32A8012345")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (CARD, "04812345678"),
        (CARD, "048 123 456 78x"),
        (CARD, "٠٤٨١٢٣٤٥٦٧٨٩"),
        ("old_card", "1234567890"),
        ("tax_code", "12345"),
        ("passport", "Ạ1234567"),
        ("passport", "C"),
        ("business", "!"),
        ("agency", "h17..12"),
        ("agency", "A" * 36),
        ("other", ""),
        ("other", "\u200b\u202e"),
        ("other", "x" * 41),
        ("shoe size", "42"),
    ],
)
def test_wrong_numbers_are_refused(cast, kind, value):
    assert refused(cast, applicant=someone(identifiers=(Identifier(kind, value),))).field == "identifier"


def test_numbers_are_kept_without_the_blanks_and_signs_in_which_they_came(cast):
    numbers = (
        Identifier(CARD, "048 123\u00a0456 789"),
        Identifier(CARD, "048123456789"),
        Identifier("other", "a\x00b"),
    )
    dossier = enter(cast, applicant=someone(identifiers=numbers))
    kept = dossier.parties.get().identifiers.values_list("kind", "value")
    assert set(kept) == {(CARD, "048123456789"), ("other", "ab")}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "N" * 10_000}, "name"),
        ({"name": "\u200b\u202e\x00 "}, "name"),
        ({"address": "đường " * 200}, "address"),
        ({"born_on": dt.date(2026, 3, 3)}, "born_on"),
        ({"born_on": dt.date(1066, 10, 14)}, "born_on"),
        ({"phone": "call me"}, "phone"),
        ({"phone": "0" * 21}, "phone"),
        ({"email": "lan"}, "email"),
        ({"email": f"lan@{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.example.vn"}, "email"),
        ({"kind": "ghost"}, "kind"),
        ({"identifiers": (Identifier("passport", "C1234567", "Korea"),)}, "country"),
    ],
)
def test_people_that_cant_be_are_refused(cast, changes, field):
    assert refused(cast, applicant=someone(**changes)).field == field


def test_control_and_direction_signs_never_reach_a_name(cast):
    dossier = enter(cast, applicant=someone(name="Nguye\u0302\u0303n\u202e Thị\x00\tLan\u2066", address="Tổ\u20285"))
    party = dossier.parties.get()
    assert (party.name, party.address) == ("Nguyễn Thị Lan", "Tổ 5")


def test_a_birthday_is_of_the_local_day(cast):
    just_born = dt.datetime(2026, 3, 2, 18, 30, tzinfo=dt.UTC)  # 01:30 on the 3rd
    assert enter(cast, just_born, applicant=someone(born_on=dt.date(2026, 3, 3))).code


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"submitted_at": MONDAY + DAY}, "submitted_at"),
        ({"case_key": "c9"}, "case"),
        ({"term_key": "t9"}, "term"),
        ({"channel": "pigeon"}, "channel"),
        ({"origin": "elsewhere"}, "origin"),
        ({"return_by": "pigeon"}, "return_by"),
        ({"language": "xx"}, "language"),
        ({"sets": 0}, "sets"),
        ({"sets": 1_001}, "sets"),
        ({"fee": Decimal(-1)}, "fee"),
        ({"fee": Decimal("NaN")}, "fee"),
        ({"fee": Decimal("Infinity")}, "fee"),
        ({"fee": Decimal("0.001")}, "fee"),
        ({"fee": Decimal(10) ** 12}, "fee"),
        ({"code": "X" * 61, "origin": "national_portal"}, "code"),
        ({"code": "DEMO.01-260302-0009"}, "code"),
        ({"papers": [PaperIn("ho-khau")]}, "papers"),
        ({"papers": [PaperIn("luu-y")]}, "papers"),
        ({"papers": [PaperIn("to-khai", originals=-1)]}, "papers"),
        ({"papers": [PaperIn("to-khai", status="lost")]}, "papers"),
        ({"papers": [PaperIn("to-khai", status="earlier_result")]}, "papers"),
        ({"papers": [PaperIn("")]}, "papers"),
        ({"due": SetDate(dt.date(2026, 12, 31), "Khi nào xong thì xong")}, "due"),
    ],
)
def test_an_intake_that_cant_be_is_refused(cast, changes, field):
    assert refused(cast, **changes).field == field


def test_a_note_of_the_list_is_no_paper_but_other_papers_can_be_handed_in(cast):
    dossier = enter(cast, papers=[PaperIn("khac", copies=2)])
    assert dossier.papers.get().name == "Giấy tờ khác (nếu có)"


def test_a_limit_without_a_number_needs_the_officers_date_and_the_text(db):
    term = {"key": "t1", "label": "", "number": None, "unit": "unknown", "text": "Theo mô tả"}
    cast = make_cast(channels=[{"key": "counter", "kind": "counter", "terms": [term], "fees": []}])
    assert refused(cast).field == "due"
    dossier = enter(cast, due=SetDate(dt.date(2026, 3, 20), "Không quá 14 ngày, xã miền núi cộng 04 ngày"))
    assert dossier.due_at.date() == dt.date(2026, 3, 20)
    assert dossier.limit_text.startswith("Không quá 14 ngày")
    registered = actions.register(cast.intake(), by=APPLICANT, at=MONDAY)
    with pytest.raises(Invalid):
        actions.receive(registered.pk, by=cast.actor("clerk"), at=MONDAY)
    received = actions.receive(
        registered.pk, by=cast.actor("clerk"), at=MONDAY, due=SetDate(dt.date(2026, 3, 10), "Theo mô tả")
    )
    assert received.due_at.date() == dt.date(2026, 3, 10)


@pytest.mark.parametrize("on", [dt.date(2026, 2, 27), dt.date(2026, 3, 8), dt.date(2500, 1, 1)])
def test_a_date_that_cant_be_set_is_refused(db, on):
    term = {"key": "t1", "label": "", "number": None, "unit": "none", "text": ""}
    cast = make_cast(channels=[{"key": "counter", "kind": "counter", "terms": [term], "fees": []}])
    assert refused(cast, due=SetDate(on, "Theo mô tả")).field == "due"


def test_a_procedure_abolished_yesterday_isnt_received_but_what_was_submitted_before_is(cast):
    gone = {**content(cast.procedure), "status": "abolished"}
    yesterday = MONDAY.date() - DAY
    VersionFactory(procedure=cast.procedure, number=2, effective_from=yesterday, content=gone, recorded_at=MONDAY)
    told = refused(cast)
    assert (told.field, cast.procedure.code in str(told)) == ("procedure", True)
    by_post = enter(cast, channel="post", submitted_at=MONDAY - 3 * DAY)
    assert by_post.version.content["status"] == "in_force"


def test_a_centre_that_is_gone_doesnt_receive(cast):
    cast.centre.live = False
    cast.centre.save(update_fields=["live"])
    assert refused(cast).field == "centre"


@pytest.mark.parametrize("side", ["receives", "decides", "helps"])
def test_an_agency_that_has_ended_names_who_has_its_work(cast, side):
    ended = {"receives": cast.commune, "decides": cast.department, "helps": cast.neighbour}[side]
    heir = AgencyFactory(name_vi="Sở Nội vụ", identifier="DEMO.99")
    AgencySuccession.objects.create(agency=ended, successor=heir, effective_on=MONDAY.date())
    ended.valid_to = MONDAY.date()
    ended.save()
    told = refused(cast, helped_by=cast.neighbour)
    assert "Sở Nội vụ" in str(told)


def test_an_agency_without_an_identifier_gives_no_codes(cast):
    cast.commune.identifier = None
    cast.commune.save()
    refused(cast)


def test_codes_follow_one_another_each_day_anew(cast):
    codes = [enter(cast, MONDAY + each * DAY).code for each in (0, 0, 1)]
    assert codes == ["DEMO.01-260302-0001", "DEMO.01-260302-0002", "DEMO.01-260303-0001"]


def test_a_code_given_elsewhere_is_kept_and_comes_once(cast):
    assert enter(cast, origin="national_portal", code=" G22.99-260302-0092637 ").code == "G22.99-260302-0092637"
    with pytest.raises(Invalid, match=r"G22\.99-260302-0092637"):
        enter(cast, origin="national_portal", code=" G22.99-260302-0092637")


def test_a_code_of_our_own_series_that_came_from_elsewhere_is_passed_over(cast):
    enter(cast, origin="national_portal", code="DEMO.01-260302-0001")
    enter(cast, origin="national_portal", code="DEMO.01-260302-0003")
    assert [enter(cast).code for _each in range(2)] == ["DEMO.01-260302-0002", "DEMO.01-260302-0004"]


def test_a_stranger_enters_nothing(cast):
    with pytest.raises(NotAllowed):
        actions.receive_new(cast.intake(), by=cast.actor("stranger"), at=MONDAY)
    assert not Dossier.objects.exists()
