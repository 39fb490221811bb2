"""What every form of a row is checked for besides its own rules: whose the row becomes, and what it names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _

from catalogue.editing.owners import owner_field, owner_of
from catalogue.editing.reach import editing_reach


def check_owner(form: Any, user: Any, day: dt.date) -> bool:
    """Refuse, in the form, a row that would belong to an agency where the person isn't posted."""
    row = form.instance
    if editing_reach(user, day).covers(owner_of(row)):
        return True
    name = owner_field(type(row))
    text = _("Choose an agency where you are posted as an editor, or one under it.")
    form.add_error(name if name in form.fields else None, text)
    return False


def refuse_strangers(form: Any, user: Any, day: dt.date) -> None:
    """Raise PermissionDenied where a form names a draft of another agency: no chooser offers one."""
    reach = editing_reach(user, day)
    for row in _named(form):
        if getattr(row, "live", True) or not hasattr(type(row)._default_manager, "editable_by"):
            continue
        if not reach.covers(owner_of(row)):
            raise PermissionDenied


def _named(form: Any) -> Iterator[models.Model]:
    for value in getattr(form, "cleaned_data", {}).values():
        if isinstance(value, models.Model):
            yield value
    for formset in getattr(form, "formsets", {}).values():
        for child in formset.forms:
            yield from _named(child)
