"""The columns of the list: which there are, which are shown unless somebody chooses, and what a workbook writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from desk.pressing import Pressing
from desk.rows import Row


@dataclass(frozen=True)
class Column:
    """A column: its heading, its place in the row as the style sheet knows it, its width and value in a workbook."""

    key: str
    label: Any
    place: str
    width: int
    value: Callable[[Row, Pressing], Any]


ALL = (
    Column("left", _("Time left"), "c1", 26, lambda row, pressing: pressing.text),
    Column("due", _("Due"), "c2", 17, lambda row, pressing: row.due_at),
    Column("code", _("Code"), "c3", 24, lambda row, pressing: row.code),
    Column("procedure", _("Procedure"), "c4", 46, lambda row, pressing: row.procedure),
    Column("applicant", _("Applicant"), "c5", 30, lambda row, pressing: row.applicant),
    Column("state", _("State"), "c6", 22, lambda row, pressing: str(row.state.label)),
    Column("step", _("Step"), "c7", 30, lambda row, pressing: row.step),
    Column("holder", _("Held by"), "c8", 30, lambda row, pressing: row.holder or row.holder_agency),
    Column("agency", _("Agency that holds it"), "c9", 34, lambda row, pressing: row.holder_agency),
    Column("submitted", _("Submitted"), "c9", 17, lambda row, pressing: row.submitted_at),
    Column("channel", _("How it came"), "c9", 16, lambda row, pressing: str(row.channel.label)),
    Column("number", _("Code of the procedure"), "c9", 14, lambda row, pressing: row.procedure_code),
)
BY_KEY = {column.key: column for column in ALL}
USUAL = ("left", "due", "code", "procedure", "applicant", "state", "holder")
"""What is shown unless somebody chooses."""
ALWAYS = "code"
"""Without it nobody could open a dossier."""


def columns_of(keys: Iterable[str]) -> list[Column]:
    """Return the columns with these keys in their fixed order; the usual ones for none."""
    chosen = {key for key in keys if key in BY_KEY} or set(USUAL)
    return [column for column in ALL if column.key in chosen | {ALWAYS}]
