"""The demo's log-ins: made once, with random passwords that only a file in VAR_DIR knows."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from portal.models import User

FILE = "demo-accounts.txt"
EDITORS = "Editors"
_PAGE_RIGHTS = ("add_page", "change_page", "publish_page")
_DRAFTED = [f"{verb}_{kind}" for verb in ("add", "change") for kind in ("procedure", "centre", "hotline")]
_TAUGHT = ("wordgroup", "everydaywords", "situation", "questionwords", "bestbet", "judgedquery")
# Wagtail asks for the rights on its own models, also where the site has others.
_MEDIA_RIGHTS = {
    "wagtailimages": ("add_image", "change_image", "choose_image"),
    "wagtaildocs": ("add_document", "change_document", "choose_document"),
}


def make_accounts(folder: Path) -> dict[str, str]:
    """Make `admin` and `editor` if they are missing; return the passwords by name.

    The passwords lie in a file that only its owner can read. An account whose password isn't there gets a new one.
    """
    path = folder / FILE
    kept = _read(path)
    passwords = dict(kept)
    for name in ("admin", "editor"):
        user = User.objects.filter(username=name).first()
        if user and name in passwords:
            continue
        passwords.setdefault(name, secrets.token_urlsafe(12))
        user = user or User(username=name)
        user.is_superuser = user.is_staff = name == "admin"
        user.set_password(passwords[name])
        user.save()
        if name == "editor":
            user.groups.add(_editors())
    if passwords != kept:
        _write(path, passwords)
    return passwords


def _editors() -> Group:
    """Return the editors' group: the whole tree of pages, images, documents, the words of search, drafts of rows.

    Nobody gets a right to publish rows: whoever has it can go round the workflow.
    """
    group, _made = Group.objects.get_or_create(name=EDITORS)
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    group.permissions.add(*Permission.objects.filter(content_type__app_label="catalogue", codename__in=_DRAFTED))
    taught = Permission.objects.filter(content_type__app_label="search", content_type__model__in=_TAUGHT)
    group.permissions.add(*taught)
    root = Page.get_first_root_node()
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=_PAGE_RIGHTS):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    collection = Collection.get_first_root_node()
    for app, verbs in _MEDIA_RIGHTS.items():
        for permission in Permission.objects.filter(content_type__app_label=app, codename__in=verbs):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
    return group


def _read(path: Path) -> dict[str, str]:
    """Return what the file knows: lines of the form `admin: …`."""
    if not path.exists():
        return {}
    pairs = [line.partition(": ") for line in path.read_text(encoding="utf-8").splitlines()]
    return {name: password for name, _colon, password in pairs if password}


def _write(path: Path, passwords: dict[str, str]) -> None:
    """Write the file so that nobody else can read it, not even while it is written."""
    content = "".join(f"{name}: {password}\n" for name, password in passwords.items())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
