"""The world of the tests of access, and its files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.http import HttpResponseNotFound

from tests.access.world import World, make_world, rolled_back


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, folder) -> Iterator[World]:
    """The world, made once; what a test does to it is undone."""
    from django.conf import settings

    settings.MEDIA_ROOT, settings.VAR_DIR = str(folder), folder
    with django_db_blocker.unblock(), rolled_back():
        yield make_world()


@pytest.fixture(autouse=True)
def same_files(settings, folder, monkeypatch, own_state) -> None:
    """Keep the world's files; and Wagtail's own page of a 404, with its menus, takes longer than all the rest."""
    settings.MEDIA_ROOT, settings.VAR_DIR = str(folder), folder
    monkeypatch.setattr("wagtail.admin.urls.page_not_found", lambda *args, **kwargs: HttpResponseNotFound())
