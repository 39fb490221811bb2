"""What the tests of the public pages share."""

import pytest
from django.test import Client

from tests.factories import make_pages
from tests.keeping import kept

kept_site = kept(make_pages)


@pytest.fixture
def site(kept_site, db):
    """The index pages in five languages."""
    return kept_site.copy()


@pytest.fixture
def read(site, client: Client):
    """Get a page that must be there and return its text."""

    def get(address: str, **params: str) -> str:
        response = client.get(address, params)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        return response.content.decode()

    return get
