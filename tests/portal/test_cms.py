"""The editors' screens: each kind of row can be listed, found, made, changed, compared and deleted."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ReferenceIndex
from wagtail.snippets.models import get_snippet_models
from wagtail.users.models import UserProfile

from catalogue import models as m
from catalogue.editing.four_eyes import FourEyesMixin
from catalogue.editing.proposals import approve, stamp_of
from catalogue.editing.setting_up import set_up
from portal.models import User
from tests.publishing import publish

pytestmark = pytest.mark.django_db

LANGUAGES = ("vi", "en", "zh_hans", "ko", "ja")
KINDS = {
    m.AdministrativeUnit,
    m.Agency,
    m.AgencyRole,
    m.Audience,
    m.Centre,
    m.CentreException,
    m.Decision,
    m.Field,
    m.Form,
    m.Hotline,
    m.LegalDocument,
    m.Notice,
    m.Procedure,
    m.ProcedureBundle,
    m.ProcedureRoute,
    m.ProcedureVersion,
    m.ProvinceProcedure,
}
EDITED = sorted(KINDS - {m.ProcedureVersion}, key=lambda model: model.__name__)


def preview(request, row, language) -> HttpResponse:
    return HttpResponse(f"{row} in {language}")


@pytest.fixture
def editor(client: Client, settings) -> Client:
    settings.CATALOGUE_PREVIEW_VIEW = "tests.portal.test_cms.preview"
    set_up()
    client.force_login(User.objects.create_superuser("editor"))
    return client


def second_person() -> User:
    """Return who may approve: somebody posted for it at the province's People's Committee."""
    province, _made = m.AdministrativeUnit.objects.get_or_create(
        level="province", code="48", defaults={"name": "Thành phố Đà Nẵng", "kind": "tp"}
    )
    top = {"kind": "peoples_committee", "place": province, "parent": None}
    committee, _made = m.Agency.objects.get_or_create(**top, defaults={"name_vi": "UBND thành phố"})
    person, _made = User.objects.get_or_create(username="second")
    m.Posting.objects.get_or_create(user=person, agency=committee, role=m.Posting.Role.PUBLISHER)
    return User.objects.get(pk=person.pk)


def let_through(row: Model) -> None:
    """Let a second person approve what waits about a row: its draft, or its proposal."""
    person = second_person()
    if isinstance(row, FourEyesMixin):
        step = type(row).objects.get(pk=row.pk).current_workflow_task_state
        step.task.specific.on_action(step, person, "approve")
        return
    proposal = m.Proposal.objects.open().about(row).get()
    day, now = timezone.localdate(), timezone.now()
    approve(proposal.pk, by=person, at=now, day=day, stamp=stamp_of(proposal))


def in_all(name: str, text: str) -> dict[str, str]:
    return {f"{name}_{language}": f"{text} {language}" for language in LANGUAGES}


@pytest.fixture
def rows() -> dict[type[Model], Model]:
    """One row of each kind, with children, in five languages."""
    province = m.AdministrativeUnit.objects.create(level="province", code="48", name="Thành phố Đà Nẵng", kind="tp")
    commune = m.AdministrativeUnit.objects.create(
        level="commune", code="20305", name="Phường Cẩm Lệ", kind="phường", parent=province, province=province
    )
    role = m.AgencyRole.objects.create(code="ubnd-xa", name_vi="Ủy ban nhân dân cấp xã", level="commune")
    agency = m.Agency.objects.create(name_vi="UBND phường Cẩm Lệ", kind="peoples_committee", role=role, place=commune)
    field = m.Field.objects.create(slug="ho-tich", name_vi="Hộ tịch")
    audience = m.Audience.objects.create(code="cong-dan", name_vi="Công dân Việt Nam")
    law = m.LegalDocument.objects.create(number="60/2014/QH13", name="Luật Hộ tịch")
    decision = m.Decision.objects.create(number="1/QĐ-BTP", issuer="Bộ Tư pháp")
    form = m.Form.objects.create(name="Tờ khai đăng ký kết hôn")
    procedure = m.Procedure(
        code="1.000894",
        field=field,
        decision=decision,
        is_commune_level=True,
        **in_all("name", "Đăng ký kết hôn"),
        **in_all("steps", "Nộp hồ sơ"),
    )
    procedure.save()
    procedure.roles = [role]
    procedure.audiences = [audience]
    procedure.legal_basis = [law]
    case = m.Case(key="c1", **in_all("label", "Trường hợp"))
    case.papers = [
        m.RequiredPaper(key="p1", kind="paper", originals=1, copies=0, form=form, **in_all("name", "Tờ khai")),
        m.RequiredPaper(key="p2", sort_order=1, originals=0, copies=0, **in_all("name", "Lưu ý")),
    ]
    channel = m.FilingChannel(key="counter", kind="counter")
    channel.terms = [m.Term(key="t1", number=3, unit="working_day", **in_all("text", "Ba ngày"))]
    channel.fees = [m.FeeItem(key="f1", certainty="depends", **in_all("text", "Theo tỉnh"))]
    procedure.cases = [case]
    procedure.channels = [channel]
    procedure.results = [m.ProcedureResult(key="r1", **in_all("name", "Giấy chứng nhận"))]
    procedure.save()
    publish(procedure)
    centre = m.Centre.objects.create(
        slug="phuong-cam-le", level="commune", place=commune, province=province, **in_all("name", "Trung tâm")
    )
    centre.points = [m.ServicePoint(kind="reception", **in_all("name", "Điểm"))]
    centre.hours = [m.OpeningHours(weekday=0, opens=dt.time(7, 30), closes=dt.time(11, 30))]
    centre.save()
    publish(centre)
    hotline = m.Hotline.objects.create(centre=centre, phone="0236 1022", label_vi="Hỏi đáp")
    publish(hotline)
    start = timezone.now().replace(second=0, microsecond=0)
    notice = m.Notice.objects.create(
        centre=centre,
        level="urgent",
        starts_at=start,
        ends_at=start + dt.timedelta(days=1),
        closes_on=start.date(),
        **in_all("title", "Đóng cửa"),
        **in_all("reason", "Mất điện"),
    )
    publish(notice)
    exception = m.CentreException.objects.create(field=field, receives=True)
    bundle = m.ProcedureBundle.objects.create(slug="ket-hon", name_vi="Kết hôn")
    bundle.items.add(m.BundleItem(procedure=procedure, order=1))
    bundle.save()
    decision.items.add(m.DecisionItem(procedure=procedure, effect="new"))
    decision.save()
    overlay = m.ProvinceProcedure.objects.create(
        procedure=procedure, province=province, decision=decision, term_number=2, term_unit="working_day"
    )
    route = m.ProcedureRoute.objects.create(procedure=procedure)
    version = m.ProcedureVersion.objects.get(procedure=procedure)
    made = [agency, audience, bundle, centre, commune, decision, exception, field, form, hotline, law, notice, overlay]
    return {type(row): row for row in [*made, procedure, role, route, version]}


def url(model: type[Model], name: str, *args: object) -> str:
    return reverse(model.snippet_viewset.get_url_name(name), args=args)


def form_data(response: HttpResponse) -> dict[str, list[str]]:
    """Return what a browser would send for the edit form of a page."""
    soup = BeautifulSoup(response.content, "html.parser")
    form = soup.find("form", attrs={"data-edit-form": True})
    for template in form.find_all(["template", "script"]):
        template.decompose()
    data: dict[str, list[str]] = {}
    for control in form.find_all(["input", "select", "textarea"]):
        name, kind = control.get("name"), control.get("type")
        if not name or "__prefix__" in name or kind in ("submit", "file"):
            continue
        if kind in ("checkbox", "radio") and not control.has_attr("checked"):
            continue
        if control.name == "select":
            values = [option.get("value", "") for option in control.find_all("option", selected=True)]
        elif control.name == "textarea":
            values = [re.sub(r"^\r?\n", "", control.text)]
        else:
            values = [control.get("value", "on" if kind == "checkbox" else "")]
        data.setdefault(name, []).extend(values)
    return data


def edit(client: Client, row: Model, change: dict[str, object], action: str = "") -> HttpResponse:
    """Open the edit form, change it as said, and send it; a second person lets through what is to be published."""
    address = url(type(row), "edit", row.pk)
    data = {**form_data(client.get(address)), **change}
    if isinstance(row, m.Procedure) and action:
        data |= on_its_decision()
    response = client.post(address, {**data, **({"action-submit": "1"} if action else {})})
    is_direct = row._meta.app_label == "catalogue" and not isinstance(row, FourEyesMixin)
    if response.status_code == 302 and (action or is_direct):
        let_through(row)
    return response


def on_its_decision() -> dict[str, object]:
    """Return what a form says of a legal change: it stands on the decision of the rows."""
    return {"ground": "decision", "decision": m.Decision.objects.get(number="1/QĐ-BTP").pk}


def errors(response: HttpResponse) -> str:
    context = response.context or {}
    return str(context["form"].errors) + str([formset.errors for formset in context["form"].formsets.values()])


def assert_saved(response: HttpResponse) -> None:
    assert response.status_code == 302, errors(response)


def columns(row: Model) -> dict[str, object]:
    """Return every column in every language, no text as an empty one.

    The bare columns are left out: they hold whichever language was active, and nothing reads them.
    """
    names = [field.attname for field in row._meta.concrete_fields]
    kept = (name for name in names if f"{name}_vi" not in names and name != "sort_order")
    return {name: "" if row.__dict__[name] is None else row.__dict__[name] for name in kept}


def papers(procedure: m.Procedure) -> list[dict[str, object]]:
    rows = m.RequiredPaper.objects.filter(case__procedure=procedure).order_by("sort_order")
    return [columns(row) for row in rows]


def test_every_kind_of_row_has_screens():
    assert {model for model in get_snippet_models() if model._meta.app_label == "catalogue"} == KINDS


def test_somebody_without_rights_is_sent_away(client, rows):
    assert client.get(url(m.Procedure, "list")).status_code == 302
    client.force_login(User.objects.create_user("reader"))
    assert client.get(url(m.Procedure, "edit", rows[m.Procedure].pk)).status_code == 302


@pytest.mark.parametrize("model", EDITED, ids=lambda model: model.__name__)
def test_all_screens_of_a_row_open(model, rows, editor):
    row = rows[model]
    for address in (
        url(model, "list"),
        url(model, "list") + "?q=khong+co",
        url(model, "add"),
        url(model, "edit", row.pk),
        url(model, "history", row.pk),
        url(model, "usage", row.pk),
        url(model, "delete", row.pk),
        reverse(model.snippet_viewset.chooser_viewset.get_url_name("choose")),
        reverse(model.snippet_viewset.chooser_viewset.get_url_name("choose_results")) + "?q=khong+co",
    ):
        assert editor.get(address).status_code == 200, address


@pytest.mark.parametrize("model", EDITED, ids=lambda model: model.__name__)
def test_saving_a_form_as_it_stands_changes_nothing(model, rows, editor):
    row = rows[model]
    before = columns(model.objects.get(pk=row.pk))
    assert_saved(edit(editor, row, {}, "action-publish" if hasattr(row, "publish") else ""))
    after = columns(model.objects.get(pk=row.pk))
    bookkeeping = {"latest_revision_id", "live_revision_id", "last_published_at", "updated_at"}
    assert {name for name in before if before[name] != after[name]} <= bookkeeping


def test_lists_show_and_filter(rows, editor):
    page = editor.get(url(m.Procedure, "list")).content.decode()
    assert "1.000894" in page
    assert "Hộ tịch" in page
    assert "1.000894" in editor.get(url(m.Procedure, "list") + "?level=commune").content.decode()
    assert "1.000894" not in editor.get(url(m.Procedure, "list") + "?level=ministry").content.decode()


@pytest.mark.parametrize(
    ("model", "query", "is_found"),
    [
        (m.Procedure, "ket hon", True),
        (m.Procedure, "kết hôn", True),
        (m.Procedure, "kết hon", True),
        (m.Procedure, "ký kết hồn", False),
        (m.Procedure, "1.0008", True),
        (m.AdministrativeUnit, "cam le", True),
        (m.AdministrativeUnit, "Cẩm Lệ", True),
        (m.AdministrativeUnit, "hai chau", False),
        (m.Agency, "uy ban", False),
        (m.Agency, "ubnd cam le", True),
        (m.LegalDocument, "luat ho tich", True),
        (m.Centre, "trung tam en", True),
        (m.ProcedureVersion, "ket hon", True),
        (m.CentreException, "ho tich", True),
    ],
)
def test_lists_and_choosers_find_with_and_without_marks(model, query, is_found, rows, editor):
    row = rows[model]
    found = editor.get(url(model, "list"), {"q": query})
    assert (row in found.context["object_list"]) is is_found
    chooser = model.snippet_viewset.chooser_viewset.get_url_name("choose_results")
    assert (row in editor.get(reverse(chooser), {"q": query}).context["results"]) is is_found


def test_a_new_procedure_begins_as_a_draft(rows, editor):
    address = url(m.Procedure, "add")
    data = form_data(editor.get(address))
    data |= {"code": "9.000001", "name_vi": "Thủ tục mới", "field": rows[m.Field].pk}
    assert_saved(editor.post(address, data))
    made = m.Procedure.objects.get(code="9.000001")
    assert not made.live
    assert_saved(edit(editor, made, {}, "action-publish"))
    made = m.Procedure.objects.get(code="9.000001")
    assert made.live
    assert made.updated_at is not None
    assert "thu tuc moi" in made.search_folded


def test_a_draft_leaves_the_live_row_alone_until_it_is_published(rows, editor):
    procedure = rows[m.Procedure]
    before = papers(procedure)
    change = {"name_ko": "혼인 신고", "cases-0-papers-0-name_ja": "婚姻届"}
    assert_saved(edit(editor, procedure, change))
    assert papers(procedure) == before
    procedure = m.Procedure.objects.get()
    assert procedure.has_unpublished_changes
    assert procedure.name_ko == "Đăng ký kết hôn ko"
    assert_saved(edit(editor, procedure, {}, "action-publish"))
    procedure = m.Procedure.objects.get()
    assert procedure.name_ko == "혼인 신고"
    assert procedure.name_zh_hans == "Đăng ký kết hôn zh_hans"
    assert papers(procedure) == [{**before[0], "name_ja": "婚姻届"}, before[1]]


@pytest.mark.parametrize("preferred", ["en", "vi"])
def test_five_languages_of_children_survive_in_whatever_language_the_editor_works(preferred, rows, editor):
    profile = UserProfile.get_for_user(User.objects.get())
    profile.preferred_language = preferred
    profile.save()
    tables = [m.Case, m.FeeItem, m.FilingChannel, m.ProcedureResult, m.RequiredPaper, m.Term]
    before = {model: [columns(row) for row in model.objects.order_by("pk")] for model in tables}
    assert before[m.RequiredPaper][0]["name_ja"] == "Tờ khai ja"
    assert_saved(edit(editor, rows[m.Procedure], {"steps_vi": "Bước 1"}))
    assert_saved(edit(editor, rows[m.Procedure], {}, "action-publish"))
    assert m.Procedure.objects.get().steps_vi == "Bước 1"
    for model in tables:
        assert [columns(row) for row in model.objects.order_by("pk")] == before[model], model


def test_a_new_paper_gets_a_key_and_keeps_its_id_when_it_is_published_again(rows, editor):
    procedure = rows[m.Procedure]
    new = {
        "cases-0-papers-TOTAL_FORMS": "3",
        "cases-0-papers-2-id": "",
        "cases-0-papers-2-name_vi": "Giấy xác nhận",
        "cases-0-papers-2-kind": "paper",
        "cases-0-papers-2-handling": "submit",
        "cases-0-papers-2-originals": "1",
        "cases-0-papers-2-copies": "0",
        "cases-0-papers-2-ORDER": "3",
    }
    assert_saved(edit(editor, procedure, new))
    assert_saved(edit(editor, procedure, {}, "action-publish"))
    paper = m.RequiredPaper.objects.get(name_vi="Giấy xác nhận")
    assert paper.key.startswith("p-")
    assert_saved(edit(editor, procedure, {"short_name": "Kết hôn"}, "action-publish"))
    assert [row["key"] for row in papers(procedure)] == ["p1", "p2", paper.key]
    assert m.RequiredPaper.objects.get(name_vi="Giấy xác nhận").pk == paper.pk


def test_a_paper_can_be_taken_away(rows, editor):
    assert_saved(edit(editor, rows[m.Procedure], {"cases-0-papers-1-DELETE": "on"}, "action-publish"))
    assert [row["key"] for row in papers(rows[m.Procedure])] == ["p1"]


def test_legal_documents_are_linked_by_number(rows, editor):
    procedure = rows[m.Procedure]
    decree = m.LegalDocument.objects.create(number="123/2015/NĐ-CP", name="Nghị định")
    refused = edit(editor, procedure, {"more_law": "1/2000/QH10"}, "action-publish")
    assert "1/2000/QH10" in errors(refused)
    assert_saved(edit(editor, procedure, {"more_law": "123/2015/nđ-cp\n"}, "action-publish"))
    assert set(m.Procedure.objects.get().legal_basis.all()) == {rows[m.LegalDocument], decree}
    assert_saved(edit(editor, procedure, {"legal_basis": [decree.pk]}, "action-publish"))
    assert set(m.Procedure.objects.get().legal_basis.all()) == {decree}


def test_a_number_that_two_documents_have_is_refused(rows, editor):
    m.LegalDocument.objects.create(number="60/2014/QH13", name="Luật khác")
    assert "60/2014/QH13" in errors(edit(editor, rows[m.Procedure], {"more_law": "60/2014/QH13"}))


def test_publishing_without_a_vietnamese_name_is_refused(rows, editor):
    refused = edit(editor, rows[m.Procedure], {"name_vi": ""}, "action-publish")
    assert "name_vi" in errors(refused)
    assert m.Procedure.objects.get().name_vi == "Đăng ký kết hôn vi"


def test_compare_revert_and_unpublish(rows, editor):
    procedure = rows[m.Procedure]
    first = procedure.latest_revision
    assert_saved(edit(editor, procedure, {"name_vi": "Tên mới", "cases-0-papers-0-name_vi": "Tờ mới"}))
    procedure = m.Procedure.objects.get()
    compared = editor.get(url(m.Procedure, "revisions_compare", procedure.pk, first.pk, procedure.latest_revision.pk))
    assert compared.status_code == 200
    assert "Tên mới" in BeautifulSoup(compared.content, "html.parser").get_text()
    address = url(m.Procedure, "revisions_revert", procedure.pk, first.pk)
    page = editor.get(address)
    assert page.status_code == 200
    assert_saved(
        editor.post(
            url(m.Procedure, "edit", procedure.pk), {**form_data(page), **on_its_decision(), "action-submit": "1"}
        )
    )
    let_through(procedure)
    assert m.Procedure.objects.get().name_vi == "Đăng ký kết hôn vi"
    assert papers(procedure)[0]["name_vi"] == "Tờ khai vi"
    assert_saved(editor.post(url(m.Procedure, "unpublish", procedure.pk)))
    assert m.Procedure.objects.get().live
    proposal = m.Proposal.objects.open().about(procedure).get()
    now, day = timezone.now(), timezone.localdate()
    approve(proposal.pk, by=second_person(), at=now, day=day, stamp=stamp_of(proposal))
    assert not m.Procedure.objects.get().live


@pytest.mark.parametrize("model", [m.Procedure, m.Centre])
def test_a_draft_is_previewed_in_each_language(model, rows, editor):
    row = rows[model]
    data = form_data(editor.get(url(model, "edit", row.pk)))
    address = url(model, "preview_on_edit", row.pk)
    assert editor.post(address, data).json()["is_valid"]
    for language in ("vi", "zh-hans"):
        assert editor.get(f"{address}?mode={language}").content.decode().endswith(f"in {language}")
    revision = url(model, "revisions_view", row.pk, row.latest_revision.pk)
    assert editor.get(revision).status_code == 200


def test_a_centres_hours_and_points_are_edited_in_one_form(rows, editor):
    centre = rows[m.Centre]
    point = m.ServicePoint.objects.get()
    other = m.Centre.objects.create(slug="khac", level="province", place=centre.province, province=centre.province)
    stranger = m.ServicePoint.objects.create(centre=other, kind="help", name_vi="Nơi khác")
    new = {
        "hours-TOTAL_FORMS": "2",
        "hours-1-id": "",
        "hours-1-weekday": "5",
        "hours-1-opens": "08:00",
        "hours-1-closes": "11:00",
        "hours-1-point": str(stranger.pk),
    }
    assert "point" in errors(edit(editor, centre, new, "action-publish"))
    assert_saved(edit(editor, centre, {**new, "hours-1-point": str(point.pk)}, "action-publish"))
    assert_saved(edit(editor, centre, {"address": "40 Ông Ích Đường"}, "action-publish"))
    assert m.OpeningHours.objects.get(weekday=5).point == point
    assert m.ServicePoint.objects.filter(centre=centre).get().name_ko == "Điểm ko"
    assert m.Centre.objects.get(pk=centre.pk).address == "40 Ông Ích Đường"


@pytest.mark.parametrize(
    ("model", "change", "field"),
    [
        (m.Centre, {"latitude": "16.01"}, "longitude"),
        (m.Centre, {"level": "branch"}, "parent"),
        (m.Hotline, {"centre": ""}, "agency"),
        (m.Notice, {"ends_at": "2026-01-01 08:00"}, "ends_at"),
        (m.Notice, {"closes_from": "08:00"}, "closes_until"),
        (m.Notice, {"closes_on": "", "closes_from": "08:00", "closes_until": "09:00"}, "closes_on"),
        (m.Notice, {"title_ko": "11월 30일 휴무"}, "title_ko"),
        (m.CentreException, {"field": ""}, "field"),
        (m.ProcedureRoute, {"is_provincial": []}, "system"),
        (m.ProvinceProcedure, {"term_number": ""}, "term_number"),
        (m.ProvinceProcedure, {"term_number": "", "term_unit": ""}, "quyết định điều gì"),
    ],
)
def test_what_the_database_would_refuse_is_said_in_the_form(model, change, field, rows, editor):
    action = "action-publish" if hasattr(rows[model], "publish") else ""
    assert field in errors(edit(editor, rows[model], change, action))


def test_procedures_of_a_group_change_places(rows, editor):
    bundle = rows[m.ProcedureBundle]
    second = m.Procedure.objects.create(code="1.001193", name_vi="Khai sinh", field=rows[m.Field])
    bundle.items.add(m.BundleItem(procedure=second, order=2))
    bundle.save()
    assert_saved(edit(editor, bundle, {"items-0-ORDER": "2", "items-1-ORDER": "1"}))
    assert list(bundle.items.order_by("order").values_list("procedure__code", flat=True)) == ["1.001193", "1.000894"]


def test_a_forms_digest_follows_its_file(rows, editor):
    file = SimpleUploadedFile("to-khai.pdf", b"%PDF-1.7")
    assert_saved(edit(editor, rows[m.Form], {"file": file}))
    assert m.Form.objects.get().sha256 == hashlib.sha256(b"%PDF-1.7").hexdigest()
    assert "file" in errors(edit(editor, rows[m.Form], {"file": SimpleUploadedFile("x.html", b"<script>")}))
    assert_saved(edit(editor, rows[m.Form], {"file-clear": "on"}))
    assert m.Form.objects.get().sha256 == ""


def test_a_row_that_others_need_is_not_deleted_and_says_why(rows, editor):
    ReferenceIndex.objects.all().delete()  # Rows that were loaded in bulk aren't in it.
    response = editor.post(url(m.Field, "delete", rows[m.Field].pk), follow=True)
    assert response.status_code == 200
    assert "1.000894" in " ".join(str(message) for message in response.context["messages"])
    assert m.Field.objects.exists()


def test_a_row_that_nobody_needs_is_deleted(editor):
    unused = m.Audience.objects.create(code="khac", name_vi="Khác")
    assert_saved(editor.post(url(m.Audience, "delete", unused.pk)))
    let_through(unused)
    assert not m.Audience.objects.exists()


def test_versions_are_read_only_even_for_a_superuser(rows, editor):
    version = rows[m.ProcedureVersion]
    assert editor.get(url(m.ProcedureVersion, "list")).status_code == 200
    assert editor.get(url(m.ProcedureVersion, "inspect", version.pk)).status_code == 200
    for address in (
        url(m.ProcedureVersion, "add"),
        url(m.ProcedureVersion, "edit", version.pk),
        url(m.ProcedureVersion, "delete", version.pk),
    ):
        assert editor.get(address).url == reverse("wagtailadmin_home")
        assert editor.post(address).url == reverse("wagtailadmin_home")
    assert m.ProcedureVersion.objects.filter(pk=version.pk).exists()


def test_an_editor_needs_the_right_of_each_kind(client, rows):
    group = Group.objects.create(name="Centre people")
    names = ["access_admin", "change_centre", "publish_centre"]
    group.permissions.set(Permission.objects.filter(codename__in=names))
    user = User.objects.create_user("centre")
    user.groups.add(group)
    client.force_login(user)
    assert client.get(url(m.Centre, "edit", rows[m.Centre].pk)).status_code == 404
    second_person()
    m.Posting.objects.create(
        user=user, agency=m.Agency.objects.get(parent=None, place__level="province"), role="editor"
    )
    assert client.get(url(m.Centre, "edit", rows[m.Centre].pk)).status_code == 200
    assert client.get(url(m.Procedure, "edit", rows[m.Procedure].pk)).status_code == 302
    assert client.get(url(m.ProcedureVersion, "list")).status_code == 302
