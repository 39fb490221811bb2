"""Planning: dated rows are there before the day, count from it, and go again when the plan is taken back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone, translation

from catalogue import models as m
from catalogue.loading.output import LoadError
from catalogue.reorganising.planning import Source
from catalogue.reorganising.reorganise import take_back
from portal.models import User
from portal.officers.loading import load_officers
from tests import factories
from tests.catalogue.reorganising_cast import MERGE, file_of, make_province, run

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def made():
    return make_province()


def withdraw(path, made, at=None):
    with translation.override("vi"):
        return take_back(Source(path), made.day, at=at or timezone.now())


def everything() -> dict[str, list[tuple]]:
    """Return every row that a plan could touch."""
    kinds = (m.AdministrativeUnit, m.UnitChange, m.Agency, m.AgencySuccession, m.Posting, m.ProvinceProcedure, m.Centre)
    return {kind.__name__: list(kind.objects.order_by("pk").values_list()) for kind in kinds}


def test_two_wards_merge_with_their_committees_and_people(made, tmp_path):
    run(file_of(tmp_path, *MERGE), made)
    new = m.AdministrativeUnit.objects.get(valid_from=made.day)
    assert (new.code, new.name, new.kind, new.province, new.folded_name) == (
        "101", "Phường An Phát", "phường", made.province, "phuong an phat",
    )  # fmt: skip
    assert m.AdministrativeUnit.objects.on(made.day).filter(level="commune").count() == 2
    assert m.AdministrativeUnit.objects.on(made.day - DAY).filter(level="commune").count() == 3
    heir = m.Agency.objects.get(valid_from=made.day)
    assert (heir.name_vi, heir.place, heir.parent) == ("Ủy ban nhân dân phường An Phát", new, made.top)
    assert set(heir.predecessions.values_list("agency", "area")) == {
        (made.agencies["a"].pk, None), (made.agencies["b"].pk, None),
    }  # fmt: skip
    for letter in "ab":
        before = m.Posting.objects.of(made.clerks[letter], made.day - DAY).get()
        after = m.Posting.objects.of(made.clerks[letter], made.day).get()
        assert (before.agency, after.agency) == (made.agencies[letter], heir)
        assert (after.role, after.title, after.valid_to) == ("clerk", "DEMO", None)


def test_nothing_but_dates_is_touched_before_the_day(made, tmp_path):
    before = list(m.Centre.objects.order_by("pk").values_list())
    run(file_of(tmp_path, *MERGE), made)
    assert list(m.Centre.objects.order_by("pk").values_list()) == before


def test_a_dry_run_says_what_would_follow_and_writes_nothing(made, tmp_path):
    before = everything()
    report = run(file_of(tmp_path, *MERGE), made, dry_run=True)
    words = "\n".join(report.lines(with_diff=True))
    assert "Phường Hòa Phát → Phường An Phát" in words
    assert "2 centres" in words
    assert "phuong-hoa-phat closes" in words
    assert everything() == before
    assert not m.Reorganisation.objects.exists()


def test_a_rerun_changes_nothing(made, tmp_path):
    path = file_of(tmp_path, *MERGE)
    run(path, made)
    before = everything()
    report = run(path, made)
    assert (report.created, report.changed) == (0, [])
    assert everything() == before
    assert m.Reorganisation.objects.count() == 1


@pytest.mark.parametrize("portion", [1, 1000])
def test_a_plan_is_taken_back_whole(made, tmp_path, monkeypatch, portion):
    """In portions too: a new province protects itself from going before its wards."""
    monkeypatch.setattr("catalogue.reorganising.posts.AT_ONCE", portion)
    above = ("tỉnh,đổi tên,48,48,Thành phố Mới", *MERGE)
    before, path = everything(), file_of(tmp_path, *above)
    run(path, made)
    assert everything() != before
    withdraw(path, made)
    assert everything() == before
    assert m.Reorganisation.objects.get().state == "withdrawn"
    run(path, made)  # And it may be planned again.


def test_a_corrected_file_replaces_the_plan_of_the_same_day(made, tmp_path):
    run(file_of(tmp_path, *MERGE), made)
    report = run(file_of(tmp_path, *MERGE[:1], "xã,sáp nhập,103,101", name="corrected.csv"), made)
    assert "replaces" in " ".join(report.notes)
    assert set(m.UnitChange.objects.values_list("old__code", "new__name")) == {
        ("101", "Phường An Phát"), ("103", "Phường An Phát"),
    }  # fmt: skip
    made.units["b"].refresh_from_db()
    assert made.units["b"].valid_to is None


def test_what_somebody_built_on_it_keeps_it_from_being_taken_back(made, tmp_path):
    path = file_of(tmp_path, *MERGE)
    run(path, made)
    heir = m.Agency.objects.get(valid_from=made.day)
    user = User.objects.create_user("demo.new")
    post = m.Posting.objects.create(user=user, agency=heir, role="handler", valid_from=made.day)
    with pytest.raises(LoadError, match=r"stands on it: .*demo\.new"):
        withdraw(path, made)
    assert m.Agency.objects.filter(pk=heir.pk).exists()
    post.delete()
    withdraw(path, made)


def test_nothing_is_taken_back_on_the_day(made, tmp_path):
    path = file_of(tmp_path, *MERGE)
    run(path, made)
    with pytest.raises(LoadError, match="in force"):
        withdraw(path, made, at=made.morning)


def test_a_posting_that_somebody_ended_since_stays_ended_when_the_plan_goes(made, tmp_path):
    path = file_of(tmp_path, *MERGE)
    run(path, made)
    left = timezone.localdate() + DAY
    m.Posting.objects.filter(user=made.clerks["a"], agency=made.agencies["a"]).update(valid_to=left)
    withdraw(path, made)
    assert m.Posting.objects.get(user=made.clerks["a"]).valid_to == left


def test_a_posting_that_ends_before_the_day_isnt_continued(made, tmp_path):
    last = timezone.localdate() + DAY
    m.Posting.objects.filter(user=made.clerks["a"]).update(valid_to=last)
    run(file_of(tmp_path, *MERGE), made)
    assert m.Posting.objects.get(user=made.clerks["a"]).valid_to == last


SPLIT = (
    "xã,chia,101,111,Phường Hòa An Đông",
    "xã,chia,101,112,Phường Hòa An Tây",
)


def test_people_of_a_split_ward_are_never_guessed(made, tmp_path):
    report = run(file_of(tmp_path, *SPLIT), made)
    told = [conflict for conflict in report.conflicts if conflict.key.startswith("posting demo.a")]
    assert len(told) == 1
    assert "several agencies take over" in told[0].reason
    assert m.Posting.objects.get(user=made.clerks["a"]).valid_to is None
    rows = m.AgencySuccession.objects.filter(agency=made.agencies["a"])
    assert set(rows.values_list("area__name", flat=True)) == {"Phường Hòa An Đông", "Phường Hòa An Tây"}
    assert m.UnitChange.objects.filter(old=made.units["a"], is_split=True).count() == 2


def test_a_line_of_the_person_says_where_it_is(made, tmp_path):
    name = "Ủy ban nhân dân phường Hòa An Tây"
    run(file_of(tmp_path, *SPLIT, f"cán bộ,,demo.a,{name}"), made)
    assert m.Posting.objects.of(made.clerks["a"], made.day).get().agency.name_vi == name
    assert m.Posting.objects.of(made.clerks["a"], made.day - DAY).get().agency == made.agencies["a"]


def test_an_officers_list_can_name_the_new_agency_before_the_day(made, tmp_path):
    """Clerks too: its centre goes on there from the day on."""
    founded = "cơ quan,thành lập,,DEMO.111,Ủy ban nhân dân phường An Phát,DEMO.00,,uy-ban-nhan-dan-cap-xa,101,,"
    run(file_of(tmp_path, *MERGE, founded), made)
    heir = m.Agency.objects.get(identifier="DEMO.111")
    assert heir.predecessions.count() == 2
    listed = tmp_path / "officers.csv"
    listed.write_text(
        f"tài khoản,họ và tên,mã cơ quan,vai trò,từ ngày,đến ngày\ndemo.x,DEMO X,DEMO.111,clerk,{made.day:%d/%m/%Y},\n",
        "utf-8",
    )
    report = load_officers(listed, at=timezone.now())
    assert not report.refused
    assert m.Posting.objects.get(user__username="demo.x").agency == heir


def test_a_new_name_keeps_the_identifier_from_the_day_on(made, tmp_path):
    from catalogue.reorganising.applying import apply_due

    run(file_of(tmp_path, "cơ quan,đổi tên,DEMO.103,,Ủy ban nhân dân xã Hòa Bắc (mới)"), made)
    new = m.Agency.objects.get(valid_from=made.day)
    assert (new.identifier, new.role, new.place) == (None, made.agencies["c"].role, made.units["c"])
    apply_due(made.morning)
    new.refresh_from_db()
    made.agencies["c"].refresh_from_db()
    assert (new.identifier, made.agencies["c"].identifier) == ("DEMO.103", None)


def test_an_abolished_agency_ends_with_its_postings(made, tmp_path):
    run(file_of(tmp_path, "cơ quan,giải thể,DEMO.103,"), made)
    assert m.Posting.objects.get(user=made.clerks["c"]).valid_to == made.day
    made.agencies["c"].refresh_from_db()
    assert made.agencies["c"].valid_to == made.day


def test_the_provinces_decisions_go_on_with_the_heir_from_the_day_on(made, tmp_path):
    procedure = factories.ProcedureFactory()
    decision = factories.DecisionFactory()
    m.ProvinceProcedure.objects.create(
        procedure=procedure, province=made.province, decision=decision, agency=made.agencies["b"], fee_text="DEMO"
    )
    run(file_of(tmp_path, *MERGE), made)
    before, after = m.ProvinceProcedure.objects.order_by("pk")
    assert (before.valid_to, after.valid_from, after.fee_text) == (made.day, made.day, "DEMO")
    assert after.agency == m.Agency.objects.get(valid_from=made.day)


def test_an_agency_of_an_ended_place_that_nobody_takes_over_goes_on_and_is_told(made, tmp_path):
    office = factories.AgencyFactory(name_vi="Đội thuế", place=made.units["a"], identifier="DEMO.T1")
    report = run(file_of(tmp_path, *MERGE), made)
    assert any("Đội thuế" in conflict.key for conflict in report.conflicts)
    office.refresh_from_db()
    assert office.valid_to is None


def test_a_file_for_the_places_that_are_known_already_makes_them_not_again(made, tmp_path):
    run(file_of(tmp_path, *MERGE), made)
    m.Reorganisation.objects.update(state="applied", applied_at=timezone.now())
    report = run(file_of(tmp_path, *MERGE, "cơ quan,giải thể,DEMO.103,", name="second.csv"), made)
    assert report.created == 0
    assert m.AdministrativeUnit.objects.filter(valid_from=made.day).count() == 1
    assert m.Agency.objects.filter(valid_from=made.day).count() == 1
