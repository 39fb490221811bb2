"""What is asked for besides, and what comes of it; a correction of the data; news of a ministry's system."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from desk import demands, shadows
from desk.actions import ANSWER_DAYS
from desk.demands import REPRESENTATION, Demand
from desk.forms.base import ActForm, NoteForm, ReasonForm, box_field
from desk.forms.fields import (
    LONGEST_REASON,
    SECOND_LANGUAGES,
    MomentField,
    count_field,
    day_field,
    line_field,
    not_far,
    text_field,
)
from desk.forms.money import LARGE_FEE, DongField
from desk.forms.people import PersonForm, initial_of
from desk.history import money
from desk.intake import PaperIn
from desk.list_wording import without_bullet
from desk.models import Dossier, HandedPaper, Party, ReturnBy, SupplementItem
from desk.shadows import Told
from desk.states import Channel, Outcome, State
from desk.versions import papers_of

Kind = SupplementItem.Kind


@dataclass(frozen=True)
class Line:
    """A paper that can be ticked, its fields, and what a tick means."""

    name: str
    fields: tuple[forms.BoundField, ...]
    group: str = ""
    value: Any = None


class RequestSupplementForm(ActForm):
    """Tick what is missing or wrong, each with its reason; nothing else can be asked for."""

    answer_by = day_field(gettext_lazy("Answer by"))
    ground = line_field(
        gettext_lazy("Article of the sector law"), required=False, most=300,
        help_text=gettext_lazy("For a second request during processing"),
    )  # fmt: skip

    def clean_answer_by(self) -> dt.date | None:
        """Refuse a year that is far off: the clock stands until then."""
        return not_far(self.cleaned_data["answer_by"], self.day, years=1)

    def prepare(self) -> None:
        """Add a tick and a reason for each thing that may be asked for."""
        self.fields["answer_by"].initial = self.day + dt.timedelta(ANSWER_DAYS)
        if self.dossier.work_supplements == 0 or self.dossier.state == State.REGISTERED:
            del self.fields["ground"]
        self.asks = list(self._asks())
        for n, (_group, name, _demand) in enumerate(self.asks):
            self.fields[f"ask{n}"] = forms.BooleanField(label=name, required=False)
            self.fields[f"reason{n}"] = text_field(_("Reason"), required=False, rows=1, most=LONGEST_REASON)
            self.fields[f"reason{n}"].widget.attrs["aria-label"] = _("Reason: %(name)s") % {"name": name[:100]}

    def _asks(self) -> Any:
        there = list(self.dossier.papers.filter(replaced_by=None).order_by("pk"))
        known = {paper.paper_key for paper in there}
        listed = {paper.key: paper for paper in papers_of(self.dossier.version, self.dossier.case_key)}
        for key, paper in listed.items():
            if paper.can_be_asked_for and key not in known:
                yield _("Missing papers of the list"), paper.short_name, {"kind": Kind.PAPER, "paper_key": key}
        for handed in there:
            correct = {"kind": Kind.CORRECTION, "handed_paper_id": handed.pk}
            yield _("Papers handed in that must be corrected"), handed.name, correct
        if demands.is_represented(self.dossier):
            yield _("Somebody else submits"), REPRESENTATION, {"kind": Kind.REPRESENTATION}

    @property
    def lines(self) -> list[Line]:
        """Return the rows of the tick list."""
        return [
            Line(name, (self[f"ask{n}"], self[f"reason{n}"]), group)
            for n, (group, name, _demand) in enumerate(self.asks)
        ]

    def in_order(self) -> list[forms.BoundField]:
        """Return what can be asked for first, as the page does."""
        return [*(field for line in self.lines for field in line.fields), *super().in_order()]

    def clean(self) -> dict[str, Any]:
        """Refuse a tick without a reason, and a reason without a tick."""
        data = super().clean() or self.cleaned_data
        chosen = []
        for n, (_group, _name, demand) in enumerate(self.asks):
            ticked, reason = data.get(f"ask{n}", False), data.get(f"reason{n}", "").strip()
            if ticked and not reason and f"reason{n}" not in self.errors:
                self.add_error(f"reason{n}", _("Give the reason: the applicant has a right to read it."))
            if reason and not ticked:
                self.add_error(f"ask{n}", _("Tick the paper, or take the reason away."))
            if ticked:
                chosen.append(Demand(reason=reason, **demand))
        if not chosen and not self.errors:
            self.add_error(None, _("Tick at least one paper, and give the reason of each."))
        data["demands"] = chosen
        return data

    def details(self) -> dict[str, Any]:
        """Return the demands and the day."""
        data = self.cleaned_data
        return {"demands": data["demands"], "answer_by": data["answer_by"], "ground": data.get("ground", "")}


class AcceptSupplementForm(NoteForm):
    """What came of that which was asked for: originals and copies of each."""

    def prepare(self) -> None:
        """Add two numbers for each thing that was asked for."""
        request = self.dossier.supplement_requests.order_by(
            "pk"
        ).last()  # One that a suspension overtook waits for nothing.
        rows = SupplementItem.objects.filter(request=request).select_related("handed_paper")
        self.items = list(rows.order_by("pk"))
        self.listed = {paper.key: paper for paper in papers_of(self.dossier.version, self.dossier.case_key)}
        for n, item in enumerate(self.items):
            originals, copies = self.asked(item)
            self.fields[f"originals{n}"] = count_field(_("Originals"), initial=originals)
            self.fields[f"copies{n}"] = count_field(_("Copies"), initial=copies)
            for word in ("originals", "copies"):
                field = self.fields[f"{word}{n}"]
                field.widget.attrs["aria-label"] = f"{field.label}: {item.name[:100]}"

    def asked(self, item: SupplementItem) -> tuple[int, int]:
        """Return how many originals and copies are proposed: those of the list, or of the paper that is corrected."""
        paper: Any = item.handed_paper or self.listed.get(item.paper_key)
        if paper is None or not (paper.originals or paper.copies):
            return 1, 0
        return paper.originals, paper.copies

    @property
    def lines(self) -> list[Line]:
        """Return the rows of the list."""
        return [
            Line(item.name, (self[f"originals{n}"], self[f"copies{n}"]), value=item)
            for n, item in enumerate(self.items)
        ]

    def in_order(self) -> list[forms.BoundField]:
        """Return the numbers of what came first, as the page does."""
        return [*(field for line in self.lines for field in line.fields), *super().in_order()]

    def clean(self) -> dict[str, Any]:
        """Ask why, where something that was asked for isn't taken in."""
        data = super().clean() or self.cleaned_data
        missing = [n for n in range(len(self.items)) if not (data.get(f"originals{n}") or data.get(f"copies{n}"))]
        if missing and not self.errors and not data.get("note", "").strip():
            self.add_error(
                "note",
                ngettext(
                    "%(count)d paper that was asked for has no number: enter it, or say why it isn't needed any more.",
                    "%(count)d papers that were asked for have no number: enter it, or say why they aren't needed"
                    " any more.",
                    len(missing),
                )
                % {"count": len(missing)},
            )
        return data

    def details(self) -> dict[str, Any]:
        """Return the papers that came."""
        data = self.cleaned_data
        counts = [(item, data[f"originals{n}"] or 0, data[f"copies{n}"] or 0) for n, item in enumerate(self.items)]
        papers = [
            PaperIn(item.paper_key, originals, copies, corrects=item.handed_paper_id)
            for item, originals, copies in counts
            if originals or copies
        ]
        return {"papers": papers, "note": data["note"]}


class CorrectDataForm(ReasonForm):
    """What was entered wrongly: people, papers, sets, how it came, fee, way of return, language of the slips."""

    fee_due = DongField(gettext_lazy("Fee due, in dong"), required=False)
    is_large = box_field(gettext_lazy("The amount is right"))
    boxes = ("is_large",)
    return_by = forms.ChoiceField(label=gettext_lazy("Way of return"), choices=ReturnBy.choices)
    language = forms.ChoiceField(label=gettext_lazy("Second language of the slips"), choices=SECOND_LANGUAGES)
    channel = forms.ChoiceField(
        label=gettext_lazy("How it came"), choices=Channel.choices, required=False,
        help_text=gettext_lazy("The due date stays as it was given."),
    )  # fmt: skip
    sets = count_field(gettext_lazy("Sets of papers"))
    field_order = ["seen", "reason", "fee_due", "return_by", "language", "channel", "sets"]
    elsewhere = {"fee": "fee_due"}

    def prepare(self) -> None:
        """Show what stands there now, and a form for each person."""
        for name in ("fee_due", "return_by", "language", "channel", "sets"):
            self.fields[name].initial = getattr(self.dossier, name)
        self.papers = list(self.dossier.papers.filter(replaced_by=None).order_by("pk"))
        for paper in self.papers:
            for word, label in (("originals", _("Originals")), ("copies", _("Copies"))):
                field = self.fields[f"{word}-{paper.pk}"] = count_field(label, initial=getattr(paper, word))
                field.widget.attrs["aria-label"] = f"{label}: {without_bullet(paper.name)[:100]}"
        self.was = {party.role: party for party in self.dossier.parties.prefetch_related("identifiers")}
        data = self.data if self.is_bound else None
        self.people = {
            role: PersonForm(
                data, prefix=role, at=self.at, initial=initial_of(self.was.get(role)), is_needed=role in self.was
            )
            for role in Party.Role.values
        }

    @property
    def paper_lines(self) -> list[Line]:
        """Return the papers that lie in the dossier, with their numbers."""
        return [Line(each.name, (self[f"originals-{each.pk}"], self[f"copies-{each.pk}"])) for each in self.papers]

    @property
    def person_forms(self) -> list[tuple[str, PersonForm]]:
        """Return the people's forms with the name of their role."""
        return [(str(Party.Role(role).label), form) for role, form in self.people.items()]

    def is_valid(self) -> bool:
        """Return whether everything can be right, people too."""
        people = [form.is_valid() for form in self.people.values()]
        return super().is_valid() and all(people)

    def clean(self) -> dict[str, Any]:
        """Refuse a correction of nothing."""
        data = super().clean() or self.cleaned_data
        is_same = (
            not self.errors and not self.changes() and not any(form.has_changed() for form in self.people.values())
        )
        if is_same:
            self.add_error(None, _("Nothing was changed: correct what is wrong, or go back."))
        fee = data.get("fee_due")
        if fee is not None and fee >= LARGE_FEE and fee != self.dossier.fee_due:
            told = _("This is %(amount)s: are there too many noughts? Look, then tick this.")
            self.ask("is_large", told % {"amount": money(fee)})
        return data

    def in_order(self) -> list[forms.BoundField]:
        """Return the fields with those of the people after them."""
        return [*super().in_order(), *(field for form in self.people.values() for field in form.visible_fields())]

    def details(self) -> dict[str, Any]:
        """Return only what was changed."""
        changed = {role: form.person for role, form in self.people.items() if form.has_changed() and form.person}
        return {"reason": self.cleaned_data["reason"], "people": changed, **self.changes()}

    def changes(self) -> dict[str, Any]:
        """Return what was changed of the dossier itself."""
        data, dossier = self.cleaned_data, self.dossier
        found: dict[str, Any] = {}
        if data["fee_due"] is not None and data["fee_due"] != dossier.fee_due:
            found["fee_due"] = data["fee_due"]
        names = ("return_by", "language", "channel", "sets")
        found |= {name: data[name] for name in names if data.get(name) and data[name] != getattr(dossier, name)}
        counts = {each.pk: tuple(data.get(f"{word}-{each.pk}") for word in WORDS) for each in self.papers}
        papers = {
            each.pk: tuple(was if now is None else now for was, now in zip(numbers(each), counts[each.pk], strict=True))
            for each in self.papers
        }
        changed = {each.pk: papers[each.pk] for each in self.papers if papers[each.pk] != numbers(each)}
        return found | ({"papers": changed} if changed else {})


WORDS = ("originals", "copies")


def numbers(paper: HandedPaper) -> tuple[int, int]:
    """Return how many originals and copies of a paper lie in the dossier."""
    return paper.originals, paper.copies


class MirrorForm(ActForm):
    """What the ministry's system says of its dossier now."""

    state = forms.TypedChoiceField(label=gettext_lazy("State there"), choices=State.choices, coerce=int)
    received_at = MomentField(gettext_lazy("Received there at"))
    due_at = MomentField(gettext_lazy("Due there at"))
    finished_at = MomentField(gettext_lazy("Finished there at"))
    outcome = forms.ChoiceField(label=gettext_lazy("Result"), choices=[("", "—"), *Outcome.choices], required=False)

    def prepare(self) -> None:
        """Show what is known."""
        for name in ("state", "received_at", "due_at", "finished_at", "outcome"):
            self.fields[name].initial = getattr(self.dossier, name)

    def run(self) -> Dossier:
        """Bring the shadow up to it."""
        dossier = self.dossier
        told = Told(dossier.system, dossier.outside_code, submitted_at=dossier.submitted_at, **self.details())
        return shadows.update_shadow(dossier.pk, told, by=self.by, at=self.at)
