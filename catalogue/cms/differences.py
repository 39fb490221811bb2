"""What a change does to a row, column by column and child by child, as words for the eye."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from catalogue.cms.marked_text import marked_pair
from catalogue.models import Proposal
from catalogue.models.procedures import column_suffixes

NOTHING = "–"


@dataclass(frozen=True)
class Difference:
    """One column, before and after; of a child with its own name before it."""

    name: str
    before: str
    after: str

    @property
    def marked(self) -> tuple[SafeString, SafeString]:
        """Return both sides as HTML with the differing words marked."""
        return marked_pair(self.before, self.after)


def differences(proposal: Proposal) -> list[Difference]:
    """Return the columns that differ; of a row that comes or goes, all that aren't empty (a query a reference)."""
    model = proposal.kind.model_class()
    assert model is not None
    after = {} if proposal.act in (Proposal.Act.DELETE, Proposal.Act.UNPUBLISH) else proposal.after
    return list(compare(model, proposal.before, after))


def compare(
    model: type[models.Model], before: dict[str, Any], after: dict[str, Any], prefix: str = ""
) -> Iterator[Difference]:
    """Yield the columns, links and children in which two contents of a row differ."""
    names = {field.name for field in model._meta.fields}
    for field in model._meta.fields:
        # A bare column beside its languages holds whichever language was active.
        is_bare = f"{field.name}_{column_suffixes()[0]}" in names
        if field.primary_key or is_bare or not field.editable or field.name in ("order", "sort_order", "key"):
            continue
        old, new = before.get(field.name), after.get(field.name)
        if old != new and not (old in ("", None) and new in ("", None)):
            yield Difference(f"{prefix}{capfirst(str(field.verbose_name))}", _shown(field, old), _shown(field, new))
    for link in model._meta.many_to_many:
        old_keys, new_keys = before.get(link.name) or [], after.get(link.name) or []
        if set(old_keys) != set(new_keys):
            name = f"{prefix}{capfirst(str(link.verbose_name))}"
            yield Difference(name, _named(link, old_keys), _named(link, new_keys))
    for relation in model._meta.related_objects:
        name = relation.get_accessor_name() or ""
        if isinstance(before.get(name), list) or isinstance(after.get(name), list):
            yield from _compare_children(relation, before.get(name) or [], after.get(name) or [], prefix)


def _compare_children(relation: Any, old: list[Any], new: list[Any], prefix: str) -> Iterator[Difference]:
    kept = {_identity(row): row for row in new if _identity(row)}
    child = relation.related_model
    back = relation.field.name
    for row in old:
        later = kept.pop(_identity(row), {})
        yield from compare(child, _without(row, back), _without(later, back), _heading(child, later or row, prefix))
    for row in [*kept.values(), *(row for row in new if not _identity(row))]:
        yield from compare(child, {}, _without(row, back), _heading(child, row, prefix))


def _identity(row: dict[str, Any]) -> Any:
    """Return what tells a child from its neighbours: its key, which stays when it is written anew, else its id."""
    return row.get("key") or row.get("pk")


def _heading(child: Any, row: dict[str, Any], prefix: str) -> str:
    """Return the kind of a child and, where it has one, its name: «Paper «Tờ khai…»: »."""
    name = str(row.get("name_vi") or row.get("label_vi") or "")
    shown = name if len(name) <= 60 else f"{name[:60]}…"
    kind = capfirst(str(child._meta.verbose_name))
    return f"{prefix}{kind} «{shown}»: " if shown else f"{prefix}{kind}: "


def _without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


def _named(link: Any, keys: list[Any]) -> str:
    found = link.related_model._default_manager.filter(pk__in=keys)
    return "; ".join(str(row) for row in found) or NOTHING


def _shown(field: models.Field[Any, Any], value: Any) -> str:
    if value in ("", None):
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field.remote_field is not None and field.related_model is not None:
        assert not isinstance(field.related_model, str)
        found = field.related_model._default_manager.filter(pk=value).first()
        return str(found) if found else f"#{value}"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
        return date_format(dt.date.fromisoformat(str(value)), "d/m/Y")
    return str(value)
