"""What an editor teaches from the board: a synonym, a phrase of a procedure, or a best bet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from wagtail.log_actions import log

from catalogue.models import Procedure
from search.documents import PROCEDURE
from search.knowledge import bet_key
from search.models import BestBet, EverydayWords, JudgedQuery, WordGroup
from search.models.words import group_key, lines

SYNONYM, PHRASE, BET = "synonym", "phrase", "bet"


@dataclass(frozen=True)
class Lesson:
    """What is to be taught; a synonym has legal words, the others have a procedure."""

    kind: str
    text: str
    language: str
    legal: tuple[str, ...] = ()
    procedure: Procedure | None = None

    @property
    def keys(self) -> set[str]:
        """Return the keys of the documents whose texts it changes."""
        return {f"{PROCEDURE}:{self.procedure.code}"} if self.kind == PHRASE and self.procedure else set()


def teach(lesson: Lesson, *, by: Any) -> models.Model:
    """Write the lesson into its row, new or there already, and into the log; return the row.

    Raises ValidationError, in the editor's language, where the row wouldn't be right.
    """
    write = {SYNONYM: _synonym, PHRASE: _phrase, BET: _bet}[lesson.kind]
    with transaction.atomic():
        row, column = write(lesson, by)
        is_new = row.pk is None
        row.full_clean()
        row.save(**({} if is_new else {"update_fields": [column, "updated_at"]}))
        log(row, "wagtail.create" if is_new else "wagtail.edit", user=by, content_changed=True)
    return row


def group_of(lesson: Lesson) -> WordGroup | None:
    """Return the group that a synonym is added to, None where it makes a new one."""
    key = group_key(lesson.language, WordGroup.Kind.EVERYDAY, (lesson.text,))
    return WordGroup.objects.filter(key=key).first()


def _synonym(lesson: Lesson, by: Any) -> tuple[Any, str]:
    kind = WordGroup.Kind.EVERYDAY
    row = group_of(lesson) or WordGroup(
        key=group_key(lesson.language, kind, (lesson.text,)),
        language=lesson.language,
        kind=kind,
        everyday=lesson.text,
        is_reviewed=True,
    )
    row.legal = together(row.legal, *lesson.legal)
    return row, "legal"


def _phrase(lesson: Lesson, by: Any) -> tuple[Any, str]:
    named = {"procedure": lesson.procedure, "language": lesson.language}
    row = EverydayWords.objects.filter(**named).first() or EverydayWords(**named, is_reviewed=True)
    row.phrases = together(row.phrases, lesson.text)
    return row, "phrases"


def _bet(lesson: Lesson, by: Any) -> tuple[Any, str]:
    row = BestBet.objects.filter(procedure=lesson.procedure).order_by("pk").first() or BestBet(
        procedure=lesson.procedure, created_by=by, is_reviewed=True
    )
    if bet_key(lesson.text) not in map(bet_key, lines(row.phrases)):
        row.phrases = together(row.phrases, lesson.text)
    return row, "phrases"


def together(present: str, *more: str) -> str:
    """Return the phrases with the new ones behind them, each once, one a line."""
    return "\n".join(lines("\n".join([present, *more])))


def judge(text: str, language: str, procedures: list[Procedure], *, by: Any) -> JudgedQuery:
    """Keep which procedures answer a query; a judgement that is there already takes these instead of its own."""
    with transaction.atomic():
        row, is_new = JudgedQuery.objects.get_or_create(text=text, language=language)
        row.procedures.set(procedures)
        log(row, "wagtail.create" if is_new else "wagtail.edit", user=by, content_changed=True)
    return row


def take_back(row: JudgedQuery, *, by: Any) -> None:
    """Delete a judgement whose marks were all cleared."""
    with transaction.atomic():
        log(row, "wagtail.delete", user=by, deleted=True)
        row.delete()
