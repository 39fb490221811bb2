"""After a merger: what citizens read when they follow a dossier, what slips say, and what officers choose from."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import QueryDict
from django.utils.translation import override

from desk import actions, public
from desk.actors import officer
from desk.forms.passing import ForwardForm
from desk.forms.queue import QueueForm
from desk.history import told
from desk.models import Dossier, Slip
from desk.slips.from_dossier import CONTENT_OF, make_slip
from desk.slips.hand_overs import rows_until
from desk.slips.source import Source
from tests.desk.cast import FORM, MONDAY, make_cast
from tests.desk.merging import follow, merge
from tests.factories import HotlineFactory

pytestmark = pytest.mark.django_db
DAY_OF_IT = dt.date(2026, 3, 9)


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def dossier(cast) -> Dossier:
    return cast.received(decided_by=cast.commune)


@pytest.fixture
def merger(cast, dossier):
    found = merge(cast, DAY_OF_IT)
    HotlineFactory(phone="0236 3999 000", centre=None, agency=found.heir)
    HotlineFactory(phone="0236 3888 000", centre=None, agency=cast.commune)
    follow(found.reorganisation, found.morning)
    return found


def test_the_tracking_page_sends_to_the_heirs_centre_and_names_the_old_one_in_five_languages(cast, dossier, merger):
    for language in ("vi", "en", "zh-hans", "ko", "ja"):
        with override(language):
            found = public.track(dossier.code, "456789", merger.morning)
            assert found is not None
            assert found.centre == merger.centre
            assert found.came_to is not None
            assert found.came_to.text == cast.centre.name_vi
            assert (found.agency.text, found.agency_now.text) == (str(cast.commune), str(merger.heir))
            assert [line.phone for line in found.lines] == ["0236 3999 000"]
            assert len(found.happened) == 2


def test_before_the_day_it_says_what_it_always_said(cast, dossier, merger):
    found = public.track_token(dossier.tracking_token, MONDAY)
    assert (found.centre, found.came_to, found.agency_now) == (cast.centre, None, None)


def test_the_page_itself_says_now(client, cast, dossier, merger, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: merger.morning)
    page = client.get(f"/t/{dossier.tracking_token}?lang=vi").content.decode()
    assert f"nay là: {merger.heir}" in page
    assert str(merger.centre.name_vi) in page


def test_a_slip_of_an_old_act_keeps_its_names_and_says_where_to_go_now(cast, dossier, merger):
    event = dossier.events.get(act="receive")
    slip, _pdf = make_slip(event, at=MONDAY)
    slip = Slip.objects.get(pk=slip.pk)
    old, new = (CONTENT_OF[slip.form](Source(slip, at)) for at in (MONDAY, merger.morning))
    assert old.heading == new.heading
    assert (old.contact.name, new.contact.name) == (cast.centre.name_vi, merger.centre.name_vi)
    assert new.return_place == f"{merger.centre.name_vi}, {merger.centre.address}"


def test_a_slip_of_a_new_act_is_the_heirs(cast, dossier, merger):
    by = officer(merger.people["approver"], merger.morning)
    actions.request_supplement(dossier.pk, by=by, at=merger.morning, demands=[FORM])
    event = dossier.events.latest("number")
    slip, _pdf = make_slip(event, at=merger.morning)
    assert slip.agency == merger.heir
    assert by.posts[0].unit == merger.heir.name_vi


def test_on_the_control_slip_the_heir_takes_what_the_old_unit_was_given(cast):
    dossier = cast.processing()
    actions.forward(dossier.pk, by=cast.actor("handler"), at=MONDAY, to_agency=cast.commune, step="Ký")
    merger = merge(cast, DAY_OF_IT)
    follow(merger.reorganisation, merger.morning)
    actions.take_over(dossier.pk, by=officer(merger.people["clerk"], merger.morning), at=merger.morning)
    last = rows_until(dossier.events.latest("number"))[-1]
    assert (last.step, last.void, last.taking.unit) == ("Ký", "", merger.heir.name_vi)


def test_the_history_says_from_where_to_where(cast, dossier, merger):
    dossier = Dossier.objects.get(pk=dossier.pk)
    by = officer(merger.people["clerk"], merger.morning)
    with override("en"):
        line = told(dossier, dossier.events.order_by("number"), by)[0]
    expected = f"moved it from {cast.commune}, which has ended, to {merger.heir}, which has its work now"
    assert line.sentence == expected


def test_the_filter_by_agency_has_the_old_name_with_its_last_day(cast, dossier, merger):
    form = QueueForm(QueryDict(), officer(merger.people["clerk"], merger.morning))
    labels = dict(form.fields["agency"].choices)
    assert labels[merger.heir.pk] == str(merger.heir)
    assert "08/03/2026" in labels[cast.commune.pk]


def test_it_is_passed_on_to_who_decides_now(dossier, merger):
    rows = [Dossier.objects.get(pk=dossier.pk)]
    form = ForwardForm(rows, officer(merger.people["clerk"], merger.morning), merger.morning)
    assert form.fields["to_agency"].initial == merger.heir.pk
