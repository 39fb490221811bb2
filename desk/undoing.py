"""What can be taken back: the last act of the same person within a minute, where nothing of it has left the house."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from desk import chain
from desk.actors import Actor
from desk.models import Dossier, DossierEvent
from desk.states import UNDO_FOR, UNDOABLE


def last_event(dossier: Dossier) -> DossierEvent | None:
    """Return what was done last (one query)."""
    return DossierEvent.objects.filter(dossier=dossier.pk, number=dossier.last_number).first()


def seconds_left(event: DossierEvent | None, actor: Actor, at: dt.datetime) -> int:
    """Return for how many seconds this person may still undo what was done last; 0 where that can't be."""
    if event is None or event.act not in UNDOABLE or actor.user_id is None or event.by_user_id != actor.user_id:
        return 0
    left = UNDO_FOR - (at - event.at)
    return max(0, min(int(left.total_seconds()), int(UNDO_FOR.total_seconds())))


def why_not_undone(event: DossierEvent | None, actor: Actor, at: dt.datetime) -> str:
    """Return why the last thing done can't be undone by this person now; empty where it can."""
    if seconds_left(event, actor, at):
        return ""
    if event is not None and event.by_user_id != actor.user_id:
        who = event.by_name or _("Somebody else")
        return _("%(who)s has acted since: what you did can't be undone any more.") % {"who": who}
    if event is None or event.act not in UNDOABLE:
        return _("What was done last can't be undone: only passing on, taking over, giving to somebody else, tying a"
                 " file to a paper, and a comment can.")  # fmt: skip
    told = _("Sixty seconds have passed: it can't be undone any more.")
    if event.act == "forward":
        told += " " + _("As long as nobody has taken it over, it can be called back, with the reason.")
    return told


def body_of(event: DossierEvent) -> dict[str, Any]:
    """Return what an event holds."""
    body = json.loads(event.body)
    assert isinstance(body, dict)
    return body


def fields_before(dossier: Dossier, number: int) -> dict[str, Any]:
    """Return a dossier's fields as they stood before an event, folded from those before it (one query)."""
    bodies = DossierEvent.objects.filter(dossier=dossier.pk, number__lt=number).order_by("number")
    return folded(json.loads(body) for body in bodies.values_list("body", flat=True))


def folded(bodies: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the fields that events leave behind, as JSON holds them."""
    fields = chain.blank()
    for body in bodies:
        fields |= body.get("changes", {})
    return fields


def bring_back(dossier: Dossier, before: dict[str, Any], names: Iterable[str]) -> None:
    """Give fields their earlier values; the state is moved by the machine."""
    for field in Dossier._meta.concrete_fields:
        if field.attname in names and field.attname != "state":
            setattr(dossier, field.attname, field.to_python(before[field.attname]))
