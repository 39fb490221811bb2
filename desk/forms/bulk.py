"""Acts on many dossiers at once that ask something of each: the number of its result, who took it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.forms.base import ActForm
from desk.forms.fields import day_field, line_field, text_field
from desk.models import Dossier
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

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of each refusal where it is missing."""
        data = super().clean() or self.cleaned_data
        for dossier in self.dossiers:
            name = f"reason-{dossier.pk}"
            if data.get(f"outcome-{dossier.pk}") == Outcome.REFUSED and not data.get(name, "").strip():
                self.add_error(name, _("A refusal needs its reason: the letter gives it too."))
        return data


class ReturnManyForm(RowsForm):
    """Results that are handed over: who took it, a row."""

    note = text_field(gettext_lazy("Note for colleagues"), required=False, rows=2)
    asked_of_each = {"to": lambda: line_field(_("Who took it, if it wasn't the applicant"), required=False, most=300)}
