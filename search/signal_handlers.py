"""What brings the indexes and the word knowledge up to date: publications, loads, editors' words."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.signals import published, unpublished

from catalogue.models import Centre, Hotline, Procedure
from catalogue.signals import catalogue_changed
from search import knowledge, life
from search.documents import CENTRE, HOTLINE, PROCEDURE
from search.models import BestBet, EverydayWords, QuestionWords, Situation, SituationProcedure, WordGroup
from search.signals import search_changed

MANY = 300
"""More changed rows than this are found by comparing stamps, in one pass."""


def connect() -> None:
    """Connect every signal that changes what is found."""
    for model in (Procedure, Centre, Hotline):
        for signal in (published, unpublished):
            signal.connect(row_changed, sender=model, dispatch_uid="search_row")
        post_delete.connect(row_changed, sender=model, dispatch_uid="search_row")
    catalogue_changed.connect(batch_changed, dispatch_uid="search_batch")
    for words in (EverydayWords, SituationProcedure):
        for signal in (post_save, post_delete):
            signal.connect(words_of_procedure_changed, sender=words, dispatch_uid="search_words")
    post_save.connect(situation_changed, sender=Situation, dispatch_uid="search_words")
    pre_delete.connect(situation_changed, sender=Situation, dispatch_uid="search_words")
    for taught in (WordGroup, QuestionWords, BestBet):
        for signal in (post_save, post_delete):
            signal.connect(knowledge_changed, sender=taught, dispatch_uid="search_words")


def key_of(row: models.Model) -> str:
    """Return the key of a row's document."""
    if isinstance(row, Procedure):
        return f"{PROCEDURE}:{row.code}"
    if isinstance(row, Centre):
        return f"{CENTRE}:{row.slug}"
    return f"{HOTLINE}:{row.pk}"


def row_changed(instance: models.Model, **kwargs: Any) -> None:
    """Put the row's document in after the commit, or take it out."""
    refresh_after_commit({key_of(instance)})


def batch_changed(codes: list[str] | None = None, **kwargs: Any) -> None:
    """Follow a load: few rows by name, many by comparing stamps. It is sent after the commit."""
    if codes and len(codes) <= MANY:
        life.refresh({f"{PROCEDURE}:{code}" for code in codes})
    elif life.embedded().exists():
        life.repair()


def words_of_procedure_changed(instance: EverydayWords | SituationProcedure, **kwargs: Any) -> None:
    """Put the procedure's document in anew."""
    refresh_after_commit({key_of(instance.procedure)})


def situation_changed(instance: Situation, **kwargs: Any) -> None:
    """Put the documents of the situation's procedures in anew."""
    refresh_after_commit({f"{PROCEDURE}:{code}" for code in instance.needs.values_list("procedure__code", flat=True)})


def refresh_after_commit(keys: set[str]) -> None:
    """Gather the keys of one transaction and refresh them once when it is committed."""
    connection = transaction.get_connection()
    for call in connection.run_on_commit:
        if isinstance(call[1], Refresh):
            call[1].keys |= keys
            return
    transaction.on_commit(Refresh(keys), robust=True)


class Refresh:
    """The keys that one transaction changed."""

    def __init__(self, keys: set[str]) -> None:
        self.keys = set(keys)
        self.__qualname__ = "Refresh"  # Django names a callback that failed by this.

    def __call__(self) -> None:
        """Bring them up to date."""
        life.refresh(self.keys)


def knowledge_changed(**kwargs: Any) -> None:
    """Let every process compile the words anew after the commit."""
    transaction.on_commit(tell_of_words, robust=True)


def tell_of_words() -> None:
    """Make the compiled words old, and the pages that were drawn by them."""
    knowledge.generation.move_on()
    search_changed.send(sender=WordGroup)
