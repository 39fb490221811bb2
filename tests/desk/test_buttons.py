"""Each role tries each button in each state: what is shown can be done, what isn't shown is refused when it is sent."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalogue.models import ProcedureRoute
from desk import actions, attaching
from desk.forms.table import ACT_FORMS, BULK_ACTS
from desk.models import Dossier, DossierEvent
from tests.desk import made_files as made
from tests.desk.cast import MONDAY, ROLES, Cast
from tests.desk.tampering import shadow
from tests.desk.test_moves import FRIDAY, NOW, STATES, in_state, result, undone

ASKED: dict[str, dict[str, Any]] = {
    "receive": {},
    "reject": {"reason": "Quá hạn bổ sung."},
    "forward": {"step": "Thẩm định"},
    "take_over": {},
    "reassign": {"reason": "Nghỉ phép."},
    "request_supplement": {"ask0": "on", "reason0": "Thiếu chữ ký.", "ground": "Điều 9"},
    "accept_supplement": {"originals0": "1"},
    "request_payment": {"amount": "15000", "purpose": "Lệ phí"},
    "confirm_payment": {"receipt": "BL-1"},
    "extend": {"on": FRIDAY.isoformat(), "reason": "Chờ xác minh.", "late_unit": "Phòng Hộ tịch"},
    "stop": {"kind": "suspension", "reason": "Chờ tòa.", "ground": "Điều 18"},
    "resume": {"reason": "Tòa đã xử."},
    "finish": {
        "outcome": "granted",
        "number": "1/QĐ",
        "signed_on": NOW.date().isoformat(),
        "signatory": "Lê Minh",
        "is_unpaid": "on",
    },
    "reopen": {"reason": "Sai tên."},
    "return_result": {},
    "hand_back": {},
    "withdraw": {"reason": "Không cần nữa."},
    "correct_data": {"reason": "Ghi nhầm.", "fee_due": "1"},
    "comment": {"text": "Đã gọi điện."},
    "recall": {"reason": "Chuyển nhầm."},
    "tie_file": {},
    "undo": {},
    "mirror": {"state": "9"},
}
"""What an officer types in each form, beside what stands there already."""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Let the desk's pages open forty days later, when what waits for an answer has lapsed."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def browser(cast: Cast, name: str) -> Client:
    """Return somebody's own browser."""
    client = Client()
    client.force_login(cast.people[name])
    return client


def brought(cast: Cast, state: str) -> Dossier:
    """Return a dossier in a state, or one of a ministry's system."""
    if state != "shadow":
        return in_state(cast, state)
    ProcedureRoute.objects.create(
        procedure=cast.procedure, level="any", is_provincial=False, system="dvc.example.gov.vn",
        valid_from=MONDAY.date(),
    )  # fmt: skip
    return shadow(cast, MONDAY)


def filled(cast: Cast, dossier: Dossier, name: str, form: Any = None) -> dict[str, Any]:
    """Return an act's form as an officer fills it in; without a form, as somebody who was never shown it would."""
    found: dict[str, Any] = {"seen": dossier.last_number}
    for prefix, each in [("", form), *((f"{role}-", one) for role, one in getattr(form, "people", {}).items())]:
        for field in each or ():
            value = field.value()
            if value in (None, "") and field.field.required:
                value = first_of(getattr(field.field, "choices", ()))
            if value not in (None, "", False):
                found[f"{prefix}{field.name}"] = value
    guessed = {
        "forward": {"to_agency": cast.department.pk},
        "reassign": {"to_user": found.get("to_user", cast.people["clerk"].pk)},
        "request_supplement": {"answer_by": FRIDAY.isoformat()},
    }
    return found | guessed.get(name, {}) | ASKED[name]


def first_of(choices: Any) -> int | None:
    """Return the key of the first row that is offered, in a group of choices or alone."""
    for key, label in choices:
        if isinstance(label, list | tuple):
            return first_of(label)
        if isinstance(key, int):
            return key
    return None


def test_every_act_is_filled_in():
    assert set(ASKED) == set(ACT_FORMS)


@pytest.mark.parametrize("state", [*STATES, "shadow"])
def test_what_is_shown_can_be_done_and_what_isnt_is_refused(cast, state):
    dossier = brought(cast, state)
    before, wrong = dossier.last_number, []
    for role in ROLES:
        client = browser(cast, role)
        cast.explain(role, dossier, NOW)
        page = client.get(dossier.get_absolute_url()).content.decode()
        shown = set(re.findall(r'/acts/(\w+)/"', page))
        for name in ACT_FORMS:
            url = reverse("desk:act", args=[dossier.code, name])
            form = client.get(url).context["form"] if name in shown else None
            with undone():
                answer = client.post(url, filled(cast, dossier, name, form))
                is_done = Dossier.objects.get(pk=dossier.pk).last_number > before
            right = (302,) if name in shown else (400, 403)
            if is_done != (name in shown) or answer.status_code not in right:
                told = getattr(answer.context and answer.context.get("form"), "errors", "")
                wrong.append(f"{name} by {role}: {answer.status_code}, shown: {name in shown} {told}")
    assert not wrong, "\n".join(wrong)
    assert Dossier.objects.get(pk=dossier.pk).last_number == before


@pytest.mark.parametrize("state", ["2", "4", "10", "shadow"])
def test_a_file_is_put_in_and_taken_out_by_whom_the_page_offers_it(cast, state):
    dossier = brought(cast, state)
    file = None
    if state != "shadow":
        file = attaching.attach_file(
            dossier.pk, made.upload("đơn.pdf", made.pdf(1)), by=cast.actor("clerk"), at=MONDAY + dt.timedelta(1)
        )
    url = reverse("desk:files", args=[dossier.code])
    for role in ROLES:
        client = browser(cast, role)
        page = client.get(url)
        sent = [(url, {"file": made.upload("khác.pdf", made.pdf(2))}, 'enctype="multipart/form-data"')]
        if file:
            sent.append((reverse("desk:remove_file", args=[dossier.code, file.pk]), {"reason": "Nhầm"}, "/remove/"))
        for where, data, mark in sent:
            is_shown = mark in page.content.decode()
            with undone():
                number = DossierEvent.objects.count()
                answer = client.post(where, data)
                is_done = DossierEvent.objects.count() > number
            assert is_done == is_shown, (role, where)
            # A state that doesn't allow it is told on the page one is led back to.
            assert answer.status_code == 302 or (answer.status_code == 403 and not is_shown), (role, where)


def test_the_file_of_a_result_is_offered_to_nobody_to_be_taken_out(cast):
    dossier = cast.processing()
    files = [
        attaching.attach_file(dossier.pk, made.upload(f"{n}.pdf", made.pdf(n)), by=cast.actor("clerk"), at=MONDAY)
        for n in (1, 2)
    ]
    actions.finish(dossier.pk, by=cast.actor("approver"), at=MONDAY, file=files[0], **result(MONDAY))
    page = browser(cast, "approver").get(reverse("desk:files", args=[dossier.code])).content.decode()
    urls = [reverse("desk:remove_file", args=[dossier.code, file.pk]) for file in files]
    assert [url in page for url in urls] == [False, True]


@pytest.mark.parametrize("role", ROLES)
def test_the_list_offers_for_many_what_the_role_may_do_and_the_rest_is_refused(cast, role):
    dossier = cast.processing()
    client = browser(cast, role)
    page = client.get(reverse("desk:queue"))
    offered = {name for name, _label in page.context["acts"]}
    for name in BULK_ACTS:
        data = {"ids": dossier.pk, "act": name}
        assert client.post(reverse("desk:bulk"), data).status_code == 200
        if name in offered:
            continue
        each = {f"number-{dossier.pk}": "1/QĐ", f"outcome-{dossier.pk}": "granted"}
        form = client.post(reverse("desk:bulk"), data).context["form"]
        answer = client.post(reverse("desk:bulk"), data | {"confirmed": "1"} | filled(cast, dossier, name, form) | each)
        assert not answer.context["done"] and len(answer.context["refused"]) == 1, (role, name)
    assert Dossier.objects.get(pk=dossier.pk).last_number == dossier.last_number


@pytest.mark.parametrize("role", ROLES)
def test_no_link_of_the_desk_leads_to_a_refusal(cast, role):
    """Whatever a page links to, and whatever a page behind it links to, opens for whom it is shown."""
    dossier = in_state(cast, "9")
    file = attaching.attach_file(
        dossier.pk, made.upload("đơn.pdf", made.pdf(1)), by=cast.actor("clerk"), at=MONDAY + dt.timedelta(1)
    )
    for each in (dossier, in_state(cast, "5<4")):
        cast.explain(role, each, NOW)
    client = browser(cast, role)
    waiting, seen, wrong = [reverse("desk:today"), dossier.get_absolute_url()], set(), []
    while waiting:
        url = waiting.pop()
        seen.add(url)
        answer = client.get(url)
        if answer.status_code not in (200, 302):
            wrong.append(f"{url}: {answer.status_code}")
        if answer.streaming:
            assert b"".join(answer)
        elif answer["Content-Type"].startswith("text/html"):
            links = re.findall(r'(?:href|src)="(/desk/[^"#]*)"', answer.content.decode())
            waiting += {link.replace("&amp;", "&") for link in links if "q=" not in link} - seen - {*waiting}
    assert not wrong, "\n".join(wrong)
    assert reverse("desk:download_file", args=[dossier.code, file.pk]) in seen
    assert len(seen) > 20
