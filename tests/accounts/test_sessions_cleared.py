"""Sessions that are over are cleared by the clock, once a day, with what is known of their devices."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from catalogue import clock
from portal.accounts.sessions import clear_if_due

pytestmark = pytest.mark.django_db


def test_expired_sessions_and_their_devices_go_and_others_stay(cast):
    browsers = {name: Client() for name in ("clerk", "approver")}
    for name, browser in browsers.items():
        browser.force_login(cast.people[name])
        key = browser.session.session_key
        UserSession.objects.create(user=cast.people[name], session_key=key, ip="10.0.0.1", user_agent="x")
    now = timezone.now()
    long_ago = now - dt.timedelta(days=3)
    old = browsers["clerk"].session.session_key
    Session.objects.filter(session_key=old).update(expire_date=long_ago)
    UserSession.objects.filter(session_key=old).update(last_seen_at=long_ago, created_at=long_ago)
    fresh = UserSession.objects.create(
        user=cast.people["head"], session_key="not saved yet", ip="10.0.0.1", user_agent="x"
    )
    run = clock.part("sessions").run
    assert run(now) == "1 expired, 1 devices forgotten"
    assert list(Session.objects.values_list("session_key")) == [(browsers["approver"].session.session_key,)]
    assert set(UserSession.objects.values_list("user", flat=True)) == {cast.people["approver"].pk, fresh.user_id}
    assert browsers["approver"].get("/accounts/2fa/").status_code == 200


def test_it_is_done_once_a_day(cast):
    at = timezone.now().replace(hour=4)
    assert clear_if_due(at) == "0 expired, 0 devices forgotten"
    Client().force_login(cast.people["clerk"])
    Session.objects.update(expire_date=at - dt.timedelta(1))
    assert clear_if_due(at + dt.timedelta(minutes=1)) == "cleared today"
    assert Session.objects.count() == 1
    assert clear_if_due(at + dt.timedelta(days=1)).startswith("1 expired")
