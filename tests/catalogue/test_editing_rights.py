"""Rights by agency: every address of every view set, as everybody, by GET and POST; nothing of other agencies shows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponseNotFound
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from catalogue import models as m
from catalogue.editing.owners import OWNERS
from tests import factories
from tests.catalogue.editing_cast import Cast
from tests.publishing import publish

KINDS = [getattr(m, name) for name in OWNERS]
OWNED = [m.Procedure, m.Centre, m.Hotline, m.Notice, m.CentreException]
STRANGERS = ("neighbour_editor", "neighbour_publisher", "clerk", "expired", "coming", "unposted")
SECRET = "Bản thảo kín của phường Cẩm Lệ"


@cache
def patterns() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each named address of the catalogue's view sets and choosers with its parameters."""
    spaces = {model.snippet_viewset.url_namespace: model for model in KINDS}
    spaces |= {model.snippet_viewset.chooser_viewset.url_namespace: model for model in KINDS}
    found: list[tuple[str, tuple[str, ...]]] = []

    def walk(node: URLResolver, space: str, taken: tuple[str, ...]) -> None:
        for each in node.url_patterns:
            names = (*taken, *each.pattern.regex.groupindex) if hasattr(each.pattern, "regex") else taken
            names = (*names, *getattr(each.pattern, "converters", {}))
            if isinstance(each, URLResolver):
                walk(each, each.namespace or space, names)
            elif isinstance(each, URLPattern) and space in spaces and each.name:
                found.append((f"{space}:{each.name}", tuple(dict.fromkeys(names))))

    walk(get_resolver(), "", ())
    return tuple(found)


def model_of(name: str) -> type:
    space = name.partition(":")[0]
    owners = [model for model in KINDS if space.endswith(f"catalogue_{model._meta.model_name}")]
    return owners[0]


def values(names: tuple[str, ...], row: Any) -> dict[str, object]:
    """Return arguments that name a real row and real parts of it."""
    revision = getattr(row, "latest_revision_id", None) or 1
    state = row.workflow_states.first() if hasattr(row, "workflow_states") else None
    known = {
        "pk": row.pk,
        "revision_id": revision,
        "revision_id_a": revision,
        "revision_id_b": "latest",
        "action_name": "approve",
        "task_state_id": state.current_task_state_id if state else 1,
        "workflow_state_id": state.pk if state else 1,
        "task_id": state.current_task_state.task_id if state else 1,
    }
    return {name: known[name] for name in names if name in known}


def addresses(model: type, row: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, names in patterns():
        if model_of(name) is model:
            yield reverse(name, kwargs=values(names, row)), names


def submitted(row: Any, user: Any) -> None:
    """Lay a draft with a secret beside a row, and ask for its approval."""
    draft = row.get_latest_revision_as_object()
    name = "label_vi" if isinstance(row, m.Hotline) else "name_vi"
    setattr(draft, name, SECRET)
    draft.save_revision(user=user, log_action=True)
    row = type(row).objects.get(pk=row.pk)
    row.get_workflow().start(row, user)


@pytest.fixture
def waiting(cast: Cast) -> Cast:
    """The ward's procedure, centre and hotline have drafts that wait for approval."""
    for model in (m.Procedure, m.Centre, m.Hotline):
        submitted(cast.rows[model], cast.editor)
        cast.rows[model] = model.objects.get(pk=cast.rows[model].pk)
    return cast


def state() -> list[Any]:
    """Return what nobody may have changed by being refused."""
    rows = [list(model.objects.order_by("pk").values()) for model in KINDS]
    return [*rows, m.Proposal.objects.count(), list(ModelLogEntry.objects.values_list("pk", flat=True))]


def test_the_walk_meets_every_view(waiting):
    names = {name.partition(":")[2] for name, _names in patterns()}
    assert names >= {
        *("list", "list_results", "add", "edit", "delete", "usage", "history", "history_results", "inspect"),
        *("preview_on_add", "preview_on_edit", "revisions_view", "revisions_revert", "revisions_compare"),
        *("revisions_unschedule", "unpublish", "lock", "unlock", "workflow_action", "collect_workflow_action_data"),
        *("confirm_workflow_cancellation", "workflow_history", "workflow_history_detail", "workflow_preview"),
        *("choose", "choose_results", "chosen", "chosen_multiple"),
    }
    assert {model_of(name) for name, _names in patterns()} == set(KINDS)


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_gets_404_at_every_address_of_a_row_and_changes_nothing(who, waiting, client: Client, monkeypatch):
    # Wagtail's own page of a 404, with its menus, takes longer to draw than all the rest.
    monkeypatch.setattr("wagtail.admin.urls.page_not_found", lambda *args, **kwargs: HttpResponseNotFound())
    client.force_login(waiting.people[who])
    before = state()
    tried = 0
    # All kinds as a neighbour; as those whose posting doesn't count, the kinds that a posting would open.
    for model in KINDS if who == "neighbour_editor" else (m.Procedure, m.CentreException, m.Decision):
        for address, names in addresses(model, waiting.rows[model]):
            is_chooser = "choose" in address
            if "pk" in names and not is_chooser:
                for method in (client.get, client.post):
                    assert method(address).status_code == 404, (who, address)
                    tried += 1
            else:
                for method in (client.get, client.post):
                    response = method(address)
                    assert SECRET not in response.content.decode(), (who, address)
                    if not is_chooser:
                        assert response.status_code in (200, 302, 405), (who, address)
    assert state() == before
    assert tried > (200 if who == "neighbour_editor" else 40)


@pytest.mark.parametrize("who", ["editor", "root"])
def test_whoever_is_posted_opens_every_page_of_the_wards_rows(who, waiting, client: Client, settings):
    settings.CATALOGUE_PREVIEW_VIEW = "tests.portal.test_cms.preview"
    client.force_login(waiting.people[who])
    opened = 0
    for model in (m.Procedure, m.Hotline, m.CentreException):
        for address, names in addresses(model, waiting.rows[model]):
            if "pk" not in names:
                continue
            status = client.get(address).status_code
            assert status in (200, 302, 405), (who, address, status)
            opened += status == 200
    assert opened > 25


@pytest.mark.parametrize("model", [model for model in KINDS if model not in OWNED and model is not m.ProcedureVersion])
def test_what_is_the_provinces_is_edited_at_its_top_agency_alone(model, cast, client: Client):
    address = reverse(model.snippet_viewset.get_url_name("edit"), args=[cast.rows[model].pk])
    listed = reverse(model.snippet_viewset.get_url_name("list"))
    for who, status in (("editor", 404), ("publisher", 404), ("top_editor", 200), ("root", 200)):
        client.force_login(cast.people[who])
        assert client.get(address).status_code == status, who
        assert client.get(listed).status_code == (200 if status == 200 else 302), who


@pytest.mark.parametrize("model", KINDS)
def test_editable_by_follows_the_postings(model, cast):
    row, day = cast.rows[model], timezone.localdate()
    may = {name for name in cast.people if model.objects.editable_by(cast.people[name], day).filter(pk=row.pk).exists()}
    own = {"editor", "colleague", "publisher"} if OWNERS[model.__name__].lookups else set()
    assert may == own | {"top_editor", "top_publisher", "root"}
    approve = {
        name for name in cast.people if model.objects.approvable_by(cast.people[name], day).filter(pk=row.pk).exists()
    }
    assert approve == ({"publisher"} if own else set()) | {"top_publisher"}


def test_a_closed_account_and_the_day_of_a_posting_count(cast):
    day = timezone.localdate()
    rows = m.Procedure.objects
    assert rows.editable_by(cast.expired, day - timezone.timedelta(days=1)).exists()
    assert rows.editable_by(cast.coming, day + timezone.timedelta(days=1)).exists()
    cast.editor.is_active = False
    cast.editor.save()
    assert not rows.editable_by(cast.editor, day).exists()


def test_a_row_without_an_agency_is_the_provinces(cast):
    procedure = publish(factories.ProcedureFactory())
    day = timezone.localdate()
    assert not m.Procedure.objects.editable_by(cast.editor, day).filter(pk=procedure.pk).exists()
    assert m.Procedure.objects.editable_by(cast.top_editor, day).filter(pk=procedure.pk).exists()


def test_editors_of_the_catalogue_have_no_say_over_dossiers(cast):
    from desk.actors import officer

    assert officer(cast.editor, timezone.now()).agencies == frozenset()
    assert officer(cast.clerk, timezone.now()).agencies == {cast.ward.pk}


GENERIC = [
    "/cms/",
    "/cms/reports/workflow/",
    "/cms/reports/workflow/results/",
    "/cms/reports/workflow/?export=csv",
    "/cms/reports/workflow_tasks/",
    "/cms/reports/workflow_tasks/results/",
    "/cms/reports/workflow_tasks/?export=csv",
    "/cms/reports/site-history/",
    "/cms/reports/site-history/results/",
    "/cms/reports/site-history/?export=csv",
    "/cms/reports/locked/",
    "/cms/reports/aging-pages/",
    "/cms/snippets/",
    "/cms/catalogue-changes/",
    "/cms/catalogue-changes/?decided",
    "/cms/pages/search/?q=Cẩm",
]


@pytest.fixture
def page_rights(cast: Cast) -> None:
    """Wagtail's reports open for those who may edit pages: give everybody that."""
    from wagtail.models import GroupPagePermission, Page

    from catalogue.editing.setting_up import set_up

    for name in ("add_page", "change_page"):
        from django.contrib.auth.models import Permission

        right = Permission.objects.get(content_type__app_label="wagtailcore", codename=name)
        GroupPagePermission.objects.create(group=set_up(), page=Page.get_first_root_node(), permission=right)


@pytest.mark.parametrize("who", STRANGERS)
def test_the_general_pages_name_no_row_of_another_agency(who, waiting, page_rights, client: Client):
    client.force_login(waiting.people[who])
    for address in GENERIC:
        response = client.get(address)
        assert response.status_code in (200, 302), address
        text = b"".join(response) if response.streaming else response.content
        assert SECRET not in text.decode(), address
        assert "Thủ tục của phường Cẩm Lệ" not in text.decode(), address


@pytest.mark.parametrize("who", ["publisher", "top_publisher"])
def test_the_dashboard_and_the_reports_show_approvers_what_waits(who, waiting, page_rights, client: Client):
    client.force_login(waiting.people[who])
    for address in ("/cms/", "/cms/reports/workflow/", "/cms/reports/workflow_tasks/", "/cms/reports/site-history/"):
        assert SECRET in client.get(address).content.decode(), address


def test_the_dashboard_forgets_what_an_old_posting_asked_for(waiting, client: Client):
    client.force_login(waiting.editor)
    assert SECRET in client.get("/cms/").content.decode()
    m.Posting.objects.filter(user=waiting.editor).update(valid_to=timezone.localdate())
    assert SECRET not in client.get("/cms/").content.decode()


@pytest.mark.parametrize("who", STRANGERS)
def test_bulk_acts_neither_name_nor_touch_rows_of_others(who, waiting, client: Client):
    client.force_login(waiting.people[who])
    before = state()
    for model in KINDS:
        for ids in (f"id={waiting.rows[model].pk}", "id=all"):
            address = f"/cms/bulk/catalogue/{model._meta.model_name}/delete/?{ids}&next=/cms/"
            response = client.get(address)
            assert response.status_code in (200, 302, 404)
            assert "Cẩm Lệ" not in response.content.decode(), (who, model)
            client.post(address)
    assert state() == before


def test_pings_of_another_agencys_form_get_404(waiting, client: Client):
    row = waiting.rows[m.Procedure]
    address = f"/cms/editing-sessions/ping/catalogue/procedure/{row.pk}/1/"
    for who, status in (("neighbour_editor", 404), ("unposted", 404), ("editor", 200)):
        client.force_login(waiting.people[who])
        assert client.post(address).status_code == status, who


def test_parts_of_another_row_are_not_reached_through_ones_own(waiting, client: Client):
    own = publish(factories.ProcedureFactory(maintained_by=waiting.neighbour))
    client.force_login(waiting.neighbour_editor)
    foreign = waiting.rows[m.Procedure]
    state_of_it = foreign.current_workflow_state
    name = m.Procedure.snippet_viewset.get_url_name
    for address in (
        reverse(name("revisions_view"), args=[own.pk, foreign.latest_revision_id]),
        reverse(name("revisions_revert"), args=[own.pk, foreign.latest_revision_id]),
        reverse(name("revisions_compare"), args=[own.pk, foreign.latest_revision_id, "latest"]),
        reverse(name("workflow_action"), args=[own.pk, "approve", state_of_it.current_task_state_id]),
        reverse(name("workflow_history_detail"), args=[own.pk, state_of_it.pk]),
    ):
        assert client.get(address).status_code == 404, address
        assert client.post(address).status_code == 404, address


def test_choosers_offer_what_the_public_sees_and_no_foreign_draft(cast, client: Client):
    hidden = factories.ProcedureFactory(draft=True, name_vi="Chưa công bố ở phường", maintained_by=cast.ward)
    space = m.Procedure.snippet_viewset.chooser_viewset.get_url_name
    for who, seen in (("neighbour_editor", False), ("unposted", False), ("editor", True), ("top_editor", True)):
        client.force_login(cast.people[who])
        assert (hidden.code in client.get(reverse(space("choose_results"))).content.decode()) is seen, who
        status = client.get(reverse(space("chosen"), args=[hidden.pk])).status_code
        assert status == (200 if seen else 404), who
        several = client.get(reverse(space("chosen_multiple")), {"id": [hidden.pk]}).content.decode()
        assert (hidden.code in several) is seen, who
        assert cast.rows[m.Procedure].code in client.get(reverse(space("choose_results"))).content.decode()


def test_usage_names_no_draft_of_another_agency(cast, client: Client):
    field = cast.rows[m.Field]
    factories.ProcedureFactory(draft=True, name_vi="Chưa công bố", maintained_by=None, field=field)
    client.force_login(cast.top_editor)
    assert (
        "Chưa công bố"
        in client.get(reverse(m.Field.snippet_viewset.get_url_name("usage"), args=[field.pk])).content.decode()
    )
    centre = cast.rows[m.Centre]
    client.force_login(cast.neighbour_editor)
    assert client.get(reverse(m.Centre.snippet_viewset.get_url_name("usage"), args=[centre.pk])).status_code == 404


def test_a_list_asks_for_the_postings_once(cast, client: Client):
    for _index in range(30):
        factories.ProcedureFactory(maintained_by=cast.ward)
    client.force_login(cast.editor)
    address = reverse(m.Procedure.snippet_viewset.get_url_name("list"))
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(address)
    assert len(response.context["object_list"]) == 31
    assert len(queries) <= 25, len(queries)
    assert sum(each["sql"].startswith('SELECT "catalogue_posting"') for each in queries) == 1
