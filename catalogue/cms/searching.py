"""Plain search in the editors' lists and choosers: with and without Vietnamese marks, without a search engine."""

from __future__ import annotations

from django.db import models

from catalogue import models as m
from catalogue.procedure_querysets import MOST_WORDS
from catalogue.text import fold

COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    m.Agency: ("name_vi", "name_en", "identifier"),
    m.AgencyRole: ("name_vi", "name_en", "code"),
    m.Audience: ("name_vi", "name_en", "code"),
    m.Centre: ("name_vi", "name_en", "slug", "address"),
    m.CentreException: ("centre__name_vi", "procedure__code", "procedure__name_vi", "field__name_vi"),
    m.Decision: ("number", "issuer"),
    m.Field: ("name_vi", "name_en", "slug"),
    m.Form: ("name",),
    m.Hotline: ("label_vi", "label_en", "phone", "centre__name_vi", "agency__name_vi"),
    m.LegalDocument: ("number", "name"),
    m.Notice: ("title_vi", "title_en", "text_vi", "centre__name_vi"),
    m.ProcedureBundle: ("name_vi", "name_en", "slug"),
    m.ProcedureRoute: ("procedure__code", "procedure__name_vi", "system"),
    m.ProcedureVersion: ("procedure__code", "procedure__name_vi"),
    m.ProvinceProcedure: ("procedure__code", "procedure__name_vi", "decision__number"),
}
"""The columns that are compared, by kind of row."""


def search_rows(rows: models.QuerySet, query: str) -> models.QuerySet:  # type: ignore[type-arg]
    """Return the rows that hold every word of the query, in the order they had.

    Procedures and places keep folded columns of their own. The other kinds are a few thousand rows at most:
    they are folded here, in one query more.
    """
    if rows.model is m.Procedure:
        return rows.matching(query)  # type: ignore[attr-defined]
    words = fold(query).split()
    if len(words) > MOST_WORDS:
        return rows.none()
    if rows.model is m.AdministrativeUnit:
        for word in words:
            rows = rows.filter(folded_name__contains=word)
        return rows
    found = [
        pk
        for pk, *texts in rows.order_by().values_list("pk", *COLUMNS[rows.model])
        if _holds(fold(" ".join(filter(None, texts))), words)
    ]
    return rows.filter(pk__in=found)


def _holds(text: str, words: list[str]) -> bool:
    return all(word in text for word in words)
