"""What slips are put together from: people, papers, rows of lists.

Texts are plain text; an empty one leaves its line out. Moments are aware and printed in the time of Viet Nam.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

ReturnWay = str
"""pick_up, post, electronic."""
SettledHow = str
"""early, on_time, late; empty where it isn't known."""


@dataclass(frozen=True)
class Words:
    """A text in Vietnamese, and in the slip's second language where there is one."""

    vi: str
    second: str = ""


@dataclass(frozen=True)
class Heading:
    """Who issues the slip, its number, the dossier's code, where and when, and what the QR code holds."""

    agency: str
    number: str
    place: str
    on: dt.date
    above: str = ""
    code: str = ""
    qr: str = ""


@dataclass(frozen=True)
class Person:
    """A person or body as written on the papers."""

    name: str
    address: str = ""
    phone: str = ""
    email: str = ""
    identity: str = ""


@dataclass(frozen=True)
class Officer:
    """An officer as at the moment of the act."""

    name: str
    title: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Contact:
    """Where the applicant asks."""

    phone: str = ""
    email: str = ""
    website: str = ""
    address: str = ""
    name: str = ""
    hotline: str = ""


@dataclass(frozen=True)
class Matter:
    """What is applied for."""

    procedure: Words
    procedure_code: str
    applicant: Person
    owner: Person | None = None
    submitter: Person | None = None


@dataclass(frozen=True)
class PaperLine:
    """A paper of the dossier; without a sheet (0 and 0) the slip says so, or what `note` tells of it."""

    name: Words
    originals: int = 0
    copies: int = 0
    note: Words = Words("")


@dataclass(frozen=True)
class AskedLine:
    """One thing to add or correct, with its reason. `kind`: paper, representation, correction."""

    name: Words
    kind: str
    reason: str


@dataclass(frozen=True)
class ControlRow:
    """One passing from hand to hand; `result` compares it with the step's due date, or is «running».

    `void`: the act that undid the passing before it was taken: reopen, withdraw, stop, finish, recall. `voided_at`:
    when.
    """

    giving: Officer
    taking: Officer
    given_at: dt.datetime
    taken_at: dt.datetime | None = None
    step: str = ""
    step_due_at: dt.datetime | None = None
    result: SettledHow = ""
    note: str = ""
    void: str = ""
    voided_at: dt.datetime | None = None


@dataclass(frozen=True)
class RegisterRow:
    """One dossier of the register."""

    number: int
    code: str
    procedure: str
    sets: int
    applicant: str
    address: str
    phone: str
    agency: str
    received_at: dt.datetime
    due_at: dt.datetime | None = None
    returned_at: dt.datetime | None = None
    return_by: ReturnWay = ""
    note: str = ""


@dataclass(frozen=True)
class HandOverLine:
    """A dossier that is handed over, and what goes with it."""

    code: str
    procedure: Words
    owner: str
    address: str = ""
    content: str = ""
    result: str = ""
    fee_due: bool = False
    by_post: bool = False


@dataclass(frozen=True)
class ResultLine:
    """A signed result. `kind`: granted, refused, ended (then it is the notice that it ended)."""

    kind: str
    number: str
    signed_on: dt.date | None = None
    signatory: str = ""
    valid_to: dt.date | None = None
