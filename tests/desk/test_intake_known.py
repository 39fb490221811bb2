"""Intake fills in whom its dossiers know: by number or telephone and name, in one's own reach, nothing unsaid."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from desk import actions
from desk.identities import Identifier, Person
from desk.models import Dossier, Party
from tests.desk.cast import LAN, MONDAY
from tests.desk.test_faces_intake import PEOPLE, TUESDAY, typed, url
from tests.desk.test_intake_care import at_the_screen
from tests.factories import CentreFactory, CommuneFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NUMBER = {"applicant-number1": "048 123 456 789"}
FIRM = Person("Công ty Một", kind="company", identifiers=(Identifier("tax_code", "0400123454"),), address="1 Lê Lợi")


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Let the desk's pages open on a Tuesday in March."""
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY)


@pytest.fixture
def clerk(cast, client):
    """The clerk at the counter, logged in."""
    return at_the_screen(cast, client)


def asked(cast, do="find-applicant", **more):
    """What stands in the form before anything is known but a number."""
    empty = {"applicant-name": "", "applicant-address": ""}
    return typed(cast, do, **empty | NUMBER | more)


def shown(answer, role="applicant") -> dict[str, str]:
    person = answer.context["form"].people[role]
    return {name: person[name].value() for name in ("name", "phone", "address", "number_kind1", "kind")}


def test_one_key_fills_in_what_the_latest_dossier_has(cast, clerk):
    cast.received()
    answer = clerk.post(url(cast), asked(cast))
    assert answer.status_code == 200
    assert shown(answer) == {
        "name": LAN.name, "phone": LAN.phone, "address": LAN.address, "number_kind1": "citizen_card", "kind": "person",
    }  # fmt: skip
    page = answer.content.decode()
    assert f"From the dossier {Dossier.objects.get().code} of 02/03/2026" in page
    assert LAN.name not in answer.request["PATH_INFO"] + answer.request["QUERY_STRING"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert clerk.post(url(cast), typed(cast, is_another="on", **NUMBER)).status_code == 302


def test_the_latest_dossier_tells(cast, clerk):
    cast.received()
    moved = Person(**vars(LAN) | {"address": "12 Trần Phú"})
    cast.received(at=MONDAY + dt.timedelta(hours=2), applicant=moved)
    assert shown(clerk.post(url(cast), asked(cast)))["address"] == "12 Trần Phú"


def test_what_was_typed_is_never_written_over_unsaid(cast, clerk):
    cast.received()
    mine = {"applicant-phone": "0911 000 111", "applicant-name": "nguyễn thị lan"}
    answer = clerk.post(url(cast), asked(cast, **mine))
    assert shown(answer)["phone"] == "0911 000 111" and shown(answer)["name"] == "nguyễn thị lan"
    page = answer.content.decode()
    assert "though that dossier says" in page and LAN.phone in page and 'value="over-applicant"' in page
    over = clerk.post(url(cast), asked(cast, "over-applicant", **mine))
    assert shown(over)["phone"] == LAN.phone


def test_telephone_and_name_tell_where_there_is_no_number(cast, clerk):
    cast.received()
    by_phone = asked(
        cast, **{"applicant-number1": "", "applicant-name": "nguyen thi lan", "applicant-phone": "+84905123456"}
    )
    assert shown(clerk.post(url(cast), by_phone))["address"] == LAN.address
    another = clerk.post(url(cast), by_phone | {"applicant-name": "Nguyễn Văn Nam"})
    assert shown(another)["address"] == "" and "Nobody is known" in another.content.decode()


def test_nobody_elsewhere_and_nobody_erased_is_known(cast, clerk):
    place = CommuneFactory(province=cast.centre.province, parent=cast.centre.province)
    centre = CentreFactory(agency=cast.neighbour, place=place)
    away = cast.intake(centre=centre, decided_by=cast.neighbour)
    actions.receive_new(away, by=cast.actor("stranger"), at=MONDAY)
    answer = clerk.post(url(cast), asked(cast))
    assert shown(answer)["name"] == "" and LAN.address not in answer.content.decode()
    live = clerk.post(f"{url(cast)}live/", asked(cast) | {"part": "people"})
    assert LAN.name not in live.content.decode()
    cast.received()
    Party.objects.update(erased_at=MONDAY)
    assert shown(clerk.post(url(cast), asked(cast)))["name"] == ""


def test_the_owner_for_whom_they_submitted_is_offered_by_a_button_of_its_own(cast, clerk):
    cast.received(owner=FIRM)
    answer = clerk.post(url(cast), asked(cast))
    assert "Fill in the owner too: Công ty Một" in answer.content.decode()
    assert shown(answer, "owner")["name"] in ("", None)
    both = clerk.post(url(cast), asked(cast, "owner-applicant"))
    assert shown(both, "owner") == {
        "name": FIRM.name, "phone": "", "address": FIRM.address, "number_kind1": "tax_code", "kind": "company",
    }  # fmt: skip


def test_while_it_is_filled_in_the_page_asks_for_promise_and_offer(cast, clerk):
    cast.received()
    live = f"{url(cast)}live/"
    answer = clerk.post(live, asked(cast, "") | {"part": "summary"})
    text = answer.content.decode()
    assert answer.status_code == 200 and "Known already: Nguyễn Thị Lan" in text and "15.000" in text
    assert "papers: 1/3 ticked" in text and "the name of the applicant" in text
    assert "<form" not in text and "<html" not in text and not Dossier.objects.filter(submitted_at=TUESDAY).exists()
    filled = clerk.post(live, asked(cast) | {"part": "people"}).content.decode()
    assert f'value="{LAN.name}"' in filled
    assert 'id="id_has-to-khai"' in clerk.post(live, asked(cast) | {"part": "matter"}).content.decode()
    assert clerk.get(live).status_code == 405
    assert clerk.post(live, asked(cast) | {"part": "../x"}).status_code == 400


def test_only_the_counter_is_told_anything_live(cast, client):
    cast.received()
    for name in ("handler", "supervisor", "stranger"):
        answer = at_the_screen(cast, client, name).post(f"{url(cast)}live/", asked(cast) | {"part": "people"})
        assert LAN.phone not in answer.content.decode(), name
    client.logout()
    assert client.post(f"{url(cast)}live/", asked(cast) | {"part": "people"}).status_code == 302


def test_the_next_dossier_of_this_person_begins_filled_in(cast, clerk):
    there = clerk.post(url(cast), typed(cast, **NUMBER), follow=True)
    dossier = Dossier.objects.get()
    page = there.content.decode()
    again = f"/desk/intake/?of={dossier.code}"
    assert f'href="{again}" accesskey="v"' in page and f'href="{url(cast)}" accesskey="g"' in page
    assert "Nguyễn" not in again and "048" not in again
    begun = clerk.get(again)
    assert f"{url(cast)}?of={dossier.code}" in begun.content.decode()  # It was taken in last.
    form = clerk.get(f"{url(cast)}?of={dossier.code}").context["form"]
    assert form.people["applicant"]["name"].value() == "Nguyễn Thị Lan"
    assert form.people["applicant"]["number1"].value() == "048123456789"


def test_a_dossier_beyond_ones_reach_fills_in_nothing(cast, client):
    dossier = cast.received()
    place = CommuneFactory(province=cast.centre.province, parent=cast.centre.province)
    CentreFactory(agency=cast.neighbour, place=place)
    stranger = at_the_screen(cast, client, "stranger")
    answer = stranger.get(f"{url(cast)}?of={dossier.code}")
    assert answer.status_code == 200 and LAN.name not in answer.content.decode()
    assert "people are filled in" not in stranger.get(f"/desk/intake/?of={dossier.code}").content.decode()


def test_all_papers_are_ticked_by_one_button(cast, clerk):
    form = clerk.post(url(cast), typed(cast, "all", **{"originals-to-khai": "2"})).context["form"]
    assert [bool(line.fields[0].value()) for line in form.lines] == [True, True, False]  # «(nếu có)» is left.
    assert [line.fields[1].value() for line in form.lines[:2]] == ["2", "1"]  # What was typed stays.
    copies = clerk.post(url(cast), typed(cast, "all-copies")).context["form"]
    assert {(line.fields[1].value(), line.fields[2].value()) for line in copies.lines[:2]} == {("0", "1")}


def test_what_comes_often_here_is_at_hand_from_counters(cast, clerk):
    assert clerk.get("/desk/intake/").context["often"] == []
    cast.received(at=TUESDAY - dt.timedelta(hours=1))
    answer = clerk.get("/desk/intake/")
    assert answer.context["often"] == [cast.procedure]
    clerk.post(url(cast), typed(cast, is_another="on", **PEOPLE))
    answer = clerk.get("/desk/intake/")
    assert answer.context["lately"] == [cast.procedure] and answer.context["often"] == []
