"""The form of many routes at once: which procedures move to which ministry's system, from when."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Procedure, ProcedureRoute
from portal.publication import rows

MOST = 500
"""Procedures of one batch: more are proposed in parts, so that a second person can read what they approve."""
_BETWEEN = re.compile(r"[\s,;]+")


class RoutesForm(forms.Form):
    """Takes a ministry's procedures or pasted codes; `procedures` are what it found."""

    issuer = forms.ChoiceField(label=gettext_lazy("All procedures of"), required=False)
    codes = forms.CharField(
        label=gettext_lazy("Or the codes"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("One a line, or with commas: 1.001193"),
    )
    system = forms.CharField(label=gettext_lazy("The ministry's system"), max_length=200)
    url = forms.URLField(label=gettext_lazy("Link"), required=False, max_length=500, assume_scheme="https")
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=ProcedureRoute.Level.choices, initial="any")
    valid_from = forms.DateField(
        label=gettext_lazy("Submitted there from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("What was submitted before stays on the provincial system to its end"),
    )
    announced_by = forms.CharField(
        label=gettext_lazy("Announced by"), max_length=200, help_text=gettext_lazy("Number and day of the letter")
    )

    def __init__(self, data: QueryDict | None, user: Any, day: dt.date) -> None:
        super().__init__(data)
        self.rows = rows.procedures(user, day).filter(live=True)
        issuers = self.rows.exclude(issuer="").order_by("issuer").values_list("issuer", flat=True).distinct()
        field = self.fields["issuer"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("choose a ministry")), *((name, name) for name in issuers)]
        self.procedures: list[Procedure] = []

    def clean_codes(self) -> list[str]:
        """Return the codes, each once; refuse those that no procedure in force has, and name them."""
        codes = list(dict.fromkeys(code for code in _BETWEEN.split(self.cleaned_data["codes"].strip()) if code))
        known = set(self.rows.filter(code__in=codes[: MOST * 4]).values_list("code", flat=True))
        unknown = [code for code in codes if code not in known]
        if unknown:
            shown = ", ".join(unknown[:10]) + ("…" if len(unknown) > 10 else "")
            raise forms.ValidationError(
                _("No published procedure in force has the code %(codes)s: mend or remove it."),
                params={"codes": shown},
            )
        return codes

    def clean(self) -> dict[str, Any]:
        """Find the procedures; ask for a ministry or codes, not both."""
        cleaned = super().clean() or {}
        issuer, codes = cleaned.get("issuer"), cleaned.get("codes")
        if "codes" in self.errors or "issuer" in self.errors:
            return cleaned
        if bool(issuer) == bool(codes):
            self.add_error("codes", _("Choose a ministry or write codes, one of the two."))
            return cleaned
        found = self.rows.filter(code__in=codes) if codes else self.rows.filter(issuer=issuer)
        self.procedures = list(found.order_by("code")[: MOST + 1])
        if len(self.procedures) > MOST:
            text = _("These are more than %(most)d procedures: propose them in parts, by their codes.")
            self.add_error("codes", text % {"most": MOST})
        return cleaned

    @property
    def shown(self) -> dict[str, Any]:
        """Return the columns of the new routes."""
        names = ("system", "url", "level", "valid_from", "announced_by")
        return {name: self.cleaned_data[name] for name in names}
