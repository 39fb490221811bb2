"""What an editor sends from the board, as values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalogue.models import Procedure
from search.asked_file import MASK
from search.cms import stamps
from search.cms.teaching import BET, PHRASE, SYNONYM, Lesson
from search.models import AskedQuery, JudgedQuery
from search.models.words import LONGEST_PHRASE, check_phrases, lines

MASKED = _("Numbers in it are masked as #: nobody knows what was typed, so it can't be taught or judged.")


def procedure_of(code: str) -> Procedure | None:
    """Return the procedure with this code that readers can see."""
    return Procedure.objects.public(settings.PROVINCE_CODE).filter(code=code).first()


class LessonForm(forms.Form):
    """A lesson as it stands in the address; `code` may hold words, by which a procedure is then chosen."""

    kind = forms.ChoiceField(choices=((SYNONYM, SYNONYM), (PHRASE, PHRASE), (BET, BET)), widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What people type"),
        max_length=2 * LONGEST_PHRASE,
        validators=[check_phrases],
        widget=forms.TextInput(attrs={"maxlength": 2 * LONGEST_PHRASE}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    legal = forms.CharField(
        label=_("What the catalogue says"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[check_phrases],
        help_text=_("Vietnamese words of procedures' names, one a line, the best first"),
    )
    code = forms.CharField(
        label=_("Procedure"), required=False, max_length=200, help_text=_("Its code, or words to look for it")
    )

    next = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    """The address that one came from."""

    def clean_text(self) -> str:
        """Refuse what was masked: it isn't what anybody typed."""
        text = str(self.cleaned_data["text"])
        if MASK in text:
            raise ValidationError(MASKED)
        return text

    def clean(self) -> dict[str, Any]:
        """Ask a synonym for legal words, and the others for a procedure."""
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind == SYNONYM and not cleaned.get("legal") and "legal" not in self.errors:
            self.add_error("legal", ValidationError(_("Say what the catalogue calls it.")))
        if kind in (PHRASE, BET) and not cleaned.get("code") and "code" not in self.errors:
            self.add_error("code", ValidationError(_("Give a code, or words to look for the procedure.")))
        return cleaned

    def lesson(self) -> Lesson | None:
        """Return the lesson; None where the procedure is still to be chosen among what the words find."""
        data = self.cleaned_data
        if data["kind"] == SYNONYM:
            return Lesson(SYNONYM, data["text"], data["language"], legal=lines(data["legal"]))
        procedure = procedure_of(data["code"].strip())
        return Lesson(data["kind"], data["text"], data["language"], procedure=procedure) if procedure else None


class JudgementForm(forms.Form):
    """The procedures that answer a query: marked among what it finds, or named by code."""

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    codes = forms.MultipleChoiceField(required=False)
    more = forms.CharField(
        label=_("Others that answer it"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Their codes, with spaces or commas between or one a line"),
    )

    def __init__(
        self, *args: Any, asked: AskedQuery, offered: Iterable[str], judged: JudgedQuery | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.judged = asked, judged
        self.fields["stamp"].initial = stamps.stamp(judged)
        self.fields["codes"].choices = [(code, code) for code in offered]  # type: ignore[attr-defined]

    def clean_more(self) -> list[Procedure]:
        """Return the procedures of the codes."""
        return procedures_of(self.cleaned_data["more"])

    def clean(self) -> dict[str, Any]:
        """Refuse a masked query and what was made from another judgement; ask a new one for a procedure."""
        cleaned = super().clean() or {}
        if MASK in self.asked.text:
            raise ValidationError(MASKED)
        try:
            stamps.check(cleaned.get("stamp") or "", self.judged, {})
        except ValidationError:
            stamps.renew(self, stamps.stamp(self.judged))
            raise
        is_empty = not cleaned.get("codes") and not cleaned.get("more")
        if is_empty and self.judged is None and not self.errors:
            raise ValidationError(_("Mark at least one procedure that answers the query."))
        return cleaned

    def procedures(self) -> list[Procedure]:
        """Return what answers the query."""
        marked = Procedure.objects.public(settings.PROVINCE_CODE).filter(code__in=self.cleaned_data["codes"])
        return [*marked, *self.cleaned_data["more"]]


def procedures_of(text: str) -> list[Procedure]:
    """Return the procedures of codes, between spaces, commas or semicolons.

    Raises ValidationError on one that readers can't see.
    """
    found = []
    for code in dict.fromkeys(filter(None, re.split(r"[\s,;]+", text))):
        procedure = procedure_of(code)
        if procedure is None:
            raise ValidationError(_("No procedure on the site has the code %(code)s."), params={"code": code[:30]})
        found.append(procedure)
    return found
