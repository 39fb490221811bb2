"""Who sits before the form is led: where the cursor stands, what is still lacking, which buttons are theirs."""

from __future__ import annotations

from django.utils.translation import gettext as _

from catalogue.models import Agency
from desk.actors import Actor
from desk.forms.arrival import ArrivalForm
from desk.forms.people import PersonForm
from desk.models import Party
from desk.permissions import RULES, Side


class GuidingForm(ArrivalForm):
    """What the page shows beside the fields."""

    by: Actor
    pressed: str
    people: dict[str, PersonForm]

    @property
    def agency(self) -> Agency | None:
        """Return who decides."""
        raise NotImplementedError

    @property
    def centre_agency_id(self) -> int | None:
        """Return the agency of the chosen centre."""
        raise NotImplementedError

    def may(self, name: str) -> bool:
        """Return whether the officer's post at the chosen centre allows what a button does."""
        roles = RULES[name].at.get(Side.RECEIVING, frozenset())
        return any(post.role in roles and post.reaches(self.centre_agency_id) for post in self.by.posts)

    @property
    def may_reject(self) -> bool:
        """Return whether the officer may refuse a dossier: contracted staff don't decide."""
        return self.may("reject")

    @property
    def may_ask(self) -> bool:
        """Return whether the officer may ask for more."""
        return self.may("request_supplement")

    @property
    def lacking(self) -> list[str]:
        """Return what is still lacking before it can be received whole."""
        found = []
        if not self.data.get(f"{Party.Role.APPLICANT}-name", "").strip():
            found.append(_("the name of the applicant"))
        if self.agency is None:
            found.append(_("the agency that decides"))
        ticked = [paper for paper in self.papers if self.data.get(f"has-{paper.key}")]
        if len(ticked) < len(self.papers):
            told = _("papers: %(ticked)d/%(all)d ticked")
            found.append(told % {"ticked": len(ticked), "all": len(self.papers)})
        return found

    def point(self) -> None:
        """Let the cursor stand where something is to be done: a question, a fault, else the first line to fill in."""
        unanswered = [box for box, _texts in self.questions if not box.value()]
        wrong = [self[name] for name in self.errors if name in self.fields and name not in self.QUESTIONS]
        wrong += [form[name] for form in self.people.values() for name in form.errors if name in form.fields]
        first = self.people[Party.Role.APPLICANT]["number1"]
        begins = self["decided_by"] if self.agency is None else first
        if self.pressed.startswith("all") and self.papers:
            begins, wrong = self[f"has-{self.papers[0].key}"], []
        target = next(iter([*unanswered, *wrong, begins]))
        target.field.widget.attrs["autofocus"] = True
