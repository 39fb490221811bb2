"""Content security policies: nothing inline and nothing from elsewhere; /cms/ as strict as Wagtail lets it be."""

from __future__ import annotations

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Directives = dict[str, list[Any]]
EDITING = "/cms/"


def pages(*, is_https: bool, report_to: str) -> Directives:
    """Return the policy of public pages, of the desk, of log-in and of the API's documentation."""
    found: Directives = {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
    if is_https:
        found["upgrade-insecure-requests"] = [True]
    if report_to:
        found["report-uri"] = [report_to]
    return found


def editing(base: Directives) -> Directives:
    """Return the policy of /cms/: what docs/security.md lists is loosened, with what of Wagtail needs it."""
    return base | {
        "script-src": [SELF, UNSAFE_INLINE],
        "script-src-attr": [NONE],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
    }


class PolicyByPlace(CSPMiddleware):
    """django-csp with a second policy, chosen by the address; a view's own header still counts more."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Return the parts of the policy of this answer."""
        parts = super().get_policy_parts(request, response, report_only)
        if parts.config is None and not report_only:
            if getattr(request, "is_preview", False):
                # Wagtail draws a preview by asking for the public address; the editor's page shows it in a frame.
                parts.config = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"] | {"frame-ancestors": [SELF]}
            elif request.path_info.startswith(EDITING):
                parts.config = settings.EDITING_POLICY
        return parts
