"""The engine that the settings choose; the embedded one stands behind every other."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from search.engines.tantivy import TantivyEngine


def embedded() -> TantivyEngine:
    """Return the embedded engine of this machine."""
    return _embedded(Path(settings.VAR_DIR) / "search")


@cache
def _embedded(folder: Path) -> TantivyEngine:
    return TantivyEngine(folder)


def cluster() -> object | None:
    """Return the cluster's engine, None where the settings name none."""
    if not settings.SEARCH_URL:
        return None
    return _cluster(settings.SEARCH_URL)


@cache
def _cluster(url: str) -> object:
    from search.engines.elastic import ElasticEngine

    return ElasticEngine(url)
