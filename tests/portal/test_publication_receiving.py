"""Which centre receives what and why: the same answers as the public page's, the reverse, and a proposed exception."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from catalogue import models as m
from portal.publication.receiving import answer, centres_for, exceptions_of, not_received, public, received
from tests import factories
from tests.catalogue.editing_cast import Cast, make_cast
from tests.keeping import kept
from tests.portal.publication_rows import BOARD
from tests.publishing import publish


def make_rows_too() -> Cast:
    made = make_cast()
    m.CentreException.objects.all().delete()
    return made


kept_cast = kept(make_rows_too)


@pytest.fixture
def cast(kept_cast, db) -> Cast:
    return kept_cast.copy()


@pytest.fixture
def shades(cast) -> dict[str, m.Procedure]:
    """Procedures of every shade, and exceptions of one centre, of every centre, and of fields."""
    vertical, ours = factories.RoleFactory(vertical=True), factories.RoleFactory()
    customs = factories.FieldFactory(slug="hai-quan", name_vi="Hải quan")
    make = factories.ProcedureFactory
    rows = {
        "nobody": make(),
        "ours": make(roles=[ours]),
        "vertical": make(roles=[vertical]),
        "both": make(roles=[vertical, ours]),
        "listed": make(roles=[vertical]),
        "listed here": make(roles=[vertical]),
        "taken out": make(roles=[ours]),
        "field listed": make(roles=[vertical], field=customs),
        "field listed, taken out": make(roles=[vertical], field=customs),
        "abolished": make(abolished=True),
        "draft": make(draft=True),
        "elsewhere": make(elsewhere=True),
    }
    centre = cast.rows[m.Centre]
    add = m.CentreException.objects.create
    add(procedure=rows["listed"], receives=True)
    add(procedure=rows["listed here"], centre=centre, receives=True)
    add(procedure=rows["taken out"], centre=centre, receives=False)
    add(field=customs, receives=True)
    add(procedure=rows["field listed, taken out"], receives=False)
    return rows


def test_the_reasons_say_what_the_public_page_does(cast, shades):
    other = factories.CentreFactory()
    for centre in (cast.rows[m.Centre], other):
        exceptions = exceptions_of(centre)
        answers = {row: answer(row, exceptions).receives for row in public().prefetch_related("roles")}
        assert {row for row, receives in answers.items() if receives} == set(received(centre))
        assert {row for row, receives in answers.items() if not receives} == set(not_received(centre))
        assert received(centre).count() + not_received(centre).count() == public().count()
    names = {shades[name] for name in ("nobody", "ours", "both", "listed", "listed here", "field listed")}
    assert names <= set(received(cast.rows[m.Centre]))
    assert shades["listed here"] not in set(received(other))
    assert shades["taken out"] in set(received(other))
    assert not set(public()) & {shades[name] for name in ("abolished", "draft", "elsewhere")}


def test_the_reverse_agrees_for_every_procedure(cast, shades):
    centres = [cast.rows[m.Centre], factories.CentreFactory()]
    for row in public().prefetch_related("roles"):
        for centre, told in centres_for(row, centres):
            assert told.receives == received(centre).filter(pk=row.pk).exists(), (row, centre)


def test_the_screen_of_a_centre_says_why_and_searches_within(cast, shades, client: Client):
    client.force_login(cast.editor)
    centre = cast.rows[m.Centre]
    row = shades["listed here"]
    row.name_vi = "Cấp giấy phép kinh doanh vàng"
    publish(row)
    page = client.get(f"{BOARD}receiving/centre/{centre.pk}/")
    assert page.context["page"].paginator.count == received(centre).count() == page.context["counts"]["receives"]
    found = client.get(f"{BOARD}receiving/centre/{centre.pk}/?q=kinh doanh vang")
    assert [line["row"] for line in found.context["lines"]] == [row]
    exception = row.exceptions.get()
    edit = reverse(m.CentreException.snippet_viewset.get_url_name("edit"), args=[exception.pk])
    assert edit in found.content.decode()
    out = client.get(f"{BOARD}receiving/centre/{centre.pk}/?side=not")
    assert {line["row"] for line in out.context["lines"]} == set(not_received(centre))
    assert client.get(f"{BOARD}receiving/centre/{centre.pk}/?side=up").status_code == 404
    book = client.get(f"{BOARD}receiving/centre/{centre.pk}/?export=csv").content.decode("utf-8-sig")
    assert len(book.splitlines()) == received(centre).count() + 1


def test_the_screen_of_a_procedure_names_ones_own_centres(cast, shades, client: Client):
    factories.CentreFactory(name_vi="Trung tâm xã xa")
    client.force_login(cast.editor)
    page = client.get(f"{BOARD}receiving/procedure/{shades['ours'].pk}/")
    assert (page.context["receiving"], page.context["total"]) == (1, 1)
    assert "Trung tâm xã xa" not in page.content.decode()
    client.force_login(cast.top_editor)
    page = client.get(f"{BOARD}receiving/procedure/{shades['listed here'].pk}/")
    assert (page.context["receiving"], page.context["total"]) == (1, 2)
    assert client.get(f"{BOARD}receiving/procedure/{shades['draft'].pk}/").status_code == 404


def test_an_exception_is_proposed_and_changes_nothing_until_approved(cast, shades, client: Client):
    from catalogue.editing.proposals import stamp_of

    client.force_login(cast.editor)
    centre, row = cast.rows[m.Centre], shades["ours"]
    address = f"{BOARD}receiving/centre/{centre.pk}/{row.pk}/"
    assert client.get(address).context["form"].initial == {"receives": "no"}
    number = cast.rows[m.Decision].number
    response = client.post(address, {"receives": "no", "decision": number})
    proposal = m.Proposal.objects.get()
    assert response.url == reverse("catalogue_changes:change", args=[proposal.pk])
    assert proposal.agency == cast.ward
    assert row in set(received(centre))
    second = Client()
    second.force_login(cast.publisher)
    second.post(reverse("catalogue_changes:act", args=[proposal.pk, "approve"]), {"stamp": stamp_of(proposal)})
    assert row not in set(received(centre))
    made = m.CentreException.objects.get(procedure=row)
    assert (made.centre, made.receives, made.decision) == (centre, False, cast.rows[m.Decision])
    assert client.get(address).url.endswith(f"/edit/{made.pk}/"), "one that is there is edited"


@pytest.mark.parametrize("wrong", [{"receives": "maybe"}, {"receives": ""}, {"receives": "no", "decision": "0/KHONG"}])
def test_a_wrong_exception_is_refused_beside_its_field(wrong, cast, shades, client: Client):
    client.force_login(cast.editor)
    address = f"{BOARD}receiving/centre/{cast.rows[m.Centre].pk}/{shades['ours'].pk}/"
    page = client.post(address, wrong)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert wrong.get("decision", "") in page.content.decode()
    assert not m.Proposal.objects.exists()


def test_the_centres_of_others_are_not_there(cast, shades, client: Client):
    centre, row = cast.rows[m.Centre], shades["ours"]
    client.force_login(cast.neighbour_publisher)
    for address in (f"receiving/centre/{centre.pk}/", f"receiving/centre/{centre.pk}/{row.pk}/"):
        assert client.get(BOARD + address).status_code == 404
        assert client.post(BOARD + address).status_code in (404, 405)
    page = client.get(f"{BOARD}receiving/procedure/{row.pk}/")
    assert page.context["total"] == 0
    assert not m.Proposal.objects.exists()
