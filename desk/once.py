"""What is sent twice is entered once: a dossier's token comes from the form that it was entered on."""

from __future__ import annotations

import base64
import secrets

from django.utils.crypto import salted_hmac

from desk.models import Dossier


def token_of(once: str) -> str:
    """Return a dossier's token, 43 signs: the same one for the same form, so that the database keeps one dossier."""
    if not once:
        return secrets.token_urlsafe(32)
    digest = salted_hmac("desk.intake.once", once, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def entered_before(once: str) -> Dossier | None:
    """Return the dossier that was entered from a form already (one query)."""
    return Dossier.objects.filter(tracking_token=token_of(once)).first() if once else None
