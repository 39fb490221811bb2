"""A loader and two approvals at the same moment: nothing is lost, and each is told."""

from __future__ import annotations

import pytest

from tests import postgres
from tests.conftest import VAR_DIR
from tests.desk import databases

RACES = "tests.catalogue.import_races"


@pytest.mark.postgres
def test_a_loader_and_two_approvals_at_once_on_postgresql():
    with postgres.database(VAR_DIR) as url:
        found = databases.run(RACES, url=url, var_dir=VAR_DIR)
    assert found["faults"] == []


@pytest.mark.own_database
def test_a_loader_and_two_approvals_at_once_on_a_file(tmp_path):
    found = databases.run(RACES, url=databases.sqlite(tmp_path, VAR_DIR), var_dir=VAR_DIR)
    assert found["faults"] == []
