"""Acts on many dossiers at once that ask something of each: the number of its result, who took it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.forms.base import ActForm, box_field
from desk.forms.fields import day_field, line_field, text_field
from desk.forms.paying import unpaid
from desk.models import Dossier
from desk.result_numbers import given_before, twice
from desk.states import Outcome


class RowsForm(ActForm):
    """What is asked once stands in `shared`; a row has a field of each of `asked_of_each`, named with its key."""

    asked_of_each: Mapping[str, Callable[[], forms.Field]] = {}
    """The fields of a row by name, each made anew for every dossier."""

    def prepare(self) -> None:
        """Give each dossier its fields."""
        for dossier in self.dossiers:
            for name, make in self.asked_of_each.items():
                self.fields[f"{name}-{dossier.pk}"] = make()

    @property
    def shared(self) -> list[BoundField]:
        """Return the fields that are asked once."""
        return [field for field in self.visible_fields() if "-" not in field.name]

    @property
    def rows(self) -> Iterator[tuple[Dossier, list[BoundField]]]:
        """Yield each dossier with its fields."""
        for dossier in self.dossiers:
            yield dossier, [self[f"{name}-{dossier.pk}"] for name in self.asked_of_each]

    def details(self) -> dict[str, Any]:
        """Return what is asked once."""
        return {name: value for name, value in super().details().items() if "-" not in name}

    def details_of(self, dossier: Dossier, shared: dict[str, Any]) -> dict[str, Any]:
        """Return it with what stands in the dossier's row."""
        return shared | {name: self.cleaned_data[f"{name}-{dossier.pk}"] for name in self.asked_of_each}


class FinishManyForm(RowsForm):
    """Results that one person signed on one day: a number and an outcome a row."""

    signed_on = day_field(gettext_lazy("Signed on"))
    signatory = line_field(gettext_lazy("Signed by"))
    valid_to = day_field(gettext_lazy("Valid until"), required=False)
    asked_of_each = {
        "number": lambda: line_field(_("Number of the result"), most=100),
        "outcome": lambda: forms.ChoiceField(label=_("Result"), choices=Outcome.choices),
        "reason": lambda: line_field(_("Reason of a refusal"), required=False),
    }

    def prepare(self) -> None:
        """Propose today."""
        super().prepare()
        self.fields["signed_on"].initial = self.day

    is_twice = box_field(gettext_lazy("It is right: these numbers were given twice"))
    is_unpaid = box_field(gettext_lazy("Go on: the results are signed although a fee isn't paid"))
    boxes = ("is_twice", "is_unpaid")

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of each refusal where it is missing, about numbers given twice, and fees that are owed."""
        data = super().clean() or self.cleaned_data
        for dossier in self.dossiers:
            name = f"reason-{dossier.pk}"
            if data.get(f"outcome-{dossier.pk}") == Outcome.REFUSED and not data.get(name, "").strip():
                self.add_error(name, _("A refusal needs its reason: the letter gives it too."))
        self._ask_about_numbers(data)
        granted = [row for row in self.dossiers if data.get(f"outcome-{row.pk}") == Outcome.GRANTED]
        if owing := [row.code for row in granted if unpaid(row)]:
            told = _("A fee is still owed: %(codes)s. Look, then tick this.")
            self.ask("is_unpaid", told % {"codes": ", ".join(owing[:10])})
        return data

    def _ask_about_numbers(self, data: dict[str, Any]) -> None:
        """Ask about numbers that were given before, or stand here in two rows of one agency."""
        numbers = {row.code: data.get(f"number-{row.pk}", "").strip() for row in self.dossiers}
        first: dict[tuple[int, str], str] = {}
        found = []
        for row in self.dossiers:
            number = numbers[row.code]
            code = first.setdefault((row.decided_by_id, number), row.code)
            if number and code != row.code:
                found.append((number, code))
        if data.get("signed_on"):
            found += given_before(self.dossiers, filter(None, numbers.values()), data["signed_on"])
        if found:
            self.ask("is_twice", twice(found))


class ReturnManyForm(RowsForm):
    """Results that are handed over: who took it, a row."""

    note = text_field(gettext_lazy("Note for colleagues"), required=False, rows=2)
    asked_of_each = {"to": lambda: line_field(_("Who took it, if it wasn't the applicant"), required=False, most=300)}
