"""How answers leave the API: validators, open to other sites, no cookies, errors as JSON."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles import finders

from portal.api import procedures
from tests import factories
from tests.factories import ProcedureFactory

pytestmark = pytest.mark.django_db
ADDRESSES = [
    "",
    "procedures",
    "procedures/1.001193",
    "procedures/1.001193/versions",
    "centres",
    "hotlines",
    "notices",
    "fields",
    "roles",
    "agencies",
    "places",
    "downloads/datapackage.json",
    "downloads/procedures.csv",
    "openapi.json",
    "docs",
]


@pytest.fixture
def procedure():
    return ProcedureFactory(code="1.001193")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_is_open_revalidated_and_without_cookies(client, procedure, address):
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies
    assert not response["ETag"].startswith("W/")
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("address", ADDRESSES)
def test_asking_again_with_the_tag_gives_304_without_a_body(client, procedure, address):
    tag = client.get(f"/api/v1/{address}")["ETag"]
    again = client.get(f"/api/v1/{address}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert again["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert again["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"/api/v1/{address}", headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_tag_changes_with_the_content_and_the_language(client, procedure):
    def tag(**parameters: object) -> str:
        return client.get("/api/v1/procedures/1.001193", parameters)["ETag"]

    before = tag()
    assert tag() == before
    procedure.name_ko = "출생 신고"
    procedure.save(update_fields=["name_ko"])
    assert tag() == before
    assert tag(lang="ko") != before


def test_the_language_of_the_answer_is_the_one_asked_for_and_not_the_browsers(client, procedure):
    asked = client.get("/api/v1/procedures", {"lang": "ko"}, headers={"Accept-Language": "ja"})
    assert asked["Content-Language"] == "ko"
    plain = client.get("/api/v1/procedures", headers={"Accept-Language": "ja"})
    assert plain["Content-Language"] == "vi"
    assert "Accept-Language" not in plain.get("Vary", "")


@pytest.mark.parametrize("address", ["nothing", "procedures/9.999999", "procedures/", "centres/a/b", "vi", "places/1"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_unknown_address_is_a_404_in_json_and_no_redirect(client, address, language):
    factories.make_pages("vi", "en")
    response = client.get(f"/api/v1/{address}", headers={"Accept-Language": language})
    assert response.status_code == 404
    assert response.json()["detail"]
    assert response["Cache-Control"] == "no-store"
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", ["procedures", "procedures/1.001193", "places", "nothing"])
def test_writing_is_a_405_in_json(client, address, method):
    response = getattr(client, method)(f"/api/v1/{address}")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert response.json()["detail"]


@pytest.mark.parametrize("address", ["procedures", "procedures/1.001193", "downloads/procedures.csv"])
def test_head_has_the_headers_of_get(client, procedure, address):
    got, head = client.get(f"/api/v1/{address}"), client.head(f"/api/v1/{address}")
    assert head.status_code == 200
    assert head["ETag"] == got["ETag"]
    assert head["Content-Type"] == got["Content-Type"]


def test_a_failure_is_recorded_and_tells_nothing_of_itself(client, monkeypatch, caplog):
    def fail() -> None:
        raise RuntimeError("the password is 1234")

    monkeypatch.setattr(procedures, "public", fail)
    response = client.get("/api/v1/procedures")
    assert response.status_code == 500
    assert "1234" not in response.content.decode()
    assert response.json()["detail"]
    assert "the password is 1234" in caplog.text


def test_vietnamese_stands_readable_in_the_json(client, procedure):
    assert "Hộ tịch" in client.get("/api/v1/procedures").content.decode()


def test_the_start_names_addresses_that_answer(client):
    for name, address in client.get("/api/v1/").json().items():
        assert client.get(address).status_code == 200, name


def test_the_documentation_loads_nothing_from_elsewhere(client):
    page = client.get("/api/v1/docs").content.decode()
    assert "://" not in page
    loaded = [part.split('"')[0] for part in page.split('"/static/')[1:]]
    assert any("swagger-ui-bundle" in path for path in loaded)
    assert all(finders.find(path) for path in loaded)
