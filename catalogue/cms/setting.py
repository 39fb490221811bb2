"""Plain columns that editors set for many rows at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import fields_for_model
from django.utils.translation import gettext as _
from wagtail.admin.widgets import AdminDateInput

from catalogue.editing.four_eyes import FourEyesMixin
from catalogue.editing.owners import owner_field
from catalogue.editing.proposals import Act, StaleProposalError, propose
from catalogue.editing.reach import editing_reach
from catalogue.models import Agency

SETTABLE: dict[str, tuple[str, ...]] = {
    "Procedure": ("importance", "field", "maintained_by", "checked_on", "source"),
    "Centre": ("agency", "checked_on", "source"),
    "Hotline": ("checked_on", "source"),
    "ProvinceProcedure": ("decision", "valid_from", "valid_to"),
    "ProcedureRoute": ("system", "announced_by", "valid_from", "valid_to"),
    "Form": ("valid_from", "valid_to"),
    "Agency": ("parent", "valid_to"),
    "AdministrativeUnit": ("valid_to",),
}
"""By kind of row. None of them is a legal part of a procedure."""


class SetForm(forms.Form):
    """The columns, each with a box that says whether it is set: an empty value can be meant, too."""

    def __init__(self, model: Any, user: Any, day: dt.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.model, self.user, self.day = model, user, day
        columns = SETTABLE[model.__name__]
        for name, field in fields_for_model(model, fields=columns).items():
            assert field is not None
            self.fields[f"set_{name}"] = forms.BooleanField(
                required=False, label=_("Set «%(what)s»") % {"what": field.label}
            )
            field.required = False
            if isinstance(field, forms.DateField):
                field.widget = AdminDateInput()
            self.fields[name] = field
        owner = owner_field(model)
        if owner is not None and owner in self.fields:
            reach = editing_reach(user, day)
            mine = Agency.objects.all() if reach.is_whole else Agency.objects.filter(pk__in=reach.agencies)
            self.fields[owner].queryset = mine  # type: ignore[attr-defined]

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return each column's box with its field."""
        return [(self[f"set_{name}"], self[name]) for name in SETTABLE[self.model.__name__] if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """Ask for at least one box, for what must not be empty, and for an agency that the person reaches."""
        cleaned = super().clean() or {}
        names = [name for name in SETTABLE[self.model.__name__] if cleaned.get(f"set_{name}")]
        if not names:
            raise ValidationError(_("Tick what is to be set."))
        for name in names:
            column = self.model._meta.get_field(name)
            if cleaned.get(name) in (None, "") and not column.blank:
                self.add_error(name, _("This can't be empty."))
        owner = owner_field(self.model)
        if (
            owner is not None
            and owner in names
            and not cleaned.get(owner)
            and not editing_reach(self.user, self.day).is_whole
        ):
            self.add_error(owner, _("Choose an agency where you are posted as an editor, or one under it."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return what is set, by column."""
        return {
            name: self.cleaned_data[name]
            for name in SETTABLE[self.model.__name__]
            if self.cleaned_data.get(f"set_{name}")
        }


def set_columns(row: Any, values: dict[str, Any], *, by: Any, at: dt.datetime) -> bool:
    """Write a draft over the newest one, or a proposal; False where nothing would change or something waits."""
    is_drafted = isinstance(row, FourEyesMixin)
    if is_drafted and row.workflow_in_progress:
        return False
    changed = row.get_latest_revision_as_object() if is_drafted else row
    if all(getattr(changed, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(changed, name, "" if value is None and not changed._meta.get_field(name).null else value)
    try:
        # A period that ends before it begins, say, is no use to an approver.
        changed.full_clean(validate_unique=False)
        with transaction.atomic():
            if is_drafted:
                changed.save_revision(user=by, log_action=True)
            else:
                propose(Act.CHANGE, changed, by=by, at=at)
    except (ValidationError, StaleProposalError):
        return False
    return True
