"""Who sits before the form is led: where the cursor stands, what is still lacking, which buttons are theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from desk.models import Party
from desk.permissions import RULES, Side

if TYPE_CHECKING:
    from desk.forms.intake import IntakeForm
    from desk.preview import Preview


def guide(form: IntakeForm, promised: Preview | None) -> dict[str, Any]:
    """Return what the page shows beside the fields, by its name there.

    Contracted and postal staff neither refuse nor ask for more: they don't see those buttons.
    """
    return {
        "lacking": lacking(form, promised),
        "may_reject": may(form, "reject"),
        "may_ask": may(form, "request_supplement"),
    }


def may(form: IntakeForm, name: str) -> bool:
    """Return whether the officer's post at the chosen centre allows what a button does."""
    roles = RULES[name].at.get(Side.RECEIVING, frozenset())
    agency = form.chosen_centre.agency_id
    return any(post.role in roles and post.reaches(agency) for post in form.by.posts)


def lacking(form: IntakeForm, promised: Preview | None) -> list[str]:
    """Return what is still lacking before it can be received whole."""
    found = []
    if not form.data.get(f"{Party.Role.APPLICANT}-name", "").strip():
        found.append(_("the name of the applicant"))
    if form.agency is None:
        found.append(_("the agency that decides"))
    if promised is not None and promised.due_at is None:
        found.append(_("the due date, with the text it is read from"))
    ticked = [paper for paper in form.papers if form.data.get(f"has-{paper.key}")]
    if len(ticked) < len(form.papers):
        told = _("papers: %(ticked)d/%(all)d ticked")
        found.append(told % {"ticked": len(ticked), "all": len(form.papers)})
    return found


def point(form: IntakeForm) -> None:
    """Let the cursor stand where something is to be done: a question, a fault, else the first line to fill in."""
    unanswered = [box for box, _texts in form.questions if not box.value()]
    wrong = [form[name] for name in form.errors if name in form.fields and name not in form.QUESTIONS]
    wrong += [person[name] for person in form.people.values() for name in person.errors if name in person.fields]
    first = form.people[Party.Role.APPLICANT]["number1"]
    begins = form["decided_by"] if form.agency is None else first
    if form.pressed.startswith("all") and form.papers:
        begins, wrong = form[f"has-{form.papers[0].key}"], []
    target = next(iter([*unanswered, *wrong, begins]))
    target.field.widget.attrs["autofocus"] = True
