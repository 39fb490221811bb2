"""Files that mean harm, at every door that takes one: desk, intake, images, documents, avatars, lists, translations.

What the desk's own check refuses stands kind by kind in `tests/desk/test_uploads.py`; here each file goes to each door,
and what was taken is fetched again as a browser would.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
import time
import zipfile
import zlib
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from wagtail.models import Collection, UploadedFile
from wagtail.users.models import UserProfile

from catalogue.models import CatalogueImport
from desk.models import DossierFile
from portal import urls as site
from portal.models import PortalDocument, PortalImage, User
from tests.attacks.conftest import entered
from tests.desk import made_files as made

pytestmark = pytest.mark.django_db
SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"
XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><x>&j;</x>"
)
HARM = {
    "svg": ("anh.svg", SVG),
    "svg as png": ("anh.png", SVG),
    "svg as jpg": ("anh.jpg", b"\xff\xd8\xff" + SVG),
    "html": ("trang.html", HTML),
    "html as pdf": ("don.pdf", HTML),
    "html as png": ("anh.png", HTML),
    "xml with a file": ("du-lieu.xml", XXE),
    "script": ("a.js", b"alert(1)"),
    "php": ("a.php", b"<?php system($_GET[0]);"),
    "htaccess": (".htaccess", b"AddType text/html .pdf"),
    "program": ("a.exe", b"MZ" + bytes(200)),
    "nothing": ("trong.pdf", b""),
}
"""Names and contents that no door takes as what it asks for."""


def bomb_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """A picture of nine hundred million pixels in a few hundred bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")


@pytest.fixture
def boss(db) -> User:
    """An administrator, whom no right holds back."""
    return User.objects.create_superuser("boss-of-all")


def up(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


def filled(**more: Any) -> dict[str, Any]:
    """Return what the forms of pictures and documents ask for besides the file."""
    return {"title": "x", "collection": Collection.get_first_root_node().pk, "licence": "own", **more}


AT_ONCE = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}


def bring_picture(
    editor: Client, name: str, content: bytes, ways: tuple[str, ...] = ("form", "many", "chooser")
) -> None:
    """Bring a picture by each of Wagtail's ways."""
    if "form" in ways:
        editor.post(reverse("wagtailimages:add"), filled(file=up(name, content)))
    if "many" in ways:
        editor.post(reverse("wagtailimages:add_multiple"), filled(**{"files[]": up(name, content)}), **AT_ONCE)
    if "chooser" in ways:
        form = {f"image-chooser-upload-{key}": value for key, value in filled(file=up(name, content)).items()}
        editor.post(reverse("wagtailimages_chooser:create"), form)


def bring_document(editor: Client, name: str, content: bytes) -> None:
    """Bring a document by each of Wagtail's ways."""
    editor.post(reverse("wagtaildocs:add"), filled(file=up(name, content)))
    editor.post(reverse("wagtaildocs:add_multiple"), filled(**{"files[]": up(name, content)}), **AT_ONCE)
    form = {f"document-chooser-upload-{key}": value for key, value in filled(file=up(name, content)).items()}
    editor.post(reverse("wagtaildocs_chooser:create"), form)


def test_what_is_right_comes_in_at_every_door(desk, boss):
    """Else the tests below would pass at doors that are shut."""
    dossier, clerk, editor = desk.received(), entered(desk.people["clerk"]), entered(boss)
    sent = {"file": up("anh.png", made.image("PNG")), "kind": "paper"}
    assert clerk.post(reverse("desk:files", args=[dossier.code]), sent).status_code == 302
    for way in ("form", "many", "chooser"):
        bring_picture(editor, "anh.png", made.image("PNG"), (way,))
        assert PortalImage.objects.count() + UploadedFile.objects.count() == 1, way
        PortalImage.objects.all().delete()
        UploadedFile.objects.all().delete()
    bring_document(editor, "don.pdf", made.pdf(1))
    assert PortalDocument.objects.count() + UploadedFile.objects.count() == 3
    change_avatar(editor, "anh.png", made.image("PNG"))
    assert UserProfile.get_for_user(boss).avatar


def change_avatar(editor: Client, name: str, content: bytes) -> None:
    """Send the form of one's own profile with a picture."""
    page = BeautifulSoup(editor.get("/cms/account/").content, "html.parser")
    form = next(each for each in page.find_all("form") if each.find(attrs={"name": "avatar-avatar"}))
    data: dict[str, Any] = {
        control["name"]: control.get("value", "")
        for control in form.find_all(["input", "select"])
        if control.get("name") and control.get("type") not in ("file", "checkbox", "radio")
    }
    for select in form.find_all("select"):
        chosen = select.find("option", selected=True) or select.find("option")
        data[select["name"]] = chosen["value"]
    for radio in form.find_all("input", type="radio", checked=True):
        data[radio["name"]] = radio["value"]
    data |= {"name_email-first_name": "An", "name_email-last_name": "Nguyễn", "avatar-avatar": up(name, content)}
    assert editor.post("/cms/account/", data).status_code < 500


@pytest.mark.parametrize("kind", HARM)
def test_no_door_takes_what_isnt_what_it_asks_for(kind, desk, boss):
    name, content = HARM[kind]
    dossier, clerk, editor = desk.received(), entered(desk.people["clerk"]), entered(boss)
    sent = clerk.post(reverse("desk:files", args=[dossier.code]), {"file": up(name, content), "kind": "paper"})
    assert sent.status_code == 400 and not DossierFile.objects.exists()
    bring_picture(editor, name, content)
    assert not PortalImage.objects.exists() and not UploadedFile.objects.exists()
    change_avatar(editor, name, content)
    assert not UserProfile.get_for_user(boss).avatar
    if not name.endswith(".pdf"):  # Documents are known by their ending; how one is sent is tried below.
        bring_document(editor, name, content)
        assert not PortalDocument.objects.exists()
    for address in (reverse("catalogue_imports:add"), reverse("catalogue_translating:import", args=["en"])):
        answer = editor.post(address, {"file": up(name, content)})
        assert answer.status_code < 500, address
    assert not CatalogueImport.objects.exists()


def test_a_page_that_was_uploaded_as_a_document_is_never_shown_as_one(boss):
    """Refused; and one that got in otherwise is sent with its ending's kind, with a policy that runs nothing."""
    bring_document(entered(boss), "don.pdf", HTML)
    assert not PortalDocument.objects.exists()
    document = PortalDocument.objects.create(title="x", file=up("don.pdf", HTML))
    answer = Client().get(document.url)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf" and answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    for ending in ("docx", "xlsx", "odt"):
        other = PortalDocument.objects.create(title="x", file=up(f"don.{ending}", HTML))
        sent = Client().get(other.url)
        assert sent["Content-Disposition"].startswith("attachment"), ending
        assert "html" not in sent["Content-Type"], ending


NAMES = (
    "../../../etc/passwd.pdf", "..\\..\\windows\\win.pdf", "/etc/passwd.pdf", "a\x00.html.pdf",
    "a\r\nSet-Cookie: x=1.pdf",
    'a"; filename="b.html.pdf', "gi\u202efdp.exe.pdf", "a" * 300 + ".pdf", "ấ" * 200 + ".pdf", ".pdf", "CON.pdf",
    "a;b.pdf", "a%2e%2e%2fb.pdf", "~/.ssh/authorized_keys.pdf", "|ls.pdf", "$(id).pdf", "<script>alert(1)</script>.pdf",
    "a/../../b.pdf", "\ufeffa.pdf", "=cmd|'/c calc'!A1.pdf", "\ud800.pdf",
)  # fmt: skip


def test_no_name_of_a_file_leaves_its_place_or_breaks_a_header(desk, boss, settings, tmp_path):
    dossier, clerk = desk.received(), entered(desk.people["clerk"])
    editor = entered(boss)
    before = {found for found in tmp_path.rglob("*") if found.is_file()}
    for name in NAMES:
        sent = {"file": up(name.encode(errors="replace").decode(), made.pdf(1)), "kind": "paper"}
        sent["file"]._name = name.encode(errors="replace").decode()
        assert clerk.post(reverse("desk:files", args=[dossier.code]), sent).status_code in (302, 400), name
        bring_document(editor, name.encode(errors="replace").decode(), made.pdf(1))
    for file in DossierFile.objects.all():
        answer = clerk.get(reverse("desk:download_file", args=[dossier.code, file.pk]))
        told = answer["Content-Disposition"]
        assert told.startswith("attachment") and not set("\r\n\x00\u202e") & set(told), told
        assert "/" not in file.name and "\\" not in file.name and len(file.name) <= 255
    for document in PortalDocument.objects.all():
        answer = Client().get(document.url)
        assert answer.status_code == 200 and not set("\r\n\x00") & set(answer["Content-Disposition"])
    made_now = {found for found in tmp_path.rglob("*") if found.is_file()} - before
    roots = [tmp_path / "media", tmp_path / "desk-files", tmp_path / "cache", tmp_path]
    assert all(any(found.is_relative_to(root) for root in roots) for found in made_now)
    assert not (tmp_path.parent / "passwd.pdf").exists()


def test_pictures_that_burst_are_refused_before_they_are_unpacked(desk, boss):
    """A bomb of pixels at each door for pictures; nothing is drawn, and it takes no time."""
    dossier, clerk, editor = desk.received(), entered(desk.people["clerk"]), entered(boss)
    started = time.process_time()
    content = bomb_png()
    sent = clerk.post(reverse("desk:files", args=[dossier.code]), {"file": up("a.png", content), "kind": "paper"})
    assert sent.status_code == 400
    bring_picture(editor, "a.png", content)
    change_avatar(editor, "a.png", content)
    assert not PortalImage.objects.exists() and not DossierFile.objects.exists()
    assert time.process_time() - started < 20


def test_a_picture_with_a_page_in_it_stays_a_picture(boss):
    """A whole picture with a script behind its end: kept as an image, and what readers get was drawn anew."""
    content = made.image("PNG") + HTML
    bring_picture(entered(boss), "a.png", content)
    found = PortalImage.objects.first()
    assert found is not None
    rendition = found.get_rendition("width-100")
    assert SCRIPT not in rendition.file.read()
    assert rendition.file.name.endswith(".png")


def zip_of(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


WORKBOOK = (
    b'<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<sheets><sheet name="x" sheetId="1"/></sheets></workbook>'
)


@pytest.mark.parametrize("kind", ["xxe", "laughs", "slip", "nested", "many", "wide"])
def test_zips_that_mean_harm_are_refused_or_only_kept(kind, desk, tmp_path):
    """Nothing is unpacked to a disk, no entity is read: an office file is kept as it came, or refused."""
    types = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    members = {
        "xxe": {"[Content_Types].xml": types, "xl/workbook.xml": XXE},
        "laughs": {"[Content_Types].xml": LAUGHS, "xl/workbook.xml": LAUGHS},
        "slip": {
            "[Content_Types].xml": types,
            "xl/workbook.xml": WORKBOOK,
            "../../../tmp/slip.txt": b"x",
            "/abs.txt": b"x",
        },
        "nested": {
            "[Content_Types].xml": types,
            "xl/workbook.xml": WORKBOOK,
            "inner.zip": zip_of({"0": bytes(5_000_000)}),
        },
        "many": {"[Content_Types].xml": types, "xl/workbook.xml": WORKBOOK} | {f"{n}": b"" for n in range(6_000)},
        "wide": {"[Content_Types].xml": types, "xl/workbook.xml": bytes(210_000_000)},
    }[kind]
    dossier, clerk = desk.received(), entered(desk.people["clerk"])
    started = time.process_time()
    sent = {"file": up("bang.xlsx", zip_of(members)), "kind": "paper"}
    answer = clerk.post(reverse("desk:files", args=[dossier.code]), sent)
    assert answer.status_code == (400 if kind in ("many", "wide") else 302), kind
    assert time.process_time() - started < 20
    assert not list(tmp_path.rglob("slip.txt")) and not list(tmp_path.parent.glob("**/slip.txt"))
    assert "root:" not in answer.content.decode()


def lines(*rows: bytes) -> bytes:
    return b"\n".join(rows) + b"\n"


BAD_FILES = {
    "deep": lines(b'{"code": ' + b"[" * 600 + b"]" * 600 + b"}"),
    "deeper": lines(b'{"code": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "deep objects": lines(b'{"code": "1.1", "x": ' + b'{"a":' * 600 + b"1" + b"}" * 600 + b"}"),
    "huge number": lines(b'{"code": ' + b"9" * 10_000 + b"}"),
    "no number": lines(b'{"code": "1.1", "x": NaN, "y": Infinity, "z": 1e999}'),
    "nul": lines(b'{"code": "1.1\\u0000"}'),
    "half": lines(b'{"code": "1.1\\ud800"}'),
    "gzip in gzip": gzip.compress(gzip.compress(b'{"code": "1.1"}\n')),
    "gzip bomb": gzip.compress(bytes(300_000_000), compresslevel=9),
    "zip": zip_of({"a": b"b"}),
    "not utf-8": b"\xff\xfe\xfa\n",
    "only blanks": b"\n" * 10_000,
    "keys": lines(json.dumps({str(n): n for n in range(50_000)}).encode()),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_national_file_that_means_harm_is_refused_in_words(kind, boss):
    """Never an error of ours, and in bounded time: packed, deep, huge or broken as it may be."""
    client, started = entered(boss), time.process_time()
    client.raise_request_exception = False
    answer = client.post(reverse("catalogue_imports:add"), {"file": up("danh-muc.jsonl", BAD_FILES[kind])})
    assert answer.status_code in (200, 302), kind
    assert time.process_time() - started < 30
    if answer.status_code == 302:  # A row was refused by itself: its page says which.
        assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    "content",
    [XXE, LAUGHS, b"<x>" * 100_000, SVG, HTML, b"\x00" * 100],
    ids=["xxe", "laughs", "deep", "svg", "html", "nul"],
)
def test_a_translators_file_that_means_harm_is_refused_in_words(content, boss):
    client = entered(boss)
    client.raise_request_exception = False
    answer = client.post(reverse("catalogue_translating:import", args=["en"]), {"file": up("ban-dich.xlf", content)})
    assert answer.status_code in (200, 400, 422) and "root:" not in answer.content.decode()


PATHS = (
    "../manage.py", "..%2fmanage.py", "%2e%2e/manage.py", "....//manage.py", "..%5cmanage.py", "%252e%252e/manage.py",
    "/etc/passwd", "%2fetc%2fpasswd", "..;/manage.py", "db.sqlite3", "../db.sqlite3", "desk-files/", "../desk-files/",
    "..%00/manage.py", "\\..\\manage.py",
)  # fmt: skip


def test_no_path_leads_out_of_what_is_served(db, settings, tmp_path, desk):
    """Static files, media as a demo serves them, documents, downloads of the open data, forms of slips."""
    from django.urls import re_path
    from django.views.static import serve

    (tmp_path / "media").mkdir(exist_ok=True)
    (tmp_path / "db.sqlite3").write_text("SQLite format 3")
    dossier = desk.received()
    places = [
        "/static/",
        "/documents/1/",
        "/documents/",
        "/api/v1/downloads/",
        "/vi/",
        "/",
        f"/t/{dossier.tracking_token}/",
    ]
    for place in places:
        for each in PATHS:
            answer = Client().get("/", PATH_INFO=f"{place}{each}")
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
            for secret in (b"DJANGO_SETTINGS", b"root:", b"SQLite format"):
                assert secret not in text, (place, each)
    media = re_path(r"^media/(?P<path>.*)$", serve, {"document_root": str(tmp_path / "media")})

    class WithMedia:
        urlpatterns = [media, *site.urlpatterns]

    with override_settings(ROOT_URLCONF=WithMedia):
        for each in PATHS:
            answer = Client().get("/", PATH_INFO=f"/media/{each}")
            text = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert b"DJANGO_SETTINGS" not in text and b"SQLite format" not in text, each


def test_the_files_of_dossiers_lie_where_no_address_reaches(desk, settings, tmp_path):
    dossier, clerk = desk.received(), entered(desk.people["clerk"])
    clerk.post(reverse("desk:files", args=[dossier.code]), {"file": up("don.pdf", made.pdf(1)), "kind": "paper"})
    file = DossierFile.objects.get()
    for place in ("/media/", "/static/", "/documents/", "/desk-files/", "/media/desk-files/", "/var/"):
        assert Client().get(f"{place}{file.place}").status_code in (302, 404), place
        assert clerk.get(f"{place}{file.place}", follow=True).status_code == 404, place


def test_what_a_file_holds_never_runs_where_it_is_looked_at(desk):
    """Download, page and preview: no kind that a browser runs, no guessing, no frame, no keeping."""
    dossier, clerk = desk.received(), entered(desk.people["clerk"])
    sent: dict[str, Any] = {
        "file": up("don.pdf", made.pdf(1, extra="/OpenAction<</S/JavaScript/JS(app.alert(1))>>")),
        "kind": "paper",
    }
    clerk.post(reverse("desk:files", args=[dossier.code]), sent)
    file = DossierFile.objects.get()
    for name, more in (("download_file", []), ("preview_file", [1, "page"])):
        answer = clerk.get(reverse(f"desk:{name}", args=[dossier.code, file.pk, *more]))
        assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
        assert answer["Content-Type"] in ("application/pdf", "image/png", "image/jpeg", "image/webp"), name
        assert "no-store" in answer["Cache-Control"]
