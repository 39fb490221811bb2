"""How long a settlement may take: the number of the catalogue, or the date that an officer sets where it has none."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalogue.models import Term

Unit = Term.Unit
IN_DAYS = (Unit.WORKING_DAY, Unit.DAY, Unit.MONTH)
IN_HOURS = (Unit.HOUR, Unit.WORKING_HOUR)
WITHOUT_NUMBER = (Unit.NONE, Unit.UNKNOWN)


class DeadlineError(ValueError):
    """A due date that can't be reckoned as asked; its text tells an officer why."""


class NoNumberError(DeadlineError):
    """The published limit has no number: the officer sets the date and quotes the text (`SetDate`)."""


@dataclass(frozen=True)
class Limit:
    """A time limit: `number` of `unit` (None for a same-day result), and what the source says beside it.

    Raises DeadlineError where number and unit don't belong together. `none` and `unknown` are limits too, but nothing
    can be reckoned from them: see `require_number`.
    """

    number: int | None
    unit: str
    text: str = ""

    def __post_init__(self) -> None:
        if self.unit not in Unit.values:
            raise DeadlineError(_("«%(unit)s» is no unit of a time limit.") % {"unit": self.unit})
        if (self.unit in Term.COUNTED) != (self.number is not None) or (self.number is not None and self.number < 1):
            raise DeadlineError(_("A number and a unit that counts belong together."))

    @classmethod
    def of(cls, term: Term) -> Limit:
        """Return the limit of a catalogue row; its text in Vietnamese, which is what binds."""
        return cls(term.number, term.unit, term.text_vi or term.label_vi or "")  # type: ignore[attr-defined]

    def require_number(self) -> None:
        """Raise NoNumberError, with the text to quote, where the officer must set the date."""
        if self.unit in WITHOUT_NUMBER:
            raise NoNumberError(
                _("The time limit has no number: set the date and quote the text. It says: «%(text)s»")
                % {"text": self.text or _("nothing")}
            )


@dataclass(frozen=True)
class SetDate:
    """The due date that an officer sets where the limit has no number, with the text it is read from."""

    on: dt.date
    text: str

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise DeadlineError(_("Quote the text from which the date is read."))
