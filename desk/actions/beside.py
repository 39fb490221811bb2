"""What changes beside the state: a comment, a correction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from desk import acting, colleagues
from desk.acting import Act
from desk.actions.function import ActFunction
from desk.actions.shared import day
from desk.identities import Person, one_of, party_of
from desk.intake import count, money
from desk.models import (
    Notice,
    Party,
    ReturnBy,
)
from desk.refusals import Invalid
from desk.states import Channel, State


@ActFunction
def comment(act: Act, *, text: str, told: Sequence[int] = ()) -> None:
    """Say something to colleagues. Applicants don't see it. `told`: keys of those who get a notice of it.

    Raises Invalid for somebody who has no post at an agency of the dossier: they couldn't read it.
    """
    act.say("text", text)
    if not told:
        return
    posts = colleagues.posts_at(colleagues.agencies_of(act.dossier, day(act)), day(act))
    if unknown := set(told) - posts.keys():
        raise Invalid(_("Somebody you chose has no post at an agency of this dossier any more: choose anew."), "told")
    act.facts["told"] = sorted(set(told) - unknown)
    for key in act.facts["told"]:
        act.add(
            Notice(
                dossier=act.dossier,
                kind=Notice.Kind.MENTION,
                agency_id=posts[key].agency_id,
                role=posts[key].role,
                person_id=key,
                about=f"{act.dossier.last_number + 1}:{key}",
                made_at=act.at,
            )
        )


@ActFunction
def correct_data(
    act: Act,
    *,
    reason: str,
    people: Mapping[str, Person] | None = None,
    fee_due: Decimal | None = None,
    return_by: str = "",
    language: str = "",
    channel: str = "",
    sets: int = 0,
    papers: Mapping[int, tuple[int, int]] | None = None,
) -> None:
    """Correct what was entered wrongly, with the reason; an empty value leaves what is there.

    `people` by role; `papers`: originals and copies by the key of a paper that lies in the dossier. Neither papers nor
    channel move a due date that was given: the limit is pinned.
    """
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
    if channel:
        dossier.channel = one_of(channel, Channel.values, "channel")
    if sets:
        dossier.sets = count(sets, "sets", least=1)
    act.facts = {"people": sorted(people or {})}
    if papers:
        act.facts["papers"] = sorted(papers)
        correct_papers(act, papers)


def correct_papers(act: Act, papers: Mapping[int, tuple[int, int]]) -> None:
    """Write how many of each paper lie in the dossier. Raises Invalid for one that isn't there, or none of it."""
    rows = {row.pk: row for row in act.dossier.papers.filter(replaced_by=None)}
    for pk, (originals, copies) in papers.items():
        if pk not in rows:
            raise Invalid(_("This paper isn't in the dossier: choose one of the list."), "papers")
        if not (originals or copies):
            raise Invalid(_("A paper that was handed in has at least one original or copy."), f"originals-{pk}")
        act.change(rows[pk], originals=count(originals, f"originals-{pk}"), copies=count(copies, f"copies-{pk}"))


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
