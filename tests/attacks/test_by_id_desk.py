"""The neighbour's dossiers, tried by the ids of their parts in forms, filters, marks of pages and views.

Each attacker works at an agency of their own, at their own dossier, and names in its forms what is another's. The
addresses themselves are tried, role by role, in `tests/desk/test_addresses.py`.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from desk import actions, attaching, cursors
from desk.forms.table import BULK_ACTS
from desk.identities import Identifier, Person
from desk.intake import PaperIn
from desk.models import Dossier, DossierEvent, DossierFile, HandedPaper, Leave, Notice, SavedView
from tests.attacks.conftest import entered
from tests.desk import made_files as made
from tests.desk.cast import MONDAY, Cast, person
from tests.desk.test_faces_intake import typed
from tests.desk.test_moves import everything
from tests.factories import CentreFactory, CommuneFactory

DAY = dt.timedelta(1)
TUESDAY = MONDAY + DAY
SECRETS = ("Nguyễn Thị Lan", "048123456789", "0905 123 456", "0905123456", "Hòa Minh")
MINH = Person("Phạm Minh", identifiers=(Identifier("citizen_card", "048111222333"),), phone="0911 222 333")

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """Lan's dossier between commune and department, Minh's at the neighbour's, and who works there."""

    cast: Cast
    theirs: Dossier
    file: DossierFile
    paper: HandedPaper
    mine: Dossier
    centre: Any

    def browser(self, name: str) -> Client:
        return entered(self.cast.people[name])

    def act(self, name: str, act: str, **data: Any) -> Any:
        """Send the form of an act on the neighbour's own dossier."""
        self.mine.refresh_from_db()
        address = reverse("desk:act", args=[self.mine.code, act])
        return self.browser(name).post(address, {"seen": self.mine.last_number, **data})


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Let the desk's pages open on a Tuesday in March."""
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY)


@pytest.fixture
def world(desk) -> World:
    theirs = desk.processing()
    file = attaching.attach_file(theirs.pk, made.upload("đơn.pdf", made.pdf(1)), by=desk.actor("clerk"), at=MONDAY)
    own = desk.centre.place
    centre = CentreFactory(agency=desk.neighbour, place=CommuneFactory(province=own.province, parent=own.parent))
    for role in ("head", "handler", "approver", "contractor"):
        desk.people[f"neighbour {role}"] = person(f"neighbour {role}", desk.neighbour, role)
    given = desk.intake(
        centre=centre, decided_by=desk.neighbour, applicant=MINH, papers=[PaperIn("to-khai", originals=1)]
    )
    mine = actions.receive_new(given, by=desk.actor("stranger"), at=MONDAY)
    theirs.refresh_from_db()
    return World(desk, theirs, file, theirs.papers.first(), mine, centre)


def tells_nothing(world: World, answer: Any) -> bool:
    """Return whether an answer has nothing of Lan's dossier."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return not any(secret.encode() in content for secret in (*SECRETS, world.theirs.code))


@pytest.mark.parametrize("name", ["stranger", "neighbour head", "neighbour approver"])
def test_among_ones_own_ids_of_a_bulk_act_the_neighbours_are_as_if_they_were_not_there(world, name):
    """Ticked together, own and foreign: the foreign ones aren't named, not even as refused, and nothing happens."""
    before = list(DossierEvent.objects.filter(dossier=world.theirs).values_list("pk", flat=True))
    for act in BULK_ACTS:
        client = world.browser(name)
        for more in ({}, {"confirmed": "1"}):
            ids = [world.mine.pk, world.theirs.pk]
            fields = {
                "to_agency": world.cast.neighbour.pk, "to_user": world.cast.people["stranger"].pk, "reason": "thử",
                f"number-{world.theirs.pk}": "9/QĐ", f"outcome-{world.theirs.pk}": "granted",
                f"to-{world.theirs.pk}": "kẻ lạ", "signed_on": "2026-03-03", "signatory": "Ai đó", "is_meant": "on",
            }  # fmt: skip
            answer = client.post(reverse("desk:bulk"), {"ids": ids, "act": act, **more, **fields}, follow=True)
            assert answer.status_code in (200, 400, 403), act
            assert tells_nothing(world, answer), act
    assert list(DossierEvent.objects.filter(dossier=world.theirs).values_list("pk", flat=True)) == before


def test_ones_own_dossier_is_given_to_nobody_who_works_elsewhere(world):
    """`to_user` of another agency: of the one that gets it only its own people are there to be chosen."""
    foreign = world.cast.people["clerk"].pk
    assert world.act("neighbour head", "reassign", to_user=foreign, reason="thử").status_code == 400
    to_third = {"to_agency": world.cast.department.pk, "is_meant": "on", "to_user": foreign}
    assert world.act("stranger", "forward", **to_third).status_code == 400
    world.mine.refresh_from_db()
    assert (world.mine.holder_id, world.mine.holder_agency_id) != (foreign, world.cast.department.pk)


def test_a_comment_tells_nobody_who_may_not_see_the_dossier(world):
    """Neither by the key in a forged form nor by «@» and a name: strangers get no notice, their names aren't found."""
    colleague, stranger = world.cast.people["neighbour head"], world.cast.people["handler"]
    assert world.act("stranger", "comment", text="xem hộ", told=[colleague.pk, stranger.pk]).status_code == 400
    assert world.act("stranger", "comment", text=f"@{stranger.get_full_name()} xem hộ").status_code == 400
    assert not Notice.objects.filter(person=stranger).exists()
    assert world.act("stranger", "comment", text="xem hộ", told=[colleague.pk]).status_code == 302
    assert Notice.objects.filter(person=colleague).exists()


def test_no_file_or_paper_of_another_dossier_is_tied_to_ones_own(world):
    own = world.mine.papers.get()
    assert world.act("stranger", "tie_file", paper=own.pk, file=world.file.pk).status_code == 400
    assert world.act("stranger", "tie_file", paper=world.paper.pk).status_code == 400
    sent = {"file": made.upload("đơn.pdf", made.pdf(1)), "kind": "paper", "paper": world.paper.pk}
    assert world.browser("stranger").post(reverse("desk:files", args=[world.mine.code]), sent).status_code == 400
    world.paper.refresh_from_db()
    assert world.paper.file_id != world.file.pk and not world.mine.files.exists()


@pytest.mark.parametrize("number", [1, 2, 3, 99])
def test_events_and_files_are_looked_for_under_their_own_dossier_alone(world, number):
    """The slip of an event number, and a file's key, under the address of one's own dossier: nothing of another's."""
    client = world.browser("stranger")
    own = {event.number for event in world.mine.events.all()}
    for form in ("01", "02", "05", "06", "bg"):
        answer = client.get(reverse("desk:slip", args=[world.mine.code, number, form]))
        assert answer.status_code == (200 if number in own and form in ("01", "06") else 404) or number in own
    for name, more in (("download_file", []), ("file_page", [1]), ("preview_file", [1, "page"])):
        address = reverse(f"desk:{name}", args=[world.mine.code, world.file.pk, *more])
        assert client.get(address).status_code == 404
    assert client.post(reverse("desk:remove_file", args=[world.mine.code, world.file.pk])).status_code == 404


def test_an_intake_names_no_foreign_centre_group_or_dossier(world):
    """A centre's key, codes of dossiers to join, to wait for, to be related to, or to begin from: all as if unknown."""
    client, address = world.browser("stranger"), reverse("desk:intake", args=[world.cast.procedure.code])
    count, code = Dossier.objects.count(), world.theirs.code
    own = {"centre": world.centre.pk, "decided_by": world.cast.neighbour.pk, "applicant-name": "Phạm Minh Hai"}
    forged: tuple[dict[str, Any], ...] = (
        {"centre": world.cast.centre.pk},
        {"group_code": code},
        {"group_code": code, "group_waits": "on"},
        {"related": f"{code} cùng người"},
    )
    for each in forged:
        answer = client.post(address, typed(world.cast, "receive", **{**own, **each}))
        assert answer.status_code == 400, each
        for secret in SECRETS[1:4]:
            assert secret not in answer.content.decode(), each
        unknown = {key: "DEMO.01-260302-9999" if value == code else value for key, value in each.items()}
        if unknown != each and "related" not in each:
            told = client.post(address, typed(world.cast, "receive", **{**own, **unknown}))
            asked = list(answer.context["form"].errors)
            assert asked == list(told.context["form"].errors), each
    for name, more in (("intake", [world.cast.procedure.code]), ("intake_start", [])):
        answer = client.get(reverse(f"desk:{name}", args=more), {"of": code})
        assert answer.context["of"] is None
        page = answer.content.decode().replace(code, "")
        assert [secret for secret in SECRETS if secret in page] == [], name
    assert Dossier.objects.count() == count


def test_a_number_or_telephone_of_somebody_elsewhere_fills_nothing_in(world):
    """The live part of the intake asks who a number belongs to: of dossiers beyond one's reach it knows nobody."""
    client, address = world.browser("stranger"), reverse("desk:intake_live", args=[world.cast.procedure.code])
    for known in (
        {"applicant-number_kind1": "citizen_card", "applicant-number1": "048123456789", "applicant-name": ""},
        {"applicant-phone": "0905 123 456", "applicant-name": "Nguyễn Thị"},
    ):
        for part in ("people", "matter", "summary"):
            sent = typed(world.cast, "fill", centre=world.centre.pk, part=part, **{"applicant-address": "", **known})
            answer = client.post(address, {**sent, "fill": "applicant"})
            text = answer.content.decode()
            for secret in ("Nguyễn Thị Lan", world.theirs.code, "Hòa Minh"):
                assert secret not in text, (known, part)


FILTERS: tuple[dict[str, Any], ...] = (
    {"q": "Nguyễn Thị Lan"},
    {"q": "nguyen thi lan"},
    {"q": "0905 123 456"},
    {"q": "6789"},
    {"q": "DEMO.01"},
    {"state": "all", "person": "{clerk}"},
    {"state": "all", "agency": "{commune}", "side": "received"},
    {"state": "all", "agency": "{department}", "side": "held"},
    {"state": "all", "whose": "unheld", "agency": "{department}"},
    {"state": "all", "procedure": "{procedure}", "sort": "newest"},
    {"state": "all", "step": "Thẩm định"},
    {"due": "overdue"},
    {"state": "all", "view": "{view}"},
)


@pytest.mark.parametrize("name", ["stranger", "neighbour head", "neighbour contractor"])
def test_no_filter_of_list_workbook_or_kept_view_widens_what_somebody_sees(world, name):
    """Each filter, with keys of other agencies, their people and their views: the list, its workbook, a kept view."""
    view = SavedView.objects.create(
        owner=world.cast.people["clerk"], agency=world.cast.commune, name="Kín", query={"whose": ["me"]},
        is_shared=True, made_at=MONDAY,
    )  # fmt: skip
    keys = {
        "clerk": world.cast.people["clerk"].pk, "commune": world.cast.commune.pk, "view": view.pk,
        "department": world.cast.department.pk, "procedure": world.cast.procedure.code,
    }  # fmt: skip
    client = world.browser(name)
    for index, asked in enumerate(FILTERS):
        query = {key: str(value).format(**keys) for key, value in asked.items()}
        answer = client.get(reverse("desk:queue"), query)
        page = answer.content.decode().replace(query.get("q", "\0"), "")
        assert world.theirs.pk not in {line.row.pk for line in answer.context["page"].lines}, asked
        assert world.theirs.code not in page and "Nguyễn Thị Lan" not in page and "Kín" not in page, asked
        book = client.get(reverse("desk:export"), query)
        if book.status_code == 200:
            sheet = load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
            cells = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row}
            assert cells.isdisjoint({world.theirs.code, "Nguyễn Thị Lan"}), asked
        kept = {key: [value] for key, value in query.items() if key not in ("q", "view")}
        sent = {"view-query": json.dumps(kept), "view-name": f"Thử {index}", "view-is_shared": "on"}
        if client.post(reverse("desk:save_view"), sent).status_code == 302:
            mine = SavedView.objects.get(name=f"Thử {index}")
            opened = client.get(reverse("desk:saved_view", args=[mine.pk]), follow=True)
            assert tells_nothing(world, opened), asked
    assert not SavedView.objects.filter(owner=world.cast.people[name]).exclude(agency=world.cast.neighbour).exists()


def test_a_view_is_kept_for_nobody_else_whatever_the_form_names(world):
    sent = {
        "view-query": "{}", "view-name": "Thử", "view-is_shared": "on", "view-agency": world.cast.commune.pk,
        "view-owner": world.cast.people["clerk"].pk, "agency": world.cast.commune.pk,
        "owner": world.cast.people["clerk"].pk,
    }  # fmt: skip
    assert world.browser("stranger").post(reverse("desk:save_view"), sent).status_code == 302
    kept = SavedView.objects.get(name="Thử")
    assert (kept.owner, kept.agency) == (world.cast.people["stranger"], world.cast.neighbour)


def test_a_mark_of_a_page_that_was_forged_or_is_somebody_elses_shows_nothing_more(world):
    """Marks are signed; one that a colleague elsewhere got shows the list of whoever uses it."""
    client = world.browser("stranger")
    spot = cursors.Spot("due", None, 0)
    genuine = cursors.written(spot)
    forged = [
        genuine[:-1],
        genuine + "A",
        genuine.swapcase(),
        signing.Signer(salt="desk.other").sign_object(["due", "", 0]),
        signing.Signer(key="another key", salt=cursors.SALT).sign_object(["due", "", 0]),
        signing.b64_encode(b'["due", "", 0]').decode() + ":",
        "\0", "' OR 1=1 --", "0", "due", "😀" * 100, "A" * 10_000,
    ]  # fmt: skip
    for mark in forged:
        answer = client.get(reverse("desk:queue"), {"state": "all", "after": mark})
        assert answer.status_code == 302 and "after" not in answer["Location"], mark
    order = client.get(reverse("desk:queue"), {"state": "all"}).context["page"]
    assert [line.row.pk for line in order.lines] == [world.mine.pk]
    for name in ("due", "newest", "urgency", "submitted", "settled", "states"):
        mark = cursors.written(cursors.Spot(name, MONDAY + 30 * DAY, 10**9))
        answer = client.get(reverse("desk:queue"), {"state": "all", "after": mark}, follow=True)
        assert tells_nothing(world, answer), name


def test_nobody_comes_by_a_colleagues_rights_by_writing_a_leave_for_another_agency(world):
    """A head who writes that the commune's clerk is away, and that an own person stands in, would see its dossiers."""
    client, people = world.browser("neighbour head"), world.cast.people
    days = {"first_day": "03/03/2026", "last_day": "04/03/2026"}
    forged = (
        (world.cast.commune.pk, people["clerk"].pk, people["stranger"].pk),
        (world.cast.neighbour.pk, people["clerk"].pk, people["stranger"].pk),
        (world.cast.neighbour.pk, people["stranger"].pk, people["clerk"].pk),
        (world.cast.department.pk, people["handler"].pk, people["neighbour handler"].pk),
        ("", people["clerk"].pk, people["neighbour head"].pk),
    )
    for agency, absent, substitute in forged:
        sent = {"agency": agency, "absent": absent, "substitute": substitute, **days}
        assert client.post(reverse("desk:leave"), sent).status_code == 400
    assert not Leave.objects.exists()
    for name in ("stranger", "neighbour handler", "neighbour contractor"):
        own = {"agency": world.cast.neighbour.pk, "absent": people["neighbour head"].pk, "substitute": people[name].pk}
        assert world.browser(name).post(reverse("desk:leave"), own | days).status_code in (302, 403)
    assert not Leave.objects.exists()


def test_figures_and_handing_out_stay_within_ones_own_agencies(world):
    client = world.browser("neighbour head")
    for agency in (world.cast.commune.pk, world.cast.department.pk):
        assert client.get(reverse("desk:workload"), {"agency": agency}).status_code == 404
    for asked in ({"agency": world.cast.commune.pk}, {"person": world.cast.people["handler"].pk}, {"state": "all"}):
        assert tells_nothing(world, client.get(reverse("desk:hand_out"), asked, follow=True)), asked


def test_a_form_that_was_sent_before_is_not_taken_again_in_another_session(world):
    """The same form, sent anew from a second log-in of the same person: `seen` is of before, nothing is done twice."""
    address = reverse("desk:act", args=[world.mine.code, "comment"])
    first, second = world.browser("stranger"), world.browser("stranger")
    sent = {"seen": world.mine.last_number, "text": "một lần"}
    assert first.post(address, sent).status_code == 302
    number = world.mine.events.count()
    assert second.post(address, sent).status_code == 400
    forward = {"seen": world.mine.last_number, "to_agency": world.cast.neighbour.pk}
    assert second.post(reverse("desk:act", args=[world.mine.code, "forward"]), forward).status_code == 400
    assert world.mine.events.count() == number


def test_nothing_that_was_tried_at_the_neighbours_own_dossier_changed_the_other(world):
    """Every act's form, sent with the foreign dossier's key and code in every field that it has."""
    before = everything()
    junk = dict.fromkeys(
        ("dossier", "id", "pk", "ids", "code", "dossier_id", "to_agency", "to_user", "paper", "file", "payment",
         "request", "item0", "received0", "told", "group", "related"),
        str(world.theirs.pk),
    )  # fmt: skip
    for act in ("accept_supplement", "confirm_payment", "correct_data", "return_result", "hand_back", "resume",
                "take_over", "recall", "undo", "mirror", "finish", "extend", "stop", "reopen", "receive"):  # fmt: skip
        answer = world.act("neighbour approver", act, **junk)
        assert answer.status_code in (200, 302, 400, 403), act
        assert tells_nothing(world, answer), act
    after = everything()
    for name, rows in before.items():
        own = [row for row in after[name] if row in rows]
        assert own == rows or name in ("Dossier",), name
    world.theirs.refresh_from_db()
    assert world.theirs.holder_agency_id == world.cast.department.pk
