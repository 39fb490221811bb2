"""What allauth asks of us about second factors: secrets are encrypted at rest, QR codes are drawn here."""

from __future__ import annotations

import base64
import hashlib
import io
import secrets
from contextlib import suppress
from typing import Any

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.second_factor import is_last, is_required
from portal.accounts.words import ERRORS

NONCE = 12
"""Bytes, drawn anew for each secret."""


class FactorAdapter(DefaultMFAAdapter):
    error_messages = {**DefaultMFAAdapter.error_messages, **ERRORS}

    def encrypt(self, text: str) -> str:
        """Return a secret as the database may hold it."""
        nonce = secrets.token_bytes(NONCE)
        return base64.urlsafe_b64encode(nonce + keys()[0].encrypt(nonce, text.encode(), None)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret; raise InvalidTag where no key fits any more, or something was changed."""
        sealed = base64.urlsafe_b64decode(encrypted_text)
        for key in keys():
            with suppress(InvalidTag):
                return key.decrypt(sealed[:NONCE], sealed[NONCE:], None).decode()
        raise InvalidTag

    def get_totp_label(self, user: Any) -> str:
        """Return what a telephone shows: the user name, not the e-mail address."""
        return str(user.get_username())

    def get_totp_issuer(self) -> str:
        """Return whose codes they are."""
        return settings.WAGTAIL_SITE_NAME

    def _get_site_name(self) -> str:
        return settings.WAGTAIL_SITE_NAME

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code with its quiet zone, dark on white in dark mode too."""
        drawn = io.BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False)
        return drawn.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether somebody may do without it: not the last one where the post needs one."""
        return not (is_last(authenticator) and is_required(authenticator.user, timezone.now()))

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002
        """Return a name for a new key."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Key %(number)d") % {"number": number}


def keys() -> list[AESGCM]:
    """Return the keys of secrets (AES-256-GCM): the first encrypts, the others still open what they encrypted."""
    named = settings.MFA_KEYS or [settings.SECRET_KEY]
    return [AESGCM(hashlib.blake2b(key.encode(), digest_size=32, person=b"mot-cua mfa").digest()) for key in named]
