"""Where a page of a queue ended: signed, so that nothing but what we gave comes back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core import signing
from django.utils.translation import gettext as _

SALT = "desk.queues"
LONGEST = 300


class CursorError(ValueError):
    """A cursor that isn't one of ours, or of a list in another order. Its text tells the officer what to do."""

    def __init__(self) -> None:
        super().__init__(_("This page of the list can't be opened: begin at its first page."))


@dataclass(frozen=True)
class Spot:
    """The last row of a page: the order in which it stood, its moment (None: it has none) and key."""

    order: str
    moment: dt.datetime | None
    pk: int


def written(spot: Spot) -> str:
    """Return a spot as a cursor, fit for an address."""
    moment = spot.moment.astimezone(dt.UTC).isoformat() if spot.moment else ""
    return signing.Signer(salt=SALT).sign_object([spot.order, moment, spot.pk])


def read(cursor: str, order: str) -> Spot:
    """Return the spot of a cursor. Raises CursorError."""
    try:
        if len(cursor) > LONGEST:
            raise CursorError
        told, moment, pk = signing.Signer(salt=SALT).unsign_object(cursor)
        spot = Spot(told, dt.datetime.fromisoformat(moment) if moment else None, pk)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise CursorError from error
    if spot.order != order:
        raise CursorError
    return spot
