"""Headers of every answer, those of files and of kept pages too (docs/security.md says why each is as it is)."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

PRIVATE = ("/accounts/", "/cms/", "/desk/", "/documents/", "/t/")
"""Where addresses begin under which no cache may keep anything."""
UPLOADS = ("/documents/", "/media/")
"""Where files lie that somebody uploaded: a browser may show them, and runs nothing in them."""
API = "/api/v1/"
OPEN_FILES = (".atom", ".csv", ".json")
"""How addresses of open data end that lie among the pages."""
FEATURES = (
    "camera", "display-capture", "geolocation", "hid", "microphone", "midi", "payment", "serial", "usb",
)  # fmt: skip
PERMISSIONS = ", ".join(
    [
        *(f"{name}=()" for name in FEATURES),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)
"""What no page of ours asks a browser for, and passkeys, for our own pages alone."""
NOTHING_RUNS = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class SafeHeaders:
    """Set what the views and Django's own middleware leave open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.languages = frozenset(code for code, _name in settings.LANGUAGES)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers that fit the address."""
        response = self.get_response(request)
        headers, path = response.headers, request.path_info
        headers.setdefault("Permissions-Policy", PERMISSIONS)
        is_open = self.is_open_data(path)
        headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if is_open else "same-origin")
        if is_open:
            headers.setdefault("Access-Control-Allow-Origin", "*")
        if path.startswith(PRIVATE):
            headers.setdefault("Cache-Control", "private, no-store")
        if path.startswith(UPLOADS) and response.status_code == 200:
            headers["Content-Security-Policy"] = f"sandbox; {NOTHING_RUNS}"
        elif response.status_code != 304:  # A 304's headers replace those of the page that the browser has.
            headers.setdefault("Content-Security-Policy", NOTHING_RUNS)
        return response

    def is_open_data(self, path: str) -> bool:
        """Return whether other sites may read what lies at an address."""
        if path.startswith(API):
            return True
        return path.endswith(OPEN_FILES) and path[1:].partition("/")[0] in self.languages
