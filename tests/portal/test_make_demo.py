"""What only the demo has: refused elsewhere, made once, marked «DEMO», its log-ins readable by their owner alone."""

from __future__ import annotations

import stat
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from catalogue.loading.agencies import PROVINCE_COMMITTEE
from catalogue.models import Centre, Hotline, OpeningHours, Posting, ServicePoint
from portal.models import NoticePage, User
from portal.site import building
from portal.site.accounts import FILE, POSTS
from portal.site.plan import planned_pages
from tests import factories

pytestmark = pytest.mark.usefixtures("by_a_rule")

LANGUAGES = [code for code, _name in django_settings.LANGUAGES]
COLUMNS = [code.replace("-", "_") for code in LANGUAGES]


def run(name: str = "make_demo") -> str:
    out = StringIO()
    call_command(name, stdout=out)
    return out.getvalue()


@pytest.fixture
def catalogue(db) -> Centre:
    """The agency that the hotline belongs to, and the centre of the help point."""
    committee = factories.RoleFactory(code=PROVINCE_COMMITTEE)
    factories.AgencyFactory(role=committee, kind="peoples_committee", name_vi="Ủy ban nhân dân thành phố Đà Nẵng")
    return factories.CentreFactory(slug="phuong-cam-le")


@pytest.fixture
def pages(db, settings, monkeypatch) -> None:
    """The pages that the demo's rows stand on: a whole site takes seconds."""
    settings.DEMO = True
    factories.ProvinceFactory()
    few = [plan for plan in planned_pages() if plan.key in ("home", "notices")]
    monkeypatch.setattr(building, "planned_pages", lambda: few)
    run("make_site")


@pytest.fixture
def demo(catalogue: Centre, pages) -> str:
    return run()


def test_it_is_refused_where_there_is_no_demo(catalogue, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        run()
    assert not User.objects.exists()
    assert not Hotline.objects.exists()
    assert not (Path(settings.VAR_DIR) / FILE).exists()


def test_without_pages_it_says_what_to_do_first(catalogue, settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="make_site"):
        run()
    assert not User.objects.exists()


def test_everything_it_makes_is_marked_and_in_every_language(demo, client: Client):
    notices = NoticePage.objects.filter(live=True, is_urgent=True, ends_at=None)
    assert sorted(notices.values_list("locale__language_code", flat=True)) == sorted(LANGUAGES)
    point, hotline = ServicePoint.objects.get(), Hotline.objects.get()
    texts = [notice.title for notice in notices]
    texts += [getattr(point, f"name_{column}") for column in COLUMNS]
    texts += [getattr(hotline, f"label_{column}") for column in COLUMNS]
    assert [text for text in texts if not text.startswith("DEMO")] == []
    assert len(set(texts)) == 3 * len(LANGUAGES)
    assert (hotline.phone, hotline.is_round_the_clock, hotline.live) == ("0236 0000 000", True, True)
    for language in LANGUAGES:
        html = client.get(f"/{language}/").content.decode()
        notice = notices.get(locale__language_code=language)
        assert notice.title in html and notice.url_path in html
        assert getattr(hotline, f"label_{language.replace('-', '_')}") in html


def test_the_point_has_its_hours_and_the_editors_form_shows_them(demo, catalogue):
    point = ServicePoint.objects.get(centre=catalogue, kind="help")
    spans = [(row.weekday, f"{row.opens:%H:%M}", f"{row.closes:%H:%M}") for row in point.hours.all()]
    assert spans == [(day, *span) for day in range(5) for span in (("07:30", "11:30"), ("13:30", "17:00"))]
    centre = Centre.objects.get(pk=catalogue.pk)
    assert centre.latest_revision_id == centre.live_revision_id
    centre.get_latest_revision_as_object().save_revision().publish()
    assert ServicePoint.objects.get().pk == point.pk
    assert OpeningHours.objects.filter(point=point).count() == 10


def test_the_second_run_makes_nothing_and_keeps_what_an_editor_changed(demo):
    ServicePoint.objects.update(name_vi="DEMO – Bàn hỗ trợ")
    Hotline.objects.update(phone="0236 1111 111")
    OpeningHours.objects.filter(weekday=4).delete()
    passwords = list(User.objects.values_list("username", "password"))
    assert run().startswith("0 created, 7 already there\n")
    assert ServicePoint.objects.get().name_vi == "DEMO – Bàn hỗ trợ"
    assert Hotline.objects.get().phone == "0236 1111 111"
    assert OpeningHours.objects.count() == 8
    assert list(User.objects.values_list("username", "password")) == passwords


def test_a_centre_with_an_open_draft_is_left_alone(catalogue, pages):
    catalogue.address = "1 Lê Lợi"
    catalogue.save_revision()
    run()
    assert not ServicePoint.objects.exists()


def test_the_rows_are_right_whatever_language_is_active(catalogue, pages):
    with translation.override("ko"):
        run()
    centre = Centre.objects.get()
    assert centre.name_vi.startswith("Trung tâm")
    assert not centre.name_ko


def test_the_log_ins_are_printed_kept_for_their_owner_and_work(demo, settings, client: Client):
    path = Path(settings.VAR_DIR) / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = path.read_text().splitlines()
    assert [line.partition(": ")[0] for line in lines] == ["admin", "editor", "editor-2", "editor-ward", "approver"]
    for line in lines:
        name, _colon, password = line.partition(": ")
        assert line in demo
        assert len(password) >= 16
        assert client.login(username=name, password=password)
        # Without a ward's centre, as here, the ward's editor has no post, and so opens nothing.
        assert client.get("/cms/").status_code == (302 if name == "editor-ward" else 200)
    assert User.objects.get(username="admin").is_superuser
    assert not User.objects.filter(is_superuser=True).exclude(username="admin").exists()
    posts = {post.user.username: (post.role, post.agency.name_vi) for post in Posting.objects.select_related("user")}
    committee = "Ủy ban nhân dân thành phố Đà Nẵng"
    assert posts == {name: (role, committee) for name, role in POSTS.items() if name != "editor-ward"}


def test_an_account_whose_password_is_lost_gets_a_new_one(demo, settings, client: Client):
    path = Path(settings.VAR_DIR) / FILE
    old = path.read_text()
    path.unlink()
    run()
    assert set(path.read_text().splitlines()).isdisjoint(old.splitlines())
    assert client.login(username="editor", password=path.read_text().splitlines()[1].partition(": ")[2])


def test_the_editor_edits_and_publishes_pages_and_only_drafts_rows(demo, client: Client):
    client.force_login(User.objects.get(username="editor"))
    notice = NoticePage.objects.first()
    assert notice.permissions_for_user(User.objects.get(username="editor")).can_publish()
    for address in (
        reverse("wagtailadmin_pages:edit", args=[notice.pk]),
        reverse("wagtailimages:add"),
        reverse("wagtaildocs:add"),
        reverse(Centre.snippet_viewset.get_url_name("list")),
    ):
        assert client.get(address).status_code == 200, address
    assert not User.objects.get(username="editor").has_perm("catalogue.publish_centre")
