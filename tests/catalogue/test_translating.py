"""Translating a row: a draft of its own, a second person's approval, and nothing else touched."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from catalogue import models as m
from catalogue.editing.proposals import Act, approve, propose, stamp_of
from catalogue.signals import catalogue_changed
from catalogue.translating.drafts import tidy
from catalogue.translating.kinds import KINDS
from tests import factories
from tests.catalogue.editing_cast import Cast
from tests.catalogue.translating_cast import address, decide, fields, form, keys, paper_of, told, translate, words
from tests.portal.test_cms import form_data
from tests.publishing import publish

NAME = "Thủ tục của phường Cẩm Lệ"


def logged_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def writer(cast: Cast) -> Client:
    return logged_in(cast.editor)


@pytest.fixture
def approver(cast: Cast) -> Client:
    return logged_in(cast.publisher)


@pytest.fixture
def procedure(cast: Cast) -> m.Procedure:
    return cast.rows[m.Procedure]


def drafts() -> list[str]:
    return list(m.TranslationDraft.objects.current().values_list("text", flat=True))


@pytest.mark.parametrize("model", [kind.model for kind in KINDS.values()])
def test_every_kind_of_row_is_translated_and_goes_out_by_a_second_person(model, cast):
    row = cast.rows[model]
    own = model in (m.Procedure, m.Centre, m.Hotline)
    writer, approver = logged_in(cast.editor if own else cast.top_editor), logged_in(cast.top_publisher)
    column = "label" if model is m.Hotline else "name"
    source = getattr(row, f"{column}_vi")
    assert translate(writer, row, {source: f"In English {source}"}).status_code == 302
    assert not getattr(words(row), f"{column}_en")
    assert "Đã duyệt" in decide(approver, row)
    assert getattr(words(row), f"{column}_en") == f"In English {source}"
    mark = m.TranslationMark.objects.get(model=row._meta.model_name, row=row.pk, column=column, language="en")
    assert mark.is_reviewed and mark.is_approved
    log = ModelLogEntry.objects.get(action="catalogue.translate", object_id=row.pk)
    assert (log.user, log.data["language"]) == (cast.top_publisher, "en")


@pytest.mark.parametrize("who", ["neighbour_editor", "neighbour_publisher", "clerk", "expired", "coming", "unposted"])
def test_a_stranger_gets_404_at_every_address_of_a_row(who, cast, procedure):
    client = logged_in(cast.people[who])
    for name in ("row", "decide", "export_row"):
        assert client.get(address(procedure, name=name)).status_code == 404
        if name != "export_row":
            assert client.post(address(procedure, name=name), {"act": "approve-all"}).status_code == 404
    assert not m.TranslationDraft.objects.exists()


def test_an_unknown_language_kind_or_row_is_404(cast, writer, procedure):
    for path in ("vi/procedure/1/", "fr/procedure/1/", "en/case/1/", "en/procedure/999999999999999999999/"):
        assert writer.get(f"/cms/translating/{path}").status_code == 404, path


def test_no_list_names_what_waits_at_another_agency(cast, writer, procedure):
    translate(writer, procedure, {NAME: "Kept secret"})
    neighbour = logged_in(cast.neighbour_publisher)
    for path in ("", "waiting/", "en/", "en/?all=1", "en/texts/procedure/procedure/name/"):
        assert NAME not in neighbour.get(f"/cms/translating/{path}").content.decode(), path
    assert NAME in writer.get("/cms/translating/waiting/").content.decode()
    for path in ("", "waiting/", "en/", "en/export/", "en/import/"):
        assert logged_in(cast.clerk).get(f"/cms/translating/{path}").status_code == 302, path


@pytest.mark.parametrize("who", ["editor", "colleague", "root", "top_editor"])
def test_nobody_without_a_posting_as_an_approver_publishes(who, cast, writer, procedure):
    translate(writer, procedure, {NAME: "In English"})
    client = logged_in(cast.people[who])
    assert 'name="all"' not in client.get(address(procedure, name="decide")).content.decode()
    key = _forged_key(cast, procedure)
    said = told(client.post(address(procedure, name="decide"), {"act": "approve", "text": key}, follow=True))
    assert "publisher" in said
    assert not words(procedure).name_en
    assert drafts() == ["In English"]


def _forged_key(cast: Cast, procedure: m.Procedure) -> str:
    return next(iter(keys(logged_in(cast.publisher).get(address(procedure, name="decide"))).values()))


def test_an_approver_cant_let_out_what_they_wrote_but_the_rest_of_the_row(cast, writer, approver, procedure):
    paper = paper_of(procedure)
    translate(writer, procedure, {NAME: "In English"})
    translate(approver, procedure, {paper.name_vi: f"Paper {paper.name_vi.split()[-1]}"})
    forged = keys(logged_in(cast.top_publisher).get(address(procedure, name="decide")))
    own = next(key for text, key in forged.items() if text.startswith("Paper"))
    decide(approver, procedure, "approve", own)
    assert not words(paper).name_en
    decide(approver, procedure)
    assert words(procedure).name_en == "In English"
    assert not words(paper).name_en
    decide(logged_in(cast.top_publisher), procedure)
    assert words(paper).name_en.startswith("Paper")


def test_whoever_corrects_a_word_becomes_a_writer(cast, writer, approver, procedure):
    translate(writer, procedure, {NAME: "In English"})
    translate(approver, procedure, {NAME: "In better English"})
    decide(approver, procedure)
    assert not words(procedure).name_en
    assert drafts() == ["In better English"]
    assert "In English" in writer.get(address(procedure)).content.decode()
    decide(logged_in(cast.top_publisher), procedure)
    assert words(procedure).name_en == "In better English"
    # Once it is out, the count of writers begins anew.
    translate(writer, procedure, {NAME: "In the best English"})
    decide(approver, procedure)
    assert words(procedure).name_en == "In the best English"


def test_a_part_is_approved_and_the_rest_sent_back_with_a_note(cast, writer, approver, procedure):
    paper = paper_of(procedure)
    translate(writer, procedure, {NAME: "In English", paper.name_vi: f"A paper {paper.name_vi.split()[-1]}"})
    chosen = keys(approver.get(address(procedure, name="decide")))
    decide(approver, procedure, "approve", chosen["In English"])
    decide(approver, procedure, "return", *chosen.values(), note="")
    assert m.TranslationDraft.objects.filter(status="open").count() == 1
    left = next(key for text, key in chosen.items() if text.startswith("A paper"))
    decide(approver, procedure, "return", left, note="Nói rõ hơn")
    assert (words(procedure).name_en, words(paper).name_en or "") == ("In English", "")
    page = writer.get(address(procedure) + "?show=returned").content.decode()
    assert "Nói rõ hơn" in page and "A paper" in page
    translate(writer, procedure, {paper.name_vi: f"A form {paper.name_vi.split()[-1]}"})
    decide(approver, procedure)
    assert words(paper).name_en.startswith("A form")


def test_a_figure_that_differs_is_said_when_saving_and_doesnt_publish(cast, writer, approver, procedure):
    m.Procedure.objects.filter(pk=procedure.pk).update(steps_vi="Nộp 02 bản trong 15 ngày, phí 1.000.000 đồng")
    wrong = "Hand in 2 copies within 5 days, fee 1,000,000 VND"
    page = writer.get(address(procedure))
    names = fields(page)
    data = form(page) | {f"text-{names['Nộp 02 bản trong 15 ngày, phí 1.000.000 đồng']}": wrong}
    said = told(writer.post(address(procedure), data, follow=True))
    assert "15" in said and "5" in said and "1000000" not in said
    chosen = keys(approver.get(address(procedure, name="decide")))
    said = decide(approver, procedure, "approve", *chosen.values())
    assert "15" in said
    assert not words(procedure).steps_en
    decide(approver, procedure)
    assert not words(procedure).steps_en


def test_a_vietnamese_changed_meanwhile_refuses_the_approval_and_shows_the_draft_as_outdated(
    cast, writer, approver, procedure
):
    translate(writer, procedure, {NAME: "In English"})
    chosen = keys(approver.get(address(procedure, name="decide")))
    m.Procedure.objects.filter(pk=procedure.pk).update(name_vi="Thủ tục đã đổi tên")
    said = told(
        approver.post(address(procedure, name="decide"), {"act": "approve", "text": list(chosen.values())}, follow=True)
    )
    assert not words(procedure).name_en and said
    fresh = keys(approver.get(address(procedure, name="decide")))
    assert NAME in decide(approver, procedure, "approve", *fresh.values())
    assert not words(procedure).name_en
    page = writer.get(address(procedure) + "?show=outdated").content.decode()
    assert NAME in page and "Thủ tục đã đổi tên" in page
    # The translator looks at it, finds it right, and it goes out.
    page = writer.get(address(procedure))
    data = form(page) | {f"keep-{fields(page)['Thủ tục đã đổi tên']}": "on"}
    writer.post(address(procedure), data)
    decide(approver, procedure)
    assert words(procedure).name_en == "In English"


def test_what_changed_after_the_approver_read_it_isnt_published(cast, writer, approver, procedure):
    translate(writer, procedure, {NAME: "In English"})
    read = keys(approver.get(address(procedure, name="decide")))
    translate(writer, procedure, {NAME: "In other English"})
    decide(approver, procedure, "approve", read["In English"])
    assert not words(procedure).name_en
    assert drafts() == ["In other English"]


def test_an_open_vietnamese_draft_and_its_workflow_stay_and_keep_the_translation(cast, writer, approver, procedure):
    paper = paper_of(procedure)
    draft = procedure.get_latest_revision_as_object()
    draft.name_vi, draft.ground = "Tên mới của thủ tục", m.Procedure.Ground.TYPO
    draft.save_revision(user=cast.colleague)
    procedure = words(procedure)
    procedure.get_workflow().start(procedure, cast.colleague)
    versions, latest = procedure.versions.count(), procedure.latest_revision_id
    translate(writer, procedure, {NAME: "In English", paper.name_vi: f"Paper {paper.name_vi.split()[-1]}"})
    decide(approver, procedure)
    procedure = words(procedure)
    assert (procedure.name_vi, procedure.name_en) == (NAME, "In English")
    assert procedure.workflow_in_progress and procedure.latest_revision_id == latest
    assert procedure.versions.count() == versions
    content = procedure.latest_revision.content
    assert content["name_vi"] == "Tên mới của thủ tục"
    # The Vietnamese draft goes out without being approved anew, and undoes no translation.
    step = procedure.current_workflow_task_state
    step.task.specific.on_action(step, cast.top_publisher, "approve")
    procedure = words(procedure)
    assert (procedure.name_vi, procedure.name_en) == ("Tên mới của thủ tục", "In English")
    assert words(paper).name_en == f"Paper {paper.name_vi.split()[-1]}"
    page = writer.get(address(procedure) + "?show=outdated").content.decode()
    assert "Tên mới của thủ tục" in page and "In English" in page


def test_a_translation_that_the_vietnamese_draft_changed_itself_stays_its_own(cast, writer, approver, procedure):
    draft = procedure.get_latest_revision_as_object()
    draft.name_en = "The editor's own English"
    draft.save_revision(user=cast.colleague)
    translate(writer, procedure, {NAME: "In English"})
    decide(approver, procedure)
    assert words(procedure).name_en == "In English"
    assert words(procedure).latest_revision.content["name_en"] == "The editor's own English"


def test_a_vietnamese_form_that_was_open_meanwhile_undoes_no_approval(cast, writer, approver, procedure, settings):
    settings.CATALOGUE_PREVIEW_VIEW = "tests.portal.test_cms.preview"
    paper = paper_of(procedure)
    edit = reverse(m.Procedure.snippet_viewset.get_url_name("edit"), args=[procedure.pk])
    old = form_data(logged_in(cast.colleague).get(edit))
    translate(writer, procedure, {NAME: "In English", paper.name_vi: f"Paper {paper.name_vi.split()[-1]}"})
    decide(approver, procedure)
    assert logged_in(cast.colleague).post(edit, old | {"short_name": "Ngắn"}).status_code == 302
    content = words(procedure).latest_revision.content
    assert (content["short_name"], content["name_en"]) == ("Ngắn", "In English")
    assert content["cases"][0]["papers"][0]["name_en"] == words(paper).name_en
    # A form opened afterwards shows the approved words, and may change them.
    new = form_data(logged_in(cast.colleague).get(edit))
    assert new["name_en"] == ["In English"]
    logged_in(cast.colleague).post(edit, new | {"name_en": "By form"})
    assert words(procedure).latest_revision.content["name_en"] == "By form"


def test_a_centre_with_its_points_and_an_open_draft(cast, writer, approver):
    centre = cast.rows[m.Centre]
    centre.points = [m.ServicePoint(kind="help", name_vi="Điểm hỗ trợ số 7")]
    centre.save()
    centre = publish(centre)
    draft = centre.get_latest_revision_as_object()
    draft.address = "2 Lê Duẩn"
    draft.save_revision(user=cast.colleague)
    translate(writer, centre, {"Điểm hỗ trợ số 7": "Help point 7"}, "ko")
    decide(approver, centre, language="ko")
    assert m.ServicePoint.objects.get().name_ko == "Help point 7"
    content = words(centre).latest_revision.content
    assert (content["address"], content["points"][0]["name_ko"]) == ("2 Lê Duẩn", "Help point 7")


def test_an_open_proposal_of_a_row_without_drafts_can_still_be_approved(cast):
    field = cast.rows[m.Field]
    source = field.name_vi
    field.name_vi = "Hộ tịch và quốc tịch"
    proposal = propose(Act.CHANGE, field, by=cast.top_editor, at=timezone.now())
    translate(logged_in(cast.top_editor), words(field), {source: "Civil status"})
    decide(logged_in(cast.top_publisher), words(field))
    proposal.refresh_from_db()
    day, now = timezone.localdate(), timezone.now()
    approve(proposal.pk, by=cast.top_publisher, at=now, day=day, stamp=stamp_of(proposal))
    assert (words(field).name_vi, words(field).name_en) == ("Hộ tịch và quốc tịch", "Civil status")


def test_of_two_translators_the_slower_is_told_who_was_faster_and_nothing_is_lost(cast, writer, procedure):
    slow = logged_in(cast.colleague)
    page = slow.get(address(procedure))
    translate(writer, procedure, {NAME: "The faster words"})
    name = fields(page)[NAME]
    answer = slow.post(address(procedure), form(page) | {f"text-{name}": "The slower words"})
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert "editor" in shown and "The faster words" in shown and "The slower words" in shown
    assert drafts() == ["The faster words"]
    # Sent again, it is over the other's, whose words stay.
    assert slow.post(address(procedure), form(answer)).status_code == 302
    assert drafts() == ["The slower words"]
    assert m.TranslationDraft.objects.get(status="replaced").text == "The faster words"
    assert "The faster words" in writer.get(address(procedure)).content.decode()


def test_saving_other_texts_writes_nothing_over_what_somebody_wrote_meanwhile(cast, writer, procedure):
    paper = paper_of(procedure)
    slow = logged_in(cast.colleague)
    page = slow.get(address(procedure))
    translate(writer, procedure, {NAME: "The faster words"})
    data = form(page) | {f"text-{fields(page)[paper.name_vi]}": f"Paper {paper.name_vi.split()[-1]}"}
    assert slow.post(address(procedure), data).status_code == 302
    assert sorted(drafts()) == [f"Paper {paper.name_vi.split()[-1]}", "The faster words"]


def test_words_for_a_vietnamese_that_changed_are_given_back(cast, writer, procedure):
    page = writer.get(address(procedure))
    m.Procedure.objects.filter(pk=procedure.pk).update(name_vi="Tên khác hẳn")
    answer = writer.post(address(procedure), form(page) | {f"text-{fields(page)[NAME]}": "Words of an hour"})
    assert answer.status_code == 200
    assert "Words of an hour" in answer.content.decode()
    assert not m.TranslationDraft.objects.exists()


def test_a_vietnamese_that_stands_twice_is_translated_once(cast, writer, approver, procedure):
    case = m.Case.objects.get(procedure=procedure)
    for number in range(3):
        factories.RequiredPaperFactory(case=case, name_vi="Bản sao căn cước", key=f"x{number}")
    assert list(fields(writer.get(address(procedure)))).count("Bản sao căn cước") == 1
    translate(writer, procedure, {"Bản sao căn cước": "Copy of the identity card"})
    decide(approver, procedure)
    papers = m.RequiredPaper.objects.filter(name_vi="Bản sao căn cước")
    assert set(papers.values_list("name_en", flat=True)) == {"Copy of the identity card"}
    assert m.TranslationMark.objects.filter(model="requiredpaper", is_approved=True).count() == 3


def test_a_suggestion_is_taken_with_one_press_without_javascript(cast, writer, approver, procedure):
    other = factories.ProcedureFactory(name_vi="Khác", maintained_by=cast.ward)
    m.Procedure.objects.filter(pk=procedure.pk).update(
        steps_vi="Nộp hồ sơ", conditions_vi="Cấp Giấy chứng nhận kết hôn"
    )
    m.Procedure.objects.filter(pk=other.pk).update(steps_vi="Nộp hồ sơ")
    translate(writer, other, {"Nộp hồ sơ": "Hand in the file"})
    decide(approver, other)
    page = writer.get(address(procedure))
    assert "Hand in the file" in page.content.decode()
    answer = writer.post(address(procedure), form(page) | {"take": fields(page)["Nộp hồ sơ"]})
    assert answer.url.endswith(f"#t-{fields(page)['Nộp hồ sơ']}")
    assert drafts() == ["Hand in the file"]


def test_the_memory_of_lines_suggests(cast, writer):
    field = cast.rows[m.Field]
    m.Field.objects.filter(pk=field.pk).update(name_vi="Hộ tịch")
    client = logged_in(cast.top_editor)
    page = client.get(address(words(field)))
    assert "Civil status" in page.content.decode()


def test_a_load_of_lines_never_writes_over_approved_words(cast, tmp_path):
    field = cast.rows[m.Field]
    translate(logged_in(cast.top_editor), field, {field.name_vi: "My own words"})
    decide(logged_in(cast.top_publisher), field)
    folder = tmp_path / "en"
    folder.mkdir()
    line = f'{{"source": "{field.name_vi}", "text": "Loaded words", "reviewed": true}}\n'
    (folder / "lines.jsonl").write_text(line, encoding="utf-8")
    call_command("load_translations", str(tmp_path))
    assert words(field).name_en == "My own words"
    mark = m.TranslationMark.objects.get(model="field", row=field.pk, column="name", language="en")
    assert mark.is_approved


def test_an_emptied_field_withdraws_ones_own_and_nobody_elses(cast, writer, procedure):
    translate(writer, procedure, {NAME: "In English"})
    other = logged_in(cast.colleague)
    assert translate(other, procedure, {NAME: ""}).status_code == 200
    assert drafts() == ["In English"]
    other.post(address(procedure), {"withdraw": "all"})
    assert drafts() == ["In English"]
    assert translate(writer, procedure, {NAME: " "}).status_code == 302
    assert drafts() == []


def test_a_draft_whose_text_is_gone_stays_readable_and_can_be_withdrawn(cast, writer, procedure):
    paper = paper_of(procedure)
    translate(writer, procedure, {paper.name_vi: f"Paper {paper.name_vi.split()[-1]}"})
    paper.delete()
    assert "Paper" in writer.get(address(procedure)).content.decode()
    writer.post(address(procedure), {"withdraw": str(m.TranslationDraft.objects.get().pk)})
    assert drafts() == []


def test_too_long_for_its_column_is_said_and_kept_in_the_form(cast, writer):
    centre = cast.rows[m.Centre]
    answer = translate(writer, centre, {centre.name_vi: "x" * 301})
    assert answer.status_code == 200
    assert "x" * 301 in answer.content.decode()
    assert drafts() == []


def test_caches_and_search_are_told_once_it_is_committed(cast, writer, approver, procedure, committing):
    heard: list[Any] = []

    def listen(**kwargs: Any) -> None:
        heard.append(kwargs["codes"])

    translate(writer, procedure, {NAME: "In English"})
    catalogue_changed.connect(listen)
    try:
        with committing():
            decide(approver, procedure)
    finally:
        catalogue_changed.disconnect(listen)
    assert heard == [[procedure.code]]
    assert m.Procedure.objects.matching("in english").get() == procedure
    assert words(procedure).updated_at > procedure.updated_at


def test_words_are_kept_as_typed_but_for_blanks_at_the_ends():
    assert tidy("  a \r\n b\t\r\n\r\n") == "a\n b"


def test_a_published_vietnamese_takes_off_translations_with_other_figures_and_no_others(cast):
    m.Hotline.objects.update(
        hours_text_vi="Từ 7 giờ 30", hours_text_en="From 7:30", hours_text_ko="7시 30분부터", label_en="Our hotline"
    )
    row = m.Hotline.objects.get()
    row.hours_text_vi, row.hours_text_ko = "Từ 8 giờ", "8시부터"
    row.save_revision(user=cast.editor)
    words(row).get_workflow().start(words(row), cast.editor)
    step = words(row).current_workflow_task_state
    step.task.specific.on_action(step, cast.publisher, "approve")
    row = words(row)
    assert (row.hours_text_vi, row.hours_text_en, row.hours_text_ko) == ("Từ 8 giờ", "", "8시부터")
    assert row.label_en == "Our hotline"
    assert row.latest_revision.content["hours_text_en"] == ""
    entry = ModelLogEntry.objects.get(action="catalogue.clear_translations")
    assert entry.data["fields"] == ["hotline.hours_text_en"]
