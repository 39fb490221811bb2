"""Ask the API, and compare what few and many rows cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories

START = "/api/v1/"


@pytest.fixture
def ask(db, client: Client) -> Callable[..., Any]:
    """Return the JSON of an answer that must succeed; parameters are the address's."""

    def run(path: str, **parameters: object) -> Any:
        response = client.get(START + path, parameters)
        assert response.status_code == 200, response.content.decode()
        return response.json()

    return run


@pytest.fixture
def refused(db, client: Client) -> Callable[..., str]:
    """Return the words of a refusal, which must be a 422 in JSON."""

    def run(path: str, **parameters: object) -> str:
        response = client.get(START + path, parameters)
        assert response.status_code == 422, response.content.decode()
        assert response.json()["errors"]
        return response.json()["detail"]

    return run


@pytest.fixture
def queries(ask) -> Callable[..., int]:
    """Return how many queries an answer costs."""

    def run(path: str, **parameters: object) -> int:
        ask(path, **parameters)  # Content types and the like are read once a process.
        with CaptureQueriesContext(connection) as captured:
            ask(path, **parameters)
        assert len(captured) > 0
        return len(captured)

    return run


def full_procedures(number: int) -> None:
    """Make procedures with everything that a list or a page of the API follows."""
    role, audience = factories.RoleFactory(), factories.AudienceFactory()
    for _n in range(number):
        procedure = factories.ProcedureFactory(
            foreign=True, with_papers=True, roles=[role], audiences=[audience], decision=factories.DecisionFactory()
        )
        factories.VersionFactory(procedure=procedure, decision=factories.DecisionFactory())
