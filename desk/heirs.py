"""Who has the work of a dossier's agencies now, where one of them has ended (`docs/decisions/0018`)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q

from catalogue.models import Agency, AgencySuccession, Centre, Posting
from catalogue.opening import ZONE
from desk.inheriting import Inheritance
from desk.states import HANDED_BACK, OPEN, State

KEEPS_A_HOLDER = OPEN | {State.FINISHED}
NEEDS_HOLDER = Q(state__in=sorted(map(int, KEEPS_A_HOLDER))) | Q(
    state__in=sorted(map(int, HANDED_BACK)), handed_back_at=None
)
"""There is still something to do: work, a result to hand over, papers to hand back."""


def needs_holder(dossier: Any) -> bool:
    """Return whether somebody still has something to do."""
    return dossier.state in KEEPS_A_HOLDER or (dossier.state in HANDED_BACK and dossier.handed_back_at is None)


def has_heirs(at: dt.datetime) -> Exists:
    """Return whether the work of an agency of a dossier went to another: asked where the dossier is read."""
    sides = ("received_by", "decided_by", "holder_agency")
    is_one = Q(*(("agency", OuterRef(side)) for side in sides), _connector=Q.OR)
    return Exists(AgencySuccession.objects.filter(is_one, effective_on__lte=at.astimezone(ZONE).date()))


def present(agency_id: int, dossier: Any, day: dt.date) -> int:
    """Return who has an agency's work on a dossier, itself where nobody took it or the records don't say (a query, and
    more where somebody did).
    """
    return Inheritance.of({agency_id}, day).heir(agency_id, dossier) or agency_id


def present_agency(agency: Agency, dossier: Any, day: dt.date) -> Agency:
    """Return an agency, or the one that has its work on a dossier now (no query for one that hasn't ended)."""
    if agency.valid_to is None or agency.valid_to > day:
        return agency
    key = present(agency.pk, dossier, day)
    return agency if key == agency.pk else Agency.objects.get(pk=key)


def present_centre(dossier: Any, day: dt.date) -> Centre | None:
    """Return where a dossier's people go now: its centre, or one of the agency that has the receiving unit's work.

    No query where that unit hasn't ended. An heir without a published centre: the dossier's own, as it was.
    """
    now = present_agency(dossier.received_by, dossier, day)
    if dossier.centre is None or now.pk == dossier.received_by_id:
        return dossier.centre  # type: ignore[no-any-return]
    return Centre.objects.live().filter(agency=now).order_by("pk").first() or dossier.centre


def is_posted(user_id: int | None, agency_id: int, day: dt.date) -> bool:
    """Return whether a person works at an agency on a day (one query)."""
    rows = Posting.objects.on(day).at_the_desk().filter(user=user_id, user__is_active=True, agency=agency_id)
    return user_id is not None and rows.exists()
