"""One person's data, as the desk has them: every dossier in which they are a party, and nothing of anybody else in it.

Right of access: Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, in force since 2026-01-01. What is whose: the person's own
party rows stand whole; of other parties of the same dossier only the role stands. Words that officers wrote, names of
papers' files and the files themselves may speak of anybody in the dossier, so they are given only where the person is
the only party; else it is said that they were left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy

from desk import chain
from desk.actors import APPLICANT
from desk.history import told
from desk.identities import clean
from desk.list_wording import without_bullet
from desk.models import Dossier, DossierFile, Party, PartyIdentifier, What

MOST = 500
"""Dossiers of one person in a file; whoever submits for others by trade asks for one dossier at a time."""


MOMENTS = ("submitted_at", "received_at", "due_at", "settled_at")
LEFT_OUT = gettext_lazy("Other people are parties too: their data, what officers wrote, and the files are left out.")


@dataclass
class PersonData:
    """What is given: plain data a dossier, and the files that lie beside it, by their place in the archive."""

    dossiers: list[dict[str, Any]] = field(default_factory=list)
    files: list[tuple[str, DossierFile]] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)


def dossiers_of(rows: Any, kind: str, number: str) -> list[Dossier]:
    """Return those of some dossiers in which the number's bearer is a party, the newest first (one query)."""
    parties = PartyIdentifier.objects.filter(kind=kind, value=plain_number(kind, number), party__erased_at=None)
    found = rows.filter(pk__in=parties.values("party__dossier"))
    joined = ("procedure", "version", "centre", "received_by", "decided_by", "holder_agency")
    return list(found.select_related(*joined).order_by("-submitted_at", "-pk")[:MOST])


def plain_number(kind: str, number: str) -> str:
    """Return a number as rows keep it. Raises Invalid for one that is too long."""
    line = clean(number, 40, "number")
    return line if kind == PartyIdentifier.Kind.OTHER else line.replace(" ", "").upper()


def data_of(dossiers: Iterable[Dossier], kind: str, number: str) -> PersonData:
    """Return the data of a number's bearer in these dossiers (about eight queries each)."""
    found = PersonData()
    for dossier in dossiers:
        parties = list(dossier.parties.prefetch_related("identifiers").order_by("pk"))
        own = [party for party in parties if is_of(party, kind, plain_number(kind, number))]
        if not own:
            continue
        is_alone = len(own) == len(parties)
        found.keys.append(dossier.pk)
        found.dossiers.append(one(dossier, parties, own, is_alone=is_alone))
        if is_alone:
            found.files += named(dossier)
    return found


def is_of(party: Party, kind: str, number: str) -> bool:
    """Return whether a party bears a number."""
    return any(each.kind == kind and each.value == number for each in party.identifiers.all())


def named(dossier: Dossier) -> Iterator[tuple[str, DossierFile]]:
    """Yield the files that are there, with names that can't clash or leave the archive."""
    for file in dossier.files.filter(removed_at=None).order_by("pk"):
        safe = file.name.replace("/", "_").replace("\\", "_")
        yield f"tep/{dossier.code.replace('/', '_')}/{file.pk}-{safe}", file


def one(dossier: Dossier, parties: list[Party], own: list[Party], *, is_alone: bool) -> dict[str, Any]:
    """Return one dossier as plain data, moments in UTC."""
    events = list(dossier.events.prefetch_related("texts").order_by("number"))
    return {
        "code": dossier.code,
        "procedure": {"code": dossier.procedure.code, "name": dossier.procedure.name_vi},
        "state": str(dossier.get_state_display()),
        "received_by": str(dossier.received_by),
        "decided_by": str(dossier.decided_by),
        **{name: chain.plain(getattr(dossier, name)) for name in MOMENTS},
        "people": [person(each) if each in own else other(each) for each in parties],
        "papers": [paper(each) for each in dossier.papers.filter(replaced_by=None).order_by("pk")],
        "files": [described(each, is_alone=is_alone) for each in dossier.files.filter(removed_at=None).order_by("pk")],
        "results": [
            {"kind": str(each.get_kind_display()), "number": each.number, "signed_on": chain.plain(each.signed_on)}
            for each in dossier.results.filter(replaced_at=None)
        ],
        "events": [
            {
                "at": chain.plain(each.event.at),
                "by": each.event.by_unit or str(each.event.get_by_kind_display()),
                "what": each.sentence,
                "texts": [list(text) for text in each.texts] if is_alone else [],
            }
            for each in told(dossier, events, APPLICANT)
        ],
        "opened": opened(dossier),
        "left_out": "" if is_alone else str(LEFT_OUT),
    }


def person(party: Party) -> dict[str, Any]:
    """Return a party whole."""
    names = ("name", "born_on", "address", "phone", "email")
    return {
        "role": str(party.get_role_display()),
        "kind": str(party.get_kind_display()),
        **{name: chain.plain(getattr(party, name)) for name in names},
        "numbers": [
            {"kind": str(each.get_kind_display()), "number": each.value, "country": each.country}
            for each in party.identifiers.all()
        ],
    }


def other(party: Party) -> dict[str, Any]:
    """Return of somebody else that they are there, and as what."""
    return {"role": str(party.get_role_display()), "left_out": True}


def paper(row: Any) -> dict[str, Any]:
    """Return a paper that was handed in."""
    return {
        "name": without_bullet(row.name),
        "originals": row.originals,
        "copies": row.copies,
        "handed_in_at": chain.plain(row.handed_in_at),
    }


def described(file: DossierFile, *, is_alone: bool) -> dict[str, Any]:
    """Return a file of the list; its name may be somebody's."""
    named = {"name": file.name} if is_alone else {}
    return {**named, "kind": str(file.get_kind_display()), "bytes": file.size, "at": chain.plain(file.uploaded_at)}


def opened(dossier: Dossier) -> list[dict[str, Any]]:
    """Return who opened it: agency and role, never a name."""
    rows = dossier.readings.exclude(what=What.PERSON).order_by("pk")
    return [
        {
            "at": chain.plain(row.at),
            "what": str(row.get_what_display()),
            "agency": row.by_unit,
            "role": str(row.get_by_role_display()),
            "why": str(row.get_why_display()) if row.why else "",
        }
        for row in rows
    ]
