"""What citizens read of a dossier: for whom, in which words, and nothing of people."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from statistics import median
from time import perf_counter

import pytest
from django.conf import settings
from django.utils import translation

from catalogue.models import ProcedureRoute
from desk import actions, factors, public
from desk.actors import APPLICANT
from desk.demands import Demand
from desk.identities import Identifier, Person
from desk.models import Dossier, Party, PartyIdentifier, Slip
from desk.shadows import Helped, Told, note_shadow
from desk.states import State
from desk.tracking import tracked
from tests.desk.cast import FORM, HUNG, LAN, MONDAY, Cast

LANGUAGES = [code for code, _name in settings.LANGUAGES]
DAY = dt.timedelta(1)


def in_state(cast: Cast, state: State) -> Dossier:
    """Return a dossier that acts have led into a state."""
    by, at = cast.actor, MONDAY
    if state == State.REGISTERED:
        return actions.register(cast.intake(), by=by("clerk"), at=at)
    if state == State.REJECTED:
        return actions.reject_new(cast.intake(), reason="Không thuộc thẩm quyền.", by=by("clerk"), at=at)
    if state == State.RECEIVED:
        return cast.received()
    dossier = cast.processing()
    match state:
        case State.SUPPLEMENT:
            actions.request_supplement(dossier.pk, by=by("handler"), at=at, demands=[FORM])
        case State.PAYMENT:
            actions.request_payment(
                dossier.pk, by=by("handler"), at=at, amount=Decimal(15_000), purpose="Phí của bà Nguyễn Thị Lan"
            )
        case State.WITHDRAWN:
            actions.withdraw(dossier.pk, by=by("clerk"), at=at, reason="Bà Lan không cần nữa.")
        case State.STOPPED:
            actions.stop(dossier.pk, by=by("approver"), at=at, kind="end", reason="Chủ hồ sơ đã mất.", ground="Điều 10")
        case State.FINISHED | State.RETURNED:
            actions.finish(
                dossier.pk, by=by("approver"), at=at, outcome="granted", number="1", signed_on=at.date(),
                signatory="Lê Minh",
            )  # fmt: skip
            if state == State.RETURNED:
                actions.return_result(dossier.pk, by=by("clerk"), at=at)
    return Dossier.objects.get(pk=dossier.pk)


def texts_of(found: public.Tracked) -> str:
    """Return everything that is told, but for the centre, which is public."""
    return repr(dataclasses.replace(found, centre=None))


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_words_in_every_language_and_none_of_people(cast, state):
    dossier = in_state(cast, state)
    told = set()
    for language in LANGUAGES:
        with translation.override(language):
            found = public.track(dossier.code, "123456", MONDAY)
        assert found and found.state == state and found.happened
        told.add((found.headline, found.story, found.expected))
        for secret in (
            "Lan", "Hùng", "048123456789", "0905", "Hòa Minh", "Thẩm định", "Lê Minh", "Handler", "chữ ký", "mất",
        ):  # fmt: skip
            assert secret not in texts_of(found), secret
    assert len(told) == len(LANGUAGES)


@pytest.mark.parametrize("role", ["applicant", "owner", "submitter"])
@pytest.mark.parametrize(
    ("kind", "value", "ending"),
    [
        ("citizen_card", "048000777111", "777111"),
        ("old_card", "201777112", "777112"),
        ("passport", "M7771138", "771138"),
        ("other", "sổ 777117", "777117"),
    ],
)
def test_the_end_of_a_paper_that_proves_who_somebody_is_opens_it(cast, role, kind, value, ending):
    other = Person("Lê Thị Mai", identifiers=(Identifier(kind, value),))
    changes = {"applicant": other} if role == "applicant" else {role: other}
    dossier = cast.received(**changes)
    assert public.track(dossier.code, ending, MONDAY)
    assert public.track(dossier.code, ending[:-1] + "z", MONDAY) is None


@pytest.mark.parametrize(
    ("kind", "value", "ending"),
    [
        ("tax_code", "0101777114-001", "114001"),
        ("business", "41A8.777-115", "777115"),
        ("agency", "H17.12.345678", "345678"),
    ],
)
def test_a_number_of_a_public_register_opens_nothing(cast, kind, value, ending):
    company = Person("Công ty A", kind="company", phone="0905 111 222", identifiers=(Identifier(kind, value),))
    dossier = cast.received(applicant=company)
    assert public.track(dossier.code, ending, MONDAY) is None
    assert public.track(dossier.code, "111222", MONDAY)


@pytest.mark.parametrize("typed", ["123456", " 12 34 56 ", "123.456", "１２３４５６", "0905 123 456", "+84905123456"])
def test_the_telephone_is_forgiven_how_it_is_written(cast, typed):
    assert public.track(cast.received().code, typed, MONDAY)


def test_the_code_is_forgiven_how_it_is_written(cast):
    code = cast.received(submitter=HUNG).code
    full = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    for typed in (code.lower(), f" {code} ", code.replace("-", " - "), code.replace("-", "–"), full):
        assert public.track(typed, "234 567", MONDAY), typed


@pytest.mark.parametrize(
    "typed", ["", "12345", "654321", "x" * 10_000, "123456" * 2_000, "\x00" * 6, "-" * 6, "%_%_%_"]
)
def test_a_wrong_or_malformed_ending_opens_nothing(cast, typed):
    assert public.track(cast.received().code, typed, MONDAY) is None


@pytest.mark.parametrize("typed", ["", "DEMO.99-260302-0001", "x" * 10_000, "\x00", "\ud800", "' OR 1=1 --"])
def test_an_unknown_or_malformed_code_opens_nothing(cast, typed):
    cast.received()
    assert public.track(typed, "123456", MONDAY) is None


def test_a_short_number_is_no_factor(cast):
    dossier = cast.received(applicant=Person("Lê Mai", identifiers=(Identifier("other", "12345"),)))
    assert public.track(dossier.code, "12345", MONDAY) is None


def test_after_erasure_only_the_token_opens_it(cast):
    dossier = cast.received()
    PartyIdentifier.objects.filter(party__dossier=dossier).delete()
    Party.objects.filter(dossier=dossier).update(name="", phone="", address="", salt="", erased_at=MONDAY)
    assert public.track(dossier.code, "123456", MONDAY) is None
    assert public.track_token(dossier.tracking_token, MONDAY)


def test_a_code_that_is_not_there_costs_the_same(cast, django_assert_num_queries):
    code = cast.received(submitter=HUNG).code
    tried = {True: [], False: []}
    for each in (code, "DEMO.01-260302-9999"):
        with django_assert_num_queries(1):
            assert public.track(each, "999999", MONDAY) is None
    for _round in range(300):
        for each, there in ((code, True), ("DEMO.01-260302-9999", False)):
            began = perf_counter()
            public.track(each, "999999", MONDAY)
            tried[there].append(perf_counter() - began)
    assert 0.5 < median(tried[True]) / median(tried[False]) < 2


def test_both_paths_compare_as_often(cast, monkeypatch):
    code, compared = cast.received(submitter=HUNG).code, []
    real = factors.hmac.compare_digest
    monkeypatch.setattr(factors.hmac, "compare_digest", lambda a, b: compared.append(1) or real(a, b))
    counts = []
    for each in (code, "DEMO.01-260302-9999"):
        compared.clear()
        public.track(each, "999999", MONDAY)
        counts.append(len(compared))
    assert counts == [factors.COMPARED] * 2


def test_what_is_missing_stands_there_with_its_day_but_not_the_reason(cast, english):
    dossier = in_state(cast, State.SUPPLEMENT)
    found = public.track_token(dossier.tracking_token, MONDAY)
    assert [paper.text for paper in found.papers] == ["Tờ khai theo mẫu"]
    assert f"{found.answer_by:%d/%m/%Y}" in found.expected and found.due_at is None
    late = public.track_token(dossier.tracking_token, MONDAY + 400 * DAY)
    assert "has passed" in late.expected


def test_how_much_to_pay_stands_there(cast, english):
    found = public.track_token(in_state(cast, State.PAYMENT).tracking_token, MONDAY)
    assert "15.000" in found.expected


def test_the_due_date_is_the_dossiers_and_explains_itself(cast, english):
    dossier = cast.received()
    found = public.track_token(dossier.tracking_token, MONDAY)
    assert found.due_at == dossier.due_at and not found.is_late
    assert len(found.why) > 5 and "5 working days" in found.why[0]
    assert public.track_token(dossier.tracking_token, MONDAY + 30 * DAY).is_late


def test_what_passes_between_officers_is_not_told(cast, english):
    dossier = cast.processing()
    actions.comment(dossier.pk, by=cast.actor("handler"), at=MONDAY, text="Gọi bà Lan.")
    told = [each.text for each in public.track_token(dossier.tracking_token, MONDAY).happened]
    assert told == ["The centre received it."]


def test_a_suspension_and_an_end_read_differently(cast, english):
    dossier = cast.processing()
    actions.stop(dossier.pk, by=cast.actor("approver"), at=MONDAY, kind="suspension", reason="x", ground="Điều 1")
    assert public.track_token(dossier.tracking_token, MONDAY).headline == "Paused for a time"
    ended = public.track_token(in_state(cast, State.STOPPED).tracking_token, MONDAY)
    assert ended.headline == "Ended without a result" and ended.is_at_centre


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "a" * 10_000, "\x00" * 43, "é" * 43])
def test_an_unknown_or_malformed_token_opens_nothing(cast, token):
    cast.received()
    assert public.track_token(token, MONDAY) is None
    assert public.slip_pdf(token, 1, "01", MONDAY) is None


def test_slips_for_the_applicant_are_opened_by_the_token_alone(cast):
    dossier = cast.processing()
    by_code = public.track(dossier.code, "123456", MONDAY)
    assert [each.form for each in by_code.slips] == ["01"] and not by_code.token
    pdf = public.slip_pdf(dossier.tracking_token, by_code.slips[0].number, "01", MONDAY)
    assert pdf.startswith(b"%PDF")
    for number in range(1, dossier.last_number + 2):
        for form in ("06", "handover", "07", "02", "x"):
            assert public.slip_pdf(dossier.tracking_token, number, form, MONDAY) is None
    assert list(Slip.objects.values_list("form", flat=True)) == ["01"]


def test_a_request_for_papers_has_its_slip(cast):
    found = public.track_token(in_state(cast, State.SUPPLEMENT).tracking_token, MONDAY)
    assert [each.form for each in found.slips] == ["01", "02"]


def test_a_correction_is_asked_for_by_the_papers_name(cast):
    dossier = cast.processing()
    handed = dossier.papers.first()
    demand = Demand("correction", "Sai ngày sinh.", handed_paper_id=handed.pk)
    actions.request_supplement(dossier.pk, by=cast.actor("handler"), at=MONDAY, demands=[demand])
    assert public.track_token(dossier.tracking_token, MONDAY).papers[0].text == handed.name


def test_a_shadow_says_where_it_is_settled(cast, english):
    ProcedureRoute.objects.create(procedure=cast.procedure, level="any", is_provincial=False, system="Hệ thống của Bộ")
    told = Told("Hệ thống của Bộ", "BTP-77/2026", State.PROCESSING, submitted_at=MONDAY, received_at=MONDAY)
    helped = Helped(cast.procedure, cast.centre, cast.department, LAN)
    note_shadow(told, helped, by=cast.actor("clerk"), at=MONDAY)
    found = public.track("btp-77/2026", "123456", MONDAY)
    assert found.system == "Hệ thống của Bộ" and "BTP-77/2026" in found.story and not found.slips


def test_a_fee_that_is_noted_as_unpaid_is_told_until_it_is_over(cast, english):
    dossier = cast.received(fee=Decimal(15_000))
    told = tracked(dossier, MONDAY).fee_left
    assert "15.000 ₫" in told and "0 ₫" in told and "at the centre" in told
    asked = cast.processing(MONDAY, fee=Decimal(15_000))
    asked = actions.request_payment(
        asked.pk, by=cast.actor("handler"), at=MONDAY, amount=Decimal(15_000), purpose="Lệ phí"
    )
    assert not tracked(asked, MONDAY).fee_left, "what is expected tells it already"
    paid = actions.confirm_payment(asked.pk, by=cast.actor("clerk"), at=MONDAY)
    assert not tracked(paid, MONDAY).fee_left
    ended = actions.withdraw(dossier.pk, by=APPLICANT, at=MONDAY, reason="Không cần nữa.")
    assert not tracked(ended, MONDAY).fee_left
