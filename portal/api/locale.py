"""The language of an answer: by the address for pages, by `?lang=` for the API."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware

NO_PAGES = ("/api/", "/cms/", "/desk/", "/t/", "/accounts/")
"""Where addresses begin that have no language in them."""


class PageLocaleMiddleware(LocaleMiddleware):
    """Django's own, which keeps off the answers of the API, of editors and officers, of log-in and of tokens.

    It takes every 404 without a language in its address for a page whose language was forgotten, and
    redirects: `/api/v1/procedures/9.999999` would lead to a page instead of a 404 in JSON.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Leave answers that aren't public pages as they are."""
        if request.path_info.startswith(NO_PAGES):
            return response
        return super().process_response(request, response)
