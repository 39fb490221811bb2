"""Requests as no browser sends them, and what every answer says of itself."""

from __future__ import annotations

import json
import logging

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail.message import BadHeaderError
from django.db import models
from django.test import Client
from wagtail.blocks import RichTextBlock
from wagtail.documents.forms import get_document_form
from wagtail.images import get_image_model
from wagtail.images.forms import get_image_form

from portal.accounts.audit import note
from portal.blocks import PLAIN
from portal.models import PageReport, PortalDocument, User
from tests.portal.test_settings import start

pytestmark = pytest.mark.django_db
PUBLIC = [
    "/vi/",
    "/vi/khong-co/",
    "/api/v1/fields",
    "/api/v1/khong-co",
    "/robots.txt",
    "/sitemap.xml",
    "/accounts/login/",
]
PUBLIC += ["/", "/desk/", "/cms/", "/vi/tracking/", "/t/khong-co"]


@pytest.fixture
def officer(client) -> Client:
    """Somebody who may do everything, logged in."""
    client.force_login(User.objects.create_superuser("boss"))
    return client


@pytest.mark.parametrize("address", PUBLIC)
def test_every_answer_says_its_kind_and_is_taken_for_no_other(client, site, address):
    answer = client.get(address)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert "charset=utf-8" in answer["Content-Type"] or answer["Content-Type"] in (
        "application/json",
        "application/xml",
    )


@pytest.mark.parametrize("address", PUBLIC)
def test_over_https_every_answer_holds_browsers_to_it_for_a_year(client, site, settings, address):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    assert (
        Client()
        .get(address, secure=True)["Strict-Transport-Security"]
        .startswith("max-age=31536000; includeSubDomains")
    )


def test_production_is_strict_by_itself():
    names = ["DEBUG", "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_SSL_REDIRECT", "DEMO"]
    code = f"from django.conf import settings as s; print([getattr(s, name) for name in {names}])"
    told = start("manage.py", "shell", "--no-imports", "-c", code, BASE_URL="https://mot-cua.example").stdout
    assert told.strip() == "[False, 31536000, True, True, False]"


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DESK_CHAIN_KEY"])
def test_no_key_has_a_default_outside_of_tests_and_demos(tmp_path, missing):
    keys = {"SECRET_KEY": "x" * 60, "DESK_CHAIN_KEY": "y" * 60, missing: ""}
    ended = start("manage.py", "check", TESTING="0", DEMO="0", VAR_DIR=str(tmp_path), **keys)
    assert ended.returncode and missing in ended.stderr


def test_only_the_open_data_is_given_to_other_sites(client, site):
    for address in PUBLIC:
        answer = client.get(address, headers={"Origin": "https://evil.example"})
        allowed = answer.headers.get("Access-Control-Allow-Origin")
        assert allowed == ("*" if address.startswith("/api/v1/") else None), address


@pytest.mark.parametrize(
    "address",
    [
        "/.git/config",
        "/.env",
        "/static/",
        "/media/",
        "/documents/",
        "/admin/",
        "/metrics",
        "/__debug__/",
        "/server-status",
    ],
)
def test_no_folder_no_secret_and_no_back_room_is_shown(client, site, address):
    assert client.get(address, follow=True).status_code == 404


def test_what_is_encoded_twice_is_decoded_once(client, site):
    page = client.get("/vi/thu-tuc/?q=%253Cscript%253E").content.decode()
    assert "%3Cscript%3E" in page and "<script>%" not in page and "&lt;script&gt;" not in page


@pytest.mark.parametrize("name", ["next", "login"])
def test_nothing_that_is_typed_becomes_a_header(client, db, name):
    answer = client.post("/accounts/login/", {"login": "x", "password": "y", name: "/desk/\r\nSet-Cookie: a=1"})
    assert "a" not in answer.cookies and "\n" not in str(answer.headers.get("Location", ""))


def test_what_stands_in_the_address_is_not_taken_for_what_was_sent(client, site):
    both = client.post("/vi/tracking/?code=DEMO&ending=123456", {"code": "", "ending": ""})
    assert both.status_code == 400 and "DEMO" not in both.content.decode()
    assert client.post("/accounts/login/?login=boss&password=x", {}).status_code == 200


def test_a_form_takes_no_field_that_it_does_not_show(client, site):
    sent = {"message": "Sai", "address": "/vi/", "language": "xx", "closed_at": "2020-01-01", "id": "77", "pk": "77"}
    client.post("/vi/report/", sent)
    [report] = PageReport.objects.all()
    assert (report.language, report.closed_at) == ("vi", None) and report.pk != 77


def test_every_link_that_is_kept_is_one_of_the_web():
    fields = [
        field
        for model in apps.get_models()
        if model._meta.app_label in ("portal", "catalogue", "desk", "search")
        for field in model._meta.get_fields()
        if isinstance(field, models.URLField)
    ]
    assert len(fields) > 3
    for field in fields:
        for link in ("javascript:alert(1)", "data:text/html,x", "vbscript:x"):
            with pytest.raises(ValidationError):
                field.run_validators(link)


def test_what_an_editor_pastes_holds_no_script():
    def written(text: str, link: str) -> str:
        entity = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": link}}
        block = {"key": "a", "text": text, "type": "unstyled", "depth": 0, "inlineStyleRanges": []}
        block["entityRanges"] = [{"offset": 0, "length": 4, "key": 0}]
        raw = json.dumps({"blocks": [block], "entityMap": {"0": entity}})
        return str(RichTextBlock(features=PLAIN).value_from_datadict({"x": raw}, {}, "x").source)

    stored = written("here <script>alert(1)</script>", "javascript:alert(1)")
    assert "<script" not in stored and "javascript:" not in stored
    assert 'href="https://a.example/"' in written("here", "https://a.example/")


def test_editors_make_no_address_be_asked(officer, settings):
    asked = officer.post("/cms/embeds/chooser/upload/", {"embed-chooser-url": "https://www.youtube.com/watch?v=x"})
    assert settings.WAGTAILEMBEDS_FINDERS == [] and asked.status_code == 200
    assert json.loads(asked.content)["step"] == "chooser"


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.gif"])
def test_pictures_of_other_kinds_are_refused(officer, name):
    content = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    form = get_image_form(get_image_model())({"title": "x"}, {"file": SimpleUploadedFile(name, content)})
    assert "file" in form.errors


@pytest.mark.parametrize(
    ("name", "content", "is_taken"),
    [
        ("a.pdf", b"%PDF-1.7", True),
        ("a.docx", b"PK\x03\x04 and so on", True),
        ("a.pdf", b"<html><script>", False),
        ("a.docx", b"%PDF-1.7", False),
        ("a.html", b"<html>", False),
    ],
)
def test_documents_are_what_their_names_say(officer, name, content, is_taken):
    form = get_document_form(PortalDocument)(
        {"title": "x", "licence": "own"}, {"file": SimpleUploadedFile(name, content)}, user=User.objects.get()
    )
    form.is_valid()
    assert ("file" not in form.errors) is is_taken


def test_no_line_break_reaches_a_header_of_a_mail(client, mailoutbox):
    with pytest.raises(BadHeaderError):
        mail.send_mail("x\nBcc: evil@a.example", "x", None, ["a@a.example"])
    client.post("/accounts/password/reset/", {"email": "a@a.example\r\nBcc: evil@a.example"})
    assert not mailoutbox


def test_no_line_break_makes_a_line_of_the_log(client, site, caplog):
    with caplog.at_level(logging.INFO):
        client.get("/vi/x%0a2026-01-01 INFO portal.audit forged/")
        note("tried", more="a\nb")
    assert caplog.records
    assert not [record for record in caplog.records if "\n" in record.getMessage()]


def test_logs_go_to_the_two_streams_and_nowhere_else():
    assert {each["class"] for each in settings.LOGGING["handlers"].values()} == {"logging.StreamHandler"}


def test_a_new_site_has_no_account(db):
    assert not User.objects.exists()


@pytest.mark.parametrize("address", ["/desk/", "/cms/", "/accounts/2fa/", "/accounts/sessions/"])
def test_every_page_behind_the_log_in_has_the_way_out_and_is_kept_by_no_cache(officer, address):
    answer = officer.get(address)
    assert "log-out" in answer.content.decode() or "logout" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_who_logs_out_leaves_nothing_in_the_browsers_cache(officer):
    assert officer.post("/accounts/logout/")["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in officer.get("/accounts/login/").headers
