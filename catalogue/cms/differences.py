"""What a proposal changes, column by column and child by child, as words for the eye."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from catalogue.models import Proposal
from catalogue.models.procedures import column_suffixes

LONGEST = 400


@dataclass(frozen=True)
class Difference:
    """One column, before and after; of a child with its own name before it."""

    name: str
    before: str
    after: str


def differences(proposal: Proposal) -> list[Difference]:
    """Return the columns that differ; of a row that comes or goes, all that aren't empty (a query a reference)."""
    model = proposal.kind.model_class()
    assert model is not None
    before = proposal.before
    after = {} if proposal.act in (Proposal.Act.DELETE, Proposal.Act.UNPUBLISH) else proposal.after
    return list(_compare(model, before, after, ""))


def _compare(
    model: type[models.Model], before: dict[str, Any], after: dict[str, Any], prefix: str
) -> Iterator[Difference]:
    names = {field.name for field in model._meta.fields}
    for field in model._meta.fields:
        # A bare column beside its languages holds whichever language was active.
        is_bare = f"{field.name}_{column_suffixes()[0]}" in names
        if field.primary_key or is_bare or not field.editable or field.name == "order":
            continue
        old, new = before.get(field.name), after.get(field.name)
        if old != new and not (old in ("", None) and new in ("", None)):
            yield Difference(f"{prefix}{capfirst(str(field.verbose_name))}", _shown(field, old), _shown(field, new))
    for relation in model._meta.related_objects:
        name = relation.get_accessor_name()
        old_rows, new_rows = before.get(name or ""), after.get(name or "")
        if isinstance(old_rows, list) or isinstance(new_rows, list):
            yield from _compare_children(relation, old_rows or [], new_rows or [], prefix)


def _compare_children(relation: Any, old: list[Any], new: list[Any], prefix: str) -> Iterator[Difference]:
    kept = {row["pk"]: row for row in new if row.get("pk")}
    child = relation.related_model
    name = f"{prefix}{capfirst(str(child._meta.verbose_name))}: "
    back = relation.field.name
    for row in old:
        yield from _compare(child, _without(row, back), _without(kept.pop(row["pk"], {}), back), name)
    for row in [*kept.values(), *(row for row in new if not row.get("pk"))]:
        yield from _compare(child, {}, _without(row, back), name)


def _without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


def _shown(field: models.Field[Any, Any], value: Any) -> str:
    if value in ("", None):
        return "–"
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
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
