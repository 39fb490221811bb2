"""Say who is away and who stands in, and end it before its day: by the head of the agency alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.models import Posting
from catalogue.opening import ZONE
from desk.actors import Actor, Role, name_of
from desk.models import Leave
from desk.refusals import Invalid, NotAllowed


def arranged_at(by: Actor, day: dt.date) -> frozenset[int]:
    """Return the agencies where somebody says who is away (one query for an approver).

    One's own alone, as its head; as its approver where nobody is posted as head on that day, as in departments.
    """
    heads = {post.agency_id for post in by.posts if post.role == Role.HEAD}
    approvers = {post.agency_id for post in by.posts if post.role == Role.APPROVER} - heads
    if approvers:
        posts = Posting.objects.on(day).filter(agency__in=approvers, role=Role.HEAD, user__is_active=True)
        approvers -= set(posts.values_list("agency", flat=True))
    return frozenset(heads | approvers)


def head_alone() -> str:
    """Return what to tell whoever may not say it."""
    return _("Who is away is said by the head of the agency alone.")


def require_arranger(agency_id: int, by: Actor, at: dt.datetime) -> None:
    """Raise NotAllowed unless somebody says who is away from an agency."""
    if agency_id not in arranged_at(by, day_of(at)):
        raise NotAllowed(head_alone())


def day_of(at: dt.datetime) -> dt.date:
    """Return the local day of a moment."""
    return at.astimezone(ZONE).date()


def arrange(
    agency_id: int, *, absent: Any, substitute: Any, first_day: dt.date, last_day: dt.date, by: Actor, at: dt.datetime
) -> Leave:
    """Write down who is away from the first day to the last, both taken in, and who stands in. Raises ActRefused.

    Both are locked, so two leaves that don't go together can't be written at once.
    """
    require_arranger(agency_id, by, at)
    require_days(first_day, last_day, day_of(at))
    if absent.pk == substitute.pk:
        raise Invalid(_("Nobody stands in for themselves: choose a colleague."), "substitute")
    assert by.user_id is not None, "only officers arrange"
    with transaction.atomic(durable=True):
        people = get_user_model().objects.select_for_update(no_key=True).filter(pk__in=[absent.pk, substitute.pk])
        list(people.order_by("pk"))
        for name, person in (("absent", absent), ("substitute", substitute)):
            require_posts(agency_id, name, person, (first_day, last_day))
        require_free(absent, substitute, first_day, last_day)
        return Leave.objects.create(
            agency_id=agency_id, absent=absent, substitute=substitute, first_day=first_day, last_day=last_day,
            made_by_id=by.user_id, made_at=at,
        )  # fmt: skip


def require_days(first_day: dt.date, last_day: dt.date, today: dt.date) -> None:
    """Raise Invalid for days that are past or the wrong way round."""
    if first_day < today:
        raise Invalid(_("The first day is past: choose today or a later day."), "first_day")
    if last_day < first_day:
        raise Invalid(_("The last day is before the first one."), "last_day")


def require_posts(agency_id: int, field: str, person: Any, days: tuple[dt.date, dt.date]) -> None:
    """Raise Invalid unless a person has a post at the agency on the first day and on the last."""
    for day in days:
        posts = Posting.objects.of(person, day).at_the_desk().filter(agency=agency_id).exclude(role=Role.SUPERVISOR)
        if not posts.exists():
            said = {"name": name_of(person), "day": f"{day:%d/%m/%Y}"}
            raise Invalid(_("%(name)s has no post at this agency on %(day)s.") % said, field)


def require_free(absent: Any, substitute: Any, first_day: dt.date, last_day: dt.date) -> None:
    """Raise Invalid where the one is away already, or the days would make a chain of people who stand in."""
    then = Leave.objects.lasting(first_day, last_day).select_related("absent", "substitute")
    if found := then.filter(absent=absent).first():
        raise Invalid(
            _("%(name)s is already away from %(first)s to %(last)s: end that first, or choose other days.")
            % said_days(found, absent),
            "absent",
        )
    if found := then.filter(absent=substitute).first():
        raise Invalid(
            _("%(name)s is away from %(first)s to %(last)s: choose somebody who is there all the time.")
            % said_days(found, substitute),
            "substitute",
        )
    if found := then.filter(substitute=absent).first():
        raise Invalid(
            _("%(name)s stands in for %(other)s from %(first)s to %(last)s: end that first, or choose other days.")
            % (said_days(found, absent) | {"other": name_of(found.absent)}),
            "absent",
        )


def said_days(leave: Leave, person: Any) -> dict[str, str]:
    """Return a person's name and the days of a leave, as sentences have them."""
    return {"name": name_of(person), "first": f"{leave.first_day:%d/%m/%Y}", "last": f"{leave.last_day:%d/%m/%Y}"}


def end(leave: Leave, *, by: Actor, at: dt.datetime) -> None:
    """End a leave before its day: the substitute's rights end with it. Raises ActRefused."""
    require_arranger(leave.agency_id, by, at)
    ended = Leave.objects.filter(pk=leave.pk, ended_at=None, last_day__gte=day_of(at))
    if not ended.update(ended_at=at, ended_by_id=by.user_id):
        raise Invalid(_("It has ended already."))
