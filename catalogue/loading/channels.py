"""Ways of filing, each with its time limits and fees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catalogue.loading.fees import ParsedFee, parse_fee
from catalogue.loading.terms import ParsedTerm, note_of_fee, parse_term, with_labels
from catalogue.text import fold, nfc

KINDS = {"truc tiep": "counter", "truc tuyen": "online", "buu chinh": "post"}
_ORDER = ("counter", "online", "post")


def unknown_labels(details: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the labels that name no known kind: leaving them out would lose a limit and a fee."""
    labels = dict.fromkeys(nfc(detail["channel"]) for detail in details)
    return [label for label in labels if fold(label) not in KINDS]


def parse_channels(details: Sequence[Mapping[str, Any]], *, subject: str = "") -> list[dict[str, Any]]:
    """Return one channel a kind with its distinct limits and fees; every label must be a known one.

    `subject` is the procedure's name.
    """
    terms: dict[str, list[ParsedTerm]] = {}
    fees: dict[str, list[ParsedFee]] = {}
    for detail in details:
        kind = KINDS[fold(detail["channel"])]
        note = detail.get("note")
        is_uncertain = bool(detail.get("time_unit_uncertain"))
        terms.setdefault(kind, []).append(parse_term(detail.get("time"), note=note, is_uncertain=is_uncertain))
        fees.setdefault(kind, []).append(parse_fee(detail.get("fee"), note=note_of_fee(note), subject=subject))
    return [
        {
            "kind": kind,
            "terms": [_plain_term(term) for term in with_labels(terms[kind])],
            "fees": [_plain_fee(fee) for fee in dict.fromkeys(fees[kind])],
        }
        for kind in _ORDER
        if kind in terms
    ]


def _plain_term(term: ParsedTerm) -> dict[str, Any]:
    return {"label": term.label, "number": term.number, "unit": term.unit, "text": term.text}


def _plain_fee(fee: ParsedFee) -> dict[str, Any]:
    return {
        "label": fee.label,
        "kind": fee.kind,
        "amount": None if fee.amount is None else f"{fee.amount:.2f}",
        "currency": fee.currency,
        "certainty": fee.certainty,
        "text": fee.text,
    }
