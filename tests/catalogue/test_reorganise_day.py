"""The day: what has no dates follows by the clock, once, whole or after a cut, and never over somebody's work."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from catalogue import clock
from catalogue import models as m
from catalogue.editing.proposals import propose
from catalogue.editing.reach import approvers_of, editing_reach
from catalogue.reorganising import centres_follow
from catalogue.reorganising.applying import RETRY, apply_due
from catalogue.reorganising.followers import followers
from catalogue.signals import catalogue_changed
from portal.models import User
from tests import factories
from tests.catalogue.reorganising_cast import MERGE, Province, file_of, make_province, run
from tests.publishing import publish

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def made():
    return make_province()


@pytest.fixture
def planned(made, tmp_path) -> Province:
    """The plan of the merger of A and B, before its day."""
    run(file_of(tmp_path, *MERGE), made)
    return made


def heir() -> m.Agency:
    return m.Agency.objects.get(name_vi="Ủy ban nhân dân phường An Phát")


def conflicts() -> str:
    plan = m.Reorganisation.objects.order_by("pk").last()
    return "\n".join(": ".join(each) for part in plan.report["followers"].values() for each in part["conflicts"])


def test_before_the_day_the_clock_does_nothing(planned):
    apply_due(planned.morning - DAY)
    assert m.Reorganisation.objects.get().state == "planned"
    assert m.Centre.objects.live().count() == 3


def test_one_centre_goes_on_under_the_new_name_and_the_other_closes(planned):
    apply_due(planned.morning)
    goes_on, closed = planned.centres["a"], planned.centres["b"]
    goes_on.refresh_from_db()
    closed.refresh_from_db()
    assert (goes_on.name_vi, goes_on.slug) == ("Trung tâm Phục vụ hành chính công phường An Phát", "phuong-an-phat")
    assert (goes_on.place.name, goes_on.agency, goes_on.live) == ("Phường An Phát", heir(), True)
    assert not goes_on.has_unpublished_changes
    assert (closed.live, closed.live_revision) == (False, None)
    assert m.Reorganisation.objects.get().state == "applied"


def test_the_editors_form_holds_what_the_rule_wrote(planned):
    """Else the next publication would undo it."""
    apply_due(planned.morning)
    row = m.Centre.objects.get(pk=planned.centres["a"].pk)
    draft = row.get_latest_revision_as_object()
    assert (draft.name_vi, draft.place, draft.agency, draft.slug) == (row.name_vi, row.place, row.agency, row.slug)
    assert row.address == planned.centres["a"].address


def test_a_name_in_another_language_goes_with_the_old_name(planned):
    m.Centre.objects.filter(pk=planned.centres["a"].pk).update(name_en="Centre of Hoa An")
    apply_due(planned.morning)
    assert not m.Centre.objects.get(pk=planned.centres["a"].pk).name_en


def test_the_clock_runs_it(planned, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: planned.morning)
    told = clock.part("reorganisations").run(planned.morning)
    assert "0 can't yet" in told
    assert m.Reorganisation.objects.get().state == "applied"


def test_a_second_run_changes_nothing(planned):
    apply_due(planned.morning)
    before = [list(kind.objects.order_by("pk").values_list()) for kind in (m.Centre, m.Hotline, m.Agency, Redirect)]
    apply_due(planned.morning + RETRY)
    after = [list(kind.objects.order_by("pk").values_list()) for kind in (m.Centre, m.Hotline, m.Agency, Redirect)]
    assert before == after


def test_a_telephone_answers_for_the_new_centre(planned):
    apply_due(planned.morning)
    hotline = m.Hotline.objects.get(pk=planned.hotlines["b"].pk)
    assert hotline.centre == planned.centres["a"]
    assert hotline.get_latest_revision().content["centre"] == planned.centres["a"].pk
    assert m.Hotline.objects.get(pk=planned.hotlines["a"].pk).centre == planned.centres["a"]


def test_a_centre_becomes_a_point_with_its_address_and_hours(made, tmp_path):
    for weekday in range(5):
        m.OpeningHours.objects.create(
            centre=made.centres["b"], weekday=weekday, opens=dt.time(7, 30), closes=dt.time(17)
        )
    account = m.RevenueAccount.objects.create(centre=made.centres["b"], bank="DEMO", number="1", holder="DEMO")
    run(file_of(tmp_path, *MERGE, "trung tâm,điểm tiếp nhận,phuong-hoa-phat,"), made)
    apply_due(made.morning)
    point = m.ServicePoint.objects.get(centre=made.centres["a"])
    assert (point.name_vi, point.kind) == (made.centres["b"].name_vi, "reception")
    assert (point.address, point.hours.count()) == (made.centres["b"].address, 5)
    target = m.Centre.objects.get(pk=made.centres["a"].pk)
    assert target.get_latest_revision().content["points"][0]["pk"] == point.pk
    assert not m.Centre.objects.get(pk=made.centres["b"].pk).live
    account.refresh_from_db()
    assert account.valid_to == made.day


def test_old_addresses_lead_on_in_every_language(made, tmp_path):
    factories.make_pages()
    run(file_of(tmp_path, *MERGE), made)
    client = Client()
    assert client.get("/vi/trung-tam/phuong-hoa-phat/").status_code == 200
    apply_due(made.morning)
    for old in ("phuong-hoa-an", "phuong-hoa-phat"):
        for index in ("/vi/trung-tam/", "/en/centres/", "/ko/centres/"):
            response = client.get(f"{index}{old}/")
            assert (response.status_code, response.url) == (301, f"{index}phuong-an-phat/")
    assert client.get("/vi/trung-tam/xa-hoa-bac/").status_code == 200


def test_the_address_of_a_split_wards_centre_leads_to_its_old_name(made, tmp_path):
    """Which of several is somebody's depends on where they live."""
    factories.make_pages("vi")
    run(file_of(tmp_path, "xã,chia,101,111,Phường Đông", "xã,chia,101,112,Phường Tây"), made)
    apply_due(made.morning)
    response = Client().get("/vi/trung-tam/phuong-hoa-an/")
    assert response.status_code == 302
    assert response.url.startswith("/vi/noi-cu/?q=Ph")


def test_a_redirect_of_an_editor_stays(made, tmp_path):
    factories.make_pages("vi")
    Redirect.objects.create(old_path="/vi/trung-tam/phuong-hoa-phat", redirect_link="/vi/")
    run(file_of(tmp_path, *MERGE), made)
    apply_due(made.morning)
    assert Redirect.objects.get(old_path="/vi/trung-tam/phuong-hoa-phat").redirect_link == "/vi/"


def test_two_reorganisations_in_a_row_lead_to_what_stands_now(made, tmp_path):
    factories.make_pages("vi")
    run(file_of(tmp_path, *MERGE), made)
    apply_due(made.morning)
    first = made.day
    made.day = first + 10 * DAY
    lines = ("xã,sáp nhập,101,121,Phường Mới Nữa", "xã,sáp nhập,103,121")
    run(file_of(tmp_path, *lines, "trung tâm,tiếp tục,xa-hoa-bac,121", name="next.csv"), made, at=made.morning - DAY)
    apply_due(made.morning)
    client = Client()
    response = client.get("/vi/trung-tam/phuong-hoa-phat/", follow=True)
    assert [status for _url, status in response.redirect_chain] == [301]
    assert response.redirect_chain[-1][0] == "/vi/trung-tam/phuong-moi-nua/"
    assert client.get("/vi/trung-tam/phuong-an-phat/").url == "/vi/trung-tam/phuong-moi-nua/"
    assert m.Posting.objects.of(made.clerks["a"], made.day).get().agency.name_vi.endswith("phường Mới Nữa")


def draft_of(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.save_revision(user=User.objects.create_user("demo.editor"))


def test_an_open_draft_is_never_written_over_and_follows_once_it_is_settled(planned):
    draft_of(planned.centres["b"], address="12 Trần Phú")
    apply_due(planned.morning)
    centre = m.Centre.objects.get(pk=planned.centres["b"].pk)
    assert centre.live
    assert centre.get_latest_revision().content["address"] == "12 Trần Phú"
    assert "centre phuong-hoa-phat: it has an open draft" in conflicts()
    publish_draft(centre)
    apply_due(planned.morning + RETRY / 2)
    assert m.Centre.objects.get(pk=centre.pk).live  # Not every minute.
    apply_due(planned.morning + RETRY)
    assert not m.Centre.objects.get(pk=centre.pk).live
    assert "open draft" not in conflicts()


def publish_draft(row) -> None:
    """Settle a draft as its approval does."""
    revision = row.get_latest_revision()
    stored = type(row).objects.filter(pk=row.pk)
    stored.update(has_unpublished_changes=False, live_revision=revision, address=revision.content["address"])


def test_a_rerun_of_the_command_tries_again_too(made, tmp_path, monkeypatch):
    path = file_of(tmp_path, *MERGE)
    run(path, made)
    draft_of(made.centres["b"], address="12 Trần Phú")
    apply_due(made.morning)
    publish_draft(made.centres["b"])
    run(path, made, at=made.morning)
    assert not m.Centre.objects.get(pk=made.centres["b"].pk).live


@pytest.fixture
def procedure(made):
    row = factories.ProcedureFactory(code="DEMO.1", name_vi="DEMO thủ tục")
    m.Procedure.objects.filter(pk=row.pk).update(maintained_by=made.agencies["b"])
    return publish(m.Procedure.objects.get(pk=row.pk))


def maintained(row) -> m.Agency:
    return m.Procedure.objects.get(pk=row.pk).maintained_by


def test_the_text_of_a_procedure_is_kept_by_the_heir_in_row_and_revision(procedure, planned):
    apply_due(planned.morning)
    row = m.Procedure.objects.get(pk=procedure.pk)
    assert row.maintained_by == heir()
    assert row.get_latest_revision().content["maintained_by"] == heir().pk
    assert not row.has_unpublished_changes


def test_a_procedure_goes_to_the_heir_of_its_field(made, procedure, tmp_path):
    lines = (
        f"cơ quan,,DEMO.102,DEMO.101,,,,,,{procedure.field.name_vi},",
        "cơ quan,,DEMO.102,DEMO.103,,,,,,,",
    )
    run(file_of(tmp_path, *lines), made)
    apply_due(made.morning)
    assert maintained(procedure) == made.agencies["a"]


def with_draft(row, made):
    draft_of(row, short_name="Ngắn")


def with_proposal(row, made):
    propose("unpublish", row, by=User.objects.create_user("demo.proposer"), at=timezone.now())


def with_line(row, made):
    at = timezone.now()
    change_set = m.ChangeSet.objects.create(source="file", written_at=at, effective_on=made.day + 9 * DAY)
    m.ChangeLine.objects.create(change_set=change_set, procedure=row, code=row.code, effect="amended", written_at=at)


def with_version(row, made):
    factories.VersionFactory(
        procedure=row, number=9, effective_from=made.day + 30 * DAY, content={"name": "x"}, recorded_at=timezone.now()
    )


def with_lock(row, made):
    m.Procedure.objects.filter(pk=row.pk).update(locked=True)


@pytest.mark.parametrize("work", [with_draft, with_proposal, with_line, with_version, with_lock])
def test_work_on_a_procedure_keeps_it_as_it_is_and_is_told(work, procedure, planned):
    work(procedure, planned)
    apply_due(planned.morning)
    assert maintained(procedure) == planned.agencies["b"]
    assert "procedure DEMO.1" in conflicts()


def test_the_people_who_went_on_still_reach_what_could_not_follow(procedure, planned):
    """Somebody must finish the draft: whoever was its editor is posted to the heir by now."""
    editor = User.objects.create_user("demo.e")
    m.Posting.objects.create(user=editor, agency=heir(), role="publisher", valid_from=planned.day)
    with_draft(procedure, planned)
    apply_due(planned.morning)
    assert editing_reach(editor, planned.day).covers(planned.agencies["b"].pk)
    assert editor.pk in set(approvers_of(planned.agencies["b"].pk, planned.day).values_list("user", flat=True))
    again = User.objects.get(pk=editor.pk)
    assert not editing_reach(again, planned.day - DAY).covers(planned.agencies["b"].pk)


def test_who_decides_a_waiting_proposal_goes_with_the_agency(planned):
    waiting = m.Proposal.objects.create(
        kind_id=1, row=None, act="add", label="DEMO", agency=planned.agencies["b"], written_at=timezone.now()
    )
    decided = m.Proposal.objects.create(
        kind_id=1, row=None, act="add", label="DEMO", agency=planned.agencies["b"], written_at=timezone.now(),
        status="withdrawn", decided_at=timezone.now(), decided_by=User.objects.create_user("demo.d"),
    )  # fmt: skip
    apply_due(planned.morning)
    waiting.refresh_from_db()
    decided.refresh_from_db()
    assert (waiting.agency, decided.agency) == (heir(), planned.agencies["b"])


def test_agencies_below_stand_under_the_heir(made, tmp_path):
    below = factories.AgencyFactory(name_vi="Trạm", parent=made.agencies["b"], place=made.units["c"])
    run(file_of(tmp_path, *MERGE), made)
    apply_due(made.morning)
    below.refresh_from_db()
    assert below.parent == heir()


def test_notices_follow_but_what_shut_a_door_shuts_no_other(planned):
    later = planned.morning + 30 * DAY
    told = publish(factories.NoticeFactory(centre=planned.centres["b"], ends_at=later))
    shut = publish(factories.NoticeFactory(centre=planned.centres["b"], ends_at=later, closes_on=planned.day + DAY))
    apply_due(planned.morning)
    told.refresh_from_db()
    shut.refresh_from_db()
    assert (told.centre, shut.centre) == (planned.centres["a"], planned.centres["b"])


def test_what_a_centre_received_by_decision_the_new_one_receives(procedure, planned):
    field = factories.FieldFactory(slug="khac", name_vi="Khác")
    gets = m.CentreException.objects.create(centre=planned.centres["b"], procedure=procedure, receives=True)
    gets_not = m.CentreException.objects.create(centre=planned.centres["b"], field=field, receives=False)
    apply_due(planned.morning)
    gets.refresh_from_db()
    gets_not.refresh_from_db()
    assert (gets.centre, gets_not.centre) == (planned.centres["a"], planned.centres["b"])
    assert "exception Khác" in conflicts()


def test_a_new_place_without_a_centre_is_told(made, tmp_path):
    lines = ("xã,sáp nhập,101,130,Phường Không Mã Cũ", "xã,sáp nhập,102,130")
    report = run(file_of(tmp_path, *lines), made, dry_run=True)
    assert any("130" in each.key and "no centre goes on" in each.reason for each in report.conflicts)
    assert any("130" in each.key and "hotline" in each.reason for each in report.conflicts)


def test_cut_off_between_two_portions_it_is_resumed_and_nothing_is_done_twice(made, tmp_path, monkeypatch):
    """As when the machine stops in the middle: what was committed stays, the rest comes with the next minute."""
    monkeypatch.setattr(centres_follow, "AT_ONCE", 1)
    run(file_of(tmp_path, *MERGE), made)
    close = centres_follow._close

    def stop(*args, **kwargs):
        raise RuntimeError("the machine stops")

    monkeypatch.setattr(centres_follow, "_close", stop)
    apply_due(made.morning)
    assert m.Centre.objects.get(pk=made.centres["a"].pk).slug == "phuong-an-phat"
    assert m.Centre.objects.get(pk=made.centres["b"].pk).live
    plan = m.Reorganisation.objects.get()
    assert (plan.state, plan.report["failed"]) == ("planned", ["centres"])
    monkeypatch.setattr(centres_follow, "_close", close)
    apply_due(made.morning + dt.timedelta(minutes=1))
    assert not m.Centre.objects.get(pk=made.centres["b"].pk).live
    plan.refresh_from_db()
    assert (plan.state, plan.report["failed"], plan.report["followers"]["centres"]["moved"]) == ("applied", [], 1)


def test_one_that_fails_stops_no_other(planned, monkeypatch):
    monkeypatch.setattr(centres_follow, "_do", lambda *args, **kwargs: 1 / 0)
    below = factories.AgencyFactory(name_vi="Trạm", parent=planned.agencies["b"], place=planned.units["c"])
    apply_due(planned.morning)
    below.refresh_from_db()
    assert below.parent == heir()


def test_caches_and_search_hear_of_it_once(planned):
    heard = []
    catalogue_changed.connect(listener := (lambda **kwargs: heard.append(kwargs["sender"])))
    try:
        apply_due(planned.morning)
    finally:
        catalogue_changed.disconnect(listener)
    assert heard == [m.Reorganisation]


def test_the_place_finder_knows_an_old_name_from_the_day_on(made, tmp_path, monkeypatch):
    factories.make_pages("vi")
    run(file_of(tmp_path, *MERGE), made)
    client = Client()
    assert "Phường An Phát" not in client.get("/vi/noi-cu/?q=hoa phat").content.decode()
    apply_due(made.morning)
    m.AdministrativeUnit.objects.filter(valid_to=made.day).update(valid_to=timezone.localdate())
    m.AdministrativeUnit.objects.filter(valid_from=made.day).update(valid_from=timezone.localdate())
    m.UnitChange.objects.update(effective_on=timezone.localdate())
    page = client.get("/vi/noi-cu/?q=hoa phat").content.decode()
    assert "Phường Hòa Phát" in page
    assert "/vi/trung-tam/phuong-an-phat/" in page
    assert "Phường Hòa Phát" in client.get("/vi/trung-tam/phuong-an-phat/").content.decode()


def test_a_day_that_is_past_comes_into_force_at_once(made, tmp_path):
    made.day = timezone.localdate() - DAY
    m.AdministrativeUnit.objects.filter(level="commune").update(valid_from=None)
    run(file_of(tmp_path, *MERGE), made)
    assert m.Reorganisation.objects.get().state == "applied"
    assert not m.Centre.objects.get(pk=made.centres["b"].pk).live


def test_every_kind_has_its_own_name_and_the_catalogues_own_rows_stand_first():
    ranks = [follower.rank for follower in followers()]
    assert ranks == sorted(ranks)
    assert followers()[0].name == "places"


def test_the_command_on_the_day_prints_what_followed(made, tmp_path, capsys):
    path = file_of(tmp_path, *MERGE)
    m.AdministrativeUnit.objects.filter(level="commune").update(valid_from=None)
    call_command("reorganise", str(path), f"--effective={timezone.localdate().isoformat()}")
    out = capsys.readouterr().out
    assert "2 centres: follow" in out
    assert "0 conflicts" in out


def test_a_province_under_a_new_name_keeps_its_wards_and_its_committee(made, procedure, tmp_path):
    """What stands on lies in the new one from the day on; the wards' own rows stay what they are."""
    m.Procedure.objects.filter(pk=procedure.pk).update(province=made.province)
    run(file_of(tmp_path, "tỉnh,đổi tên,48,48,Thành phố Mới"), made)
    new = m.AdministrativeUnit.objects.get(level="province", valid_from=made.day)
    ward = m.AdministrativeUnit.objects.get(pk=made.units["a"].pk)
    assert (ward.parent, ward.valid_to) == (made.province, None)
    apply_due(made.morning)
    ward.refresh_from_db()
    assert (ward.parent, ward.province) == (new, new)
    top = m.Agency.objects.get(place=new)
    assert (top.name_vi, top.identifier) == ("Ủy ban nhân dân thành phố Mới", "DEMO.00")
    assert m.Agency.objects.get(pk=made.agencies["a"].pk).parent == top
    assert m.Procedure.objects.get(pk=procedure.pk).province == new
    assert m.Centre.objects.get(pk=made.centres["a"].pk).province == new
