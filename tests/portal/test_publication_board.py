"""The board of what is published and missing: each figure is its list, for everybody their own rows, in few queries."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from catalogue import models as m
from desk.tables import plain
from portal.publication import figures
from portal.publication.addresses import PATTERNS
from portal.publication.kinds import KINDS
from tests import factories
from tests.catalogue.editing_cast import Cast, make_cast
from tests.keeping import kept
from tests.portal.publication_rows import BOARD, STRANGERS, fill
from tests.publishing import publish

MOST_QUERIES = 25


def make_filled() -> Cast:
    made = make_cast()
    fill(made)
    return made


kept_cast = kept(make_filled)


@pytest.fixture
def cast(kept_cast, db) -> Cast:
    return kept_cast.copy()


def count_of(page: str) -> int:
    """Return how many rows a list says it has."""
    found = re.search(r"<p><strong>(\d+)</strong>", page)
    assert found, page[-2000:]
    return int(found[1])


@pytest.mark.parametrize("who", ["top_editor", "editor", "root"])
@pytest.mark.parametrize("kind", list(KINDS.values()), ids=lambda kind: kind.key)
def test_each_figure_is_the_length_of_its_list_and_the_two_sides_are_the_whole(kind, who, cast, client: Client):
    client.force_login(cast.people[who])
    context = client.get(BOARD).context
    part = next(part for part in context["parts"] if part["kind"].key == kind.key)
    assert part["total"] == count_of(client.get(f"{BOARD}rows/{kind.key}/").content.decode())
    for share in part["shares"]:
        sides = {}
        for side in ("has", "lacks"):
            page = client.get(f"{BOARD}rows/{kind.key}/?check={share.key}&side={side}")
            assert page.context["page"].paginator.count == count_of(page.content.decode())
            sides[side] = count_of(page.content.decode())
        assert sides == {"has": share.met, "lacks": share.missing}, share.key
        assert sides["has"] + sides["lacks"] == share.total <= part["total"]


def test_the_figures_are_those_of_the_rows(cast, client: Client):
    client.force_login(cast.top_editor)
    parts = {part["kind"].key: part for part in client.get(BOARD).context["parts"]}
    shares = {share.key: (share.met, share.total) for share in parts["procedures"]["shares"]}
    # The cast's own procedure is published with channels and papers, too.
    assert parts["procedures"]["total"] == 9
    assert shares["published"] == (8, 9)
    assert shares["details"] == (8, 9)
    assert shares["papers"] == (8, 9)
    assert shares["forms"] == (0, 1)
    assert shares["limit"] == (8, 9)
    assert shares["fee"] == (7, 9), "one has no channel, one a suspect fee"
    assert shares["online_level"] == (1, 9)
    assert shares["online_link"] == (1, 8), "asked only of what can be filed online"
    assert shares["language_en"] == (4, 9)
    assert shares["sent"] == (3, 6), "asked only of what names a decision"
    centres = {share.key: (share.met, share.total) for share in parts["centres"]["shares"]}
    assert centres["published"] == (2, 3)
    assert centres["address"] == (2, 3)
    assert centres["hours"] == (1, 3)
    assert centres["hotline"] == (1, 3)
    assert centres["list"] == (2, 3)


def test_a_share_is_never_rounded_to_all_or_nothing():
    assert figures.Share("x", "x", 999, 1000).percent == 99
    assert figures.Share("x", "x", 1, 1000).percent == 1
    assert figures.Share("x", "x", 0, 1000).percent == 0
    assert figures.Share("x", "x", 3, 3).percent == 100
    assert figures.Share("x", "x", 0, 0).percent is None


@pytest.mark.parametrize("column", ["field", "agency"])
def test_the_figures_by_field_and_by_agency_add_up_to_the_boards(column, cast, client: Client):
    client.force_login(cast.top_editor)
    whole = next(part for part in client.get(BOARD).context["parts"] if part["kind"].key == "procedures")
    page = client.get(f"{BOARD}by/{column}/")
    groups = list(page.context["page"])
    assert len(groups) == {"field": 2, "agency": 3}[column]
    assert sum(group["total"] for group in groups) == whole["total"]
    for index, share in enumerate(whole["shares"]):
        assert sum(group["shares"][index].met for group in groups) == share.met
        assert sum(group["shares"][index].total for group in groups) == share.total
    for group in groups:  # Each group's total opens its rows.
        listed = client.get(f"{BOARD}rows/procedures/?{column}={group['key']}")
        assert count_of(listed.content.decode()) == group["total"]


def test_filters_narrow_the_board_and_its_lists_alike(cast, client: Client):
    client.force_login(cast.top_editor)
    field = m.Field.objects.get(slug="dat-dai")
    for query, expected in (
        (f"field={field.pk}", 4),
        (f"agency={cast.ward.pk}", 4),
        ("agency=province", 2),
        ("level=province", 1),
        (f"agency={cast.ward.pk}&field={field.pk}", 1),
    ):
        context = client.get(f"{BOARD}?{query}").context
        assert context["parts"][0]["total"] == expected, query
        assert count_of(client.get(f"{BOARD}rows/procedures/?{query}").content.decode()) == expected, query


def test_a_filter_that_is_no_choice_is_named_and_narrows_nothing(cast, client: Client):
    client.force_login(cast.editor)
    page = client.get(f"{BOARD}?agency={cast.neighbour.pk}&field=abc&level=7")
    assert page.status_code == 200
    assert page.content.decode().count('class="error-message"') == 3
    assert page.context["parts"][0]["total"] == 4


def test_an_editor_of_a_ward_sees_the_wards_rows_alone(cast, client: Client):
    client.force_login(cast.editor)
    page = client.get(BOARD)
    totals = {part["kind"].key: part["total"] for part in page.context["parts"]}
    assert totals == {"procedures": 4, "centres": 1, "agencies": 1}
    assert page.context["sending"] == []
    for kind in KINDS:
        text = client.get(f"{BOARD}rows/{kind}/").content.decode()
        assert "Hải Châu" not in text
        assert "Trung tâm mẫu" not in text
    assert client.get(f"{BOARD}decisions/").status_code == 404
    assert client.get(f"{BOARD}centralised/move/").status_code == 404


def test_rows_lead_to_their_forms_and_agencies_only_whoever_may_edit_them(cast, client: Client):
    client.force_login(cast.editor)
    edit = m.Agency.snippet_viewset.get_url_name("edit")
    from django.urls import reverse

    assert reverse(edit, args=[cast.ward.pk]) not in client.get(f"{BOARD}rows/agencies/").content.decode()
    row = cast.rows[m.Centre]
    address = reverse(m.Centre.snippet_viewset.get_url_name("edit"), args=[row.pk])
    assert f'href="{address}"' in client.get(f"{BOARD}rows/centres/").content.decode()
    assert client.get(address).status_code == 200
    client.force_login(cast.top_editor)
    assert reverse(edit, args=[cast.ward.pk]) in client.get(f"{BOARD}rows/agencies/").content.decode()


ARGUMENTS = {"key": "procedures", "column": "field", "pk": 1, "procedure": 1, "act": "approve"}


def addresses() -> list[str]:
    """Return every address of the board's own."""
    found = []
    for pattern in PATTERNS:
        address = str(pattern.pattern)
        for name, value in ARGUMENTS.items():
            address = re.sub(rf"<\w+:{name}>", str(value), address)
        found.append(BOARD + address.replace("doubts/procedures", "doubts/district"))
    assert not [address for address in found if "<" in address]
    return found


@pytest.mark.parametrize("who", STRANGERS)
def test_whoever_edits_nothing_gets_404_at_every_address(who, cast, client: Client):
    client.force_login(cast.people[who])
    before = (m.PaperMarking.objects.count(), m.RowCheck.objects.count(), m.Proposal.objects.count())
    tried = 0
    for address in addresses():
        for method in (client.get, client.post):
            assert method(address).status_code in (404, 405), (who, address)
            tried += 1
    assert tried == 2 * len(PATTERNS)
    assert before == (m.PaperMarking.objects.count(), m.RowCheck.objects.count(), m.Proposal.objects.count())
    assert BOARD not in client.get("/cms/").content.decode()


def test_the_log_in_stands_before_every_address(cast, client: Client):
    for address in addresses():
        response = client.get(address)
        assert response.status_code == 302
        assert "login" in response.url, address


def test_editors_find_the_board_in_their_menu(cast, client: Client):
    client.force_login(cast.editor)
    home = client.get("/cms/").content.decode()
    assert BOARD in home
    assert f"{BOARD}decisions/" not in home
    client.force_login(cast.top_editor)
    assert f"{BOARD}decisions/" in client.get("/cms/").content.decode()


READ = [
    "",
    "by/field/",
    "by/agency/",
    *[f"rows/{kind}/" for kind in KINDS],
    "rows/procedures/?check=forms&side=lacks",
    "rows/centres/?check=list&side=has",
    "decisions/",
    *[f"doubts/{doubt}/" for doubt in m.RowCheck.Doubt.values],
    "doubts/district/?right",
    "papers/",
    "papers/waiting/",
    "centralised/",
    "centralised/list/?side=already",
    "centralised/list/?side=not-yet",
    "centralised/move/",
    "batches/",
    "receiving/",
    "receiving/?q=mau",
]


def test_every_screen_takes_few_queries_whatever_the_number_of_rows(cast, client: Client):
    client.force_login(cast.top_editor)
    centre, procedure = cast.rows[m.Centre], cast.rows[m.Procedure]
    one = [f"receiving/centre/{centre.pk}/", f"receiving/procedure/{procedure.pk}/"]
    for _index in range(12):
        factories.ProcedureFactory(with_channels=True, with_papers=True, mentions_district=True)
    m.RowCheck.objects.create(procedure=procedure, doubt="district", digest="x", by=cast.top_editor, at=timezone.now())
    client.get(BOARD)  # Content types, sites and the calendar are read once a process.
    used = {}
    for address in [*READ, *one]:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(BOARD + address).status_code == 200, address
        used[address] = len(queries)
    assert {address: count for address, count in used.items() if count > MOST_QUERIES} == {}


@pytest.mark.parametrize(
    "address", ["rows/procedures/", "rows/centres/", "by/field/", "by/agency/", "decisions/", "centralised/",
                "centralised/list/"]
)  # fmt: skip
def test_a_list_goes_along_as_text_and_as_a_workbook(address, cast, client: Client):
    client.force_login(cast.top_editor)
    text = client.get(f"{BOARD}{address}?export=csv")
    assert text["Content-Type"].startswith("text/csv")
    assert "attachment" in text["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(text.content.decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(client.get(f"{BOARD}{address}?export=xlsx").content))
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == len(lines) > 1
    assert list(rows[0]) == lines[0]
    assert client.get(f"{BOARD}{address}?export=exe").status_code == 404


def test_nothing_that_goes_along_is_a_formula(cast, client: Client):
    row = cast.rows[m.Centre]
    row.name_vi = '=HYPERLINK("http://evil.example","x")'
    publish(row)
    client.force_login(cast.top_editor)
    assert "\n\"'=HYPERLINK" in client.get(f"{BOARD}rows/centres/?export=csv").content.decode().replace("\r", "")
    book = load_workbook(io.BytesIO(client.get(f"{BOARD}rows/centres/?export=xlsx").content))
    found = [each for each in book.active["A"] if str(each.value).startswith("=")]
    assert [each.data_type for each in found] == ["s"]
    assert [plain(value) for value in ("+1", "-1", "@a", "\tx", "a=b", None)] == [
        "'+1",
        "'-1",
        "'@a",
        "'\tx",
        "a=b",
        "",
    ]


@pytest.mark.parametrize(
    "address",
    ["rows/forms/", "rows/procedures/?check=nothing", "rows/procedures/?check=fee&side=both", "by/decision/"],
)
def test_what_is_no_figure_is_not_found(address, cast, client: Client):
    client.force_login(cast.top_editor)
    assert client.get(BOARD + address).status_code == 404
