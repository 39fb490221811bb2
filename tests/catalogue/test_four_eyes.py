"""Four eyes: whoever wrote a change can't approve it, by whatever way; code publishes by a named rule only."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry, Workflow, WorkflowState

from catalogue import models as m
from catalogue.editing.four_eyes import NotApprovedError, OpenWorkError, by_rule
from catalogue.editing.setting_up import set_up
from tests import factories
from tests.portal.test_cms import form_data
from tests.publishing import publish

DRAFTED = [m.Procedure, m.Centre, m.Hotline, m.Notice]
TEXT = "Tên mới cần duyệt"


def column(row: Any) -> str:
    return {m.Hotline: "label_vi", m.Notice: "title_vi"}.get(type(row), "name_vi")


def anew(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def name_of(row: Any) -> str:
    return getattr(anew(row), column(row))


def write(row: Any, user: Any, text: str = TEXT) -> Any:
    """Save a draft as somebody, and return the row anew."""
    draft = anew(row).get_latest_revision_as_object()
    setattr(draft, column(row), text)
    draft.ground = "typo"
    draft.save_revision(user=user)
    return anew(row)


def submit(row: Any, user: Any) -> Any:
    """Ask for approval; return the open step."""
    row = anew(row)
    row.get_workflow().start(row, user)
    return row.current_workflow_task_state


def url(row: Any, name: str, *args: object) -> str:
    return reverse(type(row).snippet_viewset.get_url_name(name), args=[row.pk, *args])


def said(client: Client, response: Any) -> str:
    """Return the next page, with what it says in words."""
    assert response.status_code == 302
    return client.get(response.url).content.decode()


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize("model", DRAFTED)
def test_a_second_person_approves_and_readers_see_it(model, cast):
    row = write(cast.rows[model], cast.editor)
    step = submit(row, cast.editor)
    step.task.specific.on_action(step, cast.publisher, "approve")
    assert name_of(row) == TEXT
    assert not anew(row).has_unpublished_changes
    assert anew(row).workflow_states.get().status == "approved"
    assert ModelLogEntry.objects.filter(action="wagtail.publish", user=cast.publisher, object_id=row.pk).exists()


@pytest.mark.parametrize("who", ["publisher", "top_publisher"])
def test_approval_at_the_agency_or_above(who, cast):
    row = write(cast.rows[m.Procedure], cast.editor)
    step = submit(row, cast.editor)
    step.task.specific.on_action(step, cast.people[who], "approve")
    assert name_of(row) == TEXT


@pytest.mark.parametrize(
    "who", ["editor", "colleague", "top_editor", "neighbour_publisher", "root", "clerk", "expired", "unposted"]
)
def test_nobody_else_approves_by_any_way(who, cast):
    row = write(cast.rows[m.Procedure], cast.editor)
    step = submit(row, cast.editor)
    with pytest.raises(NotApprovedError):
        step.task.specific.on_action(step, cast.people[who], "approve")
    with pytest.raises(NotApprovedError):
        anew(row).latest_revision.publish(user=cast.people[who])
    with pytest.raises(NotApprovedError):
        anew(row).latest_revision.publish(user=cast.people[who], skip_permission_checks=True)
    assert name_of(row) != TEXT
    assert anew(row).workflow_in_progress


def ways(row: Any) -> dict[str, Any]:
    """Return every way by which a writer who is an approver could let a change out."""
    state = row.current_workflow_state
    data = {"action-publish": "1", "action-workflow-action": "1", "workflow-action-name": "approve"}
    return {
        "publish button": lambda client: client.post(
            url(row, "edit"), form_data(client.get(url(row, "edit"))) | {"action-publish": "1"}
        ),
        "approve in the form": lambda client: client.post(url(row, "edit"), data),
        "workflow action": lambda client: client.post(
            url(row, "workflow_action", "approve", state.current_task_state_id), {"comment": ""}
        ),
        "revert and publish": lambda client: client.post(
            url(row, "revisions_revert", row.latest_revision_id),
            form_data(client.get(url(row, "revisions_revert", row.latest_revision_id))) | {"action-publish": "1"},
        ),
        "lock, then approve": lambda client: (
            client.post(url(row, "lock")) if hasattr(row, "locked") else None,
            client.post(url(row, "workflow_action", "approve", state.current_task_state_id)),
        ),
        "schedule": lambda client: client.post(
            url(row, "edit"),
            form_data(client.get(url(row, "edit"))) | {"go_live_at": "2020-01-01 00:00", "action-publish": "1"},
        ),
        "bulk publish": lambda client: client.post(f"/cms/bulk/catalogue/procedure/publish/?id={row.pk}"),
        "restart": lambda client: client.post(url(row, "edit"), {"action-restart-workflow": "1"}),
    }


WAYS = ["publish button", "approve in the form", "workflow action", "revert and publish", "lock, then approve"]
WAYS += ["schedule", "bulk publish", "restart"]


@pytest.mark.parametrize("who", ["publisher", "root"])
@pytest.mark.parametrize("way", WAYS)
def test_own_work_goes_out_by_no_way(way, who, cast, client: Client):
    writer = cast.people[who]
    if who == "root":
        m.Posting.objects.create(user=writer, agency=cast.top, role="publisher")
    # The form of a hotline is the quickest; it has no lock, a procedure has.
    row = write(cast.rows[m.Procedure if way in ("lock, then approve", "bulk publish") else m.Hotline], writer)
    submit(row, writer)
    client.force_login(writer)
    ways(anew(row))[way](client)
    call_command("publish_scheduled", verbosity=0)
    assert name_of(row) != TEXT
    assert not anew(row).approved_schedule


def test_a_refusal_says_in_words_who_can_approve(cast, client: Client):
    row = write(cast.rows[m.Procedure], cast.publisher)
    step = submit(row, cast.publisher)
    client.force_login(cast.publisher)
    for address, data in (
        (url(row, "workflow_action", "approve", step.pk), {}),
        (url(row, "edit"), {"action-workflow-action": "1", "workflow-action-name": "approve"}),
    ):
        text = said(client, client.post(address, data))
        assert "top_publisher" in text
        assert "Bạn đã viết" in text
        assert "publisher, Ủy ban nhân dân Phường Cẩm Lệ" not in text
    client.force_login(cast.editor)
    assert "top_publisher" in client.get(url(row, "edit")).content.decode()


def test_an_approver_approves_from_the_dashboard_and_from_the_form(cast, client: Client):
    client.force_login(cast.publisher)
    row = write(cast.rows[m.Hotline], cast.editor)
    step = submit(row, cast.editor)
    client.post(url(row, "workflow_action", "approve", step.pk))
    assert name_of(row) == TEXT
    row = write(row, cast.editor, "Tên mới hơn nữa")
    submit(row, cast.editor)
    page = client.get(url(row, "edit"))
    assert "approve" in page.content.decode()
    data = form_data(page) | {"action-workflow-action": "1", "workflow-action-name": "approve"}
    client.post(url(row, "edit"), data)
    assert name_of(row) == "Tên mới hơn nữa"


def test_sent_back_and_submitted_again(cast, client: Client):
    row = write(cast.rows[m.Hotline], cast.editor)
    step = submit(row, cast.editor)
    client.force_login(cast.publisher)
    client.post(url(row, "workflow_action", "reject", step.pk), {"comment": "Sai căn cứ"})
    assert anew(row).current_workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES
    client.force_login(cast.editor)
    data = form_data(client.get(url(row, "edit"))) | {"action-submit": "1"}
    assert client.post(url(row, "edit"), data).status_code == 302
    assert anew(row).workflow_in_progress


def test_an_edit_after_submission_must_be_approved_anew(cast, client: Client):
    row = write(cast.rows[m.Procedure], cast.editor)
    step = submit(row, cast.editor)
    write(row, cast.colleague, "Đổi sau khi gửi")
    client.force_login(cast.publisher)
    client.post(url(row, "workflow_action", "approve", step.pk))
    assert name_of(row) not in (TEXT, "Đổi sau khi gửi")
    second = anew(row).current_workflow_task_state
    assert second.pk != step.pk
    assert second.revision_id == anew(row).latest_revision_id
    client.post(url(row, "workflow_action", "approve", second.pk))
    assert name_of(row) == "Đổi sau khi gửi"


def test_an_approver_who_corrects_a_word_is_a_writer(cast):
    row = write(cast.rows[m.Procedure], cast.editor)
    step = submit(row, cast.editor)
    write(row, cast.publisher, "Người duyệt sửa")
    with pytest.raises(NotApprovedError):
        step.task.specific.on_action(step, cast.publisher, "approve")
    step = anew(row).current_workflow_task_state
    step.task.specific.on_action(step, cast.top_publisher, "approve")
    step = anew(row).current_workflow_task_state
    step.task.specific.on_action(step, cast.top_publisher, "approve")
    assert name_of(row) == "Người duyệt sửa"


def test_who_asked_for_the_approval_is_no_second_person(cast):
    row = write(cast.rows[m.Procedure], cast.editor)
    step = submit(row, cast.publisher)
    with pytest.raises(NotApprovedError):
        step.task.specific.on_action(step, cast.publisher, "approve")
    assert name_of(row) != TEXT


def test_what_was_written_before_the_published_state_counts_no_more(cast):
    row = write(cast.rows[m.Procedure], cast.publisher)
    row.latest_revision.publish(user=cast.top_publisher)
    row = write(row, cast.editor, "Tên sau nữa")
    row.latest_revision.publish(user=cast.publisher)
    assert name_of(row) == "Tên sau nữa"


def test_code_needs_a_rule(cast):
    row = cast.rows[m.Procedure]
    with pytest.raises(NotApprovedError):
        anew(row).save_revision().publish()
    with by_rule("the day has come"):
        anew(row).save_revision().publish()
    with pytest.raises(ValueError, match="rule"), by_rule(""):
        pass


@pytest.mark.parametrize("is_submitted", [False, True])
@pytest.mark.parametrize("model", DRAFTED)
def test_code_never_publishes_over_open_work(is_submitted, model, cast):
    row = write(cast.rows[model], cast.editor)
    if is_submitted:
        submit(row, cast.editor)
    with by_rule("the day has come"):
        for revision in (row.latest_revision, anew(row).save_revision()):
            with pytest.raises(OpenWorkError):
                revision.publish()
    assert name_of(row) != TEXT


def test_rows_have_no_schedule_of_their_own(cast):
    row = anew(cast.rows[m.Procedure]).get_latest_revision_as_object()
    row.go_live_at = timezone.now() + dt.timedelta(days=1)
    row.save_revision(user=cast.editor)
    with pytest.raises(NotApprovedError):
        anew(row).latest_revision.publish(user=cast.publisher)
    assert not anew(row).approved_schedule


@pytest.mark.parametrize("model", DRAFTED)
def test_taking_down_and_removing_need_a_second_person_too(model, cast, client: Client):
    row = cast.rows[model]
    for call in (
        lambda: anew(row).unpublish(),
        lambda: anew(row).unpublish(user=cast.root),
        lambda: anew(row).delete(),
    ):
        with pytest.raises(NotApprovedError):
            call()
    client.force_login(cast.editor)
    client.post(url(row, "unpublish"))
    assert anew(row).live
    proposal = m.Proposal.objects.open().get()
    assert (proposal.act, proposal.row) == ("unpublish", row.pk)


def test_a_draft_that_nobody_has_seen_is_removed_at_once(cast, client: Client):
    row = factories.ProcedureFactory(draft=True, maintained_by=cast.ward)
    client.force_login(cast.editor)
    client.post(url(row, "delete"))
    assert not m.Procedure.objects.filter(pk=row.pk).exists()


def test_of_two_editors_the_slower_is_told_and_nothing_is_lost(cast, client: Client):
    row = cast.rows[m.Hotline]
    client.force_login(cast.editor)
    slow = form_data(client.get(url(row, "edit")))
    other = Client()
    other.force_login(cast.colleague)
    quick = form_data(other.get(url(row, "edit")))
    assert other.post(url(row, "edit"), quick | {"label_vi": "Của người nhanh"}).status_code == 302
    told = client.post(url(row, "edit"), slow | {"label_vi": "Của người chậm"})
    assert told.status_code == 200
    assert "colleague" in told.content.decode()
    assert "Của người chậm" in told.content.decode()
    assert anew(row).get_latest_revision_as_object().label_vi == "Của người nhanh"
    assert client.post(url(row, "edit"), form_data(told)).status_code == 302
    texts = [revision.as_object().label_vi for revision in anew(row).revisions.order_by("pk")]
    assert texts[-2:] == ["Của người nhanh", "Của người chậm"]


def test_a_row_is_given_to_another_agency_by_the_province_alone(cast, client: Client):
    row = cast.rows[m.Centre]
    client.force_login(cast.editor)
    data = form_data(client.get(url(row, "edit")))
    refused = client.post(url(row, "edit"), data | {"agency": cast.neighbour.pk})
    assert refused.status_code == 200
    assert "agency" in refused.context["form"].errors
    client.force_login(cast.top_editor)
    assert client.post(url(row, "edit"), data | {"agency": cast.neighbour.pk}).status_code == 302
    draft = anew(row).latest_revision
    with pytest.raises(NotApprovedError):
        draft.publish(user=cast.publisher)
    with pytest.raises(NotApprovedError):
        draft.publish(user=cast.neighbour_publisher)
    draft.publish(user=cast.top_publisher)
    assert anew(row).agency == cast.neighbour


def test_a_form_cant_name_a_draft_of_another_agency(cast, client: Client):
    hidden = factories.ProcedureFactory(draft=True, name_vi="Bản thảo nơi khác", maintained_by=cast.neighbour)
    client.force_login(cast.editor)
    row = cast.rows[m.Procedure]
    data = form_data(client.get(url(row, "edit")))
    response = client.post(url(row, "edit"), data | {"replaced_by": hidden.pk})
    assert response.status_code == 302
    assert "Bản thảo" not in client.get(response.url).content.decode()
    assert not anew(row).has_unpublished_changes


def test_a_superuser_sees_no_button_to_publish(cast, client: Client):
    client.force_login(cast.root)
    page = BeautifulSoup(client.get(url(cast.rows[m.Procedure], "edit")).content, "html.parser")
    names = {button.get("name") for button in page.find_all("button")}
    assert "action-submit" in names
    assert "action-publish" not in names


def test_setting_up_twice_changes_nothing_and_takes_rights_to_publish_away(cast):
    group = set_up()
    before = (
        list(group.permissions.values_list("pk", flat=True)),
        Workflow.objects.count(),
        m.ApprovalTask.objects.count(),
    )
    other = Group.objects.create(name="Others")
    other.permissions.add(Permission.objects.get(codename="publish_procedure"))
    cast.editor.user_permissions.add(Permission.objects.get(codename="publish_centre"))
    call_command("set_up_editing", verbosity=0)
    again = (
        list(group.permissions.values_list("pk", flat=True)),
        Workflow.objects.count(),
        m.ApprovalTask.objects.count(),
    )
    assert again == before
    assert not other.permissions.exists()
    assert not cast.editor.user_permissions.exists()
    assert all(model.get_default_workflow() for model in DRAFTED)


def test_a_workflow_that_was_switched_off_is_switched_on_again(cast):
    Workflow.objects.get(workflow_tasks__task__in=m.ApprovalTask.objects.all()).deactivate()
    assert m.Procedure.get_default_workflow() is None
    set_up()
    assert m.Procedure.get_default_workflow() is not None


def test_publishing_leaves_a_version_and_one_line_in_the_log(cast):
    row = publish(factories.ProcedureFactory(steps_vi="Nộp ở quận", maintained_by=cast.ward))
    draft = row.get_latest_revision_as_object()
    draft.steps_vi, draft.ground, draft.decision = "Nộp ở phường", "decision", cast.rows[m.Decision]
    draft.save_revision(user=cast.editor)
    anew(row).latest_revision.publish(user=cast.publisher)
    assert m.ProcedureVersion.objects.filter(procedure=row).count() == 2
