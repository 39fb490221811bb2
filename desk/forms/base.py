"""What all acts' forms share: who acts on what, when, and where a refusal is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy

from catalogue.opening import ZONE
from desk import actions
from desk.acting import Bulk
from desk.actors import Actor
from desk.forms.fields import say_plainly, text_field
from desk.limits import SetDate
from desk.models import Dossier
from desk.refusals import ActRefused, Invalid, SomebodyWasFaster


class SeenField(forms.IntegerField):
    """The number of the last event that a page showed; what can't be one is told as what is outdated is."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> int | None:
        """Read it; nothing is 0: an error beside a hidden field nobody would see."""
        try:
            return super().to_python(value)
        except forms.ValidationError:
            return 0


class ActForm(forms.Form):
    """An act on one dossier, or on several at once; `seen` is the last event that the person saw."""

    seen = SeenField(required=False)
    act = ""
    elsewhere: dict[str, str] = {}
    """Names by which the act calls a field that has another name here."""
    boxes: tuple[str, ...] = ()
    """Boxes of questions, which show only where something is asked: they are the form's own (`box_field`)."""

    def __init__(
        self, dossiers: Sequence[Dossier], by: Actor, at: dt.datetime, data: Any = None, *, act: str = ""
    ) -> None:
        super().__init__(data, use_required_attribute=False)
        self.dossiers, self.by, self.at, self.was_faster = dossiers, by, at, False
        self.act = act or self.act
        self.day = at.astimezone(ZONE).date()
        self.prepare()
        say_plainly(self)

    def prepare(self) -> None:
        """Fill in choices and proposals."""

    @property
    def dossier(self) -> Dossier:
        """Return the one dossier, or the first of several."""
        return self.dossiers[0]

    @property
    def remark(self) -> str:
        """Return what the officer should know before the act, empty where there is nothing."""
        return ""

    def details(self) -> dict[str, Any]:
        """Return what the act is told."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen" and name not in self.boxes}

    def ask(self, box: str, told: str) -> None:
        """Ask something before the act: its box shows from then on, and stops the act until it is ticked."""
        self.fields[box].widget = forms.CheckboxInput()
        if not self.cleaned_data.get(box):
            self.add_error(box, told)

    def perform(self) -> Dossier | None:
        """Do the act; None where it was refused: the form then says why, at the field at fault where there is one."""
        try:
            return self.run()
        except SomebodyWasFaster as error:
            self.was_faster = True
            self.add_error(None, str(error))
        except ActRefused as error:
            self.refuse(error)
        return None

    def run(self) -> Dossier:
        """Call the act."""
        asked = {"by": self.by, "at": self.at, "seen": self.cleaned_data["seen"]}
        return getattr(actions, self.act)(self.dossier.pk, **asked, **self.details())

    def perform_many(self) -> Bulk:
        """Do the act to all of them, each with its details."""
        shared = self.details()
        each = {dossier.pk: self.details_of(dossier, shared) for dossier in self.dossiers}
        act: actions.ActFunction = getattr(actions, self.act)
        return act.bulk_each(each, by=self.by, at=self.at)

    def details_of(self, dossier: Dossier, shared: dict[str, Any]) -> dict[str, Any]:
        """Return what the act is told of one of several dossiers: what is asked once, unless a form asks more."""
        return shared

    def point(self) -> None:
        """Let the cursor stand at what was refused, else at the first line to fill in."""
        fields = self.in_order()
        wrong = [field for field in fields if field.errors]
        for field in [*wrong, *fields][:1]:
            field.field.widget.attrs["autofocus"] = True

    def in_order(self) -> list[forms.BoundField]:
        """Return the fields in the order of the page."""
        return self.visible_fields()

    def refuse(self, error: ActRefused) -> None:
        """Tell why the act was refused."""
        name = error.field if isinstance(error, Invalid) else ""
        name = self.elsewhere.get(name, name)
        self.add_error(name if name in self.fields else None, str(error))


class ReasonForm(ActForm):
    """An act that needs its reason and nothing else."""

    reason = text_field(gettext_lazy("Reason"))


class NoteForm(ActForm):
    """An act to which something may be added."""

    note = text_field(gettext_lazy("Note for colleagues"), required=False, rows=2)


def box_field(label: Any) -> forms.BooleanField:
    """Return the box of a question, hidden until it is asked."""
    return forms.BooleanField(label=label, required=False, widget=forms.HiddenInput)


def user_with(pk: int | None) -> Any:
    """Return the person with a key, None without one (one query)."""
    return get_user_model().objects.get(pk=pk) if pk else None


def set_date(on: dt.date | None, text: str) -> SetDate | None:
    """Return the date that an officer sets; None without one."""
    return SetDate(on, text) if on else None
