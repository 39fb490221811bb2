"""The list of procedures and one procedure, as open data."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from catalogue.models import CentreException, FeeItem, ProvinceProcedure, RequiredPaper, Term
from tests import factories
from tests.api.conftest import full_procedures
from tests.factories import ProcedureFactory

pytestmark = pytest.mark.django_db


def codes(answer) -> list[str]:
    return [row["code"] for row in answer["results"]]


def test_only_what_the_public_may_see_is_listed(ask):
    shown = [ProcedureFactory(), ProcedureFactory(own=True), ProcedureFactory(abolished=True)]
    ProcedureFactory(draft=True)
    ProcedureFactory(elsewhere=True)
    ProcedureFactory(is_commune_level=False, is_ministry_level=True)
    answer = ask("procedures")
    assert answer["count"] == 3
    assert codes(answer) == sorted(row.code for row in shown)


@pytest.mark.parametrize("state", [{"draft": True}, {"elsewhere": True}])
def test_what_isnt_public_has_no_address_of_its_own(client, state):
    hidden = ProcedureFactory(code="1.5", **state)
    factories.VersionFactory(procedure=hidden)
    for path in ("1.5", "1.5?as_of=2026-11-01", "1.5/versions", "1.5/versions/1"):
        response = client.get(f"/api/v1/procedures/{path}")
        assert response.status_code == 404, path
        assert "detail" in response.json()


def test_agencies_that_take_part_are_told_and_null_where_there_are_none(ask):
    ProcedureFactory(code="1.5", coordinating_agency="Công an cấp Xã")
    ProcedureFactory(code="1.6")
    assert ask("procedures/1.5")["coordinating_agency"] == "Công an cấp Xã"
    assert ask("procedures/1.6")["coordinating_agency"] is None


def test_the_parts_of_a_list_hang_together(ask, client):
    made = [ProcedureFactory().code for _n in range(5)]
    address, found = "procedures?limit=2&foreign=false&lang=ko", []
    answer = ask(address)
    found += codes(answer)
    assert answer["previous"] is None
    while answer["next"]:
        assert "foreign=false" in answer["next"]
        assert "lang=ko" in answer["next"]
        answer = client.get(answer["next"]).json()
        found += codes(answer)
        assert answer["previous"]
    assert (found, answer["count"]) == (made, 5)


def test_a_part_beyond_the_end_is_empty_and_leads_back(ask):
    ProcedureFactory()
    answer = ask("procedures", offset=50, limit=20)
    assert (answer["count"], answer["results"], answer["next"]) == (1, [], None)
    assert "offset=30" in answer["previous"]


def test_each_filter_narrows_to_what_fits(ask):
    role, audience = factories.RoleFactory(code="so-tu-phap"), factories.AudienceFactory(code="ca-nhan")
    fitting = ProcedureFactory(
        code="1.001193",
        name_vi="Đăng ký khai sinh",
        field=factories.FieldFactory(slug="nuoi-con-nuoi", name_vi="Nuôi con nuôi"),
        foreign=True,
        is_commune_level=False,
        is_province_level=True,
        online_level="full",
        status="abolished",
        roles=[role],
        audiences=[audience],
        updated_at=dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC),
    )
    ProcedureFactory(updated_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    wanted = {
        "q": "khai sinh",
        "field": "nuoi-con-nuoi",
        "level": "province",
        "role": "so-tu-phap",
        "audience": "ca-nhan",
        "channel": "online",
        "online_level": "full",
        "status": "abolished",
        "foreign": "true",
        "changed_since": "2026-11-20",
    }
    for name, value in wanted.items():
        assert codes(ask("procedures", **{name: value})) == [fitting.code], name
    assert codes(ask("procedures", **wanted)) == [fitting.code]
    assert ask("procedures", foreign="false")["count"] == 1
    assert ask("procedures", changed_since="2026-11-21")["count"] == 0


def test_changed_since_begins_at_midnight_in_da_nang(ask):
    ProcedureFactory(updated_at=dt.datetime(2026, 11, 19, 17, 0, tzinfo=dt.UTC))
    ProcedureFactory(updated_at=dt.datetime(2026, 11, 19, 16, 59, tzinfo=dt.UTC))
    assert ask("procedures", changed_since="2026-11-20")["count"] == 1


@pytest.mark.parametrize("query", ["khai sinh", "KHAI SINH", "dang ky", "đăng ký", "1.0011"])
def test_words_find_with_and_without_marks_and_by_the_codes_beginning(ask, query):
    ProcedureFactory(code="1.001193", name_vi="Đăng ký khai sinh")
    ProcedureFactory(code="2.000001", name_vi="Cấp phép xây dựng")
    assert codes(ask("procedures", q=query)) == ["1.001193"]


def test_what_a_centre_receives_leaves_out_vertical_agencies_and_exceptions(ask):
    centre = factories.CentreFactory(slug="hai-chau")
    received, refused_one = ProcedureFactory(), ProcedureFactory()
    ProcedureFactory(roles=[factories.RoleFactory(vertical=True)])
    CentreException.objects.create(centre=centre, procedure=refused_one, receives=False)
    assert codes(ask("procedures", centre="hai-chau")) == [received.code]
    assert ask("procedures", centre="khong-co")["count"] == 0


def test_a_text_says_which_language_it_stands_in(ask):
    ProcedureFactory(name_ko="출생 신고", steps_vi="Nộp hồ sơ", with_papers=True)
    row = ask("procedures", lang="ko")["results"][0]
    assert row["name"] == {"text": "출생 신고", "lang": "ko"}
    assert row["field"]["name"] == {"text": "Hộ tịch", "lang": "vi"}
    whole = ask(f"procedures/{row['code']}", lang="ko")
    assert whole["steps"] == {"text": "Nộp hồ sơ", "lang": "vi"}
    assert whole["conditions"] is None
    assert whole["cases"][0]["papers"][0]["name"]["lang"] == "vi"


def test_the_row_names_its_page_in_the_language_asked_for(ask, settings):
    factories.make_pages("vi", "ko")
    ProcedureFactory(code="1.001193")
    row = ask("procedures", lang="ko")["results"][0]
    assert row["page"] == f"{settings.BASE_URL}/ko/procedures/1.001193/"
    assert row["url"] == f"{settings.BASE_URL}/api/v1/procedures/1.001193?lang=ko"


def test_figures_are_data_and_what_isnt_known_is_null(ask):
    procedure = ProcedureFactory()
    channel = factories.FilingChannelFactory(procedure=procedure, term=None, fee=None)
    factories.TermFactory(channel=channel, key="a", number=3, unit="working_day", sort_order=0)
    factories.TermFactory(channel=channel, key="b", unknown=True, sort_order=1)
    for order, (amount, currency) in enumerate([(Decimal("50000.00"), "VND"), (Decimal("10.50"), "USD")]):
        factories.FeeItemFactory(channel=channel, amount=amount, currency=currency, sort_order=order)
    factories.FeeItemFactory(channel=channel, unknown=True, sort_order=2)
    filing = ask(f"procedures/{procedure.code}")["filing"][0]
    assert [(term["number"], term["unit"]) for term in filing["terms"]] == [(3, "working_day"), (None, "unknown")]
    assert filing["terms"][1]["text"] == {"text": "Theo quy định", "lang": "vi"}
    fees = [(fee["amount"], fee["currency"], fee["certainty"]) for fee in filing["fees"]]
    assert fees == [(50000, "VND", "stated"), (10.5, "USD", "stated"), (None, "VND", "unknown")]


def test_a_channel_without_terms_and_fees_is_there(ask):
    procedure = ProcedureFactory()
    factories.FilingChannelFactory(procedure=procedure, kind="post", term=None, fee=None)
    assert ask(f"procedures/{procedure.code}")["filing"] == [{"key": "post", "kind": "post", "terms": [], "fees": []}]


def test_unclassified_papers_stand_in_their_place(ask):
    procedure = ProcedureFactory()
    case = factories.CaseFactory(procedure=procedure, paper=None, label_vi="Trường hợp 1")
    factories.RequiredPaperFactory(case=case, key="b", unclassified=True, sort_order=1)
    factories.RequiredPaperFactory(case=case, key="a", sort_order=0, result_of=ProcedureFactory(code="2.000002"))
    shown = ask(f"procedures/{procedure.code}")["cases"][0]
    assert shown["label"] == {"text": "Trường hợp 1", "lang": "vi"}
    assert [(row["key"], row["kind"]) for row in shown["papers"]] == [("a", "paper"), ("b", "unclassified")]
    assert shown["papers"][0]["result_of"] == "2.000002"


def test_the_provinces_decision_stands_beside_the_national_text(ask):
    procedure = ProcedureFactory(with_channels=True)
    shared = {"procedure": procedure, "province": factories.ProvinceFactory(), "decision": factories.DecisionFactory()}
    ProvinceProcedure.objects.create(term_number=2, term_unit="working_day", **shared)
    ended = {"valid_from": dt.date(2020, 1, 1), "valid_to": dt.date(2021, 1, 1)}
    ProvinceProcedure.objects.create(term_number=9, term_unit="day", **shared, **ended)
    elsewhere = factories.ProvinceFactory(code="75", name="Tỉnh Đồng Nai")
    ProvinceProcedure.objects.create(term_number=1, term_unit="day", **{**shared, "province": elsewhere})
    whole = ask(f"procedures/{procedure.code}")
    assert [row["term_number"] for row in whole["province_decisions"]] == [2]
    assert whole["filing"][0]["terms"][0]["number"] == 3


def test_every_kind_that_the_models_know_passes_the_schema(ask):
    procedure = ProcedureFactory()
    channel = factories.FilingChannelFactory(procedure=procedure, term=None, fee=None)
    for unit in Term.Unit:
        factories.TermFactory(channel=channel, unit=unit, number=1 if unit in Term.COUNTED else None)
    for certainty in FeeItem.Certainty:
        factories.FeeItemFactory(channel=channel, certainty=certainty, amount=1 if certainty == "stated" else None)
    case = factories.CaseFactory(procedure=procedure, paper=None)
    for kind in RequiredPaper.Kind:
        factories.RequiredPaperFactory(case=case, kind=kind)
    whole = ask(f"procedures/{procedure.code}")
    assert {term["unit"] for term in whole["filing"][0]["terms"]} == set(Term.Unit.values)
    assert {fee["certainty"] for fee in whole["filing"][0]["fees"]} == set(FeeItem.Certainty.values)
    assert {paper["kind"] for paper in whole["cases"][0]["papers"]} == set(RequiredPaper.Kind.values)


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"lang": "xx"}, "lang: one of vi"),
        ({"lang": ""}, "lang"),
        ({"limit": 201}, "limit"),
        ({"limit": 0}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"offset": -1}, "offset"),
        ({"offset": 10**30}, "offset"),
        ({"level": "district"}, "level"),
        ({"channel": "fax"}, "channel"),
        ({"online_level": "half"}, "online_level"),
        ({"foreign": "perhaps"}, "foreign"),
        ({"as_of": "20250101"}, "as_of: write the day as year-month-day"),
        ({"as_of": "2026-02-30"}, "as_of"),
        ({"as_of": "0001-01-01"}, "as_of"),
        ({"as_of": "٢٠٢٦-٠١-٠١"}, "as_of"),
        ({"changed_since": "yesterday"}, "changed_since"),
        ({"changed_since": "0001-01-01"}, "changed_since"),
        ({"q": "a\0b"}, "q: no control characters"),
        ({"q": "a" * 201}, "q"),
        ({"field": "a\0"}, "field"),
        ({"role": "' OR 1=1"}, "role"),
    ],
)
def test_a_wrong_value_is_refused_in_words(refused, parameters, named):
    assert named in refused("procedures", **parameters)


def test_a_list_costs_as_much_for_fifty_rows_as_for_five(queries):
    full_procedures(5)
    few = queries("procedures")
    full_procedures(45)
    assert queries("procedures", limit=50) == few <= 6
    assert queries("procedures", limit=50, as_of="2026-11-01") <= 2


def test_a_whole_procedure_costs_as_much_with_many_children(queries):
    procedure = ProcedureFactory(with_channels=True, with_papers=True)
    few = queries(f"procedures/{procedure.code}")
    for _n in range(20):
        factories.CaseFactory(procedure=procedure)
    channel = procedure.channels.first()
    for _n in range(20):
        factories.TermFactory(channel=channel)
        factories.FeeItemFactory(channel=channel)
    assert queries(f"procedures/{procedure.code}") == few <= 16
