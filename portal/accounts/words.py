"""What the pages and mails of log-in say: allauth has no Vietnamese."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WRONG_CODE = _("This code isn't right, or was used already. Wait for the next one and type that.")
ERRORS = {
    "account_inactive": _("This account is closed. Ask your administrator."),
    "enter_current_password": _("This isn't your present password."),
    "incorrect_code": WRONG_CODE,
    "incorrect_password": _("This password isn't right."),
    "invalid_login": _("The user name or the password isn't right."),
    "username_password_mismatch": _("The user name or the password isn't right."),
    "invalid_password_reset": _("This link was used already, or is too old."),
    "too_many_login_attempts": _("Too many wrong tries from this place. Wait five minutes, then try again."),
    "rate_limited": _("Too many wrong tries from this place. Wait five minutes, then try again."),
    "cannot_delete_authenticator": _("Your post needs a second factor: set up another one before you remove the last."),
    "cannot_generate_recovery_codes": _("Set up a second factor first: recovery codes stand in for it."),
}
"""By allauth's names of them."""

TOLD = {
    "account/messages/logged_out.txt": _("You have logged out."),
    "account/messages/password_changed.txt": _("Your password is changed. Other devices are logged out."),
    "mfa/messages/totp_activated.txt": _("Codes of your telephone are asked for from now on."),
    "mfa/messages/totp_deactivated.txt": _("Codes of your telephone aren't asked for any more."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": _(
        "Here are your recovery codes. Write them down now: they are shown once."
    ),
}
"""By the names of allauth's templates."""

TOLD_BY_MAIL = {
    "password_changed": _("Your password was changed."),
    "password_reset": _("Your password was changed by a link that came by mail."),
    "recovery_codes_generated": _("New recovery codes were made; the old ones are worth nothing."),
    "totp_activated": _("A telephone app was set up for your log-in."),
    "totp_deactivated": _("The telephone app was taken off your log-in."),
    "webauthn_added": _("A passkey was added to your log-in."),
    "webauthn_removed": _("A passkey was taken off your log-in."),
    "account_connected": _("Your account is now tied to the single sign-on."),
}
"""By the last part of the names of allauth's templates."""

LABELS = {
    "login": _("User name"),
    "password": _("Password"),
    "oldpassword": _("Present password"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
    "code": _("Code"),
    "email": _("E-mail address"),
    "name": _("Name of this key"),
    "passwordless": _("Log in with this key alone, without name and password"),
}
"""By the names of fields."""
