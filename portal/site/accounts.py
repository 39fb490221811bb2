"""The demo's log-ins: made once, with random passwords that only a file in VAR_DIR knows."""

from __future__ import annotations

from pathlib import Path

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from catalogue.demo_passwords import FILE, give_passwords, read_passwords
from portal.models import User

__all__ = ["FILE", "make_accounts"]
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
    passwords: dict[str, str] = {}
    for name in ("admin", "editor"):
        user = User.objects.filter(username=name).first() or User(username=name)
        is_new = user.pk is None or name not in read_passwords(folder)
        user.is_superuser = user.is_staff = name == "admin"
        passwords |= give_passwords(folder, [user])
        if is_new and name == "editor":
            user.groups.add(_editors())
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
