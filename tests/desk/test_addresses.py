"""Each person tries each address of the desk: who opens it, who sends to it, and what a neighbour's dossier tells.

A new address needs its line in `ADDRESSES`, or the first test fails.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.models import ProcedureRoute
from desk import attaching, urls
from desk.forms.table import ACT_FORMS
from desk.models import DossierEvent, DossierFile, Leave, Notice, SavedView
from portal.models import User
from tests.desk import made_files as made
from tests.desk.cast import MONDAY, ROLES, Cast, person, post
from tests.desk.test_faces_intake import typed
from tests.desk.test_moves import MAY, everything
from tests.factories import CentreFactory, CommuneFactory, ProcedureFactory, VersionFactory

DAY = dt.timedelta(1)
TUESDAY = MONDAY + DAY
ALL = frozenset(ROLES)
COUNTER = frozenset({"clerk", "head", "contractor"})
READERS = frozenset({"clerk", "head", "supervisor"})
KEEPERS = frozenset({"clerk", "head", "handler", "approver"})
"""Who may take a file out."""
OVERSEERS = frozenset({"head", "approver", "supervisor"})
HEADS = frozenset({"head", "approver"})
"""Who is told which colleagues are away; an approver writes it down where there is no head, as at the department."""


@dataclass(frozen=True)
class Address:
    """Which roles may open it (GET) and send to it (POST); None: nobody does, whoever it is (405).

    `of`: a thing in its address that others must not even know of; `seen_by`: the roles to whom it is there,
    `asked_by`: those who get as far as being told whether it is (the others' roles open no such thing at all: 403).
    """

    opens: frozenset[str] | None = None
    sends: frozenset[str] | None = None
    of: str = ""
    seen_by: frozenset[str] = ALL
    asked_by: frozenset[str] = ALL


DOSSIERS = {"of": "dossier"}
ADDRESSES: dict[str, Address] = {
    "today": Address(ALL),
    "keys": Address(ALL),
    "workload": Address(OVERSEERS),
    "hand_out": Address(OVERSEERS),
    "leave": Address(HEADS, HEADS),
    "end_leave": Address(sends=frozenset({"approver"}), of="leave", seen_by=frozenset({"approver"}), asked_by=HEADS),
    "accounts": Address(OVERSEERS, OVERSEERS),
    "accounts_file": Address(OVERSEERS),
    "accounts_procedures": Address(ALL),
    "accounts_procedures_file": Address(ALL),
    "notices": Address(ALL),
    "read_notices": Address(sends=ALL),
    "queue": Address(ALL),
    "export": Address(ALL),
    "bulk": Address(ALL, ALL),
    "save_view": Address(sends=ALL),
    "saved_view": Address(COUNTER, of="view", seen_by=COUNTER),
    "remove_view": Address(sends=frozenset({"clerk"}), of="view", seen_by=COUNTER),
    "register": Address(READERS),
    "register_file": Address(READERS),
    "readings": Address(OVERSEERS),
    "language": Address(sends=ALL),
    "log_out": Address(sends=ALL),
    "intake_start": Address(COUNTER),
    "intake": Address(COUNTER, COUNTER),
    "intake_live": Address(sends=COUNTER),
    "intake_moved": Address(sends=COUNTER),
    "files": Address(ALL, ALL - {"supervisor"}, **DOSSIERS),
    "download_file": Address(ALL, **DOSSIERS),
    "remove_file": Address(sends=KEEPERS, **DOSSIERS),
    "file_page": Address(ALL, **DOSSIERS),
    "preview_file": Address(ALL, **DOSSIERS),
    "slip": Address(ALL, **DOSSIERS),
    "person_data": Address(OVERSEERS, OVERSEERS, **DOSSIERS, asked_by=OVERSEERS),
    "why": Address(ALL, ALL, **DOSSIERS),
    "looking": Address(ALL, **DOSSIERS),
    "act": Address(ALL, ALL, **DOSSIERS),
    "dossier": Address(ALL, **DOSSIERS),
}
"""Of `act` the table of each act says more (`who_acts`)."""
FOR_ANYBODY = {"language", "log_out"}
"""Where it doesn't matter which post somebody has, nor whether."""
NO_POST = ("nobody", "left", "coming")
NEIGHBOURS = tuple(f"neighbour {role}" for role in ROLES)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Let the desk's pages open on a Tuesday in March."""
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY)


@dataclass
class World:
    """A dossier of the department, with all that belongs to it, and everybody who may knock."""

    cast: Cast
    code: str
    file: DossierFile
    view: SavedView
    leave: Leave
    notice: Notice
    moved: str

    def arguments(self, names: Iterator[str] | tuple[str, ...], of: str, **more: Any) -> dict[str, Any]:
        """Return what stands in an address."""
        known = {
            "code": self.code,
            "pk": {"view": self.view, "leave": self.leave}.get(of, self.file).pk,
            "page": 1,
            "size": "thumbnail",
            "number": 1,
            "form": "01",
            "name": "comment",
            "procedure": self.cast.procedure.code,
            "kind": "csv",
            **more,
        }
        return {name: known[name] for name in names}


@pytest.fixture
def world(cast) -> World:
    """A dossier in work, its file, a notice about it, a view that its centre shares, and a procedure that moved."""
    dossier = cast.processing()
    file = attaching.attach_file(dossier.pk, made.upload("đơn.pdf", made.pdf(1)), by=cast.actor("clerk"), at=MONDAY)
    cast.explain("supervisor", dossier, TUESDAY)
    values = {"agency": cast.commune, "name": "Chung", "query": {"whose": ["me"]}, "is_shared": True}
    view = SavedView.objects.create(owner=cast.people["clerk"], made_at=MONDAY, **values)
    days = {"first_day": TUESDAY.date() + 7 * DAY, "last_day": TUESDAY.date() + 9 * DAY}
    leave = Leave.objects.create(
        agency=cast.department, absent=cast.people["handler"], substitute=cast.people["approver"],
        made_by=cast.people["approver"], made_at=MONDAY, **days,
    )  # fmt: skip
    about = {"agency": cast.commune, "role": "clerk", "kind": "soon", "about": "1"}
    notice = Notice.objects.create(dossier=dossier, made_at=MONDAY, **about)
    moved = ProcedureFactory()
    VersionFactory(procedure=moved)
    ProcedureRoute.objects.create(
        procedure=moved, level="any", is_provincial=False, system="dvc.example.gov.vn", valid_from=MONDAY.date() - DAY
    )
    own = cast.centre.place
    CentreFactory(agency=cast.neighbour, place=CommuneFactory(province=own.province, parent=own.parent))
    for role in ROLES:
        cast.people[f"neighbour {role}"] = person(f"neighbour {role}", cast.neighbour, role)
    for name in NO_POST:
        cast.people[name] = User.objects.create_user(name)
    post(cast.people["left"], cast.commune, "clerk", valid_to=TUESDAY.date())
    post(cast.people["coming"], cast.commune, "clerk", valid_from=TUESDAY.date() + DAY)
    return World(cast, dossier.code, file, view, leave, notice, moved.code)


@dataclass(frozen=True)
class Try:
    """One address as it is tried, and what the table says of it."""

    name: str
    address: Address
    url: str


def tries(world: World, **more: Any) -> Iterator[Try]:
    """Yield every address with what stands in it; of acts each one."""
    for pattern in urls.urlpatterns:
        assert pattern.name is not None
        address, names = ADDRESSES[pattern.name], tuple(pattern.pattern.converters)
        if pattern.name == "act":
            for act in ACT_FORMS:
                given = world.arguments(names, address.of, **{**more, "name": act})
                who = who_acts(act)
                yield Try(f"act {act}", Address(who, who, address.of), reverse("desk:act", kwargs=given))
            continue
        moved = {"procedure": world.moved} if pattern.name == "intake_moved" else {}
        given = world.arguments(names, address.of, **{**moved, **more})
        yield Try(pattern.name, address, reverse(f"desk:{pattern.name}", kwargs=given))


def who_acts(act: str) -> frozenset[str]:
    """Return the roles that may do an act on a dossier that the department holds (table of test_moves)."""
    centre, department = COUNTER, {"handler", "approver"}
    row = MAY[act]
    here = (row.get("received", set()) & centre) | (row.get("decides", set()) & department)
    here |= row.get("holds", set()) & department
    anywhere: set[str] = set().union(*(row.get(side, set()) for side in ("received", "decides", "holds")))
    return frozenset(here | ({"supervisor"} & anywhere))


def knock(client: Client, method: str, url: str) -> int:
    """Return how the desk answers."""
    answer = client.get(url) if method == "GET" else client.post(url)
    assert not answer.streaming or b"".join(answer)
    return answer.status_code


def logged_in(world: World, name: str) -> Client:
    """Return somebody's browser; it logs in again, should it have logged out."""
    client = Client()
    client.force_login(world.cast.people[name])
    return client


def test_every_address_says_who_opens_it_and_who_sends_to_it():
    """A new address has no right by itself: write its line, with who may what, and the tests below try it."""
    names = [pattern.name for pattern in urls.urlpatterns]
    assert set(names) == set(ADDRESSES) and len(names) == len(set(names))
    assert set(ACT_FORMS) == set(MAY)


@pytest.mark.parametrize("role", ROLES)
def test_who_belongs_to_it_opens_what_the_table_allows(world, role):
    """What isn't theirs is 403, what isn't there for them 404, and a method that nobody has 405."""
    wrong = []
    for each in tries(world):
        for method, may in (("GET", each.address.opens), ("POST", each.address.sends)):
            found = knock(logged_in(world, role), method, each.url)
            if may is None:
                right = found == 405
            elif role not in each.address.asked_by:
                right = found == 403
            elif role not in each.address.seen_by:
                right = found == 404
            elif role not in may:
                right = found == 403
            else:
                # An empty form is refused with what is missing, or leads back with it.
                right = found in (
                    (200,) if method == "GET" and each.name not in ("saved_view", "bulk", "why") else (200, 302, 400)
                )
            if not right:
                wrong.append(f"{role} {method} {each.name}: {found}")
            SavedView.objects.get_or_create(pk=world.view.pk, defaults=_values(world.view))
    assert not wrong, "\n".join(wrong)


def _values(view: SavedView) -> dict[str, Any]:
    return {
        "owner": view.owner, "agency": view.agency, "name": view.name, "query": view.query, "made_at": view.made_at,
        "is_shared": True,
    }  # fmt: skip


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_a_neighbours_dossier_is_as_if_there_were_none(world, name):
    """404, with the same page as for a code, file or view that there isn't, whatever is tried; nothing is written."""
    client, before, wrong = logged_in(world, name), everything(), []
    nothing = {"code": "DEMO.01-260302-9999", "pk": 987_654}
    missing = {each.name: each.url for each in tries(world, **nothing)}
    for each in tries(world):
        if not each.address.of:
            continue
        for method, may in (("GET", each.address.opens), ("POST", each.address.sends)):
            if may is None:
                continue
            told = [told_at(client, method, url) for url in (each.url, missing[each.name])]
            status = 404 if name.removeprefix("neighbour ") in each.address.asked_by else 403
            if told[0] != told[1] or told[0][0] != status:
                wrong.append(f"{method} {each.name}: {told[0][0]}, and {told[1][0]} where there is none")
    assert not wrong, "\n".join(wrong)
    assert everything() == before


def told_at(client: Client, method: str, url: str) -> tuple[int, str, dict[str, str]]:
    """Return status, page and headers, without what was asked for and what is random."""
    answer = client.get(url) if method == "GET" else client.post(url)
    page = re.sub(r'value="\w{64}"', "", answer.content.decode().replace(url, ""))
    headers = {key: value for key, value in answer.headers.items() if key not in ("Content-Length", "X-Request-ID")}
    return answer.status_code, re.sub(r"nonce-[\w-]+|<code>[0-9a-f]{16}</code>", "", page), headers


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_a_neighbour_opens_the_desk_as_a_colleague_does_and_finds_nothing_of_others(world, name):
    role, wrong = name.removeprefix("neighbour "), []
    secrets = (world.code, "Nguyễn Thị Lan", "048123456789")
    for each in tries(world):
        if each.address.of or each.name == "log_out":
            continue
        client = logged_in(world, name)
        for method, may in (("GET", each.address.opens), ("POST", each.address.sends)):
            if may is None:
                continue
            answer = client.get(each.url) if method == "GET" else client.post(each.url)
            if (answer.status_code == 403) != (role not in may) or answer.status_code in (404, 405, 500):
                wrong.append(f"{method} {each.name}: {answer.status_code}")
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
            wrong += [f"{method} {each.name} tells {found}" for found in secrets if found.encode() in text]
    assert not wrong, "\n".join(wrong)


def test_a_neighbour_learns_nothing_by_asking_for_it(world):
    """Lists, workbooks, registers, notices, many at once, intake: what is another's is as what isn't there."""
    client = logged_in(world, "neighbour clerk")
    dossier = world.file.dossier
    for asked in ({"q": world.code}, {"q": "048123456789"}, {"agency": world.cast.commune.pk, "state": "all"},
                  {"view": world.view.pk}):  # fmt: skip
        assert not client.get(reverse("desk:queue"), asked).context["page"].lines, asked
    for agency in (world.cast.commune.pk, 987_654):
        for name in ("register", "register_file"):
            assert client.get(reverse(f"desk:{name}"), {"agency": agency}).status_code == 404, name
    for notice in (world.notice.pk, 987_654):
        assert client.post(reverse("desk:read_notices"), {"notice": notice}).status_code == 404
    client.post(reverse("desk:read_notices"), {"up_to": world.notice.pk}, follow=True)
    assert Notice.objects.get().read_at is None
    ticked = [
        client.post(reverse("desk:bulk"), {"ids": pk, "act": "forward", "confirmed": "1"}, follow=True)
        for pk in (dossier.pk, 987_654)
    ]
    pages = [re.sub(r'value="\w{64}"', "", answer.content.decode()) for answer in ticked]
    assert pages[0] == pages[1]
    before = DossierEvent.objects.count()
    again = typed(
        world.cast, "receive", centre=world.cast.neighbour.centres.get().pk,
        **{"applicant-number_kind1": "citizen_card", "applicant-number1": "048123456789"},
    )  # fmt: skip
    answer = client.post(reverse("desk:intake", args=[world.cast.procedure.code]), again)
    assert answer.status_code == 400 and "is_another" in answer.context["form"].errors
    assert world.code not in answer.content.decode() and DossierEvent.objects.count() == before


@pytest.mark.parametrize("name", [*NO_POST, ""])
def test_who_has_no_post_gets_in_nowhere(world, name):
    """Without a log-in one is led to it; without a post of today one reads what to do, or finds nothing."""
    before, wrong = everything(), []
    for each in tries(world):
        client = logged_in(world, name) if name else Client()
        for method, may in (("GET", each.address.opens), ("POST", each.address.sends)):
            answer = client.get(each.url) if method == "GET" else client.post(each.url)
            is_out = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
            if may is None:
                right = answer.status_code == 405 or (not name and is_out)
            elif each.name == "log_out" or not name:
                right = is_out
            elif each.name in FOR_ANYBODY:
                right = answer.status_code == 302
            else:
                right = answer.status_code in ((403, 404) if each.address.of else (403,))
            if not right:
                wrong.append(f"{name or 'anonymous'} {method} {each.name}: {answer.status_code}")
            if each.address.of and may is not None and world.code in answer.content.decode().replace(each.url, ""):
                wrong.append(f"{name or 'anonymous'} {method} {each.name} tells the code")
    assert not wrong, "\n".join(wrong)
    assert everything() == before


def test_no_address_takes_a_form_of_another_site(world):
    """Each POST without the token of the page is refused, and nothing is written."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.cast.people["clerk"])
    before = everything()
    for each in tries(world):
        if each.address.sends is not None:
            assert client.post(each.url).status_code == 403, each.name
    assert everything() == before
