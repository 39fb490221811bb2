"""Two editors at one row: a form says what it was made from, so that the later save takes nobody's work away."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.log_actions import registry

from catalogue.models import Procedure
from search.models.words import lines

MOST_TOLD = 20
"""Lines of somebody else's that a message shows of one field."""
Held = dict[str, tuple[str, ...]]


def held(row: models.Model | None) -> Held:
    """Return what an editor may change of a row, as it stands in the database, in lines by field (a few queries)."""
    kept = type(row)._default_manager.filter(pk=row.pk).first() if row is not None and row.pk else None
    if kept is None:
        return {}
    options = kept._meta
    found = {
        column.name: tuple(map(told, lines(getattr(kept, column.name))))
        if isinstance(column, models.TextField)
        else (told(getattr(kept, column.name)),)
        for column in options.concrete_fields
        if column.editable and not column.primary_key
    }
    for joined in options.many_to_many:
        found[joined.name] = tuple(sorted(map(told, getattr(kept, joined.name).all())))
    for child in get_all_child_relations(type(kept)):
        name = str(child.get_accessor_name())
        found[name] = tuple(told(need.procedure) for need in getattr(kept, name).select_related("procedure"))
    return found


def told(value: Any) -> str:
    """Return a value as a line that tells it from others."""
    return f"{value.list_name} ({value.code})" if isinstance(value, Procedure) else str(value)


def stamp(row: models.Model | None) -> str:
    """Return what a form sends along, signed: a digest of each field; nothing for a row that isn't there yet."""
    found = held(row)
    return signing.dumps(digests(found), salt=salt(row), compress=True) if found else ""


def salt(row: models.Model | None) -> str:
    """Return what makes a stamp one of this row alone."""
    return f"search.stamp:{row._meta.label}:{row.pk}" if row is not None else "search.stamp"


def digests(found: Held) -> dict[str, str]:
    """Return a short digest of each field."""
    return {field: blake2b("\n".join(values).encode(), digest_size=8).hexdigest() for field, values in found.items()}


def check(sent: str, row: models.Model | None, own: Mapping[str, Any]) -> None:
    """Refuse what was made from another state of the row; `own` is what the editor sent, by field.

    The message says who saved meanwhile, and what stands there now that the editor's own text lacks.
    """
    found = held(row)
    if row is None or not found:
        if sent:
            raise ValidationError(_("Somebody else took this away while it was open here. Save again to keep yours."))
        return
    try:
        before = signing.loads(sent, salt=salt(row))
    except signing.BadSignature:
        before = {}
    now = digests(found)
    changed = [field for field in now if before.get(field) != now[field]]
    if not changed:
        return
    message = _(
        "%(who)s saved this while it was open here, so yours isn't kept yet. What differs now: %(what)s. "
        "Bring yours and theirs together, then save again."
    )
    parts = [part_of(row, field, found[field], own.get(field)) for field in changed]
    raise ValidationError(message, params={"who": who_saved(row), "what": "; ".join(parts)})


def part_of(row: models.Model, field: str, values: tuple[str, ...], own: Any) -> str:
    """Return the field's name and the lines of it that the editor's own text lacks; of a box its name alone."""
    column = row._meta.get_field(field)
    related = column.related_model
    name = str(getattr(column, "verbose_name", "") or (related and related._meta.verbose_name_plural) or field)
    if isinstance(column, models.BooleanField):
        return name
    mine = set(lines(own)) if isinstance(own, str) else set()
    missing = [f"«{value}»" for value in values if value not in mine]
    shown = ", ".join(missing[:MOST_TOLD]) + (" …" if len(missing) > MOST_TOLD else "")
    return f"{name}: {shown}" if missing else name


def who_saved(row: models.Model) -> str:
    """Return the name of who saved the row last."""
    entry = registry.get_logs_for_instance(row).order_by("-timestamp").first()
    return entry.user_display_name if entry and entry.user_id else _("Somebody else")


class StampedForm(WagtailAdminModelForm):
    """A form of a taught row: refused where somebody else has saved the row since it was opened.

    The refused form carries the new stamp: who has read the message and saves again means it.
    """

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stamp"].initial = stamp(self.instance)

    def clean(self) -> dict[str, Any]:
        """Refuse what was made from another state of the row."""
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            try:
                check(cleaned.get("stamp") or "", self.instance, cleaned)
            except ValidationError:
                renew(self, stamp(self.instance))
                raise
        return cleaned


def renew(form: forms.BaseForm, new: str) -> None:
    """Let the form that is shown again carry the new stamp."""
    data = form.data.copy()  # type: ignore[attr-defined]
    data[form.add_prefix("stamp")] = new
    form.data = data
