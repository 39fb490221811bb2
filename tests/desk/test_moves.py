"""Every state × act × actor, against tables written from the design, not from the code's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from desk import actions, attaching, shadows
from desk.actors import APPLICANT, Actor, officer, outside
from desk.models import Dossier, DossierFile
from desk.refusals import NotAllowed, WrongState
from desk.shadows import Told
from desk.states import State
from tests.desk.cast import FORM, MONDAY, Cast, person

DAY = dt.timedelta(1)
NOW = MONDAY + 40 * DAY
"""When the acts of the table are tried: late enough for a request to have lapsed."""
FRIDAY = dt.date(2026, 5, 15)

# Which state an act leads to from where it is legal (design «Desk»); «5<1»: a supplement asked for before the receipt.
LEADS_TO: dict[str, dict[str, State | None]] = {
    "receive": {"1": State.RECEIVED},
    "reject": {"1": State.REJECTED, "5<1 lapsed": State.REJECTED},
    "forward": {"2": State.PROCESSING, "4": State.PROCESSING},
    "take_over": {"4 given": State.PROCESSING},
    "recall": {"4 given": State.PROCESSING},
    "undo": {},
    "request_supplement": dict.fromkeys(("1", "2", "4", "4 given"), State.SUPPLEMENT),
    "accept_supplement": {
        "5<1": State.REGISTERED,
        "5<1 lapsed": State.REGISTERED,
        "5<2": State.RECEIVED,
        "5<4": State.PROCESSING,
    },
    "request_payment": dict.fromkeys(("2", "4", "4 given"), State.PAYMENT),
    "confirm_payment": {"6<2": State.RECEIVED, "6<4": State.PROCESSING},
    "extend": dict.fromkeys(("4", "4 given"), State.PROCESSING),
    "stop": dict.fromkeys(("2", "4", "4 given", "5<2", "5<4", "6<2", "6<4"), State.STOPPED),
    "resume": {"8 suspended": State.PROCESSING},
    "finish": dict.fromkeys(("2", "4", "4 given"), State.FINISHED),
    "reopen": {"9": State.PROCESSING},
    "return_result": {"9": State.RETURNED, "8 ended": State.RETURNED},
    "withdraw": dict.fromkeys(
        ("1", "2", "4", "4 given", "5<1", "5<1 lapsed", "5<2", "5<4", "6<2", "6<4"), State.WITHDRAWN
    ),
    "hand_back": {"3": State.REJECTED, "7": State.WITHDRAWN, "8 ended": State.STOPPED},
    "reassign": dict.fromkeys(("2", "4", "4 given", "5<1", "5<1 lapsed", "5<2", "5<4", "6<2", "6<4", "9")),
    "comment": dict.fromkeys(
        ("1", "2", "3", "4", "4 given", "5<1", "5<1 lapsed", "5<2", "5<4", "6<2", "6<4", "7", "8 suspended", "8 ended",
         "9", "10")
    ),
    "correct_data": dict.fromkeys(
        ("1", "2", "3", "4", "4 given", "5<1", "5<1 lapsed", "5<2", "5<4", "6<2", "6<4", "7", "8 suspended", "8 ended",
         "9")
    ),
    "tie_file": dict.fromkeys(
        ("1", "2", "4", "4 given", "5<1", "5<1 lapsed", "5<2", "5<4", "6<2", "6<4", "8 suspended", "8 ended", "9")
    ),
    "mirror": {},
}  # fmt: skip
STATES = tuple(LEADS_TO["comment"])

# Who may: roles at the agency that received, that decides, that holds it now, and who that is no officer.
ALL = {"clerk", "handler", "approver", "head", "supervisor", "contractor"}
MAY: dict[str, dict[str, set[str]]] = {
    "receive": {"received": {"clerk", "head", "contractor"}},
    "reject": {"received": {"clerk", "head"}},
    "forward": {"holds": {"clerk", "handler", "approver", "head", "contractor"}},
    "take_over": {"holds": {"clerk", "handler", "approver", "head", "contractor"}},
    "recall": {"gives": {"clerk", "handler", "approver", "head", "contractor"}},
    "undo": {"received": ALL, "decides": ALL, "holds": ALL, "gives": ALL},
    "tie_file": {
        "received": {"clerk", "head", "contractor"},
        "decides": {"handler", "approver"},
        "holds": {"handler", "approver"},
    },
    "request_supplement": {
        "received": {"clerk", "head"},
        "decides": {"handler", "approver"},
        "holds": {"handler", "approver"},
    },
    "accept_supplement": {"received": {"clerk", "head", "contractor"}, "decides": {"handler", "approver"}},
    "request_payment": {"received": {"clerk", "head"}, "decides": {"handler", "approver"}},
    "confirm_payment": {
        "received": {"clerk", "head", "contractor"},
        "decides": {"handler", "approver"},
        "others": {"system"},
    },
    "extend": {"decides": {"approver"}},
    "stop": {"decides": {"approver"}},
    "resume": {"decides": {"approver"}},
    "finish": {"decides": {"approver"}},
    "reopen": {"decides": {"approver"}},
    "return_result": {"received": {"clerk", "head", "contractor"}},
    "hand_back": {"received": {"clerk", "head", "contractor"}},
    "withdraw": {"received": {"clerk", "head"}, "decides": {"handler", "approver"}, "others": {"applicant"}},
    "reassign": {"holds": {"approver", "head", "supervisor"}},
    "comment": {"received": ALL, "decides": ALL, "holds": ALL},
    "correct_data": {"received": {"clerk", "head"}, "decides": {"handler", "approver"}},
    "mirror": {"received": {"clerk", "head", "contractor"}, "others": {"system"}},
}
AT_THE_DEPARTMENT = {"4", "4 given", "5<4", "6<4", "8 suspended"}
"""States in which the deciding department holds the dossier here; in all others the centre does."""


def test_both_tables_name_every_act():
    acts = {name for name, value in vars(actions).items() if isinstance(value, actions.ActFunction)}
    assert acts | {"mirror", "tie_file"} >= set(LEADS_TO) == set(MAY)
    assert acts - set(LEADS_TO) <= {"attach_file", "remove_file", "anonymise", "move_to_heir"}


@pytest.mark.parametrize("state", STATES)
def test_an_act_is_done_or_refused_as_the_tables_say(cast, state):
    dossier = in_state(cast, state)
    scanned(dossier)
    people = everybody(cast)
    before = everything()
    wrong = []
    for act, call in calls(cast, dossier, state).items():
        for (role, place), actor in people.items():
            expected = expectation(act, state, role, place)
            with undone() if isinstance(expected, State) else nullcontext():
                found = outcome(call, actor)
            if found != expected:
                wrong.append(f"{act} by {role} at {place}: {found} instead of {expected}")
        assert everything() == before, f"{act} was refused, but something was written"
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["register", "receive_new", "reject_new"])
def test_who_may_enter_a_dossier(cast, name):
    enter: dict[str, Callable[..., Dossier]] = {
        "register": actions.register,
        "receive_new": actions.receive_new,
        "reject_new": lambda intake, **rest: actions.reject_new(intake, reason="Không thuộc thẩm quyền.", **rest),
    }
    may = {("clerk", "centre"), ("head", "centre")}
    may |= {("contractor", "centre")} if name != "reject_new" else set()
    may |= {("applicant", ""), ("system", "")} if name == "register" else set()
    people = everybody(cast)
    before = everything()
    done = set()
    for key, actor in people.items():
        with undone():
            try:
                enter[name](cast.intake(), by=actor, at=MONDAY)
                done.add(key)
            except NotAllowed:
                assert everything() == before
    assert done == may


def expectation(act: str, state: str, role: str, place: str) -> Any:
    """Return what the tables say: the state afterwards, or the refusal. People come before states."""
    holder = "department" if state in AT_THE_DEPARTMENT else "centre"
    sides = {"received": "centre", "decides": "department", "holds": holder}
    if state == "4 given":
        sides["gives"] = "department"
    row = MAY[act]
    there = [side for side, where in sides.items() if place == where or (role == "supervisor" and place == "province")]
    if not any(role in row.get(side, ()) for side in there) and role not in row.get("others", ()):
        return NotAllowed
    if state not in LEADS_TO[act]:
        return WrongState
    return LEADS_TO[act][state] or State(int(state.split("<")[0].split()[0]))


def outcome(call: Callable[..., Dossier], actor: Actor) -> Any:
    """Return the state afterwards, or the kind of refusal."""
    try:
        return State(call(by=actor, at=NOW).state)
    except (NotAllowed, WrongState) as refusal:
        return type(refusal)


def everybody(cast: Cast) -> dict[tuple[str, str], Actor]:
    """Return every role at the centre, the department and a neighbour, and those who have no post."""
    places = {"centre": cast.commune, "department": cast.department, "neighbour": cast.neighbour}
    found = {
        (role, place): officer(person(f"{role}-{place}", agency, role), NOW)
        for role in sorted(ALL)
        for place, agency in places.items()
    }
    found["supervisor", "province"] = cast.actor("supervisor", NOW)
    leaver = cast.people["stranger"]
    leaver.postings.update(valid_to=NOW.date() - DAY)
    found["stranger", ""] = officer(leaver, NOW)
    return found | {("applicant", ""): APPLICANT, ("system", ""): outside("ngan-hang")}


def in_state(cast: Cast, state: str) -> Dossier:
    """Return a dossier that real acts have brought into a state."""
    by = cast.actor
    if state == "1" or state.startswith("5<1"):
        dossier = actions.register(cast.intake(), by=by("clerk"), at=MONDAY)
        if state != "1":
            until = (MONDAY + 10 * DAY).date() if state == "5<1 lapsed" else NOW.date()
            actions.request_supplement(dossier.pk, by=by("clerk"), at=MONDAY, demands=[FORM], answer_by=until)
        return Dossier.objects.get(pk=dossier.pk)
    if state == "3":
        return actions.reject_new(cast.intake(), reason="Không đủ điều kiện.", by=by("clerk"), at=MONDAY)
    dossier = cast.received() if state in ("2", "5<2", "6<2") else cast.processing()
    if state == "4 given":
        actions.forward(dossier.pk, by=by("handler"), at=MONDAY, to_agency=cast.department)
    elif state.startswith("5"):
        actions.request_supplement(dossier.pk, by=by("approver"), at=MONDAY, demands=[FORM])
    elif state.startswith("6"):
        actions.request_payment(dossier.pk, by=by("approver"), at=MONDAY, amount=Decimal(1), purpose="Phí")
    elif state == "7":
        actions.withdraw(dossier.pk, by=APPLICANT, at=MONDAY, reason="Không cần nữa.")
    elif state.startswith("8"):
        kind = "suspension" if state == "8 suspended" else "end"
        actions.stop(dossier.pk, by=by("approver"), at=MONDAY, kind=kind, reason="Chờ tòa.", ground="Điều 18")
    elif state in ("9", "10"):
        actions.finish(dossier.pk, by=by("approver"), at=MONDAY, **result(MONDAY))
        if state == "10":
            actions.return_result(dossier.pk, by=by("clerk"), at=MONDAY)
    return Dossier.objects.get(pk=dossier.pk)


def result(at: dt.datetime) -> dict[str, Any]:
    """Return what a result needs."""
    return {"outcome": "granted", "number": "1/QĐ", "signed_on": at.date(), "signatory": "Lê Minh"}


def scanned(dossier: Dossier) -> None:
    """Let a file lie in the dossier, of which nothing but its row is asked for."""
    values = {"name": "quét.pdf", "media_type": "application/pdf", "size": 1, "sha256": "0" * 64, "place": "quet"}
    DossierFile.objects.create(dossier=dossier, uploaded_at=MONDAY, **values)


def calls(cast: Cast, dossier: Dossier, state: str) -> dict[str, Callable[..., Dossier]]:
    """Return each act on the dossier with details that can't be refused."""
    colleague = cast.people["approver" if state in AT_THE_DEPARTMENT else "head"]
    details: dict[str, dict[str, Any]] = {
        "receive": {},
        "reject": {"reason": "Quá hạn bổ sung."},
        "forward": {"to_agency": cast.department},
        "take_over": {},
        "recall": {"reason": "Chuyển nhầm."},
        "undo": {},
        "request_supplement": {"demands": [FORM]},
        "accept_supplement": {},
        "request_payment": {"amount": Decimal(15000), "purpose": "Lệ phí"},
        "confirm_payment": {"receipt": "BL-1"},
        "extend": {"on": FRIDAY, "reason": "Chờ xác minh.", "late_unit": "Phòng Hộ tịch"},
        "stop": {"kind": "suspension", "reason": "Chờ tòa.", "ground": "Điều 18"},
        "resume": {"reason": "Tòa đã xử."},
        "finish": result(NOW),
        "reopen": {"reason": "Sai tên."},
        "return_result": {},
        "hand_back": {},
        "withdraw": {"reason": "Không cần nữa."},
        "reassign": {"to_user": colleague, "reason": "Nghỉ phép."},
        "comment": {"text": "Đã gọi điện."},
        "correct_data": {"reason": "Ghi nhầm.", "fee_due": Decimal(0)},
    }
    told = Told("Hệ thống của Bộ", dossier.code, State.RECEIVED, MONDAY)
    bound = {name: bind(getattr(actions, name), dossier.pk, more) for name, more in details.items()}
    tied = {"paper": dossier.papers.earliest("pk").pk, "file": dossier.files.get().pk}
    bound["tie_file"] = bind(attaching.tie_file, dossier.pk, tied)
    return bound | {"mirror": lambda **rest: shadows.update_shadow(dossier.pk, told, **rest)}


def bind(act: Any, dossier_id: int, details: dict[str, Any]) -> Callable[..., Dossier]:
    """Return an act that waits only for who does it, and when."""
    return lambda **rest: act(dossier_id, **details, **rest)


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever a block writes; durable acts may run in it, as in a test case."""
    atomic = transaction.atomic()
    atomic._from_testcase = True
    with atomic:
        yield
        transaction.set_rollback(True)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table of the desk."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_app_config("desk").get_models()
    }
