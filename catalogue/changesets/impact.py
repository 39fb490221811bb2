"""What a set of changes does, in numbers: before anybody approves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from catalogue.models import (
    AgencyRole,
    Centre,
    CentreException,
    ChangeLine,
    ChangeSet,
    DecisionItem,
    Procedure,
    ProcedureBundle,
    ProvinceProcedure,
)
from catalogue.models.procedures import column_suffixes

ENDING = frozenset({DecisionItem.Effect.REPLACED, DecisionItem.Effect.ABOLISHED})
"""What takes a procedure out of force; its line needs no form."""
_CHILDREN = {"papers": "papers", "fees": "fees", "terms": "limits", "results": "results"}
_TEXTS = frozenset({"name", "steps", "conditions", "papers", "channels", "results"})


@dataclass
class Impact:
    """How many rows of each kind a set touches, and which groups and decisions of the province."""

    effects: Counter[str] = field(default_factory=Counter)
    children: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in _CHILDREN.values()})
    pages: int = 0
    outdated: dict[str, int] = field(default_factory=dict)
    centres: int = 0
    bundles: list[ProcedureBundle] = field(default_factory=list)
    overlays: list[ProvinceProcedure] = field(default_factory=list)

    @property
    def procedures(self) -> int:
        """Return the number of procedures that change."""
        return sum(self.effects.values())


def child_names() -> dict[str, str]:
    """Return the kinds of children that are counted, as an editor reads them."""
    return {"papers": _("Papers"), "fees": _("Fees"), "limits": _("Time limits"), "results": _("Results")}


def counts_of(effect: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return what a line keeps of its effect: children that come, go and change, and whether a text does.

    `after` is the content as it will be, or of a file's line the parts that it changes. It is counted when the line is
    written: a set of thousands is summed without reading their contents.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in _CHILDREN.values()}
    if effect not in ENDING and after:
        _count_children(before, after, counts)
    found: dict[str, Any] = {name: dict(counted) for name, counted in counts.items() if counted.total()}
    return found | ({"retold": True} if before and _is_retold(before, after) else {})


def impact_of(change_set: ChangeSet) -> Impact:
    """Sum over the lines that aren't left out (eight queries, whatever their number)."""
    found = Impact()
    keys: list[int] = []
    retold: list[int] = []
    lines = change_set.lines.exclude(status=ChangeLine.Status.LEFT_OUT).order_by("pk")
    for effect, key, counts in lines.values_list("effect", "procedure_id", "counts"):
        found.effects[effect] += 1
        for name, counted in found.children.items():
            counted.update(counts.get(name, {}))
        if key:
            keys.append(key)
            if counts.get("retold"):
                retold.append(key)
    found.pages = found.procedures * len(settings.LANGUAGES)
    found.outdated = _outdated(retold)
    found.centres = _centres(keys)
    found.bundles = list(ProcedureBundle.objects.filter(procedures__in=keys).distinct())
    overlays = ProvinceProcedure.objects.filter(procedure__in=keys)
    found.overlays = list(overlays.select_related("procedure", "decision").order_by("procedure__code"))
    return found


def _count_children(before: Any, after: Any, counts: dict[str, Counter[str]]) -> None:
    """Count the children that come, go and change, at whatever depth they lie."""
    for name in {*before, *after}:
        old, new = before.get(name) or [], after.get(name) or []
        rows = [row for row in (*_list(old), *_list(new)) if isinstance(row, dict)]
        if name in _CHILDREN and not any("papers" in row for row in rows):
            _compare(_list(old), _list(new), counts[_CHILDREN[name]])
        elif rows:
            olds, news = _paired(_list(old)), _paired(_list(new))
            for key in {*olds, *news}:
                _count_children(olds.get(key, {}), news.get(key, {}), counts)


def _compare(old: list[Any], new: list[Any], counts: Counter[str]) -> None:
    olds, news = _paired(old), _paired(new)
    changed = sum(_plain(olds[key]) != _plain(news[key]) for key in olds.keys() & news.keys())
    found = {"added": len(news.keys() - olds.keys()), "removed": len(olds.keys() - news.keys()), "changed": changed}
    counts.update({name: count for name, count in found.items() if count})


def _paired(rows: list[Any]) -> dict[str, Any]:
    """Return children by what tells them apart: a key, else their name or place."""
    found: dict[str, Any] = {}
    for place, row in enumerate(rows):
        name = (
            (row.get("key") or row.get("name") or row.get("label") or row.get("kind")) if isinstance(row, dict) else ""
        )
        key = str(name or (row[1] if isinstance(row, list) and len(row) > 1 else place))
        found[key if key not in found else f"{key} {place}"] = row
    return found


def _plain(row: Any) -> Any:
    if not isinstance(row, dict):
        return row
    foreign = tuple(f"_{suffix}" for suffix in column_suffixes()[1:])
    return {
        name: value for name, value in row.items() if name not in ("pk", "sort_order") and not name.endswith(foreign)
    }


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_retold(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Return whether a Vietnamese text changes, so that its translations must be looked at."""
    names = {name for name in after if name in _TEXTS or name.endswith("_vi") or name == "cases"}
    return any(_plain_all(before.get(name)) != _plain_all(after.get(name)) for name in names)


def _plain_all(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain_all(part) for name, part in _plain(value).items()}
    return [_plain_all(part) for part in value] if isinstance(value, list) else value


def _outdated(keys: list[int]) -> dict[str, int]:
    """Return by language how many of the procedures have a translation (one query)."""
    columns = [f"name_{suffix}" for suffix in column_suffixes()[1:]]
    codes = [code for code, _name in settings.LANGUAGES][1:]
    rows = Procedure.objects.filter(pk__in=keys).order_by().values_list(*columns)
    found: Counter[str] = Counter()
    for names in rows:
        found.update(code for code, name in zip(codes, names, strict=True) if name)
    return {code: found[code] for code in codes}


def _centres(keys: Iterable[int]) -> int:
    """Return how many live centres receive one of them: the rule of Nghị định 118/2025 Điều 14 and its exceptions."""
    pks = list(keys)
    vertical = AgencyRole.objects.filter(procedures__in=pks, is_vertical=True).values("procedures")
    own = AgencyRole.objects.filter(procedures__in=pks, is_vertical=False).values("procedures")
    rows = Procedure.objects.filter(pk__in=pks)
    if rows.filter(Q(pk__in=own) | ~Q(pk__in=vertical)).exists():
        return Centre.objects.live().count()
    named = CentreException.objects.filter(Q(procedure__in=pks) | Q(field__in=rows.values("field")), receives=True)
    if named.filter(centre=None).exists():
        return Centre.objects.live().count()
    return Centre.objects.live().filter(pk__in=named.values("centre")).count()
