"""What is to be paid, what was paid, and what is still owed when something is handed over."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.forms.base import ActForm, NoteForm, box_field
from desk.forms.fields import line_field
from desk.forms.money import LARGE_PAYMENT, DongField
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

    amount = DongField(gettext_lazy("Amount in dong"))
    purpose = line_field(gettext_lazy("What is to be paid"), most=300)
    is_more = box_field(gettext_lazy("It is right: this is another fee, or a tax"))
    is_large = box_field(gettext_lazy("The amount is right"))
    boxes = ("is_more", "is_large")

    def clean(self) -> dict[str, Any]:
        """Ask where fee and payments don't agree, and where the amount is unusually large."""
        data = super().clean() or self.cleaned_data
        fee, paid, amount = self.dossier.fee_due, self.dossier.fee_paid, data.get("amount")
        if amount is None:
            return data
        if fee is not None and paid + amount > fee:
            told = _("The receipt names a fee of %(fee)s, %(paid)s is paid: this would be more. Look, then tick this.")
            self.ask("is_more", told % {"fee": money(fee), "paid": money(paid)})
        if amount >= LARGE_PAYMENT:
            told = _("This is %(amount)s: are there too many noughts? Look, then tick this.")
            self.ask("is_large", told % {"amount": money(amount)})
        return data


class ConfirmPaymentForm(ActForm):
    """By which receipt."""

    receipt = line_field(gettext_lazy("Number of the receipt"), required=False, most=60)
