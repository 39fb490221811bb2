"""Old places lead to present ones: split, missing, islands, and one number on three levels."""

import csv
import datetime as dt

import pytest
from django.core.management.base import CommandError

from catalogue.loading.place_files import read_places
from catalogue.models import AdministrativeUnit, UnitChange
from tests.catalogue.conftest import DATA, rows_of, write_csv

pytestmark = pytest.mark.django_db
NEW = dt.date(2025, 7, 1)


def old(code, level="commune"):
    return AdministrativeUnit.objects.get(level=level, code=code, valid_from=None)


def test_the_committed_tables_hold_every_unit_of_the_country():
    places = read_places(DATA / "units")
    levels = [(key[0], key[2]) for key in places.units]
    counted = {pair: levels.count(pair) for pair in set(levels)}
    assert counted == {
        ("province", True): 34,
        ("province", False): 63,
        ("district", False): 696,
        ("commune", False): 10_051,
        ("commune", True): 3_321,
    }
    assert not places.refused
    assert sum(change.new is None for change in places.changes.values()) == 28


def test_a_first_load_creates_and_a_rerun_changes_nothing(load, unit_folder):
    first = load("load_places", unit_folder)
    again = load("load_places", unit_folder)
    assert first["created"] > 500
    assert first["refused"] == first["conflicts"] == 0
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, first["created"])


def test_one_number_is_a_province_a_district_and_a_commune_of_two_times(places):
    rows = AdministrativeUnit.objects.filter(code="48").values_list("level", "valid_from", "valid_to")
    assert ("province", None, NEW) in rows
    assert ("province", NEW, None) in rows
    both = AdministrativeUnit.objects.filter(level="commune", code="20194").order_by("valid_from")
    assert both.count() == 2
    assert set(both.values_list("valid_to", flat=True)) == {None, NEW}


def test_provinces_that_merged_lead_to_the_present_one(places):
    assert old("49", "province").became.get().new.name == "Thành phố Đà Nẵng"


def test_a_split_commune_names_each_heir(places):
    change = UnitChange.objects.filter(old__level="commune", is_split=True, is_complete=True).first()
    assert change.old.became.count() > 1
    assert all(row.is_split for row in change.old.became.all())


def test_a_commune_whose_heir_the_source_does_not_name_is_incomplete(places):
    change = old("20674").became.get()
    assert (change.new, change.is_complete) == (None, False)


def test_split_with_one_code_is_incomplete(tmp_path):
    rows = rows_of("ward_changes_2025.csv.gz")
    lonely = next(
        row for row in rows if row["split"] == "1" and row["new_ward_codes"] and "|" not in row["new_ward_codes"]
    )
    write_csv(tmp_path / "provinces.csv", rows_of("provinces.csv"))
    write_csv(tmp_path / "wards.csv", rows_of("wards.csv.gz"))
    write_csv(tmp_path / "ward_changes_2025.csv", [lonely])
    places = read_places(tmp_path)
    (change,) = [
        change for change in places.changes.values() if change.old == ("commune", lonely["old_ward_code"], False)
    ]
    assert (change.is_split, change.is_complete) == (True, False)


def test_island_districts_without_communes_lead_to_their_special_zones(places):
    rows = UnitChange.objects.filter(old__level="district").values_list("old__name", "new__name")
    assert sorted(rows) == [
        (f"Huyện {name}", f"Đặc khu {name}") for name in ("Bạch Long Vĩ", "Côn Đảo", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn")
    ]


def test_a_dry_run_writes_nothing(load, unit_folder):
    assert load("load_places", unit_folder, dry_run=True)["created"] > 500
    assert not AdministrativeUnit.objects.exists()


def test_a_renamed_unit_is_changed_and_named(load, places, unit_folder):
    AdministrativeUnit.objects.filter(level="commune", code="20194", valid_to=None).update(name="Phường Khác")
    report = load("load_places", unit_folder)
    assert (report["created"], report["changed"]) == (0, 1)
    assert "commune/20194: name" in report["text"]


def altered(source, target, code, **values):
    """Write the folder's files again with one row of the changes altered."""
    for name in ("provinces.csv", "wards.csv"):
        (target / name).write_bytes((source / name).read_bytes())
    with (source / "ward_changes_2025.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    next(row for row in rows if row["old_ward_code"] == code).update(values)
    write_csv(target / "ward_changes_2025.csv", rows)
    return target


def heirs(code):
    links = UnitChange.objects.filter(old__level="commune", old__code=code)
    return set(links.values_list("new__code", "is_split", "is_complete"))


def whole_change():
    """An old commune that went whole to one of today, and another one of today."""
    change = UnitChange.objects.filter(old__level="commune", is_split=False, new__isnull=False).first()
    other = AdministrativeUnit.objects.filter(level="commune", valid_to=None).exclude(pk=change.new_id).first()
    return change.old.code, change.new, other


def test_an_heir_that_changed_in_the_file_takes_the_place_of_the_one_before(load, places, unit_folder, tmp_path):
    code, before, after = whole_change()
    count = UnitChange.objects.count()
    folder = altered(unit_folder, tmp_path, code, new_ward_codes=after.code)
    report = load("load_places", folder)
    assert (report["created"], report["changed"], report["conflicts"]) == (0, 1, 0)
    assert f"changed   commune/{code}: became" in report["text"]
    assert heirs(code) == {(after.code, False, True)}
    assert UnitChange.objects.count() == count
    again = load("load_places", folder)
    assert (again["created"], again["changed"]) == (0, 0)
    back = load("load_places", unit_folder)
    assert back["changed"] == 1
    assert heirs(code) == {(before.code, False, True)}


def test_one_heir_that_became_two_is_one_change_with_the_right_marks(load, places, unit_folder, tmp_path):
    code, before, after = whole_change()
    folder = altered(unit_folder, tmp_path, code, new_ward_codes=f"{before.code}|{after.code}", split="1")
    report = load("load_places", folder)
    assert (report["created"], report["changed"]) == (0, 1)
    assert heirs(code) == {(before.code, True, True), (after.code, True, True)}


def test_a_dry_run_shows_both_heirs_and_leaves_the_first(load, places, unit_folder, tmp_path):
    code, before, after = whole_change()
    report = load("load_places", altered(unit_folder, tmp_path, code, new_ward_codes=after.code), dry_run=True)
    assert f"{before.name} → {after.name}" in report["text"]
    assert heirs(code) == {(before.code, False, True)}


def test_a_refused_row_takes_no_heir_away(load, places, unit_folder, tmp_path):
    code, before, _after = whole_change()
    report = load("load_places", altered(unit_folder, tmp_path, code, new_ward_codes="123456"))
    assert (report["changed"], report["refused"]) == (0, 1)
    assert heirs(code) == {(before.code, False, True)}


def test_a_unit_that_the_file_does_not_name_keeps_its_heirs(load, places, unit_folder, tmp_path):
    code, before, _after = whole_change()
    folder = altered(unit_folder, tmp_path, code)
    path = folder / "ward_changes_2025.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(f"{code},")), encoding="utf-8")
    assert load("load_places", folder)["changed"] == 0
    assert heirs(code) == {(before.code, False, True)}


def test_rows_that_name_unknown_units_are_refused_with_their_numbers(load, tmp_path, unit_folder):
    write_csv(tmp_path / "provinces.csv", rows_of("provinces.csv"))
    wards = [{"code": "1", "name": "Phường Một", "type": "phường", "province_code": "99"}]
    write_csv(tmp_path / "wards.csv", wards)
    row = rows_of("ward_changes_2025.csv.gz")[0] | {"new_ward_codes": "123456"}
    write_csv(tmp_path / "ward_changes_2025.csv", [row])
    report = load("load_places", tmp_path)
    assert report["refused"] == 2
    assert "row 2 (1): unknown province 99" in report["text"]
    assert "unknown present commune 123456" in report["text"]


def test_a_folder_without_the_files_is_a_clear_error(load, tmp_path):
    with pytest.raises(CommandError, match=r"neither provinces\.csv nor provinces\.csv\.gz.*Nothing was loaded"):
        load("load_places", tmp_path)


def test_a_file_with_other_columns_is_a_clear_error(load, tmp_path):
    (tmp_path / "provinces.csv").write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="has no column code"):
        load("load_places", tmp_path)
    assert not AdministrativeUnit.objects.exists()
