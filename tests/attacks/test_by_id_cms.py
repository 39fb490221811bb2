"""What others write in the editing, tried by the ids of its parts: every screen of Wagtail's and of ours outside the
rows' own view sets, which `tests/catalogue/test_editing_rights.py` walks, and ids within one's own forms.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseNotFound
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from django.utils import timezone
from wagtail.models import Collection, Page

from catalogue import models as m
from catalogue.changesets.writing import line_stamp
from catalogue.editing.proposals import Act, propose
from portal.models import PortalDocument, PortalImage, SectionPage, User
from tests import factories
from tests.attacks.conftest import entered
from tests.catalogue.editing_cast import Cast
from tests.catalogue.test_change_sets import amend, begin
from tests.desk import made_files as made
from tests.factories import make_pages
from tests.portal.test_cms import form_data
from tests.publishing import publish

pytestmark = pytest.mark.django_db
SECRET = "Ban-thao-kin"
"""In letters that JSON writes as they are."""


@dataclass
class World:
    """What the province's own editors have lying about."""

    cast: Cast
    page: Page
    image: PortalImage
    document: PortalDocument
    change_set: m.ChangeSet
    line: m.ChangeLine
    batch: m.ProposalBatch
    proposal: m.Proposal


@pytest.fixture
def world(editors) -> World:
    make_pages("vi")
    home = Page.objects.get(slug="vi")
    page = home.add_child(instance=SectionPage(title=f"{SECRET} trang", slug="kin", live=False))
    page.save_revision(user=editors.root)
    place = Collection.get_first_root_node().add_child(name=f"{SECRET} bộ")
    image = PortalImage.objects.create(
        title=f"{SECRET} ảnh",
        file=made.upload("anh.png", made.image("PNG")),
        collection=place,
        uploaded_by_user=editors.root,
    )
    document = PortalDocument.objects.create(
        title=f"{SECRET} tệp", file=SimpleUploadedFile("kin.pdf", made.pdf(1)), collection=place
    )
    change_set = begin(editors.top_editor, title=f"{SECRET} bộ thay đổi")
    line = amend(change_set, publish(factories.ProcedureFactory()), editors.top_editor, steps_vi=f"{SECRET} bước")
    batch = m.ProposalBatch.objects.create(
        label=f"{SECRET} lô", written_by=editors.top_editor, written_at=timezone.now()
    )
    field = editors.rows[m.Field]
    field.name_vi = f"{SECRET} lĩnh vực"
    proposal = propose(Act.CHANGE, field, by=editors.top_editor, at=timezone.now())
    m.Proposal.objects.filter(pk=proposal.pk).update(batch=batch)
    editors.root.email = f"{SECRET}@danang.gov.vn"
    editors.root.save(update_fields=["email"])
    return World(editors, page, image, document, change_set, line, batch, proposal)


# Of Wagtail's own: the first is an error on purpose, the second fails where its form's field is left out.
BROKEN = ("cms/failwhale/", "cms/choose-external-link/")


def names(
    node: Any = None, space: str = "", taken: tuple[str, ...] = (), where: str = ""
) -> Iterator[tuple[str, tuple]]:
    """Yield each named address of /cms/ outside of the rows' view sets, with its parameters."""
    for each in (node or get_resolver()).url_patterns:
        place = f"{where}{each.pattern}"
        pattern = each.pattern
        more = tuple(pattern.regex.groupindex) if hasattr(pattern, "regex") else ()
        inner = tuple(dict.fromkeys((*taken, *more, *getattr(pattern, "converters", {}))))
        if place in BROKEN:
            continue
        if isinstance(each, URLResolver):
            below = ":".join(filter(None, (space, each.namespace or "")))
            yield from names(each, below, inner, place)
        elif each.name and place.startswith("cms/") and not place.startswith("cms/snippets/"):
            yield ":".join(filter(None, (space, each.name))), inner


def addresses(world: World) -> Iterator[str]:
    """Yield them with the real ids of what is somebody else's."""
    page, pk = world.page, 1
    known: dict[str, Any] = {
        "parent_page_id": page.pk, "page_id": page.pk, "page_to_move_id": page.pk,
        "destination_id": page.get_parent().pk,
        "revision_id": page.latest_revision_id, "revision_id_a": page.latest_revision_id,
        "revision_id_b": page.latest_revision_id, "image_id": world.image.pk,
        "document_id": world.document.pk, "doc_id": world.document.pk, "uploaded_file_id": 1, "filter_spec": "width-10",
        "collection_id": world.image.collection_id, "workflow_pk": 1, "page_pk": page.pk, "line_pk": world.line.pk,
        "task_id": 1, "task_state_id": 1, "workflow_state_id": 1, "session_id": 1, "redirect_id": 1,
        "line": world.line.pk,
        "content_type_app_name": "portal", "content_type_model_name": "sectionpage", "app_label": "portal",
        "model_name": "sectionpage", "app_name": "taggit", "object_id": page.pk, "action_name": "publish",
        "action": "delete", "language": "en", "kind": "procedure", "part": "procedure", "column": "name",
        "key": "papers",
        "act": "approve", "procedure": world.line.procedure_id or 1, "uidb64": "MQ", "token": "set-password",
    }  # fmt: skip
    rows = {
        "wagtailusers": world.cast.root.pk, "wagtailadmin_collections": world.image.collection_id,
        "wagtailimages": world.image.pk, "wagtaildocs": world.document.pk, "catalogue_sets": world.change_set.pk,
        "wagtailadmin_pages": page.pk, "wagtailadmin_api": page.pk, "publication": world.batch.pk,
        "catalogue_changes": world.proposal.pk,
    }  # fmt: skip
    for name, needed in names():
        pk = next((value for space, value in rows.items() if name.startswith(space)), 1)
        given = {each: known.get(each, pk) for each in needed}
        try:
            yield reverse(name, kwargs=given)
        except NoReverseMatch:
            if "action" in given:
                raise
            yield f"/cms/?{name}"


KEPT = (
    *(Page, PortalImage, PortalDocument, Collection, m.ChangeSet, m.ChangeLine, m.ProposalBatch, m.Proposal),
    *(m.TranslationDraft, m.PaperMarking, m.Procedure, m.Centre, m.Notice, m.Field, m.Posting, m.CatalogueImport),
)


def state() -> list[Any]:
    """Return what nobody may have changed by being refused."""
    rows: list[Any] = [list(model.objects.order_by("pk").values()) for model in KEPT]
    people = list(User.objects.order_by("pk").values("pk", "username", "password", "is_superuser", "is_active"))
    return [*rows, people, list(User.groups.through.objects.values_list("user", "group"))]


def said(answer: Any) -> str:
    """Return what the next page will say."""
    storage = getattr(answer.wsgi_request, "_messages", ())
    return " ".join(str(each) for each in getattr(storage, "_queued_messages", ()))


@pytest.mark.parametrize("who", ["neighbour_publisher", "clerk"])
def test_no_screen_tells_or_changes_what_the_person_may_not_edit(who, world, monkeypatch):
    """Drafts of pages, files of a closed place, people, sets, batches, proposals: by their ids, by search, by lists."""
    monkeypatch.setattr("wagtail.admin.urls.page_not_found", lambda *args, **kwargs: HttpResponseNotFound())
    client, before, wrong = entered(world.cast.people[who]), state(), []
    client.raise_request_exception = False
    for address in addresses(world):
        for method in (client.get, client.post) if who == "neighbour_publisher" else (client.get,):
            answer = method(f"{address}?q=kin&id=1&term=B&p=1" if method == client.get else address)
            if answer.status_code >= 500:
                wrong.append(f"{address}: {answer.status_code}")
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            if SECRET in content.decode(errors="ignore") or SECRET in said(answer):
                wrong.append(f"{address} tells")
            if address.startswith("/cms/logout/"):
                client = entered(world.cast.people[who])
    assert not wrong, "\n".join(wrong)
    assert state() == before


def test_what_is_the_provinces_is_told_to_its_own_editors(world):
    """Else the test above would pass where nothing is shown to anybody."""
    for who, addresses_ in (
        ("root", ("/cms/images/", "/cms/documents/", f"/cms/pages/{world.page.pk}/edit/",
                  f"/cms/users/edit/{world.cast.root.pk}/",
                  "/cms/collections/")),
        ("top_editor", (reverse("catalogue_sets:set", args=[world.change_set.pk]),
                        reverse("catalogue_changes:change", args=[world.proposal.pk]))),
    ):  # fmt: skip
        for address in addresses_:
            assert SECRET in entered(world.cast.people[who]).get(address).content.decode(), address


@pytest.fixture
def own(world) -> m.ChangeSet:
    """The neighbour's own decision about its own procedure."""
    cast = world.cast
    procedure = publish(factories.ProcedureFactory(name_vi="Của phường Hải Châu", maintained_by=cast.neighbour))
    found = begin(cast.neighbour_editor, number="9/QĐ", agency=cast.neighbour)
    amend(found, procedure, cast.neighbour_editor, steps_vi="Bước của phường")
    return found


def test_lines_of_another_set_are_not_reached_through_ones_own(world, own):
    client = entered(world.cast.neighbour_editor)
    foreign, before = world.line, state()
    for name, more in (("edit", []), ("remove", []), ("preview", ["vi"])):
        address = reverse(f"catalogue_sets:{name}", args=[own.pk, foreign.pk, *more])
        assert {client.get(address).status_code, client.post(address).status_code} <= {404, 405}, name
    publisher = entered(world.cast.neighbour_publisher)
    client.post(reverse("catalogue_sets:act", args=[own.pk, "submit"]))
    own.refresh_from_db()
    before = state()
    for act in ("approve", "leave-out"):
        sent = {"line": [foreign.pk], "stamp": [line_stamp(foreign)], "note": "x"}
        publisher.post(reverse("catalogue_sets:act", args=[own.pk, act]), sent)
        foreign.refresh_from_db()
        assert foreign.status == m.ChangeLine.Status.OPEN, act
    assert state() == before


def test_a_set_is_not_written_for_another_agency_nor_about_its_procedures(world, own):
    cast, client = world.cast, entered(world.cast.neighbour_editor)
    foreign = cast.rows[m.Procedure]
    client.post(reverse("catalogue_sets:add", args=[own.pk]), {"codes": foreign.code, "effect": "amended"})
    assert not own.lines.filter(code=foreign.code).exists()
    head = {"number": "1/QĐ", "issuer": "UBND", "agency": cast.ward.pk, "title": "thử"}
    client.post(reverse("catalogue_sets:new"), head)
    assert not m.ChangeSet.objects.filter(agency=cast.ward).exists()


def test_the_translation_of_another_row_is_not_reached_through_ones_own(world):
    """A draft to withdraw, texts to write: named by ids of the ward's row on the neighbour's screen."""
    cast = world.cast
    mine = publish(factories.ProcedureFactory(name_vi="Thủ tục của phường Hải Châu", maintained_by=cast.neighbour))
    foreign = cast.rows[m.Procedure]
    theirs = reverse("catalogue_translating:row", args=["en", "procedure", foreign.pk])
    page = entered(cast.editor).get(theirs)
    group = next(card.group for _part, below in page.context["sections"] for _under, cards in below for card in cards)
    sent = {f"text-{group.id}": "Own words of the ward", f"was-{group.id}": "", f"seen-{group.id}": group.seen}
    entered(cast.editor).post(theirs, sent)
    draft = m.TranslationDraft.objects.get(root=foreign.pk)
    here = reverse("catalogue_translating:row", args=["en", "procedure", mine.pk])
    client = entered(cast.neighbour_editor)
    client.post(here, {"withdraw": draft.pk})
    client.post(here, sent | {f"text-{group.id}": "Written by a stranger"})
    client.post(reverse("catalogue_translating:decide", args=["en", "procedure", mine.pk]),
                {"draft": draft.pk, "drafts": draft.pk, f"draft-{draft.pk}": "on", "act": "approve"})  # fmt: skip
    draft.refresh_from_db()
    assert (draft.status, draft.text) == ("open", "Own words of the ward")
    assert not m.TranslationDraft.objects.filter(root=foreign.pk, text="Written by a stranger").exists()


def test_a_form_takes_no_part_of_another_row_to_itself(world):
    """An inline form with the id of another procedure's channel, case or paper: it neither moves nor changes."""
    cast = world.cast
    mine = publish(
        factories.ProcedureFactory(
            name_vi="Thủ tục của phường Hải Châu", maintained_by=cast.neighbour, with_channels=True, with_papers=True
        )
    )
    foreign = cast.rows[m.Procedure]
    channel, case = foreign.channels.first(), foreign.cases.first()
    client = entered(cast.neighbour_editor)
    address = reverse(m.Procedure.snippet_viewset.get_url_name("edit"), args=[mine.pk])
    data = form_data(client.get(address))
    assert data["channels-0-id"] and data["cases-0-id"]
    before = {
        model: list(model.objects.order_by("pk").values()) for model in (m.FilingChannel, m.Case, m.RequiredPaper)
    }
    for forged in ({"channels-0-id": channel.pk}, {"cases-0-id": case.pk},
                   {"cases-0-id": case.pk, "cases-0-DELETE": "on"},
                   {"channels-0-id": "²"}, {"channels-0-id": 10**30}, {"channels-TOTAL_FORMS": 10**9},
                   {"cases-0-papers-TOTAL_FORMS": "9" * 5000}, {"channels-TOTAL_FORMS": "-1"}):  # fmt: skip
        assert client.post(address, data | forged).status_code in (200, 302, 400), forged
    assert {model: list(model.objects.order_by("pk").values()) for model in before} == before
    draft = m.Procedure.objects.get(pk=mine.pk).get_latest_revision_as_object()
    assert {row.pk for row in draft.channels.all()}.isdisjoint({row.pk for row in foreign.channels.all()})
    assert {row.pk for row in draft.cases.all()}.isdisjoint({row.pk for row in foreign.cases.all()})


def test_a_bulk_act_gives_no_row_to_another_agency_nor_takes_one(world):
    cast = world.cast
    mine = publish(factories.ProcedureFactory(name_vi="Của phường Hải Châu", maintained_by=cast.neighbour))
    client, foreign = entered(cast.neighbour_editor), cast.rows[m.Procedure]
    ids = f"id={mine.pk}&id={foreign.pk}"
    address = f"/cms/bulk/catalogue/procedure/set_columns/?{ids}"
    assert foreign.name_vi not in client.get(address).content.decode()
    client.post(address, {"set_maintained_by": "on", "maintained_by": cast.ward.pk, "columns": ["maintained_by"]})
    mine.refresh_from_db()
    draft = mine.get_latest_revision_as_object()
    assert (mine.maintained_by, draft.maintained_by) == (cast.neighbour, cast.neighbour)
    assert not m.Procedure.objects.get(pk=foreign.pk).has_unpublished_changes


def test_a_centre_is_closed_by_its_own_editors_alone(world):
    client, centre = entered(world.cast.neighbour_editor), world.cast.rows[m.Centre]
    count = m.Notice.objects.count()
    for place in (centre.pk, "all", f"{centre.pk}.1", 10**30, "²"):
        day = timezone.localdate() + timezone.timedelta(days=3)
        answer = client.post(reverse("catalogue_close_centre"), {"place": place, "day": f"{day:%Y-%m-%d}"})
        assert answer.status_code in (302, 403, 422), place
    assert m.Notice.objects.count() == count


def test_nobody_ends_a_colleagues_editing_session(world):
    session = apps.get_model("wagtailadmin", "EditingSession").objects.create(
        user=world.cast.editor, content_object=world.cast.rows[m.Procedure], last_seen_at=timezone.now()
    )
    entered(world.cast.neighbour_editor).post(f"/cms/editing-sessions/release/{session.pk}/")
    session.refresh_from_db()


def test_an_address_to_embed_makes_the_server_ask_nobody(world):
    """Only known providers of films are asked, never an address that an editor made up: a way into the own network."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        client = entered(world.cast.root)
        for address in (
            f"http://127.0.0.1:{port}/",
            f"http://localhost:{port}/oembed?format=json",
            "file:///etc/passwd",
        ):
            answer = client.post("/cms/embeds/chooser/upload/", {"embed-chooser-url": address})
            assert answer.status_code == 200 and "root:" not in answer.content.decode(), address
        with pytest.raises(TimeoutError):
            server.accept()


NO_KEYS = ("²", "1" + "0" * 30, "9" * 5000, "-1", "\0", "None", "a " * 2_000)


def test_what_is_no_key_in_an_address_or_form_breaks_no_screen(world, own):
    client, chooser = entered(world.cast.neighbour_publisher), m.Procedure.snippet_viewset.chooser_viewset.get_url_name
    client.raise_request_exception = False
    pk, listed = own.lines.get().procedure_id, m.Procedure.snippet_viewset.get_url_name
    wrong = []
    for value in NO_KEYS:
        quoted = quote(value)
        asked = [
            f"/cms/bulk/catalogue/procedure/delete/?id={quoted}&next=/cms/",
            f"/cms/bulk/catalogue/procedure/set_columns/?id={quoted}",
            f"{reverse(chooser('chosen_multiple'))}?id={quoted}",
            f"{reverse(chooser('choose_results'))}?p={quoted}&q={quoted}",
            f"{reverse(chooser('chosen'), args=['1'])[:-2]}{quoted}/",
            f"{reverse(m.Field.snippet_viewset.get_url_name('add'))}?proposal={quoted}",
            f"{reverse('publication:board')}?field={quoted}&agency={quoted}&p={quoted}",
            f"{reverse('catalogue_changes:changes')}?p={quoted}",
            f"{reverse(m.AdministrativeUnit.snippet_viewset.get_url_name('list'))}?q={quoted}",
            f"{reverse(listed('list'))}?p={quoted}&field={quoted}&q={quoted}&ordering={quoted}",
            f"{reverse(listed('history'), args=[pk])}?p={quoted}&user={quoted}",
            f"{reverse(listed('list'))}edit/{quoted}/",
        ]
        sent = [
            (reverse("catalogue_sets:act", args=[own.pk, "approve"]), {"line": value, "stamp": value}),
            (reverse("catalogue_sets:act", args=[own.pk, "leave-out"]), {"line": value}),
            (reverse("catalogue_translating:row", args=["en", "procedure", pk]), {"withdraw": value, "take": value}),
            (reverse("publication:mark"), {f"paper-{value}": "paper"}),
            (reverse("publication:decide"), {"marking": value, "pk": value}),
        ]
        wrong += [address[:90] for address in asked if client.get(address).status_code >= 500]
        wrong += [f"{address} {data}"[:160] for address, data in sent if client.post(address, data).status_code >= 500]
    assert not wrong, "\n".join(wrong)
