"""allauth's forms in our words; a code counts once, and a key's answer of any shape is an answer or an error."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from portal import tasks
from portal.accounts.codes import use_once
from portal.accounts.language import language_of
from portal.accounts.words import LABELS, WRONG_CODE

NOT_EQUAL = _("The two passwords aren't the same.")
LONGEST = 60
"""Characters of a key's name."""


class OurWords(forms.Form):
    """A form whose labels are ours, with help for a new password and no words inside the fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)
            if name == "password1":
                told = _("At least %(number)d characters. A few words in a row are easy to remember; spaces count.")
                field.help_text = told % {"number": settings.PASSWORD_LENGTH}
            if name == "code":
                field.widget.attrs.update(autocapitalize="none", spellcheck="false", inputmode="numeric")


class LogInForm(OurWords, account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs.update(autocapitalize="none", spellcheck="false", autofocus=True)


class AgainForm(OurWords, account.ReauthenticateForm):
    pass


class SameTwice(forms.Form):
    """Compare a new password with its repetition, in our words."""

    def clean(self) -> dict[str, Any]:
        """Say at the second field that it differs."""
        found: dict[str, Any] = super(account.PasswordVerificationMixin, self).clean() or {}
        first, second = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if first and second and first != second:
            self.add_error("password2", NOT_EQUAL)
        return found


class ChangePasswordForm(SameTwice, OurWords, account.ChangePasswordForm):
    pass


class NewPasswordForm(SameTwice, OurWords, account.ResetPasswordKeyForm):
    pass


class AskForLinkForm(OurWords, account.ResetPasswordForm):
    """Ask for a link by mail: whether anybody has the address is looked up later, not while somebody waits."""

    def clean_email(self) -> str:
        """Return the address as it was typed."""
        return str(self.cleaned_data["email"])

    def save(self, request: Any, **more: Any) -> str:
        """Leave the work to a task; the answer is the same whoever it is."""
        tasks.send_reset_link.delay_on_commit(self.cleaned_data["email"], language_of(request))
        return str(self.cleaned_data["email"])


class OnceOnly(forms.Form):
    """Refuse a code of a telephone that was used before, also within its half minute and on another machine."""

    def clean_code(self) -> str:
        """Return the code, which is spent now."""
        code = str(super().clean_code())  # type: ignore[misc]
        if not use_once(self.authenticator, code):  # type: ignore[attr-defined]
            self._emit_authentication_failed(self.authenticator)  # type: ignore[attr-defined]
            raise forms.ValidationError(WRONG_CODE)
        return code


class CodeForm(OnceOnly, OurWords, mfa.AuthenticateForm):
    pass


class CodeAgainForm(OnceOnly, OurWords, mfa.ReauthenticateForm):
    pass


class SetUpCodesForm(OurWords, totp.ActivateTOTPForm):
    pass


class NoCodesForm(OurWords, totp.DeactivateTOTPForm):
    pass


class RecoveryCodesForm(OurWords, GenerateRecoveryCodesForm):
    pass


class AnswerField(forms.JSONField):
    """A key's answer as JSON; what is nested too deep, or has a number of thousands of digits, is a wrong one."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Read it."""
        try:
            return super().to_python(value)
        except (RecursionError, ValueError) as error:
            raise forms.ValidationError(WRONG_CODE) from error


class AnyShape(forms.Form):
    """Take whatever came as a key's answer: what isn't one is a wrong code, never an error of ours."""

    credential = AnswerField()

    def clean_credential(self) -> Any:
        """Return the factor that the answer proves."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (AttributeError, KeyError, LookupError, OverflowError, TypeError, ValueError) as error:
            if isinstance(error, forms.ValidationError):
                raise
            raise forms.ValidationError(WRONG_CODE) from error


class KeyLogInForm(AnyShape, webauthn.LoginWebAuthnForm):
    pass


class KeyForm(AnyShape, webauthn.AuthenticateWebAuthnForm):
    pass


class KeyAgainForm(AnyShape, webauthn.ReauthenticateWebAuthnForm):
    pass


class AddKeyForm(OurWords, webauthn.AddWebAuthnForm):
    credential = AnswerField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(MaxLengthValidator(LONGEST))
        self.fields["passwordless"].initial = True

    def clean(self) -> dict[str, Any]:
        """Check what the key made; what isn't a key's answer is refused."""
        try:
            return super().clean() or {}
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise forms.ValidationError(WRONG_CODE) from error


class EditKeyForm(OurWords, webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(MaxLengthValidator(LONGEST))
