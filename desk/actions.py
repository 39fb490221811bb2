"""The acts: one function each, the only writers of a dossier (states and moves: `docs/dossier.md`).

Each is called `act(dossier_id, by=…, at=…, seen=…, …)` and returns the dossier afterwards; `act.bulk(ids, by=…, at=…,
…)` does the same to many and reports refusals one by one. `by` is an Actor, `at` an aware moment, `seen` the number of
the last event that the person saw. All raise ActRefused (`desk/refusals.py`) and then write nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import update_wrapper
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalogue.models import Agency, Posting
from catalogue.opening import ZONE
from desk import acting, due_dates
from desk.acting import Act, Bulk, begin, perform_many, write
from desk.actors import Actor, ActorKind, Role
from desk.demands import Demand, Stage, is_represented, items_of, stage_of
from desk.identities import Person, clean, one_of, party_of
from desk.intake import Intake, PaperIn, dossier_of, handed_in, money, not_represented, require_valid, rows_of
from desk.interruptions import Effect, Ground
from desk.models import (
    Dossier,
    DossierExtension,
    DossierFile,
    DossierResult,
    HandOver,
    Notice,
    Party,
    PaymentRequest,
    ReturnBy,
    SupplementItem,
    SupplementRequest,
)
from desk.numbering import dossier_codes
from desk.permissions import SECOND_SUPPLEMENT, permitted_by
from desk.refusals import BeyondTheRules, Invalid, NotAllowed, WrongState
from desk.states import FINAL, HANDED_BACK, OPEN, Outcome, State, StopKind
from desk.versions import papers_of

ANSWER_DAYS = 30
"""Days in which an applicant answers a request, where the officer names no other: practice, no rule is known."""


class ActFunction:
    """An act on a dossier, or on many."""

    def __init__(self, work: Callable[..., None]) -> None:
        update_wrapper(self, work)
        self.name, self.work = work.__name__, work

    def __call__(
        self, dossier_id: int, *, by: Actor, at: dt.datetime, seen: int | None = None, **details: Any
    ) -> Dossier:
        """Do it; return the dossier as it is afterwards. Raises ActRefused, Dossier.DoesNotExist."""
        return acting.perform(self.name, dossier_id, self._with(details), by=by, at=at, seen=seen)

    def bulk(self, ids: Iterable[int], *, by: Actor, at: dt.datetime, **details: Any) -> Bulk:
        """Do it to many in one transaction; return what was done and what refused."""
        return perform_many(self.name, ids, self._with(details), by=by, at=at)

    def bulk_each(self, details: Mapping[int, Mapping[str, Any]], *, by: Actor, at: dt.datetime) -> Bulk:
        """Do it to many in one transaction, each dossier with details of its own, by its key."""
        return perform_many(self.name, details, lambda act: self._with(details[act.dossier.pk])(act), by=by, at=at)

    def _with(self, details: Mapping[str, Any]) -> acting.Work:
        return lambda act: self.work(act, **details)


# A dossier comes


def register(intake: Intake, *, by: Actor, at: dt.datetime) -> Dossier:
    """Enter what was submitted without receiving it: no due date yet (from the national portal, or incomplete)."""
    return _enter("register", intake, lambda act: None, by=by, at=at)


def receive_new(intake: Intake, *, by: Actor, at: dt.datetime) -> Dossier:
    """Receive at the counter or by post: code, due date, receipt (Mẫu số 01)."""
    return _enter("receive", intake, _receive, by=by, at=at)


def reject_new(intake: Intake, *, reason: str, by: Actor, at: dt.datetime) -> Dossier:
    """Refuse at the counter, with the reason (Mẫu số 03)."""
    return _enter("reject", intake, lambda act: _reject(act, reason=reason), by=by, at=at)


def register_and_ask(
    intake: Intake,
    *,
    demands_of: Callable[[dict[str, int]], Sequence[Demand]],
    answer_by: dt.date | None = None,
    by: Actor,
    at: dt.datetime,
) -> Dossier:
    """Register and ask for all that is missing (Mẫu số 02): two events in one transaction, no due date.

    `demands_of` gets the papers that were handed in, key of the version → row, and returns what is asked for.
    """
    with _told_where_it_is(intake):
        dossier = _entered("register", intake, lambda act: None, by=by, at=at)
        demands = demands_of(dict(dossier.papers.values_list("paper_key", "pk")))
        act = acting.prepare("request_supplement", dossier, by=by, at=at)
        request_supplement.work(act, demands=demands, answer_by=answer_by)
        write([act])
    return dossier


def _enter(name: str, intake: Intake, work: acting.Work, *, by: Actor, at: dt.datetime) -> Dossier:
    with _told_where_it_is(intake):
        return _entered(name, intake, work, by=by, at=at)


@contextmanager
def _told_where_it_is(intake: Intake) -> Iterator[None]:
    """Run what enters a dossier in one transaction; a code that is here already is refused by name."""
    code = clean(intake.code, 60, "code")
    try:
        with transaction.atomic(durable=True):
            yield
    except IntegrityError as error:
        if not code or not Dossier.objects.filter(code=code).exists():
            raise
        raise Invalid(_("The dossier %(code)s is here already: open it.") % {"code": code}, "code") from error


def _entered(name: str, intake: Intake, work: acting.Work, *, by: Actor, at: dt.datetime) -> Dossier:
    """Enter a dossier inside the caller's transaction."""
    dossier = dossier_of(intake, at)
    act = begin(name, dossier, by=by, at=at)
    act.parties, act.new_rows = rows_of(intake, dossier, by, at)
    work(act)
    dossier.code = dossier.code or dossier_codes(dossier.received_by, at)[0]
    write([act])
    return dossier


def _receive(act: Act) -> None:
    act.move("receive", act.at)
    due_dates.start_clock(act.dossier, act.at)
    act.dossier.answer_by = None


def _reject(act: Act, *, reason: str) -> None:
    act.dossier.answer_has_lapsed = act.dossier.answer_by is not None and day(act) > act.dossier.answer_by
    act.move("reject")
    act.dossier.answer_by = None
    act.say("reason", reason)


@ActFunction
def receive(act: Act, *, due: Any = None) -> None:
    """Receive what was registered: the clock starts now. `due`: a SetDate where the limit has no number."""
    if due is not None:
        due_dates.pin_set(act.dossier, due)
    _receive(act)


@ActFunction
def reject(act: Act, *, reason: str) -> None:
    """Refuse what was registered; after a request only when the day to answer by has passed."""
    _reject(act, reason=reason)


# It is passed on


@ActFunction
def forward(
    act: Act,
    *,
    to_agency: Agency,
    to_user: Any = None,
    step: str = "",
    step_due_at: dt.datetime | None = None,
    note: str = "",
) -> None:
    """Pass on inside: the one who gets it takes it over."""
    require_valid(to_agency, day(act))
    if open_hand_over(act) is not None:
        raise WrongState(_("It was passed on and isn't taken over yet: whoever has it takes it over first."))
    if to_user is not None:
        require_post(to_user, to_agency, act)
    if step_due_at is not None and step_due_at < act.at:
        raise Invalid(_("The step can't be due before it begins."), "step_due_at")
    dossier = act.dossier
    act.move("forward")
    act.add(
        HandOver(
            dossier=dossier,
            from_agency_id=dossier.holder_agency_id,
            to_agency=to_agency,
            from_user_id=act.by.user_id,
            to_user=to_user,
            step=clean(step, 200, "step"),
            step_due_at=step_due_at,
            given_at=act.at,
        )
    )
    act.facts = {"to": to_agency.pk}
    act.say("note", note, required=False)
    dossier.holder_agency, dossier.holder = to_agency, None
    dossier.step, dossier.step_due_at = clean(step, 200, "step"), step_due_at


@ActFunction
def take_over(act: Act) -> None:
    """Take what was passed on; from now on it is this person's."""
    if act.dossier.state not in OPEN and act.dossier.stop_kind != StopKind.SUSPENSION:
        raise acting.wrong_state(act.dossier)
    given = open_hand_over(act)
    if given is None:
        raise WrongState(_("Nothing waits to be taken over: somebody has it already."))
    if given.to_user_id not in (None, act.by.user_id):
        raise NotAllowed(_("It was passed to somebody else. The head of the centre or the approver can reassign it."))
    act.change(given, taken_at=act.at, taken_by_id=act.by.user_id)
    act.dossier.holder_id = act.by.user_id


@ActFunction
def reassign(act: Act, *, to_user: Any, reason: str) -> None:
    """Give the work to another person of the same agency, with the reason."""
    if act.dossier.state not in (State.RECEIVED, State.PROCESSING, State.SUPPLEMENT, State.PAYMENT, State.FINISHED):
        raise acting.wrong_state(act.dossier)
    require_post(to_user, act.dossier.holder_agency, act)
    given = open_hand_over(act)
    if given is not None:
        act.change(given, to_user_id=to_user.pk)
    act.facts = {"from": act.dossier.holder_id, "to": to_user.pk}
    act.dossier.holder = to_user
    act.say("reason", reason)


# More is asked for


class RecordedActFunction(ActFunction):
    """A request for more: one that goes beyond the rules is refused, and the try is recorded by an event."""

    def _with(self, details: Mapping[str, Any]) -> acting.Work:
        def work(act: Act) -> None:
            try:
                self.work(act, **details)
            except BeyondTheRules as error:
                _record_refusal(act, error, details["demands"])

        return work


def _record_refusal(act: Act, error: BeyondTheRules, demands: Sequence[Demand]) -> None:
    """Leave an event that tells what was asked for; what was typed goes into an erasable text."""
    listed = {paper.key for paper in papers_of(act.dossier.version, act.dossier.case_key)}
    kinds = set(SupplementItem.Kind.values)
    act.refusal, act.new_rows = error, []
    act.facts = {
        "refused": [
            [demand.kind if demand.kind in kinds else "", demand.paper_key if demand.paper_key in listed else ""]
            for demand in demands[:50]
        ]
    }
    asked_for = "\n".join(f"{demand.paper_key} {demand.reason}".strip() for demand in demands)
    act.say("asked_for", asked_for[:2_000], required=False)


@RecordedActFunction
def request_supplement(
    act: Act, *, demands: Sequence[Demand], answer_by: dt.date | None = None, ground: str = ""
) -> None:
    """Ask for what is missing, whole and once, each with its reason (Mẫu số 02).

    During processing a second request needs `ground`, the article of the sector law, and the deciding agency's
    approver; the head of the centre is told. Raises BeyondTheRules for what no rule asks for.
    """
    act.require_move("request_supplement")
    dossier = act.dossier
    stage = stage_of(dossier)
    asked = dossier.entry_supplements if stage == Stage.ENTRY else dossier.work_supplements
    ground = clean(ground, 300, "ground")
    if asked and stage == Stage.ENTRY:
        raise WrongState(_("At entry everything that is missing is asked for once. It was: receive it, or refuse it."))
    if asked:
        require_second(act, ground)
    answer_by = answer_by or day(act) + dt.timedelta(ANSWER_DAYS)
    if answer_by <= day(act):
        raise Invalid(_("Leave the applicant at least a day to answer."), "answer_by")
    items = items_of(dossier, demands)
    act.move("request_supplement")
    request = SupplementRequest(
        dossier=dossier, stage=stage, number=asked + 1, asked_at=act.at, answer_by=answer_by, ground=ground
    )
    act.add(request)
    for item in items:
        item.request = request
        act.add(item)
    if stage == Stage.ENTRY:
        dossier.entry_supplements += 1
    else:
        dossier.work_supplements += 1
        stop_clock(act, Ground.SUPPLEMENT)
    dossier.answer_by = answer_by
    act.say("reasons", "\n".join(item.reason for item in items))
    act.facts = {"stage": stage, "number": asked + 1, "items": [[item.kind, item.paper_key] for item in items]}
    if ground:
        act.facts["ground"] = ground


def require_second(act: Act, ground: str) -> None:
    """Let a second request during processing pass only by law and approver; the head of the centre is told."""
    if not ground:
        raise Invalid(
            _("More was asked for once already. A second request needs the article of the sector law that allows it."),
            "ground",
        )
    post = permitted_by(SECOND_SUPPLEMENT, act.dossier, act.by)
    if post is None:
        raise NotAllowed(_("A second request is made by the approver of the deciding agency."))
    act.post = post
    act.add(
        Notice(
            dossier=act.dossier,
            kind=Notice.Kind.SECOND_SUPPLEMENT,
            agency_id=act.dossier.received_by_id,
            role=Role.HEAD,
            about=str(act.dossier.work_supplements + 1),
            made_at=act.at,
        )
    )


@ActFunction
def accept_supplement(act: Act, *, papers: Sequence[PaperIn] = (), note: str = "") -> None:
    """Take in what was asked for: the dossier goes on where it stood; the clock restarts or runs on by its version."""
    dossier = act.dossier
    before = dossier.came_from
    act.move("accept_supplement")
    dossier.came_from, dossier.answer_by = None, None
    request = dossier.supplement_requests.latest("pk")
    act.change(request, answered_at=act.at)
    if any(not paper.key and not paper.corrects for paper in papers) and not is_represented(dossier):
        raise not_represented()
    hand_in(act, papers)
    if before != State.REGISTERED:
        go_on(act)
    act.facts = {"papers": len(papers)}
    act.say("note", note, required=False)


def hand_in(act: Act, papers: Sequence[PaperIn]) -> None:
    """Add papers; one that corrects another replaces it, and both are kept."""
    earlier = {paper.pk: paper for paper in act.dossier.papers.filter(replaced_by=None)} if papers else {}
    for paper in papers:
        old = earlier.pop(paper.corrects, None) if paper.corrects else None
        if paper.corrects and old is None:
            raise Invalid(_("The paper to be corrected isn't in this dossier, or was replaced already."), "papers")
        require_own(paper.file, act)
        key = old.paper_key if old else paper.key
        (new,) = handed_in([PaperIn(**{**vars(paper), "key": key})], act.dossier, act.by, act.at)
        act.add(new)
        if old is not None:
            act.change(old, replaced_by=new)


# Money


@ActFunction
def request_payment(act: Act, *, amount: Decimal, purpose: str) -> None:
    """Ask for a fee or tax; the clock pauses until it is paid."""
    if not money(amount, "amount"):
        raise Invalid(_("This amount can't be right."), "amount")
    act.move("request_payment")
    purpose = clean(purpose, 300, "purpose")
    if not purpose:
        raise Invalid(_("Say what is to be paid."), "purpose")
    act.add(PaymentRequest(dossier=act.dossier, amount=amount, purpose=purpose, asked_at=act.at))
    stop_clock(act, Ground.PAYMENT)
    act.facts = {"amount": f"{amount:.2f}"}


@ActFunction
def confirm_payment(act: Act, *, receipt: str = "") -> None:
    """Note that it was paid: the dossier goes on where it stood."""
    dossier = act.dossier
    act.move("confirm_payment")
    dossier.came_from = None
    request = dossier.payment_requests.get(paid_at=None, dropped_at=None)
    act.change(request, paid_at=act.at, receipt=clean(receipt, 60, "receipt"))
    dossier.fee_paid += request.amount
    go_on(act)
    act.facts = {"amount": f"{request.amount:.2f}", "receipt": clean(receipt, 60, "receipt")}


# The clock


@ActFunction
def extend(act: Act, *, on: dt.date, reason: str, late_unit: str) -> None:
    """Put off the due date, once, with an apology that names the unit that is late (Mẫu số 04)."""
    if due_dates.extension_of(act.dossier) is not None:
        raise WrongState(_("The due date was put off once already, and can't be again."))
    act.move("extend")
    act.say("reason", reason)
    unit = clean(late_unit, 300, "late_unit")
    if not unit:
        raise Invalid(_("Name the unit that is late: the apology prints it."), "late_unit")
    extension = DossierExtension(
        dossier=act.dossier, agreed_at=act.at, on=on, reason=act.texts["reason"], late_unit=unit
    )
    act.add(extension)
    due_dates.move_due(act.dossier, list(act.dossier.clock_stops.all()), extension)
    act.facts = {"on": on.isoformat(), "late_unit": unit}


@ActFunction
def stop(act: Act, *, kind: str, reason: str, ground: str) -> None:
    """Stop: for a time, or for good. With the reason and the article that allows it (Mẫu số 05)."""
    one_of(kind, StopKind.values, "kind")
    ground = clean(ground, 300, "ground")
    if not ground:
        raise Invalid(_("Name the article of the law by which it is stopped."), "ground")
    act.move("stop", kind)
    act.say("reason", reason)
    act.facts = {"kind": kind, "ground": ground}
    act.dossier.answer_by = None
    suspend_clock(act)
    drop_payment(act)
    if kind == StopKind.END:
        back_to_the_centre(act)


@ActFunction
def resume(act: Act, *, reason: str) -> None:
    """Go on after a suspension."""
    act.move("resume")
    act.say("reason", reason)
    go_on(act)


# It ends


@ActFunction
def finish(
    act: Act,
    *,
    outcome: str,
    number: str,
    signed_on: dt.date,
    signatory: str,
    reason: str = "",
    valid_to: dt.date | None = None,
    file: DossierFile | None = None,
) -> None:
    """Sign the result: what was applied for, or a refusal with its letter and reason. It goes to the centre."""
    one_of(outcome, Outcome.values, "outcome")
    number, signatory = clean(number, 100, "number"), clean(signatory, 200, "signatory")
    if not number or not signatory:
        raise Invalid(_("A result has a number and somebody who signed it."), "number" if not number else "signatory")
    if signed_on > day(act) or signed_on < act.dossier.submitted_at.astimezone(ZONE).date():
        raise Invalid(_("A result is signed between the submission and today: check the date."), "signed_on")
    if valid_to is not None and valid_to < signed_on:
        raise Invalid(_("A result can't end before it is signed."), "valid_to")
    require_nothing_before(act)
    require_own(file, act)
    act.move("finish", outcome, act.at)
    act.say("reason", reason, required=outcome == Outcome.REFUSED)
    result = DossierResult(
        dossier=act.dossier,
        kind=outcome,
        number=number,
        signed_on=signed_on,
        signatory=signatory,
        valid_to=valid_to,
        file=file,
        made_at=act.at,
    )
    act.add(result)
    for earlier in act.dossier.results.all():
        if earlier.replaced_by_id is None:
            act.change(earlier, replaced_by=result)
    act.facts = {"outcome": outcome}
    settle(act)
    back_to_the_centre(act)


@ActFunction
def reopen(act: Act, *, reason: str) -> None:
    """Take back a result in which an error was found before it was handed over."""
    dossier = act.dossier
    act.move("reopen")
    act.say("reason", reason)
    for result in dossier.results.all():
        if result.replaced_at is None:
            act.change(result, replaced_at=act.at)
    dossier.settled_at, dossier.settlement = None, ""
    dossier.holder_agency_id, dossier.holder = dossier.decided_by_id, None


@ActFunction
def return_result(act: Act, *, to: str = "", note: str = "") -> None:
    """Hand over what was decided, late or not. `to`: who took it, where it wasn't the applicant."""
    act.move("return_result", act.at)
    if act.dossier.settled_at is None:
        settle(act)
    end_hand_over(act)
    act.say("to", clean(to, 300, "to"), required=False)
    act.say("note", note, required=False)
    act.dossier.step, act.dossier.step_due_at = "", None


@ActFunction
def withdraw(act: Act, *, reason: str) -> None:
    """Give the dossier back at the applicant's request, as long as no result is signed."""
    act.move("withdraw")
    act.say("reason", reason)
    act.dossier.answer_by = None
    drop_payment(act)
    if act.dossier.received_at is not None:
        settle(act)
    back_to_the_centre(act)


@ActFunction
def hand_back(act: Act, *, to: str = "", note: str = "") -> None:
    """Hand the papers back after a refusal, a withdrawal or an end."""
    dossier = act.dossier
    if dossier.state not in HANDED_BACK or dossier.stop_kind == StopKind.SUSPENSION:
        raise acting.wrong_state(dossier)
    if dossier.handed_back_at is not None:
        raise WrongState(_("The papers were handed back already."))
    dossier.handed_back_at = act.at
    if dossier.state == State.STOPPED:
        settle(act)
    act.say("to", clean(to, 300, "to"), required=False)
    act.say("note", note, required=False)


# Beside the state


@ActFunction
def comment(act: Act, *, text: str) -> None:
    """Say something to colleagues. Applicants don't see it."""
    act.say("text", text)


@ActFunction
def correct_data(
    act: Act,
    *,
    reason: str,
    people: Mapping[str, Person] | None = None,
    fee_due: Decimal | None = None,
    return_by: str = "",
    language: str = "",
) -> None:
    """Correct what was entered wrongly, with the reason: `people` by role, fee, way of return, language."""
    dossier = act.dossier
    if dossier.state in (State.RETURNED,):
        raise acting.wrong_state(dossier)
    act.say("reason", reason)
    for role, person in (people or {}).items():
        correct_party(act, one_of(role, Party.Role.values, "role"), person)
    if fee_due is not None:
        dossier.fee_due = money(fee_due, "fee")
    if return_by:
        dossier.return_by = one_of(return_by, ReturnBy.values, "return_by")
    if language:
        dossier.language = one_of(language, [code for code, _name in settings.LANGUAGES], "language")
    act.facts = {"people": sorted(people or {})}


def correct_party(act: Act, role: str, person: Person) -> None:
    """Write a party anew; what stood there before goes into an erasable text of the event."""
    new, numbers = party_of(person, role, act.dossier, act.at)
    old = act.dossier.parties.filter(role=role).first()
    act.parties.append(new)
    if old is None:
        act.add(new)
    else:
        born, place = (str(each or "") for each in (old.born_on, old.place))
        numbers_then = map(str, old.known_identifiers())
        was = [old.kind, old.name, born, old.address, place, old.phone, old.email, *numbers_then]
        act.say(f"was:{role}", " · ".join(filter(None, was)))
        new.pk = old.pk
        names = ("kind", "name", "name_folded", "born_on", "address", "place", "phone", "email", "salt")
        new.name_folded = ""
        act.changed_rows.append((new, names))
        act.removed_rows += list(old.identifiers.all())
    for each in numbers:
        act.add(each)


# What acts share


def day(act: Act) -> dt.date:
    """Return the local day of an act."""
    return act.at.astimezone(ZONE).date()


def open_hand_over(act: Act) -> HandOver | None:
    """Return the hand-over that nobody has taken yet."""
    return next((each for each in act.dossier.hand_overs.all() if each.taken_at is None), None)


def end_hand_over(act: Act) -> None:
    """Take what nobody took over, so that nothing waits for ever where the work has ended."""
    given = open_hand_over(act)
    if given is not None:
        act.change(given, taken_at=act.at, taken_by_id=act.by.user_id)


def require_post(user: Any, agency: Agency, act: Act) -> None:
    """Raise Invalid unless a person works at an agency on the day."""
    assert isinstance(user, get_user_model())
    if not Posting.objects.of(user, day(act)).filter(agency=agency).exists():
        raise Invalid(_("This person has no post at «%(agency)s» today.") % {"agency": agency}, "to_user")


def require_own(file: DossierFile | None, act: Act) -> None:
    """Raise Invalid for a file of another dossier, or one that was removed."""
    if file is not None and (file.dossier_id != act.dossier.pk or file.removed_at is not None):
        raise Invalid(_("This file isn't in the dossier: add it first."), "file")


def require_nothing_before(act: Act) -> None:
    """Raise WrongState while another dossier of the group must end first, settled or not."""
    member = getattr(act.dossier, "membership", None)
    if member is None or member.waits_for is None:
        return
    first = member.waits_for.dossier
    if first.settled_at is None and first.state not in FINAL and first.stop_kind != StopKind.END:
        raise WrongState(_("It waits for the dossier %(code)s.") % {"code": first.code})


def stop_clock(act: Act, ground: str) -> None:
    """Let the clock stand from now on."""
    stops = list(act.dossier.clock_stops.all())
    new = due_dates.stop(act.dossier, ground, act.at)
    act.add(new)
    due_dates.move_due(act.dossier, [*stops, new], due_dates.extension_of(act.dossier))


def suspend_clock(act: Act) -> None:
    """Let the clock stand for a suspension; what was asked for isn't waited for any more, so nothing begins anew."""
    stops = list(act.dossier.clock_stops.all())
    for each in stops:
        if each.ended_at is None:
            act.change(each, ended_at=act.at, effect=Effect.PAUSE)
    new = due_dates.stop(act.dossier, Ground.SUSPENSION, act.at)
    act.add(new)
    due_dates.move_due(act.dossier, [*stops, new], due_dates.extension_of(act.dossier))


def go_on(act: Act) -> None:
    """Let the clock run again, from the start or from where it stood."""
    stops = list(act.dossier.clock_stops.all())
    for each in stops:
        if each.ended_at is None:
            act.change(each, ended_at=act.at)
    due_dates.move_due(act.dossier, stops, due_dates.extension_of(act.dossier))


def drop_payment(act: Act) -> None:
    """Close a request for payment that won't be answered any more."""
    for request in act.dossier.payment_requests.all():
        if request.paid_at is None and request.dropped_at is None:
            act.change(request, dropped_at=act.at)


def settle(act: Act) -> None:
    """Note how the dossier was settled against its current due date."""
    act.dossier.settled_at = act.at
    act.dossier.settlement = due_dates.settlement_of(act.dossier, act.at)


def back_to_the_centre(act: Act) -> None:
    """Give the dossier back to the centre that received it, taking what nobody took over."""
    end_hand_over(act)
    dossier = act.dossier
    dossier.holder_agency_id, dossier.holder = dossier.received_by_id, None
    dossier.step, dossier.step_due_at = "", None
    if act.by.kind == ActorKind.OFFICER:
        act.facts.setdefault("to", dossier.received_by_id)
