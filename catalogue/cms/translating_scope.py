"""What an address of the translating screens names: a language, a kind of row, a row that the person may edit."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest

from catalogue.editing.reach import editing_reach, today
from catalogue.translating.kinds import KINDS, Kind, languages


def language_of(code: str) -> str:
    """Return a language's name; raises Http404 for the Vietnamese and unknown ones."""
    name = dict(languages()).get(code)
    if name is None:
        raise Http404
    return name


def kind_of(name: str) -> Kind:
    """Return a kind of row; raises Http404."""
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def row_of(request: HttpRequest, kind: Kind, pk: int) -> Any:
    """Return a row that the person may edit; raises Http404 for all others (one to three queries)."""
    rows = kind.model._default_manager.all()
    try:
        return editing_reach(request.user, today()).within(rows).get(pk=pk)
    except (ObjectDoesNotExist, OverflowError) as error:
        raise Http404 from error
