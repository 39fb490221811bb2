"""The rows below a procedure: what stands, what is wanted, and what to write so that keys and ids stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import models

from catalogue import figures
from catalogue.loading.keys import counted_key, pair, text_key
from catalogue.loading.lookups import Lookups
from catalogue.loading.parts import Parts
from catalogue.models import Case, FeeItem, FilingChannel, Procedure, ProcedureResult, RequiredPaper, Term
from catalogue.models.procedures import column_suffixes

Row = Any
_ORDER = (ProcedureResult, FilingChannel, Case, Term, FeeItem, RequiredPaper)
_COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    ProcedureResult: ("code", "name_vi", "sort_order"),
    FilingChannel: ("kind", "sort_order"),
    Case: ("label_vi", "sort_order"),
    Term: ("label_vi", "number", "unit", "text_vi", "sort_order"),
    FeeItem: ("label_vi", "kind", "amount", "currency", "certainty", "text_vi", "sort_order"),
    RequiredPaper: ("name_vi", "kind", "handling", "originals", "copies", "form_id", "sort_order"),
}


class ChildBatch:
    """Collects rows to create, change and delete over many procedures, then writes them in bulk."""

    def __init__(self, lookups: Lookups) -> None:
        self.lookups = lookups
        self.created: dict[type[models.Model], list[Row]] = {model: [] for model in _ORDER}
        self.changed: dict[type[models.Model], list[Row]] = {model: [] for model in _ORDER}
        self.deleted: dict[type[models.Model], list[int]] = {model: [] for model in _ORDER}
        # Only these are written: an update of many rows costs Django a case a column and row.
        self.columns: dict[type[models.Model], set[str]] = {model: set() for model in _ORDER}

    def results(self, procedure: Procedure, wanted: list[list[str]], existing: Sequence[Row] = ()) -> None:
        """Bring the results to what is wanted."""
        rows = [ProcedureResult(procedure=procedure, code=code, name_vi=name) for code, name in wanted]
        self._merge(ProcedureResult, existing, rows, lambda row: row.name_vi or "", "r")

    def channels(self, procedure: Procedure, wanted: list[Parts], existing: Sequence[Row] = ()) -> None:
        """Bring the channels with their limits and fees to what is wanted."""
        rows = [FilingChannel(procedure=procedure, kind=part["kind"]) for part in wanted]
        kept = self._merge(FilingChannel, existing, rows, lambda row: row.kind, "")
        for channel, part in zip(kept, wanted, strict=True):
            terms = [_term(channel, term) for term in part["terms"]]
            fees = [_fee(channel, fee) for fee in part["fees"]]
            self._merge(Term, _below(channel, "terms"), terms, _term_text, "t")
            self._merge(FeeItem, _below(channel, "fees"), fees, _fee_text, "f")

    def papers(self, procedure: Procedure, wanted: list[Parts], existing: Sequence[Row] = ()) -> None:
        """Bring the cases with their papers to what is wanted."""
        rows = [Case(procedure=procedure, label_vi=part["label"]) for part in wanted]
        kept = self._merge(Case, existing, rows, lambda row: row.label_vi or "", "c")
        for case, part in zip(kept, wanted, strict=True):
            papers = [self._paper(case, paper) for paper in part["papers"]]
            self._merge(RequiredPaper, _below(case, "papers"), papers, lambda row: row.name_vi or "", "p")

    def write(self) -> None:
        """Write all that was collected."""
        for model in _ORDER:
            model._default_manager.filter(pk__in=self.deleted[model]).delete()
            for row in self.created[model]:
                _point_at_parent(row)
            model._default_manager.bulk_create(self.created[model], batch_size=500)
            if self.changed[model]:
                columns = sorted(column.removesuffix("_id") for column in with_translations(self.columns[model]))
                model._default_manager.bulk_update(self.changed[model], columns, batch_size=100)

    def _merge(
        self,
        model: type[models.Model],
        existing: Sequence[Row],
        wanted: list[Row],
        text_of: Callable[[Row], str],
        prefix: str,
    ) -> list[Row]:
        """Continue each existing row by the wanted one it most resembles; return the rows that stand then."""
        matches = pair([text_of(row) for row in existing], [text_of(row) for row in wanted]) if existing else []
        matches = matches or [None] * len(wanted)
        taken = [existing[index].key for index in matches if index is not None]
        kept = []
        for position, (row, index) in enumerate(zip(wanted, matches, strict=True)):
            row.sort_order = position
            if index is None:
                row.key = _new_key(prefix, row, text_of, taken)
                taken.append(row.key)
                self.created[model].append(row)
                kept.append(row)
                continue
            old = existing[index]
            differing = _copy(model, row, old)
            if differing:
                self.changed[model].append(old)
                self.columns[model].update(differing)
            kept.append(old)
        self.deleted[model] += [row.pk for index, row in enumerate(existing) if index not in matches]
        return kept

    def _paper(self, case: Case, part: Parts) -> RequiredPaper:
        return RequiredPaper(
            case=case,
            name_vi=part["name"],
            kind=part["kind"],
            handling=part["handling"],
            originals=part["originals"],
            copies=part["copies"],
            form_id=self.lookups.forms[part["form"]] if part["form"] else None,
        )


def clear_wrong_translations(row: Row, name: str) -> None:
    """Empty the translations of a text whose figures are no longer those of the Vietnamese."""
    source = getattr(row, f"{name}_vi") or ""
    for suffix in column_suffixes()[1:]:
        text = getattr(row, f"{name}_{suffix}") or ""
        if text and not figures.are_equal(source, text):
            setattr(row, f"{name}_{suffix}", "")


def translated_columns(names: Sequence[str]) -> list[str]:
    """Return the columns of these texts in every language but Vietnamese."""
    return [f"{name}_{suffix}" for name in names for suffix in column_suffixes()[1:]]


def _copy(model: type[models.Model], wanted: Row, old: Row) -> list[str]:
    differing = [column for column in _COLUMNS[model] if getattr(wanted, column) != getattr(old, column)]
    for column in differing:
        setattr(old, column, getattr(wanted, column))
        if column.endswith("_vi"):
            clear_wrong_translations(old, column.removesuffix("_vi"))
    return differing


def _new_key(prefix: str, row: Row, text_of: Callable[[Row], str], taken: list[str]) -> str:
    if not prefix:
        return text_of(row)
    return counted_key(prefix, taken) if prefix in ("t", "f") else text_key(prefix, text_of(row), taken)


def with_translations(columns: Iterable[str]) -> list[str]:
    """Return columns with those of the other languages beside each Vietnamese one: a wrong translation is emptied."""
    columns = list(columns)
    names = [column.removesuffix("_vi") for column in columns if column.endswith("_vi")]
    return [*columns, *translated_columns(names)]


def _below(parent: Row, name: str) -> list[Row]:
    return list(getattr(parent, name).all()) if parent.pk else []


def _point_at_parent(row: Row) -> None:
    """Give a new row the id that its parent got when it was written."""
    for name in ("channel", "case", "procedure"):
        if hasattr(row, f"{name}_id"):
            setattr(row, f"{name}_id", getattr(row, name).pk)


def _term(channel: FilingChannel, part: Parts) -> Term:
    return Term(channel=channel, label_vi=part["label"], number=part["number"], unit=part["unit"], text_vi=part["text"])


def _fee(channel: FilingChannel, part: Parts) -> FeeItem:
    return FeeItem(
        channel=channel,
        label_vi=part["label"],
        kind=part["kind"],
        amount=None if part["amount"] is None else Decimal(part["amount"]),
        currency=part["currency"],
        certainty=part["certainty"],
        text_vi=part["text"],
    )


def _term_text(row: Row) -> str:
    return f"{row.label_vi or ''}|{row.number or ''} {row.unit}|{row.text_vi or ''}"


def _fee_text(row: Row) -> str:
    amount = "" if row.amount is None else f"{float(row.amount):.2f}"
    return f"{row.label_vi or ''}|{row.kind}|{amount} {row.currency} {row.certainty}|{row.text_vi or ''}"
