"""Time and fee by channel, as rows of the table on a procedure's page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalogue.models import FeeItem, ProvinceProcedure, Term
from catalogue.text import fold
from portal import formatting
from portal.procedures.reading import Channel
from portal.texts import Text, text


@dataclass(frozen=True)
class Cell:
    """A limit or a fee: the case it is for, the figure, the source's words, a warning."""

    label: Text
    value: str
    text: Text
    warning: str = ""


@dataclass(frozen=True)
class Row:
    """A channel's line in the table."""

    name: str
    terms: list[Cell]
    fees: list[Cell]
    overlay: ProvinceProcedure | None


def term_cell(term: Term) -> Cell:
    """Show a limit; a placeholder shows as «not published» with what the source says in words."""
    label, words = text(term, "label"), text(term, "text")
    if fold(label.text.rstrip("…")) in fold(words.text):
        label = Text("", label.lang)
    return Cell(label, formatting.limit(term.number, term.unit), words)


def fee_cell(fee: FeeItem) -> Cell:
    """Show a fee: an amount only where it is stated, and always with its bracket."""
    value = formatting.money(fee.amount, fee.currency) if fee.amount is not None else ""
    warning = ""
    if fee.certainty == FeeItem.Certainty.SUSPECT:
        warning = _("The source's amount seems cut short: ask the centre")
    if fee.certainty == FeeItem.Certainty.DEPENDS:
        value = _("Depends")
    return Cell(text(fee, "label"), value, text(fee, "text"), warning)


def overlay_cells(overlay: ProvinceProcedure) -> tuple[list[Cell], list[Cell]]:
    """Show what the province decides: its limit and its fee, where it sets them."""
    nothing = Text("", "vi")
    terms = [Cell(nothing, formatting.limit(overlay.term_number, overlay.term_unit), nothing)]
    amount = formatting.money(overlay.fee_amount, "VND") if overlay.fee_amount is not None else ""
    fees = [Cell(nothing, amount, Text(overlay.fee_text, "vi"))]
    return (
        terms if overlay.term_unit else [],
        fees if overlay.fee_amount is not None or overlay.fee_text else [],
    )


def rows(channels: list[Channel]) -> list[Row]:
    """Return the table, the province's decision in place of what it replaces."""
    found = []
    for channel in channels:
        terms, fees = overlay_cells(channel.overlay) if channel.overlay else ([], [])
        found.append(
            Row(
                name=str(channel.row.get_kind_display()),
                terms=terms or unique([term_cell(term) for term in channel.terms]),
                fees=fees or unique([fee_cell(fee) for fee in channel.fees]),
                overlay=channel.overlay,
            )
        )
    return found


def unique(cells: list[Cell]) -> list[Cell]:
    """Return the cells without repeats, in order."""
    return list(dict.fromkeys(cells))


def are_alike(table: list[Row]) -> bool:
    """Return whether all channels say the same, so that one line can say it for all."""
    return len(table) > 1 and all(row.terms == table[0].terms and row.fees == table[0].fees for row in table)


def has_fallback(table: list[Row]) -> bool:
    """Return whether a text of the table stands in for a missing translation."""
    cells = [cell for row in table for cell in (*row.terms, *row.fees)]
    return any(cell.label.is_fallback or cell.text.is_fallback for cell in cells)
