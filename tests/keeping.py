"""Rows that all tests of a module start from: made once, in a transaction around the tests' own, and rolled back.

Each test gets the objects as a copy of its own. A test that commits (`django_db(transaction=True)`) can't run inside:
it, and those of its module that run after it, make the rows for themselves.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

_open: list[Kept] = []
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
        _open.append(self)
        self.value = self.make()
        connection.run_on_commit.clear()

    def close(self) -> None:
        """Take the rows away again."""
        if self.block is not None:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)
            self.block = self.value = None
            _open.remove(self)

    def copy(self) -> Any:
        """Return the objects, for one test to change."""
        return self.make() if self.block is None else copy.deepcopy(self.value)


def kept(make: Callable[[], Any]) -> Any:
    """Return a fixture of the module, from whose value each test takes a copy."""

    @pytest.fixture(scope="module")
    def keep(django_db_setup: None, django_db_blocker: Any) -> Iterator[Kept]:
        found = Kept(make)
        with django_db_blocker.unblock():
            if not _is_committing:
                found.open()
        yield found
        with django_db_blocker.unblock():
            found.close()

    return keep


def before(item: pytest.Item, unblocked: Callable[[], Any]) -> None:
    """Close what is open where a test that commits is next."""
    global _is_committing
    marker = item.get_closest_marker("django_db")
    _is_committing = marker is not None and bool(marker.kwargs.get("transaction"))
    if _is_committing or "transactional_db" in getattr(item, "fixturenames", ()):
        with unblocked():
            while _open:
                _open[-1].close()
