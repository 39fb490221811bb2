"""What makes the public pages be drawn anew, and what doesn't."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Site

from catalogue.models import AdministrativeUnit, Centre, Closure, Field, OpeningHours, Procedure, ServicePoint
from catalogue.opening import ZONE
from catalogue.signals import catalogue_changed
from portal import expiry, generation, signal_handlers
from portal.models import HomePage, NoticePage, SectionPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_a_rule")]


@pytest.fixture
def procedure() -> Procedure:
    field = Field.objects.create(slug="ho-tich", name_vi="Hộ tịch")
    return Procedure.objects.create(code="1.001193", name_vi="Đăng ký khai sinh", field=field, is_commune_level=True)


@pytest.fixture
def centre() -> Centre:
    place = AdministrativeUnit.objects.create(level="commune", code="20194", name="Phường Hải Châu", kind="phường")
    return Centre.objects.create(slug="hai-chau", name_vi="Trung tâm", level="commune", place=place, province=place)


@pytest.fixture
def home() -> HomePage:
    return Page.objects.get(depth=1).add_child(instance=HomePage(title="Một Cửa", slug="mot-cua"))


@pytest.fixture
def forgotten(committing):
    """Run an act, commit it, and return how often the generation moved on."""

    def run(act) -> int:
        before = generation.current()
        with committing() as callbacks:
            act()
        moves = callbacks.count(signal_handlers.forget)
        assert (generation.current() != before) == bool(moves)
        return moves

    return run


def test_a_draft_changes_nothing_and_its_publication_does(procedure, forgotten):
    procedure.steps_vi = "1. Nộp hồ sơ"
    assert forgotten(procedure.save_revision) == 0
    assert forgotten(procedure.latest_revision.publish) == 1


def test_taking_a_row_down_and_deleting_it_shows(procedure, forgotten):
    assert forgotten(procedure.unpublish) == 1
    assert forgotten(procedure.delete) == 1


def test_a_live_row_written_directly_shows(procedure, forgotten):
    def write() -> None:
        procedure.importance = 5
        procedure.save(update_fields=["importance"])

    assert forgotten(write) == 1


def test_a_lock_on_a_row_doesnt_show(procedure, forgotten):
    procedure.locked = True
    assert forgotten(lambda: procedure.save(update_fields=["locked"])) == 0


@pytest.mark.parametrize(
    "make",
    [
        lambda centre: ServicePoint.objects.create(centre=centre, kind="help", name_vi="Điểm hỗ trợ"),
        lambda centre: OpeningHours.objects.create(centre=centre, weekday=0, opens=dt.time(7), closes=dt.time(11)),
        lambda centre: Closure.objects.create(centre=centre, starts_on="2026-12-01", ends_on="2026-12-02"),
        lambda centre: Field.objects.create(slug="dat-dai", name_vi="Đất đai"),
    ],
)
def test_rows_without_drafts_show_when_saved_and_when_deleted(centre, forgotten, make):
    rows = []
    assert forgotten(lambda: rows.append(make(centre))) == 1
    assert forgotten(rows[0].delete) == 1


def test_what_a_point_receives_shows(centre, procedure, forgotten):
    point = ServicePoint.objects.create(centre=centre, kind="reception", name_vi="Quầy 1")
    assert forgotten(lambda: point.procedures.add(procedure)) == 1


def test_pages_show_when_published_moved_and_taken_down(home, forgotten):
    section = SectionPage(title="Tin", slug="tin")
    assert forgotten(lambda: home.add_child(instance=section)) == 1
    section.summary = "Tin mới"
    assert forgotten(section.save_revision) == 0
    assert forgotten(section.latest_revision.publish) == 1
    other = home.add_child(instance=SectionPage(title="Hướng dẫn", slug="huong-dan"))
    assert forgotten(lambda: section.move(other, pos="left")) == 1
    assert forgotten(section.unpublish) == 1


def test_a_page_added_as_a_draft_doesnt_show(home, forgotten):
    assert forgotten(lambda: home.add_child(instance=SectionPage(title="Tin", slug="tin", live=False))) == 0


def test_a_page_made_private_is_forgotten_at_once(home, forgotten):
    restriction = PageViewRestriction(page=home, restriction_type=PageViewRestriction.LOGIN)
    assert forgotten(restriction.save) == 1


def test_the_sites_own_settings_show(home, forgotten):
    assert forgotten(lambda: Site.objects.create(hostname="mot-cua.example", root_page=home)) == 1


def test_a_batch_moves_the_generation_on_once(procedure, centre, forgotten):
    def batch() -> None:
        for number in range(5):
            Field.objects.create(slug=f"field-{number}", name_vi="Lĩnh vực")
        catalogue_changed.send(sender=Procedure, codes=[procedure.code])

    assert forgotten(batch) == 1


def test_what_was_rolled_back_changes_nothing(forgotten):
    def fail() -> None:
        with pytest.raises(ValueError, match="no"), transaction.atomic():
            Field.objects.create(slug="dat-dai", name_vi="Đất đai")
            raise ValueError("no")

    assert forgotten(fail) == 0


def test_a_change_after_a_rolled_back_one_still_shows(forgotten):
    def fail_and_go_on() -> None:
        with pytest.raises(ValueError, match="no"), transaction.atomic():
            Field.objects.create(slug="dat-dai", name_vi="Đất đai")
            raise ValueError("no")
        Field.objects.create(slug="ho-tich", name_vi="Hộ tịch")

    assert forgotten(fail_and_go_on) == 1


WEDNESDAY = dt.date(2026, 11, 25)


def local(hour: int, minute: int = 0, day: dt.date = WEDNESDAY) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), ZONE)


@pytest.fixture
def hours(centre) -> None:
    OpeningHours.objects.create(centre=centre, weekday=2, opens=dt.time(7, 30), closes=dt.time(11, 30))
    OpeningHours.objects.create(centre=centre, weekday=2, opens=dt.time(13), closes=dt.time(17))


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (local(6), local(7, 30)),
        (local(7, 30), local(11, 30)),
        (local(12), local(13)),
        (local(17), local(0, day=dt.date(2026, 11, 26))),
        (local(8, day=dt.date(2026, 11, 26)), local(0, day=dt.date(2026, 11, 27))),
    ],
)
def test_pages_change_with_the_doors_and_at_midnight(hours, now, change):
    assert expiry.next_change(now) == expiry.next_change(now.astimezone(dt.UTC)) == change


def test_pages_change_when_an_urgent_notice_begins_and_ends(home):
    section = home.add_child(instance=SectionPage(title="Tin", slug="tin"))
    section.add_child(
        instance=NoticePage(title="Bão", slug="bao", is_urgent=True, starts_at=local(9), ends_at=local(21, 15))
    )
    assert expiry.next_change(local(8)) == local(9)
    assert expiry.next_change(local(9)) == local(21, 15)
    assert expiry.next_change(local(21, 15)) == local(0, day=dt.date(2026, 11, 26))


def test_the_next_change_costs_two_queries(hours, django_assert_num_queries):
    with django_assert_num_queries(2):
        expiry.next_change(timezone.now())
