"""The front door, errors, reports, languages, robots."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from portal.models import GuidePage, NoticePage, PageReport, SectionPage
from tests.factories import ProcedureFactory


@pytest.mark.parametrize(
    ("asked", "language"),
    [("ko-KR,ko;q=0.9", "ko"), ("zh-CN", "zh-hans"), ("fr", "vi"), ("", "vi"), ("en-GB,vi;q=0.5", "en")],
)
def test_the_front_door_leads_to_the_language_that_is_asked_for(client, asked, language):
    headers = {"Accept-Language": asked} if asked else {}
    response = client.get("/", headers=headers)
    assert response.headers["Location"] == f"/{language}/"


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_a_missing_page_answers_in_the_language_of_its_address(client, site, language):
    response = client.get(f"/{language}/khong-co/")
    assert response.status_code == 404
    tag = "zh-Hans" if language == "zh-hans" else language
    assert f'<html lang="{tag}">' in response.content.decode()


@pytest.mark.parametrize("language", ["vi", "ja"])
def test_an_error_answers_in_the_language_of_its_address_and_tells_nothing(site, language, monkeypatch):
    from portal.procedures import listing_page

    def fail(*args: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(listing_page, "context", fail)
    client = Client(raise_request_exception=False)
    response = client.get("/vi/thu-tuc/" if language == "vi" else "/ja/procedures/")
    assert response.status_code == 500
    assert f'<html lang="{language}">' in response.content.decode()
    assert "secret detail" not in response.content.decode()


def test_a_missing_page_is_said_even_without_a_site(client, db):
    assert client.get("/vi/khong-co/").status_code == 404


def test_the_home_shows_guides_notices_and_fields(read, site):
    home = site["vi", "home"]
    section = home.add_child(instance=SectionPage(title="Hướng dẫn", slug="huong-dan", locale=home.locale))
    section.add_child(instance=GuidePage(title="Sinh con", slug="sinh-con", is_life_event=True, locale=home.locale))
    now = timezone.now()
    section.add_child(instance=NoticePage(title="Bão số 9", slug="bao", is_urgent=True, locale=home.locale))
    section.add_child(instance=NoticePage(title="Đã qua", slug="qua", is_urgent=True, ends_at=now, locale=home.locale))
    ProcedureFactory()
    html = read("/vi/")
    assert "Sinh con" in html
    assert "Bão số 9" in html
    assert "Đã qua" not in html
    assert "?field=ho-tich" in html


def test_the_home_spends_few_queries(site, client, django_assert_max_num_queries):
    ProcedureFactory(with_channels=True)
    client.get("/vi/")
    with django_assert_max_num_queries(20):
        client.get("/vi/")


@pytest.mark.parametrize(
    "address", ["/vi/", "/ko/procedures/", "/vi/trung-tam/", "/ja/hotlines/", "/en/foreign-users/"]
)
def test_an_anonymous_reader_gets_no_cookie(client, site, address):
    response = client.get(address)
    assert response.status_code == 200
    assert not response.cookies


def test_a_report_is_kept_with_its_page_and_nothing_else(client, site):
    response = client.post("/vi/report/", {"address": "/vi/thu-tuc/1.5/", "message": "Sai số tiền", "contact": ""})
    assert response.headers["Location"] == "/vi/report/?sent=1"
    report = PageReport.objects.get()
    assert (report.address, report.message, report.language) == ("/vi/thu-tuc/1.5/", "Sai số tiền", "vi")


def test_an_empty_report_says_what_to_do_and_keeps_what_was_typed(client, site):
    response = client.post("/en/report/", {"address": "/vi/", "message": "", "contact": "an@example.vn"})
    assert response.status_code == 400
    assert "Write what is wrong on the page." in response.content.decode()
    assert "an@example.vn" in response.content.decode()
    assert not PageReport.objects.exists()


def test_a_report_from_elsewhere_is_refused(site):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/vi/report/", {"message": "x"}).status_code == 403


def test_closing_a_report_erases_the_contact(db):
    report = PageReport.objects.create(message="x", contact="0900 000 000", language="vi")
    report.closed_at = timezone.now()
    report.save()
    report.refresh_from_db()
    assert report.contact == ""


def test_robots_name_the_sitemap(client):
    assert "Sitemap: http://localhost:8000/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_public_pages_allow_nothing_inline_or_from_elsewhere(client, site):
    policy = client.get("/vi/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
