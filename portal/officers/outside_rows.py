"""What a row of a list of accounts on ministries' systems says, and whether it fits to what stands."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from catalogue.loading.table import Cells
from catalogue.models import OutsideAccount, ProcedureRoute
from catalogue.models.people import key_of
from portal.models import User
from portal.officers.headings import ACCOUNT, Headings, find_columns, require_none
from portal.officers.rows import RowError, account_of, day_of, needed, text_of

HEADINGS: Headings = {
    "account": ACCOUNT,
    "system": ("hệ thống", "tên hệ thống", "system"),
    "granted": ("ngày cấp", "cấp ngày", "được cấp từ ngày", "granted", "granted on"),
    "withdrawn": ("ngày thu hồi", "thu hồi ngày", "thu hồi từ ngày", "withdrawn", "withdrawn on"),
}
KNOWN = 5
"""Systems that a refusal names."""


@dataclass(frozen=True)
class Row:
    """A person's account on a system. An empty day says nothing: what stands stays."""

    number: int
    account: str
    system: str
    granted: dt.date | None
    withdrawn: dt.date | None


def columns_of(heading: Iterable[object]) -> tuple[dict[str, int], list[str]]:
    """Return where each column stands; raises UntrustedFileError where one isn't there, or is there twice."""
    found, unread = find_columns(heading, HEADINGS)
    require_none([column for column in HEADINGS if column not in found], HEADINGS)
    return found, unread


def read_row(number: int, cells: Cells, columns: dict[str, int], day: dt.date) -> Row:
    """Return what a row says; raises RowError."""
    said = {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
    row = Row(
        number,
        account_of(text_of("account", said["account"])),
        needed(text_of("system", said["system"]), "the ministry's system"),
        day_of("granted", said["granted"]),
        day_of("withdrawn", said["withdrawn"]),
    )
    for name in ("granted", "withdrawn"):
        if (found := getattr(row, name)) and found > day:
            raise RowError(f"the day in «{name}» ({found:%d/%m/%Y}) is still to come: load it when it has happened")
    if row.granted and row.withdrawn and row.withdrawn < row.granted:
        raise RowError("it was withdrawn before it was granted: mend the days")
    return row


@dataclass
class Standing:
    """The accounts here, the systems that routes name, and who has what there; then what rows add (three queries)."""

    users: dict[str, User] = field(default_factory=dict)
    twins: set[str] = field(default_factory=set)
    systems: dict[str, str] = field(default_factory=dict)
    held: dict[tuple[int, str], list[OutsideAccount]] = field(default_factory=lambda: defaultdict(list))
    new: list[OutsideAccount] = field(default_factory=list)
    changed: list[tuple[OutsideAccount, list[str]]] = field(default_factory=list)
    """Each with old → new in words."""
    named: dict[int, int] = field(default_factory=dict)
    """Line by account (`id()` of the object)."""
    unchanged: int = 0

    @classmethod
    def now(cls) -> Standing:
        """Read it."""
        found = cls()
        for user in User.objects.order_by("pk"):
            name = user.username.lower()
            found.twins |= {name} if name in found.users else set()
            found.users[name] = user
        people = {user.pk: user for user in found.users.values()}
        for row in OutsideAccount.objects.order_by("granted_on", "pk"):
            row.user = people.get(row.user_id) or row.user
            found.held[row.user_id, row.system_key].append(row)
            found.systems[row.system_key] = row.system
        routes = ProcedureRoute.objects.filter(is_provincial=False).order_by("valid_from", "pk")
        found.systems |= {key_of(name): name for name in routes.values_list("system", flat=True)}
        return found


def take(row: Row, standing: Standing) -> None:
    """Add a row to what is to be written; raises RowError and leaves everything as it was where it can't be."""
    user, system = _user(row, standing), _system(row, standing)
    own = standing.held[user.pk, key_of(system)]
    found = _account(row, own)
    if found is not None and id(found) in standing.named:
        raise RowError(f"line {standing.named[id(found)]} says the same account: take one line away")
    granted = row.granted or (found.granted_on if found else None)
    if granted is None:
        raise RowError("no account of the person stands there: write the day in «granted»")
    withdrawn = row.withdrawn or (found.withdrawn_on if found else None)
    _check(granted, withdrawn, [other for other in own if other is not found])
    if found is None:
        found = OutsideAccount(user=user, system=system, system_key=key_of(system), granted_on=granted)
        found.withdrawn_on = withdrawn
        own.append(found)
        own.sort(key=lambda each: each.granted_on)
        standing.new.append(found)
    elif words := _words(found, granted, withdrawn):
        found.granted_on, found.withdrawn_on = granted, withdrawn
        standing.changed.append((found, words))
    else:
        standing.unchanged += 1
    standing.named[id(found)] = row.number


def _user(row: Row, standing: Standing) -> User:
    if row.account.lower() in standing.twins:
        raise RowError("two accounts have this name but for capitals: rename one of them first")
    user = standing.users.get(row.account.lower())
    if user is None:
        raise RowError("nobody has this account here: load the officers first, or mend it")
    return user


def _system(row: Row, standing: Standing) -> str:
    name = standing.systems.get(key_of(row.system))
    if name is None:
        known = "; ".join(sorted(standing.systems.values())[:KNOWN]) or "none yet: write the routes first"
        raise RowError(f"no procedure's route names the system «{row.system}»: write it as there ({known})")
    return name


def _account(row: Row, own: list[OutsideAccount]) -> OutsideAccount | None:
    """Return the account that a row is about: of that day, else the open one, else the last; None for a new one."""
    same_day = next((each for each in own if each.granted_on == row.granted), None)
    is_open = own[-1] if own and own[-1].withdrawn_on is None else None
    if same_day or is_open:
        return same_day or is_open
    return own[-1] if own and row.granted is None else None


def _check(granted: dt.date, withdrawn: dt.date | None, others: list[OutsideAccount]) -> None:
    if withdrawn and withdrawn < granted:
        raise RowError(f"it was granted on {granted:%d/%m/%Y} only, after it was withdrawn: mend the days")
    for other in others:
        over = other.withdrawn_on or dt.date.max
        if granted < over and other.granted_on < (withdrawn or dt.date.max):
            raise RowError(
                f"it overlaps an account of the person there, from {other.granted_on:%d/%m/%Y}: mend the days"
            )


def _words(found: OutsideAccount, granted: dt.date, withdrawn: dt.date | None) -> list[str]:
    days = (("granted_on", found.granted_on, granted), ("withdrawn_on", found.withdrawn_on, withdrawn))
    return [f"{name}: {old or '–'} → {new or '–'}" for name, old, new in days if old != new]
