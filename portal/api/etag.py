"""How every answer leaves the API: content-hash validators, open to other sites, errors as JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response

CACHE_CONTROL = "public, max-age=0, must-revalidate"


def content_etag(content: bytes) -> str:
    """Return the strong entity tag of a body: it changes with every byte (RFC 9110 8.8.3)."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def open_data(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view's answers their headers; HEAD is answered like GET, and a repeat with 304."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        asked = request.method
        if asked == "HEAD":
            request.method = "GET"
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            response = JsonResponse({"detail": "There is nothing at this address."}, status=404)
        finally:
            request.method = asked
        return finish(request, response)

    return answer


def finish(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Set the headers of an answer, or return the 304 that stands for it."""
    if response.status_code == 405:
        allowed = {"Allow": "GET, HEAD"}
        response = JsonResponse({"detail": "This address is only read: GET or HEAD."}, status=405, headers=allowed)
    if response.status_code == 200:
        response.headers.setdefault("ETag", content_etag(response.content))
        response.headers["Cache-Control"] = CACHE_CONTROL
    else:
        response.headers["Cache-Control"] = "no-store"
    asked = request.GET.get("lang", "")
    language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    if response.status_code == 200:
        conditional = get_conditional_response(request, etag=response.headers["ETag"], response=response)
        assert isinstance(conditional, HttpResponse)
        response = conditional
    response.headers.setdefault("Content-Language", language)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Link"
    return response
