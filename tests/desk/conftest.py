"""What the desk's tests share."""

import pytest
from django.utils.translation import override
from hypothesis import settings

from desk.models import Dossier
from tests import postgres
from tests.desk.cast import Cast, make_cast
from tests.desk.crowd import fill_piles
from tests.keeping import kept

# The first holiday of a year is reckoned slowly: no example has a time limit.
settings.register_profile("desk", deadline=None)
settings.load_profile("desk")


kept_cast = kept(make_cast)


@pytest.fixture
def cast(kept_cast, db) -> Cast:
    """The named cast."""
    return kept_cast.copy()


@pytest.fixture
def on_postgres(django_db_setup, django_db_blocker, tmp_path_factory):
    """An own PostgreSQL database in the place of the tests' one."""
    with django_db_blocker.unblock(), postgres.as_default(tmp_path_factory.mktemp("postgres")) as found:
        yield found


@pytest.fixture
def english():
    """Let texts be English, whatever is compiled."""
    with override("en"):
        yield


@pytest.fixture
def open_as(cast, client):
    """Log a person of the cast in."""

    def log_in(name: str):
        client.force_login(cast.people[name])
        return client

    return log_in


@pytest.fixture
def crowd(cast) -> list[Dossier]:
    """The cast's dossiers of every kind."""
    fill_piles(cast)
    rows = Dossier.objects.select_related("centre").prefetch_related(
        "parties__identifiers", "clock_stops", "hand_overs"
    )
    return list(rows.order_by("pk"))
