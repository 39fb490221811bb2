"""What is entered about a dossier that comes, beside its people: how it came, date, fee, papers, and notes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.opening import ZONE
from desk.forms.fields import SECOND_LANGUAGES, MomentField, count_field, day_field, line_field, not_far, text_field
from desk.forms.money import LARGE_FEE, DongField
from desk.forms.questions import QuestionsForm
from desk.forms.scans import ScansForm
from desk.forms.together import TogetherForm
from desk.history import money
from desk.models import ReturnBy
from desk.states import Channel

YEARS = 3
"""Years, back and ahead, beyond which a day is a slip of the pen."""
LONGEST_ONCE = 64


class ArrivalForm(TogetherForm, QuestionsForm, ScansForm):
    """The fields, and what can't be right in each; `do` is the button that was pressed, `at` the present moment."""

    do: str
    at: dt.datetime
    centre = forms.TypedChoiceField(label=gettext_lazy("Centre"), coerce=int)
    channel = forms.ChoiceField(label=gettext_lazy("How it came"), choices=Channel.choices, initial=Channel.COUNTER)
    case_key = forms.ChoiceField(label=gettext_lazy("Case"), required=False)
    term_key = forms.ChoiceField(label=gettext_lazy("Time limit"), required=False)
    decided_by = forms.TypedChoiceField(label=gettext_lazy("Who decides"), required=False, coerce=int, empty_value=None)
    submitted_at = MomentField(gettext_lazy("Handed in at"), help_text=gettext_lazy("Only if earlier than now"))
    due_on = day_field(gettext_lazy("Due date"), required=False, help_text=gettext_lazy("Alt Y leads here"))
    due_on.widget.attrs["accesskey"] = "y"
    due_text = line_field(gettext_lazy("The text it is read from"), required=False, most=1_000)
    fee = DongField(gettext_lazy("Fee, if other than reckoned"), required=False)
    return_by = forms.ChoiceField(label=gettext_lazy("Way of return"), choices=ReturnBy.choices)
    language = forms.ChoiceField(label=gettext_lazy("Second language of the slips"), choices=SECOND_LANGUAGES)
    sets = count_field(gettext_lazy("Sets of papers"), initial=1)
    answer_by = day_field(gettext_lazy("Answer by"), required=False)
    reason = text_field(gettext_lazy("Why it isn't received"), required=False, rows=2)
    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST_ONCE)

    def clean_submitted_at(self) -> dt.datetime | None:
        """Refuse what is still to come, and a year long gone."""
        moment = self.cleaned_data["submitted_at"]
        if moment is not None and moment > self.at:
            raise ValidationError(_("It can't be submitted later than now: check the date."))
        if moment is not None and moment < self.at - dt.timedelta(366 * YEARS):
            raise ValidationError(_("This is more than three years ago: check the year."))
        return moment

    def clean_due_on(self) -> dt.date | None:
        """Refuse a year that is far off."""
        return not_far(self.cleaned_data["due_on"], self.at.astimezone(ZONE).date(), YEARS)

    def clean_answer_by(self) -> dt.date | None:
        """Refuse a day that leaves no time to answer, or years of it."""
        day, today = self.cleaned_data["answer_by"], self.at.astimezone(ZONE).date()
        if day is not None and day <= today:
            raise ValidationError(_("Leave the applicant at least a day to answer."))
        return not_far(day, today, years=1)

    def clean_sets(self) -> int:
        """Refuse no set at all; what was left empty is one."""
        number = self.cleaned_data["sets"]
        if number == 0:
            raise ValidationError(_("There is at least one set of papers."))
        return number or 1

    def clean(self) -> dict[str, Any]:
        """Refuse a button without what it needs, and stop where a note would be dropped."""
        data = super().clean() or self.cleaned_data
        if self.do == "reject" and not data.get("reason", "").strip() and "reason" not in self.errors:
            self.add_error("reason", _("Fill this in."))
        if self.do == "supplement" and not any(map(self.reason_of, self.papers)):
            self.add_error(None, _("Say of at least one paper what is missing or wrong."))
        self._ask_about_notes(data)
        self._ask_about_fee(data)
        return data

    def _ask_about_fee(self, data: dict[str, Any]) -> None:
        """Stop at a fee that hardly any procedure has."""
        fee = data.get("fee")
        if fee is not None and fee >= LARGE_FEE:
            self.ask("has_large_fee", [_("The fee is %(fee)s. Are there too many noughts?") % {"fee": money(fee)}])

    def _ask_about_notes(self, data: dict[str, Any]) -> None:
        """Stop where something was noted that the button that was pressed doesn't use."""
        asks = {
            "receive": _("You noted that a paper is missing or wrong: receive it, or ask for it with Form 02?"),
            "reject": _("You noted what is missing, but a refusal doesn't say it: write it into the reason."),
        }
        asked = []
        if self.do in asks and any(map(self.reason_of, self.papers)):
            asked.append(asks[self.do])
        if self.do in ("receive", "supplement") and data.get("reason", "").strip():
            asked.append(_("You noted why it isn't received: refuse it with Form 03, or go on without the reason?"))
        self.ask("drops_notes", asked)
