"""Whose rights hold: those of the catalogue's editors only while a post of theirs lasts."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission
from django.db.models import Exists, Q, QuerySet

from catalogue.editing.reach import today
from catalogue.editing.setting_up import GROUP
from catalogue.models import Posting


class Backend(AuthenticationBackend):
    """allauth's, except that the editors' group opens nothing to whoever has no editing post today.

    A list that ends a post leaves the person in the group (it would be in it again with the next post), so without this
    a leaver would still open /cms/ and find it empty. What other groups or the administrator give holds without a post:
    editors of pages have none.
    """

    def _get_group_permissions(self, user_obj: Any) -> QuerySet[Permission]:
        """Return the rights by groups (one query; Django keeps them with the person for the request)."""
        posts = Posting.objects.of(user_obj, today()).filter(role__in=Posting.EDITING)
        groups = user_obj.groups.exclude(Q(name=GROUP) & ~Q(Exists(posts)))
        return Permission.objects.filter(group__in=groups)
