"""The agencies that have ended by a reorganisation's day, and who has their work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q

from catalogue.models import Agency, Posting
from catalogue.reorganising.followers import Conflict, Moves
from desk.inheriting import Inheritance, shares_from

EXAMPLES, LISTED = 20, 200
"""How many lines are told in words, and how many conflicts."""
PORTION = 500
"""Rows of one transaction: what is lost by a kill, and for how long an officer may wait."""


@dataclass
class Ended:
    """What is asked of them again and again, read once."""

    day: dt.date
    agencies: frozenset[int]
    inheritance: Inheritance
    names: dict[int, str] = field(default_factory=dict)

    @classmethod
    def by(cls, day: dt.date) -> Ended:
        """Read the agencies that have ended by a day (six queries or so)."""
        agencies = frozenset(Agency.objects.filter(valid_to__lte=day).values_list("pk", flat=True))
        return cls(day, agencies, Inheritance.of(agencies, day))

    def heir(self, agency: int, procedure: int, receiver: int) -> int | None:
        """Return the agency that has the work now; None where the records don't say, or it has ended as well."""
        heir = self.inheritance.heir_of(agency, procedure, receiver)
        return None if heir in self.agencies else heir

    def only_heir(self, agency: int) -> int | None:
        """Return the one agency that took over everything; None where several did, or nobody."""
        heirs = self.inheritance.heirs.all_of(agency) - {agency}
        heir = heirs.pop() if len(heirs) == 1 else None
        return None if heir in self.agencies else heir

    @cached_property
    def posted(self) -> frozenset[tuple[int, int]]:
        """Return who works at the heirs on the day: pairs of agency and person (one query)."""
        heirs = {share.successor for shares in self.inheritance.heirs.shares.values() for share in shares}
        rows = Posting.objects.on(self.day).at_the_desk().filter(agency__in=heirs, user__is_active=True)
        return frozenset(rows.values_list("agency_id", "user_id"))

    def name(self, agency: int) -> str:
        """Return an agency's Vietnamese name (one query for all, when the first is asked for)."""
        if not self.names:
            involved = self.agencies | shares_from(self.agencies, self.day).keys()
            wanted = Q(pk__in=involved) | Q(predecessions__agency__in=involved)
            rows = Agency.objects.filter(wanted).values_list("pk", "name_vi", "identifier")
            self.names = {pk: name or identifier or "?" for pk, name, identifier in rows}
        return self.names.get(agency, "?")

    def nobody(self, what: str) -> Conflict:
        """Return the conflict of something whose heir isn't known."""
        return Conflict(what, "The records don't name one heir of this field and place: add the succession, run again.")


def portions(keys: Iterable[int]) -> Iterator[list[int]]:
    """Yield keys in portions, each for one transaction."""
    every = list(keys)
    return (every[start : start + PORTION] for start in range(0, len(every), PORTION))


def tell(moves: Moves, lines: Iterable[str], conflicts: Iterable[Conflict]) -> Moves:
    """Return what moves with its first lines and conflicts."""
    moves.examples += list(lines)[:EXAMPLES]
    for number, conflict in enumerate(conflicts):
        if number == LISTED:
            moves.conflicts.append(Conflict("…", "More of the same kind: settle these first, then look again."))
            break
        moves.conflicts.append(conflict)
    return moves
