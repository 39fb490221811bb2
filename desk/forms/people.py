"""Who a dossier is from, as it is entered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import AdministrativeUnit
from catalogue.text import fold
from desk import identities
from desk.forms.fields import day_field, line_field
from desk.identities import Identifier, Person
from desk.models import Dossier, Party, PartyIdentifier
from desk.refusals import Invalid

NUMBERS = (1, 2)
"""How many numbers of a person one page takes."""
KINDS = [("", gettext_lazy("no number")), *PartyIdentifier.Kind.choices]


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
            self.fields[f"country{n}"] = line_field(_("Country"), required=False, most=2, initial="VN")
            self.fields[f"country{n}"].widget.attrs |= {"class": "count", "maxlength": 2}

    @property
    def is_begun(self) -> bool:
        """Return whether something was typed about the person."""
        return self.is_bound and self.has_changed()

    @property
    def numbers(self) -> list[tuple[Any, Any, Any]]:
        """Return the fields of each number."""
        return [(self[f"number_kind{n}"], self[f"number{n}"], self[f"country{n}"]) for n in NUMBERS]

    def clean_place(self) -> AdministrativeUnit | None:
        """Find the commune by its name, with or without marks, one of today before an old one."""
        text = self.cleaned_data["place"]
        return find_place(text, self.at.date()) if text else None

    def clean(self) -> dict[str, Any]:
        """Make the person, each fault at its field."""
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        person = Person(
            name=data["name"],
            kind=data["kind"],
            identifiers=tuple(self._identifiers(data)),
            born_on=data["born_on"],
            address=data["address"],
            place=data["place"],
            phone=data["phone"],
            email=data["email"],
        )
        if self.errors:
            return data
        try:
            identities.party_of(person, Party.Role.APPLICANT, Dossier(), self.at)
        except Invalid as error:
            self.add_error(error.field if error.field in self.fields else "name", str(error))
            return data
        self.person = person
        return data

    def _identifiers(self, data: dict[str, Any]) -> Any:
        for n in NUMBERS:
            kind, value = data[f"number_kind{n}"], data[f"number{n}"].strip()
            if not value:
                continue
            try:
                if not kind:
                    raise Invalid(_("Say what kind of number it is."))
                yield identities.number(Identifier(kind, value, data[f"country{n}"] or "VN"))
            except Invalid as error:
                self.add_error(f"country{n}" if error.field == "country" else f"number{n}", str(error))


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
