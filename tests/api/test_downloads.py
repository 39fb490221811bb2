"""Whole tables: complete, safe in a spreadsheet, with licence and day."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.models import UnitChange
from catalogue.models.places import TWO_TIER_FROM
from portal.api import building, snapshots
from portal.api.tables import TABLES
from portal.api.writing import cell
from tests import factories
from tests.api.conftest import full_procedures
from tests.factories import ProcedureFactory

pytestmark = pytest.mark.django_db
START = "/api/v1/downloads/"


def rows(client, name: str) -> list[dict[str, str]]:
    text = client.get(f"{START}{name}.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture
def one_of_each():
    full_procedures(1)
    hotline = factories.HotlineFactory()
    factories.AgencyFactory()
    old = factories.CommuneFactory(old=True, code="1", name="Xã Cũ")
    UnitChange.objects.create(old=old, new=hotline.centre.place, effective_on=TWO_TIER_FROM)


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_rows_of_its_columns_in_both_forms(client, one_of_each, name):
    answer = client.get(f"{START}{name}.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    header, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert header == [column.name for column in TABLES[name].columns]
    assert lines
    assert {len(line) for line in lines} == {len(header)}
    found = client.get(f"{START}{name}.json").json()
    assert found["licence"]["name"] == "CC-BY-4.0"
    assert found["generated_on"] == timezone.localdate().isoformat()
    assert "Cổng Dịch vụ công quốc gia" in found["source"]["origin"]
    assert len(found[name]) == len(lines)


@pytest.mark.parametrize("name", TABLES)
def test_cells_hold_the_types_that_the_package_promises(client, one_of_each, name):
    read = {
        "integer": int,
        "number": float,
        "boolean": lambda text: {"true": True, "false": False}[text],
        "date": dt.date.fromisoformat,
        "datetime": dt.datetime.fromisoformat,
        "string": str,
    }
    for row in rows(client, name):
        for column in TABLES[name].columns:
            if row[column.name]:
                read[column.type](row[column.name])


def test_only_what_the_public_may_see_goes_out(client):
    shown = ProcedureFactory(foreign=True, with_papers=True)
    for state in ({"draft": True}, {"elsewhere": True}):
        ProcedureFactory(with_channels=True, with_papers=True, **state)
    centre = factories.CentreFactory()
    factories.HotlineFactory(live=False, centre=factories.CentreFactory(draft=True))
    for name in ("procedures", "terms", "fees", "papers"):
        assert {row.get("procedure", row.get("code")) for row in rows(client, name)} == {shown.code}
    assert [row["code"] for row in client.get(f"{START}procedures.json").json()["procedures"]] == [shown.code]
    assert [row["slug"] for row in rows(client, "centres")] == [centre.slug]
    assert [row["slug"] for row in client.get(f"{START}centres.json").json()["centres"]] == [centre.slug]
    assert rows(client, "hotlines") == []


def test_json_of_procedures_is_what_the_api_sends_of_each(client):
    full_procedures(2)
    for row in client.get(f"{START}procedures.json", {"lang": "ko"}).json()["procedures"]:
        assert row == client.get(f"/api/v1/procedures/{row['code']}", {"lang": "ko"}).json()


def test_json_of_centres_is_what_the_api_sends_of_each(client):
    factories.HotlineFactory()
    for row in client.get(f"{START}centres.json").json()["centres"]:
        assert row == client.get(f"/api/v1/centres/{row['slug']}").json()


@pytest.mark.parametrize("text", ["=1+1", "+84 236", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_text_that_a_spreadsheet_would_calculate_is_guarded(client, text):
    assert cell(text) == f"'{text}"
    case = factories.CaseFactory(procedure=ProcedureFactory(), paper=None)
    factories.RequiredPaperFactory(case=case, name_vi=text)
    assert rows(client, "papers")[0]["name_vi"] == f"'{text}"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (-1.5, -1.5),
        (None, ""),
        (True, "true"),
        (dt.date(2026, 11, 25), "2026-11-25"),
        (dt.datetime(2026, 11, 24, 18, tzinfo=dt.UTC), "2026-11-25T01:00:00+07:00"),
        ("1 - 2", "1 - 2"),
    ],
)
def test_other_values_stand_as_they_are(value, shown):
    assert cell(value) == shown


def test_quotes_and_line_breaks_survive(client):
    name = 'Giấy "chứng nhận",\nbản sao; 2'
    case = factories.CaseFactory(procedure=ProcedureFactory(), paper=None)
    factories.RequiredPaperFactory(case=case, name_vi=name)
    assert rows(client, "papers")[0]["name_vi"] == name


def test_an_unknown_fee_is_empty_and_never_nought(client):
    channel = factories.FilingChannelFactory(procedure=ProcedureFactory(), fee=None)
    factories.FeeItemFactory(channel=channel, unknown=True)
    row = rows(client, "fees")[0]
    assert (row["amount"], row["certainty"]) == ("", "unknown")
    assert client.get(f"{START}fees.json").json()["fees"][0]["amount"] is None


def test_the_headers_name_licence_description_and_day(client):
    answer = client.get(f"{START}procedures.csv")
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in answer["Link"]
    assert 'downloads/datapackage.json>; rel="describedby"' in answer["Link"]
    assert answer["Content-Disposition"] == f'attachment; filename="procedures-{timezone.localdate()}.csv"'
    assert "GMT" in answer["Last-Modified"]


def test_the_package_describes_every_file(client):
    package = client.get(f"{START}datapackage.json").json()
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert package["created"] == timezone.localdate().isoformat()
    for resource in package["resources"]:
        header = client.get(START + resource["path"]).content.decode("utf-8-sig").splitlines()[0]
        assert header.split(",") == [field["name"] for field in resource["schema"]["fields"]]
        assert client.get(START + resource["json"]).status_code == 200


def test_a_reader_that_takes_gzip_gets_it_under_a_tag_of_its_own(client):
    ProcedureFactory()
    plain = client.get(f"{START}procedures.csv")
    packed = client.get(f"{START}procedures.csv", headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] != plain["ETag"]
    assert packed["Vary"] == plain["Vary"] == "Accept-Encoding"
    refused = client.get(f"{START}procedures.csv", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused
    again = client.get(f"{START}procedures.csv", headers={"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["secrets.csv", "procedures.xml", "procedures", "..%2Fetc.csv", "procedures.csv.json"])
def test_there_is_no_other_file(client, name):
    assert client.get(START + name).status_code == 404


def test_a_wrong_language_is_refused(client):
    assert client.get(f"{START}procedures.json", {"lang": "fr"}).status_code == 422


@pytest.mark.parametrize("name", ["procedures.csv", "procedures.json", "papers.csv", "centres.json", "fields.csv"])
def test_a_table_costs_as_much_for_fifty_rows_as_for_five(name):
    table, _dot, extension = name.rpartition(".")
    key = snapshots.key_of(table, extension, "vi")

    def cost() -> int:
        building.build_now(key)
        with CaptureQueriesContext(connection) as captured:
            building.build_now(key)
        return len(captured)

    full_procedures(5)
    factories.HotlineFactory.create_batch(5)
    few = cost()
    full_procedures(45)
    factories.HotlineFactory.create_batch(45)
    assert cost() == few <= 16


def test_json_stays_json_without_any_row(client):
    assert json.loads(client.get(f"{START}procedures.json").content)["procedures"] == []
