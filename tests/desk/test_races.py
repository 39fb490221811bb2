"""Two at once, sixty-four at once, and killed in the middle: on real databases, in processes of their own."""

from __future__ import annotations

import pytest

from tests import postgres
from tests.conftest import VAR_DIR
from tests.desk import databases

WRITERS = "tests.desk.writers"


@pytest.fixture
def postgres_url():
    with postgres.database(VAR_DIR) as url:
        yield url


@pytest.mark.postgres
def test_of_two_at_once_one_wins_and_the_other_learns_it(postgres_url):
    found = databases.run(WRITERS, "race", 160, url=postgres_url, var_dir=VAR_DIR)
    assert (found["wrong"], found["faster"], found["faults"]) == (0, 120, [])


@pytest.mark.postgres
def test_sixty_four_writers_leave_no_gap_and_no_double(postgres_url):
    found = databases.run(WRITERS, "number", 10, url=postgres_url, var_dir=VAR_DIR)
    assert found["codes"] > 500
    assert (found["gaps_or_doubles"], found["faults"]) == (False, [])


@pytest.mark.postgres
def test_killed_in_the_middle_of_acts_everything_is_whole(postgres_url):
    found = databases.run(WRITERS, "kill", 20, url=postgres_url, var_dir=VAR_DIR)
    assert found["events"] > 0
    assert found["faults"] == []


@pytest.mark.own_database
def test_killed_on_a_file_everything_is_whole(tmp_path):
    url = databases.sqlite(tmp_path, VAR_DIR)
    found = databases.run(WRITERS, "kill", 20, url=url, var_dir=VAR_DIR)
    assert found["events"] > 0
    assert found["faults"] == []
