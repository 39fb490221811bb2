"""A province with hundreds of dossiers in every state: two communes are merged, or split by field and area."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from catalogue.models import Agency, Posting, Procedure
from catalogue.opening import ZONE
from catalogue.reorganising.heirs import Heirs
from desk import counters, public
from desk.actors import Actor, officer
from desk.heirs import needs_holder
from desk.models import Dossier, Measure
from desk.permissions import may_see, permit
from desk.simulation.bulk import fill
from desk.simulation.routes import make_routes
from desk.simulation.staff import make_officers
from desk.states import OPEN
from desk.verifying.running import verify
from portal.models import User
from tests.desk.merging import follow, hand_on, planned
from tests.desk.province import make_province
from tests.factories import AgencyFactory, CommuneFactory, FieldFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 7, 1)
MORNING = dt.datetime.combine(DAY, dt.time(9), ZONE)
KEPT = tuple(set(Measure.values) - {Measure.HELD, Measure.CONCERNS})
ROLES = ("clerk", "handler", "approver", "head")


@pytest.fixture
def communes() -> list[Agency]:
    """Three communes with officers, and what came to them in ten months."""
    make_province()
    make_officers()
    make_routes(dt.date(2025, 9, 1), DAY)
    fill(600, first=dt.date(2025, 9, 1), last=DAY - dt.timedelta(1), seed=3, processes=1, say=lambda text: None)
    return list(Agency.objects.filter(name_vi__contains="phường số").order_by("pk"))


def new_agency(communes: list[Agency], name: str) -> Agency:
    place = CommuneFactory(province=communes[0].place.province, parent=communes[0].place.province)
    number = 80 + Agency.objects.count()
    parent = communes[0].parent
    return AgencyFactory(name_vi=name, place=place, identifier=f"DEMO.{number}", parent=parent, valid_from=DAY)


def staff(agency: Agency) -> list[Actor]:
    users = [User.objects.create_user(f"{role}-{agency.pk}") for role in ROLES]
    for role, user in zip(ROLES, users, strict=True):
        Posting.objects.create(user=user, agency=agency, role=role)
    return [officer(user, MORNING) for user in users]


def needing(agencies: list[Agency]) -> dict[int, Dossier]:
    rows = Dossier.objects.filter(holder_agency__in=agencies).select_related("procedure", "received_by")
    return {row.pk: row for row in rows if needs_holder(row)}


def figures() -> list[Counter]:
    return [counters.totals(name, "agency", "procedure", "state", "month") for name in KEPT]


def test_two_communes_are_merged_while_everything_is_in_flight(communes):
    gone = communes[:2]
    former = list(Posting.objects.filter(agency__in=gone).values_list("user", flat=True))
    heir = new_agency(communes, "Ủy ban nhân dân phường mới")
    before, told, every = needing(gone), figures(), Dossier.objects.count()
    assert len({row.state for row in before.values()}) >= 6
    assert verify(at=MORNING).count == 0
    for agency in gone:
        hand_on(agency, heir, DAY)
    people = staff(heir)
    moved = follow(planned(DAY), MORNING)["dossiers"]
    assert (moved.count, moved.conflicts) == (len(before), [])
    assert verify(at=MORNING).count == 0
    assert figures() == told
    assert counters.total(Measure.HELD) == every
    after = {row.pk: row for row in Dossier.objects.filter(pk__in=before)}
    for pk, row in after.items():
        assert (row.holder_agency_id, row.state, row.due_at) == (heir.pk, before[pk].state, before[pk].due_at)
        assert any(may_see(row, by) for by in people)
        if row.state in OPEN and not row.system:
            assert any(permit("reassign", row, by) for by in people)
    for user in User.objects.filter(pk__in=former):
        assert not Dossier.objects.open_to(officer(user, MORNING)).exists()
    for row in list(after.values())[:20]:
        found = public.track_token(row.tracking_token, MORNING)
        assert found is not None
        assert found.code == row.code


def test_split_by_field_and_area_each_goes_to_its_own_heir(communes):
    by_field, by_area = communes[:2]
    one, two = (new_agency(communes, f"Ủy ban nhân dân phường mới {number}") for number in (1, 2))
    births = FieldFactory(slug="khai-sinh", name_vi="Khai sinh")
    Procedure.objects.filter(code="1.001193").update(field=births)
    before = needing([by_field, by_area])
    hand_on(by_field, one, DAY, field=births)
    hand_on(by_field, two, DAY)
    hand_on(by_area, one, DAY, area=by_area.place)
    hand_on(by_area, two, DAY)
    people = {one.pk: staff(one), two.pk: staff(two)}
    follow(planned(DAY), MORNING)
    heirs, found = Heirs.until(DAY), Counter()
    for row in Dossier.objects.filter(pk__in=before):
        was = before[row.pk]
        of = {"field": was.procedure.field_id, "place": was.received_by.place_id}
        assert row.holder_agency_id == heirs.of(was.holder_agency_id, **of)
        assert any(may_see(row, by) for by in people[row.holder_agency_id])
        found[was.holder_agency_id, row.holder_agency_id] += 1
    assert {key for key, number in found.items() if number} == {
        (agency.pk, heir.pk) for agency in (by_field, by_area) for heir in (one, two)
    }
    assert verify(at=MORNING).count == 0
