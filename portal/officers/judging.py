"""Whether a row fits to what stands and to the rows before it; nothing is changed before all of it does."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from catalogue.models import Agency, Posting
from portal.models import User
from portal.officers.rows import DAY, Row, RowError
from portal.officers.standing import Standing, name_of, overlaps


@dataclass
class Plan:
    """What the rows taken so far make and change, each under the line that says so."""

    people: list[User] = field(default_factory=list)
    changed_people: dict[int, tuple[User, list[str]]] = field(default_factory=dict)
    posts: list[Posting] = field(default_factory=list)
    changed_posts: list[tuple[Posting, list[str], list[str]]] = field(default_factory=list)
    """The posting, the names of its changed fields, and old → new in words."""
    named: dict[int, int] = field(default_factory=dict)
    """Line by posting (`id()` of the object: a new one has no key yet)."""
    said: dict[str, Row] = field(default_factory=dict)
    """The first row of each account."""
    unchanged: int = 0


def take(row: Row, standing: Standing, plan: Plan) -> None:
    """Add a row to the plan; raises RowError and leaves everything as it was where it can't be."""
    agency = _agency(row, standing)
    user, names = _person(row, standing, plan)
    posting = _posting_of(row, agency, standing, plan)
    new = _wanted(row, posting)
    others = [other for other in standing.posts[row.account.lower(), agency.pk, row.role] if other is not posting]
    _check_days(row, new, agency, others)
    before = len(plan.people) + len(plan.changed_people)
    user = _write_person(row, user, names, standing, plan)
    same_person = len(plan.people) + len(plan.changed_people) == before
    if posting is None:
        posting = Posting(user=user, agency=agency, role=row.role, **new)
        standing.posts[row.account.lower(), agency.pk, row.role].append(posting)
        plan.posts.append(posting)
    elif fields := [name for name, value in new.items() if getattr(posting, name) != value]:
        words = [f"{name}: {getattr(posting, name) or '–'} → {new[name] or '–'}" for name in fields]
        for name in fields:
            setattr(posting, name, new[name])
        plan.changed_posts.append((posting, fields, words))
    else:
        plan.unchanged += same_person
    plan.named[id(posting)] = row.number


def _agency(row: Row, standing: Standing) -> Agency:
    agency = standing.agencies.get(row.agency)
    if agency is None:
        raise RowError(f"no agency has the identifier {row.agency}: mend it, or give it to the agency in /cms/")
    if why := standing.why_not(row.role, agency):
        raise RowError(why)
    return agency


def _person(row: Row, standing: Standing, plan: Plan) -> tuple[User | None, list[str]]:
    """Return the account, None where it is new, and which of its fields the row changes."""
    key = row.account.lower()
    user = standing.users.get(key)
    if key in standing.twins:
        raise RowError("two accounts have this name but for capitals: rename one of them first")
    owner = standing.owners.get(row.email.lower(), key)
    if owner != key:
        raise RowError(f"the e-mail is that of the account {owner}: give everybody an own one, or use that account")
    if key in plan.said:
        first = plan.said[key]
        if row.person != first.person or row.email.lower() not in ("", first.email.lower()):
            raise RowError(f"line {first.number} has the same account with another name or e-mail: make them equal")
    if user is None:
        return None, []
    if not user.is_active:
        raise RowError("the account is closed: open it again first, or give the person a new one")
    names = [] if row.person == name_of(user) else ["last_name", "first_name"]
    mail = ["email"] if row.email and row.email.lower() != user.email.lower() else []
    if (names or mail) and user.is_superuser:
        raise RowError("the account is an administrator's, whose name and e-mail no list changes: do it by hand")
    if names and mail and user.email:
        raise RowError(
            f"the account is somebody else's, {name_of(user) or user.username}, with another e-mail: give a new "
            "person a new account; where it is the same person, change name and e-mail in two loads"
        )
    return user, names + mail


def _posting_of(row: Row, agency: Agency, standing: Standing, plan: Plan) -> Posting | None:
    """Return the posting that the row is about, None where it is a new one."""
    posts = standing.posts.get((row.account.lower(), agency.pk, row.role), [])
    if row.first:
        found = [post for post in posts if overlaps(post, row.first, row.valid_to)]
        exact = [post for post in found if post.valid_from == row.first]
        found = exact or found
    else:
        same_end = [post for post in posts if post.valid_to == row.valid_to]
        found = same_end or [post for post in posts if post.valid_to is None or post.valid_to > standing.day]
    if len(found) > 1:
        raise RowError(
            "it meets more than one of the person's postings there: write in «from» the day on which one began"
        )
    if not found and posts and not row.first:
        raise RowError("the person's posting there has ended: to post the person anew, write the day in «from»")
    if not found:
        return None
    posting = found[0]
    if id(posting) in plan.named:
        raise RowError(f"line {plan.named[id(posting)]} says the same person, agency and role: take one line away")
    over = posting.valid_to
    if over and over <= standing.day and (row.valid_to is None or row.valid_to > over):
        raise RowError(
            f"the posting ended on {over - DAY:%d/%m/%Y}, and what ended isn't opened again: to post the person "
            f"anew, write a day from {over:%d/%m/%Y} on in «from»"
        )
    return posting


def _wanted(row: Row, posting: Posting | None) -> dict[str, str | dt.date | None]:
    """Return what the posting's fields are to be; raises RowError for contracted staff without an employer."""
    wanted: dict[str, str | dt.date | None] = {
        "title": row.title or (posting.title if posting else ""),
        "employer": row.employer or (posting.employer if posting else ""),
        "valid_from": row.first or (posting.valid_from if posting else None),
        "valid_to": row.valid_to,
    }
    if row.role == Posting.Role.CONTRACTOR and not wanted["employer"]:
        raise RowError("contracted and postal staff need their employer: write it in «employer»")
    return wanted


def _check_days(row: Row, new: dict[str, str | dt.date | None], agency: Agency, others: list[Posting]) -> None:
    first, over = new["valid_from"], new["valid_to"]
    assert first is None or isinstance(first, dt.date)
    assert over is None or isinstance(over, dt.date)
    if first and over and over <= first:
        raise RowError(f"it ends before the posting begins ({first:%d/%m/%Y}): mend «to», or write «from» too")
    if any(overlaps(other, first, over) for other in others):
        raise RowError("it overlaps another posting of the person there, in the same role: mend the days")
    if agency.valid_to and (over is None or over > agency.valid_to):
        last = agency.valid_to - DAY
        raise RowError(f"{agency} exists until {last:%d/%m/%Y}: end the post by then, or give the successor")
    if agency.valid_from and first and first < agency.valid_from:
        raise RowError(f"{agency} exists from {agency.valid_from:%d/%m/%Y} on: begin the post then")


def _write_person(row: Row, user: User | None, fields: list[str], standing: Standing, plan: Plan) -> User:
    key = row.account.lower()
    if user is None:
        user = User(username=row.account, last_name=row.family, first_name=row.given, email=row.email)
        user.set_unusable_password()
        standing.users[key] = user
        plan.people.append(user)
    elif fields:
        values = {"last_name": row.family, "first_name": row.given, "email": row.email}
        for name in fields:
            setattr(user, name, values[name])
        plan.changed_people[user.pk] = (user, fields)
    if row.email:
        standing.owners[row.email.lower()] = key
    plan.said.setdefault(key, row)
    return user
