"""What happened to a dossier, one sentence an event: from the event itself, with the names as they were then."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalogue.models import Agency
from catalogue.opening import ZONE
from desk.actors import CLOCK, Actor, ActorKind
from desk.colleagues import name_of
from desk.models import Dossier, DossierEvent, DossierFile, Party, Slip
from desk.permissions import is_allowed
from desk.slips.from_dossier import forms_of
from desk.states import StopKind

SENTENCES = {
    "register": gettext_lazy("registered the dossier"),
    "receive": gettext_lazy("received the dossier, due %(due)s"),
    "reject": gettext_lazy("refused to receive the dossier"),
    "forward": gettext_lazy("passed it on to %(to)s"),
    "take_over": gettext_lazy("took it over"),
    "recall": gettext_lazy("called back what was passed on"),
    "reassign": gettext_lazy("gave it to %(person)s"),
    "move_to_heir": gettext_lazy("moved it from %(from)s, which has ended, to %(heir)s, which has its work now"),
    "request_supplement": gettext_lazy("asked for a supplement: %(count)s"),
    "accept_supplement": gettext_lazy("took in the supplement"),
    "request_payment": gettext_lazy("asked for a payment of %(amount)s"),
    "confirm_payment": gettext_lazy("confirmed the payment of %(amount)s"),
    "extend": gettext_lazy("apologised and put the due date off to %(due)s"),
    "stop": gettext_lazy("stopped it for good (%(ground)s)"),
    "resume": gettext_lazy("let it go on, due %(due)s"),
    "finish": gettext_lazy("finished it: %(outcome)s"),
    "reopen": gettext_lazy("took the result back"),
    "return_result": gettext_lazy("handed over the result"),
    "hand_back": gettext_lazy("handed the papers back"),
    "withdraw": gettext_lazy("withdrew it for the applicant"),
    "comment": gettext_lazy("commented"),
    "correct_data": gettext_lazy("corrected the data"),
    "attach_file": gettext_lazy("added a file: %(kind)s"),
    "tie_file": gettext_lazy("tied a file to a paper"),
    "remove_file": gettext_lazy("removed a file: %(kind)s"),
    "mirror": gettext_lazy("noted what the ministry's system says: %(state)s"),
    "undo": gettext_lazy("undid it"),
    "anonymise": gettext_lazy("erased the data of its people after the time for which they are kept"),
}
SUSPENDED = gettext_lazy("suspended it for a time (%(ground)s)")
TEXT_NAMES = {
    "reason": gettext_lazy("Reason"),
    "reasons": gettext_lazy("Reasons"),
    "note": gettext_lazy("Note"),
    "text": gettext_lazy("Comment"),
    "to": gettext_lazy("Taken by"),
    "asked_for": gettext_lazy("Asked for, refused"),
}
CORRECTED = {
    "fee_due": gettext_lazy("fee due"),
    "return_by": gettext_lazy("way of return"),
    "language": gettext_lazy("language of the slips"),
    "sets": gettext_lazy("sets of papers"),
    "channel": gettext_lazy("how it came"),
}


@dataclass(frozen=True)
class Names:
    """The names of the agencies and people of the office that events speak of, by their keys."""

    agencies: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    papers: Mapping[int, str] = field(default_factory=dict)


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
    taken_back: str = ""
    """How it was taken back after, in words: it counts no more, and stays in the log."""


@dataclass(frozen=True)
class Spoken:
    """Whom an event names: keys of agencies and of people of the office."""

    agencies: frozenset[int]
    people: frozenset[int]


def read_bodies(events: Iterable[DossierEvent]) -> list[tuple[DossierEvent, dict[str, Any]]]:
    """Return events with what they hold."""
    return [(event, json.loads(event.body)) for event in events]


def spoken_of(rows: Iterable[tuple[DossierEvent, dict[str, Any]]]) -> Spoken:
    """Return whom events name."""
    agencies: set[int] = set()
    people: set[int] = set()
    for event, body in rows:
        facts = body.get("facts", {})
        if event.act == "forward":
            agencies.add(facts.get("to"))
            people.add(facts.get("to_user"))
        elif event.act == "move_to_heir":
            agencies |= {facts.get("from"), facts.get("heir")}
        elif event.act == "reassign":
            people.add(facts.get("to"))
        elif event.act == "comment":
            people |= set(facts.get("told", ()))
    return Spoken(frozenset(agencies - {None}), frozenset(people - {None}))


def read_names(spoken: Spoken) -> Names:
    """Read the names of those whom events name (two queries at most)."""
    agencies = Agency.objects.filter(pk__in=spoken.agencies) if spoken.agencies else ()
    people = get_user_model().objects.filter(pk__in=spoken.people) if spoken.people else ()
    return Names({row.pk: str(row) for row in agencies}, {row.pk: name_of(row) for row in people})


def told(dossier: Dossier, events: Iterable[DossierEvent], reader: Actor, names: Names | None = None) -> list[Told]:
    """Return events in words, newest first (two queries for names, none where they are given)."""
    rows = read_bodies(events)
    for event, _body in rows:
        event.dossier = dossier
    names = names or read_names(spoken_of(rows))
    may_see_past = is_allowed("correct_data", dossier, reader)
    ways = {"undo": _("undone"), "recall": _("called back")}
    back = {body.get("facts", {}).get("of"): ways[event.act] for event, body in rows if event.act in ways}
    return [
        replace(_told(event, body, names, may_see_past), taken_back=back.get(event.number, ""))
        for event, body in reversed(rows)
    ]


def _told(event: DossierEvent, body: dict[str, Any], names: Names, may_see_past: bool) -> Told:
    facts = body.get("facts", {})
    post = ", ".join(filter(None, (event.by_title, event.by_unit)))
    return Told(
        event,
        who_of(event),
        post,
        sentence_of(event, body, names),
        tuple(_texts(event, facts, names, may_see_past)),
        tuple((form, str(Slip.Form(form).label)) for form in forms_of(event)),
    )


def who_of(event: DossierEvent) -> str:
    """Return who did it, as the event has the name."""
    if event.by_kind == ActorKind.APPLICANT:
        return _("The applicant")
    if event.by_kind == ActorKind.SYSTEM and event.by_name == CLOCK.system:
        return _("The system, by its clock")
    return event.by_name or str(ActorKind(event.by_kind).label)


def sentence_of(event: DossierEvent, body: dict[str, Any], names: Names) -> str:
    """Return what was done, in the active language."""
    facts = body.get("facts", {})
    if facts.get("refused"):
        return _("asked for something that no rule asks for: refused, and recorded")
    items = len(facts.get("items", ()))
    values = {
        "due": due_text(event.due_after),
        "to": names.agencies.get(facts.get("to", 0), "?"),
        "from": names.agencies.get(facts.get("from", 0), "?"),
        "heir": names.agencies.get(facts.get("heir", 0), "?"),
        "person": names.people.get(facts.get("to", 0)) or _("somebody else"),
        "count": ngettext("%(n)d thing", "%(n)d things", items) % {"n": items},
        "amount": money(facts.get("amount", "0")),
        "ground": facts.get("ground", ""),
        "kind": _label(DossierFile.Kind, facts.get("kind", "")),
        "outcome": _("granted") if facts.get("outcome") == "granted" else _("refused, with a letter"),
        "state": event.get_state_after_display(),
    }
    is_suspension = event.act == "stop" and facts.get("kind") == StopKind.SUSPENSION
    words = SUSPENDED if is_suspension else SENTENCES.get(event.act, event.act)
    sentence = str(words) % values
    if event.act == "undo":
        return f"{sentence}: {LABEL_OF_UNDONE.get(facts.get('act', ''), '')}"
    more = _more(event, body, names)
    return f"{sentence} {more}" if more else sentence


LABEL_OF_UNDONE = {
    "forward": gettext_lazy("passing it on"),
    "take_over": gettext_lazy("taking it over"),
    "reassign": gettext_lazy("giving it to somebody else"),
    "comment": gettext_lazy("the comment"),
    "tie_file": gettext_lazy("tying a file to a paper"),
}


def _more(event: DossierEvent, body: dict[str, Any], names: Names) -> str:
    """Return what is told behind the sentence: for whom, which step, what of it."""
    facts = body.get("facts", {})
    if event.act == "forward":
        person = names.people.get(facts.get("to_user", 0), "")
        parts = [_("for %(person)s") % {"person": person} if person else "", f"«{event.step}»" if event.step else ""]
        return ", ".join(filter(None, parts))
    if event.act == "comment":
        told = ", ".join(names.people[key] for key in facts.get("told", ()) if key in names.people)
        return _("for %(person)s") % {"person": told} if told else ""
    if event.act == "correct_data":
        roles = [str(Party.Role(role).label) for role in facts.get("people", ()) if role in Party.Role.values]
        fields = [str(label) for name, label in CORRECTED.items() if name in body.get("changes", {})]
        papers = [_("papers")] if facts.get("papers") else []
        corrected = ", ".join(roles + fields + papers)
        return f"({corrected})" if corrected else ""
    if event.act == "tie_file":
        paper = names.papers.get(facts.get("paper", 0), "")
        return f"«{paper}»" if paper else ""
    return ""


def _label(kinds: Any, value: str) -> str:
    return str(kinds(value).label) if value in kinds.values else ""


def _texts(event: DossierEvent, facts: dict[str, Any], names: Names, may_see_past: bool) -> Iterable[tuple[str, str]]:
    for text in event.texts.all():
        is_past = text.name.startswith("was:")
        if is_past and not may_see_past:
            continue
        label = str(TEXT_NAMES.get(text.name, text.name))
        if is_past:
            role = text.name.removeprefix("was:")
            label = _("Before") + (f", {_label(Party.Role, role)}" if role in Party.Role.values else "")
        said = _("erased") if text.erased_at else text.text
        yield label, in_words(said) if is_past else said


def in_words(past: str) -> str:
    """Return what stood there of a person; the log keeps the kind as a word of ours, people read its name."""
    kind, dot, rest = past.partition(" · ")
    return f"{_label(Party.Kind, kind)}{dot}{rest}" if kind in Party.Kind.values else past


def due_text(moment: dt.datetime | None) -> str:
    """Return a due moment, day first."""
    return f"{moment.astimezone(ZONE):%d/%m/%Y %H:%M}" if moment else "–"


def money(amount: Any) -> str:
    """Return an amount of dong in groups of three."""
    return f"{Decimal(amount):,.0f} ₫".replace(",", ".")
