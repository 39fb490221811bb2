"""A commune without a published address has its centre too; two provinces have branches."""

import pytest

from catalogue.models import AdministrativeUnit, Centre
from tests.catalogue.conftest import DATA, write_jsonl

pytestmark = pytest.mark.django_db
FILE = DATA / "centres.jsonl"


def row(**changes):
    return {
        "name": "Trung tâm Phục vụ hành chính công phường Hải Châu",
        "level": "xã",
        "province": "Thành phố Đà Nẵng",
        "commune": "Phường Hải Châu",
        "address": "76 Quang Trung",
        "phone": "0236 3821 296",
        "source_repo": "x",
        "source_path": "y",
        "source_date": "2026-01-02",
        "note": "lat 16.06372834024789, lng 108.22247219553093; population 1",
    } | changes


def test_every_commune_and_the_province_has_its_centre_and_a_rerun_changes_nothing(load, places):
    first = load("load_centres", FILE)
    again = load("load_centres", FILE)
    assert (first["created"], first["refused"]) == (95, 0)
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 95)
    assert Centre.objects.get(level="province").slug == "thanh-pho-da-nang"


def test_name_address_coordinates_and_slug_are_read(load, places, tmp_path):
    load("load_centres", write_jsonl(tmp_path / "c.jsonl", [row()]))
    centre = Centre.objects.get(slug="phuong-hai-chau")
    assert centre.name_vi == "Trung tâm Phục vụ hành chính công phường Hải Châu"
    assert (centre.address, centre.phone) == ("76 Quang Trung", "0236 3821 296")
    assert (f"{centre.latitude:.3f}", f"{centre.longitude:.3f}") == ("16.064", "108.222")
    assert centre.live
    assert centre.live_revision.content["name_vi"] == centre.name_vi


def test_a_commune_without_a_published_address_still_has_its_centre(load, places, tmp_path):
    load("load_centres", write_jsonl(tmp_path / "c.jsonl", [row()]))
    centre = Centre.objects.get(slug="phuong-cam-le")
    assert (centre.address, centre.latitude, centre.live) == ("", None, True)


def test_quang_ninh_has_branches_of_its_provincial_centre(load, places):
    load("load_centres", FILE, province="22")
    parent = Centre.objects.get(province__code="22", level="province")
    branches = Centre.objects.filter(province__code="22", level="branch")
    communes = AdministrativeUnit.objects.filter(level="commune", province__code="22", valid_to=None)
    assert branches.count() == communes.count() == 54
    assert set(branches.values_list("parent", flat=True)) == {parent.pk}
    assert branches.first().name_vi.startswith("Chi nhánh Trung tâm Phục vụ hành chính công ")


def test_two_provinces_with_a_commune_of_one_name_have_two_addresses(load, places):
    load("load_centres", FILE)
    unit = AdministrativeUnit.objects.filter(level="commune", province__code="22", valid_to=None).first()
    AdministrativeUnit.objects.filter(pk=unit.pk).update(name="Phường Hải Châu")
    load("load_centres", FILE, province="22")
    assert Centre.objects.get(place=unit).slug == f"phuong-hai-chau-{unit.code}"


def test_a_changed_address_changes_one_centre_and_names_the_field(load, places, tmp_path):
    load("load_centres", write_jsonl(tmp_path / "c.jsonl", [row()]))
    report = load("load_centres", write_jsonl(tmp_path / "c.jsonl", [row(address="80 Lê Lợi")]))
    assert (report["changed"], report["unchanged"]) == (1, 94)
    assert "phuong-hai-chau: address" in report["text"]
    centre = Centre.objects.get(slug="phuong-hai-chau")
    assert (centre.address, centre.latest_revision.content["address"]) == ("80 Lê Lợi", "80 Lê Lợi")


def test_an_address_published_later_fills_the_empty_one(load, places, tmp_path):
    load("load_centres", write_jsonl(tmp_path / "none.jsonl", [row(commune="Phường Cẩm Lệ")]))
    report = load("load_centres", write_jsonl(tmp_path / "c.jsonl", [row()]))
    assert report["changed"] == 1
    assert Centre.objects.get(slug="phuong-cam-le").address == "76 Quang Trung"


def test_an_editors_address_is_kept_and_a_clash_is_a_conflict(load, places, tmp_path):
    file = write_jsonl(tmp_path / "c.jsonl", [row()])
    load("load_centres", file)
    Centre.objects.filter(slug="phuong-hai-chau").update(address="Số của biên tập viên")
    assert load("load_centres", file)["conflicts"] == 0
    report = load("load_centres", write_jsonl(tmp_path / "c.jsonl", [row(address="80 Lê Lợi")]))
    assert (report["changed"], report["conflicts"]) == (0, 1)
    assert "[address]" in report["text"]
    assert Centre.objects.get(slug="phuong-hai-chau").address == "Số của biên tập viên"


def test_an_open_draft_is_a_conflict(load, places, tmp_path):
    load("load_centres", write_jsonl(tmp_path / "c.jsonl", [row()]))
    Centre.objects.get(slug="phuong-hai-chau").save_revision(clean=False)
    report = load("load_centres", write_jsonl(tmp_path / "c.jsonl", [row(address="80 Lê Lợi")]))
    assert (report["changed"], report["conflicts"]) == (0, 1)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"commune": "Phường Không Có"}, "has no commune «Phường Không Có»"),
        ({"province": "Tỉnh Quảng Nam"}, "there is no province «Tỉnh Quảng Nam»"),
        ({"note": "lat 48.85, lng 2.35"}, "isn't in Việt Nam"),
        ({"phone": "gọi cô Lan"}, "isn't a telephone number"),
        ({"address": 7}, "address is int, not str"),
        ({"commune": None}, "name, province or commune is empty"),
    ],
)
def test_a_bad_row_is_refused_with_its_number_and_reason(load, places, tmp_path, change, reason):
    rows = [row(commune="Phường Cẩm Lệ"), row(**change)]
    report = load("load_centres", write_jsonl(tmp_path / "c.jsonl", rows))
    assert (report["created"], report["refused"]) == (95, 1)
    assert "refused   row 2" in report["text"]
    assert reason in report["text"]


def test_a_dry_run_writes_nothing(load, places):
    assert load("load_centres", FILE, dry_run=True)["created"] == 95
    assert not Centre.objects.exists()
