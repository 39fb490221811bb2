"""Every kind of answer carries the headers and the policy that docs/security.md names."""

from __future__ import annotations

import json
import shutil

import pytest
from django.core.files.base import ContentFile

from portal.headers import NOTHING_RUNS
from portal.models import PortalDocument
from tests import schema
from tests.factories import CentreFactory, ProcedureFactory

PUBLIC = [
    "/vi/", "/ko/procedures/", "/vi/thu-tuc/?q=khai+sinh", "/vi/thu-tuc/1.001193/", "/en/procedures/1.001193/",
    "/vi/trung-tam/", "/ja/hotlines/", "/vi/tracking/", "/vi/statistics/", "/vi/report/", "/vi/khong-co/", "/t/none",
    "/api/v1/docs", "/api/v1/procedures", "/api/v1/nothing", "/api/suggest/vi/?q=khai", "/robots.txt", "/sitemap.xml",
    "/accounts/login/", "/accounts/password/reset/", "/documents/1/none.pdf", "/",
]  # fmt: skip
DESK = [
    "/desk/", "/desk/dossiers/", "/desk/notices/", "/desk/workload/", "/desk/intake/", "/accounts/2fa/",
    "/accounts/sessions/", "/desk/none/",
]  # fmt: skip
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def policy_of(response) -> dict[str, str]:
    """Return the policy's directives."""
    parts = [part.strip().partition(" ") for part in response.headers["Content-Security-Policy"].split(";")]
    return {name: value for name, _space, value in parts}


def assert_strict(response) -> None:
    """Nothing inline, nothing from elsewhere, no frame, no plug-in, no other base, forms to us alone."""
    policy = policy_of(response)
    assert "unsafe" not in str(policy) and "://" not in str(policy) and "*" not in str(policy)
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    if response.status_code != 302:  # A redirect of the language is made further out, and shows nothing.
        assert response.headers["X-Frame-Options"] == "DENY"


def assert_everywhere(response) -> None:
    """What no answer goes without."""
    for name, value in EVERYWHERE.items():
        assert response.headers[name] in (value, "no-referrer"), name
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert response.headers["X-Request-ID"]
    assert response.headers["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin")
    assert "Server" not in response.headers and "X-Powered-By" not in response.headers


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_answer_is_strict(client, site, address):
    ProcedureFactory(code="1.001193")
    CentreFactory()
    response = client.get(address)
    assert_everywhere(response)
    assert_strict(response)


@pytest.mark.parametrize("address", DESK)
def test_a_page_of_the_desk_and_of_ones_log_in_is_strict_and_kept_by_nobody(officer, address):
    response = officer.get(address)
    assert_everywhere(response)
    assert_strict(response)
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/cms/", "/cms/pages/", "/cms/users/", "/cms/snippets/catalogue/procedure/"])
def test_the_editors_pages_are_loosened_where_wagtail_needs_it_and_nowhere_else(administrator, site, address):
    response = administrator.get(address)
    assert response.status_code == 200
    assert_everywhere(response)
    policy = policy_of(response)
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == policy["script-src-attr"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self' 'unsafe-inline'"
    assert policy["frame-ancestors"] == policy["form-action"] == policy["connect-src"] == "'self'"
    assert "eval" not in str(policy) and "://" not in str(policy) and "*" not in str(policy)
    assert "no-store" in response.headers["Cache-Control"]


def test_a_preview_is_strict_and_may_be_framed_by_the_editors_page(administrator, site):
    """Wagtail draws it by asking for the public address, whose own policy lets nobody frame it."""
    page = site["vi", "home"]
    address = f"/cms/pages/{page.pk}/edit/preview/"
    sent = administrator.post(address, {"title": page.title, "slug": page.slug})
    assert sent.json()["is_valid"], sent.content
    policy = policy_of(administrator.get(f"{address}?in_preview_panel=true&mode="))
    assert policy["frame-ancestors"] == "'self'"
    assert policy["script-src"] == policy["style-src"] == "'self'" and policy["default-src"] == "'none'"


@pytest.mark.parametrize("address", ["/vi/", "/vi/thu-tuc/", "/sitemap.xml"])
def test_a_warm_page_has_the_headers_of_a_cold_one(client, site, page_cache, django_assert_num_queries, address):
    cold = dict(client.get(address).headers)
    with django_assert_num_queries(0):
        warm = dict(client.get(address).headers)
    again = dict(client.get(address, headers={"If-None-Match": cold["ETag"]}).headers)
    assert cold.pop("X-Request-ID") != warm.pop("X-Request-ID")
    assert warm == cold
    assert again["Content-Security-Policy"] == cold["Content-Security-Policy"]


def test_an_asset_runs_nothing_by_itself(client):
    response = client.get("/static/portal/portal.css")
    assert response.status_code == 200
    assert_everywhere(response)
    assert response.headers["Content-Security-Policy"] == NOTHING_RUNS
    assert "Access-Control-Allow-Origin" not in response.headers


def test_an_uploaded_document_is_sent_to_be_saved_and_runs_nothing(client, site):
    document = PortalDocument.objects.create(title="Mẫu", file=ContentFile(b"%PDF-1.4 <script>", name="mau.pdf"))
    response = client.get(document.url)
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert_everywhere(response)


@pytest.mark.parametrize("address", ["/api/v1/procedures", "/vi/statistics/figures.csv", "/vi/thu-tuc/feed.atom"])
def test_open_data_may_be_read_by_other_sites(client, site, address):
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize("address", ["/vi/", "/desk/", "/accounts/login/", "/api/suggest/vi/?q=a"])
def test_pages_may_not(client, site, address):
    response = client.get(address)
    assert "Access-Control-Allow-Origin" not in response.headers
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


OVER_HTTPS = """
import json
from django.conf import settings
from django.test import Client
from portal.models import User
user = User.objects.create_user("lan", password="mot-cua-thu-1-hai-ba")
client = Client(HTTP_HOST="mot-cua.example")
page = client.get("/accounts/login/", secure=True)
plain = client.get("/vi/")
client.post("/accounts/login/", {"login": "lan", "password": "mot-cua-thu-1-hai-ba"}, secure=True)
print("FOUND", json.dumps({
    "cookies": {name: dict(cookie) for name, cookie in client.cookies.items()},
    "hsts": page.headers.get("Strict-Transport-Security", ""),
    "policy": page.headers["Content-Security-Policy"],
    "plain": [plain.status_code, plain.headers.get("Location", "")],
}))
"""


@pytest.mark.own_database
def test_over_https_cookies_are_bound_to_the_host_and_plain_http_leads_there(tmp_path, schema_file):
    shutil.copy(schema_file, tmp_path / "db.sqlite3")
    said = schema.manage(
        "shell", "-c", OVER_HTTPS, VAR_DIR=str(tmp_path), TESTING="1", BASE_URL="https://mot-cua.example",
        ALLOWED_HOSTS="mot-cua.example", DATABASE_URL=f"sqlite:///{tmp_path}/db.sqlite3",
    )  # fmt: skip
    found = json.loads(said.partition("FOUND ")[2].splitlines()[0])
    assert {"__Host-csrf", "__Host-session", "__Host-known_browser"} <= set(found["cookies"])
    for name, cookie in found["cookies"].items():
        assert name.startswith(("__Host-", "__Secure-"))
        assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["domain"], name
        assert cookie["path"] == "/"
    assert found["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert "upgrade-insecure-requests" in found["policy"]
    assert found["plain"] == [301, "https://mot-cua.example/vi/"]
