"""Errors say what to do, in the reader's language, with a number that the log has too, and nothing of what happened."""

from __future__ import annotations

import logging
import re
import sqlite3
import urllib.error
import urllib.request

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.test import Client

from portal import views
from portal.api import procedures
from tests.serving import served

SECRET = "mat-khau-1234"
TOLD = re.compile(r"Traceback|Error at|Exception|\.py|Django|Wagtail|granian|sqlite|psycopg", re.IGNORECASE)


@pytest.fixture
def reader(site) -> Client:
    return Client(raise_request_exception=False)


def failing(error: Exception):
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    return fail


def assert_tells_nothing(response, *, title: str) -> str:
    """Assert what every error page has, and return its number."""
    text = response.content.decode()
    assert title in text
    assert not TOLD.search(text)
    assert SECRET not in text
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Request-ID"] in text
    return response.headers["X-Request-ID"]


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (RuntimeError(SECRET), 500, "Something went wrong here"),
        (PermissionDenied(SECRET), 403, "This isn't open to you"),
        (SuspiciousOperation(SECRET), 400, "This can't be read"),
    ],
)
def test_what_a_view_raises(reader, monkeypatch, error, status, title):
    monkeypatch.setattr(views, "frame", failing(error))
    response = reader.get(f"/en/report/?page={SECRET}")
    assert response.status_code == status
    assert_tells_nothing(response, title=title.replace("'", "&#x27;"))


@pytest.mark.parametrize("language", ["vi", "ko", "zh-hans", "ja"])
def test_in_the_language_of_the_address(reader, monkeypatch, language):
    monkeypatch.setattr(views, "frame", failing(RuntimeError(SECRET)))
    text = reader.get(f"/{language}/report/").content.decode()
    tag = "zh-Hans" if language == "zh-hans" else language
    assert f'<html lang="{tag}">' in text
    assert "Something went wrong" not in text


def test_the_number_is_in_the_log(reader, monkeypatch, caplog):
    from catalogue.audit import RequestNumber

    caplog.handler.addFilter(RequestNumber())
    monkeypatch.setattr(views, "frame", failing(RuntimeError(SECRET)))
    with caplog.at_level(logging.ERROR):
        number = assert_tells_nothing(reader.get("/en/report/"), title="Something went wrong here")
    (record,) = [each for each in caplog.records if each.name == "django.request"]
    assert record.request_number == number


def test_an_unknown_address_repeats_nothing_of_it(reader):
    response = reader.get(f"/vi/{SECRET}/?a={SECRET}")
    assert response.status_code == 404
    assert_tells_nothing(response, title="Không có trang này")


def test_a_form_without_its_mark_says_to_load_the_page_again(site):
    response = Client(enforce_csrf_checks=True).post("/vi/report/", {"message": SECRET})
    assert response.status_code == 403
    assert_tells_nothing(response, title="Biểu mẫu này đã mở quá lâu")


def test_a_wrong_method_says_which_are_right(reader):
    response = reader.delete("/vi/tracking/")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, POST"
    assert_tells_nothing(response, title="Địa chỉ này không thực hiện được việc đó")


def test_too_much_is_a_413(reader, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = reader.post("/vi/report/", {"message": "x" * 200}, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert_tells_nothing(response, title="Dữ liệu gửi lên quá lớn")


def test_a_host_that_isnt_ours_is_a_400(reader):
    response = reader.get("/vi/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()
    assert_tells_nothing(response, title="Hệ thống không đọc được yêu cầu này")


def test_the_desk_answers_in_the_officers_language(officer, monkeypatch):
    from desk.views import notices

    officer.post("/desk/language/", {"language": "en"})
    monkeypatch.setattr(notices, "work_calendar", failing(RuntimeError(SECRET)))
    response = officer.get("/desk/notices/")
    assert response.status_code == 500
    assert_tells_nothing(response, title="Something went wrong here")
    assert 'href="/desk/"' in response.content.decode()


def test_the_api_answers_in_json(reader, monkeypatch):
    monkeypatch.setattr(procedures, "public", failing(RuntimeError(SECRET)))
    response = reader.get("/api/v1/procedures")
    assert (response.status_code, response["Content-Type"]) == (500, "application/json; charset=utf-8")
    assert SECRET not in response.content.decode()
    missing = reader.get(f"/api/none/{SECRET}")
    assert missing.status_code == 404
    assert missing.json() == {"detail": "There is nothing at this address.", "number": missing.headers["X-Request-ID"]}


def test_a_number_of_our_own_proxy_is_taken_and_none_that_could_write_a_line(reader, settings):
    assert (
        reader.get("/vi/", headers={"X-Request-ID": "abcdef0123456789"}).headers["X-Request-ID"] != "abcdef0123456789"
    )
    settings.PROXIES = 1
    assert (
        reader.get("/vi/", headers={"X-Request-ID": "abcdef0123456789"}).headers["X-Request-ID"] == "abcdef0123456789"
    )
    for told in ("short", "a" * 65, 'x"}\n{"event": 1', "xxxxxxxx\u2028"):
        assert reader.get("/vi/", headers={"X-Request-ID": told}).headers["X-Request-ID"] != told


def asked(address: str) -> tuple[int, dict[str, str], str]:
    """Ask a served site, whatever it answers."""
    try:
        with urllib.request.urlopen(address, timeout=60) as response:
            return response.status, dict(response.headers), response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}, error.read().decode()


@pytest.mark.own_database
def test_where_the_database_is_broken_the_page_comes_all_the_same(tmp_path, schema_file):
    make = 'from tests import factories\nfactories.make_pages("vi", "en")'
    with served(tmp_path, schema_file, make) as base:
        assert asked(f"{base}/vi/thu-tuc/")[0] == 200
        with sqlite3.connect(tmp_path / "db.sqlite3") as database:
            database.execute("ALTER TABLE wagtailcore_site RENAME TO gone")
            database.execute("ALTER TABLE django_session RENAME TO gone_too")
        for path, title in (
            ("/vi/trung-tam/", "Hiện chưa truy cập được"),
            ("/en/centres/", "just now"),
            ("/desk/", "Hiện chưa truy cập được"),
        ):
            status, headers, text = asked(f"{base}{path}") if path != "/desk/" else asked_with_session(base)
            assert status == 503, path
            assert title in text
            assert not TOLD.search(text)
            assert headers["retry-after"] == "60"
            assert headers["x-request-id"] in text
        number = headers["x-request-id"]
        assert number in (tmp_path / "server.log").read_text()


def asked_with_session(base: str) -> tuple[int, dict[str, str], str]:
    """Ask for the desk as somebody whose session can't be read any more."""
    request = urllib.request.Request(f"{base}/desk/", headers={"Cookie": "sessionid=abcdefghijklmnopqrstuvwxyz012345"})
    return asked(request)  # type: ignore[arg-type]
