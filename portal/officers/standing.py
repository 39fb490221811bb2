"""What stands in the database when a list comes: agencies, accounts, addresses and postings, read once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress

from catalogue.editing.reach import top_agencies
from catalogue.models import Agency, AgencySuccession, Centre, Posting
from catalogue.text import full_name
from portal.models import User

Post = tuple[str, int, str]
"""Account (lower case), agency, role."""
Role = Posting.Role
AT_CENTRES = frozenset({Role.CLERK, Role.HEAD, Role.CONTRACTOR})


@dataclass
class Standing:
    """What is there, and what the rows so far have added; `day` is the day of the load (seven queries in all)."""

    day: dt.date
    agencies: dict[str, Agency] = field(default_factory=dict)
    centres: set[int] = field(default_factory=set)
    tops: set[int] = field(default_factory=set)
    users: dict[str, User] = field(default_factory=dict)
    twins: set[str] = field(default_factory=set)
    """Names that two accounts have, but for capitals."""
    owners: dict[str, str] = field(default_factory=dict)
    """Whose an address is: the account, both in lower case."""
    posts: dict[Post, list[Posting]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def now(cls, day: dt.date) -> Standing:
        """Read it."""
        found = cls(day)
        found.agencies = {agency.identifier: agency for agency in Agency.objects.exclude(identifier=None)}  # type: ignore[misc]
        found.centres = set(Centre.objects.live().exclude(agency=None).values_list("agency", flat=True))
        # A planned reorganisation's agencies have their centres from its day on.
        coming = AgencySuccession.objects.filter(effective_on__gt=day, agency__in=found.centres)
        found.centres |= set(coming.values_list("successor", flat=True))
        found.tops = top_agencies(day)
        accounts = {user.pk: user for user in User.objects.order_by("pk")}
        for user in accounts.values():
            name = user.username.lower()
            found.twins |= {name} if name in found.users else set()
            found.users[name] = user
            found.owners[user.email.lower()] = name
        for address, name in EmailAddress.objects.filter(verified=True).values_list("email", "user__username"):
            found.owners[address.lower()] = name.lower()
        found.owners.pop("", None)
        agencies = {agency.pk: agency for agency in found.agencies.values()}
        for posting in Posting.objects.filter(agency__in=agencies).order_by("pk"):
            posting.user, posting.agency = accounts[posting.user_id], agencies[posting.agency_id]
            found.posts[posting.user.username.lower(), posting.agency_id, posting.role].append(posting)
        return found

    def why_not(self, role: str, agency: Agency) -> str:
        """Return why nobody can have a role at an agency, and what to do; empty where somebody can."""
        if agency.kind == Agency.Kind.MINISTRY:
            return "a ministry's people have no posts in the province: give the province's agency"
        if role in AT_CENTRES and agency.pk not in self.centres:
            return f"{agency} has no centre that is published, so no {role}: give the agency of a centre"
        if role == Role.SUPERVISOR and agency.pk not in self.tops:
            return "a supervisor is posted at the province's People's Committee only: give its identifier"
        return ""


def name_of(user: User) -> str:
    """Return somebody's name."""
    return full_name(user.last_name, user.first_name)


def overlaps(posting: Posting, first: dt.date | None, over: dt.date | None) -> bool:
    """Return whether a posting shares a day with the days from `first` until before `over`, None being open."""
    begins_before = posting.valid_from is None or over is None or posting.valid_from < over
    ends_after = posting.valid_to is None or first is None or posting.valid_to > first
    return begins_before and ends_after
