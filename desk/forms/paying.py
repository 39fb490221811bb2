"""What is to be paid, what was paid, and what is still owed when something is handed over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.forms.base import ActForm, NoteForm
from desk.forms.fields import FILL_IN, line_field
from desk.history import money
from desk.models import Dossier


def unpaid(dossier: Dossier) -> str:
    """Return that less was paid than the receipt names, empty where nothing is owed."""
    owed = (dossier.fee_due or 0) - dossier.fee_paid
    said = _("The receipt names a fee of %(fee)s, %(paid)s is paid: %(owed)s is still owed.")
    return (
        said % {"fee": money(dossier.fee_due), "paid": money(dossier.fee_paid), "owed": money(owed)} if owed > 0 else ""
    )


class HandForm(NoteForm):
    """A result or papers pass into somebody's hand."""

    @property
    def remark(self) -> str:
        """Tell what is still owed."""
        return unpaid(self.dossier)

    to = line_field(
        gettext_lazy("Who took it"), required=False, most=300, help_text=gettext_lazy("Only if it wasn't the applicant")
    )
    field_order = ["seen", "to", "note"]


class RequestPaymentForm(ActForm):
    """How much, and what for; where it comes to more than the fee that the receipt names, it is asked about."""

    amount = forms.DecimalField(
        label=gettext_lazy("Amount in dong"), max_digits=15, decimal_places=2, error_messages=FILL_IN
    )
    purpose = line_field(gettext_lazy("What is to be paid"), most=300)
    is_more = forms.BooleanField(
        label=gettext_lazy("It is right: this is another fee, or a tax"), required=False, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        """Ask where fee and payments don't agree."""
        data = super().clean() or self.cleaned_data
        fee, paid = self.dossier.fee_due, self.dossier.fee_paid
        if fee is None or data.get("amount") is None or paid + data["amount"] <= fee:
            return data
        self.fields["is_more"].widget = forms.CheckboxInput()
        if not data.get("is_more"):
            told = _("The receipt names a fee of %(fee)s, %(paid)s is paid: this would be more. Look, then tick this.")
            self.add_error("is_more", told % {"fee": money(fee), "paid": money(paid)})
        return data

    def details(self) -> dict[str, Any]:
        """Return what the act is told: the box is the form's own."""
        return {name: value for name, value in super().details().items() if name != "is_more"}


class ConfirmPaymentForm(ActForm):
    """By which receipt."""

    receipt = line_field(gettext_lazy("Number of the receipt"), required=False, most=60)
