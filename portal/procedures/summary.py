"""The four facts at one glance: how long, how much, where, who for. What isn't known is said so, never guessed."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.models import FeeItem, FilingChannel, Term
from portal import formatting
from portal.procedures.reading import Channel, Parts
from portal.texts import Text, text


@dataclass(frozen=True)
class Fact:
    """A figure and a small line under it; an empty figure is «not published»."""

    value: str
    note: str = ""
    anchor: str = ""
    """The part of the page that the note sends to, where that isn't the fact's own."""


def limit_values(channels: list[Channel]) -> list[tuple[int | None, str]]:
    """Return the (number, unit) pairs in force, the province's decision before the national limit."""
    values: list[tuple[int | None, str]] = []
    for channel in channels:
        if channel.overlay and channel.overlay.term_unit:
            values.append((channel.overlay.term_number, channel.overlay.term_unit))
            continue
        values += [(term.number, term.unit) for term in channel.terms]
    return values


def how_long(parts: Parts) -> Fact:
    """Say the limit, a range where there are several, nothing where none is usable."""
    values = limit_values(parts.channels)
    known = {value for value in values if value[1] != Term.Unit.UNKNOWN}
    note = _("Some cases have no published limit") if known and len(known) < len(set(values)) else ""
    if not known:
        has_text = any(term.text for channel in parts.channels for term in channel.terms)
        return Fact("", _("See «Time and fee»")) if has_text else Fact("", _("The steps may say it"), "steps")
    if len(known) == 1:
        return Fact(formatting.limit(*known.pop()), note)
    counted = {unit for number, unit in known if number is not None}
    if len(counted) == 1 and len(known) == len({n for n, _unit in known}):
        numbers = [number for number, _unit in known if number is not None]
        unit = counted.pop()
        if len(numbers) == len(known):
            return Fact(formatting.limit_range(min(numbers), max(numbers), unit), note or _("By case and channel"))
    return Fact(_("Depends on the case"), _("See «Time and fee»"))


def how_much(parts: Parts) -> Fact:
    """Say the fee. Unknown is never «free», and a suspect amount never stands here."""
    amounts, open_ends, with_text = set(), 0, False
    for channel in parts.channels:
        if channel.overlay and (channel.overlay.fee_amount is not None or channel.overlay.fee_text):
            if channel.overlay.fee_amount is None:
                open_ends += 1
            else:
                amounts.add((channel.overlay.fee_amount, "VND"))
            continue
        for fee in channel.fees:
            with_text = with_text or bool(fee.text)
            if fee.certainty == FeeItem.Certainty.STATED and fee.amount is not None:
                amounts.add((fee.amount, fee.currency))
            else:
                open_ends += 1
    if not amounts:
        return Fact(_("Depends on the case"), _("See «Time and fee»")) if with_text else Fact("")
    if len(amounts) == 1 and not open_ends:
        return Fact(formatting.money(*amounts.pop()), _("See the note under «Time and fee»") if with_text else "")
    currencies = {currency for _amount, currency in amounts}
    if open_ends or len(currencies) > 1:
        return Fact(_("Depends on the case"), _("See «Time and fee»"))
    low, high = min(amounts)[0], max(amounts)[0]
    currency = currencies.pop()
    value = _("%(low)s to %(high)s") % {
        "low": formatting.money(low, currency),
        "high": formatting.money(high, currency),
    }
    return Fact(value, _("By case and channel"))


def where(parts: Parts) -> Fact:
    """Say the levels that settle it, and the ways to file under them."""
    row = parts.procedure
    levels = [
        (row.is_commune_level, _("Commune")),
        (row.is_province_level, _("Province")),
        (row.is_ministry_level, _("Ministry")),
        (row.is_other_level, _("Other body")),
    ]
    kinds = [channel.row.kind for channel in parts.channels]
    labels = {
        FilingChannel.Kind.COUNTER: _("in person"),
        FilingChannel.Kind.ONLINE: _("online"),
        FilingChannel.Kind.POST: _("by post"),
    }
    ways = [str(labels[FilingChannel.Kind(kind)]) for kind in kinds]
    note = ", ".join(ways)
    return Fact(", ".join(name for is_so, name in levels if is_so), note[:1].upper() + note[1:])


def who_for(parts: Parts) -> tuple[list[Text], str, list[Text]]:
    """Return the first two audiences, how many more there are, in words, and these."""
    names = [text(audience, "name") for audience in parts.audiences]
    more = len(names) - 2
    words = ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more} if more > 0 else ""
    return names[:2], words, names[2:]
