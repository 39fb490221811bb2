"""What a saved view keeps of the list's address, and whether it still fits what there is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from desk import columns
from desk.forms.queue import QueueForm

KEPT = tuple(name for name in QueueForm.base_fields if name != "q")
"""Names of the address that belong to a view: not the page, and no search, which may name a person."""
USUAL_VALUES = {"cols": list(columns.USUAL)}
LONGEST = 200
"""Letters of one value: no filter has more."""
MOST_VALUES = 40
UNKEPT = re.compile("[\\0\\ud800-\\udfff]")
"""What no database keeps as text: NUL, and halves of a sign, which JSON can name."""


def kept(asked: QueryDict) -> dict[str, list[str]]:
    """Return what of an address is worth keeping: names of filters with their values."""
    values = {name: [value for value in asked.getlist(name) if value.strip()] for name in KEPT}
    return {name: found for name, found in values.items() if found and found != USUAL_VALUES.get(name)}


def is_whole(query: Any) -> bool:
    """Return whether a query has the shape that `kept` gives it, and nothing that no filter has."""
    return isinstance(query, Mapping) and all(
        name in KEPT
        and isinstance(values, list)
        and len(values) <= MOST_VALUES
        and all(isinstance(value, str) and len(value) <= LONGEST and not UNKEPT.search(value) for value in values)
        for name, values in query.items()
    )


def address_of(query: Mapping[str, list[str]]) -> QueryDict:
    """Return a kept query as an address."""
    address = QueryDict(mutable=True)
    for name in KEPT:
        if query.get(name):
            address.setlist(name, query[name])
    return address
