"""What happened to a dossier, one sentence an event: from the event itself, with the names as they were then."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalogue.models import Agency
from catalogue.opening import ZONE
from desk.actors import Actor, ActorKind
from desk.models import Dossier, DossierEvent, Slip
from desk.permissions import is_allowed
from desk.slips.from_dossier import forms_of

SENTENCES = {
    "register": gettext_lazy("registered the dossier"),
    "receive": gettext_lazy("received the dossier, due %(due)s"),
    "reject": gettext_lazy("refused to receive the dossier"),
    "forward": gettext_lazy("passed it on to %(to)s"),
    "take_over": gettext_lazy("took it over"),
    "reassign": gettext_lazy("gave it to somebody else"),
    "request_supplement": gettext_lazy("asked for a supplement: %(count)s"),
    "accept_supplement": gettext_lazy("took in the supplement"),
    "request_payment": gettext_lazy("asked for a payment of %(amount)s"),
    "confirm_payment": gettext_lazy("confirmed the payment of %(amount)s"),
    "extend": gettext_lazy("apologised and put the due date off to %(due)s"),
    "stop": gettext_lazy("stopped it (%(ground)s)"),
    "resume": gettext_lazy("let it go on, due %(due)s"),
    "finish": gettext_lazy("finished it: %(outcome)s"),
    "reopen": gettext_lazy("took the result back"),
    "return_result": gettext_lazy("handed over the result"),
    "hand_back": gettext_lazy("handed the papers back"),
    "withdraw": gettext_lazy("withdrew it for the applicant"),
    "comment": gettext_lazy("commented"),
    "correct_data": gettext_lazy("corrected the data"),
    "attach_file": gettext_lazy("added a file"),
    "remove_file": gettext_lazy("removed a file"),
    "mirror": gettext_lazy("noted what the ministry's system says: %(state)s"),
}
TEXT_NAMES = {
    "reason": gettext_lazy("Reason"),
    "reasons": gettext_lazy("Reasons"),
    "note": gettext_lazy("Note"),
    "text": gettext_lazy("Comment"),
    "to": gettext_lazy("Taken by"),
    "asked_for": gettext_lazy("Asked for, refused"),
}


@dataclass(frozen=True)
class Told:
    """An event as people read it: who did what, and the texts that the reader may see."""

    event: DossierEvent
    who: str
    post: str
    sentence: str
    texts: tuple[tuple[str, str], ...]
    slips: tuple[tuple[str, str], ...] = ()
    """The forms that can be made from it, with their names."""


def told(dossier: Dossier, events: Iterable[DossierEvent], reader: Actor) -> list[Told]:
    """Return events in words, newest first (one query for the agencies' names)."""
    rows = [(event, json.loads(event.body)) for event in events]
    for event, _body in rows:
        event.dossier = dossier
    names = _agency_names(body.get("facts", {}).get("to") for event, body in rows if event.act == "forward")
    may_see_past = is_allowed("correct_data", dossier, reader)
    return [_told(event, body, names, may_see_past) for event, body in reversed(rows)]


def _told(event: DossierEvent, body: dict[str, Any], names: dict[int, str], may_see_past: bool) -> Told:
    facts = body.get("facts", {})
    post = ", ".join(filter(None, (event.by_title, event.by_unit)))
    return Told(
        event,
        who_of(event),
        post,
        sentence_of(event, facts, names),
        tuple(_texts(event, may_see_past)),
        tuple((form, str(Slip.Form(form).label)) for form in forms_of(event)),
    )


def who_of(event: DossierEvent) -> str:
    """Return who did it, as the event has the name."""
    if event.by_kind == ActorKind.APPLICANT:
        return _("The applicant")
    return event.by_name or str(ActorKind(event.by_kind).label)


def sentence_of(event: DossierEvent, facts: dict[str, Any], names: dict[int, str]) -> str:
    """Return what was done, in the active language."""
    if facts.get("refused"):
        return _("asked for something that no rule asks for: refused, and recorded")
    items = len(facts.get("items", ()))
    values = {
        "due": due_text(event.due_after),
        "to": names.get(facts.get("to", 0), "?"),
        "count": ngettext("%(n)d thing", "%(n)d things", items) % {"n": items},
        "amount": money(facts.get("amount", "0")),
        "ground": facts.get("ground", ""),
        "outcome": _("granted") if facts.get("outcome") == "granted" else _("refused, with a letter"),
        "state": event.get_state_after_display(),
    }
    return str(SENTENCES[event.act]) % values if event.act in SENTENCES else event.act


def _texts(event: DossierEvent, may_see_past: bool) -> Iterable[tuple[str, str]]:
    for text in event.texts.all():
        is_past = text.name.startswith("was:")
        if is_past and not may_see_past:
            continue
        label = _("Before") if is_past else str(TEXT_NAMES.get(text.name, text.name))
        yield label, _("erased") if text.erased_at else text.text


def _agency_names(keys: Iterable[int | None]) -> dict[int, str]:
    wanted = {key for key in keys if key}
    return {row.pk: str(row) for row in Agency.objects.filter(pk__in=wanted)} if wanted else {}


def due_text(moment: dt.datetime | None) -> str:
    """Return a due moment, day first."""
    return f"{moment.astimezone(ZONE):%d/%m/%Y %H:%M}" if moment else "–"


def money(amount: Any) -> str:
    """Return an amount of dong in groups of three."""
    return f"{Decimal(amount):,.0f} ₫".replace(",", ".")
