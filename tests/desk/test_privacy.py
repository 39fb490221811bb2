"""Personal data stand in rows that can be erased: not in events, audit lines or the names of things."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from decimal import Decimal

import pytest
from django.utils import translation

from desk import actions, chain
from desk.demands import Demand
from desk.identities import Identifier, Person
from desk.intake import PaperIn
from desk.models import Dossier, DossierEvent, EventValue
from desk.refusals import BeyondTheRules, Invalid, WrongState
from tests.desk.cast import HUNG, LAN, MONDAY

DAY = dt.timedelta(1)
DIGEST = re.compile(r"\b[0-9a-f]{32,}\b")
SECRETS = (
    "Thị Lan",
    "Văn Hùng",
    "048123456789",
    "C1234567",
    "0905",
    "Hòa Minh",
    "Liên Chiểu",
    "lan@example.vn",
    "bệnh",
)
MIND = "Bà Nguyễn Thị Lan (048123456789) bị bệnh, ông Trần Văn Hùng đi thay."


@pytest.fixture
def life(cast, caplog) -> Dossier:
    """A dossier of which everything was said that can be said."""
    caplog.set_level(logging.INFO, logger="desk.audit")
    by = cast.actor
    dossier = cast.received(submitter=HUNG)
    actions.forward(dossier.pk, by=by("clerk"), at=MONDAY, to_agency=cast.department, note=MIND)
    actions.take_over(dossier.pk, by=by("handler"), at=MONDAY)
    actions.comment(dossier.pk, by=by("handler"), at=MONDAY, text=MIND)
    with pytest.raises(BeyondTheRules):
        actions.request_supplement(dossier.pk, by=by("handler"), at=MONDAY, demands=[Demand(MIND, MIND, MIND)])
    demands = [Demand("paper", MIND, "to-khai"), Demand("representation", MIND)]
    actions.request_supplement(dossier.pk, by=by("handler"), at=MONDAY, demands=demands)
    actions.accept_supplement(dossier.pk, by=by("clerk"), at=MONDAY, papers=[PaperIn("", copies=1)], note=MIND)
    person = Person("Nguyễn Thị Lan", email="lan@example.vn", identifiers=LAN.identifiers)
    actions.correct_data(dossier.pk, by=by("clerk"), at=MONDAY, reason=MIND, people={"applicant": person})
    actions.request_payment(dossier.pk, by=by("handler"), at=MONDAY, amount=Decimal(1), purpose=f"Phí của {LAN.name}")
    actions.confirm_payment(dossier.pk, by=by("clerk"), at=MONDAY)
    actions.reassign(dossier.pk, by=by("approver"), at=MONDAY, to_user=cast.people["approver"], reason=MIND)
    actions.finish(
        dossier.pk, by=by("approver"), at=MONDAY, outcome="refused", number="1", signatory="Lê Minh",
        signed_on=MONDAY.date(), reason=MIND,
    )  # fmt: skip
    actions.reopen(dossier.pk, by=by("approver"), at=MONDAY, reason=MIND)
    actions.withdraw(dossier.pk, by=by("clerk"), at=MONDAY, reason=MIND)
    return actions.hand_back(dossier.pk, by=by("clerk"), at=MONDAY, to=MIND, note=MIND)


def holds_a_secret(text: str) -> bool:
    plain = DIGEST.sub("", text.casefold())  # Four digits stand in a digest by chance.
    return any(secret.casefold() in plain for secret in SECRETS)


def test_a_digest_hides_no_secret_and_is_none():
    digest = "ab0905" + "0" * 58
    assert not holds_a_secret(f'{{"values": {{"reason": "{digest}"}}}}')
    assert holds_a_secret(f"{digest} 0905 123 456") and holds_a_secret("Trần Văn Hùng")


def test_no_event_holds_personal_data(life):
    names = [field.attname for field in DossierEvent._meta.concrete_fields]
    for event in life.events.all():
        assert not any(holds_a_secret(str(getattr(event, name))) for name in names), event.act


def test_the_audit_log_tells_who_and_what_but_nothing_personal(life, caplog, django_capture_on_commit_callbacks, cast):
    with django_capture_on_commit_callbacks(execute=True):
        actions.correct_data(life.pk, by=cast.actor("clerk"), at=MONDAY, reason=MIND, people={"owner": LAN})
    (line,) = [record.message for record in caplog.records if record.name == "desk.audit"]
    assert json.loads(line)["event"] == "dossier.correct_data"
    assert not holds_a_secret(line)


def test_dossier_and_events_are_called_by_their_codes(life):
    assert str(life) == life.code
    assert not any(holds_a_secret(f"{event} {event!r}") for event in life.events.all())


def test_erased_texts_leave_their_digests_and_a_whole_chain(life):
    for value in EventValue.objects.filter(event__dossier=life).select_related("event"):
        kept = json.loads(value.event.body)["values"][value.name]
        assert kept == chain.salted_digest(value.text, value.salt)
    EventValue.objects.update(text="", salt="", erased_at=MONDAY)
    life.parties.all().delete()
    head = ""
    for event in life.events.order_by("number"):
        values = tuple(getattr(event, name) for name in chain.COLUMNS)
        assert event.previous == head
        assert event.digest == chain.digest(life.code, values, chain.key())
        head = event.digest
    assert Dossier.objects.get(pk=life.pk).head == head


def test_what_a_correction_overwrites_is_kept_in_an_erasable_text(cast):
    born = Person(LAN.name, born_on=dt.date(1990, 5, 1), identifiers=LAN.identifiers, address=LAN.address)
    dossier = cast.received(applicant=born)
    actions.correct_data(
        dossier.pk, by=cast.actor("clerk"), at=MONDAY, reason="Ghi nhầm.",
        people={"applicant": Person("Nguyễn Thị Lân", identifiers=(Identifier("passport", "C7654321"),))},
    )  # fmt: skip
    party = dossier.parties.get()
    assert (party.name, party.name_folded, party.born_on) == ("Nguyễn Thị Lân", "nguyen thi lan", None)
    assert list(party.identifiers.values_list("value", flat=True)) == ["C7654321"]
    was = EventValue.objects.get(name="was:applicant").text
    assert all(part in was for part in ("Nguyễn Thị Lan", "1990-05-01", "048123456789", "Liên Chiểu"))
    event = dossier.events.last()
    assert json.loads(event.body)["values"]["party:applicant"] == chain.party_digest(dossier.parties.get())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"people": {"neighbour": LAN}}, "role"),
        ({"people": {"owner": Person("")}}, "name"),
        ({"fee_due": Decimal("1.001")}, "fee"),
        ({"return_by": "pigeon"}, "return_by"),
        ({"language": "xx"}, "language"),
    ],
)
def test_a_correction_that_cant_be_is_refused(cast, changes, field):
    dossier = cast.received()
    with pytest.raises(Invalid) as caught:
        actions.correct_data(dossier.pk, by=cast.actor("clerk"), at=MONDAY, **{"reason": "Ghi nhầm.", **changes})
    assert caught.value.field == field
    assert dossier.events.count() == 1


def test_after_the_end_nothing_is_corrected(cast):
    dossier = cast.processing()
    actions.finish(
        dossier.pk, by=cast.actor("approver"), at=MONDAY, outcome="granted", number="1", signatory="Lê Minh",
        signed_on=MONDAY.date(),
    )  # fmt: skip
    actions.return_result(dossier.pk, by=cast.actor("clerk"), at=MONDAY)
    with pytest.raises(WrongState):
        actions.correct_data(dossier.pk, by=cast.actor("clerk"), at=MONDAY, reason="Ghi nhầm.")


def test_a_text_is_kept_without_signs_that_no_column_can_hold(cast):
    dossier = cast.received()
    actions.comment(
        dossier.pk, by=cast.actor("clerk"), at=MONDAY, text=" Dòng 1\x00\u202e\r\n\tDòng 2\u2028Dòng 3\ud800 "
    )
    assert EventValue.objects.get(name="text").text == "Dòng 1\n Dòng 2\nDòng 3"
    with pytest.raises(Invalid):
        actions.comment(dossier.pk, by=cast.actor("clerk"), at=MONDAY, text="x" * 5_001)


def test_an_event_names_the_post_in_vietnamese_whatever_the_screen_says(cast):
    with translation.override("en"):
        dossier = cast.received()
    assert dossier.events.get().by_title == "cán bộ tiếp nhận"
