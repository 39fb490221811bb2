"""The shapes that several answers share."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Generic, TypeVar
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest
from pydantic import BaseModel, Field

from catalogue.models import AdministrativeUnit, Decision
from portal import texts
from portal.api.choices import UnitLevel
from portal.api.parameters import Paging

Row = TypeVar("Row")


class Problem(BaseModel):
    """An error in words."""

    detail: str


class WrongValue(BaseModel):
    """A parameter and what is wrong with it."""

    parameter: str
    problem: str


class Refusal(Problem):
    """What was asked can't be read."""

    errors: list[WrongValue]


class Text(BaseModel):
    """A text and the language that it really stands in."""

    text: str
    lang: str = Field(description="«vi» where the language asked for has no translation")


class Page(BaseModel, Generic[Row]):
    """A part of a list."""

    count: int = Field(description="Rows of the whole list")
    next: str | None = Field(description="Address of the next part")
    previous: str | None = Field(description="Address of the part before")
    results: list[Row]


class UnitKey(BaseModel):
    """An administrative unit by its statistics code; a code alone isn't unique."""

    level: UnitLevel
    code: str
    name: str
    valid_from: dt.date | None


class DecisionOut(BaseModel):
    """A decision; unknown dates are null."""

    number: str
    issuer: str | None
    signed_on: dt.date | None
    takes_effect_on: dt.date | None


def address(path: str) -> str:
    """Return the whole address of a path of this site; one that is whole already stays."""
    return urljoin(settings.BASE_URL, path)


def localized(row: Model, column: str, language: str) -> Text | None:
    """Return a translated column with its language, None where there is no text at all."""
    found = texts.text(row, column, language)
    return Text(text=found.text, lang=found.lang) if found else None


def named(row: Model, language: str, column: str = "name") -> Text:
    """Return the name of a row, which each row has in Vietnamese."""
    found = texts.text(row, column, language)
    return Text(text=found.text, lang=found.lang)


def unit_key(unit: AdministrativeUnit) -> UnitKey:
    """Return what names a unit."""
    level = AdministrativeUnit.Level(unit.level)
    return UnitKey(level=level, code=unit.code, name=unit.name, valid_from=unit.valid_from)


def decision_out(decision: Decision | None) -> DecisionOut | None:
    """Return a decision with null for what isn't known."""
    if decision is None:
        return None
    return DecisionOut(
        number=decision.number,
        issuer=decision.issuer or None,
        signed_on=decision.signed_on,
        takes_effect_on=decision.takes_effect_on,
    )


def figure(amount: Decimal | None) -> int | float | None:
    """Return an amount as a JSON number, whole where it is whole (15 digits are exact)."""
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def page_links(request: HttpRequest, paging: Paging, count: int) -> dict[str, str | None]:
    """Return the addresses of the parts before and after this one, the other parameters kept."""

    def at(offset: int) -> str:
        query = request.GET.copy()
        query["limit"], query["offset"] = str(paging.limit), str(offset)
        return address(f"{request.path}?{query.urlencode()}")

    after, before = paging.offset + paging.limit, max(paging.offset - paging.limit, 0)
    return {
        "next": at(after) if after < count else None,
        "previous": at(before) if paging.offset else None,
    }
