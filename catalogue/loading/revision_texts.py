"""Put translations into the revisions that editors open, so that a later publish doesn't undo them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from wagtail.models import Revision, RevisionMixin

from catalogue.models import Centre, Procedure

# Relation of a revision's content → model label of the rows in it.
_RELATIONS = {
    "results": "procedureresult",
    "channels": "filingchannel",
    "terms": "term",
    "fees": "feeitem",
    "cases": "case",
    "papers": "requiredpaper",
    "points": "servicepoint",
}
# How a row below one with revisions leads to it.
_TO_ROW_ABOVE: dict[str, tuple[type[models.Model], str]] = {
    "procedureresult": (Procedure, "procedure"),
    "filingchannel": (Procedure, "procedure"),
    "case": (Procedure, "procedure"),
    "term": (Procedure, "channel__procedure"),
    "feeitem": (Procedure, "channel__procedure"),
    "requiredpaper": (Procedure, "case__procedure"),
    "servicepoint": (Centre, "centre"),
}
Texts = Mapping[tuple[str, int], Mapping[str, tuple[str, str]]]
"""Model and id → column → the Vietnamese that the translation was made from, and the translation."""
Fits = Callable[[str, Mapping[str, Any], str, str], bool]
"""Whether a text may go into a revision: model, the row's content in it, column, the Vietnamese it was made from."""


def beside_the_same_vietnamese(model: str, content: Mapping[str, Any], column: str, source: str) -> bool:
    """Return whether the revision's Vietnamese is the one that the translation was made from."""
    return (content.get(_source_column(column, content)) or "") == source


def refresh_rows_above(texts: Texts, fits: Fits = beside_the_same_vietnamese) -> None:
    """Bring revisions, search columns and times of change up to date."""
    touched: dict[Any, set[int]] = _touched(texts)
    for model, pks in touched.items():
        if not issubclass(model, RevisionMixin):
            continue
        rows = list(model._default_manager.filter(pk__in=pks))
        revisions = {
            pk for row in rows for pk in (row.latest_revision_id, getattr(row, "live_revision_id", None)) if pk
        }
        patch_revisions(sorted(revisions), model._meta.model_name or "", texts, fits)
        columns = [column for column in ("updated_at", "search_marked", "search_folded") if hasattr(model, column)]
        for row in rows:
            if hasattr(row, "fill_search_columns"):
                row.fill_search_columns()
            row.updated_at = timezone.now()
        if columns:
            model._default_manager.bulk_update(rows, columns, batch_size=100)


def patch_revisions(pks: Sequence[int], model: str, texts: Texts, fits: Fits = beside_the_same_vietnamese) -> None:
    """Write texts into revisions where they fit."""
    for start in range(0, len(pks), 100):
        changed = []
        for revision in Revision.objects.filter(pk__in=pks[start : start + 100]):
            if patch_content(revision.content, model, texts, fits):
                changed.append(revision)
        Revision.objects.bulk_update(changed, ["content"], batch_size=50)


def patch_content(content: dict[str, Any], model: str, texts: Texts, fits: Fits) -> bool:
    """Write texts into a row's content and its children's where they fit; return whether one changed."""
    is_changed = False
    for column, (source, text) in texts.get((model, content.get("pk") or 0), {}).items():
        if content.get(column) != text and fits(model, content, column, source):
            content[column] = text
            is_changed = True
    for name, child_model in _RELATIONS.items():
        for child in content.get(name) or ():
            if isinstance(child, dict):
                is_changed |= patch_content(child, child_model, texts, fits)
    return is_changed


def _source_column(column: str, content: Mapping[str, Any]) -> str:
    """Return «name_vi» for «name_zh_hans»."""
    parts = column.split("_")
    stems = ("_".join(parts[:end]) for end in range(len(parts) - 1, 0, -1))
    return next((f"{stem}_vi" for stem in stems if f"{stem}_vi" in content), "")


def _touched(texts: Texts) -> dict[type[models.Model], set[int]]:
    """Return the rows that have revisions and hold a changed text, themselves or below them."""
    below: dict[str, set[int]] = defaultdict(set)
    for kind, pk in texts:
        below[kind].add(pk)
    found: dict[type[models.Model], set[int]] = defaultdict(set)
    for name, pks in below.items():
        model = apps.get_model("catalogue", name)
        if name not in _TO_ROW_ABOVE:
            found[model] |= pks
            continue
        above, path = _TO_ROW_ABOVE[name]
        found[above].update(_through(model, path, sorted(pks)))
    return found


def _through(model: type[models.Model], path: str, pks: list[int]) -> Iterable[int]:
    for start in range(0, len(pks), 500):
        yield from model._default_manager.filter(pk__in=pks[start : start + 500]).values_list(path, flat=True)
