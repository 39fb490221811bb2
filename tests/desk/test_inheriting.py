"""What a post reaches of ended agencies: the database and one dossier answer alike, and as the successions say."""

from __future__ import annotations

import datetime as dt
from itertools import product
from types import SimpleNamespace

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.models import AgencySuccession, Posting, UnitChange
from catalogue.opening import ZONE
from catalogue.reorganising.heirs import Heirs
from desk import counters, queues
from desk.actors import officer
from desk.filters import filter_for
from desk.inheriting import Inheritance
from desk.models import Dossier
from desk.permissions import Side, may_see, permit
from portal.models import User
from tests.factories import AgencyFactory, CommuneFactory, FieldFactory, ProcedureFactory, VersionFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 7, 1)
MORNING = dt.datetime.combine(DAY, dt.time(9), ZONE)
SIDES = ("received_by_id", "decided_by_id", "holder_agency_id", "helped_by_id")


@pytest.fixture
def world() -> SimpleNamespace:
    """Five agencies at places of which one lies in another and one became a part of it; dossiers of two fields."""
    area = CommuneFactory()
    inner = CommuneFactory(parent=area, province=area.province)
    old = CommuneFactory(parent=area.province, province=area.province)
    apart = CommuneFactory(parent=area.province, province=area.province)
    UnitChange.objects.create(old=old, new=inner, effective_on=DAY)
    agencies = [AgencyFactory(place=place) for place in (area, inner, old, apart, apart)]
    fields = [FieldFactory(slug=name, name_vi=name) for name in ("dat-dai", "ho-tich", "xay-dung")]
    procedures = [ProcedureFactory(field=field) for field in fields]
    versions = [VersionFactory(procedure=each) for each in procedures]
    rows = []
    for number, (received, decided, which) in enumerate(product(range(5), range(5), range(3))):
        rows.append(
            Dossier(
                code=f"X-{number:04d}",
                tracking_token=f"t{number}",
                procedure=procedures[which],
                version=versions[which],
                received_by=agencies[received],
                decided_by=agencies[decided],
                holder_agency=agencies[(received + number) % 5],
                helped_by=agencies[number % 5] if number % 7 == 0 else None,
                submitted_at=MORNING,
            )
        )
    Dossier.objects.bulk_create(rows)
    counters.write(counters.recount(rows))
    user = User.objects.create_user("clerk")
    return SimpleNamespace(agencies=agencies, fields=fields, places=[area, inner, old, apart], user=user)


successions = st.lists(
    st.tuples(
        st.integers(0, 4), st.integers(0, 4), st.sampled_from([None, 0, 1]), st.sampled_from([None, 0, 1, 3])
    ).filter(lambda each: each[0] != each[1]),
    max_size=7,
    unique=True,
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=successions, at=st.integers(0, 4), role=st.sampled_from(["clerk", "approver", "head", "supervisor"]))
def test_the_database_and_python_agree_and_both_with_the_successions(world, rows, at, role):
    with transaction.atomic():
        for agency, heir, field, area in rows:
            AgencySuccession.objects.create(
                agency=world.agencies[agency], successor=world.agencies[heir], effective_on=DAY,
                field=None if field is None else world.fields[field],
                area=None if area is None else world.places[area],
            )  # fmt: skip
        own = world.agencies[at].pk
        Posting.objects.create(user=world.user, agency_id=own, role=role)
        by, heirs = officer(world.user, MORNING), Heirs.until(DAY)
        every = list(Dossier.objects.select_related("procedure", "received_by"))

        def is_reached(dossier: Dossier) -> bool:
            sides = {getattr(dossier, side) for side in SIDES} - {None}
            of = {"field": dossier.procedure.field_id, "place": dossier.received_by.place_id}
            return own in sides or any(heirs.of(side, **of) == own for side in sides)

        expected = {each.pk for each in every if is_reached(each)}
        assert set(Dossier.objects.visible_to(by).values_list("pk", flat=True)) == expected
        assert {each.pk for each in every if may_see(each, by)} == expected
        assert {row.pk for row in queues.page(filter_for(by, MORNING), size=200).rows} == expected
        assert queues.count(filter_for(by, MORNING)) == len(expected)
        held = filter_for(by, MORNING, side=Side.HOLDING)
        may = {each.pk for each in every if permit("comment", each, by)}
        assert may == {each.pk for each in every if reaches_a_side(each, own, heirs)}
        assert {row.pk for row in queues.page(held, size=200).rows} <= expected
        transaction.set_rollback(True)


def reaches_a_side(dossier: Dossier, own: int, heirs: Heirs) -> bool:
    of = {"field": dossier.procedure.field_id, "place": dossier.received_by.place_id}
    sides = (dossier.received_by_id, dossier.decided_by_id, dossier.holder_agency_id)
    return any(side == own or heirs.of(side, **of) == own for side in sides)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=successions)
def test_the_heir_of_each_dossier_is_the_one_that_the_successions_name(world, rows):
    with transaction.atomic():
        for agency, heir, field, area in rows:
            AgencySuccession.objects.create(
                agency=world.agencies[agency], successor=world.agencies[heir], effective_on=DAY,
                field=None if field is None else world.fields[field],
                area=None if area is None else world.places[area],
            )  # fmt: skip
        keys = {each.pk for each in world.agencies}
        known, heirs = Inheritance.of(keys, DAY), Heirs.until(DAY)
        for dossier in Dossier.objects.select_related("procedure", "received_by"):
            of = {"field": dossier.procedure.field_id, "place": dossier.received_by.place_id}
            assert {key: known.heir(key, dossier) for key in keys} == {key: heirs.of(key, **of) for key in keys}
        transaction.set_rollback(True)


def test_land_and_civil_status_of_a_district_are_seen_by_different_heirs(world):
    district, land, civil, *_rest = world.agencies
    for heir, field in ((land, world.fields[0]), (civil, None)):
        AgencySuccession.objects.create(agency=district, successor=heir, field=field, effective_on=DAY)
    Dossier.objects.filter(received_by=district).update(decided_by=district, holder_agency=district, helped_by=None)
    for agency, fields in ((land, {"dat-dai"}), (civil, {"ho-tich", "xay-dung"})):
        user = User.objects.create_user(f"of-{agency.pk}")
        Posting.objects.create(user=user, agency=agency, role="clerk")
        seen = Dossier.objects.visible_to(officer(user, MORNING)).filter(received_by=district)
        assert set(seen.values_list("procedure__field__slug", flat=True)) == fields


def test_a_supervisor_of_the_heir_oversees_what_was_below_the_one_that_ended():
    """Quảng Nam's committee ended: Đà Nẵng's has all below it, and what those below took over from others."""
    ended, heir = AgencyFactory.create_batch(2)
    below = AgencyFactory(parent=ended)
    long_gone = AgencyFactory()
    AgencySuccession.objects.create(agency=ended, successor=heir, effective_on=DAY)
    AgencySuccession.objects.create(agency=long_gone, successor=below, effective_on=DAY)
    for role in ("supervisor", "head"):
        user = User.objects.create_user(role)
        Posting.objects.create(user=user, agency=heir, role=role)
        by = officer(user, MORNING)
        assert by.agencies == {ended.pk, heir.pk, below.pk, long_gone.pk}
        assert by.standing == {heir.pk, below.pk}
        assert officer(user, MORNING - dt.timedelta(1)).agencies == {heir.pk}
