"""One dossier folded from its events: number, chain, seal, moves and due dates checked on the way. Needs no Django."""

from __future__ import annotations

import datetime as dt
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from desk.digests import COLUMNS, as_json
from desk.states import UNDO_FOR, UNDOABLE, State, StopKind
from desk.verifying.faults import Fault, said
from desk.verifying.plan import Plan

Row = tuple[Any, ...]
Fields = dict[str, Any]
ID, NUMBER, ACT, AT, USER, BODY = 0, 2, 3, 4, 6, 17
PASSED = ("state", "holder_agency_id", "holder_id", "step", "step_due_at")
SEALED = slice(NUMBER, NUMBER + len(COLUMNS))
"""Which columns of an event's row its digest covers."""
SHADOW_ACTS = frozenset({"mirror"})
ANYWHERE = frozenset({"comment", "undo", "move_to_heir", "anonymise"})
"""Acts on any dossier, a ministry's too."""
LOCAL = dt.timedelta(hours=7)
"""Vietnam's clock, without summer time."""
_decode = json.JSONDecoder().raw_decode


@dataclass(slots=True)
class Story:
    """What the events of a dossier say: its fields, digests of rows, texts and parties; and what is wrong with them."""

    state: dict[str, Any]
    rows: dict[str, str] = field(default_factory=dict)
    texts: dict[tuple[int, str], tuple[str, int]] = field(default_factory=dict)
    """By event and name: the salted digest, and the event's number."""
    parties: dict[str, tuple[str, int]] = field(default_factory=dict)
    last: tuple[int, str | None, str] = (0, None, "")
    """Number, moment and digest of the last event."""
    faults: list[Fault] = field(default_factory=list)


def fold(code: str, events: Sequence[Row], plan: Plan) -> Story:
    """Return what the events say, in the order of their numbers."""
    story = Story(dict(plan.blank))
    state, key, legal = story.state, plan.key, plan.legal
    wanted, head, moment, fields = 1, "", None, len(state)
    for row in events:
        (pk, _owner, number, act, at, _kind, _user, _name, _title, _unit, _agency, before, after, step, step_due,
         due_before, due_after, body, previous, digest) = row  # fmt: skip
        is_next = number == wanted
        if not is_next:
            story.faults += _numbers(code, wanted, number)
        elif previous != head:
            story.faults.append(Fault("event.chain", code, number, "previous"))
        if hmac.digest(key, as_json([code, *row[SEALED]]).encode(), "sha256").hex() != digest:
            story.faults.append(Fault("event.altered", code, number))
        if moment is not None and at < moment:
            story.faults.append(Fault("event.order", code, number, "at", moment, at))
        told = _read(code, number, body, story)
        changes = told.get("changes")
        was, was_due = (state["state"] if wanted > 1 else None), state["due_at"]
        if before != was or due_before != was_due:
            _differ(code, number, story, state_before=(was, before), due_before=(was_due, due_before))
        _check_move(code, number, act, before, after, at, state, told, legal, story)
        if changes:
            state.update(changes)
            if len(state) != fields:
                _unknown(code, number, state, plan, story)
        if act in BRING_BACK and not BRING_BACK[act](events[: wanted - 1], row, told, state, plan.blank):
            story.faults.append(Fault("event.undo", code, number, "facts"))
        if (after, due_after, step, step_due) != (
            state["state"], state["due_at"], state["step"], state["step_due_at"],
        ):  # fmt: skip
            _differ(
                code, number, story, state_after=(state["state"], after), due_after=(state["due_at"], due_after),
                step=(state["step"], step), step_due_at=(state["step_due_at"], step_due),
            )  # fmt: skip
        if (act in SHADOW_ACTS) is not bool(state["system"]) and act not in ANYWHERE:
            story.faults.append(Fault("event.shadow", code, number, "act", found=act))
        if "rows" in told:
            story.rows.update(told["rows"])
        if "values" in told:
            for name, value in told["values"].items():
                if name.startswith("party:"):
                    story.parties[name[6:]] = (value, number)
                else:
                    story.texts[pk, name] = (value, number)
        wanted, head, moment = number + 1, digest, at
    story.last = (wanted - 1, moment, head)
    return story


def _numbers(code: str, wanted: int, number: int) -> list[Fault]:
    if number < wanted:
        return [Fault("event.double", code, number)]
    return [Fault("event.missing", code, each) for each in range(wanted, min(number, wanted + 20))]


def _read(code: str, number: int, body: str, story: Story) -> dict[str, Any]:
    """Return the body of an event; one that can't be read is a fault, and tells nothing."""
    try:
        told = _decode(body)[0]
        if type(told) is dict and {*map(type, told.values())} <= {dict}:
            return told  # type: ignore[no-any-return]
    except (ValueError, TypeError):
        pass
    story.faults.append(Fault("event.body", code, number, "body"))
    return {}


def _differ(code: str, number: int, story: Story, **pairs: tuple[Any, Any]) -> None:
    for name, (folded, found) in pairs.items():
        if folded != found:
            story.faults.append(Fault("event.differs", code, number, name, said(folded), said(found)))


def _unknown(code: str, number: int, state: dict[str, Any], plan: Plan, story: Story) -> None:
    for name in sorted(state.keys() - plan.blank.keys()):
        del state[name]
        story.faults.append(Fault("event.unknown", code, number, name[:40]))


def _check_move(
    code: str,
    number: int,
    act: str,
    before: int | None,
    after: int,
    at: str,
    state: dict[str, Any],
    told: dict[str, Any],
    legal: frozenset[tuple[str, int | None, int]],
    story: Story,
) -> None:
    """Find a move that the state machine doesn't have, or that the dossier wasn't ready for."""
    if (act, before, after) not in legal:
        is_refused_request = act == "request_supplement" and "refused" in told.get("facts", {})
        if not (is_refused_request and before == after and "changes" not in told):
            kind = "event.first" if before is None else "event.move"
            story.faults.append(Fault(kind, code, number, act, said(before), said(after)))
        return
    ready = READY.get(act)
    if ready is not None and before is not None and not ready(state, after, at):
        story.faults.append(Fault("event.move", code, number, act, said(before), said(after)))


def _leads_back(state: dict[str, Any], after: int, at: str) -> bool:
    return bool(after == state["came_from"])


def _may_be_rejected(state: dict[str, Any], after: int, at: str) -> bool:
    if state["state"] != State.SUPPLEMENT:
        return True
    day = (dt.datetime.fromisoformat(at) + LOCAL).date().isoformat()
    return state["came_from"] == State.REGISTERED and state["answer_by"] is not None and day > state["answer_by"]


def _may_be_stopped(state: dict[str, Any], after: int, at: str) -> bool:
    return bool(state["state"] != State.SUPPLEMENT or state["came_from"] != State.REGISTERED)


def _may_go_on(state: dict[str, Any], after: int, at: str) -> bool:
    return bool(state["stop_kind"] == StopKind.SUSPENSION)


def _may_be_returned(state: dict[str, Any], after: int, at: str) -> bool:
    return bool(state["state"] == State.FINISHED or state["stop_kind"] == StopKind.END)


def _has_no_result(state: dict[str, Any], after: int, at: str) -> bool:
    return not state["outcome"]


def _undoes_the_last(past: Sequence[Row], row: Row, told: dict[str, Any], state: Fields, blank: Fields) -> bool:
    """Return whether an act undoes the one before it, its own person's, in time, and leaves everything as before it."""
    if not past:
        return False
    last, facts = past[-1], told.get("facts", {})
    waited = dt.datetime.fromisoformat(row[AT]) - dt.datetime.fromisoformat(last[AT])
    return (
        last[ACT] in UNDOABLE
        and facts.get("of") == last[NUMBER]
        and facts.get("act") == last[ACT]
        and row[USER] == last[USER]
        and waited <= UNDO_FOR
        and state == _after(past[:-1], blank)
    )


def _calls_back(past: Sequence[Row], row: Row, told: dict[str, Any], state: Fields, blank: Fields) -> bool:
    """Return whether what was passed on last lies again where it lay, or at the heir of an agency that has ended."""
    given = next((place for place in range(len(past) - 1, -1, -1) if past[place][ACT] == "forward"), None)
    if given is None or told.get("facts", {}).get("of") != past[given][NUMBER]:
        return False
    before = _after(past[:given], blank)
    if told["facts"].get("heir_of") == before["holder_agency_id"]:
        before["holder_agency_id"] = state["holder_agency_id"]
        if state["holder_id"] is None:
            before["holder_id"] = None
    return all(state[name] == before[name] for name in PASSED)


def _after(past: Sequence[Row], blank: Fields) -> Fields:
    """Return the fields that some events leave; what can't be read was told already."""
    state = dict(blank)
    for row in past:
        state.update(_read("", 0, row[BODY], Story({})).get("changes", {}))
    return state


BRING_BACK: dict[str, Callable[[Sequence[Row], Row, dict[str, Any], Fields, Fields], bool]] = {
    "undo": _undoes_the_last,
    "recall": _calls_back,
}
"""Acts that must leave what stood before another: the events up to them are folded once more, which is rare."""
READY: dict[str, Callable[[dict[str, Any], int, str], bool]] = {
    "accept_supplement": _leads_back,
    "confirm_payment": _leads_back,
    "reject": _may_be_rejected,
    "stop": _may_be_stopped,
    "resume": _may_go_on,
    "return_result": _may_be_returned,
    "withdraw": _has_no_result,
}
"""The conditions of the moves (`desk/models/moves.py`), on the fields as they were folded before the act."""
