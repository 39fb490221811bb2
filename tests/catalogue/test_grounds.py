"""A legal part changes by a decision that is named; a typing error changes no figure, and makes no version."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.users.models import UserProfile

from catalogue import models as m
from catalogue.editing.four_eyes import NotApprovedError
from tests import factories
from tests.portal.test_cms import form_data

TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def english(cast):
    """Read the sentences as they stand in the code."""
    for person in cast.people.values():
        UserProfile.objects.create(user=person, preferred_language="en")
    with override("en"):
        yield


@pytest.fixture
def procedure(cast) -> m.Procedure:
    return m.Procedure.objects.get(pk=cast.rows[m.Procedure].pk)


def draft(cast, procedure: m.Procedure, **values: Any) -> Any:
    """Save a draft with some values as the ward's editor; return the revision."""
    row = m.Procedure.objects.get(pk=procedure.pk)
    for name, value in values.items():
        setattr(row, name, value)
    return row.save_revision(user=cast.editor)


def versions(procedure: m.Procedure) -> Any:
    return m.ProcedureVersion.objects.filter(procedure=procedure)


def test_a_legal_change_without_its_decision_does_not_go_out(cast, procedure):
    for values in ({}, {"ground": "decision", "decision": None}):
        with pytest.raises(NotApprovedError, match="decision"):
            draft(cast, procedure, steps_vi="Bước khác", **values).publish(user=cast.publisher)
    assert versions(procedure).count() == 1


def test_a_decision_of_the_past_is_in_force_from_its_day(cast, procedure):
    decision = factories.DecisionFactory(takes_effect_on=TODAY - dt.timedelta(days=9))
    revision = draft(cast, procedure, steps_vi="Bước khác", ground="decision", decision=decision)
    revision.publish(user=cast.publisher)
    version = versions(procedure).order_by("-number").first()
    assert (version.decision, version.effective_from) == (decision, TODAY)
    procedure.refresh_from_db()
    assert procedure.ground == ""


def test_a_decision_of_the_future_is_sent_to_its_own_page(cast, procedure):
    decision = factories.DecisionFactory(takes_effect_on=TODAY + dt.timedelta(days=9))
    revision = draft(cast, procedure, steps_vi="Bước khác", ground="decision", decision=decision)
    with pytest.raises(NotApprovedError, match="waits for its day"):
        revision.publish(user=cast.publisher)


def test_typing_errors_make_no_version_and_the_next_publication_none_either(cast, procedure):
    row = m.Procedure.objects.get(pk=procedure.pk)
    row.steps_vi = "Nộp hồ sơ trong 5 ngày"
    draft(cast, row, steps_vi=row.steps_vi, ground="decision", decision=cast.rows[m.Decision]).publish(
        user=cast.publisher
    )
    assert versions(procedure).count() == 2
    draft(cast, procedure, steps_vi="Nộp hồ sơ trong 5 ngày.", ground="typo").publish(user=cast.publisher)
    draft(cast, procedure, name_ko="출생").publish(user=cast.publisher)
    assert versions(procedure).count() == 2
    assert m.Procedure.objects.get(pk=procedure.pk).steps_vi.endswith(".")


@pytest.mark.parametrize(
    "values", [{"steps_vi": "Nộp trong 6 ngày"}, {"is_ministry_level": True}, {"status": "abolished"}]
)
def test_a_figure_or_a_rule_is_no_typing_error(values, cast, procedure):
    with pytest.raises(NotApprovedError, match="More than typing errors"):
        draft(cast, procedure, ground="typo", **values).publish(user=cast.publisher)


def test_editorial_changes_need_no_ground(cast, procedure):
    draft(cast, procedure, short_name="Tên ngắn", description="Ghi chú").publish(user=cast.publisher)
    assert m.Procedure.objects.get(pk=procedure.pk).short_name == "Tên ngắn"
    assert versions(procedure).count() == 1


def test_a_draft_without_its_ground_is_kept_and_not_sent(cast, procedure, client: Client):
    client.force_login(cast.editor)
    address = reverse(m.Procedure.snippet_viewset.get_url_name("edit"), args=[procedure.pk])
    data = form_data(client.get(address)) | {"steps_vi": "Bước khác", "action-submit": "1"}
    response = client.post(address, data, follow=True)
    assert "not sent for approval yet" in response.content.decode()
    row = m.Procedure.objects.get(pk=procedure.pk)
    assert row.get_latest_revision_as_object().steps_vi == "Bước khác"
    assert row.current_workflow_state is None
