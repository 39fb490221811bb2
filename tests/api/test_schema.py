"""What the API answers is what its schema says, whatever is asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from catalogue.models import FilingChannel, RequiredPaper
from tests import factories
from tests.api.conftest import full_procedures

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """Keep the test's connection over requests that don't come from Django's own client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def some_rows(db, kept_connection) -> None:
    """A few rows of each kind, with codes that the schema's examples may hit."""
    full_procedures(2)
    factories.HotlineFactory()
    factories.AgencyFactory(role=factories.RoleFactory())


@schema.parametrize()
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_answers_conform(case, some_rows) -> None:
    # In process nothing unpacks gzip.
    case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})


@pytest.mark.parametrize("query", [{}, {"as_of": "2026-11-01"}, {"lang": "ko"}])
@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/api/v1/procedures", {}),
        ("/api/v1/procedures/{code}", {"code": "1.7"}),
        ("/api/v1/procedures/{code}/versions", {"code": "1.7"}),
        ("/api/v1/procedures/{code}/versions/{number}", {"code": "1.7", "number": 1}),
        ("/api/v1/centres/{slug}", {"slug": "hai-chau"}),
        ("/api/v1/places/{level}/{code}/present", {"level": "commune", "code": "20242"}),
    ],
)
def test_rows_that_are_there_conform(some_rows, path, named, query):
    procedure = factories.ProcedureFactory(code="1.7", foreign=True, with_papers=True)
    factories.VersionFactory(procedure=procedure)
    factories.CentreFactory(slug="hai-chau", place=factories.CommuneFactory(code="20242"))
    case = schema[path]["GET"].Case(path_parameters=named, query=query)
    assert case.call_and_validate(checks=CHECKS).status_code == 200


def test_each_kind_of_choice_keeps_its_own_values():
    parts = schema.raw_schema["components"]["schemas"]
    assert parts["ChannelOut"]["properties"]["kind"]["enum"] == FilingChannel.Kind.values
    assert parts["PaperOut"]["properties"]["kind"]["enum"] == RequiredPaper.Kind.values


def test_every_address_is_described():
    assert {
        "/api/v1/procedures",
        "/api/v1/procedures/{code}",
        "/api/v1/procedures/{code}/versions",
        "/api/v1/procedures/{code}/versions/{number}",
        "/api/v1/centres",
        "/api/v1/centres/{slug}",
        "/api/v1/hotlines",
        "/api/v1/notices",
        "/api/v1/fields",
        "/api/v1/roles",
        "/api/v1/agencies",
        "/api/v1/places",
        "/api/v1/places/{level}/{code}/present",
        "/api/v1/downloads/{file}",
        "/api/v1/downloads/datapackage.json",
    } <= set(schema.raw_schema["paths"])
