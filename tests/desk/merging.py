"""A cast whose commune is merged with its neighbour into a new one: people, centre and rights go there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from catalogue.models import Agency, AgencySuccession, Centre, Posting, Reorganisation
from catalogue.opening import ZONE
from catalogue.reorganising.followers import Moves
from desk.reorganising import dossiers, leaves, notices, views
from portal.models import User
from tests.desk.cast import Cast, person
from tests.factories import AgencyFactory, CentreFactory, CommuneFactory

FOLLOWERS = (dossiers.FOLLOWER, notices.FOLLOWER, leaves.FOLLOWER, views.FOLLOWER)


def hand_on(agency: Agency, heir: Agency, day: dt.date, **share: Any) -> None:
    """Let an agency end on a day, an heir taking over its work or a share of it."""
    AgencySuccession.objects.create(agency=agency, successor=heir, effective_on=day, **share)
    Agency.objects.filter(pk=agency.pk).update(valid_to=day)
    Posting.objects.filter(agency=agency, valid_to=None).update(valid_to=day)


def planned(day: dt.date) -> Reorganisation:
    """Return a reorganisation of a day."""
    return Reorganisation.objects.create(
        name="Sáp nhập", effective_on=day, digest=f"{day:%Y%m%d}", made_at=dt.datetime.combine(day, dt.time(), ZONE)
    )


def follow(reorganisation: Reorganisation, at: dt.datetime) -> dict[str, Moves]:
    """Let everything of the desk follow, and note that it was applied."""
    found = {each.name: each.follow(reorganisation, at) for each in FOLLOWERS}
    Reorganisation.objects.filter(pk=reorganisation.pk).update(state="applied", applied_at=at)
    return found


@dataclass
class Merger:
    """The new commune, its centre, its people; `day` is the day from which on it is one."""

    day: dt.date
    heir: Agency
    centre: Centre
    reorganisation: Reorganisation
    people: dict[str, User]

    @property
    def morning(self) -> dt.datetime:
        """Return nine o'clock of the first day."""
        return dt.datetime.combine(self.day, dt.time(9), ZONE)


def merge(cast: Cast, day: dt.date) -> Merger:
    """Merge the commune with its neighbour; the clerk goes along to the heir, the others are new there."""
    committee = cast.commune.parent
    place = CommuneFactory(province=cast.commune.place.province, parent=cast.commune.place.province)
    heir = AgencyFactory(
        name_vi="Ủy ban nhân dân phường Hải Vân", kind="peoples_committee", place=place, identifier="DEMO.09",
        parent=committee, valid_from=day,
    )  # fmt: skip
    for agency in (cast.commune, cast.neighbour):
        hand_on(agency, heir, day)
    centre = CentreFactory(place=place, agency=heir, address="1 Nguyễn Văn Cừ", phone="0236 3842 999")
    people = {role: person(f"new_{role}", heir, role) for role in ("clerk", "handler", "approver", "head")}
    Posting.objects.create(user=cast.people["clerk"], agency=heir, role="clerk", valid_from=day)
    return Merger(day, heir, centre, planned(day), people)
