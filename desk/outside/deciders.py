"""Who settles a procedure anywhere in the province: `desk.deciding.competent_agency` for all centres at once.

Where several agencies of a place have one of its roles, the desk proposes the first, and the officer may choose
another: here each of them counts.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Q

from catalogue.models import Agency, Centre, ProvinceProcedure
from desk.routes import level_of

Competent = frozenset[tuple[int, str]]
"""Agencies, each with the level at which it settles."""


@dataclass
class Deciders:
    """What the province decided, and its agencies by role and place."""

    decided: dict[int, dict[str, tuple[int, str]]] = field(default_factory=lambda: defaultdict(dict))
    """By procedure and channel («» for all): the newest decision."""
    by_role: dict[int, set[tuple[int, str, int]]] = field(default_factory=lambda: defaultdict(set))
    """Agency, level and place by role."""
    communes: dict[int, tuple[int, str]] = field(default_factory=dict)
    """A commune centre's own agency, by place."""
    province: int | None = None
    known: dict[tuple[frozenset[int], bool], Competent] = field(default_factory=dict)

    @classmethod
    def on(cls, day: dt.date) -> Deciders:
        """Read what holds on a day (three queries)."""
        found, code = cls(), settings.PROVINCE_CODE
        overlays = ProvinceProcedure.objects.on(day).filter(province__code=code)
        for row in overlays.exclude(agency=None).select_related("agency__place").order_by("pk"):
            assert row.agency is not None
            found.decided[row.procedure_id][row.channel_kind] = (row.agency.pk, level_of(row.agency))
        places = Q(place__level="province", place__code=code) | Q(place__province__code=code)
        for agency in Agency.objects.on(day).filter(places).exclude(role=None).select_related("place"):
            assert agency.role_id is not None
            found.by_role[agency.role_id].add((agency.pk, level_of(agency), agency.place_id))
        for centre in Centre.objects.live().exclude(agency=None).select_related("agency__place"):
            found.province, own = centre.province_id, centre.agency
            if own is not None and own.place_id == centre.place_id and own.place.level == "commune":
                found.communes[centre.place_id] = (own.pk, level_of(own))
        return found

    def of(self, procedure: int, roles: frozenset[int], *, is_commune_level: bool) -> Competent:
        """Return who settles a procedure: by decision; for channels without one, by role, or in the communes."""
        decided = self.decided.get(procedure, {})
        if "" in decided:
            return frozenset(decided.values())
        return frozenset(decided.values()) | self.by_roles(roles, is_commune_level=is_commune_level)

    def by_roles(self, roles: frozenset[int], *, is_commune_level: bool) -> Competent:
        """Return who has one of the roles; of communes without such an agency, their own where the level says so."""
        if (roles, is_commune_level) not in self.known:
            having = set().union(*(self.by_role.get(role, set()) for role in roles))
            found = {(agency, level) for agency, level, _place in having}
            places = {place for _agency, _level, place in having}
            if is_commune_level and self.province not in places:
                found |= {own for place, own in self.communes.items() if place not in places}
            self.known[roles, is_commune_level] = frozenset(found)
        return self.known[roles, is_commune_level]
