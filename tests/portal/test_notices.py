"""Notices and closings as readers see them: on which pages, in which language, until when, out of the cache."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from catalogue import opening
from catalogue.models import Closure, OpeningHours, ServicePoint
from portal import expiry, generation
from portal.views import preview
from tests.factories import CentreFactory, CommuneFactory, NoticeFactory, ProcedureFactory, ProvinceFactory
from tests.publishing import publish

MONDAY = dt.datetime(2026, 11, 30, 8, 0, tzinfo=opening.ZONE)
PAGES = (
    "/vi/",
    "/en/procedures/",
    "/ko/centres/",
    "/ja/hotlines/",
    "/zh-hans/places/",
    "/vi/tracking/",
    "/en/statistics/",
)
LANGUAGES = ("vi", "en", "zh_hans", "ko", "ja")


def in_all(column: str, value: str) -> dict[str, str]:
    return {f"{column}_{suffix}": f"{value} {suffix}" for suffix in LANGUAGES}


def told(html: str) -> list[str]:
    """Return what the notices above a page say."""
    aside = BeautifulSoup(html, "html.parser").find("aside", class_="notices")
    return [" ".join(note.stripped_strings) for note in aside.find_all(class_="note")] if aside else []


def open_weekdays(centre, **kwargs):
    for weekday in range(5):
        for opens, closes in ((dt.time(7, 30), dt.time(11, 30)), (dt.time(13), dt.time(17))):
            OpeningHours.objects.create(centre=centre, weekday=weekday, opens=opens, closes=closes, **kwargs)


@pytest.mark.parametrize("address", PAGES)
def test_the_provinces_notice_stands_on_every_page_in_its_language(address, read):
    NoticeFactory(**in_all("title", "Bão"))
    suffix = address.split("/")[1].replace("-", "_")
    [note] = told(read(address))
    assert f"Bão {suffix}" in note


def test_not_found_pages_carry_it_too(client: Client, site):
    NoticeFactory(title_vi="Bão")
    assert told(client.get("/vi/khong-co/").content.decode())


def test_it_stands_in_a_landmark_of_its_own_before_the_page(read):
    NoticeFactory(title_vi="Bão", title_en="Storm", level="urgent")
    NoticeFactory(title_vi="Hệ thống bảo trì", level="information", link="https://example.com/bao-tri")
    soup = BeautifulSoup(read("/en/"), "html.parser")
    aside = soup.find("aside", class_="notices")
    assert aside["aria-label"] == "Notices"
    assert aside.parent.name == "body"
    assert aside.find_next_sibling().name == "main"
    urgent, plain = aside.find_all(class_="note")
    assert "Urgent notice: Storm" in " ".join(urgent.stripped_strings)
    assert "info" not in urgent["class"]
    assert "info" in plain["class"]
    # Without a translation the Vietnamese stands, and says that it is.
    assert plain.find("span", string="Hệ thống bảo trì")["lang"] == "vi"
    assert plain.find("a")["href"] == "https://example.com/bao-tri"


@pytest.mark.parametrize(
    "trait",
    [
        {"draft": True},
        {"over": True},
        {"starts_at": timezone.now() + dt.timedelta(hours=1)},
    ],
)
def test_a_draft_one_that_is_over_and_one_to_come_are_not_there(trait, read):
    NoticeFactory(title_vi="Bão", **trait)
    assert told(read("/vi/")) == []


def test_a_centres_notice_stands_where_that_centre_is_meant(read):
    centre = CentreFactory(slug="phuong-cam-le", place=CommuneFactory(name="Phường Cẩm Lệ"))
    ProcedureFactory(code="1.5", with_channels=True)
    NoticeFactory(title_vi="Chuyển quầy sang tầng 2", centre=centre)
    assert told(read("/vi/")) == []
    assert told(read("/vi/thu-tuc/1.5/")) == []
    for address in (
        "/vi/trung-tam/phuong-cam-le/",
        "/vi/thu-tuc/1.5/?centre=phuong-cam-le",
        "/vi/thu-tuc/?centre=phuong-cam-le",
    ):
        path, _mark, query = address.partition("?centre=")
        [note] = told(read(path, **({"centre": query} if query else {})))
        assert "tầng 2" in note
    other = CentreFactory(slug="phuong-hai-chau")
    assert told(read(f"/vi/trung-tam/{other.slug}/")) == []
    item = BeautifulSoup(read("/vi/trung-tam/"), "html.parser").find("a", href="/vi/trung-tam/phuong-cam-le/")
    assert "tầng 2" in item.find_parent("li").text


def test_a_notice_of_another_provinces_or_an_unpublished_centre_stays_out(read):
    elsewhere = ProvinceFactory(code="31", name="Thành phố Hải Phòng")
    NoticeFactory(title_vi="Ở Hải Phòng", centre=CentreFactory(place=elsewhere, province=elsewhere, level="province"))
    NoticeFactory(title_vi="Trung tâm còn kín", centre=CentreFactory(draft=True))
    html = read("/vi/trung-tam/")
    assert "Ở Hải Phòng" not in html
    assert "Trung tâm còn kín" not in html


def test_words_of_an_editor_are_no_markup(read):
    NoticeFactory(title_vi="<script>alert(1)</script>", text_vi="<b>x</b>\n<i>y</i>")
    html = read("/vi/")
    assert "<script>alert" not in html
    assert "&lt;b&gt;x&lt;/b&gt;<br>" in html


# Closings.


def test_a_whole_day_shows_in_the_status_the_week_and_the_list(read, monkeypatch):
    centre = CentreFactory(slug="phuong-cam-le")
    open_weekdays(centre)
    NoticeFactory(
        centre=centre,
        closes_on=MONDAY.date(),
        starts_at=MONDAY - dt.timedelta(days=1),
        ends_at=MONDAY + dt.timedelta(days=1),
        title_vi="Đóng cửa",
        reason_vi="mất điện",
        reason_en="power cut",
    )
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)
    html = read("/en/centres/phuong-cam-le/")
    assert "<b>Closed</b><small>Because: power cut</small><small>Opens 7:30" in html
    assert "Closed: power cut" in html
    assert '<span lang="vi">mất điện</span>' in read("/ja/centres/phuong-cam-le/")
    item = (
        BeautifulSoup(read("/en/centres/"), "html.parser")
        .find("a", href="/en/centres/phuong-cam-le/")
        .find_parent("li")
    )
    assert "Closed today : power cut" in " ".join(item.stripped_strings)
    # Said once: the notice itself isn't repeated below it.
    assert "Đóng cửa" not in item.text


def test_a_centre_without_hours_is_known_to_be_shut_all_the_same(read, monkeypatch):
    centre = CentreFactory(slug="phuong-cam-le")
    part = {"closes_on": MONDAY.date(), "closes_from": dt.time(7), "closes_until": dt.time(9)}
    NoticeFactory(centre=centre, reason_en="power cut", **part)
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)
    assert "<b>Closed</b><small>Because: power cut</small>" in read("/en/centres/phuong-cam-le/")
    monkeypatch.setattr(timezone, "now", lambda: MONDAY.replace(hour=10))
    assert "<b>Closed</b>" not in read("/en/centres/phuong-cam-le/")


def test_a_part_of_the_day_closes_then_and_says_until_when(read, monkeypatch):
    centre = CentreFactory(slug="phuong-cam-le")
    open_weekdays(centre)
    day = MONDAY.date()
    Closure.objects.create(
        centre=centre, starts_on=day, ends_on=day, from_time=dt.time(9), until_time=dt.time(10), reason="Họp"
    )
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)
    html = read("/en/centres/phuong-cam-le/")
    assert "<b>Open</b><small>Closes 9:00" in html
    assert '<span class="num">7:30–9:00</span>, <span class="num">10:00–11:30</span>' in html
    monkeypatch.setattr(timezone, "now", lambda: MONDAY.replace(hour=9, minute=30))
    html = read("/en/centres/phuong-cam-le/")
    assert '<b>Closed</b><small>Because: <span lang="vi">Họp</span></small><small>Opens 10:00' in html
    monkeypatch.setattr(timezone, "now", lambda: MONDAY.replace(hour=12))
    assert "<b>Closed</b><small>Opens 13:00" in read("/en/centres/phuong-cam-le/")


def test_closing_the_centre_closes_its_points_and_a_point_only_itself(read, monkeypatch):
    centre = CentreFactory(slug="phuong-cam-le")
    point = ServicePoint.objects.create(centre=centre, kind="help", name_vi="Nhà văn hóa")
    open_weekdays(centre)
    open_weekdays(centre, point=point)
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)
    assert read("/en/centres/phuong-cam-le/").count("<b>Open</b>") == 2
    notice = NoticeFactory(centre=centre, point=point, closes_on=MONDAY.date(), reason_vi="Sửa chữa")
    html = read("/en/centres/phuong-cam-le/")
    assert html.count("<b>Open</b>") == 1
    assert '(<span lang="vi">Nhà văn hóa</span>)' in html
    assert "Closed today" not in read("/en/centres/")
    type(notice).objects.filter(pk=notice.pk).update(point=None)
    assert read("/en/centres/phuong-cam-le/").count("<b>Open</b>") == 0


def test_every_centre_is_closed_by_the_provinces_notice_but_one_that_opens_all_the_same(read, monkeypatch):
    centres = [CentreFactory(slug=slug) for slug in ("phuong-mot", "phuong-hai")]
    for centre in centres:
        open_weekdays(centre)
    day = MONDAY.date()
    NoticeFactory(
        closes_on=day, reason_vi="Bão", starts_at=MONDAY - dt.timedelta(days=1), ends_at=MONDAY + dt.timedelta(days=1)
    )
    Closure.objects.create(centre=centres[1], starts_on=day, ends_on=day, is_open=True)
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)
    assert "<b>Closed</b>" in read("/en/centres/phuong-mot/")
    assert "<b>Open</b>" in read("/en/centres/phuong-hai/")
    assert read("/en/centres/").count("Closed today") == 1


def test_machines_read_the_hours_and_what_shuts_them_this_week(read, monkeypatch):
    centre = CentreFactory(slug="phuong-cam-le", phone="0236 3674 174")
    open_weekdays(centre)
    NoticeFactory(centre=centre, closes_on=MONDAY.date(), closes_from=dt.time(7), closes_until=dt.time(12))
    NoticeFactory(centre=centre, closes_on=MONDAY.date() + dt.timedelta(days=1), reason_vi="</script>")
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)
    html = read("/en/centres/phuong-cam-le/")
    data = json.loads(BeautifulSoup(html, "html.parser").find("script", type="application/ld+json").string)
    assert data["@type"] == "GovernmentOffice"
    assert data["url"].endswith("/en/centres/phuong-cam-le/")
    assert len(data["openingHoursSpecification"]) == 10
    special = [(each["validFrom"], each["opens"], each["closes"]) for each in data["specialOpeningHoursSpecification"]]
    assert special == [("2026-11-30", "13:00", "17:00"), ("2026-12-01", "00:00", "00:00")]


def test_machines_are_told_nothing_that_is_not_published(read):
    CentreFactory(slug="phuong-cam-le", without_address=True)
    html = read("/vi/trung-tam/phuong-cam-le/")
    data = json.loads(BeautifulSoup(html, "html.parser").find("script", type="application/ld+json").string)
    assert not data.keys() & {"address", "telephone", "geo", "openingHoursSpecification"}


def test_the_api_tells_closings_with_their_times(client: Client, site):
    centre = CentreFactory(slug="phuong-cam-le")
    day = timezone.localdate()
    NoticeFactory(
        centre=centre,
        closes_on=day,
        closes_from=dt.time(8),
        closes_until=dt.time(9),
        reason_vi="mất điện",
        reason_en="power cut",
    )
    [closure] = client.get("/api/v1/centres/phuong-cam-le?lang=en").json()["closures"]
    assert (closure["starts_on"], closure["from_time"], closure["until_time"]) == (f"{day:%Y-%m-%d}", "08:00", "09:00")
    assert closure["reason"] == "mất điện"
    assert closure["reason_text"]["text"] == "power cut"


def test_the_api_lists_the_notices_in_force(client: Client, site):
    centre = CentreFactory(slug="phuong-cam-le")
    NoticeFactory(title_vi="Bão", title_en="Storm", text_vi="Ở nhà")
    NoticeFactory(title_vi="Chuyển quầy", centre=centre, level="information")
    NoticeFactory(title_vi="Đã qua", over=True)
    NoticeFactory(title_vi="Nháp", draft=True)
    found = client.get("/api/v1/notices?lang=en").json()
    assert [row["title"]["text"] for row in found["results"]] == ["Storm", "Chuyển quầy"]
    assert [row["centre"] for row in found["results"]] == [None, "phuong-cam-le"]
    assert found["results"][0]["text"]["lang"] == "vi"


# The clock and the cache.


def local(hour: int, minute: int = 0) -> dt.datetime:
    return MONDAY.replace(hour=hour, minute=minute)


def test_pages_change_when_a_notice_begins_and_ends_and_with_a_closed_hour(site, django_assert_num_queries):
    centre = CentreFactory()
    NoticeFactory(starts_at=local(9), ends_at=local(21, 15))
    NoticeFactory(centre=centre, closes_on=MONDAY.date(), closes_from=dt.time(10), closes_until=dt.time(11),
                  starts_at=local(1), ends_at=local(23))  # fmt: skip
    day = MONDAY.date()
    Closure.objects.create(centre=centre, starts_on=day, ends_on=day, from_time=dt.time(14), until_time=dt.time(15))
    moment = local(8)
    for change in (local(9), local(10), local(11), local(14), local(15), local(21, 15), local(23)):
        assert expiry.next_change(moment) == change
        moment = change
    assert expiry.next_change(moment) == expiry.midnight(moment)
    with django_assert_num_queries(2):
        expiry.next_change(local(8))


@pytest.mark.parametrize("address", ["/vi/", "/vi/thu-tuc/", "/vi/thu-tuc/1.5/", "/en/centres/"])
def test_a_kept_page_shows_a_notice_from_its_beginning_to_its_end(
    address, site, page_cache, monkeypatch, client, django_assert_num_queries
):
    ProcedureFactory(code="1.5")
    NoticeFactory(title_vi="Bão", starts_at=local(9), ends_at=local(10))
    seen = []
    for hour, minute in ((8, 59), (9, 0), (9, 59), (10, 0)):
        moment = local(hour, minute)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        first = client.get(address).content.decode()
        with django_assert_num_queries(0):
            assert client.get(address).content.decode() == first
        seen.append(bool(told(first)))
    assert seen == [False, True, True, False]


def test_publishing_and_taking_down_make_the_kept_pages_old(site, page_cache, committing, client, by_a_rule):
    assert told(client.get("/vi/").content.decode()) == []
    with committing():
        notice = publish(NoticeFactory(title_vi="Bão", draft=True))
    assert told(client.get("/vi/").content.decode())
    with committing():
        notice.unpublish()
    assert told(client.get("/vi/").content.decode()) == []


def test_a_draft_beside_it_leaves_the_kept_pages_alone(site, page_cache, committing, client):
    notice = publish(NoticeFactory(title_vi="Bão"))
    client.get("/vi/")
    before = generation.current()
    with committing():
        draft = notice.get_latest_revision_as_object()
        draft.title_vi = "Bão lớn"
        draft.save_revision()
    assert generation.current() == before


# Preview.


@pytest.mark.parametrize("language", ["vi", "en", "zh-hans", "ko", "ja"])
def test_a_draft_is_previewed_where_it_will_stand(language, site, rf):
    suffix = language.replace("-", "_")
    whole = NoticeFactory.build(**in_all("title", "Bão"), pk=None, live=False)
    [note] = told(preview(rf.get("/"), whole, language).content.decode())
    assert f"Bão {suffix}" in note
    centre = CentreFactory(name_vi="Trung tâm Cẩm Lệ")
    open_weekdays(centre)
    closing = NoticeFactory.build(
        centre=centre,
        closes_on=timezone.localdate(),
        live=False,
        **in_all("title", "Đóng"),
        **in_all("reason", "Mất điện"),
    )
    html = preview(rf.get("/"), closing, language).content.decode()
    assert f"Đóng {suffix}" in told(html)[0]
    assert f"Mất điện {suffix}" in html
