"""What hangs on a centre that became a point or closed: its telephones, its notices, its exceptions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalogue.models import AdministrativeUnit, Centre, CentreException, Hotline, Notice, Reorganisation
from catalogue.reorganising.centres_follow import led_to
from catalogue.reorganising.followers import Conflict, Moves
from catalogue.reorganising.links import names_of
from catalogue.reorganising.moving import Found, find, move
from catalogue.reorganising.words import GOES_ON

NO_CENTRE = "no single centre takes the place of its own: say in /cms/ whose it is, or take it down"
WITHOUT_HOTLINE = "its old places had a hotline, and it will have none: enter one in /cms/"
RECEIVES_NOT = "it was said of a centre that is no more: say in /cms/ whether it holds for the new one"


def look_hotlines(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Tell which telephones follow, and which new places will have none."""
    moves = _hotlines(reorganisation, at).moves
    moves.conflicts += without_hotline(reorganisation)
    return moves


def follow_hotlines(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Let telephones answer for the centre that takes the place of theirs."""
    moves = move(_hotlines(reorganisation, at), at)
    moves.conflicts += without_hotline(reorganisation)
    return moves


def _hotlines(reorganisation: Reorganisation, at: dt.datetime) -> Found:
    heirs = expected(reorganisation)
    rows = list(_of_centres(Hotline.objects.live(), heirs))
    taken: set[tuple[str, int | None]] = set(Hotline.objects.exclude(centre=None).values_list("phone", "centre"))
    wanted = []
    for pk, centre, phone in rows:
        target = heirs[centre]
        if target is not None and (phone, target) in taken:
            continue  # The new centre has that number: what is left isn't shown, since its centre isn't.
        taken.add((phone, target))
        wanted.append((pk, target))
    say = partial(names_of, Hotline)
    return find(Hotline, "centre", wanted, timezone.localdate(at), say=say, unnamed=NO_CENTRE)


def _of_centres(rows: Any, heirs: dict[int, int | None]) -> list[tuple[int, int, str]]:
    found = rows.exclude(centre=None).order_by("pk").values_list("pk", "centre", "phone")
    return [(pk, centre, phone) for pk, centre, phone in found if centre in heirs]


def expected(reorganisation: Reorganisation) -> dict[int, int | None]:
    """Return where a closed centre leads to: by the plan where the centres haven't followed yet."""
    fates = reorganisation.written.get("centres", {})
    coming = {place: int(pk) for pk, (becomes, place, _slug) in fates.items() if becomes == GOES_ON}
    now = led_to(reorganisation)
    return {pk: centre or coming.get(fates[str(pk)][1]) for pk, centre in now.items()}


def without_hotline(reorganisation: Reorganisation) -> list[Conflict]:
    """Return the new places whose old centres had a telephone, and whose own will have none (three queries)."""
    fates = reorganisation.written.get("centres", {})
    place_of = {int(pk): place for pk, (_becomes, place, _slug) in fates.items() if place is not None}
    heirs = expected(reorganisation)
    had: dict[int, set[int]] = defaultdict(set)
    for centre in Hotline.objects.live().exclude(centre=None).values_list("centre", flat=True):
        if centre in place_of:
            had[place_of[centre]].add(centre)
    left = [place for place, centres in had.items() if all(heirs.get(pk, pk) is None for pk in centres)]
    rows = AdministrativeUnit.objects.filter(pk__in=left).order_by("code")
    return [Conflict(f"place {unit.code} {unit.name}", WITHOUT_HOTLINE) for unit in rows]


def look_notices(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Tell which notices go on with another centre."""
    return _notices(reorganisation, at).moves


def follow_notices(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Let what is told of a centre be told of the one in its place; what shut its doors shuts no other's."""
    return move(_notices(reorganisation, at), at)


def _notices(reorganisation: Reorganisation, at: dt.datetime) -> Found:
    heirs = expected(reorganisation)
    rows = Notice.objects.not_over(at).filter(closes_on=None, point=None).exclude(centre=None).order_by("pk")
    wanted = [(pk, heirs[centre]) for pk, centre in rows.values_list("pk", "centre") if centre in heirs]
    say = partial(names_of, Notice)
    return find(Notice, "centre", wanted, timezone.localdate(at), say=say, unnamed=NO_CENTRE)


def look_exceptions(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Tell which exceptions hold for the new centre, and which somebody must decide."""
    found = _exceptions(reorganisation, at)
    found.moves.conflicts += _to_decide(reorganisation)
    return found.moves


def follow_exceptions(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Let what a centre received by decision be received by the one in its place."""
    with transaction.atomic():
        moves = move(_exceptions(reorganisation, at), at)
    moves.conflicts += _to_decide(reorganisation)
    return moves


def _exceptions(reorganisation: Reorganisation, at: dt.datetime) -> Found:
    heirs = expected(reorganisation)
    known = set(CentreException.objects.exclude(centre=None).values_list("centre", "procedure", "field"))
    rows = CentreException.objects.filter(receives=True).exclude(centre=None).order_by("pk")
    wanted = []
    for pk, centre, procedure, field in rows.values_list("pk", "centre", "procedure", "field"):
        target = heirs.get(centre)
        if target is not None and (target, procedure, field) not in known:
            known.add((target, procedure, field))
            wanted.append((pk, target))
    return find(CentreException, "centre", wanted, timezone.localdate(at), say=partial(names_of, CentreException))


def _to_decide(reorganisation: Reorganisation) -> list[Conflict]:
    """Return what closed centres didn't receive, where the one in their place says nothing of it."""
    heirs = expected(reorganisation)
    known = set(CentreException.objects.exclude(centre=None).values_list("centre", "procedure", "field"))
    rows = CentreException.objects.filter(receives=False, centre__in=_some(heirs)).select_related("procedure", "field")
    return [
        Conflict(f"exception {row}", RECEIVES_NOT)
        for row in rows.order_by("pk")
        if (heirs.get(row.centre_id or 0), row.procedure_id, row.field_id) not in known
    ]


def _some(heirs: dict[int, int | None]) -> Any:
    """Return the centres that have exceptions at all, out of thousands."""
    having = CentreException.objects.exclude(centre=None).values_list("centre", flat=True).distinct()
    return Centre.objects.filter(pk__in=[pk for pk in having if pk in heirs]).values("pk")
