"""Rows that procedures point at: fields, roles, audiences, decisions, legal documents, forms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from catalogue.loading.audiences import audience_code, is_foreign, order_of
from catalogue.loading.roles import Role, listed_roles
from catalogue.loading.rows import ParsedProcedure
from catalogue.models import AgencyRole, Audience, Decision, Field, Form, LegalDocument


@dataclass(frozen=True)
class Lookups:
    """Ids of all rows that parts name."""

    fields: dict[str, int]
    roles: dict[str, int]
    audiences: dict[str, int]
    decisions: dict[tuple[str, str], int]
    documents: dict[tuple[str, str], int]
    forms: dict[str, int]


def ensure_lookups(rows: Iterable[ParsedProcedure]) -> Lookups:
    """Make the rows that are missing, in bulk; rows that are there stay as editors left them."""
    rows = list(rows)
    # A row of a change has only the parts that change.
    named = [row for row in reversed(rows) if "field" in row.parts]
    fields = {row.parts["field"]: Field(slug=row.parts["field"], name_vi=row.field_name) for row in named}
    roles = [entry.role for entry in listed_roles()] + [role for row in rows for role in row.roles]
    audiences = dict.fromkeys(label for row in rows for label in row.audiences)
    decisions = {tuple(row.parts["decision"]) for row in rows if row.parts.get("decision")}
    documents = {tuple(pair) for row in rows for pair in row.parts.get("legal_basis", ())}
    forms = {name for row in rows for name in row.forms}
    return Lookups(
        fields=_ensure(Field, ("slug",), fields.values()),
        roles=_ensure(AgencyRole, ("code",), {role.code: _role(role) for role in roles}.values()),
        audiences=_ensure(Audience, ("code",), (_audience(label) for label in audiences)),
        decisions=_ensure(Decision, ("number", "issuer"), (Decision(number=n, issuer=i) for n, i in sorted(decisions))),
        documents=_ensure(
            LegalDocument, ("number", "name"), (LegalDocument(number=n, name=m) for n, m in sorted(documents))
        ),
        forms=_ensure(Form, ("name",), (Form(name=name) for name in sorted(forms))),
    )


def _ensure(model: type[models.Model], names: tuple[str, ...], wanted: Iterable[Any]) -> dict[Any, int]:
    present = {_key(values): pk for pk, *values in model._default_manager.order_by("-pk").values_list("pk", *names)}
    missing = {_key([getattr(row, name) for name in names]): row for row in wanted}
    rows = [row for key, row in missing.items() if key not in present]
    for row in model._default_manager.bulk_create(rows, batch_size=500):
        present[_key([getattr(row, name) for name in names])] = row.pk
    return present


def _key(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else tuple(values)


def _role(role: Role) -> AgencyRole:
    return AgencyRole(
        code=role.code, name_vi=role.name, level=role.level, is_vertical=role.is_vertical, is_listed=role.is_listed
    )


def _audience(label: str) -> Audience:
    return Audience(code=audience_code(label), name_vi=label[:200], is_foreign=is_foreign(label), order=order_of(label))
