"""The public page cache: a warm page for an anonymous reader costs no query (docs/operations.md «Cache»)."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import logging
import pickle
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import parse_etags
from redis import RedisError

from portal import expiry, generation
from portal.procedures.facets import KEYS

logger = logging.getLogger(__name__)

PARAMETERS = frozenset({"q", "page", "centre", "on", "period", *KEYS})
"""What public views read from an address. They see nothing else of it, so nothing else needs an entry."""
ROOT_PATHS = frozenset({"/sitemap.xml", "/robots.txt"})
"""Public addresses without a language; their content doesn't depend on the reader's."""
LONGEST_QUERY = 500
LONGEST_LIFE = dt.timedelta(hours=24)
KEPT_IN_MEMORY = 500
OURS = frozenset({"content-length", "etag", "vary", "cache-control"})
CACHE_FAILURES = (OSError, RedisError, EOFError, pickle.UnpicklingError, zlib.error)
"""A cache that is down, full or damaged costs queries, never a page."""


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A response as it was drawn under one generation."""

    generation: str
    expires_at: dt.datetime
    etag: str
    headers: dict[str, str]
    body: bytes
    """Compressed by gzip."""


class PublicPageCache:
    """Answer anonymous readers of public pages from what was drawn before.

    An entry says under which generation it was drawn, and counts only while that is the current one: a
    change makes all entries old at once, and redrawing overwrites them in place, so none is left behind.
    The generation is read before drawing: a page drawn across a change is never taken for a new one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if settings.DEBUG:
            raise MiddlewareNotUsed("Templates may change at any time.")
        self.get_response = get_response
        self.release = release()
        self.languages = frozenset(code for code, _name in settings.LANGUAGES)
        self.personal_cookies = (settings.SESSION_COOKIE_NAME,)
        self.recent: dict[str, StoredPage] = {}
        self.horizon: tuple[str, dt.datetime] | None = None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve the stored page, or draw it and store it if it is the same for everybody."""
        if not self.is_public(request):
            return self.get_response(request)
        if self.is_personal(request):
            return not_for_all(self.get_response(request))
        request.META["QUERY_STRING"] = query = allowed_query(request.META.get("QUERY_STRING", ""))
        now = timezone.now()
        try:
            current = generation.current()
            address = f"{request.scheme}://{request.get_host()}{request.path}?{query}"
            page = self.find(address, current, now)
        except Exception as error:  # A damaged entry may fail in any way, and costs no reader a page.
            logger.warning("The page cache can't be read: %s", error)
            return not_for_all(self.get_response(request))
        if page:
            return answer(request, page)
        return self.draw(request, address, current, now)

    def is_public(self, request: HttpRequest) -> bool:
        """Return whether the address is one that may be stored; a preview is drawn under a public one."""
        if request.method not in ("GET", "HEAD") or getattr(request, "is_dummy", False):
            return False
        if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
            return False
        path = request.path_info
        return path in ROOT_PATHS or path[1:].partition("/")[0] in self.languages

    def is_personal(self, request: HttpRequest) -> bool:
        """Return whether the request carries anything that tells who asks."""
        if "HTTP_AUTHORIZATION" in request.META:
            return True
        return "HTTP_COOKIE" in request.META and any(name in request.COOKIES for name in self.personal_cookies)

    def find(self, address: str, current: str, now: dt.datetime) -> StoredPage | None:
        """Return the entry if it was drawn under the current generation and nothing has changed by the clock."""
        page = self.recent.get(address)
        if page is None or page.generation != current:
            page = cache.get(self.key(address))
        if not isinstance(page, StoredPage) or page.generation != current or page.expires_at <= now:
            return None
        self.remember(address, page)
        return page

    def draw(self, request: HttpRequest, address: str, current: str, now: dt.datetime) -> HttpResponseBase:
        """Draw the page, for a HEAD too, and store it unless it is somebody's own."""
        asked = request.method
        request.method = request.META["REQUEST_METHOD"] = "GET"
        response = self.get_response(request)
        request.method = request.META["REQUEST_METHOD"] = asked
        if not isinstance(response, HttpResponse) or not is_same_for_all(request, response):
            return not_for_all(response)
        told = getattr(response, "expires_at", None) or self.next_change(current, now)
        page = stored(response, generation_=current, expires_at=min(told, now + LONGEST_LIFE))
        self.remember(address, page)
        try:
            cache.set(self.key(address), page, timeout=max((page.expires_at - now).total_seconds(), 0))
        except CACHE_FAILURES as error:
            logger.warning("The page cache can't be written: %s", error)
        return answer(request, page)

    def next_change(self, current: str, now: dt.datetime) -> dt.datetime:
        """Return when the clock changes a page next, asked for once a generation and horizon.

        `now` is the time before drawing: a door that closed meanwhile makes the page old at once.
        """
        if self.horizon is None or self.horizon[0] != current or self.horizon[1] <= now:
            self.horizon = current, expiry.next_change(now)
        return self.horizon[1]

    def remember(self, address: str, page: StoredPage) -> None:
        """Keep the entry in this process too; the generation says when it is old."""
        if len(self.recent) >= KEPT_IN_MEMORY and address not in self.recent:
            self.recent.clear()
        self.recent[address] = page

    def key(self, address: str) -> str:
        """Return the entry's key; another release draws other pages."""
        return "page:" + hashlib.sha256(f"{self.release} {address}".encode()).hexdigest()


def allowed_query(raw: str) -> str:
    """Return the query string with the public parameters only, in one order."""
    return urlencode(sorted(pair for pair in parse_qsl(raw, keep_blank_values=True) if pair[0] in PARAMETERS))


def is_same_for_all(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Return whether the response is whole, and nothing of one reader went into it."""
    if response.status_code != 200 or response.cookies:
        return False
    session, messages = getattr(request, "session", None), getattr(request, "_messages", None)
    if getattr(session, "accessed", False) or getattr(messages, "added_new", False):
        return False
    if any(word in response.get("Cache-Control", "") for word in ("private", "no-store", "no-cache")):
        return False
    if getattr(request, "csp_nonce", None):
        return False
    return varies_by(response) <= ({"accept-language"} if request.path_info in ROOT_PATHS else set())


def varies_by(response: HttpResponseBase) -> set[str]:
    """Return the request's headers that the response depends on, compression aside."""
    names = {name.strip().lower() for name in response.get("Vary", "").split(",")}
    return names - {"", "accept-encoding"}


def not_for_all(response: HttpResponseBase) -> HttpResponseBase:
    """Forbid caches on the way to keep a page that may be one reader's."""
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def stored(response: HttpResponse, *, generation_: str, expires_at: dt.datetime) -> StoredPage:
    """Return the entry of a response."""
    return StoredPage(
        generation=generation_,
        expires_at=expires_at,
        etag=f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"',
        headers={name: value for name, value in response.headers.items() if name.lower() not in OURS},
        body=gzip.compress(response.content, mtime=0),
    )


def answer(request: HttpRequest, page: StoredPage) -> HttpResponse:
    """Return the entry as a response: 304 to who has it, compressed to who takes it."""
    ours = {"ETag": page.etag, "Cache-Control": "public, max-age=0, must-revalidate", "Vary": "Accept-Encoding"}
    if has_already(request, page.etag):
        # The page's own go along: a browser puts them in the place of those that it has, a policy of last month too.
        return HttpResponseNotModified(headers={**page.headers, **ours})
    body = page.body
    if takes_gzip(request):
        ours["Content-Encoding"] = "gzip"
    else:
        body = gzip.decompress(body)
    ours["Content-Length"] = str(len(body))
    return HttpResponse(b"" if request.method == "HEAD" else body, headers={**page.headers, **ours})


def has_already(request: HttpRequest, etag: str) -> bool:
    """Return whether the reader says that he has this content (weak comparison, RFC 9110 §13.1.2)."""
    told = request.META.get("HTTP_IF_NONE_MATCH", "")
    if not told:
        return False
    return any(known == "*" or known.removeprefix("W/") == etag.removeprefix("W/") for known in parse_etags(told))


def takes_gzip(request: HttpRequest) -> bool:
    """Return whether the reader accepts gzip; «gzip;q=0» refuses it."""
    for part in request.META.get("HTTP_ACCEPT_ENCODING", "").lower().split(","):
        name, _semicolon, weight = part.partition(";")
        if name.strip() in ("gzip", "x-gzip"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def release() -> str:
    """Return a digest of what draws the pages: code, templates, texts, names of assets, own address."""
    digest = hashlib.sha256(f"{settings.BASE_URL} {settings.PROVINCE_CODE}".encode())
    base = Path(settings.BASE_DIR)
    rooms = ("portal", "desk", "search", "catalogue", "locale")
    for path in sorted(path for room in rooms for path in (base / room).rglob("*.*")):
        if path.suffix in (".py", ".html", ".mo"):
            stat = path.stat()
            digest.update(f"{path.relative_to(base)} {stat.st_mtime_ns} {stat.st_size}".encode())
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists():
        digest.update(manifest.read_bytes())
    return digest.hexdigest()[:16]
