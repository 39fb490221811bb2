"""Proposals: a row without drafts changes when a second person has approved, and not before."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from catalogue import models as m
from catalogue.editing.four_eyes import NotApprovedError
from catalogue.editing.proposals import Act, approve, propose, stamp_of
from tests import factories
from tests.portal.test_cms import form_data


def url(row: Any, name: str, *args: object) -> str:
    return reverse(type(row).snippet_viewset.get_url_name(name), args=[row.pk, *args])


def change(row: Any, client: Client, **values: object) -> Any:
    """Send a row's form with some values; return the answer."""
    return client.post(url(row, "edit"), form_data(client.get(url(row, "edit"))) | values)


def decide(client: Client, act: str = "approve", note: str = "", proposal: m.Proposal | None = None) -> str:
    """Decide on the one open proposal, and return what is said."""
    proposal = proposal or m.Proposal.objects.open().get()
    address = reverse("catalogue_changes:act", args=[proposal.pk, act])
    response = client.post(address, {"stamp": stamp_of(proposal), "note": note}, follow=True)
    return " ".join(str(message) for message in response.context["messages"])


@pytest.fixture
def top(cast, client: Client) -> Client:
    client.force_login(cast.top_editor)
    return client


@pytest.fixture
def approver(cast) -> Client:
    second = Client()
    second.force_login(cast.top_publisher)
    return second


def test_a_change_waits_and_is_carried_out_once_approved(cast, top, approver):
    overlay = cast.rows[m.ProvinceProcedure]
    response = change(overlay, top, term_number="1")
    proposal = m.Proposal.objects.get()
    assert response.url == reverse("catalogue_changes:change", args=[proposal.pk])
    overlay.refresh_from_db()
    assert overlay.term_number == 2
    page = approver.get(response.url).content.decode()
    assert "<del>2</del>" in page
    assert "<ins>1</ins>" in page
    decide(approver)
    overlay.refresh_from_db()
    assert overlay.term_number == 1
    log = ModelLogEntry.objects.filter(object_id=overlay.pk, action="wagtail.edit").get()
    assert log.user == cast.top_publisher
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decided_by) == ("approved", cast.top_publisher)


def test_ones_own_proposal_is_refused_with_who_can(cast, client: Client):
    client.force_login(cast.top_publisher)
    change(cast.rows[m.ProvinceProcedure], client, term_number="1")
    said = decide(client)
    assert "m.ProvinceProcedure" not in said
    assert cast.rows[m.ProvinceProcedure].pk
    assert m.ProvinceProcedure.objects.get().term_number == 2
    assert m.Proposal.objects.get().status == "open"
    page = client.get(reverse("catalogue_changes:change", args=[m.Proposal.objects.get().pk])).content.decode()
    assert "/approve/" not in page


@pytest.mark.parametrize("who", ["root", "top_editor", "publisher", "neighbour_publisher", "unposted"])
def test_nobody_but_an_approver_of_the_province_approves_its_rows(who, cast, client: Client):
    row = cast.rows[m.Field]
    row.name_vi = "Tên lĩnh vực mới"
    proposal = propose(Act.CHANGE, row, by=cast.editor, at=timezone.now())
    with pytest.raises(NotApprovedError):
        approve(proposal.pk, by=cast.people[who], at=timezone.now(), day=timezone.localdate(), stamp=stamp_of(proposal))
    client.force_login(cast.people[who])
    address = reverse("catalogue_changes:act", args=[proposal.pk, "approve"])
    client.post(address, {"stamp": stamp_of(proposal)})
    assert m.Field.objects.get(pk=row.pk).name_vi != "Tên lĩnh vực mới"
    if who not in ("root", "top_editor"):
        assert client.get(reverse("catalogue_changes:change", args=[proposal.pk])).status_code == 404


def test_a_ward_decides_on_its_own(cast, client: Client):
    exception = cast.rows[m.CentreException]
    client.force_login(cast.editor)
    change(exception, client, receives="on")
    neighbour = Client()
    neighbour.force_login(cast.neighbour_publisher)
    proposal = m.Proposal.objects.get()
    assert proposal.agency == cast.ward
    assert neighbour.get(reverse("catalogue_changes:change", args=[proposal.pk])).status_code == 404
    assert "Phường" not in neighbour.get(reverse("catalogue_changes:changes")).content.decode().split("cc-page")[1]
    client.force_login(cast.publisher)
    decide(client)
    exception.refresh_from_db()
    assert exception.receives


def test_a_new_row_waits_goes_on_being_written_and_is_made_once_approved(cast, top, approver):
    address = reverse(m.LegalDocument.snippet_viewset.get_url_name("add"))
    top.post(address, form_data(top.get(address)) | {"number": "1/2026/NĐ-CP", "name": "Nghị định mới"})
    assert not m.LegalDocument.objects.filter(number="1/2026/NĐ-CP").exists()
    proposal = m.Proposal.objects.get()
    again = f"{address}?proposal={proposal.pk}"
    assert "Nghị định mới" in top.get(again).content.decode()
    top.post(again, form_data(top.get(again)) | {"name": "Nghị định mới về hộ tịch"})
    assert m.Proposal.objects.count() == 1
    decide(approver)
    made = m.LegalDocument.objects.get(number="1/2026/NĐ-CP")
    assert made.name == "Nghị định mới về hộ tịch"
    assert m.Proposal.objects.get().row == made.pk


def test_children_change_with_their_row(cast, top, approver):
    bundle, second = cast.rows[m.ProcedureBundle], factories.ProcedureFactory()
    new = {"items-TOTAL_FORMS": "2", "items-1-id": "", "items-1-procedure": second.pk, "items-1-ORDER": "2"}
    change(bundle, top, name_vi="Nhóm mới", **new)
    assert m.BundleItem.objects.count() == 1
    page = approver.get(reverse("catalogue_changes:change", args=[m.Proposal.objects.get().pk])).content.decode()
    assert second.code in page
    decide(approver)
    assert list(m.BundleItem.objects.order_by("order").values_list("procedure", flat=True))[1:] == [second.pk]
    assert m.ProcedureBundle.objects.get().name_vi == "Nhóm mới"
    change(bundle, top, **{"items-0-DELETE": "on"})
    decide(approver)
    assert m.BundleItem.objects.count() == 1


def test_a_file_waits_too(cast, top, approver):
    row = cast.rows[m.Form]
    change(row, top, file=SimpleUploadedFile("to-khai.pdf", b"%PDF-1.7"))
    row.refresh_from_db()
    assert not row.file
    decide(approver)
    row.refresh_from_db()
    assert row.file.read() == b"%PDF-1.7"
    assert row.sha256


def test_removing_waits_and_says_what_needs_the_row(cast, top, approver):
    top.post(url(cast.rows[m.Field], "delete"))
    assert not m.Proposal.objects.exists()
    unused = factories.AudienceFactory(name_vi="Không ai cần")
    top.post(url(unused, "delete"))
    assert m.Audience.objects.filter(pk=unused.pk).exists()
    decide(approver)
    assert not m.Audience.objects.filter(pk=unused.pk).exists()


def test_a_published_row_is_taken_down_and_removed_by_two(cast, client: Client):
    hotline = cast.rows[m.Hotline]
    client.force_login(cast.editor)
    client.post(url(hotline, "unpublish"))
    client.force_login(cast.publisher)
    decide(client)
    assert not m.Hotline.objects.get().live
    client.force_login(cast.editor)
    client.post(url(hotline, "delete"))
    client.force_login(cast.publisher)
    decide(client)
    assert not m.Hotline.objects.exists()


def test_a_row_with_an_open_draft_isnt_taken_down(cast, client: Client):
    hotline = cast.rows[m.Hotline]
    hotline.label_vi = "Bản thảo"
    hotline.save_revision(user=cast.colleague)
    client.force_login(cast.editor)
    client.post(url(hotline, "unpublish"))
    client.force_login(cast.publisher)
    decide(client)
    assert m.Hotline.objects.get().live


def test_sent_back_with_a_note_and_withdrawn_by_who_wrote_it(cast, top, approver):
    change(cast.rows[m.ProvinceProcedure], top, term_number="1")
    decide(approver, "refuse")
    assert m.Proposal.objects.get().status == "open"
    decide(approver, "refuse", note="Sai căn cứ")
    assert (m.Proposal.objects.get().status, m.Proposal.objects.get().note) == ("refused", "Sai căn cứ")
    change(cast.rows[m.ProvinceProcedure], top, term_number="3")
    decide(approver, "withdraw")
    assert m.Proposal.objects.open().count() == 1
    decide(top, "withdraw")
    assert not m.Proposal.objects.open().exists()
    assert m.ProvinceProcedure.objects.get().term_number == 2


def test_of_two_editors_the_slower_is_told_and_both_become_writers(cast, top, approver):
    overlay = cast.rows[m.ProvinceProcedure]
    slow_page = form_data(approver.get(url(overlay, "edit")))
    change(overlay, top, term_number="1")
    told = approver.post(url(overlay, "edit"), slow_page | {"term_number": "7"})
    assert told.status_code == 200
    assert m.Proposal.objects.get().after["term_number"] == 1
    again = form_data(told)
    assert again["term_number"] == ["7"]
    assert approver.post(url(overlay, "edit"), again).status_code == 302
    assert m.Proposal.objects.get().after["term_number"] == 7
    assert set(m.Proposal.objects.get().writers.all()) == {cast.top_editor, cast.top_publisher}
    decide(approver)
    assert m.ProvinceProcedure.objects.get().term_number == 2


def test_what_changed_after_it_was_read_isnt_approved(cast, top, approver):
    change(cast.rows[m.ProvinceProcedure], top, term_number="1")
    read = m.Proposal.objects.get()
    change(cast.rows[m.ProvinceProcedure], top, term_number="5")
    decide(approver, proposal=read)
    assert m.ProvinceProcedure.objects.get().term_number == 2


def test_a_load_meanwhile_is_never_undone(cast, top, approver):
    overlay = cast.rows[m.ProvinceProcedure]
    page = form_data(top.get(url(overlay, "edit")))
    m.ProvinceProcedure.objects.update(fee_amount=5000)
    assert top.post(url(overlay, "edit"), page | {"term_number": "1"}).status_code == 200
    change(overlay, top, term_number="1")
    m.ProvinceProcedure.objects.update(fee_amount=7000)
    decide(approver)
    kept = m.ProvinceProcedure.objects.get()
    assert (kept.term_number, kept.fee_amount) == (2, 7000)
    assert m.Proposal.objects.get().status == "open"


def test_a_rule_of_the_database_is_said_in_words(cast, top, approver):
    address = reverse(m.LegalDocument.snippet_viewset.get_url_name("add"))
    top.post(address, form_data(top.get(address)) | {"number": "9/2026/NĐ-CP", "name": "Một"})
    m.LegalDocument.objects.create(number="9/2026/NĐ-CP", name="Một")
    said = decide(approver)
    assert said
    assert m.LegalDocument.objects.filter(number="9/2026/NĐ-CP").count() == 1
    assert m.Proposal.objects.get().status == "open"


def test_many_rows_are_proposed_to_be_removed(cast, top):
    unused = [factories.AudienceFactory() for _index in range(3)]
    address = "/cms/bulk/catalogue/audience/delete/?" + "&".join(f"id={row.pk}" for row in unused)
    assert top.get(address).status_code == 200
    assert top.post(address).status_code == 302
    assert m.Proposal.objects.open().filter(act="delete").count() == 3
    assert m.Audience.objects.filter(pk__in=[row.pk for row in unused]).count() == 3


def test_five_languages_survive_whatever_language_is_active(cast, top, approver):
    row = cast.rows[m.Field]
    m.Field.objects.filter(pk=row.pk).update(name_en="Civil status", name_ko="호적")
    change(row, top, name_vi="Hộ tịch mới", name_ja="戸籍")
    decide(approver)
    row = m.Field.objects.get(pk=row.pk)
    assert (row.name_vi, row.name_en, row.name_ko, row.name_ja) == ("Hộ tịch mới", "Civil status", "호적", "戸籍")
