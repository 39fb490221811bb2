"""Suggestions while a reader types: what the search room suggests, as JSON, without a database query when warm."""

from __future__ import annotations

import gzip
import json
import logging
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.text import fold, shorten
from portal import generation
from portal.addresses import Addresses, load
from portal.cache import takes_gzip
from portal.guides import ADDRESS
from portal.typed import clean
from search import public
from search.documents import CENTRE, GUIDE, HOTLINE, NAME, PLACE, PROCEDURE
from search.public import Hit

logger = logging.getLogger(__name__)
LIMIT = 8
MAX_QUERY = 200
LONGEST_TITLE = 100
KEPT = 20_000
"""Compressed answers of about 0.6 kB that a process keeps; what was asked first goes first."""
HEADERS = {"Cache-Control": "public, max-age=60", "X-Robots-Tag": "noindex", "Vary": "Accept-Encoding"}
NOTHING = gzip.compress(b"[]", mtime=0)


class Memory:
    """What this process answered under one generation of the public pages."""

    def __init__(self) -> None:
        self.generation = ""
        self.addresses = Addresses()
        self.answers: dict[tuple[str, str], bytes] = {}

    def fresh(self) -> Memory:
        """Return itself, emptied where anything public has changed since (one query then)."""
        current = generation.current()
        if current != self.generation:
            self.addresses, self.answers, self.generation = load(), {}, current
        return self

    def keep(self, asked: tuple[str, str], body: bytes) -> None:
        """Keep an answer."""
        while len(self.answers) >= KEPT:
            self.answers.pop(next(iter(self.answers)))
        self.answers[asked] = body


memory = Memory()


@require_safe
def suggest(request: HttpRequest, language: str) -> HttpResponse:
    """Return at most eight suggestions; an empty list for whatever can't be read."""
    query = clean(request.GET.get("q", ""), MAX_QUERY).lower()
    packed = answer(query, language) if query and language in dict(settings.LANGUAGES) else NOTHING
    response = HttpResponse(content_type="application/json", headers=HEADERS)
    if takes_gzip(request):
        response.headers["Content-Encoding"] = "gzip"
    response.content = packed if takes_gzip(request) else gzip.decompress(packed)
    return response


def answer(query: str, language: str) -> bytes:
    """Return the suggestions as compressed JSON; a search that fails costs suggestions, never an error."""
    try:
        kept = memory.fresh()
        body = kept.answers.get((language, query))
        if body is None:
            made = suggestions(query, language, kept.addresses)
            body = gzip.compress(json.dumps(made, ensure_ascii=False).encode(), mtime=0)
            kept.keep((language, query), body)
    except Exception:
        logger.exception("No suggestions could be made.")
        return NOTHING
    return body


def suggestions(query: str, language: str, addresses: Addresses) -> list[dict[str, str]]:
    """Return the suggestions: kind, its name in words, title with its language, why it fits, address."""
    if not public.is_ready():
        return []
    with translation.override(language):
        hits = public.suggest(query, language=language, limit=LIMIT).hits
        return [suggestion(hit, language, addresses) for hit in hits]


def suggestion(hit: Hit, language: str, addresses: Addresses) -> dict[str, str]:
    """Return one suggestion."""
    title, title_language = hit.title(language)
    return {
        "kind": hit.kind,
        "said": kind_names()[hit.kind],
        "title": shorten(title, LONGEST_TITLE),
        "lang": "zh-Hans" if title_language == "zh-hans" else title_language,
        "why": why(hit, title),
        "url": address(hit, title, language, addresses),
    }


def kind_names() -> dict[str, str]:
    """Return what each kind is called in the active language."""
    return {
        PROCEDURE: _("Procedure"),
        CENTRE: _("Centre"),
        HOTLINE: _("Hotline"),
        GUIDE: _("Guide"),
        PLACE: _("Old name of a place"),
    }


def why(hit: Hit, title: str) -> str:
    """Return a short text beside the title: the phrase that fitted, the number, where the old place lay."""
    if hit.kind == HOTLINE:
        return hit.titles.get("phone", "")
    if hit.kind == PLACE:
        return hit.titles.get("inside", "")
    if hit.kind != PROCEDURE or hit.why_role == NAME or fold(hit.why) == fold(title):
        return ""
    return hit.why


def address(hit: Hit, title: str, language: str, addresses: Addresses) -> str:
    """Return the page that the suggestion leads to."""
    if hit.kind == PROCEDURE:
        return addresses.procedure(hit.name, language)
    if hit.kind == CENTRE:
        return addresses.centre(hit.name, language)
    if hit.kind == HOTLINE:
        return addresses.url("hotlines", language)
    if hit.kind == GUIDE:
        return hit.titles.get(ADDRESS + language) or hit.titles.get(f"{ADDRESS}vi", f"/{language}/")
    inside = hit.titles.get("inside", "").partition(",")[0]
    return f"{addresses.url('places', language)}?q={quote(', '.join(filter(None, [title, inside])))}"
