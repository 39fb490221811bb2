"""Settings of the single sign-on from the environment, read before Django is set up."""

from __future__ import annotations

import re
from typing import Any

from portal.service_urls import split, wrong

PROVIDER = "sso"
"""Its name in addresses and in the table of tied accounts: never changed."""
IN_SERVER = "https://login.example.gov.vn/realms/tinh (the address before /.well-known/openid-configuration)"
IN_DOMAINS = "danang.gov.vn, or several with commas; leave it empty to tie accounts by link_account alone"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def providers(server: str, *, client_id: str, secret: str, name: str) -> dict[str, Any]:
    """Return allauth's settings of the one provider, none without an address; raise where something is missing."""
    if not server:
        return {}
    parts = split("OIDC_SERVER_URL", server, ("https", "http"), IN_SERVER)
    if not parts.hostname:
        raise wrong("OIDC_SERVER_URL", "names no host", IN_SERVER)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise wrong("OIDC_SERVER_URL", "isn't https", IN_SERVER)
    if not client_id or not secret:
        raise wrong("OIDC_CLIENT_ID and OIDC_CLIENT_SECRET", "are needed with OIDC_SERVER_URL", "what it gave you")
    app = {
        "provider_id": PROVIDER,
        "name": name,
        "client_id": client_id,
        "secret": secret,
        # The issuer as it was written: it must be the provider's own word for itself, letter by letter.
        "settings": {"server_url": server.rstrip("/"), "issuer": server, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}


def domains(given: list[str]) -> list[str]:
    """Return the domains whose verified addresses find their account; raise where one isn't a domain."""
    found = [domain.strip().lower() for domain in given]
    if any(not _DOMAIN.fullmatch(domain) for domain in found):
        raise wrong("OIDC_LINK_DOMAINS", "has something that isn't a domain", IN_DOMAINS)
    return found
