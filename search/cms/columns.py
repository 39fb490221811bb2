"""The columns that the lists of words share."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column

from catalogue.models import Procedure
from search.models import JudgedQuery, Situation
from search.models.words import lines


def language_name(row: Any) -> str:
    """Return the name of the row's language."""
    return dict(settings.LANGUAGES).get(row.language, row.language)


def first_lines(name: str) -> Any:
    """Return what shows the first phrases of a column, and how many more there are."""

    def shown(row: Any) -> str:
        phrases = lines(getattr(row, name))
        more = f" (+{len(phrases) - 4})" if len(phrases) > 4 else ""
        return ", ".join(phrases[:4]) + more

    return shown


def needed(row: Situation) -> str:
    """Return what a situation needs, by name."""
    return first_names([need.procedure for need in row.needs.all()])


def answers(row: JudgedQuery) -> str:
    """Return what answers a judged query, by name."""
    return first_names(list(row.procedures.all()))


def first_names(procedures: list[Procedure]) -> str:
    """Return the names of the first three procedures, and how many more there are."""
    more = f" (+{len(procedures) - 3})" if len(procedures) > 3 else ""
    return "; ".join(procedure.list_name for procedure in procedures[:3]) + more


LANGUAGE = Column(language_name, label=_("Language"), sort_key="language")
REVIEWED = BooleanColumn("is_reviewed", label=_("Reviewed"), sort_key="is_reviewed")
