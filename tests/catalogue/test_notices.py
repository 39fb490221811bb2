"""Notices and closings on the editors' side: who may, four eyes, equal figures, the short way, the hours of a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from catalogue import closing, figures, opening
from catalogue import models as m
from catalogue.editing.four_eyes import NotApprovedError
from catalogue.models.notices import UnequalFiguresError, unequal_figures
from catalogue.notices.closing import Closing, draft_closing
from catalogue.notices.wording import REASONS, texts
from tests import factories
from tests.catalogue.editing_cast import Cast
from tests.publishing import publish

pytestmark = pytest.mark.django_db

SCREEN = "/cms/catalogue-close-centre/"
MONDAY = dt.date(2026, 11, 30)
MORNING, AFTERNOON = (dt.time(7, 30), dt.time(11, 30)), (dt.time(13, 30), dt.time(17))
STRANGERS = ("clerk", "expired", "coming", "unposted")


def days_on(number: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=number)


def sent(cast: Cast, **change: Any) -> dict[str, Any]:
    """Return what a browser sends to close the ward's centre in two days."""
    asked = {"place": str(cast.rows[m.Centre].pk), "day": f"{days_on(2):%Y-%m-%d}", "reason": "power"}
    return {**asked, "start": "", "end": "", "own_reason": "", **change}


# What a day is like: the rule of closures with times, of points and of every centre.


def hours(*, point: int | None = None, weekday: int = 0) -> list[m.OpeningHours]:
    return [
        m.OpeningHours(weekday=weekday, opens=opens, closes=closes, point_id=point)
        for opens, closes in (MORNING, AFTERNOON)
    ]


def shut(*, is_open: bool = False, point: int | None = None, span: Any = (None, None), why: str = "") -> m.Closure:
    times = {"from_time": span[0], "until_time": span[1]}
    return m.Closure(starts_on=MONDAY, ends_on=MONDAY, is_open=is_open, point_id=point, reason=why, **times)


def at(hour: int, minute: int = 0) -> dt.time:
    return dt.time(hour, minute)


@pytest.mark.parametrize(
    ("closures", "spans"),
    [
        ([], (MORNING, AFTERNOON)),
        ([shut()], ()),
        ([shut(span=MORNING)], (AFTERNOON,)),
        ([shut(span=(at(9), at(10)))], ((at(7, 30), at(9)), (at(10), at(11, 30)), AFTERNOON)),
        ([shut(span=(at(11), at(14)))], ((at(7, 30), at(11)), (at(14), at(17)))),
        ([shut(span=(at(7), at(18)))], ()),
        ([shut(span=(at(18), at(19)))], (MORNING, AFTERNOON)),
        ([shut(span=MORNING), shut()], ()),
        ([shut(is_open=True, span=(at(8), at(10)))], ((at(8), at(10)),)),
        ([shut(), shut(is_open=True)], (MORNING, AFTERNOON)),
        # A point: its own is stronger than its centre's.
        ([shut(), shut(is_open=True, point=7)], (MORNING, AFTERNOON)),
        ([shut(is_open=True), shut(point=7)], ()),
        ([shut(is_open=True), shut(point=7, span=MORNING)], (AFTERNOON,)),
        ([shut(span=MORNING), shut(point=7, span=AFTERNOON)], ()),
    ],
)
def test_the_spans_of_a_day_that_is_shut_in_part(closures, spans):
    assert opening.hours_on(MONDAY, hours(point=7), closures).spans == spans


def test_a_day_says_what_shuts_it_and_only_that():
    cut = shut(span=(at(9), at(10)), why="Mất điện")
    day = opening.hours_on(MONDAY, hours(), [cut, shut(span=(at(18), at(19)), why="Buổi tối")])
    assert day.closures == (cut,)
    assert day.reason == ""
    assert opening.hours_on(MONDAY, hours(), [shut(why="Ngập")]).reason == "Ngập"
    assert opening.hours_on(MONDAY, hours(), [shut(span=(at(7), at(18)), why="Ngập")]).reason == "Ngập"


def test_a_holiday_stays_one_beside_a_closed_hour():
    day = dt.date(2026, 9, 2)
    partly = m.Closure(starts_on=day, ends_on=day, from_time=at(9), until_time=at(10))
    found = opening.hours_on(day, hours(weekday=day.weekday()), [partly])
    assert found.spans == ()
    assert found.reason


def test_next_change_meets_the_borders_of_a_closed_hour():
    cut = shut(span=(at(9), at(10)))
    moment = dt.datetime.combine(MONDAY, at(8), opening.ZONE)
    assert opening.is_open(moment, hours(), [cut])
    assert opening.next_change(moment, hours(), [cut]) == moment.replace(hour=9)
    assert not opening.is_open(moment.replace(hour=9, minute=30), hours(), [cut])
    assert opening.next_change(moment.replace(hour=9), hours(), [cut]) == moment.replace(hour=10)


def test_a_notice_shuts_its_centre_a_point_or_every_centre():
    centre, other = factories.CentreFactory(), factories.CentreFactory()
    point = m.ServicePoint.objects.create(centre=centre, kind="help", name_vi="Điểm")
    factories.NoticeFactory(centre=centre, closes_on=MONDAY, closes_from=at(8), closes_until=at(9))
    factories.NoticeFactory(centre=centre, point=point, closes_on=MONDAY)
    factories.NoticeFactory(closes_on=MONDAY)
    factories.NoticeFactory(closes_on=MONDAY, draft=True)
    factories.NoticeFactory(centre=centre, closes_on=MONDAY - dt.timedelta(days=1))
    found = closing.closures_of(centre, MONDAY)
    assert sorted((each.point_id or 0, each.from_time is None) for each in found) == [
        (0, False),
        (0, True),
        (point.pk, True),
    ]
    assert len(closing.at_point(found, None)) == 2
    assert len(closing.at_point(found, point.pk)) == 3
    assert len(closing.closures_of(other, MONDAY)) == 1


# What a row may hold.


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_at": timezone.now() - dt.timedelta(days=2)},
        {"closes_on": MONDAY, "closes_from": at(9)},
        {"closes_on": MONDAY, "closes_until": at(9)},
        {"closes_on": MONDAY, "closes_from": at(9), "closes_until": at(9)},
        {"closes_from": at(8), "closes_until": at(9)},
        {"title_vi": ""},
        {"title_vi": None},
    ],
)
def test_the_database_refuses_what_makes_no_sense(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.NoticeFactory(**wrong)


@pytest.mark.parametrize(
    "times", [{"from_time": at(9)}, {"until_time": at(9)}, {"from_time": at(9), "until_time": at(8)}]
)
def test_a_closure_has_both_times_or_none(times):
    with pytest.raises(IntegrityError), transaction.atomic():
        m.Closure.objects.create(centre=factories.CentreFactory(), starts_on=MONDAY, ends_on=MONDAY, **times)


def test_a_point_belongs_to_the_notices_centre():
    point = m.ServicePoint.objects.create(centre=factories.CentreFactory(), kind="help", name_vi="Điểm")
    notice = factories.NoticeFactory.build(centre=factories.CentreFactory(), point=point, closes_on=MONDAY)
    assert "point" in refused(notice)


def refused(notice: m.Notice) -> dict[str, Any]:
    with pytest.raises(ValidationError) as error:
        notice.clean()
    return error.value.message_dict


# Figures.


def test_translations_with_other_figures_are_named_by_column():
    notice = m.Notice(title_vi="Đóng cửa ngày 30/11/2026", title_en="Closed on 30 November 2026", title_ja="休み")
    assert list(unequal_figures(notice)) == ["title_ja"]
    notice.title_ja = ""
    assert unequal_figures(notice) == {}


@pytest.mark.parametrize(
    ("text", "equal"),
    [
        ("on 30 November 2026", True),
        ("2026年11月30日", True),
        ("on 30 October 2026", False),
        ("You may bring 30 of 2026, 11", True),
        ("in November 2026, the 30th", False),
    ],
)
def test_an_english_month_counts_as_its_number(text, equal):
    assert figures.are_equal("ngày 30/11/2026", text) is equal


def test_a_notice_with_other_figures_is_not_published_by_anybody(cast, client: Client):
    notice = cast.rows[m.Notice]
    draft = notice.get_latest_revision_as_object()
    draft.text_vi, draft.text_en = "Gọi 0236 3881 888", "Call 0236 3881 889"
    with pytest.raises(ValidationError, match="889"):
        draft.save_revision(user=cast.editor)
    # Whatever writes a draft without asking: it isn't published all the same.
    draft.save_revision(user=cast.editor, clean=False)
    anew = m.Notice.objects.get(pk=notice.pk)
    with pytest.raises(UnequalFiguresError, match="889"):
        anew.latest_revision.publish(user=cast.publisher)
    anew.get_workflow().start(anew, cast.editor)
    step = anew.current_workflow_task_state
    client.force_login(cast.publisher)
    address = reverse(m.Notice.snippet_viewset.get_url_name("workflow_action"), args=[anew.pk, "approve", step.pk])
    said = client.post(address, follow=True).content.decode()
    assert "889" in said
    assert m.Notice.objects.get(pk=notice.pk).text_vi in (None, "")
    step.refresh_from_db()
    assert step.status == "in_progress"


# The sentences.


@pytest.mark.parametrize("span", [None, (at(7, 30), at(11, 30))])
@pytest.mark.parametrize("reason", ["", *REASONS])
def test_the_sentences_of_every_language_hold_the_same_figures(span, reason):
    centre = factories.CentreFactory(name_vi="Trung tâm số 3", name_en="Centre No. 3")
    found = texts(centre, None, MONDAY, span, reason=reason)
    notice = m.Notice(**found)
    assert unequal_figures(notice) == {}
    assert found["title_en"].startswith("Centre No. 3: closed on 30 November 2026")
    assert "30/11/2026" in found["title_vi"]
    assert all(found[f"title_{suffix}"] and found[f"text_{suffix}"] for suffix in ("vi", "en", "zh_hans", "ko", "ja"))
    if reason:
        reasons = [found[f"reason_{suffix}"] for suffix in ("vi", "en", "zh_hans", "ko", "ja")]
        assert len(set(reasons)) == 5
    assert len({found[f"text_{suffix}"] for suffix in ("vi", "en", "zh_hans", "ko", "ja")}) == 5


def test_own_words_stay_vietnamese_and_a_long_name_fits():
    centre = factories.CentreFactory(name_vi="Trung tâm " + "rất dài " * 35)
    point = m.ServicePoint.objects.create(centre=centre, kind="help", name_vi="Điểm " + "cũng dài " * 30)
    found = texts(centre, point, MONDAY, MORNING, own_reason="Bão số 13")
    assert found["reason_vi"] == "Bão số 13"
    assert found["reason_en"] == ""
    assert all(len(found[f"title_{suffix}"]) <= 300 for suffix in ("vi", "en", "zh_hans", "ko", "ja"))
    assert unequal_figures(m.Notice(**found)) == {}


# The screen.


def test_one_short_form_drafts_what_a_second_person_approves(cast, client: Client):
    centre = cast.rows[m.Centre]
    client.force_login(cast.editor)
    response = client.post(SCREEN, sent(cast), follow=True)
    assert "publisher" in response.content.decode()
    notice = m.Notice.objects.get(closes_on=days_on(2))
    assert (notice.live, notice.centre, notice.level) == (False, centre, "information")
    assert notice.reason_en == "power cut"
    assert response.redirect_chain[-1][0].endswith(f"/notice/edit/{notice.pk}/")
    assert closing.closures_of(centre, days_on(2)) == []
    with pytest.raises(NotApprovedError):
        notice.latest_revision.publish(user=cast.editor)
    step = notice.current_workflow_task_state
    client.force_login(cast.publisher)
    client.post(reverse(m.Notice.snippet_viewset.get_url_name("workflow_action"), args=[notice.pk, "approve", step.pk]))
    notice = m.Notice.objects.get(pk=notice.pk)
    assert notice.live
    assert notice.is_in_force(timezone.now())
    [shut_then] = closing.closures_of(centre, days_on(2))
    assert (shut_then.starts_on, shut_then.from_time) == (days_on(2), None)
    # The draft of the centre itself wasn't touched: a colleague's work there goes on.
    assert not m.Centre.objects.get(pk=centre.pk).has_unpublished_changes


def test_today_and_tomorrow_are_urgent_and_it_ends_with_the_closing(cast):
    now = timezone.now()
    for number, level in ((0, "urgent"), (1, "urgent"), (2, "information")):
        what = Closing(cast.rows[m.Centre], None, days_on(number), None)
        notice = draft_closing(what, by=cast.editor, at=now)
        assert notice.level == level
        assert notice.ends_at == dt.datetime.combine(days_on(number + 1), dt.time.min, opening.ZONE)
    what = Closing(cast.rows[m.Centre], None, days_on(3), AFTERNOON, own_reason="Bão")
    notice = draft_closing(what, by=cast.editor, at=now)
    assert notice.ends_at == dt.datetime.combine(days_on(3), at(17), opening.ZONE)
    assert (notice.closes_from, notice.closes_until) == AFTERNOON


def test_the_draft_keeps_all_languages_whichever_the_editor_uses(cast):
    with translation.override("en"):
        what = Closing(cast.rows[m.Centre], None, days_on(2), None, reason="storm")
        notice = draft_closing(what, by=cast.editor, at=timezone.now())
        again = m.Notice.objects.get(pk=notice.pk).get_latest_revision_as_object()
    assert "đóng cửa" in again.title_vi
    assert "closed on" in again.title_en
    assert again.reason_vi == "bão, lũ"


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_opens_nothing(who, cast, client: Client):
    client.force_login(cast.people[who])
    before = m.Notice.objects.count()
    for method in (client.get, client.post):
        response = method(SCREEN, sent(cast))
        # Who isn't in the admin at all is led to the log-in, who is gets a refusal.
        assert response.status_code in (302, 403)
        assert "Cẩm Lệ" not in response.content.decode()
    assert m.Notice.objects.count() == before


@pytest.mark.parametrize("who", ["neighbour_editor", "neighbour_publisher"])
def test_a_neighbour_is_offered_only_their_own(who, cast, client: Client):
    client.force_login(cast.people[who])
    assert "Cẩm Lệ" not in client.get(SCREEN).content.decode()
    before = m.Notice.objects.count()
    assert client.post(SCREEN, sent(cast)).status_code == 422
    assert client.post(SCREEN, sent(cast, place="all")).status_code == 422
    assert m.Notice.objects.count() == before


def test_only_the_province_closes_every_centre(cast, client: Client):
    client.force_login(cast.editor)
    assert client.post(SCREEN, sent(cast, place="all")).status_code == 422
    client.force_login(cast.top_editor)
    assert client.post(SCREEN, sent(cast, place="all")).status_code == 302
    notice = m.Notice.objects.get(closes_on=days_on(2))
    assert notice.centre is None
    assert notice.title_en.startswith("All centres of thành phố Đà Nẵng: closed on")
    day = timezone.localdate()
    assert not m.Notice.objects.approvable_by(cast.publisher, day).filter(pk=notice.pk).exists()
    assert m.Notice.objects.approvable_by(cast.top_publisher, day).filter(pk=notice.pk).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"day": "hôm nay"}, "day"),
        ({"day": ""}, "day"),
        ({"day": "2020-01-02"}, "day"),
        ({"day": "2126-01-02"}, "day"),
        ({"start": "8:00"}, "end"),
        ({"end": "8:00"}, "start"),
        ({"start": "8h", "end": "9:00"}, "start"),
        ({"start": "10:00", "end": "9:00"}, "end"),
        ({"place": ""}, "place"),
        ({"place": "999999"}, "place"),
        ({"reason": "không có"}, "reason"),
        ({"own_reason": "x" * 201}, "own_reason"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_what_was_typed_is_kept(change, field, cast, client: Client):
    client.force_login(cast.editor)
    before = m.Notice.objects.count()
    typed = sent(cast, **{"own_reason": "Lý do đã gõ", **change})
    response = client.post(SCREEN, typed)
    assert response.status_code == 422
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.find(id=f"id_{field}_error").text.strip()
    assert soup.find(id=f"id_{field}")["aria-invalid"] == "true"
    assert soup.find(id="id_own_reason")["value"] == typed["own_reason"]
    assert m.Notice.objects.count() == before


def test_sending_twice_makes_one_and_leads_to_it(cast, client: Client):
    client.force_login(cast.editor)
    assert client.post(SCREEN, sent(cast)).status_code == 302
    again = client.post(SCREEN, sent(cast))
    assert again.status_code == 422
    notice = m.Notice.objects.get(closes_on=days_on(2))
    assert f"/notice/edit/{notice.pk}/" in again.content.decode()
    # Another part of the day is another closing.
    assert client.post(SCREEN, sent(cast, start="8:00", end="9:00")).status_code == 302


def test_a_day_without_hours_is_mentioned(cast, client: Client):
    client.force_login(cast.editor)
    words = "dù sao cũng không mở cửa"
    said = client.post(SCREEN, sent(cast), follow=True).content.decode()
    assert words in said
    for weekday in range(7):
        m.OpeningHours.objects.create(centre=cast.rows[m.Centre], weekday=weekday, opens=at(7), closes=at(11))
    said = client.post(SCREEN, sent(cast, day=f"{days_on(9):%Y-%m-%d}"), follow=True).content.decode()
    assert words not in said


def test_the_lists_lead_to_the_short_way(cast, client: Client):
    client.force_login(cast.editor)
    for model in (m.Notice, m.Centre):
        assert SCREEN in client.get(reverse(model.snippet_viewset.get_url_name("list"))).content.decode()


def test_notices_are_found_with_and_without_marks(cast, client: Client):
    publish(factories.NoticeFactory(title_vi="Cầu đóng vì bão"))
    client.force_login(cast.top_editor)
    listed = reverse(m.Notice.snippet_viewset.get_url_name("list"))
    for words in ("bão", "bao", "cau dong"):
        assert "Cầu đóng vì bão" in client.get(listed, {"q": words}).content.decode()
    assert "Cầu đóng vì bão" not in client.get(listed, {"q": "lu"}).content.decode()
    assert "Cầu đóng vì bão" not in client.get(listed, {"level": "information"}).content.decode()


def test_the_list_spends_few_queries(cast, client: Client, django_assert_max_num_queries):
    factories.NoticeFactory.create_batch(60, centre=cast.rows[m.Centre])
    client.force_login(cast.editor)
    listed = reverse(m.Notice.snippet_viewset.get_url_name("list"))
    client.get(listed)
    with django_assert_max_num_queries(25):
        client.get(listed)
