"""Places that stand while what they lie in ends, agencies' identifiers, and the province's own procedures."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from catalogue.models import AdministrativeUnit, Agency, Centre, Procedure, Reorganisation, UnitChange
from catalogue.reorganising.followers import Moves
from catalogue.reorganising.links import names_of
from catalogue.reorganising.moving import Found, find, move

Heirs = dict[int, int | None]
OF_NO_PROVINCE = "its province was merged into one with another code: say in /cms/ whether it holds there"


def look_places(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Tell which places lie elsewhere from the day on."""
    return _joined([found.moves for found in _places(at)])


def follow_places(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Let places that stand lie in what took over the unit above them."""
    return _joined([move(found, at) for found in _places(at)])


def _places(at: dt.datetime) -> list[Found]:
    """Return the standing places above which something ended."""
    day = timezone.localdate(at)
    heirs = _single_heirs(day)
    found = []
    for column in ("parent", "province"):
        rows = AdministrativeUnit.objects.on(day).filter(**{f"{column}__in": UnitChange.objects.filter(
            effective_on__lte=day).values("old")}).exclude(level="province").order_by("pk")  # fmt: skip
        wanted = [(pk, heirs.get(above)) for pk, above in rows.values_list("pk", column)]
        found.append(find(AdministrativeUnit, column, wanted, day, say=partial(names_of, AdministrativeUnit)))
    return found


def _single_heirs(day: dt.date) -> Heirs:
    """Return what each unit became by a day, where that is one unit and wholly told."""
    heirs: dict[int, set[int | None]] = {}
    for old, new in UnitChange.objects.filter(effective_on__lte=day).values_list("old", "new"):
        heirs.setdefault(old, set()).add(new)
    return {old: next(iter(news)) for old, news in heirs.items() if len(news) == 1}


def look_centres(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Tell which standing centres are another province's from the day on."""
    return _centres(at).moves


def follow_centres(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Let centres whose place stands belong to what took over their province."""
    return move(_centres(at), at)


def _centres(at: dt.datetime) -> Found:
    day = timezone.localdate(at)
    heirs = _single_heirs(day)
    ended = UnitChange.objects.filter(effective_on__lte=day, old__level="province").values("old")
    rows = Centre.objects.live().filter(province__in=ended, place__in=AdministrativeUnit.objects.on(day).values("pk"))
    wanted = [(pk, heirs.get(province)) for pk, province in rows.order_by("pk").values_list("pk", "province")]
    return find(Centre, "province", wanted, day, say=partial(names_of, Centre), unnamed=OF_NO_PROVINCE)


def look_own_procedures(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Tell which provinces' own procedures follow their province."""
    return _own_procedures(at).moves


def follow_own_procedures(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Let a province's own procedures belong to what took it over: of merged ones, the one that bears its code."""
    return move(_own_procedures(at), at)


def _own_procedures(at: dt.datetime) -> Found:
    day = timezone.localdate(at)
    changes = UnitChange.objects.filter(effective_on__lte=day, old__level="province", new__isnull=False)
    count = dict(changes.values("new").annotate(olds=Count("old")).values_list("new", "olds"))
    heirs: dict[int, int | None] = {}
    for old, new, before, after in changes.values_list("old", "new", "old__code", "new__code"):
        heirs[old] = new if new is not None and (count[new] == 1 or before == after) else None
    rows = Procedure.objects.filter(province__in=list(heirs)).order_by("pk").values_list("pk", "province")
    wanted = [(pk, heirs[province]) for pk, province in rows if province is not None]
    return find(Procedure, "province", wanted, day, say=partial(names_of, Procedure), unnamed=OF_NO_PROVINCE)


def look_identifiers(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Tell which agencies take the identifier of the one that they were."""
    moves = Moves()
    for _new, _old, identifier, name in _identifiers(reorganisation):
        moves.add(1, f"{identifier} → {name}")
    return moves


def follow_identifiers(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Hand identifiers over: only one agency may bear one, and codes of dossiers keep the text."""
    moves = Moves()
    for new, old, identifier, name in _identifiers(reorganisation):
        with transaction.atomic():
            if Agency.objects.filter(pk=old, identifier=identifier).update(identifier=None):
                Agency.objects.filter(pk=new, identifier=None).update(identifier=identifier)
                moves.add(1, f"{identifier} → {name}")
    return moves


def _identifiers(reorganisation: Reorganisation) -> list[tuple[int, int, str, str]]:
    pairs = {int(new): old for new, old in reorganisation.written.get("identifiers", {}).items()}
    ours: Any = Agency.objects.filter(Q(pk__in=pairs.values()) | Q(pk__in=pairs)).in_bulk()
    return [
        (new, old, ours[old].identifier, str(ours[new]))
        for new, old in pairs.items()
        if new in ours and old in ours and ours[old].identifier and not ours[new].identifier
    ]


def _joined(parts: list[Moves]) -> Moves:
    whole = Moves()
    for part in parts:
        whole.count += part.count
        whole.examples = (whole.examples + part.examples)[:5]
        whole.conflicts += part.conflicts
    return whole
