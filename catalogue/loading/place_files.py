"""The files of administrative units before and since 1 July 2025."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from catalogue.loading.reading import UntrustedFileError, read_csv
from catalogue.loading.report import Refusal
from catalogue.text import nfc

PROVINCE, DISTRICT, COMMUNE = "province", "district", "commune"
Key = tuple[str, str, bool]
"""Level, code, and whether it is a unit of today."""

# The conversion table leaves out the districts that had no communes: statistics office's codes and names.
ISLAND_DISTRICTS = (
    ("318", "Huyện Bạch Long Vĩ", "31"),
    ("471", "Huyện Cồn Cỏ", "45"),
    ("498", "Huyện Hoàng Sa", "48"),
    ("536", "Huyện Lý Sơn", "51"),
    ("755", "Huyện Côn Đảo", "77"),
)
_KINDS = ("Thành phố", "Thị xã", "Thị trấn", "Đặc khu", "Phường", "Quận", "Huyện", "Tỉnh", "Xã")


@dataclass(frozen=True)
class ParsedUnit:
    """A unit as the files give it; `parent` and `province` are keys of units of the same time."""

    key: Key
    name: str
    kind: str
    parent: Key | None = None
    province: Key | None = None


@dataclass(frozen=True)
class ParsedChange:
    """An old unit and what it became; `new` is None where the source names none."""

    old: Key
    new: Key | None
    is_split: bool = False
    is_complete: bool = True


@dataclass
class ParsedPlaces:
    """All units and changes of the three files."""

    units: dict[Key, ParsedUnit] = field(default_factory=dict)
    changes: dict[tuple[Key, Key | None], ParsedChange] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    doubtful: set[Key] = field(default_factory=set)
    """Old units of refused rows: what is known of them already is better than what is left of the row."""

    def add(self, unit: ParsedUnit) -> None:
        """Keep a unit; the first spelling of a repeated one stays."""
        self.units.setdefault(unit.key, unit)

    def join(self, change: ParsedChange) -> None:
        """Keep a change; a repeated one stays once."""
        self.changes.setdefault((change.old, change.new), change)


def read_places(folder: Path) -> ParsedPlaces:
    """Read the three unit files of a folder, plain or gzip; rows that name unknown units are refused."""
    places = ParsedPlaces()
    _read_provinces(places, find_file(folder, "provinces.csv"))
    _read_communes(places, find_file(folder, "wards.csv"))
    _read_changes(places, find_file(folder, "ward_changes_2025.csv"))
    _add_islands(places)
    return places


def province_codes(folder: Path) -> set[str]:
    """Return the codes of the provinces of today, from the file in a folder of the unit files."""
    rows = read_csv(find_file(folder, "provinces.csv"), ("code",))
    return {line.data["code"] for line in rows if line.data and line.data["code"].isdecimal()}


def find_file(folder: Path, name: str) -> Path:
    """Return the file of this name, or its gzip."""
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    raise UntrustedFileError(f"{folder} holds neither {name} nor {name}.gz: give the folder of the unit files.")


def _read_provinces(places: ParsedPlaces, path: Path) -> None:
    for line in read_csv(path, ("code", "name", "type", "legacy_codes", "legacy_names")):
        row = line.data
        if row is None or not row["code"] or not row["name"]:
            places.refused.append(Refusal(line.number, line.reason or "a province without code or name"))
            continue
        key = (PROVINCE, row["code"], True)
        places.add(ParsedUnit(key, nfc(row["name"]), nfc(row["type"])))
        codes, names = row["legacy_codes"].split("|"), row["legacy_names"].split("|")
        for code, name in zip(codes, names, strict=False):
            old = (PROVINCE, code, False)
            places.add(ParsedUnit(old, nfc(name), kind_of(name)))
            places.join(ParsedChange(old, key))


def _read_communes(places: ParsedPlaces, path: Path) -> None:
    for line in read_csv(path, ("code", "name", "type", "province_code")):
        row = line.data
        if row is None or not row["code"] or not row["name"]:
            places.refused.append(Refusal(line.number, line.reason or "a commune without code or name"))
            continue
        province = (PROVINCE, row["province_code"], True)
        if province not in places.units:
            places.refused.append(Refusal(line.number, f"unknown province {row['province_code']}", row["code"]))
            continue
        places.add(
            ParsedUnit((COMMUNE, row["code"], True), _capital(row["name"]), nfc(row["type"]), province, province)
        )


def _read_changes(places: ParsedPlaces, path: Path) -> None:
    columns = ("old_ward_code", "old_ward_name", "old_district_code", "old_district_name", "old_province_code")
    for line in read_csv(path, (*columns, "new_ward_codes", "split")):
        row = line.data
        if row is None or not all(row[column] for column in columns):
            places.refused.append(Refusal(line.number, line.reason or "an old commune without code or name"))
            continue
        province = (PROVINCE, row["old_province_code"], False)
        if province not in places.units:
            places.refused.append(
                Refusal(line.number, f"unknown old province {row['old_province_code']}", row["old_ward_code"])
            )
            continue
        _add_old_commune(places, line.number, row, province)


def _add_old_commune(places: ParsedPlaces, number: int, row: dict[str, str], province: Key) -> None:
    district = (DISTRICT, row["old_district_code"], False)
    name = nfc(row["old_district_name"])
    places.add(ParsedUnit(district, name, kind_of(name), province, province))
    key, name = (COMMUNE, row["old_ward_code"], False), nfc(row["old_ward_name"])
    places.add(ParsedUnit(key, name, kind_of(name), district, province))
    codes = [code for code in row["new_ward_codes"].split("|") if code]
    unknown = [code for code in codes if (COMMUNE, code, True) not in places.units]
    if unknown:
        places.refused.append(Refusal(number, f"unknown present commune {', '.join(unknown)}", row["old_ward_code"]))
        places.doubtful.add(key)
    known = [code for code in codes if code not in unknown]
    is_split = row["split"] == "1"
    is_complete = not unknown and bool(known) and not (is_split and len(known) == 1)
    news: list[Key | None] = [(COMMUNE, code, True) for code in known]
    for new in news or [None]:
        places.join(ParsedChange(key, new, is_split, is_complete))


def _add_islands(places: ParsedPlaces) -> None:
    """Add the island districts without communes, each to the special zone of its name."""
    zones = {unit.name.removeprefix("Đặc khu "): unit.key for unit in places.units.values() if unit.kind == "đặc khu"}
    for code, name, province_code in ISLAND_DISTRICTS:
        province, key = (PROVINCE, province_code, False), (DISTRICT, code, False)
        zone = zones.get(name.removeprefix("Huyện "))
        if province not in places.units or zone is None:
            continue
        places.add(ParsedUnit(key, name, kind_of(name), province, province))
        if not any(unit.parent == key for unit in places.units.values()):
            places.join(ParsedChange(key, zone))


def _capital(name: str) -> str:
    """Return the name with its first letter as a capital: one row says «xã Bắc Sơn»."""
    cleaned = nfc(name)
    return cleaned[:1].upper() + cleaned[1:]


def kind_of(name: str) -> str:
    """Return the kind that a name begins with, in lower case: «quận»."""
    cleaned = nfc(name)
    return next((kind.lower() for kind in _KINDS if cleaned.startswith(kind + " ")), "")
