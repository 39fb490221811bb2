"""The Vietnamese form of a row with drafts: translations that were approved while it was open stay as approved."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from catalogue.editing.four_eyes import FourEyesMixin
from catalogue.translating.publishing import keep_newer


class NewerTranslationsMixin:
    """Let the form say when it was opened: what was approved since isn't undone by the old words that it holds."""

    request: HttpRequest
    model: Any
    object: Any

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        """Add when the form was opened."""
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        if issubclass(self.model, FourEyesMixin):
            field = forms.CharField(widget=forms.HiddenInput, required=False, initial=timezone.now().isoformat())
            form.fields["opened_at"] = field
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, and put back what was approved meanwhile."""
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        opened_at = _time(form.cleaned_data.get("opened_at") or "")
        if opened_at is not None and issubclass(self.model, FourEyesMixin):
            stored = self.model._default_manager.get(pk=self.object.pk)
            if keep_newer(stored, opened_at):
                text = _("Translations that were approved after you opened this form stay as they were approved.")
                messages.info(self.request, text)
        return response


def _time(text: str) -> dt.datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None
