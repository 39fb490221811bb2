"""A dossier's place among interlinked ones (liên thông)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max
from django.utils.translation import gettext as _

from desk.models import Dossier, Group, GroupMember
from desk.refusals import Invalid


@dataclass(frozen=True)
class GroupPlace:
    """A dossier's place in a group; it is finished after the one that it waits for.

    `group` may be new and unsaved: it is saved with its first dossier. `order`: None is the place after the last.
    """

    group: Group
    order: int | None = None
    is_lead: bool = False
    waits_for: Dossier | None = None


def member_of(place: GroupPlace, dossier: Dossier) -> GroupMember:
    """Return the unsaved row of a place, inside the transaction that writes it: a group gets one dossier at a time.

    Raises Invalid where the place is taken, or it waits for a dossier of another group.
    """
    group, first = place.group, None
    if group.pk is None:
        group.save(force_insert=True)
    else:
        Group.objects.select_for_update().get(pk=group.pk)
    if place.waits_for is not None:
        first = group.members.filter(dossier=place.waits_for).first()
        if first is None:
            raise Invalid(_("It can only wait for a dossier of its own group."), "group")
    order = place.order
    if order is None:
        order = (group.members.aggregate(last=Max("order"))["last"] or 0) + 1
    elif group.members.filter(order=order).exists():
        raise Invalid(_("This place in the group is taken."), "group")
    return GroupMember(group=group, dossier=dossier, order=order, is_lead=place.is_lead, waits_for=first)
