"""Servers that some tests need: where they are, and whether they answer."""

from __future__ import annotations

import os
import urllib.request
from functools import cache
from pathlib import Path

import psycopg
import redis
from django.db import connection

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgres://mot_cua:mot_cua@127.0.0.1:5432/mot_cua")
SEARCH_URL = os.environ.get("TEST_SEARCH_URL", "http://127.0.0.1:9200")
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")


@cache
def missing(marker: str) -> str:
    """Return why the tests of a marker can't run here, empty where they can."""
    if marker == "browser":
        return "" if Path(CHROMIUM).exists() else f"browser: there is no {CHROMIUM}"
    if marker == "postgres":
        return _unreachable("postgres", lambda: psycopg.connect(POSTGRES_URL, connect_timeout=2).close())
    if marker == "redis":
        return _unreachable("redis", lambda: redis.from_url(REDIS_URL, socket_connect_timeout=2).ping())
    if marker == "sqlite":
        return "" if connection.vendor == "sqlite" else "sqlite: the tests' database is another"
    if marker == "elasticsearch":
        return _unreachable("elasticsearch", lambda: urllib.request.urlopen(f"{SEARCH_URL}/_cluster/health", timeout=5))
    return ""


def _unreachable(name: str, call) -> str:
    try:
        call()
    except (OSError, psycopg.Error, redis.RedisError) as error:
        return f"{name}: no answer ({str(error).splitlines()[0]}); make services starts it"
    return ""
