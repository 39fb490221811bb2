"""What the desk's tests share."""

import pytest
from hypothesis import settings

from tests.desk.cast import Cast, make_cast

# The first holiday of a year is reckoned slowly: no example has a time limit.
settings.register_profile("desk", deadline=None)
settings.load_profile("desk")


@pytest.fixture
def cast(db) -> Cast:
    """The named cast."""
    return make_cast()
