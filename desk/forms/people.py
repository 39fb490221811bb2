"""Who a dossier is from, as it is entered."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from catalogue.models import AdministrativeUnit
from catalogue.text import fold
from desk import countries, identities
from desk.forms.fields import day_field, line_field, say_plainly
from desk.identities import Identifier, Person
from desk.models import Party, PartyIdentifier
from desk.refusals import Invalid

NUMBERS = (1, 2)
"""How many numbers of a person one page takes."""
KINDS = [("", gettext_lazy("as its digits tell")), *PartyIdentifier.Kind.choices]


class PersonForm(forms.Form):
    """One person or body. Nothing but the name is obligatory, and of owner and submitter nothing at all."""

    kind = forms.ChoiceField(label=gettext_lazy("Who"), choices=Party.Kind.choices, initial=Party.Kind.PERSON)
    name = line_field(gettext_lazy("Full name, as on the papers"), most=identities.LONGEST_NAME)
    born_on = day_field(gettext_lazy("Born on"), required=False)
    phone = line_field(gettext_lazy("Telephone"), required=False, most=20)
    email = line_field(gettext_lazy("E-mail"), required=False)
    address = line_field(
        gettext_lazy("Address, as on the papers"),
        required=False,
        most=identities.LONGEST_ADDRESS,
        help_text=gettext_lazy("Old place names too: nobody has to change a paper for the merger."),
    )
    place = line_field(gettext_lazy("Commune of the address"), required=False)

    def __init__(
        self, data: Any = None, *, prefix: str, at: dt.datetime, is_needed: bool = True, initial: Any = None
    ) -> None:
        super().__init__(
            data, prefix=prefix, initial=initial, use_required_attribute=False, empty_permitted=not is_needed
        )
        self.at = at
        self.person: Person | None = None
        self.fields["place"].widget.attrs["list"] = "places"
        for n in NUMBERS:
            self.fields[f"number_kind{n}"] = forms.ChoiceField(label=_("Kind of number"), choices=KINDS, required=False)
            self.fields[f"number{n}"] = line_field(_("Number of the paper"), required=False, most=40)
            label = _("Country of the number above") if n == 1 else _("Country")
            self.fields[f"country{n}"] = line_field(label, required=False, most=2, initial="VN")
            self.fields[f"country{n}"].widget.attrs |= {"class": "count", "list": "countries"}
        say_plainly(self)
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    @property
    def is_begun(self) -> bool:
        """Return whether something was typed about the person."""
        return self.is_bound and self.has_changed()

    @property
    def shows_more(self) -> bool:
        """Return whether something stands on the lines that are folded away at first."""
        begun = [self[f"number{n}"].value() or self[f"number_kind{n}"].value() for n in NUMBERS[1:]]
        foreign = [self[f"country{n}"].value() not in ("VN", "", None) for n in NUMBERS]
        return any(begun) or any(foreign) or any(f"country{n}" in self.errors for n in NUMBERS)

    @property
    def may_be_known(self) -> tuple[list[Identifier], str, str]:
        """Return the numbers, telephone and name as far as they are right: by them somebody is known."""
        data = getattr(self, "cleaned_data", {})
        found = []
        for n in NUMBERS:
            kind, value = data.get(f"number_kind{n}", ""), data.get(f"number{n}", "").strip()
            kind = kind or kind_by_shape(value, data.get("kind", ""))
            if kind and value and f"number{n}" not in self.errors:
                found.append(identities.number(Identifier(kind, value, "VN")))
        return found, data.get("phone", ""), data.get("name", "") or self.data.get(self.add_prefix("name"), "")

    @property
    def numbers(self) -> list[tuple[Any, Any, Any]]:
        """Return the fields of each number."""
        return [(self[f"number_kind{n}"], self[f"number{n}"], self[f"country{n}"]) for n in NUMBERS]

    def clean_name(self) -> str:
        """Return the name, not too long."""
        return told_here(identities.clean, self.cleaned_data["name"], identities.LONGEST_NAME, "name", required=True)

    def clean_address(self) -> str:
        """Return the address, not too long."""
        return told_here(identities.clean, self.cleaned_data["address"], identities.LONGEST_ADDRESS, "address")

    def clean_phone(self) -> str:
        """Return the telephone number as it was written."""
        return told_here(identities.phone, self.cleaned_data["phone"])

    def clean_email(self) -> str:
        """Return the e-mail address."""
        return told_here(identities.email, self.cleaned_data["email"])

    def clean_born_on(self) -> dt.date | None:
        """Return a day of birth that can be."""
        return told_here(identities.born, self.cleaned_data["born_on"], self.at)

    def clean_place(self) -> AdministrativeUnit | None:
        """Find the commune by its name, with or without marks, one of today before an old one."""
        text = self.cleaned_data["place"]
        return find_place(text, self.at.date()) if text else None

    def clean(self) -> dict[str, Any]:
        """Make the person, each fault at its field, all of them at once."""
        data = super().clean() or self.cleaned_data
        numbers = tuple(self._identifiers(data))
        if not self.errors:
            names = ("name", "kind", "born_on", "address", "place", "phone", "email")
            self.person = Person(identifiers=numbers, **{name: data[name] for name in names})
        return data

    def _identifiers(self, data: dict[str, Any]) -> Any:
        for n in NUMBERS:
            kind, value = data.get(f"number_kind{n}", ""), data.get(f"number{n}", "").strip()
            if f"number_kind{n}" in self.errors or not (value or kind):
                continue
            try:
                if not value:
                    raise Invalid(_("Write the number, or choose «as its digits tell» as its kind."))
                kind = kind or kind_by_shape(value, data.get("kind", ""))
                if not kind:
                    raise Invalid(_("Say what kind of number it is."))
                yield identities.number(Identifier(kind, value, data.get(f"country{n}") or "VN"))
            except Invalid as error:
                self.add_error(f"country{n}" if error.field == "country" else f"number{n}", str(error))


def kind_by_shape(value: str, who: str) -> str:
    """Return what a number can only be: twelve digits of a person a citizen's card; empty where it may be several."""
    digits = re.sub(r"[\s-]", "", value)
    if who == Party.Kind.PERSON:
        return PartyIdentifier.Kind.CITIZEN_CARD if re.fullmatch(r"\d{12}", digits, re.ASCII) else ""
    return PartyIdentifier.Kind.TAX_CODE if re.fullmatch(r"\d{10}(\d{3})?", digits, re.ASCII) else ""


def told_here(check: Callable[..., Any], *args: Any, **more: Any) -> Any:
    """Return what a check returns; what it refuses is told at the field that is being cleaned."""
    try:
        return check(*args, **more)
    except Invalid as error:
        raise ValidationError(str(error)) from error


def country_names() -> dict[str, str]:
    """Return the names of countries by code, in the active language."""
    return countries.names_of(get_language() or "vi")


def find_place(text: str, day: dt.date) -> AdministrativeUnit:
    """Return the commune with a name, this province's before others, today's before old ones (one query)."""
    rows = list(
        AdministrativeUnit.objects.filter(level="commune", folded_name=fold(text)[:120])
        .select_related("province", "parent__province")
        .order_by("-valid_from", "pk")[:50]
    )
    if not rows:
        raise ValidationError(_("No commune has this name: choose one of the list, or leave it empty."))
    here = [row for row in rows if _province_code(row) == settings.PROVINCE_CODE]
    if not here and len(rows) > 1:
        raise ValidationError(_("Several communes have this name: leave it empty, the address tells enough."))
    now = [row for row in here or rows if row.valid_to is None or row.valid_to > day]
    return (now or here or rows)[0]


def _province_code(unit: AdministrativeUnit) -> str:
    province = unit.province or (unit.parent.province if unit.parent else None)
    return province.code if province else ""


def initial_of(party: Party | None) -> dict[str, Any]:
    """Return what a form shows of a party that is there already."""
    if party is None:
        return {}
    names = ("kind", "name", "born_on", "phone", "email", "address")
    found = {name: getattr(party, name) for name in names} | {"place": str(party.place) if party.place else ""}
    for n, each in zip(NUMBERS, party.known_identifiers(), strict=False):
        found |= {f"number_kind{n}": each.kind, f"number{n}": each.value, f"country{n}": each.country}
    return found
