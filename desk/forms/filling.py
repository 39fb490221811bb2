"""A form filled in with what is known already: somebody's earlier dossier, all papers of the list."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.forms import BoundField
from django.http import QueryDict

from catalogue.text import nfc
from desk.counter.known import Known
from desk.forms.fields import DAY
from desk.forms.papers import PapersForm
from desk.forms.people import NUMBERS, PersonForm, initial_of
from desk.models import Dossier, Party

PLAIN = ("name", "born_on", "phone", "email", "address", "place")


@dataclass
class Filled:
    """What an earlier dossier gave a form, and what it says otherwise: nothing typed is written over unsaid."""

    role: str
    dossier: Dossier | None = None
    name: str = ""
    is_nobody: bool = False
    """Whether nobody is known by what was typed."""
    owner: str = ""
    """Of an owner for whom the person submitted then, the name; empty where there is none or one is entered."""
    given: list[BoundField] = field(default_factory=list)
    otherwise: list[tuple[BoundField, str]] = field(default_factory=list)
    is_done: bool = False
    """Whether it stands in the form already; else it is offered."""

    def __bool__(self) -> bool:
        """Return whether there is anything to fill in or to say."""
        return bool(self.given or self.otherwise or self.is_done or self.is_nobody)


def fill(data: QueryDict, person: PersonForm, known: Known, *, writes_over: bool = False) -> tuple[QueryDict, Filled]:
    """Return a form's data with the empty lines of a person filled in; `writes_over`: those that say otherwise too."""
    new, role = data.copy(), person.prefix or ""
    found = Filled(role, known.dossier, known.party.name)
    values = _written(initial_of(known.party))
    names = [name for name in PLAIN if values.get(name)]
    if not data.get(f"{role}-name", "").strip():
        new[f"{role}-kind"] = values["kind"]
    for name in names:
        typed = data.get(f"{role}-{name}", "").strip()
        if typed and _alike(name, typed, values[name]):
            continue
        if typed and not writes_over:
            found.otherwise.append((person[name], values[name]))
            continue
        new[f"{role}-{name}"] = values[name]
        found.given.append(person[name])
    _fill_numbers(new, person, values, found)
    return new, found


def _fill_numbers(new: QueryDict, person: PersonForm, values: dict[str, str], found: Filled) -> None:
    """Put the numbers that aren't typed yet on lines that are empty; give a typed one its kind."""
    role = person.prefix
    known = {
        _bare(values[f"number{n}"]): (values[f"number_kind{n}"], values[f"number{n}"], values[f"country{n}"])
        for n in NUMBERS
        if values.get(f"number{n}")
    }
    for n in NUMBERS:
        row = known.pop(_bare(new.get(f"{role}-number{n}", "")), None)
        if row is not None and not new.get(f"{role}-number_kind{n}"):
            new[f"{role}-number_kind{n}"], new[f"{role}-country{n}"] = row[0], row[2]
    for n in NUMBERS:
        if known and not new.get(f"{role}-number{n}", "").strip():
            kind, value, country = known.pop(next(iter(known)))
            new[f"{role}-number_kind{n}"], new[f"{role}-number{n}"], new[f"{role}-country{n}"] = kind, value, country
            found.given.append(person[f"number{n}"])


def _written(values: dict[str, Any]) -> dict[str, str]:
    """Return values as they are typed."""
    return {
        name: f"{value:{DAY}}" if name == "born_on" and value else str(value or "") for name, value in values.items()
    }


def _bare(text: str) -> str:
    return re.sub(r"[\s.\-]", "", text).upper()


def _alike(name: str, typed: str, known: str) -> bool:
    """Return whether what was typed says the same."""
    if name == "born_on":
        return re.sub(r"\D", "", typed) in {re.sub(r"\D", "", known), "".join(reversed(known.split("/")))}
    return _bare(typed) == _bare(known) if name == "phone" else nfc(typed).casefold() == nfc(known).casefold()


def copy_owner(data: QueryDict, owner: Party) -> QueryDict:
    """Return a form's data with the owner of the earlier dossier: asked for by a button of its own."""
    new = data.copy()
    for name, value in _written(initial_of(owner)).items():
        new[f"{Party.Role.OWNER}-{name}"] = value
    return new


def tick_all(form: PapersForm, data: QueryDict, *, as_copies: bool = False) -> QueryDict:
    """Return a form's data with every paper ticked: in the numbers that stand there, or one copy each.

    What is only shown, or only some bring, stays as it is: a receipt must not name what isn't there.
    """
    new = data.copy()
    for paper in form.papers:
        if paper.is_ticked_alone:
            continue
        new[f"has-{paper.key}"] = "on"
        if as_copies:
            new[f"originals-{paper.key}"], new[f"copies-{paper.key}"] = "0", "1"
            continue
        for word in ("originals", "copies"):
            name = f"{word}-{paper.key}"
            new.setdefault(name, str(form.fields[name].initial))
    return new


def refilled(form: Any, data: QueryDict) -> tuple[QueryDict, Filled | None]:
    """Return an intake form's data with what its button fills in, and what was filled in of a person.

    The buttons: «find-applicant» fills in empty lines, «over-applicant» the others too, «owner-applicant» the owner of
    the earlier dossier as well; «all» and «all-copies» tick the papers.
    """
    act, _dash, role = data.get("do", "").partition("-")
    if act == "all":
        return tick_all(form, data, as_copies=role == "copies"), None
    if act not in ("find", "over", "owner") or role not in form.people:
        return data, None
    form.is_right_so_far()
    found = form.known(role)
    if found is None:
        return data, Filled(role, is_nobody=True)
    new, filled = fill(data, form.people[role], found, writes_over=act == "over")
    if act == "owner" and found.owner is not None:
        new = copy_owner(new, found.owner)
    filled.is_done, filled.owner = True, owner_offered(form, found, act)
    return new, filled


def offered(form: Any, data: QueryDict) -> list[Filled]:
    """Return what could be filled in of each person whose number, or telephone and name, is known."""
    found = []
    for role, person in form.people.items():
        if not person.is_begun or (known := form.known(role)) is None:
            continue
        _data, filled = fill(data, person, known)
        filled.owner = owner_offered(form, known, "")
        if filled.given or filled.owner:
            found.append(filled)
    return found


def owner_offered(form: Any, known: Known, act: str) -> str:
    """Return the name of the owner for whom the applicant submitted before; empty where an owner is entered."""
    is_free = not form.people[Party.Role.OWNER].is_begun and act != "owner"
    return known.owner.name if known.owner is not None and is_free else ""
