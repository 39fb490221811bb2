"""Amounts as people write them, and what is asked back before money and results go wrong."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from desk.forms.money import DongField
from desk.models import Dossier
from desk.states import State
from tests.desk.cast import MONDAY
from tests.desk.test_faces_life import act_url, send, state

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + dt.timedelta(1)
SIGNED = {"outcome": "granted", "number": "12/GCN", "signed_on": f"{MONDAY:%d/%m/%Y}", "signatory": "Trần Văn Ký"}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Let the desk's pages open on a Tuesday in March."""
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY)


@pytest.mark.parametrize(
    "typed",
    ["250000", "250.000", "250 000", "250,000", "250.000đ", "250.000 đ", "250.000 ₫", "250.000 đồng", "250.000 VND",
     "250\u00a0000", " 250.000 ", "250.000,00", "250000.00", "250.000Đ"],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(typed):
    assert DongField("Fee").clean(typed) == Decimal(250_000)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("1.5", "đồng chẵn"),
        ("15000,5", "đồng chẵn"),
        ("250.00", "đồng chẵn"),
        ("1.500.0", "đồng chẵn"),
        ("1.000,000", "đồng chẵn"),
        ("hai trăm", "Không đọc được"),
        ("250k", "Không đọc được"),
        ("đ", "Không đọc được"),
        ("٢٥٠", "Không đọc được"),
        ("-5", "ít nhất là 0"),
        ("9" * 13, None),
    ],
)
def test_what_is_no_whole_amount_is_refused_with_what_to_do(typed, told):
    with pytest.raises(ValidationError) as error:
        DongField("Fee").clean(typed)
    assert told is None or told in str(error.value.messages)


def test_nothing_typed_is_nothing_and_a_stored_amount_shows_whole():
    field = DongField("Fee", required=False)
    assert field.clean("") is None
    assert field.prepare_value(Decimal("250000.00")) == 250_000
    assert field.prepare_value("250.000") == "250.000"


def test_a_payment_takes_groups_and_asks_about_too_many_noughts(cast, open_as):
    dossier = cast.processing()
    asked = {"amount": "2.500.000.000", "purpose": "Tiền sử dụng đất"}
    if dossier.fee_due is not None:
        asked["is_more"] = "on"
    answer = send(open_as("handler"), dossier, "request_payment", **asked)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "2.500.000.000 ₫" in page
    assert 'name="is_large"' in page and 'value="2.500.000.000"' in page
    assert send(open_as("handler"), dossier, "request_payment", **asked, is_large="on").status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).payment_requests.get().amount == Decimal("2500000000")


def test_a_correction_of_the_fee_takes_groups_and_asks_about_a_large_one(cast, open_as):
    dossier = cast.received()
    client = open_as("clerk")
    form = client.get(act_url(dossier, "correct_data")).context["form"]
    data = {name: form[name].value() for name in ("return_by", "language", "channel", "sets")}
    for each in form.people.values():
        data |= {field.html_name: field.value() or "" for field in each}
    data = {name: value for name, value in data.items() if value is not None}
    wrong = {**data, "reason": "Gõ sai phí", "fee_due": "25.000.000"}
    answer = send(client, dossier, "correct_data", **wrong)
    assert answer.status_code == 400 and 'name="is_large"' in answer.content.decode()
    assert send(client, dossier, "correct_data", **{**wrong, "fee_due": "25.000đ"}).status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).fee_due == 25_000


# Results


def paid_in_full(*dossiers: Dossier) -> None:
    for dossier in dossiers:
        Dossier.objects.filter(pk=dossier.pk).update(fee_paid=dossier.fee_due or 0)


def test_a_number_that_the_agency_gave_this_year_is_asked_about(cast, open_as):
    first, second = cast.processing(), cast.processing()
    paid_in_full(first, second)
    assert send(open_as("approver"), first, "finish", **SIGNED).status_code == 302
    answer = send(open_as("approver"), second, "finish", **SIGNED)
    assert answer.status_code == 400 and first.code in answer.content.decode()
    assert state(second) == State.PROCESSING
    other = {**SIGNED, "number": "13/GCN"}
    assert 'name="is_twice"' in answer.content.decode()
    assert send(open_as("approver"), second, "finish", **SIGNED, is_twice="on").status_code == 302
    third = cast.processing()
    paid_in_full(third)
    assert send(open_as("approver"), third, "finish", **other).status_code == 302


def test_granting_while_a_fee_is_owed_is_asked_about_and_refusing_is_not(cast, open_as):
    dossier, refused = cast.processing(), cast.processing()
    Dossier.objects.filter(pk__in=[dossier.pk, refused.pk]).update(fee_due=50_000, fee_paid=0)
    answer = send(open_as("approver"), dossier, "finish", **SIGNED)
    assert answer.status_code == 400 and 'name="is_unpaid"' in answer.content.decode()
    assert state(dossier) == State.PROCESSING
    letter = {**SIGNED, "outcome": "refused", "number": "9/TB", "reason": "Không đủ điều kiện"}
    assert send(open_as("approver"), refused, "finish", **letter).status_code == 302
    assert send(open_as("approver"), dossier, "finish", **SIGNED, is_unpaid="on").status_code == 302


def test_many_results_ask_once_for_numbers_given_twice_and_fees_that_are_owed(cast, open_as):
    first, second = cast.processing(), cast.processing()
    Dossier.objects.filter(pk=first.pk).update(fee_due=50_000, fee_paid=0)
    paid_in_full(second)
    shared = {key: SIGNED[key] for key in ("signed_on", "signatory")}
    rows = {f"{name}-{each.pk}": SIGNED[name] for each in (first, second) for name in ("number", "outcome")}
    sent = {"act": "finish", "confirmed": "1", "ids": [first.pk, second.pk], **shared, **rows}
    answer = open_as("approver").post(reverse("desk:bulk"), sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'name="is_twice"' in page and 'name="is_unpaid"' in page
    assert state(first) == state(second) == State.PROCESSING
    done = open_as("approver").post(reverse("desk:bulk"), {**sent, "is_twice": "on", "is_unpaid": "on"})
    assert done.status_code == 200
    assert state(first) == state(second) == State.FINISHED


# Small things on the way


def test_the_address_of_acts_on_many_leads_back_to_the_list(cast, open_as):
    answer = open_as("handler").get(reverse("desk:bulk"), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("desk:queue")
    assert "Chọn hồ sơ trong danh sách trước" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "who", "first"), [("request_supplement", "handler", "ask0"), ("correct_data", "clerk", "reason")]
)
def test_the_cursor_stands_at_the_first_line_of_long_forms_too(name, who, first, cast, open_as):
    dossier = cast.received() if name == "correct_data" else cast.processing()
    page = open_as(who).get(act_url(dossier, name)).content.decode()
    assert page.count("autofocus") == 1
    assert page.split("autofocus")[0].rsplit('name="', 1)[1].split('"')[0] == first


def test_the_first_card_says_that_nobody_has_taken_it(cast, open_as):
    dossier = cast.processing()
    Dossier.objects.filter(pk=dossier.pk).update(holder=None)
    page = open_as("handler").get(reverse("desk:today")).content.decode()
    card = page.split('aria-labelledby="begin"')[1].split("</section>")[0]
    assert "Chưa ai nhận" in card
    Dossier.objects.filter(pk=dossier.pk).update(holder=cast.people["handler"])
    page = open_as("handler").get(reverse("desk:today")).content.decode()
    card = page.split('aria-labelledby="begin"')[1].split("</section>")[0]
    assert "Chưa ai nhận" not in card
