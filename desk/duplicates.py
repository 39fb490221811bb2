"""Dossiers that may be the same one again: the same person, the same procedure, open still or received today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from catalogue.models import Procedure
from catalogue.opening import ZONE
from catalogue.text import fold
from desk.actors import Actor
from desk.identities import Person
from desk.models import Dossier, PartyIdentifier
from desk.needles import numbered
from desk.states import OPEN

PERSONAL = frozenset(PartyIdentifier.Kind.values) - {PartyIdentifier.Kind.OTHER}
"""Kinds of numbers that only one person or body has."""
MOST = 5


@dataclass(frozen=True)
class Alike:
    """What may be the same: dossiers that the officer may open, the newest first, and whether there are others."""

    seen: tuple[Dossier, ...] = ()
    is_elsewhere: bool = False
    is_by_name: bool = False
    """Nothing but the name is the same: without a number and a telephone nothing else tells."""

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return bool(self.seen) or self.is_elsewhere

    @property
    def told(self) -> str:
        """Return what to say above the dossiers."""
        if self.is_by_name:
            return _("Somebody of the same name has handed in a dossier of this procedure today:")
        return _("The same person has a dossier of this procedure that is open or came today:")


def alike(procedure: Procedure, person: Person, by: Actor, at: dt.datetime) -> Alike:
    """Return the dossiers of a person with one of these numbers; without a number: with this telephone and name.

    Without both: those of this name of today, in the officer's reach only, since many share a name. Of what else lies
    beyond that reach nothing is told but that it is there. Four queries at most.
    """
    midnight = at.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    known = _known(person)
    if known is None:
        named = Q(parties__role__in=["applicant", "owner"], parties__name_folded=fold(person.name)[:300])
        # By the day of submission alone: that is one range of an index.
        rows = Dossier.objects.visible_to(by).filter(named, procedure=procedure, submitted_at__gte=midnight).distinct()
        return Alike(tuple(rows.order_by("-submitted_at", "-pk")[:MOST]), is_by_name=True)
    today = Q(received_at__gte=midnight) | Q(submitted_at__gte=midnight)
    rows = Dossier.objects.filter(known, procedure=procedure).filter(Q(state__in=OPEN) | today).distinct()
    keys = set(rows.values_list("pk", flat=True))
    if not keys:
        return Alike()
    visible = Dossier.objects.visible_to(by).filter(pk__in=keys).order_by("-submitted_at", "-pk")
    seen = {dossier.pk for dossier in visible}
    return Alike(tuple(visible[:MOST]), is_elsewhere=bool(keys - seen))


def _known(person: Person) -> Q | None:
    """Return the condition that somebody is a dossier's applicant or owner; None where nothing tells."""
    values = [each.value for each in person.identifiers if each.kind in PERSONAL]
    who = Q(parties__role__in=["applicant", "owner"])
    if values:
        kinds = [each.kind for each in person.identifiers if each.kind in PERSONAL]
        return who & Q(parties__identifiers__value__in=values, parties__identifiers__kind__in=kinds)
    if person.phone:
        return who & Q(parties__name_folded=fold(person.name)[:300], pk__in=numbered(person.phone))
    return None
