"""Unclassified papers: marked by one person, made so by another: the live row, the open draft, and a version."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from catalogue import models as m
from catalogue.editing import paper_kinds
from catalogue.signals import catalogue_changed
from desk.versions import askable_papers
from tests import factories
from tests.catalogue.editing_cast import Cast, make_cast
from tests.keeping import kept
from tests.portal.publication_rows import BOARD, unclassified
from tests.publishing import publish

NAMES = ("Người nộp ký từng trang", "Giấy chứng sinh", "Hồ sơ gồm")


kept_cast = kept(make_cast)


@pytest.fixture
def cast(kept_cast, db) -> Cast:
    return kept_cast.copy()


@pytest.fixture
def papers(cast) -> list[m.RequiredPaper]:
    return unclassified(cast.rows[m.Procedure], *NAMES)


@pytest.fixture
def log_in(cast):
    def enter(name: str) -> Client:
        client = Client()
        client.force_login(cast.people[name])
        return client

    return enter


def mark(client: Client, **kinds: str):
    return client.post(f"{BOARD}papers/mark/", {f"paper-{key.strip('_')}": kind for key, kind in kinds.items()})


def mark_all(client: Client, papers, kinds=("note", "paper", "heading")):
    return client.post(f"{BOARD}papers/mark/", {f"paper-{row.pk}": k for row, k in zip(papers, kinds, strict=True)})


def approve(client: Client, act: str = "approve", keys=None) -> str:
    keys = [row.pk for row in m.PaperMarking.objects.open()] if keys is None else keys
    response = client.post(f"{BOARD}papers/decide/", {"marking": keys, "act": act}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def kinds_of(papers) -> list[str]:
    return [m.RequiredPaper.objects.get(pk=row.pk).kind for row in papers]


def test_the_list_has_what_the_source_counts_nought_times_of_ones_own_procedures(cast, papers, log_in):
    page = log_in("editor").get(f"{BOARD}papers/").content.decode()
    assert all(name in page for name in NAMES)
    assert page.count('type="radio"') == 4 * len(NAMES), "a paper, a note, a heading, or taken back"
    assert "Giấy chứng sinh" not in log_in("neighbour_editor").get(f"{BOARD}papers/").content.decode()


def test_a_marking_changes_nothing_until_a_second_person_approves(cast, papers, log_in):
    mark_all(log_in("editor"), papers)
    assert kinds_of(papers) == ["unclassified"] * 3
    rows = list(m.PaperMarking.objects.order_by("pk"))
    assert [(row.kind, row.by, row.text) for row in rows] == [
        (kind, cast.editor, name) for kind, name in zip(("note", "paper", "heading"), NAMES, strict=True)
    ]
    assert log_in("editor").get(f"{BOARD}papers/").context["page"].paginator.count == 0
    approve(log_in("publisher"))
    assert kinds_of(papers) == ["note", "paper", "heading"]
    assert {row.status for row in m.PaperMarking.objects.all()} == {"approved"}
    assert {row.decided_by for row in m.PaperMarking.objects.all()} == {cast.publisher}


def test_nobody_approves_what_they_marked_and_nobody_without_the_posting(cast, papers, log_in):
    mark_all(log_in("publisher"), papers)
    said = approve(log_in("publisher"))
    assert "Bạn đã tự đánh dấu" in said or "You marked them yourself" in said
    approve(log_in("colleague"))  # An editor at the same agency, no approver.
    approve(log_in("root"))  # A superuser without a posting.
    assert kinds_of(papers) == ["unclassified"] * 3
    page = log_in("publisher").get(f"{BOARD}papers/waiting/").content.decode()
    assert 'name="marking"' not in page
    approve(log_in("top_publisher"))  # Posted above the agency.
    assert kinds_of(papers) == ["note", "paper", "heading"]


def test_who_marked_first_may_not_approve_what_another_marked_over_it(cast, papers, log_in):
    key = papers[0].pk
    mark(log_in("publisher"), **{f"_{key}": "paper"})
    mark(log_in("editor"), **{f"_{key}": "note"})
    assert [row.status for row in m.PaperMarking.objects.order_by("pk")] == ["replaced", "open"]
    approve(log_in("publisher"))
    assert kinds_of(papers[:1]) == ["unclassified"]
    approve(log_in("top_publisher"))
    assert kinds_of(papers[:1]) == ["note"]


def test_the_database_itself_refuses_ones_own_approval_and_two_open_markings(cast, papers):
    made = {"procedure": cast.rows[m.Procedure], "paper": papers[0], "text": "x", "kind": "note", "at": timezone.now()}
    row = m.PaperMarking.objects.create(by=cast.editor, **made)
    with pytest.raises(IntegrityError), transaction.atomic():
        m.PaperMarking.objects.filter(pk=row.pk).update(status="approved", decided_by=cast.editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        m.PaperMarking.objects.create(by=cast.colleague, **made)


def test_the_markings_of_others_agencies_are_not_there(cast, papers, log_in):
    neighbour = log_in("neighbour_publisher")
    assert mark_all(neighbour, papers).status_code == 404
    assert not m.PaperMarking.objects.exists()
    mark_all(log_in("editor"), papers)
    keys = [row.pk for row in m.PaperMarking.objects.all()]
    assert neighbour.post(f"{BOARD}papers/decide/", {"marking": keys, "act": "approve"}).status_code == 404
    assert neighbour.post(f"{BOARD}papers/mark/", {f"paper-{papers[0].pk}": "none"}).status_code == 404
    assert "Giấy chứng sinh" not in neighbour.get(f"{BOARD}papers/waiting/").content.decode()
    assert kinds_of(papers) == ["unclassified"] * 3


def test_approval_records_a_version_from_today_by_which_the_desk_asks(cast, papers, log_in):
    procedure = cast.rows[m.Procedure]
    before = m.ProcedureVersion.objects.get(procedure=procedure, number=2)
    mark_all(log_in("editor"), papers)
    approve(log_in("publisher"))
    version = m.ProcedureVersion.objects.filter(procedure=procedure).as_of(timezone.localdate()).get()
    assert (version.number, version.effective_from) == (3, timezone.localdate())
    kinds = {paper["name"]: paper["kind"] for case in version.content["cases"] for paper in case["papers"]}
    assert [kinds[name] for name in NAMES] == ["note", "paper", "heading"]
    asked = {paper.name for paper in askable_papers(version).values()}
    assert "Giấy chứng sinh" in asked
    assert not {"Người nộp ký từng trang", "Hồ sơ gồm"} & asked
    assert "Người nộp ký từng trang" in {paper.name for paper in askable_papers(before).values()}, (
        "the old version stays"
    )
    # Sent back later, nothing more is recorded: the text in force is this one.
    assert m.ProcedureVersion.objects.filter(procedure=procedure).count() == 3


def test_a_paper_that_the_source_counts_nought_times_gets_no_count_rather_than_none_to_bring(cast, papers, log_in):
    mark_all(log_in("editor"), papers, ("paper", "note", "note"))
    approve(log_in("publisher"))
    paper = m.RequiredPaper.objects.get(pk=papers[0].pk)
    assert (paper.kind, paper.originals, paper.copies) == ("paper", None, None)
    note = m.RequiredPaper.objects.get(pk=papers[1].pk)
    assert (note.kind, note.originals, note.copies) == ("note", 0, 0)


def test_an_open_draft_stays_a_draft_keeps_its_words_and_gets_the_kinds(cast, papers, log_in):
    procedure = m.Procedure.objects.get(pk=cast.rows[m.Procedure].pk)
    draft = procedure.latest_revision.as_object()
    draft.name_vi = "Tên trong bản thảo"
    draft.ground, draft.decision = "decision", cast.rows[m.Decision]
    chosen = next(row for case in draft.cases.all() for row in case.papers.all() if row.pk == papers[2].pk)
    chosen.kind = "note"  # Its editor decided this one in the draft.
    revision = draft.save_revision(user=cast.colleague)
    mark_all(log_in("editor"), papers)
    approve(log_in("publisher"))
    procedure = m.Procedure.objects.get(pk=procedure.pk)
    assert procedure.name_vi != "Tên trong bản thảo"
    assert procedure.has_unpublished_changes
    assert procedure.latest_revision_id == revision.pk
    revision.refresh_from_db()
    assert revision.content["name_vi"] == "Tên trong bản thảo"
    assert revision.user == cast.colleague
    kinds = {paper["pk"]: paper["kind"] for case in revision.content["cases"] for paper in case["papers"]}
    assert [kinds[row.pk] for row in papers] == ["note", "paper", "note"]
    live = procedure.live_revision.content
    assert {paper["kind"] for case in live["cases"] for paper in case["papers"]} == {"paper", "note", "heading"}
    # Published later by a second person, the draft undoes nothing.
    procedure.latest_revision.publish(user=cast.top_publisher)
    assert kinds_of(papers) == ["note", "paper", "note"]


def test_publishing_without_a_draft_keeps_the_kinds(cast, papers, log_in):
    mark_all(log_in("editor"), papers)
    approve(log_in("publisher"))
    row = m.Procedure.objects.get(pk=cast.rows[m.Procedure].pk)
    publish(row.get_latest_revision_as_object())
    assert kinds_of(papers) == ["note", "paper", "heading"]


def test_search_and_caches_hear_of_it_once_and_it_stands_in_the_log(cast, papers, log_in, committing):
    told = []

    def hear(sender, codes=None, **kwargs):
        told.append(codes)

    mark_all(log_in("editor"), papers)
    second = log_in("publisher")
    catalogue_changed.connect(hear)
    try:
        with committing():
            approve(second)
    finally:
        catalogue_changed.disconnect(hear)
    assert told == [[cast.rows[m.Procedure].code]]
    entry = ModelLogEntry.objects.filter(user=cast.publisher, action="wagtail.edit").get()
    assert entry.object_id == str(cast.rows[m.Procedure].pk)
    assert entry.data == {"papers classified": 3}


def test_marking_makes_no_public_page_old(cast, papers, log_in, committing):
    from portal import generation

    editor = log_in("editor")
    before = generation.current()
    with committing():
        mark_all(editor, papers)
    assert generation.current() == before
    second = log_in("publisher")
    with committing():
        approve(second)
    assert generation.current() != before


def test_what_was_changed_meanwhile_is_left_and_can_be_marked_anew(cast, papers, log_in):
    mark_all(log_in("editor"), papers)
    m.RequiredPaper.objects.filter(pk=papers[0].pk).update(name_vi="Lưu ý khác")
    m.RequiredPaper.objects.filter(pk=papers[1].pk).update(kind="note")
    said = approve(log_in("publisher"))
    assert "2" in said
    assert kinds_of(papers) == ["unclassified", "note", "heading"]
    assert [row.status for row in m.PaperMarking.objects.order_by("pk")] == ["replaced", "replaced", "approved"]
    assert log_in("editor").get(f"{BOARD}papers/").context["page"].paginator.count == 1


def test_many_at_once_some_allowed_some_not(cast, papers, log_in):
    own = factories.ProcedureFactory(name_vi="Thủ tục của Hải Châu", maintained_by=cast.neighbour)
    others = unclassified(own, "Ghi chú của Hải Châu")
    mark_all(log_in("publisher"), papers[:1], ("note",))
    mark_all(log_in("editor"), papers[1:], ("paper", "heading"))
    mark_all(log_in("neighbour_editor"), others, ("note",))
    page = log_in("top_publisher").get(f"{BOARD}papers/waiting/")
    assert page.content.decode().count('name="marking"') == 4
    outcome = paper_kinds.approve(
        [row.pk for row in m.PaperMarking.objects.filter(procedure=cast.rows[m.Procedure])],
        by=cast.publisher,
        at=timezone.now(),
        day=timezone.localdate(),
    )
    assert (outcome.done, sum(outcome.left.values())) == (2, 1)
    assert kinds_of([*papers, *others]) == ["unclassified", "paper", "heading", "unclassified"]


def test_sending_back_and_taking_back(cast, papers, log_in):
    editor = log_in("editor")
    mark_all(editor, papers)
    approve(log_in("publisher"), "refuse", [m.PaperMarking.objects.get(paper=papers[0]).pk])
    editor.post(f"{BOARD}papers/mark/", {f"paper-{papers[1].pk}": "none"})
    assert [row.status for row in m.PaperMarking.objects.order_by("pk")] == ["refused", "withdrawn", "open"]
    assert editor.get(f"{BOARD}papers/").context["page"].paginator.count == 2
    assert log_in("colleague").post(f"{BOARD}papers/mark/", {f"paper-{papers[2].pk}": "none"}).status_code == 302
    assert m.PaperMarking.objects.open().count() == 1, "another's isn't taken back"


def test_scripts_are_answered_in_json_and_rubbish_with_404(cast, papers, log_in):
    editor = log_in("editor")
    address = f"{BOARD}papers/mark/"
    answer = editor.post(address, {f"paper-{papers[0].pk}": "note"}, headers={"Accept": "application/json"})
    assert answer.json() == {"written": 1, "withdrawn": 0}
    for name, value in ((f"paper-{papers[0].pk}", "poem"), ("paper-x", "note"), ("paper-" + "9" * 30, "note")):
        assert editor.post(address, {name: value}).status_code == 404
    assert editor.post(address, {}).status_code == 302
    assert log_in("publisher").post(f"{BOARD}papers/decide/", {"marking": ["1"], "act": "burn"}).status_code == 404
    assert editor.get(address).status_code == 405


def test_the_number_of_queries_of_an_approval_hardly_grows(cast, papers, django_assert_max_num_queries):
    at, day = timezone.now(), timezone.localdate()
    for index in range(5):
        row = factories.ProcedureFactory(maintained_by=cast.ward, with_papers=True)
        unclassified(row, *[f"Ghi chú {index} {n}" for n in range(4)])
    paper_kinds.mark({row.pk: "note" for row in m.RequiredPaper.objects.filter(kind="unclassified")}, by=cast.editor,
                     at=at, day=day)  # fmt: skip
    keys = list(m.PaperMarking.objects.values_list("pk", flat=True))
    assert len(keys) == 23
    with django_assert_max_num_queries(40 + 12 * 6):  # Six procedures: each gets a version and a line of the log.
        assert paper_kinds.approve(keys, by=cast.publisher, at=at, day=day).done == 23


def test_papers_of_drafts_and_of_abolished_procedures_are_not_asked_about(cast, papers):
    m.Procedure.objects.filter(pk=cast.rows[m.Procedure].pk).update(status="abolished")
    assert not paper_kinds.unclassified(cast.editor, dt.date.today()).exists()
