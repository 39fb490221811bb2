"""Which kinds of row are translated on a screen of their own, and the parts whose texts stand on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models
from modeltranslation.translator import translator

from catalogue import models as m
from catalogue.models.procedures import column_suffixes

SOURCE = "vi"


@dataclass(frozen=True)
class Part:
    """Rows whose texts stand on the screen of the row above them; `path` leads to it, empty for the row itself."""

    model: type[models.Model]
    path: str = ""
    order: tuple[str, ...] = ("pk",)
    under: str = ""
    """What a part stands under on the screen, a text of it: the case of a paper."""

    @property
    def name(self) -> str:
        """Return what marks and drafts call the model."""
        return self.model._meta.model_name or ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the translated columns, in the order of the model."""
        translated = set(translator.get_options_for_model(self.model).all_fields)
        return tuple(field.name for field in self.model._meta.fields if field.name in translated)

    def label(self, column: str) -> str:
        """Return what a column is called."""
        field = self.model._meta.get_field(column)
        assert isinstance(field, models.Field)
        return str(field.verbose_name)


@dataclass(frozen=True)
class Kind:
    """A kind of row with a screen, and its parts in the order of reading."""

    model: type[models.Model]
    below: tuple[Part, ...] = ()

    @property
    def name(self) -> str:
        """Return what marks, drafts and addresses call it."""
        return self.model._meta.model_name or ""

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return the row itself and what stands below it."""
        return (Part(self.model), *self.below)

    def part(self, name: str) -> Part | None:
        """Return a part by its name."""
        return next((part for part in self.parts if part.name == name), None)


_SORTED = ("sort_order", "pk")
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            m.Procedure,
            (
                Part(m.ProcedureResult, "procedure", _SORTED),
                Part(m.Case, "procedure", _SORTED),
                Part(m.RequiredPaper, "case__procedure", ("case__sort_order", "case", *_SORTED), "case__label_vi"),
                Part(m.Term, "channel__procedure", ("channel__sort_order", *_SORTED)),
                Part(m.FeeItem, "channel__procedure", ("channel__sort_order", *_SORTED)),
            ),
        ),
        Kind(m.Centre, (Part(m.ServicePoint, "centre"),)),
        Kind(m.Hotline),
        Kind(m.Field),
        Kind(m.Agency),
        Kind(m.AgencyRole),
        Kind(m.Audience),
        Kind(m.ProcedureBundle),
    )
}
"""By the name of the model. Names of places aren't here: `load_translations` puts them together from patterns."""


def languages() -> list[tuple[str, str]]:
    """Return code and name of the languages that are translated into."""
    return [(code, name) for code, name in settings.LANGUAGES if code != SOURCE]


def suffix_of(language: str) -> str:
    """Return the column suffix of a language: «zh_hans» for «zh-hans»."""
    suffix = language.replace("-", "_")
    assert suffix in column_suffixes()
    return suffix


def public_rows(kind: Kind, day: dt.date) -> models.QuerySet[Any]:
    """Return the rows of a kind that readers see on a day."""
    rows: Any = kind.model._default_manager
    if kind.model is m.Procedure:
        return rows.public(settings.PROVINCE_CODE)  # type: ignore[no-any-return]
    if kind.model is m.Centre:
        return rows.live().filter(province__code=settings.PROVINCE_CODE)  # type: ignore[no-any-return]
    if kind.model is m.Hotline:
        return rows.live()  # type: ignore[no-any-return]
    if kind.model is m.Agency:
        return rows.on(day)  # type: ignore[no-any-return]
    return rows.all()  # type: ignore[no-any-return]
