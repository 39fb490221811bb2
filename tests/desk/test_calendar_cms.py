"""The screen of the working calendar: who may, what is refused, and what Wagtail keeps of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from wagtail.log_actions import registry

from desk.calendar import work_calendar
from desk.models import CalendarDay
from portal.models import User
from tests.desk.factories import CalendarDayFactory
from tests.portal.test_cms import assert_saved, edit, errors, form_data, url

pytestmark = pytest.mark.django_db
FRIDAY = dt.date(2026, 3, 6)


@pytest.fixture
def keeper(client: Client) -> Client:
    """Somebody who may keep the calendar, and nothing else."""
    user = User.objects.create_user("keeper")
    codenames = ("access_admin", "add_calendarday", "change_calendarday", "delete_calendarday")
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return client


def test_all_screens_open_and_saving_as_it_stands_changes_nothing(keeper):
    row = CalendarDayFactory()
    for name in ("edit", "delete", "history"):
        assert keeper.get(url(CalendarDay, name, row.pk)).status_code == 200
    assert "Nghỉ theo quyết định" in keeper.get(url(CalendarDay, "list"), {"q": "nghi theo"}).content.decode()
    kept = CalendarDay.objects.values().get()
    assert_saved(edit(keeper, row, {}))
    changed = {name for name, value in CalendarDay.objects.values().get().items() if kept[name] != value}
    assert changed <= {"updated_at", "latest_revision_id"}


def test_a_new_day_holds_at_once_and_wagtail_keeps_who_entered_it(keeper, committing):
    assert work_calendar().is_working(FRIDAY)
    address = url(CalendarDay, "add")
    values = {"day": "2026-03-06", "kind": "day_off", "name_vi": "Nghỉ", "name_en": "Off", "source": "1/QĐ-UBND"}
    with committing():
        assert_saved(keeper.post(address, {**form_data(keeper.get(address)), **values}))
    row = CalendarDay.objects.get()
    assert not work_calendar().is_working(FRIDAY)
    with committing():
        assert_saved(edit(keeper, row, {"name_vi": "Nghỉ hoán đổi"}))
    entries = registry.get_logs_for_instance(row).order_by("timestamp")
    assert [(entry.action, entry.user.username) for entry in entries] == [
        ("wagtail.create", "keeper"),
        ("wagtail.edit", "keeper"),
    ]
    assert [revision.content["name_vi"] for revision in row.revisions.order_by("pk")] == ["Nghỉ", "Nghỉ hoán đổi"]


def test_what_makes_no_sense_is_told_beside_its_field(keeper):
    row = CalendarDayFactory()
    response = edit(keeper, row, {"day": "2026-03-07"})
    assert errors(response)
    assert CalendarDay.objects.get().day == FRIDAY


def test_who_has_no_right_is_sent_away(client):
    row = CalendarDayFactory()
    user = User.objects.create_user("clerk")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    for address in (url(CalendarDay, "list"), url(CalendarDay, "add"), url(CalendarDay, "edit", row.pk)):
        assert client.get(address).status_code == 302
    assert client.post(url(CalendarDay, "edit", row.pk), {"name_vi": "x"}).status_code == 302
    assert CalendarDay.objects.get().name_vi == "Nghỉ theo quyết định"
