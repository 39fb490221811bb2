"""The state machine of a dossier: what is legal. What is written besides is the acts' (`desk/actions`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE, RETURN_VALUE, FSMIntegerField, transition

from desk.models.rows import Row
from desk.permissions import is_allowed
from desk.states import Outcome, State, StopKind


def allowed(act: str) -> Callable[[Any, Any], bool]:
    """Return the check of a transition: the row of the permission table."""
    return lambda dossier, actor: is_allowed(act, dossier, actor)


def state_before_request(dossier: Any, *args: Any, **kwargs: Any) -> State:
    """Return the state to which an answered request leads back."""
    return State(dossier.came_from)


def came_from_before_receipt(dossier: Any) -> bool:
    """Return whether what is asked for was asked for before the receipt."""
    return dossier.came_from == State.REGISTERED


def has_lapsed(dossier: Any) -> bool:
    """Return whether a registered dossier may be refused: at once, or when the day to answer by has passed."""
    if dossier.state != State.SUPPLEMENT:
        return True
    return came_from_before_receipt(dossier) and dossier.answer_has_lapsed


def is_stoppable(dossier: Any) -> bool:
    """Return whether a dossier was received: before that it can only be refused or withdrawn."""
    return dossier.state != State.SUPPLEMENT or not came_from_before_receipt(dossier)


def is_suspended(dossier: Any) -> bool:
    """Return whether the stop is one that ends again."""
    return dossier.stop_kind == StopKind.SUSPENSION


def is_decided(dossier: Any) -> bool:
    """Return whether there is something to hand over: a result, or the notice that it ended."""
    return dossier.state == State.FINISHED or dossier.stop_kind == StopKind.END


def has_no_result(dossier: Any) -> bool:
    """Return whether no result is signed yet."""
    return not dossier.outcome


def is_on_its_way(dossier: Any) -> bool:
    """Return whether it was passed on and nobody has taken it (one query, none where hand-overs were read)."""
    return any(each.taken_at is None for each in dossier.hand_overs.all())


def where_it_lay(dossier: Any, *args: Any, **kwargs: Any) -> State:
    """Return the state from which it was passed on."""
    return dossier.state_before_passing


def is_a_shadow(dossier: Any) -> bool:
    """Return whether the row only mirrors a dossier of a ministry's system."""
    return dossier.is_shadow


class DossierMoves(Row):
    """State, and the fields that follow from a move alone."""

    state = FSMIntegerField(_("state"), choices=State.choices, default=State.REGISTERED, protected=True)
    came_from = models.PositiveSmallIntegerField(_("state before the request"), null=True, blank=True)
    stop_kind = models.CharField(_("kind of stop"), max_length=10, choices=StopKind.choices, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    received_at = models.DateTimeField(_("received at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    returned_at = models.DateTimeField(_("result returned at"), null=True, blank=True)

    answer_has_lapsed = False
    """Set by the act, which knows the time: whether the day to answer a request by has passed."""
    state_before_passing = State.PROCESSING
    """Set by the act, which reads the events: to which state a passing on that is called back leads."""

    class Meta:
        abstract = True

    @transition(state, source=State.REGISTERED, target=State.RECEIVED, permission=allowed("receive"))
    def receive(self, at: dt.datetime) -> None:
        """The dossier is complete: the clock starts."""
        self.received_at = at

    @transition(
        state,
        source=[State.REGISTERED, State.SUPPLEMENT],
        target=State.REJECTED,
        conditions=[has_lapsed],
        permission=allowed("reject"),
    )
    def reject(self) -> None:
        """Not received, with reasons (Mẫu số 03)."""
        self.came_from = None

    @transition(
        state,
        source=[State.RECEIVED, State.PROCESSING],
        target=State.PROCESSING,
        permission=allowed("forward"),
    )
    def forward(self) -> None:
        """Passed on inside."""

    @transition(
        state,
        source=State.PROCESSING,
        target=GET_STATE(where_it_lay, states=[State.RECEIVED, State.PROCESSING]),
        conditions=[is_on_its_way],
        permission=allowed("recall"),
    )
    def recall(self) -> None:
        """Called back, before anybody took it."""

    @transition(
        state,
        source=[State.REGISTERED, State.RECEIVED, State.PROCESSING],
        target=State.SUPPLEMENT,
        permission=allowed("request_supplement"),
    )
    def request_supplement(self) -> None:
        """More is asked of the applicant (Mẫu số 02)."""
        self.came_from = self.state

    @transition(
        state,
        source=State.SUPPLEMENT,
        target=GET_STATE(state_before_request, states=[State.REGISTERED, State.RECEIVED, State.PROCESSING]),
        permission=allowed("accept_supplement"),
    )
    def accept_supplement(self) -> None:
        """What was asked for has come."""

    @transition(
        state,
        source=[State.RECEIVED, State.PROCESSING],
        target=State.PAYMENT,
        permission=allowed("request_payment"),
    )
    def request_payment(self) -> None:
        """A fee or tax must be paid before the work goes on."""
        self.came_from = self.state

    @transition(
        state,
        source=State.PAYMENT,
        target=GET_STATE(state_before_request, states=[State.RECEIVED, State.PROCESSING]),
        permission=allowed("confirm_payment"),
    )
    def confirm_payment(self) -> None:
        """It was paid."""

    @transition(state, source=State.PROCESSING, target=State.PROCESSING, permission=allowed("extend"))
    def extend(self) -> None:
        """A later due date, with an apology (Mẫu số 04)."""

    @transition(
        state,
        source=[State.RECEIVED, State.PROCESSING, State.SUPPLEMENT, State.PAYMENT],
        target=State.STOPPED,
        conditions=[is_stoppable],
        permission=allowed("stop"),
    )
    def stop(self, kind: str) -> None:
        """Stopped for a time, or ended (Mẫu số 05)."""
        self.stop_kind = kind
        self.came_from = None

    @transition(
        state,
        source=State.STOPPED,
        target=State.PROCESSING,
        conditions=[is_suspended],
        permission=allowed("resume"),
    )
    def resume(self) -> None:
        """The reason of the suspension is gone."""
        self.stop_kind = ""

    @transition(
        state,
        source=[State.RECEIVED, State.PROCESSING],
        target=State.FINISHED,
        permission=allowed("finish"),
    )
    def finish(self, outcome: str, at: dt.datetime) -> None:
        """A result is signed: granted, or refused with its letter."""
        self.outcome, self.finished_at = outcome, at

    @transition(state, source=State.FINISHED, target=State.PROCESSING, permission=allowed("reopen"))
    def reopen(self) -> None:
        """An error was found before the result was handed over."""
        self.outcome, self.finished_at = "", None

    @transition(
        state,
        source=[State.FINISHED, State.STOPPED],
        target=State.RETURNED,
        conditions=[is_decided],
        permission=allowed("return_result"),
    )
    def return_result(self, at: dt.datetime) -> None:
        """The applicant has what was decided."""
        self.returned_at = at

    @transition(
        state,
        source=[State.REGISTERED, State.RECEIVED, State.PROCESSING, State.SUPPLEMENT, State.PAYMENT],
        target=State.WITHDRAWN,
        conditions=[has_no_result],
        permission=allowed("withdraw"),
    )
    def withdraw(self) -> None:
        """The applicant takes it back."""
        self.came_from = None

    @transition(
        state,
        source="*",
        target=RETURN_VALUE(*State),
        conditions=[is_a_shadow],
        permission=allowed("mirror"),
    )
    def mirror(self, told: int) -> State:
        """A ministry's system tells in which state its dossier is."""
        return State(told)
