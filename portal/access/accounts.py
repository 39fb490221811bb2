"""Addresses of log-in: everybody's own."""

from __future__ import annotations

from portal.access.rules import Rule, Who

NOTHING, OWN = "nothing of anybody", "one's own log-in"
RULES = (
    Rule("account_login", Who.ANYBODY, NOTHING),
    Rule("account_logout", Who.ANYBODY, OWN),
    Rule("account_inactive", Who.ANYBODY, NOTHING),
    Rule("account_language", Who.ANYBODY, "the language of these pages"),
    Rule("account_reset_password", Who.ANYBODY, "nothing: answers alike whether or not there is such an account"),
    Rule("account_reset_password_done", Who.ANYBODY, NOTHING),
    Rule("account_reset_password_from_key", Who.BEARER, "the account of the link that was mailed"),
    Rule("account_reset_password_from_key_done", Who.ANYBODY, NOTHING),
    Rule("account_reauthenticate", Who.LOGGED_IN, OWN),
    Rule("account_change_password", Who.LOGGED_IN, OWN),
    Rule("mfa_authenticate", Who.ANYBODY, "the account whose password was right a moment ago"),
    Rule("mfa_login_webauthn", Who.ANYBODY, "the account of the passkey"),
    Rule("mfa_*", Who.LOGGED_IN, OWN),
    Rule("usersessions_list", Who.LOGGED_IN, OWN),
    Rule("end_other_sessions", Who.LOGGED_IN, OWN),
    Rule("end_session", Who.LOGGED_IN, OWN),
    Rule("socialaccount_login_cancelled", Who.ANYBODY, NOTHING),
    Rule("openid_connect_login", Who.ANYBODY, "nothing: leads to the provider"),
    Rule("openid_connect_callback", Who.ANYBODY, "the account that the administrator tied to the provider's"),
)
