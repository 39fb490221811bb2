"""The slips of a dossier: made once an event and form, numbered by the agency that issues them, set again at will."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import IntegrityError, transaction

from catalogue.opening import ZONE
from desk.models import DossierEvent, Slip
from desk.numbering import slip_number
from desk.slips import from_event
from desk.slips.content import AnySlip
from desk.slips.hand_overs import hand_over_slip
from desk.slips.setting import render
from desk.slips.source import Source

Form = Slip.Form
FORM_OF_ACT = {
    "receive": Form.RECEIPT,
    "request_supplement": Form.SUPPLEMENT,
    "reject": Form.REJECTION,
    "extend": Form.APOLOGY,
    "stop": Form.STOP,
    "withdraw": Form.STOP,
    "forward": Form.HAND_OVER,
    "finish": Form.HAND_OVER,
    "return_result": Form.RESULT,
}
CONTENT_OF: dict[str, Callable[[Source], AnySlip]] = {
    Form.RECEIPT: from_event.receipt,
    Form.SUPPLEMENT: from_event.supplement,
    Form.REJECTION: from_event.refusal,
    Form.APOLOGY: from_event.apology,
    Form.STOP: from_event.stop,
    Form.CONTROL: from_event.control,
    Form.HAND_OVER: hand_over_slip,
    Form.RESULT: from_event.result,
}

WITH = (
    "agency__parent",
    "agency__place",
    "event__dossier__version",
    "event__dossier__procedure",
    "event__dossier__centre",
    "event__dossier__received_by",
)
"""What the setting of a slip reads besides its own row."""


def forms_of(event: DossierEvent) -> tuple[str, ...]:
    """Return the forms that can be made from an event: its act's own, and the control slip once it was received.

    The dossier of `event` must be loaded. A refused try to ask for more has no form.
    """
    own = FORM_OF_ACT.get(event.act)
    if own is None or (event.act == "request_supplement" and event.state_after == event.state_before):
        forms: tuple[str, ...] = ()
    else:
        forms = (own,)
    received_at = event.dossier.received_at
    return (*forms, Form.CONTROL) if received_at is not None and received_at <= event.at else forms


def make_slip(event: DossierEvent, form: str = "", *, at: dt.datetime) -> tuple[Slip, bytes]:
    """Return the slip of an event, with its PDF; the first time it gets a number. `form`: the act's own, if empty.

    Raises ValueError for a form that isn't made from the event.
    """
    form = form or FORM_OF_ACT.get(event.act, "")
    if form not in forms_of(event):
        raise ValueError(f"No form «{form}» is made from «{event.act}».")
    slip = Slip.objects.filter(event=event, form=form).first() or _number(event, form, at)
    return slip, slip_pdf(slip, at)


def slip_pdf(slip: Slip, at: dt.datetime | None = None) -> bytes:
    """Return a slip's PDF, from its event, in the dossier's language too (six queries, eight at most).

    It says where to go and whom to call now; all else is as the event has it.
    """
    source = Source(Slip.objects.select_related(*WITH).get(pk=slip.pk), at)
    return render(CONTENT_OF[slip.form](source), second=source.second)


def _number(event: DossierEvent, form: str, at: dt.datetime) -> Slip:
    """Write the row of a new slip; where somebody was faster, return theirs: the number goes back with the rollback."""
    agency_id, year = event.by_agency_id or event.dossier.received_by_id, at.astimezone(ZONE).year
    try:
        with transaction.atomic():
            return Slip.objects.create(
                dossier_id=event.dossier_id,
                event=event,
                form=form,
                agency_id=agency_id,
                year=year,
                number=slip_number(agency_id, form, year),
                made_at=at,
            )
    except IntegrityError:
        return Slip.objects.get(event=event, form=form)
