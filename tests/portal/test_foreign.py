"""The foreign users' list: four fields, as page, CSV and JSON."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.models import ProvinceProcedure
from tests import factories
from tests.factories import ProcedureFactory

pytestmark = pytest.mark.django_db
FIELDS = ["code", "name", "online_link", "competent_agency"]
VI, KO = "/vi/nguoi-nuoc-ngoai/", "/ko/foreign-users/"


@pytest.fixture(autouse=True)
def tree():
    return factories.make_pages("vi", "ko")


def listed(client, base: str = VI) -> list[dict[str, str]]:
    return client.get(f"{base}list.json").json()["procedures"]


def test_json_has_exactly_four_fields_a_procedure(client):
    role = factories.RoleFactory(name_vi="Sở Tư pháp")
    ProcedureFactory(code="1.001193", name_vi="THỦ TỤC ĐĂNG KÝ KHAI SINH", foreign=True, roles=[role])
    content = client.get(f"{VI}list.json").json()
    row = content["procedures"][0]
    assert list(row) == FIELDS
    assert row["name"] == "Đăng ký khai sinh"
    assert row["competent_agency"] == "Sở Tư pháp"
    assert content["licence"]["name"] == "CC-BY-4.0"
    assert content["generated_on"] == timezone.localdate().isoformat()
    assert content["language"] == "vi"


def test_a_link_of_the_national_portal_is_marked_everywhere(client):
    ProcedureFactory(code="1.1", foreign=True)
    ProcedureFactory(code="1.2", foreign=True, online_url="https://dichvucong.gov.vn/nop/2")
    ProcedureFactory(code="1.3", foreign=True, portal_url="")
    content = client.get(f"{VI}list.json").json()
    assert [row["online_link"] for row in content["procedures"]] == [
        "https://dichvucong.gov.vn/thu-tuc/1.1",
        "https://dichvucong.gov.vn/nop/2",
        "",
    ]
    assert content["national_portal_page"] == ["1.1"]
    page = client.get(KO)
    marks = {entry.code: entry.is_national_page for entry in page.context["part"]}
    assert marks == {"1.1": True, "1.2": False, "1.3": False}
    cells = {row.split("</div>")[0].split(">")[-1]: row for row in page.content.decode().split("<tr>")[2:]}
    links = {code: row.split('rel="external">')[-1].split("<")[0] for code, row in cells.items() if "external" in row}
    assert set(links) == {"1.1", "1.2"}
    assert links["1.1"] != links["1.2"]
    assert 'class="np"' in cells["1.3"]


def test_only_what_the_directive_asks_for_is_listed(client):
    ProcedureFactory(code="1.1", foreign=True)
    ProcedureFactory(is_for_foreigners=True)  # Without an online service.
    ProcedureFactory(with_channels=True)  # Not for foreign users.
    for state in ("draft", "abolished", "elsewhere"):
        ProcedureFactory(foreign=True, **{state: True})
    assert [row["code"] for row in listed(client)] == ["1.1"]


def test_csv_has_exactly_four_columns_a_mark_of_utf_8_and_no_formula(client):
    role = factories.RoleFactory(name_vi="=HYPERLINK(1)")
    ProcedureFactory(code="1.1", name_vi="Cấp hộ chiếu", foreign=True, roles=[role])
    answer = client.get(f"{VI}list.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert 'rel="license"' in answer["Link"]
    header, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert header == FIELDS
    assert row == ["1.1", "Cấp hộ chiếu", "https://dichvucong.gov.vn/thu-tuc/1.1", "'=HYPERLINK(1)"]


def test_names_are_in_the_readers_language_and_a_fallback_is_marked(client):
    ProcedureFactory(code="1.1", name_vi="Khai sinh", name_ko="출생 신고", foreign=True)
    ProcedureFactory(code="1.2", name_vi="Kết hôn", foreign=True)
    content = client.get(f"{KO}list.json").json()
    assert [row["name"] for row in content["procedures"]] == ["출생 신고", "Kết hôn"]
    assert content["name_in_vietnamese"] == ["1.2"]
    assert client.get(f"{VI}list.json").json()["name_in_vietnamese"] == []
    page = client.get(KO).content.decode()
    assert '<a href="/ko/procedures/1.1/">출생 신고</a>' in page
    assert '<a href="/ko/procedures/1.2/" lang="vi">Kết hôn</a>' in page


def test_the_agency_that_the_province_names_stands_before_the_laws_role(client):
    procedure = ProcedureFactory(code="1.1", foreign=True, roles=[factories.RoleFactory(name_vi="Ủy ban nhân dân")])
    ProvinceProcedure.objects.create(
        procedure=procedure,
        province=factories.ProvinceFactory(),
        agency=factories.AgencyFactory(name_vi="Sở Ngoại vụ Đà Nẵng"),
        decision=factories.DecisionFactory(),
    )
    ProcedureFactory(code="1.2", foreign=True, roles_text="Công an tỉnh")
    assert [row["competent_agency"] for row in listed(client)] == ["Sở Ngoại vụ Đà Nẵng", "Công an tỉnh"]


def test_several_agencies_stand_in_one_field(client):
    roles = [factories.RoleFactory(name_vi="Sở B"), factories.RoleFactory(name_vi="Sở A")]
    ProcedureFactory(foreign=True, roles=roles)
    assert listed(client)[0]["competent_agency"] == "Sở A; Sở B"


def test_the_page_shows_fifty_and_its_parts_have_addresses_in_each_language(client):
    ProcedureFactory.create_batch(51, foreign=True)
    first, second = client.get(VI), client.get(VI, {"page": 2})
    assert len(first.context["part"].object_list) == 50
    assert len(second.context["part"].object_list) == 1
    assert 'href="?page=2"' in first.content.decode()
    assert second.context["canonical"].endswith(f"{VI}?page=2")
    assert [alternate.url for alternate in second.context["alternates"]] == [f"{VI}?page=2", f"{KO}?page=2"]
    for wrong in ("99", "0", "-1", "x"):
        assert client.get(VI, {"page": wrong}).status_code == 200
    assert len(listed(client)) == 51


def test_an_empty_list_says_so(client):
    page = client.get(VI)
    assert page.status_code == 200
    assert "<table>" not in page.content.decode()
    assert listed(client) == []


@pytest.mark.parametrize("tail", ["", "list.csv", "list.json"])
def test_it_costs_as_much_for_fifty_rows_as_for_five(client, tail):
    def cost() -> int:
        client.get(KO + tail)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(KO + tail).status_code == 200
        return len(captured)

    role = factories.RoleFactory()
    ProcedureFactory.create_batch(5, foreign=True, roles=[role])
    few = cost()
    ProcedureFactory.create_batch(45, foreign=True, roles=[role, factories.RoleFactory()])
    assert cost() == few <= 15
