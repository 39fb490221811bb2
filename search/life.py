"""The life of the indexes: what changed is put in after the commit, and what was missed is found and mended."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from typing import Any

from search import documents
from search.documents import Document
from search.engines import cluster, embedded
from search.signals import search_changed

logger = logging.getLogger(__name__)
AT_ONCE = 200
Progress = Callable[[int], None]


def engines() -> list:  # type: ignore[type-arg]
    """Return every engine that is kept up to date: the embedded one, and the cluster where there is one."""
    return [engine for engine in (embedded(), cluster()) if engine is not None]


def refresh(keys: Collection[str]) -> None:
    """Bring the documents of these keys up to date in every engine; what fails is left for `repair`."""
    if not keys:
        return
    present = list(documents.documents(keys))
    gone = set(keys) - {document.key for document in present}
    for engine in engines():
        try:
            if not engine.exists():
                continue
            engine.put(present)
            engine.remove(gone)
        except Exception:
            # The rows are committed: a search engine that fails costs freshness, never a publication.
            logger.exception("The %s index was not updated; the next repair will do it.", engine.name)
    search_changed.send(sender=None)


class EngineError(Exception):
    """An engine's index that could not be made."""


def rebuild(progress: Progress | None = None) -> int:
    """Make every engine's index anew; return how many documents there are.

    One that fails stops no other; raises EngineError for it in the end.
    """
    count, failed = 0, ""
    for engine in engines():
        try:
            count = engine.rebuild(counted(documents.all_documents(), progress))
        except Exception as error:
            logger.exception("The %s index was not made.", engine.name)
            failed = f"The {engine.name} index was not made: {error}"
    search_changed.send(sender=None)
    if failed:
        raise EngineError(failed)
    return count


def repair() -> dict[str, tuple[int, int]]:
    """Compare each index with the rows by their stamps; put in and take out what differs.

    A crash between a commit and its indexing, a change from a shell or a cluster that was down leave nothing
    behind. Returns how many documents were put in and taken out of each engine that answered.
    """
    wanted = documents.all_stamps()
    done: dict[str, tuple[int, int]] = {}
    for engine in engines():
        try:
            done[engine.name] = _repair(engine, wanted)
        except Exception:
            logger.exception("The %s index was not repaired; the next repair will do it.", engine.name)
    if any(sum(counts) for counts in done.values()):
        search_changed.send(sender=None)
    return done


def _repair(engine: Any, wanted: dict[str, str]) -> tuple[int, int]:
    if not engine.exists():
        return engine.rebuild(documents.all_documents()), 0
    try:
        kept = engine.stamps()
    except ValueError:
        logger.exception("The %s index is damaged and is made anew.", engine.name)
        return engine.rebuild(documents.all_documents()), 0
    changed = [key for key, stamp in wanted.items() if kept.get(key) != stamp]
    gone = [key for key in kept if key not in wanted]
    for part in in_parts(changed):
        engine.put(documents.documents(part))
    engine.remove(gone)
    return len(changed), len(gone)


def in_parts(keys: Iterable[str]) -> Iterator[list[str]]:
    """Yield the keys, at most 200 at once."""
    rest = iter(keys)
    while part := list(islice(rest, AT_ONCE)):
        yield part


def counted(found: Iterable[Document], progress: Progress | None) -> Iterator[Document]:
    """Yield the documents and tell now and then how many there were."""
    for number, document in enumerate(found, start=1):
        if progress and number % AT_ONCE == 0:
            progress(number)
        yield document
