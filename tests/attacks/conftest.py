"""What the attacks share: the casts of desk and catalogue, log-ins that hash quickly, and browsers that mean harm."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.models import User
from tests.accounts.conftest import PASSWORD
from tests.catalogue import editing_cast
from tests.desk import cast as desk_cast


@pytest.fixture
def quick(settings) -> None:
    """Hash quickly: what is attacked isn't the hash."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def desk(db) -> desk_cast.Cast:
    """The named cast of the desk."""
    return desk_cast.make_cast()


@pytest.fixture
def editors(db) -> editing_cast.Cast:
    """Two wards, a row of each kind, and everybody who tries to edit."""
    return editing_cast.make_cast()


@pytest.fixture
def officer(quick, desk) -> User:
    """A clerk who logs in with a password."""
    found = desk.people["clerk"]
    found.email = "clerk@danang.gov.vn"
    found.set_password(PASSWORD)
    found.save()
    return found


def entered(user: User, **more: str) -> Client:
    """Return somebody's browser, logged in."""
    client = Client(**more)
    client.force_login(user)
    return client
