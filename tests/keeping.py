"""Rows that all tests of a module start from: made once, in a transaction around the tests' own, and rolled back.

Each test gets the objects as a copy of its own. A test that commits (`django_db(transaction=True)`) can't run inside:
it makes the rows for itself. One that asks for no such rows doesn't find them.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

_alive: list[Kept] = []
"""Of the module whose tests run."""
_is_committing = False


class Kept:
    """What one call made."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make
        self.value: Any = None
        self.block: Any = None

    def open(self) -> None:
        """Make the rows."""
        self.block = transaction.atomic()
        self.block.__enter__()
        with translation.override(settings.LANGUAGE_CODE):  # Bare columns of translated rows are of this language.
            self.value = self.make()
        connection.run_on_commit.clear()

    def close(self) -> None:
        """Take the rows away again."""
        if self.block is not None:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)
            self.block = self.value = None

    def copy(self) -> Any:
        """Return the objects, for one test to change."""
        return self.make() if self.block is None else copy.deepcopy(self.value)


def kept(make: Callable[[], Any]) -> Any:
    """Return a fixture of the module, from whose value each test takes a copy."""

    @pytest.fixture(scope="module")
    def keep(django_db_setup: None, django_db_blocker: Any) -> Iterator[Kept]:
        found = Kept(make)
        _alive.append(found)
        with django_db_blocker.unblock():
            if not _is_committing:
                found.open()
        yield found
        _alive.remove(found)
        with django_db_blocker.unblock():
            found.close()

    return keep


def before(item: pytest.Item, unblocked: Callable[[], Any]) -> None:
    """Take the rows away from a test that commits or doesn't ask for them, and bring them for the next that does."""
    global _is_committing
    marker, names = item.get_closest_marker("django_db"), getattr(item, "fixturenames", ())
    _is_committing = "transactional_db" in names or (marker is not None and bool(marker.kwargs.get("transaction")))
    is_asked = any(name.startswith("kept_") for name in names) and not _is_committing
    if not _alive:
        return
    with unblocked():
        for each in _alive:
            if is_asked and each.block is None:
                each.open()
            elif not is_asked:
                each.close()
