"""Find an old unit by the name that people remember."""

from __future__ import annotations

import re

from django.db.models import Case, IntegerField, Q, Value, When

from catalogue.models import AdministrativeUnit, UnitChange
from catalogue.models.places import TWO_TIER_FROM
from catalogue.text import fold, marked

_KINDS = re.compile(r"\b(xa|phuong|thi tran|huyen|quan|thi xa|thanh pho|tp|tinh|p|q|h|x|tt|tx)\b\.?\s*")


def find_units(query: str, *, limit: int, province_code: str) -> tuple[list[AdministrativeUnit], int]:
    """Return old districts and communes whose name fits, and how many there are in all.

    «Phường 1, Quận 3» narrows by what stands after the comma. Marks that were typed count: exact
    ones come first. Units of the portal's province come before those of others with the same name.
    """
    first, *rest = [part.strip() for part in query.split(",") if part.strip()] or [""]
    folded = fold(first)
    if not folded:
        return [], 0
    rows = AdministrativeUnit.objects.filter(
        level__in=[AdministrativeUnit.Level.DISTRICT, AdministrativeUnit.Level.COMMUNE], valid_to=TWO_TIER_FROM
    )
    fitting = rows.filter(Q(folded_name__contains=folded))
    for part in rest:
        inside = fold(part)
        fitting = fitting.filter(
            Q(parent__folded_name__contains=inside)
            | Q(province__folded_name__contains=inside)
            | Q(parent__parent__folded_name__contains=inside)
        )
    bare = _KINDS.sub("", folded, count=1) or folded
    ranked = fitting.select_related("parent", "province").annotate(
        rank=Case(
            When(folded_name=folded, then=Value(0)),
            When(folded_name__endswith=f" {bare}", then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
    )
    merged = UnitChange.objects.filter(new__level="province", new__code=province_code)
    own = set(merged.values_list("old", flat=True))
    found: list[AdministrativeUnit] = list(ranked)
    wanted = marked(first)
    found.sort(
        key=lambda unit: (
            unit.rank,  # type: ignore[attr-defined]
            wanted not in marked(unit.name),
            unit.province_id not in own,
            unit.level != AdministrativeUnit.Level.DISTRICT,
            unit.folded_name,
        )
    )
    return found[:limit], len(found)
