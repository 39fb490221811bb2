"""The view sets of /cms/: help beside each field, filters, files, bulk acts, and what a list costs."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from bench.editing import typed
from catalogue import models as m
from catalogue.cms.exporting import exported, harmless
from catalogue.cms.help_texts import field_panels
from catalogue.cms.setting import SETTABLE
from catalogue.editing.owners import OWNERS
from catalogue.legal import PARTS
from tests import factories
from tests.catalogue.editing_cast import Cast
from tests.publishing import publish

KINDS = [getattr(m, name) for name in OWNERS]
EDITED = [model for model in KINDS if model is not m.ProcedureVersion]


@pytest.fixture
def editor(cast: Cast, client: Client) -> Client:
    """Somebody of the province, who reaches every kind of row."""
    client.force_login(cast.top_editor)
    return client


def url(model: Any, name: str, *args: object) -> str:
    return reverse(model.snippet_viewset.get_url_name(name), args=args)


def codes(client: Client, query: str, model: Any = m.Procedure) -> list[Any]:
    response = client.get(url(model, "list") + query)
    assert response.status_code == 200
    return [row.code if model is m.Procedure else row.pk for row in response.context["object_list"]]


def words(panel: Any, model: Any) -> tuple[Any, Any]:
    """Return a field's label and help as its form shows them."""
    form_field = model.snippet_viewset.get_form_class(for_update=True).base_fields.get(panel.field_name)
    try:
        field = panel.db_field
    except FieldDoesNotExist:
        return form_field.label, form_field.help_text
    own = form_field.help_text if panel.model is model and form_field else ""
    return panel.heading or field.verbose_name, panel.help_text or own or field.help_text


@pytest.mark.parametrize("model", KINDS)
def test_every_field_of_every_form_has_a_label_and_a_word_of_help_in_vietnamese(model):
    panels = list(field_panels(model.snippet_viewset._edit_handler))
    assert panels
    for panel in panels:
        label, help_text = words(panel, model)
        with override("vi"):
            shown = (str(label), str(help_text))
        with override("en"):
            english = (str(label), str(help_text))
        assert all(shown), panel.field_name
        assert shown[1] != english[1], panel.field_name
        assert shown[0] != english[0] or shown[0].lower() in ("24/7", "sha-256"), panel.field_name


def test_a_list_of_five_thousand_procedures_takes_few_queries(editor, django_assert_max_num_queries):
    field = factories.FieldFactory()
    rows = [m.Procedure(code=f"9.{n:06}", name_vi=f"Thủ tục số {n}", field=field, live=True) for n in range(5000)]
    for row in rows:
        row.fill_search_columns()
    m.Procedure.objects.bulk_create(rows, 1000)
    editor.get(url(m.Procedure, "list"))
    for query in ("", "?q=thu tuc&p=3", "?work=none&lacks=ko&level=&look=papers", "?ordering=-code"):
        with django_assert_max_num_queries(25):
            assert editor.get(url(m.Procedure, "list") + query).status_code == 200


@pytest.mark.parametrize("model", [model for model in KINDS if model is not m.Procedure])
def test_every_other_list_takes_few_queries_with_or_without_rows(model, editor, django_assert_max_num_queries):
    editor.get(url(model, "list"))
    with django_assert_max_num_queries(25):
        assert editor.get(url(model, "list")).status_code == 200


def test_procedures_are_filtered_by_what_editors_look_for(cast, editor):
    ward = cast.rows[m.Procedure]
    other = factories.ProcedureFactory(with_channels=True, is_commune_level=False, is_ministry_level=True)
    other = publish(other)
    m.Procedure.objects.filter(pk=other.pk).update(mentions_district=True, name_ko="절차")
    audience = factories.AudienceFactory(name_vi="Người nước ngoài")
    m.Procedure.audiences.through.objects.create(procedure_id=other.pk, audience_id=audience.pk)
    paper = m.RequiredPaper.objects.filter(case__procedure=ward).first()
    m.RequiredPaper.objects.filter(pk=paper.pk).update(kind=m.RequiredPaper.Kind.UNCLASSIFIED)
    for query, found in {
        f"?maintained_by={cast.ward.pk}": [ward.code],
        "?look=district": [other.code],
        "?look=papers": [ward.code],
        "?level=ministry": [other.code],
        f"?audience={audience.pk}": [other.code],
        "?lacks=ko": [ward.code],
        "?work=draft": [],
    }.items():
        assert codes(editor, query) == found, query
    ward.short_name = "Tên ngắn"
    ward.save_revision(user=cast.editor)
    assert codes(editor, "?work=draft") == [ward.code]
    assert codes(editor, "?work=waits") == []
    row = m.Procedure.objects.get(pk=ward.pk)
    row.get_workflow().start(row, cast.editor)
    assert codes(editor, "?work=waits") == [ward.code]
    assert codes(editor, "?work=none") == [other.code]


def test_dated_rows_are_filtered_by_a_day(cast, editor):
    route = cast.rows[m.ProcedureRoute]
    m.ProcedureRoute.objects.filter(pk=route.pk).update(valid_from=dt.date(2026, 1, 1), valid_to=dt.date(2026, 7, 1))
    for day, found in (("2025-12-31", []), ("2026-01-01", [route.pk]), ("2026-07-01", [])):
        assert codes(editor, f"?on={day}", m.ProcedureRoute) == found, day


def test_a_file_of_a_list_holds_no_formula_and_nobody(cast, editor):
    m.LegalDocument.objects.create(number='=HYPERLINK("http://x","y")', name="+84 là số điện thoại\x07")
    response = editor.get(url(m.LegalDocument, "list") + "?export=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert "\n=HYPERLINK" not in text
    assert "'+84 là số điện thoại " in text
    book = load_workbook(io.BytesIO(b"".join(editor.get(url(m.LegalDocument, "list") + "?export=xlsx"))))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any(str(cell.value).startswith("'=HYPERLINK") for cell in cells)
    for model in KINDS:
        assert not {"locked_by", "imported", "latest_revision"} & set(exported(model))
        response = editor.get(url(model, "list") + "?export=csv", headers={"accept-language": "vi"})
        assert response.status_code == 200
        assert "top_editor" not in b"".join(response.streaming_content).decode()
    assert harmless(3) == 3


def test_a_file_follows_the_filters_and_the_postings(cast, client):
    client.force_login(cast.neighbour_editor)
    body = b"".join(client.get(url(m.Procedure, "list") + "?export=csv").streaming_content).decode()
    assert cast.rows[m.Procedure].code not in body
    client.force_login(cast.editor)
    body = b"".join(client.get(url(m.Procedure, "list") + "?export=csv").streaming_content).decode()
    assert cast.rows[m.Procedure].code in body
    body = b"".join(client.get(url(m.Procedure, "list") + "?export=csv&status=abolished").streaming_content).decode()
    assert cast.rows[m.Procedure].code not in body


def act(client: Client, model: Any, name: str, ids: str, data: dict[str, Any] | None = None, listed: str = "") -> Any:
    back = f"{url(model, 'list')}{listed}"
    address = reverse("wagtail_bulk_action", args=["catalogue", model._meta.model_name, name])
    query = f"?{ids}&next={back.replace('?', '%3F').replace('=', '%3D')}"
    assert client.get(address + query).status_code == 200
    return client.post(address + query, data or {})


def test_many_drafts_are_submitted_and_wait_for_somebody_else(cast, client):
    client.force_login(cast.editor)
    rows = [cast.rows[m.Centre], cast.rows[m.Hotline]]
    for row in rows:
        row.save_revision(user=cast.editor)
        act(client, type(row), "submit_drafts", f"id={row.pk}")
        assert type(row).objects.get(pk=row.pk).workflow_in_progress
        # A second time nothing is left to submit.
        response = act(client, type(row), "submit_drafts", f"id={row.pk}")
        assert response.status_code == 302
        assert type(row).objects.get(pk=row.pk).workflow_states.count() == 1
    assert m.Centre.objects.get(pk=rows[0].pk).live_revision_id != rows[0].latest_revision_id


def test_a_draft_that_changes_the_law_without_its_decision_is_left_out_of_the_many(cast, client):
    client.force_login(cast.editor)
    row = cast.rows[m.Procedure]
    row.steps_vi = "Bước khác"
    row.save_revision(user=cast.editor)
    act(client, m.Procedure, "submit_drafts", f"id={row.pk}")
    assert not m.Procedure.objects.get(pk=row.pk).workflow_in_progress
    row.ground, row.decision = "decision", cast.rows[m.Decision]
    row.save_revision(user=cast.editor)
    act(client, m.Procedure, "submit_drafts", f"id={row.pk}")
    assert m.Procedure.objects.get(pk=row.pk).workflow_in_progress


def test_columns_are_set_as_drafts_and_readers_see_nothing(cast, client):
    client.force_login(cast.editor)
    row = cast.rows[m.Procedure]
    act(client, m.Procedure, "set_columns", f"id={row.pk}", {"set_importance": "on", "importance": "7"})
    stored = m.Procedure.objects.get(pk=row.pk)
    assert (stored.importance, stored.has_unpublished_changes) == (row.importance, True)
    assert stored.get_latest_revision_as_object().importance == 7
    assert stored.latest_revision.user == cast.editor
    before = stored.latest_revision_id
    act(client, m.Procedure, "set_columns", f"id={row.pk}", {"set_importance": "on", "importance": "7"})
    assert m.Procedure.objects.get(pk=row.pk).latest_revision_id == before


def test_columns_of_rows_without_drafts_are_proposed(cast, editor):
    route = cast.rows[m.ProcedureRoute]
    ticked = {"set_valid_to": "on", "valid_to": "2027-01-01"}
    act(editor, m.ProcedureRoute, "set_columns", f"id={route.pk}", ticked)
    assert m.ProcedureRoute.objects.get(pk=route.pk).valid_to is None
    assert m.Proposal.objects.open().about(route).get().after["valid_to"] == "2027-01-01"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Đánh dấu ít nhất một ô"),
        ({"set_field": "on", "field": ""}, "không được để trống"),
        ({"set_maintained_by": "on", "maintained_by": ""}, "Hãy chọn cơ quan"),
        ({"set_importance": "on", "importance": "-1"}, "0"),
        ({"set_checked_on": "on", "checked_on": "hôm qua"}, "ngày"),
    ],
)
def test_rubbish_in_setting_many_is_told_and_changes_nothing(cast, client, data, said):
    client.force_login(cast.editor)
    row = cast.rows[m.Procedure]
    before = m.Procedure.objects.get(pk=row.pk).latest_revision_id
    response = act(client, m.Procedure, "set_columns", f"id={row.pk}", data)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert m.Procedure.objects.get(pk=row.pk).latest_revision_id == before


def test_an_agency_where_one_isnt_posted_cant_be_set(cast, client):
    client.force_login(cast.editor)
    row = cast.rows[m.Procedure]
    data = {"set_maintained_by": "on", "maintained_by": cast.neighbour.pk}
    assert act(client, m.Procedure, "set_columns", f"id={row.pk}", data).status_code == 200
    assert not m.Procedure.objects.get(pk=row.pk).has_unpublished_changes


def test_all_means_the_list_as_it_was_filtered(cast, editor):
    plain = publish(factories.ProcedureFactory(name_vi="Không lọc"))
    wanted = publish(factories.ProcedureFactory(name_vi="Có lọc"))
    m.Procedure.objects.filter(pk=wanted.pk).update(mentions_district=True)
    data = {"set_importance": "on", "importance": "9"}
    act(editor, m.Procedure, "set_columns", "id=all", data, listed="?look=district")
    drafted = set(m.Procedure.objects.filter(has_unpublished_changes=True).values_list("pk", flat=True))
    assert drafted == {wanted.pk}
    assert plain.pk not in drafted


@pytest.mark.parametrize("name", ["submit_drafts", "set_columns"])
def test_bulk_acts_on_rows_of_others_name_and_change_nothing(name, cast, client):
    row = cast.rows[m.Procedure]
    row.save_revision(user=cast.editor)
    before = list(m.Procedure.objects.values("pk", "latest_revision_id"))
    for who in ("neighbour_editor", "clerk", "unposted", "expired"):
        client.force_login(cast.people[who])
        for ids in (f"id={row.pk}", "id=all", "id=x"):
            address = reverse("wagtail_bulk_action", args=["catalogue", "procedure", name])
            for response in (
                client.get(f"{address}?{ids}&next=/cms/"),
                client.post(f"{address}?{ids}&next=/cms/", {"set_importance": "on", "importance": "5"}),
            ):
                assert row.code not in response.content.decode(), who
    assert list(m.Procedure.objects.values("pk", "latest_revision_id")) == before
    assert not m.Procedure.objects.get(pk=row.pk).workflow_in_progress


def test_more_rows_than_a_request_can_carry_are_refused(cast, editor, monkeypatch):
    monkeypatch.setattr("catalogue.cms.bulk.MOST", 1)
    publish(factories.ProcedureFactory())
    data = {"set_importance": "on", "importance": "9"}
    act(editor, m.Procedure, "set_columns", "id=all", data)
    assert not m.Procedure.objects.filter(has_unpublished_changes=True).exists()


def test_what_can_be_set_for_many_is_no_legal_part():
    assert set(SETTABLE) <= set(OWNERS)
    assert not set(PARTS) & set(SETTABLE["Procedure"])


@pytest.mark.parametrize("model", [m.Procedure, m.Centre])
def test_a_form_that_is_sent_as_it_was_opened_changes_nothing(model, cast, client):
    client.force_login(cast.editor)
    row = cast.rows[model]
    before = row.get_latest_revision_as_object().serializable_data()
    page = client.get(url(model, "edit", row.pk)).content.decode()
    response = client.post(url(model, "edit", row.pk), typed(page))
    assert response.status_code == 302, response.context["form"].errors
    after = model.objects.get(pk=row.pk).get_latest_revision_as_object().serializable_data()
    assert plain(after) == plain(before)


def plain(content: Any) -> Any:
    """Return a row's content without its moments; an empty text and none are the same to a form."""
    if isinstance(content, list):
        return [plain(each) for each in content]
    if not isinstance(content, dict):
        return content or None
    moments = {"latest_revision", "has_unpublished_changes", "updated_at", "last_published_at", "first_published_at"}
    return {name: plain(value) for name, value in content.items() if name not in moments}


def test_rows_within_are_drawn_for_wagtails_script_and_for_the_ear(cast, client):
    client.force_login(cast.editor)
    page = client.get(url(m.Procedure, "edit", cast.rows[m.Procedure].pk)).content.decode()
    soup = BeautifulSoup(page, "html.parser")
    paper = soup.select_one("#inline_child_cases-0-papers-0")
    assert paper is not None
    assert paper.select_one("#id_cases-0-papers-0-DELETE-button") is not None
    assert paper.select_one("input[name='cases-0-papers-0-ORDER']") is not None
    blank = soup.select_one("#id_cases-0-papers-EMPTY_FORM_TEMPLATE")
    assert blank is not None
    assert "cases-0-papers-__prefix__-name_vi" in str(blank)
    for field in paper.select("textarea, select, input[type=number]"):
        assert paper.select_one(f"label[for='{field['id']}']") is not None, field["id"]
        assert paper.find(id=str(field["aria-describedby"])) is not None, field["id"]
    ids = [each["id"] for each in soup.select("[id]") if not each.find_parent("template")]
    assert len(ids) == len(set(ids)), {each for each in ids if ids.count(each) > 1}


def test_a_mistake_in_a_paper_is_told_at_it(cast, client):
    client.force_login(cast.editor)
    row = cast.rows[m.Procedure]
    sent = typed(client.get(url(m.Procedure, "edit", row.pk)).content.decode())
    sent["cases-0-papers-0-copies"] = "ba"
    response = client.post(url(m.Procedure, "edit", row.pk), sent)
    soup = BeautifulSoup(response.content.decode(), "html.parser")
    field = soup.select_one("#id_cases-0-papers-0-copies")
    assert field is not None
    assert (field["aria-invalid"], field["value"]) == ("true", "ba")
    assert "id_cases-0-papers-0-copies-errors" in str(field["aria-describedby"])
    assert soup.find(id="id_cases-0-papers-0-copies-errors") is not None


def test_a_list_in_words(cast, client):
    client.force_login(cast.editor)
    with CaptureQueriesContext(connection):
        page = client.get(url(m.Hotline, "list"), headers={"accept-language": "vi"}).content.decode()
    assert "đang công khai" in page
    assert "True" not in BeautifulSoup(page, "html.parser").get_text()
