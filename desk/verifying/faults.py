"""What can be wrong with a dossier, an event, a file of heads or a counter, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

TEXTS = {
    "event.missing": _("this event is missing"),
    "event.double": _("this number was given twice"),
    "event.altered": _("the event isn't as it was sealed: changed, or sealed with another key"),
    "event.chain": _("it doesn't hang on the event before it"),
    "event.body": _("what the event holds can't be read"),
    "event.unknown": _("events don't hold such a field"),
    "event.move": _("no rule allows this act here: state %(expected)s → %(found)s"),
    "event.first": _("a dossier can't begin with this act"),
    "event.undo": _("it doesn't bring back what stood before, or wasn't to be undone by this person then"),
    "event.shadow": _("a dossier that a ministry's system settles is changed by what that system tells alone"),
    "event.order": _("it is earlier than the event before it: %(found)s after %(expected)s"),
    "event.differs": _("the event says %(found)s, what was folded from the events is %(expected)s"),
    "event.orphan": _("events of a dossier that isn't there"),
    "dossier.field": _("the events say %(expected)s, the dossier has %(found)s"),
    "dossier.head": _("the last event is %(expected)s, the dossier has %(found)s"),
    "dossier.empty": _("the dossier has no event"),
    "row.changed": _("the row isn't as the events have it"),
    "row.missing": _("the events know this row, and it isn't there"),
    "row.unknown": _("no event knows this row"),
    "text.changed": _("the personal text isn't what the event has the digest of"),
    "text.missing": _("the personal text is gone without a note that it was erased"),
    "text.unknown": _("no event knows this personal text"),
    "text.erased": _("it is noted as erased, but something is left"),
    "rule.received": _("received is what has a date of receipt: state %(found)s"),
    "rule.result": _("a finished dossier has one valid result of its outcome, another has none: %(found)s"),
    "rule.settled": _("settled is what is finished, withdrawn after the receipt, or ended and handed back"),
    "rule.stands": _("the clock stands exactly while something is asked for or it is stopped: %(found)s open"),
    "rule.due": _("there is a due date exactly while the clock runs"),
    "rule.hand_over": _("nothing can wait to be taken over in this state: %(found)s"),
    "rule.paid": _("the confirmed payments are %(expected)s, the dossier has %(found)s"),
    "rule.came_from": _("the state before the request is kept exactly while something is asked for"),
    "rule.stop": _("the kind of stop is kept exactly while it is stopped, and after an end"),
    "rule.asked": _("the requests for more are %(expected)s, the dossier has %(found)s"),
    "rule.open_request": _("a request is open exactly in the state that waits for it: %(found)s open"),
    "rule.mirrored": _("a ministry's dossier is settled when it is finished there"),
    "holder.ended": _("there is still something to do, and it is held by an agency that has ended: %(found)s"),
    "code.gap": _("codes were given and there is no dossier: %(found)s"),
    "code.beyond": _("codes that the counter of the series hasn't given yet: %(found)s"),
    "slip.gap": _("numbers of slips were given and there is no slip: %(found)s"),
    "slip.beyond": _("numbers of slips that the counter hasn't given yet: %(found)s"),
    "count.differs": _("the counter says %(found)s, there are %(expected)s"),
    "count.sum": _("a sum of the counters isn't what they add up to: %(found)s"),
    "heads.altered": _("the file isn't as it was sealed: %(found)s"),
    "heads.missing": _("the file of this day's heads is missing"),
    "heads.chain": _("the file doesn't follow that of the day before"),
    "heads.seal": _("the file has another seal than was noted when it was written"),
    "heads.dossier": _("its head was anchored on %(found)s, and the dossier isn't there"),
    "heads.head": _("its head was anchored on %(found)s, and isn't in the chain any more"),
    "heads.series": _("%(expected)s numbers were anchored, the counter says %(found)s"),
    "trigger.missing": _("the trigger that protects the event log is missing: run migrate"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, and what was expected and found there. Nothing personal."""

    kind: str
    code: str = ""
    number: int | None = None
    field: str = ""
    expected: str = ""
    found: str = ""

    def __str__(self) -> str:
        """Say it in the language of the moment: code, event, field, what is wrong."""
        place = [self.code] if self.code else []
        if self.number is not None:
            place.append(str(_("event %(number)d")) % {"number": self.number})
        if self.field:
            place.append(self.field)
        told = str(TEXTS[self.kind]) % {"expected": self.expected or "–", "found": self.found or "–"}
        return f"{' · '.join(place)}: {told}" if place else told


def said(value: object) -> str:
    """Return a value as a fault shows it."""
    return "–" if value is None or value == "" else str(value)[:100]
