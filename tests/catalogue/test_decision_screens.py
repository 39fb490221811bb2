"""The screens of decisions: who may open and do what, and the whole path by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override
from wagtail.users.models import UserProfile

from catalogue import models as m
from catalogue.changesets.applying import apply_due
from catalogue.changesets.writing import line_stamp
from tests import factories
from tests.catalogue.editing_cast import ROLES
from tests.catalogue.test_change_sets import TODAY, TOMORROW, add_lines, amend, approve_all, begin, submit
from tests.portal.test_cms import form_data
from tests.publishing import publish


def url(name: str, *args: object) -> str:
    return reverse(f"catalogue_sets:{name}", args=args)


def said(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


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


@pytest.fixture
def top(cast, client: Client) -> Client:
    client.force_login(cast.top_editor)
    return client


@pytest.fixture
def waiting(cast, procedure) -> m.ChangeSet:
    change_set = begin(cast.top_editor)
    amend(change_set, procedure, cast.top_editor, steps_vi="Nộp ở phường")
    return submit(change_set.pk, by=cast.top_editor, at=timezone.now())


def test_a_decision_from_its_number_to_the_public_text(cast, procedure, top):
    head = {"number": "5/QĐ", "issuer": "Bộ Tư pháp", "signed_on": TODAY, "effective_on": TOMORROW, "title": "Hộ tịch"}
    response = top.post(url("new"), head)
    change_set = m.ChangeSet.objects.get()
    assert response.url == url("set", change_set.pk)
    response = top.post(url("add", change_set.pk), {"codes": procedure.code, "effect": "amended"})
    line = change_set.lines.get()
    edit = url("edit", change_set.pk, line.pk)
    assert response.url == edit
    response = top.post(edit, form_data(top.get(edit)) | {"steps_vi": "Bước một"})
    assert response.url == url("set", change_set.pk)
    page = top.get(url("preview", change_set.pk, line.pk, "vi")).content.decode()
    assert "Bước một" in page
    response = top.post(url("act", change_set.pk, "submit"), follow=True)
    assert "waits for approval" in said(response)
    page = response.content.decode()
    assert "<ins>Bước một</ins>" in page
    assert "Bước một" not in m.Procedure.objects.get(pk=procedure.pk).steps_vi
    second = Client()
    second.force_login(cast.top_publisher)
    page = second.get(url("set", change_set.pk)).content.decode()
    assert f'name="line" value="{line.pk}"' in page
    line.refresh_from_db()
    response = second.post(
        url("act", change_set.pk, "approve"), {"line": line.pk, "stamp": line_stamp(line)}, follow=True
    )
    assert date_format(TOMORROW, "d/m/Y") in said(response)
    apply_due(timezone.now() + dt.timedelta(days=1))
    assert m.Procedure.objects.get(pk=procedure.pk).steps_vi == "Bước một"


def test_all_open_lines_are_approved_at_once_but_not_one_written_later(cast, procedure, waiting):
    second = Client()
    second.force_login(cast.top_publisher)
    early = {"all": "1", "seen": (timezone.now() - dt.timedelta(days=1)).isoformat()}
    assert "Not approved: 1" in said(second.post(url("act", waiting.pk, "approve"), early, follow=True))
    now = {"all": "1", "seen": timezone.now().isoformat()}
    assert "Approved: 1" in said(second.post(url("act", waiting.pk, "approve"), now, follow=True))


def test_own_work_is_refused_with_who_can(cast, procedure, client):
    client.force_login(cast.top_publisher)
    change_set = begin(cast.top_publisher)
    amend(change_set, procedure, cast.top_publisher, steps_vi="Tự duyệt")
    submit(change_set.pk, by=cast.top_publisher, at=timezone.now())
    data = {"all": "1", "seen": timezone.now().isoformat()}
    response = client.post(url("act", change_set.pk, "approve"), data, follow=True)
    assert "publisher, Ủy ban nhân dân Phường Cẩm Lệ" in said(response)
    assert m.ChangeLine.objects.get().status == "open"
    assert 'name="line"' not in response.content.decode()


@pytest.mark.parametrize("role", [*ROLES, "root"])
def test_each_address_as_each_role(cast, procedure, waiting, client, role):
    """The province's sets are the province's: a ward's editor sees none of them, whoever isn't posted nothing."""
    line = waiting.lines.get()
    client.force_login(cast.people[role])
    gets = [("set", waiting.pk), ("head", waiting.pk), ("edit", waiting.pk, line.pk), ("add_procedure", waiting.pk)]
    gets += [("preview", waiting.pk, line.pk, "ko")]
    posts = [("add", waiting.pk), ("remove", waiting.pk, line.pk), ("head", waiting.pk), ("edit", waiting.pk, line.pk)]
    acts = ("submit", "withdraw", "approve", "leave-out", "send-back", "cancel")
    posts += [("act", waiting.pk, act) for act in acts]
    is_top = role in ("top_editor", "top_publisher", "root")
    for name, *args in gets:
        assert (client.get(url(name, *args)).status_code == 200) is is_top, (role, name)
    if is_top:
        return
    is_editor = role in ("editor", "colleague", "publisher", "neighbour_editor", "neighbour_publisher")
    assert (client.get(url("decisions")).status_code == 200) is is_editor
    assert (client.get(url("clashes")).status_code == 200) is is_editor
    for name, *args in posts:
        data = {"all": "1", "seen": timezone.now().isoformat(), "note": "x", "codes": procedure.code}
        assert client.post(url(name, *args), data).status_code in (302, 403, 404), (role, name)
    waiting.refresh_from_db()
    line.refresh_from_db()
    assert (waiting.status, line.status, waiting.lines.count()) == ("submitted", "open", 1)


def test_a_ward_writes_and_approves_its_own_decisions_about_its_own_procedures(cast, procedure, client):
    client.force_login(cast.editor)
    head = {"number": "9/QĐ-UBND", "issuer": "UBND phường", "effective_on": TOMORROW, "agency": cast.ward.pk}
    client.post(url("new"), head)
    change_set = m.ChangeSet.objects.get()
    assert change_set.agency == cast.ward
    foreign = factories.ProcedureFactory(code="9.9")
    response = client.post(
        url("add", change_set.pk), {"codes": f"{procedure.code} {foreign.code}", "effect": "amended"}
    )
    assert "9.9" in response.content.decode()
    assert change_set.lines.count() == 0
    client.post(url("add", change_set.pk), {"codes": procedure.code, "effect": "abolished"})
    client.post(url("act", change_set.pk, "submit"))
    neighbour = Client()
    neighbour.force_login(cast.neighbour_publisher)
    assert neighbour.get(url("set", change_set.pk)).status_code == 404
    assert approve_all(change_set, cast.publisher).approved == 1


def test_bad_input_is_answered_and_kept(cast, procedure, top):
    assert "number" in top.post(url("new"), {"issuer": "Bộ"}).context["form"].errors
    wrong = {"number": "1", "issuer": "B", "signed_on": TOMORROW, "effective_on": TODAY}
    assert "effective_on" in top.post(url("new"), wrong).context["form"].errors
    change_set = begin(cast.top_editor)
    twin = {"number": change_set.number, "issuer": change_set.issuer}
    assert "number" in top.post(url("new"), twin).context["form"].errors
    for data in (
        {"codes": "nothing", "effect": "amended"},
        {"codes": procedure.code, "effect": "replaced"},
        {"codes": procedure.code, "effect": "replaced", "successor": procedure.code},
        {"codes": procedure.code, "effect": "burnt"},
    ):
        response = top.post(url("add", change_set.pk), data)
        assert response.status_code == 200
        assert data["codes"] in response.content.decode()
    assert change_set.lines.count() == 0
    assert "Add what the decision changes" in said(top.post(url("act", change_set.pk, "submit"), follow=True))


def test_where_two_changes_met_stands_on_a_list_until_it_is_put_right(cast, procedure, top, waiting):
    approve_all(waiting, cast.top_publisher)
    row = m.Procedure.objects.get(pk=procedure.pk)
    row.steps_vi = "Ý khác"
    publish(row)
    apply_due(timezone.now() + dt.timedelta(days=1))
    page = top.get(url("clashes")).content.decode()
    assert "Ý khác" in page.replace("<del>", "").replace("</del>", "")
    line = m.ChangeLine.objects.get()
    neighbour = Client()
    neighbour.force_login(cast.neighbour_editor)
    assert neighbour.post(url("settle", line.pk)).status_code == 404
    top.post(url("settle", line.pk), follow=True)
    assert procedure.code not in top.get(url("clashes")).content.decode()


def test_a_set_whose_day_has_come_and_that_is_not_in_force_is_told_on_the_list(cast, procedure, top, waiting):
    approve_all(waiting, cast.top_publisher)
    assert "tell the administrator" not in top.get(url("decisions")).content.decode()
    m.ChangeSet.objects.update(effective_on=TODAY)
    assert "tell the administrator" in top.get(url("decisions")).content.decode()


def test_a_set_of_many_lines_costs_few_queries(cast, top, django_assert_max_num_queries):
    change_set = begin(cast.top_editor)
    rows = [factories.ProcedureFactory(with_papers=True) for _ in range(45)]
    add_lines(change_set.pk, rows, "amended", by=cast.top_editor, at=timezone.now())
    submit_lines = list(change_set.lines.all())
    for line in submit_lines:
        line.after = {**line.before, "steps_vi": "Khác"}
    m.ChangeLine.objects.bulk_update(submit_lines, ["after"])
    top.get(url("set", change_set.pk))
    with django_assert_max_num_queries(30):
        page = top.get(url("set", change_set.pk)).content.decode()
    assert page.count("<ins>Khác</ins>") == 20
