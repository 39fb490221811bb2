"""What changes beside the state: a comment, a correction."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.conf import settings

from desk import acting
from desk.acting import Act
from desk.actions.function import ActFunction
from desk.identities import Person, one_of, party_of
from desk.intake import money
from desk.models import (
    Party,
    ReturnBy,
)
from desk.states import State


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
