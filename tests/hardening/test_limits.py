"""What one network may ask in a minute: told in the reader's language, free where the page is kept."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from portal import limits
from portal.limits import Limits

ADDRESS = {"REMOTE_ADDR": "10.1.1.1"}


@pytest.fixture(autouse=True)
def few(settings, monkeypatch) -> None:
    """Two of each a minute, in one minute that doesn't end."""
    settings.LIMITS = {"search": 2, "suggest": 2, "api": 2, "report": 2}
    monkeypatch.setattr(limits.time, "time", lambda: 1_700_000_025.0)


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/vi/thu-tuc/?q=khai+sinh+{}", "Mạng của bạn đang gửi quá nhiều yêu cầu"),
        ("/ja/procedures/?q={}", "お使いのネットワークからの要求が多すぎます"),
        ("/en/procedures/?on=2026-01-0{}", "Too much at once from your network"),
    ],
)
def test_the_third_search_is_a_429_in_the_readers_language(client, site, address, title):
    for number in (1, 2):
        assert client.get(address.format(number), **ADDRESS).status_code == 200
    response = client.get(address.format(3), **ADDRESS)
    assert response.status_code == 429
    assert title in response.content.decode()
    assert response.headers["Retry-After"] == "15"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Content-Security-Policy"].count("'none'") >= 4


@pytest.mark.parametrize("address", ["/api/v1/fields", "/api/suggest/vi/?q=khai"])
def test_machines_are_told_in_json(client, site, address):
    for _time in range(2):
        assert client.get(address, **ADDRESS).status_code == 200
    response = client.get(address, **ADDRESS)
    assert response.status_code == 429
    assert "Too many requests" in response.json()["detail"]
    assert int(response.headers["Retry-After"]) == 15


def test_each_kind_has_its_own_share_and_pages_without_a_question_none(client, site):
    for _time in range(3):
        client.get("/api/v1/fields", **ADDRESS)
    assert client.get("/vi/thu-tuc/?q=a", **ADDRESS).status_code == 200
    for _time in range(4):
        assert client.get("/vi/thu-tuc/", **ADDRESS).status_code == 200


def test_reports_of_mistakes_are_limited(client, site):
    answers = [client.post("/vi/report/", {"message": "Sai", "contact": ""}, **ADDRESS).status_code for _ in range(3)]
    assert answers == [302, 302, 429]


def test_another_network_isnt_touched_and_a_household_is_one(client, site):
    for host in ("2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff::3"):
        last = client.get("/api/v1/fields", REMOTE_ADDR=host)
    assert last.status_code == 429
    assert client.get("/api/v1/fields", REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_behind_our_own_proxy_the_readers_address_counts_and_none_that_is_made_up(client, site, settings):
    settings.PROXIES = 1
    for made_up in ("1.1.1.1", "2.2.2.2", "3.3.3.3"):
        told = {"X-Forwarded-For": f"{made_up}, 10.9.9.9"}
        last = client.get("/api/v1/fields", headers=told, REMOTE_ADDR="127.0.0.1")
    assert last.status_code == 429
    other = client.get("/api/v1/fields", headers={"X-Forwarded-For": "10.9.9.8"}, REMOTE_ADDR="127.0.0.1")
    assert other.status_code == 200


def test_a_kept_page_is_free(client, site, page_cache):
    assert client.get("/vi/thu-tuc/?q=a", **ADDRESS).status_code == 200
    for _time in range(5):
        assert client.get("/vi/thu-tuc/?q=a", **ADDRESS).status_code == 200
    assert client.get("/vi/thu-tuc/?q=b", **ADDRESS).status_code == 200
    assert client.get("/vi/thu-tuc/?q=c", **ADDRESS).status_code == 429
    assert client.get("/vi/thu-tuc/?q=a", **ADDRESS).status_code == 200


def test_the_next_minute_begins_anew(client, site, monkeypatch):
    for _time in range(3):
        client.get("/api/v1/fields", **ADDRESS)
    monkeypatch.setattr(limits.time, "time", lambda: 1_700_000_045.0)
    assert client.get("/api/v1/fields", **ADDRESS).status_code == 200


def test_nought_is_no_limit(client, site, settings):
    settings.LIMITS = {**settings.LIMITS, "api": 0}
    assert {client.get("/api/v1/fields", **ADDRESS).status_code for _time in range(4)} == {200}


def test_reading_goes_on_where_the_cache_is_down_and_that_is_logged(client, site, monkeypatch, caplog):
    def fail(*args: object) -> int:
        raise OSError("no cache")

    monkeypatch.setattr(limits, "add", fail)
    assert {client.get("/api/v1/fields", **ADDRESS).status_code for _time in range(5)} == {200}
    assert "can't be counted" in caplog.text


def test_two_processes_count_together_and_ask_the_cache_once_a_portion(rf: RequestFactory, monkeypatch):
    asked = []
    count = limits.add
    monkeypatch.setattr(limits, "add", lambda *args: asked.append(args) or count(*args))
    one, other = Limits(lambda request: None), Limits(lambda request: None)
    for _time in range(50):
        one.count("api 10.1.1.1", 100)
    assert len(asked) == 10
    for _time in range(50):
        seen = other.count("api 10.1.1.1", 100)
    assert seen == 100
    assert one.count("api 10.1.1.1", 100) == 51  # What the other has counted is heard with the next portion.
    for _time in range(4):
        seen = one.count("api 10.1.1.1", 100)
    assert seen == 105
    cache.clear()
