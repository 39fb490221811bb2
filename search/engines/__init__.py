"""The engine that the settings choose; the embedded one stands behind every other."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from search.engines.tantivy import TantivyEngine

if TYPE_CHECKING:
    from search.engines.elastic import ElasticEngine


def embedded() -> TantivyEngine:
    """Return the embedded engine of this machine."""
    return _embedded(str(settings.VAR_DIR))


@cache
def _embedded(var_dir: str) -> TantivyEngine:
    return TantivyEngine(Path(var_dir) / "search")


def cluster() -> ElasticEngine | None:
    """Return the cluster's engine, None where the settings name none."""
    if not settings.SEARCH_URL:
        return None
    return _cluster(settings.SEARCH_URL)


@cache
def _cluster(url: str) -> ElasticEngine:
    from search.engines.elastic import ElasticEngine  # Takes half a second that the embedded engine doesn't need.

    return ElasticEngine(url)
