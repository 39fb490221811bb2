"""Dossiers follow while officers act, and in a process that is killed: on real databases, in processes of their own."""

from __future__ import annotations

import pytest

from tests import postgres
from tests.conftest import VAR_DIR
from tests.desk import databases

MOVERS = "tests.desk.movers"


@pytest.fixture
def postgres_url():
    with postgres.database(VAR_DIR) as url:
        yield url


def is_whole(found: dict) -> None:
    assert (found["left"], found["faults"]) == (0, [])
    assert found["moved"] == found["moved_once"] > 0


@pytest.mark.postgres
def test_an_act_at_the_same_moment_ends_right_in_either_order(postgres_url):
    found = databases.run(MOVERS, "race", 80, url=postgres_url, var_dir=VAR_DIR)
    assert found["told"].keys() <= {"done", "WrongState", "NotAllowed"}
    assert found["told"]["done"] > 0
    is_whole(found)


@pytest.mark.postgres
def test_killed_again_and_again_nothing_is_lost_and_nothing_done_twice(postgres_url):
    is_whole(databases.run(MOVERS, "kill", 80, url=postgres_url, var_dir=VAR_DIR))


@pytest.mark.own_database
def test_killed_on_a_file_nothing_is_lost_and_nothing_done_twice(tmp_path):
    url = databases.sqlite(tmp_path, VAR_DIR)
    is_whole(databases.run(MOVERS, "kill", 80, url=url, var_dir=VAR_DIR))
