"""Reading leaves a trace: who opened which dossier, when, and why where it isn't their own work."""

from __future__ import annotations

import datetime as dt
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from desk import actions, attaching, public
from desk.models import Dossier, DossierReading, ReadingReason, What, Why
from desk.own import AFTER_THE_END, WORK, own_post
from desk.readings import Asked, listed
from desk.tracing import SPAN, leave_traces
from tests.desk import made_files as made
from tests.desk.cast import MONDAY, ROLES, Cast, make_cast, person
from tests.desk.test_faces_intake import typed

DAY, MINUTE = dt.timedelta(1), dt.timedelta(minutes=1)
REGISTER = {"first_day": "2026-03-01", "last_day": "2026-03-31"}
MINE = "Mẹ của Lan là bạn tôi"

pytestmark = pytest.mark.django_db


class Clock:
    """The moment at which pages open."""

    at = MONDAY

    def __call__(self) -> dt.datetime:
        return self.at


@pytest.fixture
def clock(monkeypatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(timezone, "now", found)
    return found


@pytest.fixture
def as_(cast, clock, client):
    """Log a person of the cast in, at nine on a Monday."""

    def log_in(name: str):
        client.force_login(cast.people[name])
        return client

    return log_in


def why_url(dossier: Dossier, back: str = "") -> str:
    return f"{dossier.get_absolute_url()}why/" + (f"?next={back}" if back else "")


def noted(dossier: Dossier) -> list[tuple[str, str, bool, str]]:
    rows = dossier.readings.select_related("reader").order_by("pk")
    return [(row.reader.username, row.what, row.is_own, row.why) for row in rows]


def returned(cast: Cast) -> Dossier:
    dossier = cast.processing()
    result = {"outcome": "granted", "number": "1", "signed_on": MONDAY.date(), "signatory": "Lê Minh"}
    actions.finish(dossier.pk, by=cast.actor("approver"), at=MONDAY, **result)
    return actions.return_result(dossier.pk, by=cast.actor("clerk"), at=MONDAY)


# Whose own work it is


@pytest.mark.parametrize("role", ROLES)
def test_who_works_at_a_side_with_acts_is_at_home_and_a_supervisor_is_asked(cast, role):
    assert (own_post(cast.processing(), cast.actor(role), MONDAY) is not None) == (role != "supervisor")


def test_the_rule_is_read_from_the_table_of_rights():
    assert {str(side): sorted(roles) for side, roles in WORK.items()} == {
        "received_by_id": ["clerk", "contractor", "head"],
        "decided_by_id": ["approver", "handler"],
        "holder_agency_id": ["approver", "clerk", "contractor", "handler", "head", "supervisor"],
        "given_by_id": ["approver", "clerk", "contractor", "handler", "head"],
    }


def test_a_head_over_agencies_below_is_asked_and_a_colleague_whose_role_does_nothing_there_too(cast):
    committee = cast.commune.parent
    cast.people["chief"] = person("chief", committee, "head")
    cast.people["counter"] = person("counter", cast.department, "clerk")
    dossier = cast.received()
    for name in ("chief", "counter"):
        assert own_post(dossier, cast.actor(name), MONDAY) is None, name
    passed_on = actions.forward(dossier.pk, by=cast.actor("clerk"), at=MONDAY, to_agency=cast.department)
    assert own_post(passed_on, cast.actor("counter"), MONDAY) is not None  # It is held there now.


def test_whoever_gave_it_away_is_at_home_until_somebody_takes_it(cast):
    dossier = cast.received()
    cast.people["near"] = person("near", cast.neighbour, "handler")
    actions.forward(dossier.pk, by=cast.actor("clerk"), at=MONDAY, to_agency=cast.neighbour)
    given = actions.forward  # The neighbour takes it and gives it on.
    actions.take_over(dossier.pk, by=cast.actor("near"), at=MONDAY)
    dossier = given(dossier.pk, by=cast.actor("near"), at=MONDAY, to_agency=cast.department)
    assert own_post(Dossier.objects.get(pk=dossier.pk), cast.actor("near"), MONDAY) is not None
    actions.take_over(dossier.pk, by=cast.actor("handler"), at=MONDAY)
    assert own_post(Dossier.objects.get(pk=dossier.pk), cast.actor("near"), MONDAY) is None


def test_thirty_days_after_the_end_everybody_is_asked(cast):
    dossier = returned(cast)
    assert own_post(dossier, cast.actor("clerk"), MONDAY + AFTER_THE_END) is not None
    assert own_post(dossier, cast.actor("clerk"), MONDAY + AFTER_THE_END + MINUTE) is None


# The trace


def test_a_page_leaves_one_row_a_half_hour_with_name_role_and_agency_as_they_were(cast, as_, clock):
    dossier, client = cast.processing(), as_("clerk")
    for minutes in (0, 10, 29):
        clock.at = MONDAY + minutes * MINUTE
        assert client.get(dossier.get_absolute_url()).status_code == 200
    row = DossierReading.objects.get()
    assert (row.at, row.span * SPAN, row.what, row.is_own) == (MONDAY, MONDAY.timestamp(), What.PAGE, True)
    assert (row.by_name, row.by_role, row.by_unit) == ("Nguyễn Clerk", "clerk", str(cast.commune.name_vi))
    clock.at = MONDAY + 30 * MINUTE
    client.get(dossier.get_absolute_url())
    assert DossierReading.objects.count() == 2


def test_a_second_opening_costs_no_query_more(cast, as_, django_assert_max_num_queries):
    dossier, client = cast.received(), as_("clerk")
    page = dossier.get_absolute_url()
    with django_assert_max_num_queries(9) as first:
        client.get(page)
    with django_assert_max_num_queries(7):
        client.get(page)
    inserted = [query["sql"] for query in first.captured_queries if "INSERT" in query["sql"]]
    assert len(inserted) == 1


def test_acts_files_slips_and_lists_leave_theirs(cast, as_):
    dossier = cast.processing()
    file = attaching.attach_file(dossier.pk, made.upload("đơn.pdf", made.pdf(1)), by=cast.actor("clerk"), at=MONDAY)
    client = as_("clerk")
    page = dossier.get_absolute_url()
    for tail in ("acts/comment/", "files/", f"files/{file.pk}/pages/1/thumbnail/", "looking/"):
        client.get(f"{page}{tail}")
    assert noted(dossier) == [("clerk", "page", True, "")]
    for address in (
        f"{page}slips/1/01.pdf", f"{page}files/{file.pk}/", f"{page}files/{file.pk}/pages/1/",
        reverse("desk:register") + "?first_day=2026-03-01&last_day=2026-03-31",
    ):  # fmt: skip
        assert client.get(address).status_code == 200
    assert [what for _name, what, _own, _why in noted(dossier)] == ["page", "slip", "file", "register"]
    for name, asked in (("export", {}), ("register_file", REGISTER)):
        answer = client.get(reverse(f"desk:{name}"), asked)
        assert answer.status_code == 200 and (not answer.streaming or b"".join(answer.streaming_content))
    assert [what for _name, what, _own, _why in noted(dossier)][4:] == ["export"]  # Both in one half hour.


def test_looking_at_who_looks_shows_nothing_of_it_and_leaves_no_trace(cast, as_):
    dossier = cast.processing()
    assert as_("supervisor").get(f"{dossier.get_absolute_url()}looking/").json() == {"text": ""}
    assert not DossierReading.objects.exists()


def test_people_filled_in_at_the_counter_are_read_from_their_dossier_and_nobody_is_asked(cast, as_, clock):
    dossier, client = returned(cast), as_("clerk")
    client.get(reverse("desk:intake", args=[cast.procedure.code]), {"of": dossier.code})
    assert noted(dossier) == [("clerk", "intake", True, "")]
    clock.at = MONDAY + AFTER_THE_END + DAY
    client = as_("clerk")
    again = typed(cast, "find-applicant", **{"applicant-number1": "048123456789", "applicant-name": ""})
    client.post(reverse("desk:intake_live", args=[cast.procedure.code]), {**again, "part": "people"})
    assert noted(dossier)[1:] == [("clerk", "intake", False, "asked")]


def test_a_trace_that_cant_be_written_keeps_the_page_shut_and_is_an_error(cast, as_, monkeypatch, caplog):
    dossier, client = cast.processing(), as_("clerk")

    def broken(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("database is locked")

    monkeypatch.setattr(DossierReading.objects, "bulk_create", broken)
    page = dossier.get_absolute_url()
    register = reverse("desk:register_file") + "?first_day=2026-03-01&last_day=2026-03-31"
    for address in (page, f"{page}files/", f"{page}slips/1/01.pdf", reverse("desk:export"), register):
        answer = client.get(address)
        assert answer.status_code == 503, address
        assert b"Nguy\xe1\xbb\x85n Th\xe1\xbb\x8b Lan" not in answer.content
    assert [record.levelname for record in caplog.records if record.name == "desk.tracing"] == ["ERROR"] * 5


def test_each_reading_is_a_line_of_the_audit_log_without_anybodys_name(cast, as_, caplog):
    caplog.set_level(logging.INFO, logger="desk.audit")
    dossier = cast.processing()
    client = as_("supervisor")
    client.post(why_url(dossier), {"why": "other", "text": MINE})
    client.get(dossier.get_absolute_url())
    lines = [json.loads(record.message) for record in caplog.records if record.name == "desk.audit"]
    given, read = [line for line in lines if line["event"] in ("dossier.reason_given", "dossier.read")]
    assert (given["dossier"], given["why"]) == (dossier.code, "other")
    assert (read["dossier"], read["what"], read["is_own"], read["why"]) == (dossier.code, "page", False, "other")
    assert "Lan" not in caplog.text and "Supervisor" not in json.dumps([given, read])


def test_many_at_once_are_two_statements_and_a_row_each(cast, django_assert_num_queries):
    keys = [cast.received().pk for _each in range(30)]
    actor = cast.actor("supervisor")
    with django_assert_num_queries(2):
        assert leave_traces(keys, actor, MONDAY, What.EXPORT) == 30
    assert DossierReading.objects.filter(is_own=False, why="").count() == 30
    with django_assert_num_queries(1):
        leave_traces(keys, actor, MONDAY, What.EXPORT)
    assert DossierReading.objects.count() == 30


# Why


@pytest.mark.parametrize("tail", ["", "acts/comment/", "acts/reassign/", "files/", "slips/1/01.pdf"])
def test_what_isnt_own_asks_why_first_and_leads_back(cast, as_, tail):
    dossier, client = cast.processing(), as_("supervisor")
    address = dossier.get_absolute_url() + tail
    asked = client.get(address)
    assert asked.status_code == 302 and asked["Location"].startswith(f"{dossier.get_absolute_url()}why/?next=")
    assert not DossierReading.objects.exists()
    page = client.get(asked["Location"])
    text = page.content.decode()
    assert dossier.code in text and dossier.procedure.list_name in text
    for secret in ("Nguyễn Thị Lan", "048123456789", "0905", "Hòa Minh"):
        assert secret not in text
    answer = client.post(asked["Location"], {"why": "check", "text": "", "next": address})
    assert answer["Location"] == address
    assert client.get(address).status_code == 200
    assert [(own, why) for _name, _what, own, why in noted(dossier)] == [(False, "check")]


def test_a_form_that_was_sent_without_a_reason_is_asked_for_and_nothing_is_done(cast, as_):
    dossier, client = cast.processing(), as_("supervisor")
    url = f"{dossier.get_absolute_url()}acts/comment/"
    answer = client.post(url, {"text": "Xem lại.", "seen": dossier.last_number})
    assert answer.status_code == 302 and "/why/" in answer["Location"]
    assert Dossier.objects.get(pk=dossier.pk).last_number == dossier.last_number


def test_a_reason_is_good_for_one_dossier_until_midnight(cast, as_, clock):
    dossier, other = cast.processing(), cast.processing()
    client = as_("supervisor")
    client.post(why_url(dossier), {"why": "complaint"})
    clock.at = MONDAY.replace(hour=23, minute=59)
    client = as_("supervisor")
    assert client.get(dossier.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 302
    clock.at += MINUTE
    assert client.get(dossier.get_absolute_url()).status_code == 302


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "/desk/", "javascript:alert(1)", "/desk/dossiers/x/"]
)
def test_the_way_back_leads_to_this_dossier_only(cast, as_, back):
    dossier, client = cast.processing(), as_("supervisor")
    assert client.post(why_url(dossier), {"why": "check", "next": back})["Location"] == dossier.get_absolute_url()


@pytest.mark.parametrize(
    ("sent", "field"),
    [({}, "why"), ({"why": "curious"}, "why"), ({"why": "other"}, "text"), ({"why": "other", "text": "abc"}, "text"),
     ({"why": "check", "text": "x" * 301}, "text")],
)  # fmt: skip
def test_a_reason_that_says_nothing_is_refused(cast, as_, sent, field):
    dossier = cast.processing()
    answer = as_("supervisor").post(why_url(dossier), sent)
    assert answer.status_code == 400 and field in answer.context["form"].errors
    assert not ReadingReason.objects.exists()


def test_whose_own_it_is_is_led_on_and_a_stranger_learns_nothing(cast, as_):
    dossier = cast.processing()
    assert as_("clerk").get(why_url(dossier))["Location"] == dossier.get_absolute_url()
    assert as_("stranger").post(why_url(dossier), {"why": "check"}).status_code == 404
    assert not ReadingReason.objects.exists()


def test_an_act_that_the_post_doesnt_allow_is_403_before_anybody_is_asked(cast, as_):
    dossier = cast.processing()
    assert as_("supervisor").post(f"{dossier.get_absolute_url()}files/").status_code == 403


# Who sees it inside


@pytest.mark.parametrize("role", ROLES)
def test_those_who_answer_for_the_work_see_who_opened_it_on_its_page(cast, as_, role):
    dossier = cast.processing()
    cast.explain("supervisor", dossier)
    as_("supervisor").get(dossier.get_absolute_url())
    as_(role).get(dossier.get_absolute_url())
    shown = as_(role).get(dossier.get_absolute_url()).context["page"].readings
    names = {row.by_name for row in shown}
    expected = (
        {"Nguyễn Supervisor"} | {f"Nguyễn {role.title()}"} if role in ("approver", "head", "supervisor") else set()
    )
    assert names == expected


def read_by_all(cast: Cast, as_: Any) -> Dossier:
    dossier = cast.processing()
    cast.explain("supervisor", dossier)
    for role in ROLES:
        as_(role).get(dossier.get_absolute_url())
    return dossier


def test_the_screen_shows_other_peoples_work_first_and_only_ones_own_agencies(cast, as_):
    dossier = read_by_all(cast, as_)
    page = as_("supervisor").get(reverse("desk:readings")).context["page"]
    assert [row.is_own for row in page.rows] == [False, True, True, True, True, True]
    assert {row.by_unit for row in as_("head").get(reverse("desk:readings")).context["page"].rows} == {
        str(cast.commune.name_vi)
    }
    assert as_("clerk").get(reverse("desk:readings")).status_code == 403
    assert dossier.code in as_("head").get(reverse("desk:readings")).content.decode()


@pytest.mark.parametrize(
    ("asked", "number"),
    [({"person": "handler"}, 1), ({"person": "Nguyễn"}, 6), ({"person": "Không ai"}, 0), ({"only_others": "on"}, 1),
     ({"first_day": "03/03/2026"}, 0), ({"first_day": "02/03/2026", "last_day": "02/03/2026"}, 6),
     ({"dossier": "demo.01-260302-0001"}, 6), ({"dossier": "DEMO.01-260302-0009"}, 0)],
)  # fmt: skip
def test_it_is_narrowed_by_person_day_and_dossier(cast, as_, asked, number):
    read_by_all(cast, as_)
    assert len(as_("supervisor").get(reverse("desk:readings"), asked).context["page"].rows) == number


def test_pages_follow_each_other_and_cost_as_many_queries_for_many(cast, as_, django_assert_max_num_queries):
    keys = [cast.received().pk for _each in range(70)]
    leave_traces(keys, cast.actor("supervisor"), MONDAY, What.EXPORT)
    leave_traces(keys, cast.actor("clerk"), MONDAY, What.EXPORT)
    client, found, after = as_("supervisor"), [], ""
    with django_assert_max_num_queries(25):
        client.get(reverse("desk:readings"))
    while True:
        page = client.get(reverse("desk:readings"), {"after": after}).context["page"]
        found += [(row.is_own, -row.pk) for row in page.rows]
        after = page.after
        if not after:
            break
    assert len(found) == 140 and found == sorted(found)
    assert not listed(cast.actor("supervisor"), Asked(agency=cast.neighbour.pk)).rows


# What the citizen reads


def test_the_person_reads_where_and_as_what_somebody_opened_it_never_who_nor_in_whose_words(cast, as_):
    dossier = read_by_all(cast, as_)
    ReadingReason.objects.update(text=MINE)
    told = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            by_code = public.track(dossier.code, "123456", MONDAY)
            by_token = public.track_token(dossier.tracking_token, MONDAY)
        assert by_code and by_token and by_code.opened == by_token.opened
        assert len(by_code.opened) == 6 and by_code.opened[0].at == MONDAY
        assert "Nguyễn" not in repr(by_code.opened) and MINE not in repr(by_code.opened)
        assert [bool(each.why) for each in by_code.opened].count(True) == 1
        told.add((tuple(each.role for each in by_code.opened), tuple(each.why for each in by_code.opened)))
    assert len(told) == len(settings.LANGUAGES)


def test_every_reason_has_words_for_the_person_in_every_language(cast):
    dossier = cast.processing()
    for number, why in enumerate(Why):
        leave_traces([dossier.pk], cast.actor("supervisor"), MONDAY + number * 30 * MINUTE, What.EXPORT, why)
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            shown = public.track(dossier.code, "123456", MONDAY)
        assert shown is not None
        found.append({each.why for each in shown.opened})
    assert all(len(words) == len(Why) for words in found)
    assert len(set().union(*found)) == len(Why) * len(settings.LANGUAGES)


def test_what_one_person_opens_in_a_half_hour_is_told_once_and_the_newest_stands_first(cast, as_, clock):
    dossier, client = cast.processing(), as_("clerk")
    client.get(dossier.get_absolute_url())
    client.get(f"{dossier.get_absolute_url()}slips/1/01.pdf")
    clock.at = MONDAY + 2 * DAY
    as_("clerk").get(dossier.get_absolute_url())
    shown = public.track(dossier.code, "123456", MONDAY)
    assert shown and [each.at for each in shown.opened] == [MONDAY + 2 * DAY, MONDAY]


# Nobody changes one


def refused(statement: str) -> None:
    told = pytest.raises(IntegrityError, match="a reading is never changed")
    with told, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


STATEMENTS = (
    "UPDATE desk_dossierreading SET by_name = 'Khác'",
    "UPDATE desk_dossierreading SET at = at",
    "DELETE FROM desk_dossierreading",
)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_database_refuses_to_change_or_delete_a_reading(cast, statement):
    leave_traces([cast.received().pk], cast.actor("clerk"), timezone.now(), What.PAGE)
    refused(statement)


@pytest.mark.sqlite
def test_sqlite_refuses_a_row_put_in_the_place_of_another(cast):
    leave_traces([cast.received().pk], cast.actor("clerk"), timezone.now(), What.PAGE)
    refused("INSERT OR REPLACE INTO desk_dossierreading SELECT * FROM desk_dossierreading")


def test_what_is_old_may_be_deleted_and_nothing_younger(cast):
    dossier, at = cast.received(), timezone.now()
    for years in (1, 3):
        leave_traces([dossier.pk], cast.actor("clerk"), at - dt.timedelta(days=366 * years), What.PAGE)
    DossierReading.objects.filter(at__lt=at - dt.timedelta(days=732)).delete()
    assert DossierReading.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        DossierReading.objects.all().delete()


@pytest.mark.postgres
def test_two_who_open_it_at_once_leave_a_row_each_and_one_person_twice_leaves_one(on_postgres):
    cast = make_cast()
    dossier = cast.processing()
    actors = [cast.actor(name) for name in ("clerk", "clerk", "handler", "handler", "head", "head")]
    barrier = Barrier(len(actors))

    def read(actor: Any) -> None:
        from django.db import connections

        connections["default"] = on_postgres.copy()
        barrier.wait()
        leave_traces([dossier.pk], actor, MONDAY, What.PAGE)
        connections["default"].close()

    with ThreadPoolExecutor(len(actors)) as pool:
        list(pool.map(read, actors))
    assert sorted(row[0] for row in noted(dossier)) == ["clerk", "handler", "head"]
    for statement in (*STATEMENTS, "TRUNCATE desk_dossierreading CASCADE"):
        refused(statement)
