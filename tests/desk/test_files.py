"""Files in a dossier: kept whole or not at all, opened by permission only, gone when they are removed."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from desk import actions, attaching
from desk.actors import officer
from desk.files import opening, storing, sweeping
from desk.models import DossierEvent, DossierFile, HandedPaper
from desk.permissions import RULES, Side
from desk.refusals import Invalid, NotAllowed, SomebodyWasFaster, WrongState
from desk.verifying.running import verify
from portal.models import User
from tests.desk import made_files as made
from tests.desk.cast import MONDAY, ROLES, person
from tests.desk.clamav import scanner

pytestmark = pytest.mark.django_db
NOON, WEEK = MONDAY + dt.timedelta(hours=3), dt.timedelta(7)
NAME = "Giấy khai sinh – bản sao (1).pdf"


@pytest.fixture
def dossier(cast):
    return cast.received()


@pytest.fixture
def clerk(cast):
    """The clerk as the one who acts."""
    return cast.actor("clerk")


@pytest.fixture
def attach(dossier, clerk):
    """Add a file as the clerk."""

    def add(content: bytes = b"", name: str = NAME, **values: object) -> DossierFile:
        upload = made.upload(name, content or made.pdf(3))
        return attaching.attach_file(dossier.pk, upload, by=clerk, **{"at": NOON, **values})

    return add


@pytest.fixture
def desk(client, cast):
    """The clerk's browser."""
    client.force_login(cast.people["clerk"])
    return client


def events(act: str):
    return DossierEvent.objects.filter(act=act)


def stored(settings) -> list[str]:
    """Every file under the store, by its path in it."""
    root = Path(settings.VAR_DIR) / "files"
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def age(settings, place: str, days: float) -> None:
    moment = timezone.now().timestamp() - days * 86_400
    os.utime(Path(settings.VAR_DIR) / "files" / place, (moment, moment))


class TestAttach:
    def test_the_row_says_what_lies_in_the_store_under_a_name_of_ours(self, settings, attach, cast):
        content = made.pdf(3)
        row = DossierFile.objects.get(pk=attach(content).pk)
        assert (row.name, row.media_type, row.size, row.pages) == (NAME, "application/pdf", len(content), 3)
        assert (row.uploaded_by, row.uploaded_at, row.scan, row.kind) == (
            cast.people["clerk"],
            NOON,
            "not_scanned",
            "paper",
        )
        assert stored(settings) == [row.place]
        path = Path(settings.VAR_DIR) / "files" / row.place
        assert path.read_bytes() == content
        assert path.stat().st_mode & 0o777 == 0o600
        assert not set("Giấykhai") & set(row.place.replace("a", ""))

    def test_the_store_is_outside_of_what_the_web_server_shows(self, settings, attach):
        place = attach().place
        assert Path(settings.MEDIA_ROOT) not in Path(storing.storage().path(place)).parents
        with pytest.raises(ValueError, match="by permission only"):
            storing.storage().url(place)

    def test_the_event_tells_what_it_is_and_never_its_name(self, attach, dossier):
        row = attach()
        event = events("attach_file").get(dossier=dossier)
        assert (event.at, event.number) == (NOON, 2)
        facts = json.loads(event.body)["facts"]
        assert facts == {
            "file": row.place,
            "kind": "paper",
            "media_type": "application/pdf",
            "scan": "not_scanned",
            "sha256": row.sha256,
            "size": row.size,
        }
        assert "khai" not in event.body

    def test_a_scanned_one_says_so(self, settings, attach):
        with scanner() as running:
            settings.CLAMAV_URL = running.url
            assert attach().scan == "clean"

    def test_what_the_check_refuses_leaves_nothing(self, settings, attach):
        with pytest.raises(ValidationError):
            attach(b"MZ" + bytes(300))
        assert (stored(settings), DossierFile.objects.count(), events("attach_file").count()) == ([], 0, 0)

    def test_what_the_act_refuses_leaves_nothing(self, settings, dossier, attach, cast):
        settings.DESK_FILES_MAX = 1
        kept = attach()
        with pytest.raises(Invalid, match="1"):
            attach()
        with pytest.raises(SomebodyWasFaster):
            attach(seen=0)
        for name in ("stranger", "supervisor"):
            with pytest.raises(NotAllowed):
                attaching.attach_file(dossier.pk, made.upload(NAME, made.pdf()), by=cast.actor(name), at=NOON)
        assert stored(settings) == [kept.place]
        assert events("attach_file").count() == 1

    def test_a_full_disk_or_a_broken_database_leaves_nothing(self, settings, attach, monkeypatch):
        monkeypatch.setattr(os, "fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(OSError, match="No space"):
            attach()
        assert stored(settings) == []
        monkeypatch.undo()
        monkeypatch.setattr(DossierFile, "save", lambda *args, **kwargs: (_ for _ in ()).throw(RuntimeError("gone")))
        with pytest.raises(RuntimeError):
            attach()
        assert (stored(settings), events("attach_file").count()) == ([], 0)

    def test_a_removed_file_makes_room(self, settings, attach, clerk):
        settings.DESK_FILES_MAX = 1
        attaching.remove_file(attach(), by=clerk, at=NOON, reason="Nhầm hồ sơ")
        attach()


class TestRemove:
    def test_it_is_marked_with_the_reason_in_an_erasable_row(self, attach, dossier, clerk):
        row = attach()
        attaching.remove_file(row, by=clerk, at=NOON, reason="Giấy của bà Nguyễn Thị Hoa")
        row.refresh_from_db()
        assert row.removed_at == NOON
        event = events("remove_file").get()
        assert json.loads(event.body)["facts"]["sha256"] == row.sha256
        assert "Hoa" not in event.body
        assert event.texts.get().text == "Giấy của bà Nguyễn Thị Hoa"

    def test_the_second_one_learns_that_it_is_gone(self, attach, clerk):
        row = attach()
        attaching.remove_file(row, by=clerk, at=NOON, reason="Nhầm")
        with pytest.raises(Invalid):
            attaching.remove_file(row, by=clerk, at=NOON, reason="Nhầm")
        assert events("remove_file").count() == 1

    def test_without_a_reason_it_stays(self, attach, clerk):
        row = attach()
        with pytest.raises(Invalid):
            attaching.remove_file(row, by=clerk, at=NOON, reason=" ")
        row.refresh_from_db()
        assert row.removed_at is None

    def test_a_paper_that_was_digitised_by_it_is_not_any_more(self, attach, dossier, clerk):
        row = attach()
        paper = HandedPaper.objects.create(
            dossier=dossier, name="Giấy chứng sinh", status="digitised", file=row, handed_in_at=NOON
        )
        attaching.remove_file(row, by=clerk, at=NOON, reason="Quét mờ")
        paper.refresh_from_db()
        assert (paper.status, paper.file) == ("not_digitised", None)

    def test_a_result_keeps_its_file(self, attach, cast, clerk):
        dossier = cast.processing()
        approver = cast.actor("approver")
        row = attaching.attach_file(dossier.pk, made.upload(NAME, made.pdf()), by=approver, at=NOON, kind="result")
        signed = {"outcome": "granted", "number": "12/GKS", "signed_on": NOON.date(), "signatory": "Lê Minh"}
        actions.finish(dossier.pk, by=approver, at=NOON, file=row, **signed)
        with pytest.raises(Invalid):
            attaching.remove_file(row, by=clerk, at=NOON, reason="Nhầm")

    def test_a_closed_dossier_takes_files_and_gives_none_away(self, attach, dossier, clerk):
        row = attach()
        actions.withdraw(dossier.pk, by=clerk, at=NOON, reason="Theo đơn")
        attach()
        with pytest.raises(WrongState):
            attaching.remove_file(row, by=clerk, at=NOON, reason="Nhầm")


@pytest.mark.parametrize("act", ["attach_file", "remove_file"])
def test_each_role_at_the_counter_may_what_the_table_says(act, attach, cast, dossier):
    for role in ROLES:
        actor = officer(person(f"{role}-2", cast.commune, role), NOON)
        # A dossier that was just received is held there too.
        may = any(role in roles for side, roles in RULES[act].at.items() if side is not Side.DECIDING)
        try:
            if act == "attach_file":
                attaching.attach_file(dossier.pk, made.upload(NAME, made.pdf()), by=actor, at=NOON)
            else:
                attaching.remove_file(attach(), by=actor, at=NOON, reason="Nhầm")
        except NotAllowed:
            assert not may, role
        else:
            assert may, role


class TestSweep:
    def test_it_deletes_what_is_a_day_old_and_has_no_row(self, settings, attach):
        kept, fresh = attach(), attach()
        age(settings, kept.place, 9)
        lost = storing.storage().save(storing.new_place(), made.upload("x", b"lost"))
        age(settings, lost, 1.1)
        young = storing.storage().save(storing.new_place(), made.upload("x", b"on its way"))
        coming = Path(settings.VAR_DIR) / "files" / storing.COMING / "half"
        coming.write_bytes(b"half")
        age(settings, f"{storing.COMING}/half", 1.1)
        assert sweeping.sweep(timezone.now()) == sweeping.Swept(cut_off=1, without_row=1)
        assert stored(settings) == sorted([kept.place, fresh.place, young])
        assert sweeping.sweep(timezone.now()) == sweeping.Swept()

    def test_it_deletes_what_killed_requests_left(self, settings, tmp_path):
        settings.FILE_UPLOAD_TEMP_DIR = tmp_path
        for name, days in (("a.upload.pdf", 2), ("b.upload.pdf", 0)):
            (tmp_path / name).write_bytes(b"half")
            moment = timezone.now().timestamp() - days * 86_400
            os.utime(tmp_path / name, (moment, moment))
        assert sweeping.sweep(timezone.now()).cut_off == 1
        assert [path.name for path in tmp_path.glob("*.upload*")] == ["b.upload.pdf"]

    def test_a_removed_file_stays_for_thirty_days(self, settings, attach, clerk):
        row = attach()
        attaching.remove_file(row, by=clerk, at=NOON, reason="Nhầm")
        assert sweeping.sweep(NOON + dt.timedelta(days=29)).removed == 0
        assert sweeping.sweep(NOON + dt.timedelta(days=31)).removed == 1
        assert stored(settings) == []
        assert sweeping.sweep(NOON + dt.timedelta(days=31)) == sweeping.Swept()

    def test_beside_another_database_nothing_is_deleted(self, settings, monkeypatch, caplog):
        monkeypatch.setattr(sweeping, "MANY", 2)
        for _number in range(3):
            age(settings, storing.storage().save(storing.new_place(), made.upload("x", b"theirs")), 5)
        assert sweeping.sweep(timezone.now()).without_row == 0
        assert len(stored(settings)) == 3
        assert "is this their database?" in caplog.text

    def test_the_clock_sweeps_once_an_hour(self, settings):
        now = timezone.now()
        assert sweeping.sweep_if_due(now) == sweeping.Swept()
        assert sweeping.sweep_if_due(now) is None
        assert sweeping.sweep_if_due(now + dt.timedelta(hours=2)) == sweeping.Swept()

    def test_the_command_finds_files_that_are_missing_or_changed(self, settings, attach, capsys):
        attach()
        call_command("sweep_files", "--verify")
        assert "Every file is as it was uploaded." in capsys.readouterr().out
        changed, missing = attach(), attach()
        (Path(settings.VAR_DIR) / "files" / changed.place).write_bytes(b"other")
        storing.discard(missing.place)
        with pytest.raises(CommandError, match="2 files are wrong"):
            call_command("sweep_files", "--verify")
        said = capsys.readouterr().err
        assert f"{changed.place} is changed" in said
        assert f"{missing.place} is missing" in said
        assert NAME not in said


def at(name: str, file: DossierFile, *more: object) -> str:
    return reverse(f"desk:{name}", args=[file.dossier.code, file.pk, *more])


class TestPage:
    def test_it_shows_each_file_and_what_this_person_may_do(self, desk, attach, dossier, cast):
        row = attach(name="<b>đơn</b>.pdf")
        gone = attach(name="nhầm.pdf")
        attaching.remove_file(gone, by=cast.actor("clerk"), at=NOON, reason="Nhầm")
        url = reverse("desk:files", args=[dossier.code])
        page = desk.get(url).content.decode()
        assert "b&gt;.pdf" in page
        assert "<b>" not in page
        assert "nhầm.pdf" not in page
        assert row.sha256 in page
        assert at("preview_file", row, 1, "thumbnail") in page
        assert 'type="file"' in page
        assert at("remove_file", row) in page
        desk.force_login(cast.people["supervisor"])
        cast.explain("supervisor", row.dossier, timezone.now())
        page = desk.get(url).content.decode()
        assert row.sha256 in page
        assert 'type="file"' not in page and at("remove_file", row) not in page
        desk.force_login(cast.people["stranger"])
        assert desk.get(url).status_code == 404

    def test_it_costs_the_same_with_many_files(self, desk, attach, dossier, django_assert_num_queries):
        url = reverse("desk:files", args=[dossier.code])
        for _number in range(3):
            attach()
        desk.get(url)  # The first opening is noted.
        # Session, user, posts, dossier, files, papers of the files and of the form.
        with django_assert_num_queries(7):
            desk.get(url)

    def test_pages_of_a_file_lead_to_each_other(self, desk, attach):
        row = attach()
        page = desk.get(at("file_page", row, 2)).content.decode()
        for name, number in (("file_page", 1), ("file_page", 3)):
            assert f'href="{at(name, row, number)}"' in page
        assert at("preview_file", row, 2, "page") in page
        assert desk.get(at("file_page", row, 4)).status_code == 404
        assert desk.get(at("file_page", attach(made.docx(), "đơn.docx"), 1)).status_code == 404


class TestDownload:
    def test_it_comes_as_it_was_with_its_name_and_no_rights(self, desk, attach):
        content = made.pdf(3)
        answer = desk.get(at("download_file", attach(content)))
        assert b"".join(answer.streaming_content) == content
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Length"] == str(len(content))
        assert answer["Content-Disposition"] == (
            "attachment; filename*=utf-8''Gi%E1%BA%A5y%20khai%20sinh%20%E2%80%93%20b%E1%BA%A3n%20sao%20%281%29.pdf"
        )
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"

    @pytest.mark.parametrize("view", [("download_file",), ("preview_file", 1, "page")])
    def test_who_may_not_see_the_dossier_may_not_see_its_files(self, client, attach, cast, view):
        row = attach()
        url = at(view[0], row, *view[1:])
        cast.explain("supervisor", row.dossier, timezone.now())
        assert client.get(url).status_code == 302
        for user in (User.objects.create_user("nobody"), cast.people["stranger"]):
            client.force_login(user)
            assert client.get(url).status_code == 404
        for name in ("handler", "supervisor", "contractor"):
            client.force_login(cast.people[name])
            assert client.get(url).status_code == 200

    def test_a_file_of_another_dossier_is_none(self, desk, attach, cast):
        url = reverse("desk:download_file", args=[cast.received().code, attach().pk])
        assert desk.get(url).status_code == 404

    def test_a_removed_one_is_gone(self, desk, attach, clerk):
        row = attach()
        attaching.remove_file(row, by=clerk, at=NOON, reason="Nhầm")
        assert desk.get(at("download_file", row)).status_code == 404
        assert desk.get(at("preview_file", row, 1, "page")).status_code == 404

    def test_what_was_changed_in_the_store_is_not_sent(self, settings, desk, attach, caplog):
        row = attach()
        (Path(settings.VAR_DIR) / "files" / row.place).write_bytes(made.pdf(4))
        assert desk.get(at("download_file", row)).status_code == 404
        assert desk.get(at("preview_file", row, 1, "page")).status_code == 404
        assert "is changed in the store" in caplog.text

    def test_who_reads_is_written_down_without_the_name(self, desk, attach, cast, caplog):
        row = attach()
        caplog.set_level("INFO", "desk.audit")
        desk.get(at("download_file", row))
        line = json.loads(caplog.messages[-1])
        assert line == {
            "event": "dossier.file_read",
            "dossier": row.dossier.code,
            "file": row.place,
            "user": cast.people["clerk"].pk,
        }


class TestPreview:
    @pytest.fixture
    def look(self, desk):
        def get(file: DossierFile, page: int = 1, size: str = "page"):
            return desk.get(at("preview_file", file, page, size))

        return get

    def test_a_page_of_a_pdf_is_drawn(self, attach, look):
        answer = look(attach(), 3)
        assert answer["Content-Type"] == "image/png"
        picture = Image.open(io.BytesIO(answer.content))
        assert picture.size == (1240, 1860)
        assert picture.getpixel((400, 1500)) == (0, 0, 255)
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Cache-Control"] == "private, no-store"
        assert Image.open(io.BytesIO(look(attach(), 1, "thumbnail").content)).size == (240, 360)

    def test_a_photo_stands_upright_without_what_it_told(self, attach, look):
        content = made.photo()
        assert b"secret words" in content
        answer = look(attach(content, "ảnh.jpg"), 1, "thumbnail")
        assert answer["Content-Type"] == "image/jpeg"
        picture = Image.open(io.BytesIO(answer.content))
        assert picture.height > picture.width
        assert not picture.getexif()
        assert b"secret words" not in answer.content
        assert b"secret words" not in look(attach(made.png_with_words(), "ảnh.png")).content

    def test_a_small_image_is_not_made_larger(self, attach, look):
        answer = look(attach(made.image(size=(40, 30)), "ảnh.jpg"))
        assert Image.open(io.BytesIO(answer.content)).size == (40, 30)

    @pytest.mark.parametrize(("page", "size"), [(0, "page"), (4, "page"), (1, "huge")])
    def test_what_is_not_there_is_404(self, attach, look, page, size):
        assert look(attach(), page, size).status_code == 404

    def test_an_office_file_has_none(self, attach, look):
        assert look(attach(made.docx(), "đơn.docx")).status_code == 404

    def test_a_page_of_any_shape_stays_bounded(self, attach, look):
        for size in ("14400 3", "3 14400"):
            picture = Image.open(io.BytesIO(look(attach(made.pdf(size=size))).content))
            assert picture.width <= 1240
            assert picture.height <= 4 * 1240

    def test_one_that_takes_too_long_ends_in_words(self, attach, look, monkeypatch):
        monkeypatch.setattr(opening, "PATIENCE", 0.01)
        row = DossierFile.objects.get(pk=_without_opening(attach, monkeypatch).pk)
        answer = look(row)
        assert answer.status_code == 422
        assert "text/plain" in answer["Content-Type"]


def _without_opening(attach, monkeypatch) -> DossierFile:
    with monkeypatch.context() as patch:
        patch.setattr(opening, "PATIENCE", 8)
        return attach()


class TestUpload:
    def post(self, client, dossier, name: str = NAME, content: bytes | None = None, **more: object):
        url = reverse("desk:files", args=[dossier.code])
        upload = made.upload(name, made.pdf() if content is None else content)
        return client.post(url, {"file": upload, **more})

    def test_a_clerk_adds_a_file_and_comes_back_to_the_files(self, desk, dossier):
        answer = self.post(desk, dossier, kind="other")
        assert answer.status_code == 302
        assert answer["Location"] == reverse("desk:files", args=[dossier.code])
        assert dossier.files.get().kind == "other"
        assert dossier.files.get().name == NAME

    def test_a_stranger_gets_404_and_a_colleague_without_the_right_403(self, settings, client, dossier, cast):
        assert self.post(client, dossier).status_code == 302
        for user in (User.objects.create_user("nobody"), cast.people["stranger"]):
            client.force_login(user)
            assert self.post(client, dossier).status_code == 404
        client.force_login(cast.people["supervisor"])
        assert self.post(client, dossier).status_code == 403
        assert (stored(settings), dossier.files.count()) == ([], 0)

    @pytest.mark.parametrize("content", [b"", b"MZ" + bytes(99)])
    def test_a_refused_file_is_told_at_the_field_and_what_was_chosen_stays(self, settings, desk, dossier, content):
        paper = dossier.papers.first()
        answer = self.post(desk, dossier, content=content, kind="other", paper=paper.pk)
        assert answer.status_code == 400 and answer.context["form"].errors["file"]
        assert '<option value="other" selected>' in answer.content.decode()
        assert f'<option value="{paper.pk}" selected>' in answer.content.decode()
        assert (stored(settings), dossier.files.count()) == ([], 0)

    def test_without_a_file_it_says_so(self, desk, dossier):
        answer = desk.post(reverse("desk:files", args=[dossier.code]), {"kind": "paper"})
        assert answer.status_code == 400 and answer.context["form"].errors["file"]

    def test_one_that_says_it_is_too_large_is_not_read(self, settings, desk, dossier, cast):
        settings.DESK_FILE_MAX_MB = 1
        answer = self.post(desk, dossier, content=bytes(1_200_000))
        assert answer.status_code == 413
        assert "1 MB" in answer.context["form"].errors["file"][0]
        assert 'type="file"' in answer.content.decode()
        desk.force_login(cast.people["supervisor"])
        assert "/why/" in self.post(desk, dossier, content=bytes(1_200_000))["Location"]
        cast.explain("supervisor", dossier, timezone.now())
        assert self.post(desk, dossier, content=bytes(1_200_000)).status_code == 403
        desk.force_login(cast.people["stranger"])
        assert self.post(desk, dossier, content=bytes(1_200_000)).status_code == 404

    def test_a_scan_is_tied_to_its_paper_as_it_comes(self, desk, dossier):
        paper = dossier.papers.first()
        assert self.post(desk, dossier, paper=paper.pk).status_code == 302
        paper = dossier.papers.get(pk=paper.pk)
        assert (paper.file, paper.status) == (dossier.files.get(), "digitised")
        assert self.post(desk, dossier, paper=10**6).status_code == 400
        assert not verify(timezone.now()).faults

    def test_a_file_is_tied_later_untied_and_the_tie_undone(self, desk, attach, dossier, clerk):
        row, paper = attach(), dossier.papers.first()
        url = reverse("desk:act", args=[dossier.code, "tie_file"])
        sent = {"seen": "", "paper": paper.pk, "file": row.pk}
        assert desk.post(url, sent).status_code == 302
        assert desk.post(url, sent).status_code == 400
        page = desk.get(dossier.get_absolute_url()).content.decode()
        assert f'href="{at("file_page", row, 1)}">{NAME}' in page
        tied = dossier.events.latest("number")
        actions.undo(dossier.pk, by=clerk, at=tied.at + dt.timedelta(seconds=30))
        paper = dossier.papers.get(pk=paper.pk)
        assert (paper.file, paper.status) == (None, "not_digitised")
        assert not verify(timezone.now()).faults

    def test_without_the_token_nothing_is_added(self, settings, dossier, cast):
        client = Client(enforce_csrf_checks=True)
        client.force_login(cast.people["clerk"])
        assert self.post(client, dossier).status_code == 403
        assert stored(settings) == []

    def test_it_is_removed_by_a_form(self, desk, attach, cast, dossier):
        row = attach()
        url = at("remove_file", row)
        assert desk.post(url, {"reason": ""}).status_code == 400
        desk.force_login(cast.people["contractor"])
        assert desk.post(url, {"reason": "Nhầm"}).status_code == 403
        desk.force_login(cast.people["stranger"])
        assert desk.post(url, {"reason": "Nhầm"}).status_code == 404
        desk.force_login(cast.people["clerk"])
        assert desk.post(url, {"reason": "Nhầm"}).status_code == 302
        row.refresh_from_db()
        assert row.removed_at is not None


def told(answer) -> list[str]:
    """What the next page will say."""
    assert answer.status_code == 302
    return [str(message) for message in get_messages(answer.wsgi_request) if message.level_tag == "error"]


def test_a_result_names_its_file_and_none_of_another_dossier(cast, client, monkeypatch):
    own, other = cast.processing(), cast.received()
    handler, clerk = cast.actor("handler"), cast.actor("clerk")
    file = attaching.attach_file(own.pk, made.upload("Kết quả.pdf", made.pdf(1)), by=handler, at=NOON + WEEK)
    foreign = attaching.attach_file(other.pk, made.upload(NAME, made.pdf(1)), by=clerk, at=NOON + WEEK)
    monkeypatch.setattr(timezone, "now", lambda: NOON + WEEK)
    client.force_login(cast.people["approver"])
    url = reverse("desk:act", args=[own.code, "finish"])
    page = client.get(url).content.decode()
    assert "Kết quả.pdf" in page and foreign.name not in page
    sent = {"seen": "", "outcome": "granted", "number": "12", "signatory": "Lê Minh", "is_unpaid": "on"}
    sent["signed_on"] = (NOON + WEEK).date().isoformat()
    assert client.post(url, sent | {"file": foreign.pk}).status_code == 400
    assert client.post(url, sent | {"file": file.pk}).status_code == 302
    assert own.results.get().file == file
    assert (
        reverse("desk:download_file", args=[own.code, file.pk]) in client.get(own.get_absolute_url()).content.decode()
    )
