"""One world for all addresses: a dossier, rows, drafts and proposals of one agency, and everybody who may knock."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Workflow

from catalogue import models as m
from catalogue.changesets import writing
from catalogue.editing.batches import propose_batch
from catalogue.editing.proposals import Act, propose
from catalogue.editing.setting_up import set_up
from desk import attaching
from desk.models import CalendarDay, Leave, Notice, SavedView
from portal.models import GuidePage, HomePage, PageReport, PortalDocument, PortalImage, SectionPage, User
from portal.site.accounts import _editors
from search import models as words
from tests import factories
from tests.catalogue.editing_cast import make_rows
from tests.desk import made_files as made
from tests.desk.cast import MONDAY, ROLES, Cast, make_cast, person, post

SECRETS = ("Nguyễn Thị Lan", "048123456789", "0905 123 456", "0900111222 bí mật")
"""What no answer may hold to somebody who has no part in the dossier, or doesn't read the readers' reports."""
DRAFT = "Bản thảo kín của phường Cẩm Lệ"
OFFICERS = ROLES
POSTS: dict[str, tuple[str, str]] = {
    "editor": ("ward", "editor"),
    "publisher": ("ward", "publisher"),
    "neighbour editor": ("neighbour", "editor"),
    "province editor": ("top", "editor"),
    "old editor": ("ward", "editor"),
}
"""Editors of the catalogue: at which agency, as what."""
EVERYBODY = (
    "anonymous", "unposted", "left", "coming", *OFFICERS, "neighbour", *POSTS, "page editor", "administrator",
)  # fmt: skip


@dataclass
class World:
    """People by name, and what an address can name, by the argument or by address and argument."""

    cast: Cast
    code: str
    people: dict[str, User | None] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)

    def client(self, name: str) -> Client:
        """Return somebody's browser."""
        client = Client(raise_request_exception=False)
        user = self.people[name]
        if user is not None:
            client.cookies = self.clients[name].cookies.copy()  # type: ignore[assignment]
        return client


@contextmanager
def rolled_back() -> Iterator[None]:
    """Undo what is written within; acts that commit by themselves may run."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


def read(answer: Any) -> str:
    """Return what an answer says; in JSON too the letters stand as they are read."""
    text = (b"".join(answer) if answer.streaming else answer.content).decode(errors="replace")
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


ESCAPED = re.compile(r"\\u([0-9a-f]{4})")
WRITES = re.compile(r'^(INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
UNCOUNTED = {"django_session", "usersessions_usersession", "portal_user"}
"""Of sessions, and of when somebody was last seen, a refused request writes too."""


@contextmanager
def writes() -> Iterator[list[str]]:
    """Collect which tables are written to."""
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if (written := WRITES.match(sql)) and written[2] not in UNCOUNTED:
            found.append(f"{written[1]} {written[2]}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def make_world() -> World:
    """Make all of it, in about a second."""
    at = timezone.now()
    cast = make_cast()
    dossier = cast.processing()
    world = World(cast, dossier.code)
    file = attaching.attach_file(dossier.pk, made.upload("đơn.pdf", made.pdf(1)), by=cast.actor("clerk"), at=MONDAY)
    factories.make_pages("vi", "en")
    make_people(world)
    days = {"first_day": at.date() + dt.timedelta(7), "last_day": at.date() + dt.timedelta(9)}
    leave = Leave.objects.create(
        agency=cast.department, absent=cast.people["handler"], substitute=cast.people["approver"],
        made_by=cast.people["approver"], made_at=at, **days,
    )  # fmt: skip
    view = SavedView.objects.create(
        owner=cast.people["clerk"], agency=cast.commune, name="Chung", query={"whose": ["me"]}, is_shared=True,
        made_at=at,
    )  # fmt: skip
    Notice.objects.create(dossier=dossier, made_at=at, agency=cast.commune, role="clerk", kind="soon", about="1")
    world.known = {
        "code": dossier.code, "token": dossier.tracking_token, "number": 1, "form": "01", "page": 1,
        "size": "thumbnail", "name": "comment", "procedure": cast.procedure.code, "language": "en",
        "desk pk": file.pk, "leave pk": leave.pk, "view pk": view.pk,
    }  # fmt: skip
    world.known |= things(world, at)
    return world


def make_people(world: World) -> None:
    """Post everybody; a name without a post may log in only."""
    cast, day = world.cast, timezone.localdate()
    world.people = {"anonymous": None, **{name: cast.people[name] for name in OFFICERS}}
    for name in ("unposted", "left", "coming", "page editor"):
        world.people[name] = User.objects.create_user(name)
    post(world.people["left"], cast.commune, "clerk", valid_to=day)
    post(world.people["coming"], cast.commune, "clerk", valid_from=day + dt.timedelta(1))
    world.people["neighbour"] = person("neighbour", cast.neighbour, "clerk")
    world.people["administrator"] = User.objects.create_superuser("administrator")
    world.people["page editor"].groups.add(_editors())
    ward = factories.AgencyFactory(
        name_vi="Ủy ban nhân dân phường Cẩm Lệ", kind="peoples_committee", parent=cast.commune.parent,
        place=factories.CommuneFactory(name="Phường Cẩm Lệ", province=cast.centre.province),
    )  # fmt: skip
    agencies = {"ward": ward, "neighbour": cast.neighbour, "top": cast.commune.parent}
    for name, (where, role) in POSTS.items():
        user = world.people[name] = User.objects.create_user(name, last_name=name)
        user.groups.add(set_up())
        post(user, agencies[where], role, **({"valid_to": day} if name == "old editor" else {}))
    for name, user in world.people.items():
        client = Client()
        if user is not None:
            client.force_login(user)
        world.clients[name] = client


def things(world: World, at: dt.datetime) -> dict[str, Any]:
    """Make what the addresses of /cms/ name, all of the ward's where a kind has an owner; return their keys."""
    editor, found = world.people["editor"], {}
    ward = editor.postings.get().agency  # type: ignore[union-attr]
    rows = make_rows(ward, world.cast.centre.province)
    for model in (m.Procedure, m.Hotline):
        submit(rows[model], editor)
    for model, row in rows.items():
        found[f"wagtailsnippets_catalogue_{model._meta.model_name} pk"] = row.pk
        found[f"wagtailsnippetchoosers_catalogue_{model._meta.model_name} pk"] = row.pk
    proposal = propose(Act.DELETE, rows[m.CentreException], by=editor, at=at)
    exception = m.CentreException(centre=rows[m.Centre], procedure=rows[m.Procedure], receives=False)
    batch = propose_batch("Cả loạt", [exception], by=editor, at=at)
    change_set = writing.make_set({"number": "1/QĐ", "agency": ward, "effective_on": at.date()}, by=editor, at=at)
    (line,) = writing.add_lines(change_set.pk, [rows[m.Procedure]], "amended", by=editor, at=at)
    file_set = m.ChangeSet.objects.create(source="file", written_at=at)
    file = m.CatalogueImport.objects.create(
        change_set=file_set, name="x.jsonl", size=1, digest="0" * 64, uploaded_by=editor, uploaded_at=at, total=0,
        state="ready",
    )  # fmt: skip
    section = home().add_child(instance=SectionPage(title="Hướng dẫn", slug="huong-dan", locale=Locale.get_default()))
    guide = section.add_child(instance=GuidePage(title="Sinh con", slug="sinh-con", locale=Locale.get_default()))
    image = PortalImage.objects.create(title="Ảnh", file=get_test_image_file())
    document = PortalDocument.objects.create(title="Tệp", file=ContentFile(b"%PDF-1.7", "tep.pdf"))
    report = PageReport.objects.create(address="/vi/", message="Sai", contact="0900111222 bí mật", language="vi")
    row = rows[m.Procedure]
    return found | {
        "catalogue_changes pk": proposal.pk, "act": "withdraw", "action_name": "approve", "column": "field",
        "catalogue_translating kind": "procedure", "catalogue_translating part": "procedure",
        "catalogue_translating column": "name", "publication key": "procedures", "publication:doubts key": "district",
        "publication:look key": "district", "app_label": "catalogue", "model_name": "procedure", "action": "delete",
        "content_type_app_name": "portal", "content_type_model_name": "guidepage",
        "wagtailadmin_pages:choose_parent app_label": "portal",
        "wagtailadmin_pages:choose_parent model_name": "guidepage",
        "wagtailadmin_pages revision_id": guide.save_revision().pk, "revision_id_b": "latest",
        "wagtailadmin_pages revision_id_a": "earliest", "revision_id_a": "live", "api-v1 code": row.code,
        "api-v1 slug": rows[m.Centre].slug, "desk kind": "csv",
        "wagtail_bulk_action": f"/cms/bulk/wagtailcore/page/unpublish/?id={guide.pk}&next=/cms/",
        "wagtaildocs_serve": document.url, "wagtail_serve": "/vi/", "/cms/.*/": "/cms/nowhere/",
        "/<language>/((?:[\\w\\-.]+/)*[\\w\\-]+\\.(?:atom|csv|json))": "/vi/thu-tuc/feed.atom",
        "publication:batch pk": batch.pk, "publication:decide_batch pk": batch.pk,
        "catalogue_sets pk": change_set.pk, "catalogue_sets line_pk": line.pk, "catalogue_imports pk": file.pk,
        "catalogue_translating pk": row.pk, "publication pk": rows[m.Centre].pk, "publication procedure": row.pk,
        "publication:look pk": row.pk, "publication:receiving_procedure pk": row.pk,
        "revision_id": row.latest_revision_id, "workflow_state_id": row.current_workflow_state.pk,
        "task_state_id": row.current_workflow_state.current_task_state_id,
        "task_id": row.current_workflow_state.current_task_state.task_id,
        "page_id": guide.pk, "parent_page_id": section.pk, "page_to_move_id": guide.pk, "destination_id": section.pk,
        "wagtailadmin_pages pk": guide.pk, "wagtailadmin_api:pages pk": guide.pk, "page_pk": guide.pk,
        "image_id": image.pk, "wagtailimages_chooser pk": image.pk, "wagtailadmin_api:images pk": image.pk,
        "document_id": document.pk, "doc_id": document.pk, "wagtaildocs_chooser pk": document.pk,
        "wagtailadmin_api:documents pk": document.pk, "redirect_id": Redirect.add_redirect("/cu/", "/vi/").pk,
        "wagtailadmin_workflows pk": Workflow.objects.get(name="Duyệt danh mục").pk, "workflow_pk": 1,
        "wagtailsnippets_portal_pagereport pk": report.pk, "wagtailsnippetchoosers_portal_pagereport pk": report.pk,
        "wagtailusers_users pk": world.people["clerk"].pk,  # type: ignore[union-attr]
        **taught(),
    }  # fmt: skip


def taught() -> dict[str, Any]:
    """Make a row of each kind that search is taught by, and a day of the working calendar."""
    procedure = m.Procedure.objects.live().first()
    made = [
        words.WordGroup.objects.create(key="k", everyday="khai sinh", legal="đăng ký khai sinh"),
        words.EverydayWords.objects.create(procedure=procedure, phrases="làm giấy"),
        words.Situation.objects.create(key="k", phrases="sinh con"),
        words.QuestionWords.objects.create(phrases="ở đâu"),
        words.BestBet.objects.create(procedure=procedure, phrases="khai sinh"),
        words.JudgedQuery.objects.create(text="khai sinh"),
        CalendarDay.objects.create(day=dt.date(2027, 2, 5), kind="day_off", name_vi="Tết", source="1/QĐ"),
    ]
    asked = words.AskedQuery.objects.create(text="khai sinh")
    for day in range(1, 4):
        words.AskedDay.objects.create(query=asked, day=timezone.localdate() - dt.timedelta(day), times=1)
    found: dict[str, Any] = {"search_board pk": asked.pk}
    for row in made:
        label = row._meta.label_lower.replace(".", "_")
        found |= {f"wagtailsnippets_{label} pk": row.pk, f"wagtailsnippetchoosers_{label} pk": row.pk}
    return found


def submit(row: Any, user: Any) -> None:
    """Lay a draft with a secret beside a row, and ask for its approval."""
    draft = row.get_latest_revision_as_object()
    setattr(draft, "label_vi" if isinstance(row, m.Hotline) else "name_vi", DRAFT)
    draft.save_revision(user=user, log_action=True)
    fresh = type(row).objects.get(pk=row.pk)
    fresh.get_workflow().start(fresh, user)
    row.refresh_from_db()


def home() -> Any:
    """Return the Vietnamese home page."""
    return HomePage.objects.get(slug="vi")
