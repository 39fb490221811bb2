"""The demo's log-ins: made once, with random passwords that only a file in VAR_DIR knows."""

from __future__ import annotations

from pathlib import Path

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from catalogue.demo_passwords import FILE, give_passwords, read_passwords
from catalogue.editing.reach import today, top_agencies
from catalogue.editing.setting_up import set_up
from catalogue.models import Centre, Posting
from portal.models import User
from portal.site.demo import CENTRE

__all__ = ["FILE", "make_accounts"]
EDITORS = "Editors"
ADMIN, EDITOR, WARD_EDITOR = "admin", "editor", "editor-ward"
POSTS = {
    EDITOR: Posting.Role.EDITOR,
    "editor-2": Posting.Role.EDITOR,
    WARD_EDITOR: Posting.Role.EDITOR,
    "approver": Posting.Role.PUBLISHER,
}
NAMES = {
    EDITOR: "Biên tập Một",
    "editor-2": "Biên tập Hai",
    WARD_EDITOR: "Biên tập Phường",
    "approver": "Người duyệt",
}
_PAGE_RIGHTS = ("add_page", "change_page", "publish_page")
_TAUGHT = ("wordgroup", "everydaywords", "situation", "questionwords", "bestbet", "judgedquery")
# Wagtail asks for the rights on its own models, also where the site has others.
_MEDIA_RIGHTS = {
    "wagtailimages": ("add_image", "change_image", "choose_image"),
    "wagtaildocs": ("add_document", "change_document", "choose_document"),
}


def make_accounts(folder: Path) -> dict[str, str]:
    """Make `admin`, editors and an approver if they are missing; return the passwords by name.

    The passwords lie in a file that only its owner can read. An account whose password isn't there gets a new one.
    """
    passwords: dict[str, str] = {}
    rows = set_up()
    for name in (ADMIN, *POSTS):
        user = User.objects.filter(username=name).first() or User(username=name, last_name=NAMES.get(name, ""))
        is_new = user.pk is None or name not in read_passwords(folder)
        user.is_superuser = user.is_staff = name == ADMIN
        passwords |= give_passwords(folder, [user])
        if is_new and name == EDITOR:
            user.groups.add(_editors())
        if name in POSTS and not user.groups.filter(pk=rows.pk).exists():
            user.groups.add(rows)
            _post(user, POSTS[name])
    return passwords


def posts_of(name: str) -> str:
    """Return in words what a log-in of the demo is to try."""
    if name == ADMIN:
        return "everything but approving: a superuser is no exception to four eyes"
    posts = Posting.objects.filter(user__username=name, role__in=Posting.EDITING).select_related("agency")
    return "; ".join(f"{post.get_role_display()}, {post.agency}" for post in posts)


def _post(user: User, role: str) -> None:
    """Post a person at the province's top agency, a commune's editor at one commune; nothing where there is none."""
    agency = Centre.objects.filter(slug=CENTRE).values_list("agency", flat=True).first()
    if user.username != WARD_EDITOR:
        agency = next(iter(sorted(top_agencies(today()))), None)
    if agency is not None:
        Posting.objects.get_or_create(user=user, agency_id=agency, role=role)


def _editors() -> Group:
    """Return the editors' group: the whole tree of pages, images, documents and the words of search."""
    group, _made = Group.objects.get_or_create(name=EDITORS)
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
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
