"""Away and standing in: who says so, for which days, what the substitute may do then, and that it ends by itself."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.http import QueryDict
from django.utils import timezone

from desk import actions
from desk.actors import officer
from desk.forms.leave import LeaveForm
from desk.forms.passing import ForwardForm, ReassignForm
from desk.forms.queue import QueueForm
from desk.leave.arranging import arrange, arranged_at, end
from desk.models import Dossier, DossierEvent, Leave
from desk.permissions import RULES, is_allowed
from desk.queues import count, page
from desk.refusals import Invalid, NotAllowed
from tests.desk.cast import FORM, MONDAY, Cast, person, post

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(1)
TODAY = MONDAY.date()
FRIDAY = TODAY + 4 * DAY
MIDNIGHT = MONDAY.replace(hour=0) + 5 * DAY


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """The cast, with colleagues at the department who have no right to decide, and a second clerk."""
    cast.people["colleague"] = person("colleague", cast.department, "handler")
    cast.people["third"] = person("third", cast.department, "handler")
    cast.people["clerk2"] = person("clerk2", cast.commune, "clerk")
    return cast


def away(cast: Cast, absent: str, substitute: str, by: str = "approver", **more) -> Leave:
    """Write a leave down: from Monday to Friday, at the department."""
    values = {"first_day": TODAY, "last_day": FRIDAY, "at": MONDAY, "agency_id": cast.department.pk} | more
    return arrange(
        absent=cast.people[absent], substitute=cast.people[substitute], by=cast.actor(by, values["at"]), **values
    )


def may(cast: Cast, name: str, act: str, dossier: Dossier, at: dt.datetime = MONDAY) -> bool:
    """Return whether somebody's posts allow an act at a moment."""
    return is_allowed(act, Dossier.objects.get(pk=dossier.pk), cast.actor(name, at))


def test_the_substitute_may_do_what_the_post_allows_until_midnight_and_nothing_before_or_after(cast):
    dossier = cast.processing(MONDAY - DAY)
    assert not may(cast, "colleague", "extend", dossier)
    away(cast, "approver", "colleague", first_day=TODAY + DAY)
    moments = {
        MONDAY: False, MONDAY + DAY: True, MIDNIGHT - dt.timedelta(seconds=1): True, MIDNIGHT: False,
    }  # fmt: skip
    assert {at: may(cast, "colleague", "extend", dossier, at) for at in moments} == moments
    acts = {name for name in RULES if may(cast, "colleague", name, dossier, MONDAY + DAY)}
    assert acts == {name for name in RULES if may(cast, "approver", name, dossier)} | {
        name for name in RULES if may(cast, "colleague", name, dossier)
    }


def test_an_act_says_for_whom_it_was_done(cast, caplog):
    dossier = cast.processing(MONDAY - DAY)
    away(cast, "approver", "colleague")
    with caplog.at_level("INFO", "desk.audit"):
        done = actions.extend(
            dossier.pk, by=cast.actor("colleague"), at=MONDAY, on=TODAY + 10 * DAY, reason="Chờ.", late_unit="Phòng A"
        )
    event = DossierEvent.objects.filter(dossier=done).order_by("-number").first()
    assert event.by_user_id == cast.people["colleague"].pk and "Colleague" in event.by_name
    assert event.by_title.endswith(f", thay {cast.people['approver'].get_full_name()}")
    assert json.loads(event.body)["facts"]["instead_of"] == cast.people["approver"].pk


def test_work_in_the_hands_of_the_one_who_is_away_is_done_in_their_place(cast):
    dossier = cast.processing(MONDAY - DAY)
    away(cast, "handler", "colleague")
    by = cast.actor("colleague")
    actions.request_supplement(dossier.pk, by=by, at=MONDAY, demands=[FORM])
    mine = cast.processing(MONDAY - DAY)
    actions.reassign(
        mine.pk, by=cast.actor("approver"), at=MONDAY, to_user=cast.people["colleague"], reason="Chia việc."
    )
    actions.request_supplement(mine.pk, by=by, at=MONDAY, demands=[FORM])
    titles = [DossierEvent.objects.get(dossier=each, act="request_supplement").by_title for each in (dossier, mine)]
    assert "thay" in titles[0] and "thay" not in titles[1]


def test_what_was_passed_to_them_by_name_is_taken_over_by_the_substitute_alone(cast):
    dossier = cast.received(MONDAY - DAY)
    actions.forward(
        dossier.pk, by=cast.actor("clerk"), at=MONDAY, to_agency=cast.department, to_user=cast.people["handler"]
    )
    away(cast, "handler", "colleague")
    with pytest.raises(NotAllowed):
        actions.take_over(dossier.pk, by=cast.actor("third"), at=MONDAY)
    chosen = QueueForm(QueryDict("whose=absent"), cast.actor("colleague")).chosen(MONDAY)
    assert count(chosen) == 1
    taken = actions.take_over(dossier.pk, by=cast.actor("colleague"), at=MONDAY)
    assert taken.holder_id == cast.people["colleague"].pk
    event = DossierEvent.objects.get(dossier=dossier, act="take_over")
    assert "thay" in event.by_title and json.loads(event.body)["facts"]["instead_of"] == cast.people["handler"].pk


def test_rights_end_at_the_agency_where_the_leave_was_said(cast):
    post(cast.people["approver"], cast.neighbour, "approver")
    elsewhere = cast.received(MONDAY - DAY, decided_by=cast.neighbour)
    away(cast, "approver", "colleague")
    assert cast.department.pk in cast.actor("colleague").agencies
    assert cast.neighbour.pk not in cast.actor("colleague").agencies
    assert not Dossier.objects.visible_to(cast.actor("colleague")).filter(pk=elsewhere.pk).exists()
    assert not may(cast, "colleague", "extend", elsewhere)


def test_whoever_has_no_post_there_any_more_stands_in_no_longer(cast):
    dossier = cast.processing(MONDAY - DAY)
    away(cast, "approver", "colleague")
    cast.people["colleague"].postings.update(valid_to=TODAY + DAY)
    assert may(cast, "colleague", "extend", dossier, MONDAY)
    assert cast.actor("colleague", MONDAY + DAY).posts == ()
    cast.people["approver"].is_active = False
    cast.people["approver"].save()
    assert not may(cast, "colleague", "extend", dossier, MONDAY)


def test_a_substitute_of_a_substitute_gets_nothing(cast):
    away(cast, "approver", "colleague")
    Leave.objects.create(
        agency=cast.department, absent=cast.people["colleague"], substitute=cast.people["third"], first_day=TODAY,
        last_day=FRIDAY, made_by=cast.people["approver"], made_at=MONDAY,
    )  # fmt: skip
    assert {each.role for each in cast.actor("third").posts} == {"handler"}


@pytest.mark.parametrize("by", ["clerk", "handler", "head", "supervisor", "stranger", "contractor"])
def test_only_the_head_of_the_agency_says_so(cast, by):
    with pytest.raises(NotAllowed):
        away(cast, "handler", "colleague", by=by)
    assert not Leave.objects.exists()


def test_an_approver_says_so_only_where_there_is_no_head(cast):
    assert arranged_at(cast.actor("approver"), TODAY) == {cast.department.pk}
    assert arranged_at(cast.actor("head"), TODAY) == {cast.commune.pk}
    person("chief", cast.department, "head")
    assert not arranged_at(cast.actor("approver"), TODAY)
    assert not arranged_at(cast.actor("supervisor"), TODAY)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"first_day": TODAY - DAY}, "first_day"),
        ({"last_day": TODAY - DAY}, "last_day"),
        ({"substitute": "handler"}, "substitute"),
        ({"substitute": "stranger"}, "substitute"),
        ({"absent": "clerk"}, "absent"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(cast, more, field):
    values = {"absent": "handler", "substitute": "colleague"} | more
    with pytest.raises(Invalid) as refused:
        away(cast, **values)
    assert refused.value.field == field and str(refused.value)


@pytest.mark.parametrize(
    ("absent", "substitute", "field"),
    [
        ("handler", "third", "absent"),  # Away twice.
        ("third", "handler", "substitute"),  # Stood in by somebody who is away.
        ("colleague", "third", "absent"),  # A chain: the substitute goes away.
        ("colleague", "handler", "substitute"),  # A circle.
    ],
)
def test_no_overlap_chain_or_circle(cast, absent, substitute, field):
    away(cast, "handler", "colleague")
    with pytest.raises(Invalid) as refused:
        away(cast, absent, substitute, first_day=FRIDAY, last_day=FRIDAY + 3 * DAY)
    assert refused.value.field == field and f"{FRIDAY:%d/%m/%Y}" in str(refused.value)
    assert away(cast, absent, substitute, first_day=FRIDAY + DAY, last_day=FRIDAY + 3 * DAY)


def test_it_can_be_ended_before_its_day_by_the_head_once(cast):
    dossier = cast.processing(MONDAY - DAY)
    leave = away(cast, "approver", "colleague")
    with pytest.raises(NotAllowed):
        end(leave, by=cast.actor("handler"), at=MONDAY)
    end(leave, by=cast.actor("approver"), at=MONDAY)
    assert not may(cast, "colleague", "extend", dossier)
    with pytest.raises(Invalid):
        end(leave, by=cast.actor("approver"), at=MONDAY)
    assert away(cast, "approver", "third")


def test_whoever_stands_in_for_the_head_sees_the_heads_desk(cast):
    arrange(
        cast.commune.pk, absent=cast.people["head"], substitute=cast.people["clerk2"], first_day=TODAY,
        last_day=FRIDAY, by=cast.actor("head"), at=MONDAY,
    )  # fmt: skip
    dossier = cast.received(MONDAY)
    by = cast.actor("clerk2")
    done = actions.reassign(dossier.pk, by=by, at=MONDAY, to_user=cast.people["clerk"], reason="Chia việc.")
    assert done.holder_id == cast.people["clerk"].pk
    assert by.posts[0].for_user is None and by.posts[1].title.endswith(cast.people["head"].get_full_name())


def test_work_for_the_one_who_is_away_is_offered_to_the_substitute(cast, english):
    dossier = cast.processing(MONDAY - DAY)
    third = cast.people["third"]
    dossier = actions.reassign(dossier.pk, by=cast.actor("approver"), at=MONDAY, to_user=third, reason="Chia việc.")
    away(cast, "handler", "colleague")
    by, keys = cast.actor("approver"), {name: str(cast.people[name].pk) for name in ("handler", "colleague")}

    def form(name: str, **more: str) -> ReassignForm:
        data = {"to_user": keys[name], "reason": "Chia việc.", "seen": str(dossier.last_number), **more}
        return ReassignForm([dossier], by, MONDAY, data, act="reassign")

    refused = form("handler")
    assert not refused.is_valid() and cast.people["colleague"].get_full_name() in str(refused.errors["to_user"])
    assert "although_away" in refused.fields and refused["reason"].value() == "Chia việc."
    assert form("colleague").is_valid()
    although = form("handler", although_away="on")
    assert although.is_valid() and although.perform() is not None
    assert "although_away" not in ReassignForm([dossier], by, MONDAY, act="reassign").fields
    passing = ForwardForm(
        [dossier], by, MONDAY, {"to_agency": str(cast.department.pk), "to_user": keys["handler"]}, act="forward"
    )
    assert not passing.is_valid() and "to_user" in passing.errors


def test_the_list_shows_what_colleagues_have_who_are_away(cast):
    theirs, mine = cast.processing(MONDAY - DAY), cast.processing(MONDAY - DAY)
    actions.reassign(mine.pk, by=cast.actor("approver"), at=MONDAY, to_user=cast.people["colleague"], reason="Chia.")
    away(cast, "handler", "colleague")
    for name, codes in {"colleague": [theirs.code], "third": []}.items():
        chosen = QueueForm(QueryDict("whose=absent"), cast.actor(name)).chosen(MONDAY)
        assert [row.code for row in page(chosen).rows] == codes and count(chosen) == len(codes)
    late = officer(cast.people["colleague"], MIDNIGHT)
    assert count(QueueForm(QueryDict("whose=absent"), late).chosen(MIDNIGHT)) == 0


def test_the_page_writes_it_down_keeps_what_was_typed_and_ends_it(cast, open_as, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)
    client = open_as("approver")
    typed = {
        "agency": cast.department.pk, "absent": cast.people["handler"].pk, "substitute": cast.people["handler"].pk,
        "first_day": "2026-03-02", "last_day": "2026-03-06",
    }  # fmt: skip
    wrong = client.post("/desk/leave/", typed)
    assert wrong.status_code == 400 and wrong.context["form"]["last_day"].value() == "2026-03-06"
    assert client.post("/desk/leave/", typed | {"substitute": cast.people["colleague"].pk}).status_code == 302
    leave = Leave.objects.get()
    assert cast.people["colleague"].get_full_name() in client.get("/desk/leave/").content.decode()
    # To another head it isn't there; the others' roles end no leaves at all.
    for name, status in {"head": 404, "handler": 403, "stranger": 403, "supervisor": 403}.items():
        other = open_as(name)
        assert other.post(f"/desk/leave/{leave.pk}/end/").status_code == status, name
    assert open_as("handler").get("/desk/leave/").status_code == 403
    assert open_as("approver").post(f"/desk/leave/{leave.pk}/end/").status_code == 302
    leave.refresh_from_db()
    assert leave.ended_at == MONDAY and leave.ended_by == cast.people["approver"]


def test_a_leave_of_many_years_is_a_slip_of_the_pen(cast, english):
    people = {"absent": str(cast.people["clerk"].pk), "substitute": str(cast.people["contractor"].pk)}
    days = {"first_day": f"{MONDAY:%d/%m/%Y}", "last_day": "31/12/2099"}
    form = LeaveForm([cast.commune], cast.actor("head"), MONDAY, {"agency": str(cast.commune.pk), **people, **days})
    assert not form.is_valid() and "check the year" in str(form.errors["last_day"])
