"""What administrators change of people and rights in /cms/, as lines of the audit: ids and names of fields alone.

Wagtail's screens write rows as every other code does, and tell of some changes only. Its own log knows who is at work
there (`LogContext`), so what is written outside /cms/ (loads, log-ins, the pages of one's own log-in) isn't told twice:
it has lines of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

from django.contrib.auth.models import Group
from django.db import models, transaction
from django.db.models.signals import ModelSignal, m2m_changed, post_delete, post_save, pre_save
from wagtail.log_actions import get_active_log_context
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from portal.accounts.audit import note
from portal.models import User

UNTOLD = frozenset({"last_login", "date_joined"})
BEFORE = "_before_administering"
"""Where a person keeps what stood in the database while it is being saved."""
FLAGS = {
    "is_active": {True: "opened", False: "closed"},
    "is_superuser": {True: "made_administrator", False: "no_administrator"},
}


AREAS = (GroupPagePermission, GroupCollectionPermission)


def tell(event: str, *, user: Any = None, **more: Any) -> None:
    """Write a line once all is committed, where somebody is at work in /cms/: who, on whom, what."""
    by = get_active_log_context().user
    if by is not None:
        transaction.on_commit(partial(note, event, user=user, by=by.pk, **more))


def _look(instance: User, raw: bool = False, **more: Any) -> None:
    if get_active_log_context().user is not None and instance.pk and not raw:
        setattr(instance, BEFORE, User.objects.filter(pk=instance.pk).values().first())


def _person_saved(instance: User, created: bool, **more: Any) -> None:
    if created:
        tell("made", user=instance)
        if instance.password and instance.has_usable_password():
            tell("password_set", user=instance)
        return
    before = instance.__dict__.pop(BEFORE, None)
    if before is None:
        return
    changed = {name for name, value in before.items() if getattr(instance, name) != value} - UNTOLD
    for name in changed & set(FLAGS):
        tell(FLAGS[name][getattr(instance, name)], user=instance)
    if "password" in changed:
        tell("password_set", user=instance)
    if fields := sorted(changed - set(FLAGS) - {"password"}):
        tell("changed", user=instance, fields=fields)


def _person_deleted(instance: User, **more: Any) -> None:
    tell("deleted", user=User(pk=instance.pk))  # Its key is taken from the object before the line is written.


def _group_saved(instance: Group, created: bool, **more: Any) -> None:
    tell("group_made" if created else "group_saved", group=instance.pk)


def _group_deleted(instance: Group, **more: Any) -> None:
    tell("group_deleted", group=instance.pk)


ACTIONS = {"post_add": "given", "post_remove": "taken", "pre_clear": "cleared"}


def _groups_changed(instance: Any, action: str, reverse: bool, pk_set: Collection[int] | None, **more: Any) -> None:
    """Tell who came into which group, or left it, from whichever side it was written."""
    if action not in ACTIONS:
        return
    for user_id, group_id in _pairs(instance, reverse=reverse, keys=pk_set):
        tell(f"group_{ACTIONS[action]}", user=User(pk=user_id), group=group_id)


def _pairs(instance: Any, *, reverse: bool, keys: Collection[int] | None) -> Iterator[tuple[int | None, int | None]]:
    for key in sorted(keys) if keys else [None]:
        yield (key, instance.pk) if reverse else (instance.pk, key)


def _rights_changed(instance: Any, action: str, model: type[models.Model], pk_set: Any, **more: Any) -> None:
    if action not in ACTIONS:
        return
    keys = model._default_manager.filter(pk__in=pk_set or ())
    names = sorted(f"{label}.{code}" for label, code in keys.values_list("content_type__app_label", "codename"))
    whose = {"user": instance} if isinstance(instance, User) else {"group": instance.pk}
    tell(f"rights_{ACTIONS[action]}", rights=names, **whose)


def _area_changed(instance: Any, signal: Any, raw: bool = False, **more: Any) -> None:
    """Tell a group's right on a part of the pages, or on a collection of files; not of a fixture that is read in."""
    if raw or get_active_log_context().user is None:
        return  # The permission of a fixture's row may not be there yet.
    verb = "given" if signal is post_save else "taken"
    where = {"page": instance.page_id} if hasattr(instance, "page_id") else {"collection": instance.collection_id}
    tell(f"rights_{verb}", group=instance.group_id, rights=[instance.permission.codename], **where)


LISTENERS: tuple[tuple[ModelSignal, type[models.Model], Callable[..., None]], ...] = (
    (pre_save, User, _look),
    (post_save, User, _person_saved),
    (post_delete, User, _person_deleted),
    (post_save, Group, _group_saved),
    (post_delete, Group, _group_deleted),
    (m2m_changed, User.groups.through, _groups_changed),
    (m2m_changed, User.user_permissions.through, _rights_changed),
    (m2m_changed, Group.permissions.through, _rights_changed),
    *((signal, model, _area_changed) for model in AREAS for signal in (post_save, post_delete)),
)


def connect() -> None:
    """Listen to what is written."""
    for signal, sender, listener in LISTENERS:
        signal.connect(listener, sender=sender, dispatch_uid=f"portal.accounts.administering.{listener.__name__}")
