"""The forms of the screens of words."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from catalogue.models import Procedure
from search.cms.forms import procedures_of
from search.cms.stamps import StampedForm
from search.knowledge import bet_key
from search.models import BestBet, JudgedQuery
from search.models.words import EXISTS, lines


class RowForm(StampedForm):
    """A form that leads to the row where one like it is there already."""

    def add_error(self, field: str | None, error: Any) -> None:
        """Add the error; to one of a row that is there already a link to it."""
        found = error if isinstance(error, ValidationError) else ValidationError(error)
        parts = [*chain(*found.error_dict.values())] if hasattr(found, "error_dict") else found.error_list
        for part in parts:
            row = self.there_already(part)
            if row is not None:
                address = reverse(row.snippet_viewset.get_url_name("edit"), args=[row.pk])
                part.message = format_html('{} <a href="{}">{}</a>', part.messages[0], address, row)
                part.params = None
        super().add_error(field, found)

    def there_already(self, error: ValidationError) -> Any:
        """Return the row that the error is about, None where it is about none."""
        params, rows = error.params or {}, self.instance.__class__.objects.exclude(pk=self.instance.pk)
        if error.code == EXISTS:
            return rows.filter(pk=params["pk"]).first()
        if error.code == "unique_together":
            return rows.filter(**{name: getattr(self.instance, name) for name in params["unique_check"]}).first()
        return None


class BestBetForm(RowForm):
    """A query stands once among the best bets of a procedure, with or without marks."""

    def clean(self) -> dict[str, Any]:
        """Refuse a query that this procedure has already, in this row or another one."""
        cleaned = super().clean()
        rows = BestBet.objects.filter(procedure=cleaned.get("procedure")).exclude(pk=self.instance.pk)
        elsewhere = {bet_key(phrase): row for row in rows for phrase in lines(row.phrases)}
        seen: set[str] = set()
        for phrase in lines(cleaned.get("phrases") or ""):
            key = bet_key(phrase)
            if key in seen:
                text = _("«%(phrase)s» stands here twice: marks make no difference.")
                self.add_error("phrases", ValidationError(text, params={"phrase": phrase}))
            elif key in elsewhere:
                text = _("«%(phrase)s» is a best bet of this procedure already:")
                params = {"phrase": phrase, "pk": elsewhere[key].pk}
                self.add_error("phrases", ValidationError(text, code=EXISTS, params=params))
            seen.add(key)
        return cleaned


class LanguageForm(RowForm):
    """A form whose language is one of the portal's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            label = self.fields["language"].label
            self.fields["language"] = forms.ChoiceField(choices=settings.LANGUAGES, label=label)


class EverydayWordsForm(LanguageForm):
    """Phrases stay with their procedure: under another one they would be other phrases."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("procedure", "language"):
                del self.fields[name]


class JudgedQueryForm(LanguageForm):
    """The form of a judged query; procedures are named by code, as there are thousands."""

    procedures: forms.Field = forms.ModelMultipleChoiceField(
        Procedure.objects.none(),
        label=_("Procedures that answer it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Clear a box to take a procedure off"),
    )
    more = forms.CharField(
        label=_("Add procedures"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Their codes, with spaces or commas between or one a line"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.procedures.values("pk") if self.instance.pk else []
        self.fields["procedures"].queryset = Procedure.objects.filter(pk__in=kept)  # type: ignore[attr-defined]

    def clean_more(self) -> list[Procedure]:
        """Return the procedures of the codes."""
        return procedures_of(self.cleaned_data["more"])

    def clean(self) -> dict[str, Any]:
        """Add the new procedures to those that stay; there must be one."""
        cleaned = super().clean()
        self.check_text(cleaned)
        pks = [row.pk for row in (*(cleaned.get("procedures") or ()), *(cleaned.get("more") or ()))]
        if not pks and "more" not in self.errors:
            self.add_error("more", _("Name at least one procedure that answers the query."))
        cleaned["procedures"] = Procedure.objects.filter(pk__in=pks)
        return cleaned

    def check_text(self, cleaned: dict[str, Any]) -> None:
        """Refuse a new text that is judged already, with other marks too."""
        text, language = cleaned.get("text") or "", cleaned.get("language")
        if not text or not {"text", "language"} & set(self.changed_data):
            return
        rows = JudgedQuery.objects.filter(language=language).exclude(pk=self.instance.pk).values_list("pk", "text")
        other = next((pk for pk, judged in rows if bet_key(judged) == bet_key(text)), None)
        if other is not None:
            message = _("This query is judged already, marks aside:")
            self.add_error("text", ValidationError(message, code=EXISTS, params={"pk": other}))
