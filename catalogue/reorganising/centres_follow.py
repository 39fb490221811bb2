"""Centres on the day: one goes on at the new place, the others become points of it or close."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from catalogue.editing.four_eyes import by_rule
from catalogue.loading.agencies import in_a_name
from catalogue.loading.centres import free_slug
from catalogue.loading.history import record_revisions
from catalogue.models import (
    AdministrativeUnit,
    Agency,
    Centre,
    OpeningHours,
    Reorganisation,
    RevenueAccount,
    ServicePoint,
)
from catalogue.models.procedures import column_suffixes
from catalogue.reorganising.followers import Conflict, Moves
from catalogue.reorganising.heirs import Heirs
from catalogue.reorganising.moving import log
from catalogue.reorganising.open_work import held
from catalogue.reorganising.words import CLOSES, GOES_ON, POINT

AT_ONCE = 100
"""New places a transaction."""
WITHOUT_CENTRE = "no centre goes on there: make one in /cms/, or let one go on by a line"
NO_TARGET = "the place has no centre yet that it could become a point of: let one go on first"


@dataclass
class Task:
    """A centre that hasn't followed yet."""

    pk: int
    becomes: str
    place: int | None


def tasks(reorganisation: Reorganisation) -> list[Task]:
    """Return what is left to do of a plan's centres (one query)."""
    fates = reorganisation.written.get("centres", {})
    live = dict(Centre.objects.live().values_list("pk", "place"))
    found = [Task(int(pk), becomes, place) for pk, (becomes, place, _slug) in fates.items() if int(pk) in live]
    return [task for task in found if task.becomes != GOES_ON or live[task.pk] != task.place]


def look(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Tell what becomes of the centres, and which new places are left without."""
    moves, left = Moves(), tasks(reorganisation)
    reasons = held(Centre, [task.pk for task in left], timezone.localdate(at))
    shown = Centre.objects.in_bulk([task.pk for task in left if task.pk in reasons] + [task.pk for task in left[:5]])
    for task in left:
        if task.pk in reasons:
            moves.conflicts.append(Conflict(f"centre {shown[task.pk].slug}", reasons[task.pk]))
        else:
            moves.add(1, f"{shown[task.pk].slug} {task.becomes}" if task.pk in shown else "")
    moves.conflicts += without_centre(reorganisation)
    return moves


def without_centre(reorganisation: Reorganisation) -> list[Conflict]:
    """Return the new places whose old ones had a centre, and that will have none."""
    fates = reorganisation.written.get("centres", {}).values()
    served = {place for becomes, place, _slug in fates if becomes == GOES_ON}
    served |= set(Centre.objects.live().values_list("place", flat=True))
    led_to = {place for _becomes, place, _slug in fates if place is not None} - served
    rows = AdministrativeUnit.objects.filter(pk__in=led_to).order_by("code")
    return [Conflict(f"place {unit.code} {unit.name}", WITHOUT_CENTRE) for unit in rows]


def follow(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Bring the centres to what the plan says, the new places' some at a time; nothing twice."""
    moves, left = Moves(), tasks(reorganisation)
    left.sort(key=lambda task: task.becomes != GOES_ON)
    heirs = Heirs.until(timezone.localdate(at)) if left else Heirs.until(timezone.localdate(at), agencies=())
    taken = set(Centre.objects.values_list("slug", flat=True))
    for kind in (GOES_ON, POINT, CLOSES):
        own = [task for task in left if task.becomes == kind]
        for start in range(0, len(own), AT_ONCE):
            part = own[start : start + AT_ONCE]
            with transaction.atomic(), override(settings.LANGUAGE_CODE), by_rule(f"«{reorganisation}»"):
                _do(kind, part, moves, at=at, day=reorganisation.effective_on, heirs=heirs, taken=taken)
    moves.conflicts += without_centre(reorganisation)
    return moves


def _do(
    kind: str, part: Sequence[Task], moves: Moves, *, at: dt.datetime, day: dt.date, heirs: Heirs, taken: set[str]
) -> None:
    locked = _locked([task.pk for task in part])
    reasons = held(Centre, list(locked), timezone.localdate(at))
    free = [(locked[task.pk], task) for task in part if task.pk in locked and task.pk not in reasons]
    moves.conflicts += [Conflict(f"centre {locked[pk].slug}", why) for pk, why in reasons.items()]
    if kind == GOES_ON:
        _go_on(free, heirs, taken)
    if kind == POINT:
        free = _become_points(free, moves, at)
    if kind in (POINT, CLOSES):
        _close([centre for centre, _task in free], at=at, day=day)
    for centre, _task in free:
        moves.add(1, f"{centre.slug} {kind}")


def _locked(keys: Sequence[int]) -> dict[int, Centre]:
    """Return published centres with all that their revisions hold, locked."""
    rows = Centre.objects.select_for_update(of=("self",)).filter(pk__in=keys, live=True).order_by("pk")
    whole = rows.select_related("place", "province", "agency").prefetch_related(
        "points", "hours", "closures", "accounts"
    )
    return {centre.pk: centre for centre in whole}


def _go_on(free: Iterable[tuple[Centre, Task]], heirs: Heirs, taken: set[str]) -> None:
    """Let centres serve their new places: under the new name and address, where the place's name is another."""
    pairs = list(free)
    units = AdministrativeUnit.objects.select_related("province").in_bulk({task.place for _centre, task in pairs})
    fields = ["place", "province", "agency", "slug", "name", *(f"name_{suffix}" for suffix in column_suffixes())]
    for centre, task in pairs:
        assert task.place is not None
        place = units[task.place]
        before = centre.place
        centre.place, centre.province = place, place.province or place
        centre.agency_id = heirs.of(centre.agency_id, place=place.pk) if centre.agency_id else None
        if centre.agency_id is None:
            centre.agency = _committee(place)
        _rename(centre, before, place, taken)
    rows = [centre for centre, _task in pairs]
    Centre.objects.bulk_update(rows, fields, batch_size=100)
    record_revisions(rows, action="wagtail.edit", changed={centre.pk: fields for centre in rows})


def _committee(place: AdministrativeUnit) -> Agency | None:
    """Return the committee at a place, where the centre's own agency has no single heir there."""
    committees = Agency.objects.filter(place=place, kind=Agency.Kind.PEOPLES_COMMITTEE)
    return committees.filter(Q(valid_to=None) | Q(valid_to__gt=place.valid_from)).order_by("pk").first()


def _rename(centre: Any, before: AdministrativeUnit, place: AdministrativeUnit, taken: set[str]) -> None:
    if before.name == place.name:
        return
    name = centre.name_vi.replace(in_a_name(before), in_a_name(place)).replace(before.name, place.name)
    if name != centre.name_vi:
        # What it is called in other languages holds the old name: it shows as missing until it is translated anew.
        for suffix in column_suffixes():
            setattr(centre, f"name_{suffix}", None)
        centre.name_vi = name
    slug = free_slug(place, taken)
    taken.add(slug)
    centre.slug = slug


def _become_points(free: Iterable[tuple[Centre, Task]], moves: Moves, at: dt.datetime) -> list[tuple[Centre, Task]]:
    """Make a point of the new place's centre of each; return those for which that was possible."""
    pairs = list(free)
    places = {task.place for _centre, task in pairs}
    found = Centre.objects.live().filter(place__in=places).exclude(pk__in=[centre.pk for centre, _task in pairs])
    targets = {centre.place_id: centre for centre in _locked(list(found.values_list("pk", flat=True))).values()}
    reasons = held(Centre, [centre.pk for centre in targets.values()], timezone.localdate(at))
    done, touched = [], set()
    for centre, task in pairs:
        target = targets.get(task.place or 0)
        if target is None or target.pk in reasons:
            why = reasons[target.pk] if target else NO_TARGET
            moves.conflicts.append(Conflict(f"centre {centre.slug}", why))
            continue
        _make_point(centre, target)
        touched.add(target.pk)
        done.append((centre, task))
    record_revisions(list(_locked(sorted(touched)).values()), action="wagtail.edit", changed={
        pk: ["points"] for pk in touched})  # fmt: skip
    return done


def _make_point(centre: Any, target: Centre) -> None:
    """Keep what a centre was as a point of another: its address, telephone and hours, its name in all languages."""
    names = {f"name_{suffix}": getattr(centre, f"name_{suffix}") for suffix in column_suffixes()}
    point, _made = ServicePoint.objects.get_or_create(
        centre=target,
        name_vi=names.pop("name_vi"),
        defaults={
            **names,
            "kind": ServicePoint.Kind.RECEPTION,
            "address": centre.address,
            "phone": centre.phone,
            "latitude": centre.latitude,
            "longitude": centre.longitude,
        },
    )
    OpeningHours.objects.bulk_create(
        [
            OpeningHours(centre=target, point=point, weekday=row.weekday, opens=row.opens, closes=row.closes)
            for row in centre.hours.all()
            if row.point_id is None
        ],
        ignore_conflicts=True,
    )


def _close(rows: Sequence[Centre], *, at: dt.datetime, day: dt.date) -> None:
    """Take centres down by the rule, as Wagtail does it, and end their accounts with the day."""
    keys = [centre.pk for centre in rows]
    Centre.objects.filter(pk__in=keys).update(
        live=False, has_unpublished_changes=True, live_revision=None, updated_at=at
    )
    accounts = RevenueAccount.objects.filter(centre__in=keys).filter(Q(valid_to=None) | Q(valid_to__gt=day))
    accounts.filter(Q(valid_from=None) | Q(valid_from__lt=day)).update(valid_to=day)
    log(Centre, keys, "wagtail.unpublish", at, {})


def led_to(reorganisation: Reorganisation) -> dict[int, int | None]:
    """Return the centre that takes the place of each of the plan's that are taken down (two queries).

    None: several places took its area, or the place has no centre.
    """
    fates = reorganisation.written.get("centres", {})
    at_place: dict[int, list[int]] = defaultdict(list)
    for pk, place in Centre.objects.live().values_list("pk", "place"):
        at_place[place].append(pk)
    found: dict[int, int | None] = {}
    for pk, (becomes, place, _slug) in fates.items():
        if becomes != GOES_ON:
            now = at_place.get(place, []) if place is not None else []
            found[int(pk)] = now[0] if len(now) == 1 else None
    return found
