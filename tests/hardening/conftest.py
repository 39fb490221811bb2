"""A small site, and somebody of each kind who comes to it."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.models import User
from tests.desk.cast import Cast, make_cast
from tests.factories import make_pages


@pytest.fixture
def site(db):
    """The index pages in five languages."""
    return make_pages()


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


@pytest.fixture
def officer(cast) -> Client:
    """The clerk's browser."""
    client = Client(raise_request_exception=False)
    client.force_login(cast.people["clerk"])
    return client


@pytest.fixture
def administrator(db) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("boss", "boss@danang.gov.vn"))
    return client
