"""What the provider of the single sign-on says is believed only as far as it can be proved.

allauth takes the issuer from whatever document it was sent, and leaves a token's signature unread where the token came
straight from the provider (OpenID Connect Core 3.1.3.7 allows it). Here both are checked all the same: it costs one
request for the keys, and a wrong entry in a name server then opens nothing.
"""

from __future__ import annotations

from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"})
"""Signatures by a private key alone: a token that is sealed by a shared secret, or by nothing, is none."""
TYPES = ("jwt", None)
"""What a token's header may call it; an access token («at+jwt») proves nobody."""


class CheckedAdapter(OpenIDConnectOAuth2Adapter):
    @property
    def openid_config(self) -> dict[str, Any]:
        """Return what the provider tells of itself; raise ValueError where it is another one than the settings name."""
        found: dict[str, Any] = super().openid_config
        if found.get("issuer") != self.get_provider().app.settings["issuer"]:
            raise ValueError("The issuer isn't the one that the settings name.")
        return found

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        """Return who comes; an answer without a token about the person is none."""
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("There is no ID token.")
        return super().complete_login(request, app, token, **kwargs)

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """Return the claims of a token that is signed, current, of this issuer and for us; raise OAuth2Error else."""
        try:
            header = jwt.get_unverified_header(id_token)
            if header.get("alg") not in ALGORITHMS or _kind(header) not in TYPES:
                raise OAuth2Error("The ID token isn't signed as one must be.")
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=jwt.PyJWK(_key(header, self.keys()), algorithm=header["alg"]),
                algorithms=[header["alg"]],
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("The ID token isn't valid.") from error
        jwtkit.verify_jti(claims)
        return claims

    def keys(self) -> list[dict[str, Any]]:
        """Return the provider's public keys, asked for anew (a request to it): they change without notice."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["keys"]
        return found


def start(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Send somebody to the provider, once it is the one that it must be."""
    adapter = _adapter(request, provider_id)
    assert adapter.openid_config
    return OAuth2LoginView.adapter_view(adapter)(request)


def finish(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take the provider's answer."""
    return OAuth2CallbackView.adapter_view(_adapter(request, provider_id))(request)


def _adapter(request: HttpRequest, provider_id: str) -> CheckedAdapter:
    """Return the adapter of a provider; raise Http404 where there is none of that name."""
    adapter = CheckedAdapter(request, provider_id)
    try:
        adapter.get_provider()
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return adapter


def _key(header: dict[str, Any], keys: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the key that a token names, or the only one where it names none; raise OAuth2Error else."""
    named = header.get("kid")
    fit = [key for key in keys if key.get("use", "sig") == "sig" and (named is None or key.get("kid") == named)]
    if len(fit) != 1:
        raise OAuth2Error("The ID token's key isn't known.")
    return fit[0]


def _kind(header: dict[str, Any]) -> str | None:
    kind = header.get("typ")
    return str(kind).lower() if kind is not None else None
