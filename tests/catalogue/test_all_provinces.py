"""Every province's catalogue can be chosen by the one option."""

import pytest

from catalogue.loading.catalogue_file import belongs, read_catalogue
from catalogue.loading.provinces import get_home
from catalogue.models import AdministrativeUnit
from tests.catalogue.conftest import DATA, catalogue_rows, rows_of

pytestmark = pytest.mark.django_db
CODES = [row["code"] for row in rows_of("provinces.csv")]


@pytest.mark.parametrize("code", CODES)
def test_the_rows_of_a_province_are_the_national_ones_and_its_own(places, code):
    home = get_home(code)
    rows = [row for row in catalogue_rows().values() if belongs(row, home)]
    own = [row for row in rows if (row["issuer"] or "").startswith("UBND")]
    assert len(rows) - len(own) == 2_091
    assert all(row["issuer"].endswith(home.province.bare_name) for row in own)


def test_every_own_row_of_the_catalogue_belongs_to_exactly_one_province(places):
    homes = [get_home(code) for code in CODES]
    own = [row for row in catalogue_rows().values() if (row["issuer"] or "").startswith("UBND")]
    assert len(own) > 500
    assert {sum(home.is_issuer(row["issuer"]) for home in homes) for row in own} == {1}


def test_the_whole_catalogue_of_da_nang_is_read_without_a_refusal(places):
    found = read_catalogue(DATA / "procedures.jsonl.gz", DATA / "procedures_index.jsonl.gz", home=get_home("48"))
    rows = found.procedures
    assert not found.refused
    assert len(rows) == 2_091 + 17 + 56
    assert sum(row.is_own for row in rows) == 73
    assert sum(not row.parts["flags"]["has_details"] for row in rows) == 56


@pytest.mark.parametrize("code", CODES)
def test_centres_of_every_province_load(load, places, code):
    report = load("load_centres", DATA / "centres.jsonl", province=code, dry_run=True)
    communes = AdministrativeUnit.objects.filter(level="commune", province__code=code, valid_to=None).count()
    assert report["created"] == communes + 1
