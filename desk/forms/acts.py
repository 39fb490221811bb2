"""A form an act: what it asks, and the values that it hands to the act. `desk/forms/table.py` names them all."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.opening import ZONE
from catalogue.text import fold, shorten
from desk import attaching
from desk.calendar import work_calendar
from desk.colleagues import agencies_of, people_at
from desk.forms.base import ActForm, ReasonForm, box_field, set_date
from desk.forms.fields import CHOOSE, Colleagues, day_field, line_field, not_far, offer, text_field
from desk.forms.paying import unpaid
from desk.list_wording import without_bullet
from desk.models import Dossier
from desk.public_days import CalendarError
from desk.result_numbers import given_before, twice
from desk.states import Outcome, StopKind

PROPOSED_DAYS = 3
"""Working days by which an extension is proposed: the officer changes them."""


class UndoForm(ActForm):
    """Undoing asks nothing: what is undone is what was done last."""


class TieFileForm(ActForm):
    """Which paper of the dossier a file is the scan of."""

    paper = forms.TypedChoiceField(label=gettext_lazy("Paper"), coerce=int, error_messages=CHOOSE)
    file = forms.TypedChoiceField(
        label=gettext_lazy("Its file"), coerce=int, empty_value=None, required=False,
        help_text=gettext_lazy("Empty: no file belongs to this paper."),
    )  # fmt: skip

    def prepare(self) -> None:
        """Offer the papers that lie in the dossier, and its files, the newest first."""
        papers = self.dossier.papers.filter(replaced_by=None).order_by("pk")
        files = self.dossier.files.filter(removed_at=None).order_by("-pk")
        offer(self, "paper", [("", "—"), *((row.pk, shorten(without_bullet(row.name))) for row in papers)])
        offer(self, "file", [("", "—"), *((row.pk, row.name) for row in files)])

    def run(self) -> Dossier:
        """Tie it."""
        asked = {"by": self.by, "at": self.at, "seen": self.cleaned_data["seen"]}
        return attaching.tie_file(self.dossier.pk, **asked, **self.details())


MENTION = re.compile(r"(?<!\S)@(?=[^\W\d_])([^@]*)")
"""«@» where a word begins, and what follows it."""


class ReceiveForm(ActForm):
    """Receive what was registered; the date only where the published limit has no number."""

    due_on = day_field(gettext_lazy("Due date"), required=False)
    due_text = line_field(gettext_lazy("The text it is read from"), required=False, most=1_000)
    elsewhere = {"due": "due_on"}

    def prepare(self) -> None:
        """Ask for a date only where none can be reckoned."""
        if self.dossier.limit_number is not None or self.dossier.limit_unit == "same_day" or self.dossier.limit_set_on:
            del self.fields["due_on"], self.fields["due_text"]
        else:
            self.fields["due_text"].initial = self.dossier.limit_text

    def clean_due_on(self) -> dt.date | None:
        """Refuse a year that is far off."""
        return not_far(self.cleaned_data["due_on"], self.day)

    def details(self) -> dict[str, Any]:
        """Return the date that the officer sets."""
        due = set_date(self.cleaned_data.get("due_on"), self.cleaned_data.get("due_text", ""))
        return {"due": due} if due else {}

    def clean(self) -> dict[str, Any]:
        """Refuse a date without its text."""
        data = super().clean() or self.cleaned_data
        if data.get("due_on") and not data.get("due_text", "").strip():
            self.add_error("due_text", _("Quote the text from which the date is read."))
        return data


class ExtendForm(ActForm):
    """A later date with an apology, once."""

    on = day_field(gettext_lazy("New due date"))
    late_unit = line_field(gettext_lazy("Unit that is late"), most=300)
    reason = text_field(gettext_lazy("Reason, as the apology prints it"))
    elsewhere = {"due": "on"}

    def prepare(self) -> None:
        """Propose a working day after the present due date."""
        self.fields["late_unit"].initial = str(self.dossier.decided_by)
        if self.dossier.due_at is not None:
            self.fields["on"].initial = self.proposed()

    def clean_on(self) -> dt.date | None:
        """Refuse a year that is far off: an apology is given once."""
        return not_far(self.cleaned_data["on"], self.day)

    def proposed(self) -> dt.date | None:
        """Return the working day some days after the due date, or after today where that has passed.

        None where no calendar knows that day.
        """
        assert self.dossier.due_at is not None
        calendar = work_calendar(self.dossier.centre)
        day = max(self.dossier.due_at.astimezone(ZONE).date(), self.day)
        try:
            for _each in range(PROPOSED_DAYS):
                day = calendar.next_working(day)
        except CalendarError:
            return None
        return day


class StopForm(ReasonForm):
    """For a time or for good, by which article."""

    kind = forms.ChoiceField(
        label=gettext_lazy("How"), choices=StopKind.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    ground = line_field(gettext_lazy("Article of the law"), most=300)
    field_order = ["seen", "kind", "ground", "reason"]


class FinishForm(ActForm):
    """The signed result."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Result"), choices=Outcome.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    number = line_field(gettext_lazy("Number of the result"), most=100)
    signed_on = day_field(gettext_lazy("Signed on"))
    signatory = line_field(gettext_lazy("Signed by"))
    valid_to = day_field(gettext_lazy("Valid until"), required=False)
    file = forms.TypedChoiceField(
        label=gettext_lazy("Its file"), coerce=int, empty_value=None, required=False,
        help_text=gettext_lazy("One of the dossier's files: add it there first."),
    )  # fmt: skip
    reason = text_field(
        gettext_lazy("Reason"), required=False, help_text=gettext_lazy("A refusal needs it: the letter gives it too.")
    )
    is_twice = box_field(gettext_lazy("It is right: this number was given twice"))
    is_unpaid = box_field(gettext_lazy("Go on: the result is signed although the fee isn't paid"))
    boxes = ("is_twice", "is_unpaid")

    def clean(self) -> dict[str, Any]:
        """Ask about a number that the agency has given already, and about a fee that is owed."""
        data = super().clean() or self.cleaned_data
        number, signed_on = data.get("number", "").strip(), data.get("signed_on")
        if number and signed_on and (found := given_before(self.dossiers, [number], signed_on)):
            self.ask("is_twice", twice(found))
        if data.get("outcome") == Outcome.GRANTED and (owed := unpaid(self.dossier)):
            self.ask("is_unpaid", _("%(owed)s Look, then tick this.") % {"owed": owed})
        return data

    @property
    def remark(self) -> str:
        """Tell what is still owed."""
        return unpaid(self.dossier)

    def prepare(self) -> None:
        """Propose today, and the files of the dossier, the newest first."""
        self.fields["signed_on"].initial = self.day
        self.own_files = {file.pk: file for file in self.dossier.files.filter(removed_at=None).order_by("-pk")}
        if len(self.dossiers) > 1 or not self.own_files:
            del self.fields["file"]
            return
        offer(self, "file", [("", "—"), *((pk, str(file)) for pk, file in self.own_files.items())])

    def details(self) -> dict[str, Any]:
        """Return the file as a row."""
        data = super().details()
        return data | {"file": self.own_files.get(data.get("file") or 0)}


class CommentForm(ActForm):
    """Something for colleagues; those who are ticked, or named with «@» in the text, get a notice."""

    text = text_field(
        gettext_lazy("Comment"),
        help_text=gettext_lazy(
            "Applicants don't see it. «@» and a colleague's full name sends that colleague a notice."
        ),
    )
    told = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Notice to"), coerce=int, required=False, widget=Colleagues,
        help_text=gettext_lazy("People of the agencies that have to do with this dossier."),
    )  # fmt: skip

    def prepare(self) -> None:
        """Offer the people who may see the dossier, oneself left out."""
        known = people_at(agencies_of(self.dossier, self.day), self.day)
        groups = [(unit, [each for each in people if each[0] != self.by.user_id]) for unit, people in known]
        self.names = {pk: label.partition(",")[0] for _unit, people in groups for pk, label in people}
        if not self.names:
            del self.fields["told"]
            return
        offer(self, "told", [(unit, people) for unit, people in groups if people])
        self.fields["told"].widget.names = self.names
        self.fields["text"].widget.attrs["data-mentions"] = ""

    def clean(self) -> dict[str, Any]:
        """Say which «@» names nobody, unless somebody is ticked; one within a word is an address, no name."""
        data = super().clean() or self.cleaned_data
        if data.get("told"):
            return data
        lost = [part for part in MENTION.findall(data.get("text", "")) if not self.named(part)]
        if lost:
            told = _(
                "Nobody who works with this dossier is called «%(name)s»: tick the name below, or take the @ away."
            )
            self.add_error("text", told % {"name": shorten(lost[0], 40)})
        return data

    def named(self, after: str) -> set[int]:
        """Return the people whose full name stands at the beginning of what follows an «@»."""
        return {pk for pk, name in self.names.items() if f"{fold(after)} ".startswith(f"{fold(name)} ")}

    def details(self) -> dict[str, Any]:
        """Return the text, and whom it tells: who is ticked, and who is named."""
        data = super().details()
        named = {pk for part in MENTION.findall(data["text"]) for pk in self.named(part)}
        return {"text": data["text"], "told": sorted(named | set(data.get("told") or ()))}
