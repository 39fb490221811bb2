"""Note what people search for, also on warm pages: no query of the database, no trace of who asked."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from urllib.parse import parse_qs

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from portal import addresses, generation
from portal.cache import PARAMETERS
from search import asked_file

logger = logging.getLogger(__name__)
WAS = "was"
"""The field of the search form that holds what was typed before."""
NARROWING = PARAMETERS - {"q", "page", "centre"}
"""What narrows a list down: such a page was already seen without it."""
LONGEST_QUERY = 4000
MACHINES = re.compile(
    r"bot|crawl|spider|slurp|externalhit|preview|monitor|fetch|curl|wget|python|java/|headless|lighthouse",
    re.IGNORECASE,
)


class AskedQueries:
    """Write down the words of a first page of results, and take the previous ones off the address.

    Stands before the page cache: a kept page counts too, and what was typed before makes no entry of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.lists: tuple[str, dict[str, str]] = ("", {})

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then note what was asked where a page was shown."""
        raw = request.META.get("QUERY_STRING", "")
        if f"{WAS}=" in raw:
            request.META["QUERY_STRING"] = without_was(raw)
        response = self.get_response(request)
        if "q=" in raw and response.status_code == 200:
            try:
                self.note(request, raw)
            except Exception:
                # A full disk or a database that is down costs a line of the log, never a page.
                logger.warning("What was asked can't be noted.", exc_info=True)
        return response

    def note(self, request: HttpRequest, raw: str) -> None:
        """Write a line if a person looked for something."""
        if not is_somebodys(request) or len(raw) > LONGEST_QUERY:
            return
        params = parse_qs(raw)
        if params.get("page", ["1"]) != ["1"] or NARROWING & params.keys():
            return
        language = self.language(request.path_info)
        if language:
            text, was = (params.get(name, [""])[0] for name in ("q", WAS))
            asked_file.note(text, language=language, was=was, day=timezone.localdate())

    def language(self, path: str) -> str:
        """Return the language of the list of procedures at this address, empty where it is another page.

        The addresses are read once a generation of pages: one query, on a page that is drawn anew anyway.
        """
        current = generation.current()
        if self.lists[0] != current:
            found = addresses.load().indexes.items()
            self.lists = current, {place.url: code for (code, name), place in found if name == "procedures"}
        return self.lists[1].get(path, "")


def is_somebodys(request: HttpRequest) -> bool:
    """Return whether a person asks: no machine, no page fetched ahead, no editor at work."""
    if request.method != "GET" or "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        return False
    agent = request.headers.get("User-Agent", "")
    return bool(agent) and not MACHINES.search(agent) and settings.SESSION_COOKIE_NAME not in request.COOKIES


def without_was(raw: str) -> str:
    """Return the query string without what was typed before."""
    return "&".join(part for part in raw.split("&") if not part.startswith(f"{WAS}="))
