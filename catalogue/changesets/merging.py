"""Three-way merging of a row's plain content: what it was, what it is now, and what it shall be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

Content = dict[str, Any]

# What belongs to the row as a whole and not to its content.
BOOKKEEPING = frozenset(
    {
        *("live", "latest_revision", "live_revision", "has_unpublished_changes", "first_published_at"),
        *("last_published_at", "go_live_at", "expire_at", "expired", "locked", "locked_at", "locked_by"),
        *("updated_at", "search_marked", "search_folded", "imported", "ground"),
    }
)
_ORDER = frozenset({"sort_order", "order"})


@dataclass(frozen=True)
class Clash:
    """One value that two people changed differently: the row keeps `mine`; `theirs` is what the decision says."""

    path: tuple[str, ...]
    base: Any
    mine: Any
    theirs: Any


@dataclass
class Merged:
    """The merged content, and where it couldn't be merged."""

    content: Content
    clashes: list[Clash] = field(default_factory=list)


def merge(base: Content, mine: Content, theirs: Content) -> Merged:
    """Bring what changed from `base` to `theirs` into `mine`, value by value and child by child (by their keys).

    A value that changed on both sides, and differently, stays as in `mine` and is a clash. Children are told apart by
    `key`; a child that only one side added stays, one that `theirs` removed goes unless its law changed in `mine`.
    """
    merged = Merged({})
    merged.content = _merge_row(base, mine, theirs, (), merged.clashes)
    return merged


def _merge_row(base: Content, mine: Content, theirs: Content, path: tuple[str, ...], clashes: list[Clash]) -> Content:
    found = dict(mine)
    for name in [*mine, *(name for name in theirs if name not in mine)]:
        if name in BOOKKEEPING or name == "pk" or _is_bare(name, mine, theirs):
            continue
        old, new, here = base.get(name), theirs.get(name), mine.get(name)
        if new == old or here == new:
            continue
        if _are_children(old, new, here):
            found[name] = _merge_children(old or [], here or [], new or [], (*path, name), clashes)
        elif _are_links(old, new, here):
            found[name] = _merge_links(old or [], here or [], new or [])
        elif here == old or name in _ORDER:
            found[name] = new
        else:
            clashes.append(Clash((*path, name), old, here, new))
    for name in found:
        if _is_bare(name, found, {}):
            found[name] = found[f"{name}_{_source()}"]
    return found


def _merge_children(
    base: list[Content], mine: list[Content], theirs: list[Content], path: tuple[str, ...], clashes: list[Clash]
) -> list[Content]:
    old, here, new = _by_key(base), _by_key(mine), _by_key(theirs)
    found: dict[str, Content] = {}
    for key in _order(base, mine, theirs):
        where = (*path, key)
        if key in new and key in here:
            found[key] = _merge_row(old.get(key, {}), here[key], new[key], where, clashes)
        elif key in new and key not in old:
            found[key] = {**new[key], "pk": None}
        elif key in new:
            # `mine` removed it: it stays away, and if its law changed meanwhile somebody must look.
            if not is_same_law(old[key], new[key]):
                clashes.append(Clash(where, old[key], None, new[key]))
        elif key not in old:
            found[key] = here[key]
        elif not is_same_law(old[key], here[key]):
            clashes.append(Clash(where, old[key], here[key], None))
            found[key] = here[key]
    return [row | dict.fromkeys(_ORDER & row.keys(), place) for place, row in enumerate(found.values())]


def _order(base: list[Content], mine: list[Content], theirs: list[Content]) -> list[str]:
    """Return all keys: in the order of `theirs` where it changed the order, else of `mine`, the rest at its end."""
    first, second = (theirs, mine) if list(_by_key(base)) != list(_by_key(theirs)) else (mine, theirs)
    return list(dict.fromkeys([*_by_key(first), *_by_key(second)]))


def is_same_law(one: Any, other: Any) -> bool:
    """Return whether two contents say the same in Vietnamese, their children included."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = {name for name in {*one, *other} if not _is_beside_the_law(name, one, other)}
        return all(is_same_law(one.get(name), other.get(name)) for name in names)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(is_same_law(*pair) for pair in zip(one, other, strict=True))
    return bool((one or None) == (other or None))


def _is_beside_the_law(name: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    foreign = [code.replace("-", "_") for code, _name in settings.LANGUAGES][1:]
    is_translation = any(name.endswith(f"_{suffix}") for suffix in foreign)
    return name in BOOKKEEPING or name == "pk" or name in _ORDER or is_translation or _is_bare(name, one, other)


def _is_bare(name: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether a column has columns a language beside it: it holds whichever language was active."""
    column = f"{name}_{_source()}"
    return column in one or column in other


def _source() -> str:
    return settings.LANGUAGE_CODE.replace("-", "_")


def _are_children(*lists: Any) -> bool:
    rows = [row for rows in lists if isinstance(rows, list) for row in rows]
    return bool(rows) and all(isinstance(row, dict) and "key" in row for row in rows)


def _are_links(*lists: Any) -> bool:
    return all(value is None or isinstance(value, list) for value in lists)


def _merge_links(base: list[Any], mine: list[Any], theirs: list[Any]) -> list[Any]:
    gone = [pk for pk in base if pk not in theirs]
    return list(dict.fromkeys([*(pk for pk in mine if pk not in gone), *(pk for pk in theirs if pk not in base)]))


def _by_key(rows: Iterable[Content]) -> dict[str, Content]:
    return {str(row["key"]): row for row in rows}
