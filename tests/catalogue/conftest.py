"""A small province of real rows: a few communes, a dozen procedures."""

from __future__ import annotations

import copy
import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from catalogue.loading.places import load_places
from catalogue.models import Procedure
from tests.catalogue.editing_cast import Cast, make_cast
from tests.keeping import Kept, kept

DATA = Path(__file__).resolve().parents[2] / "catalogue" / "data"
BIRTH, WORK_PERMIT, CUSTOMS, USD = "1.001193", "1.014199", "1.000014", "1.003460"
NATIONAL = (BIRTH, "1.000894", WORK_PERMIT, CUSTOMS, USD, "1.001612", "3.000333", "1.005136")


@cache
def catalogue_rows() -> dict[str, dict[str, Any]]:
    """Return all rows of the committed catalogue by code."""
    with gzip.open(DATA / "procedures.jsonl.gz", "rt", encoding="utf-8") as lines:
        return {row["code"]: row for row in map(json.loads, lines)}


def real(*codes: str) -> list[dict[str, Any]]:
    """Return copies of rows of the committed catalogue."""
    return [copy.deepcopy(catalogue_rows()[code]) for code in codes]


def own_code(province: str = "Đà Nẵng") -> str:
    """Return the code of a procedure that the province made itself."""
    rows = catalogue_rows().items()
    return next(code for code, row in rows if (row["issuer"] or "").startswith("UBND") and province in row["issuer"])


def write_jsonl(path: Path, rows: Iterable[dict[str, Any]]) -> Path:
    """Write rows as JSON lines."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of a committed table of units."""
    path = DATA / "units" / name
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if name.endswith(".gz") else packed).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    """Write rows as CSV with a heading."""
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


@pytest.fixture(scope="session")
def unit_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All provinces, and the communes of Đà Nẵng and of the special zones with what became of their forerunners."""
    folder = tmp_path_factory.mktemp("units")
    wards = rows_of("wards.csv.gz")
    kept = [row for row in wards if row["province_code"] in ("48", "22") or row["type"] == "đặc khu"]
    codes = {row["code"] for row in kept}
    changes = rows_of("ward_changes_2025.csv.gz")
    write_csv(folder / "provinces.csv", rows_of("provinces.csv"))
    write_csv(folder / "wards.csv", kept)
    write_csv(
        folder / "ward_changes_2025.csv",
        [row for row in changes if row["old_province_code"] in ("48", "49") and set(_new(row)) <= codes],
    )
    return folder


def _new(row: dict[str, str]) -> list[str]:
    return [code for code in row["new_ward_codes"].split("|") if code]


@pytest.fixture
def places(db: None, unit_folder: Path) -> None:
    """The small set of units, loaded."""
    load_places(unit_folder)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A catalogue of a dozen real procedures."""
    return write_jsonl(tmp_path / "sample.jsonl", real(*NATIONAL, own_code(), own_code("Đồng Nai")))


@pytest.fixture
def loaded(places: None, sample: Path) -> Path:
    """The sample, loaded for Đà Nẵng; returns its file."""
    call_command("load_procedures", str(sample), stdout=io.StringIO())
    return sample


Load = Callable[..., dict[str, Any]]


@pytest.fixture
def load(capsys: pytest.CaptureFixture[str]) -> Load:
    """Run a loader with --json; returns its counts, and all that it printed as `text`."""

    def run(command: str, *args: str | Path, **options: Any) -> dict[str, Any]:
        out = io.StringIO()
        call_command(command, *map(str, args), json=True, stdout=out, **options)
        lines = out.getvalue().strip().splitlines()
        return {**json.loads(lines[-1]), "text": "\n".join(lines[:-1])}

    return run


@pytest.fixture
def alter(tmp_path: Path) -> Callable[..., Path]:
    """Write the sample again with one row changed by a function."""

    def change(source: Path, code: str, edit: Callable[[dict[str, Any]], None]) -> Path:
        rows = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
        edit(next(row for row in rows if row["code"] == code))
        return write_jsonl(tmp_path / "altered.jsonl", rows)

    return change


def birth() -> Procedure:
    """Return the procedure of birth registration."""
    return Procedure.objects.get(code=BIRTH)


kept_cast = kept(make_cast)


@pytest.fixture
def cast(kept_cast: Kept, db: None) -> Cast:
    """Two wards, a row of each kind, and everybody who tries to edit."""
    made: Cast = kept_cast.copy()
    return made
