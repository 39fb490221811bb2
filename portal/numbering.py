"""Each request has a number: its lines in the logs carry it, and so does an error page, so that the two are found."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from catalogue.audit import ASKED, Asked
from portal.readers import reader_of

HEADER = "X-Request-ID"
SANE = re.compile(r"[0-9A-Za-z-]{8,64}")
"""What a proxy of our own may have called the request: nothing that could change a line of a log."""


class NumberedRequests:
    """Give the request the number that our own proxy gave it, else one that nobody can guess."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the number known to every log meanwhile."""
        number = given(request) or secrets.token_hex(8)
        token = ASKED.set(Asked(number, partial(reader_of, request)))
        try:
            response = self.get_response(request)
        finally:
            ASKED.reset(token)
        response.headers[HEADER] = number
        return response


def given(request: HttpRequest) -> str:
    """Return the number that the proxy in front gave, empty where none stands there or it isn't one."""
    told = request.META.get("HTTP_X_REQUEST_ID", "") if settings.PROXIES else ""
    return told if SANE.fullmatch(told) else ""
