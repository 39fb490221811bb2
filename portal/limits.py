"""How much one network may ask in a minute of what costs work: searches, suggestions, the API, reports of mistakes.

What the page cache answers comes before this and is free, so a page that many people read stays open to whoever asked
too much. Most requests are counted in the process and handed to the cache a twentieth of the limit at a time: a limit
may be overstepped by that much a process. Where the cache doesn't answer nobody is kept out: reading must go on.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from catalogue.audit import note
from portal.cache import CACHE_FAILURES
from portal.counting import add, key_of
from portal.errors import told
from portal.readers import reader_of

logger = logging.getLogger(__name__)
MINUTE = 60
PORTIONS = 20
"""A limit is counted in so many portions."""
KEPT = 50_000
"""Networks that a process counts at once; beyond that it begins anew, to their favour."""


class Limits:
    """Answer 429 to a network that asks for too much."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.languages = frozenset(code for code, _name in settings.LANGUAGES)
        self.minute = 0
        self.waiting: dict[str, int] = {}
        """What this process has counted and not yet handed on, by key."""
        self.known: dict[str, int] = {}
        """What all processes together had counted, as last heard, by key."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Count what costs work, and let it through while there is some left."""
        kind = self.kind_of(request)
        most = settings.LIMITS[kind] if kind else 0
        if not most or self.count(f"{kind} {reader_of(request)}", most) <= most:
            return self.get_response(request)
        return too_much(request, kind)

    def kind_of(self, request: HttpRequest) -> str:
        """Return which limit a request counts against, empty for none."""
        path = request.path_info
        if path.startswith("/api/"):
            return "suggest" if path.startswith("/api/suggest/") else "api"
        if path[1:].partition("/")[0] not in self.languages:
            return ""
        if request.method == "POST":
            return "report" if path.endswith("/report/") else ""
        # Whatever is asked of a page besides its address makes a page of its own: a search, a filter, a day.
        return "search" if request.META.get("QUERY_STRING") else ""

    def count(self, what: str, most: int) -> int:
        """Count one request and return how many there were in this minute, as far as is known."""
        minute = int(time.time()) // MINUTE
        if minute != self.minute or len(self.waiting) > KEPT:
            self.minute, self.waiting, self.known = minute, {}, {}
        waiting = self.waiting.get(what, 0) + 1
        known = self.known.get(what, 0)
        if waiting >= max(1, most // PORTIONS):
            try:
                self.known[what] = known = add(key_of("limit", what, minute), waiting, 2 * MINUTE)
                waiting = 0
            except CACHE_FAILURES as error:
                logger.warning("What one network asks can't be counted, so all is answered: %s", error)
                self.waiting[what] = 0
                return 0
        self.waiting[what] = waiting
        return known + waiting


def too_much(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Say when to come back; one line of the audit a request, with the address."""
    note("portal", "limit.reached", limit=kind)
    response = told(request, 429)
    response.headers["Retry-After"] = str(MINUTE - int(time.time()) % MINUTE)
    return response
