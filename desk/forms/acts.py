"""A form an act: what it asks, and the values that it hands to the act. `desk/forms/table.py` names them all."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Agency
from catalogue.opening import ZONE
from catalogue.text import fold, shorten
from desk import attaching
from desk.calendar import work_calendar
from desk.colleagues import agencies_of, people_at
from desk.forms.base import ActForm, NoteForm, ReasonForm, set_date, user_with
from desk.forms.fields import CHOOSE, FILL_IN, Colleagues, MomentField, day_field, line_field, offer, text_field
from desk.forms.handing import Handing
from desk.history import money
from desk.list_wording import without_bullet
from desk.models import Dossier, ProcessStep
from desk.states import Outcome, StopKind

PROPOSED_DAYS = 3
"""Working days by which an extension is proposed: the officer changes them."""


class TakeOverForm(ActForm):
    """Taking over asks nothing."""


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


def unpaid(dossier: Dossier) -> str:
    """Return that less was paid than the receipt names, empty where nothing is owed."""
    owed = (dossier.fee_due or 0) - dossier.fee_paid
    said = _("The receipt names a fee of %(fee)s, %(paid)s is paid: %(owed)s is still owed.")
    return (
        said % {"fee": money(dossier.fee_due), "paid": money(dossier.fee_paid), "owed": money(owed)} if owed > 0 else ""
    )


class HandForm(NoteForm):
    """A result or papers pass into somebody's hand."""

    @property
    def remark(self) -> str:
        """Tell what is still owed."""
        return unpaid(self.dossier)

    to = line_field(
        gettext_lazy("Who took it"), required=False, most=300, help_text=gettext_lazy("Only if it wasn't the applicant")
    )
    field_order = ["seen", "to", "note"]


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


class ForwardForm(Handing, ActForm):
    """To which agency, to whom there, for which step."""

    to_agency = forms.TypedChoiceField(label=gettext_lazy("Agency"), coerce=int, empty_value=None, required=False)
    to_user = forms.TypedChoiceField(
        label=gettext_lazy("Person"), coerce=int, empty_value=None, required=False,
        help_text=gettext_lazy("Empty: whoever takes it over there"),
    )  # fmt: skip
    step = line_field(gettext_lazy("Step"), required=False)
    step_due_at = MomentField(gettext_lazy("Step due at"))
    note = text_field(gettext_lazy("Note for whoever gets it"), required=False, rows=2)
    is_meant = forms.BooleanField(label=gettext_lazy("It goes there all the same"), required=False)
    elsewhere = {"agency": "to_agency"}
    field_order = ["seen", "to_agency", "is_meant", "to_user", "although_away"]

    def prepare(self) -> None:
        """Offer the dossier's own agencies first, and the people of those."""
        own = [self.dossier.decided_by, self.dossier.received_by, self.dossier.holder_agency]
        known = {agency.pk: agency for agency in own}
        others = [row for row in Agency.objects.on(self.day).exclude(kind="ministry") if row.pk not in known]
        choices: list[Any] = [
            (_("Of this dossier"), [(pk, str(agency)) for pk, agency in known.items()]),
            (_("Others"), [(row.pk, str(row)) for row in others]),
        ]
        if self.is_for_each:
            choices.insert(0, ("", _("the agency that decides, for each dossier")))
            del self.fields["to_user"], self.fields["although_away"]
        else:
            self.fields["to_agency"].initial = self.dossier.decided_by_id
            self.fields["to_agency"].required = True
            self.fields["to_agency"].error_messages["required"] = _("Choose the agency that gets it.")
            self.offer_people([*known, *self.by.agencies])
        offer(self, "to_agency", choices)
        if self.is_usual:
            del self.fields["is_meant"]
        self.fields["step"].widget.attrs["list"] = "steps"

    @property
    def is_usual(self) -> bool:
        """Return whether they go to the agency that decides them, as far as something was chosen."""
        chosen = self.data.get("to_agency", "") if self.is_bound else ""
        return chosen == "" or {chosen} == {str(dossier.decided_by_id) for dossier in self.dossiers}

    @property
    def is_for_each(self) -> bool:
        """Return whether the dossiers are settled by several agencies: each then goes to its own."""
        return len({dossier.decided_by_id for dossier in self.dossiers}) > 1

    def clean(self) -> dict[str, Any]:
        """Ask whether another agency than the deciding one is meant."""
        data = super().clean() or self.cleaned_data
        if "is_meant" in self.fields and not data.get("is_meant") and "to_agency" not in self.errors:
            told = _(
                "This agency doesn't decide it: «%(agency)s» does. Choose that one, or tick here if it is meant so."
            )
            self.add_error("is_meant", told % {"agency": self.dossier.decided_by})
        return data

    def details_of(self, dossier: Dossier, shared: dict[str, Any]) -> dict[str, Any]:
        """Return the agency that was chosen, else the one that decides this dossier."""
        return shared | {"to_agency": shared["to_agency"] or dossier.decided_by}

    @property
    def steps(self) -> list[str]:
        """Return the steps of the procedure's internal process (one query)."""
        rows = ProcessStep.objects.filter(process__procedure=self.dossier.procedure_id)
        return list(dict.fromkeys(rows.values_list("name", flat=True)[:50]))

    def details(self) -> dict[str, Any]:
        """Return agency and person as rows."""
        data = super().details()
        data.pop("is_meant", None)
        data["to_agency"] = Agency.objects.filter(pk=data["to_agency"]).first() if data["to_agency"] else None
        return data | {"to_user": user_with(data.get("to_user"))}


class ReassignForm(Handing, ReasonForm):
    """To another person of the agency that holds it."""

    to_user = forms.TypedChoiceField(label=gettext_lazy("Person"), coerce=int, error_messages=CHOOSE)
    field_order = ["seen", "to_user", "although_away", "reason"]

    def prepare(self) -> None:
        """Offer the people of the agencies that hold the dossiers, without the one who has all of them already."""
        has_them = {dossier.holder_id for dossier in self.dossiers}
        agencies = [dossier.holder_agency_id for dossier in self.dossiers]
        self.offer_people(agencies, but=has_them.pop() if len(has_them) == 1 else None)

    def details(self) -> dict[str, Any]:
        """Return the person as a row."""
        data = super().details()
        return data | {"to_user": user_with(data["to_user"])}


class RequestPaymentForm(ActForm):
    """How much, and what for; where it comes to more than the fee that the receipt names, it is asked about."""

    amount = forms.DecimalField(
        label=gettext_lazy("Amount in dong"), max_digits=15, decimal_places=2, error_messages=FILL_IN
    )
    purpose = line_field(gettext_lazy("What is to be paid"), most=300)
    is_more = forms.BooleanField(
        label=gettext_lazy("It is right: this is another fee, or a tax"), required=False, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        """Ask where fee and payments don't agree."""
        data = super().clean() or self.cleaned_data
        fee, paid = self.dossier.fee_due, self.dossier.fee_paid
        if fee is None or data.get("amount") is None or paid + data["amount"] <= fee:
            return data
        self.fields["is_more"].widget = forms.CheckboxInput()
        if not data.get("is_more"):
            told = _("The receipt names a fee of %(fee)s, %(paid)s is paid: this would be more. Look, then tick this.")
            self.add_error("is_more", told % {"fee": money(fee), "paid": money(paid)})
        return data

    def details(self) -> dict[str, Any]:
        """Return what the act is told: the box is the form's own."""
        return {name: value for name, value in super().details().items() if name != "is_more"}


class ConfirmPaymentForm(ActForm):
    """By which receipt."""

    receipt = line_field(gettext_lazy("Number of the receipt"), required=False, most=60)


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

    def proposed(self) -> dt.date:
        """Return the working day some days after the due date, or after today where that has passed."""
        assert self.dossier.due_at is not None
        calendar = work_calendar(self.dossier.centre)
        day = max(self.dossier.due_at.astimezone(ZONE).date(), self.day)
        for _each in range(PROPOSED_DAYS):
            day = calendar.next_working(day)
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
        known = people_at(agencies_of(self.dossier), self.day)
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
