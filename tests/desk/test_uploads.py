"""What is sent is what it says it is, whole, bounded, without macros or viruses; or it is refused in words."""

from __future__ import annotations

import hashlib
import io
import unicodedata
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.utils import translation
from PIL import Image

from desk import uploads
from desk.checks import file_limits_are_possible
from desk.files import names, office
from tests.desk import made_files as made
from tests.desk.clamav import scanner

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def refusal(name: str, content: bytes) -> ValidationError:
    with pytest.raises(ValidationError) as refused:
        uploads.check(made.upload(name, content))
    return refused.value


def two_pictures() -> bytes:
    """A telephone's JPEG with a second picture behind the first."""
    content = io.BytesIO()
    Image.new("RGB", (40, 30)).save(content, "MPO", save_all=True, append_images=[Image.new("RGB", (8, 6))])
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "media_type", "pages"),
    [
        ("đơn.pdf", made.pdf(), "application/pdf", 1),
        ("hồ sơ.PDF", made.pdf(300), "application/pdf", 300),
        ("không cho sửa.pdf", made.locked_pdf(""), "application/pdf", 1),
        ("ảnh.jpg", made.image(), "image/jpeg", 1),
        ("ảnh.JPEG", made.image(mode="CMYK"), "image/jpeg", 1),
        ("điện thoại.jpg", two_pictures(), "image/jpeg", 1),
        ("quét.png", made.image("PNG"), "image/png", 1),
        ("đen trắng.png", made.image("PNG", mode="1"), "image/png", 1),
        ("đơn.docx", made.docx(), DOCX, None),
        ("bảng.xlsx", made.xlsx(), XLSX, None),
        ("đơn.odt", made.odt(), made.ODT_TYPE, None),
    ],
)
def test_each_kind_is_known_by_its_content(name, content, media_type, pages):
    checked = uploads.check(made.upload(name, content, "text/html"))
    digest = hashlib.sha256(content).hexdigest()
    assert checked == uploads.Checked(name, media_type, len(content), digest, is_scanned=False, pages=pages)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("đơn.docx", made.pdf(), "ending"),
        ("ảnh.png", made.image(), "ending"),
        ("bảng.docx", made.xlsx(), "ending"),
        ("chạy.exe", made.pdf(), "ending"),
        ("trang.html", made.image("PNG"), "ending"),
        ("đơn.pdf", b"MZ" + bytes(300), "kind"),
        ("đơn.pdf", b"\x7fELF" + bytes(300), "kind"),
        ("đơn.pdf", b"#!/bin/sh\nrm -rf /\n", "kind"),
        ("đơn.pdf", "Đơn đăng ký".encode(), "kind"),
        ("ảnh.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "kind"),
        ("ảnh.jpg", b"<!doctype html><script>alert(1)</script>", "kind"),
        ("ảnh.jpg", b"<html>" + made.pdf(), "kind"),
        ("ảnh.jpg", made.image("GIF", mode="L"), "kind"),
        ("ảnh.jpg", made.image("TIFF"), "kind"),
        ("ảnh.jpg", made.image("WEBP"), "kind"),
        ("đơn.docx", made.zipped({"a.exe": b"MZ"}), "kind"),
        ("đơn.docx", made.zipped({"word/document.xml": "no list of types"}), "kind"),
        ("đơn.docx", made.zipped({"[Content_Types].xml": "", "ppt/presentation.xml": ""}), "kind"),
        ("đơn.odt", made.odt(mimetype="application/epub+zip"), "kind"),
        ("đơn.doc", made.OLD_WORD, "old_office"),
        ("đơn.docx", made.OLD_WORD, "old_office"),
        ("nén.rar", b"Rar!\x1a\x07\x00" + bytes(300), "kind"),
        ("nén.7z", b"7z\xbc\xaf\x27\x1c" + bytes(300), "kind"),
        ("đơn.pdf", b"", "empty"),
        ("đơn.pdf", b"%PDF-1.7\n", "broken"),
        ("đơn.pdf", b"%PDF-1.7\n" + b"nothing " * 999 + b"%%EOF", "broken"),
        ("ảnh.jpg", b"\xff\xd8\xff\xe0" + bytes(300), "broken"),
        ("ảnh.png", b"\x89PNG\r\n\x1a\n" + bytes(300), "broken"),
        ("đơn.docx", b"PK\x03\x04" + bytes(300), "broken"),
    ],
)
def test_a_lie_about_the_kind_is_refused(name, content, code):
    assert refusal(name, content).code == code


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("đơn.pdf", made.pdf(9)),
        ("ảnh.jpg", made.image()),
        ("quét.png", made.image("PNG")),
        ("đơn.docx", made.docx()),
        ("bảng.xlsx", made.xlsx()),
        ("đơn.odt", made.odt()),
    ],
)
@pytest.mark.parametrize("left", [0.5, 0.9, 0.98])
def test_a_file_that_was_cut_off_somewhere_is_refused(name, content, left):
    assert refusal(name, content[: int(len(content) * left)]).code == "broken"


@pytest.mark.parametrize(
    "content",
    [
        made.docx(word__vbaProject=b"", **{"word/vbaProject.bin": b"macro"}),
        made.docx(**{"word/activeX/activeX1.xml": "<ax/>"}),
        made.docx(**{"[Content_Types].xml": "<Types ContentType='application/vnd.ms-word.document.macroEnabled'/>"}),
        made.zipped({"[Content_Types].xml": "", "xl/workbook.xml": "", "xl/macrosheets/sheet1.xml": "<macro/>"}),
        made.odt(**{"Basic/Standard/Module1.xml": "<macro/>"}),
        made.odt(**{"Scripts/python/run.py": "import os"}),
    ],
)
def test_macros_are_refused(content):
    assert refusal("đơn", content).code == "macros"


def test_a_password_to_open_is_refused_and_one_against_changes_is_not():
    assert refusal("đơn.pdf", made.locked_pdf("bí mật")).code == "password"
    assert refusal("đơn.odt", made.odt(**{"META-INF/manifest.xml": "<encryption-data/>"})).code == "password"
    assert uploads.check(made.upload("đơn.pdf", made.locked_pdf(""))).media_type == "application/pdf"


def test_bombs_are_refused_before_they_burst(settings):
    assert refusal("đơn.docx", made.docx(bomb=bytes(office.MAX_UNPACKED + 1))).code == "bomb"
    many = {f"word/{number}.xml": "" for number in range(office.MAX_MEMBERS + 1)}
    assert refusal("đơn.docx", made.docx(**many)).code == "bomb"
    header = b"IHDR" + (60_000).to_bytes(4) * 2 + b"\x01\x00\x00\x00\x00"
    claims = b"\x89PNG\r\n\x1a\n\x00\x00\x00\r" + header + zlib.crc32(header).to_bytes(4)
    assert refusal("ảnh.png", claims + made.image("PNG")[33:]).code == "pixels"


def test_a_zip_that_lies_about_its_sizes_is_refused():
    content = bytearray(made.docx(big=bytes(5_000_000)))
    at = content.rindex((5_000_000).to_bytes(4, "little"))
    content[at : at + 4] = (50).to_bytes(4, "little")
    assert refusal("đơn.docx", bytes(content)).code == "broken"


def test_the_limit_of_size_counts_what_is_really_there(settings):
    settings.DESK_FILE_MAX_MB = 1
    longer = 1_000_000 - len(made.pdf(content=b" " * 999_000))
    fitting = made.pdf(content=b" " * (999_000 + longer))
    assert uploads.check(made.upload("vừa.pdf", fitting)).size == len(fitting) == 1_000_000
    liar = made.upload("quá.pdf", fitting + b"\n")
    liar.size = 10
    with pytest.raises(ValidationError) as refused:
        uploads.check(liar)
    assert refused.value.code == "size"


def test_a_large_upload_is_read_from_its_own_file():
    content = made.pdf(5)
    with TemporaryUploadedFile("đơn.pdf", "application/pdf", len(content), None) as upload:
        upload.write(content)
        upload.seek(0)
        checked = uploads.check(upload)
    assert (checked.size, checked.sha256) == (len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Giấy khai sinh – bản sao (1).pdf", "Giấy khai sinh – bản sao (1).pdf"),
        (unicodedata.normalize("NFD", "Quyết định đổi tên Nguyễn.pdf"), "Quyết định đổi tên Nguyễn.pdf"),
        ("ĐƠN XIN ƯU TIÊN ẮẰẲẴẶ ỨỪỬỮỰ ỚỜỞỠỢ ỴỶỸ.PDF", "ĐƠN XIN ƯU TIÊN ẮẰẲẴẶ ỨỪỬỮỰ ỚỜỞỠỢ ỴỶỸ.PDF"),
        ("Quyết định 12.2026", "Quyết định 12.2026.pdf"),
        ("C:\\Users\\Bình\\đơn.pdf", "đơn.pdf"),
        ("../../etc/đơn.pdf", "đơn.pdf"),
        ("/tuyệt đối/đơn.pdf", "đơn.pdf"),
        ("..pdf", "pdf.pdf"),
        (".đơn.pdf", "đơn.pdf"),
        ("đơn .pdf", "đơn.pdf"),
        ("đơn.pdf. . ", "đơn.pdf"),
        ("a\x00b\x1f\r\nc\t d.pdf", "ab c d.pdf"),
        ("giay\u202efdp.pdf", "giayfdp.pdf"),
        ("\ufeff\u200bđơn\u2066\u2069\u00ad.pdf", "đơn.pdf"),
        ("đơn\u00a0\u3000\u2028xin.pdf", "đơn xin.pdf"),
        ('đơn "xin"; filename=x.pdf', 'đơn "xin"; filename=x.pdf'),
        ("出生证明 출생증명서.pdf", "出生证明 출생증명서.pdf"),
        ("", "tệp.pdf"),
        ("/", "tệp.pdf"),
        ("\u202e", "tệp.pdf"),
    ],
)
def test_names_stay_as_they_were_written_without_what_harms(written, kept):
    content = made.upload("x", made.pdf())
    content._name = written  # Django cleans names of its own too: this one comes from elsewhere.
    assert uploads.check(content).name == kept


@pytest.mark.parametrize("letter", ["a", "ệ", "好", "e\u0302\u0323\u0301", "👍"])
def test_long_names_end_at_a_whole_letter_and_keep_their_ending(letter):
    content = made.upload("x", made.pdf())
    content._name = letter * 10_000 + ".pdf"
    name = uploads.check(content).name
    assert name.endswith(".pdf")
    assert len(name) <= names.MAX_LENGTH
    assert names.MAX_LENGTH - 8 <= len(name.encode()) <= names.MAX_LENGTH
    whole = unicodedata.normalize("NFC", letter)
    assert name.removesuffix(".pdf") == whole * ((len(name) - 4) // len(whole))


def test_a_refusal_says_what_to_do_in_the_readers_language():
    with translation.override("vi"):
        (said,) = refusal("đơn.docx", made.pdf()).messages
    assert said == "Tên tệp kết thúc bằng «.docx», nhưng đây là tệp PDF. Hãy đổi tên để kết thúc bằng «.pdf»."
    with translation.override("en"):
        (said,) = refusal("đơn.docx", made.pdf()).messages
    assert said == "The name ends in «.docx», but the file is PDF. Rename it to end in «.pdf»."


class TestScanner:
    def test_without_one_a_file_is_taken_and_marked_as_unread(self, settings):
        assert settings.CLAMAV_URL == ""
        assert uploads.check(made.upload("đơn.pdf", made.pdf())).is_scanned is False

    @pytest.mark.parametrize("how", ["tcp", "tcp6", "unix"])
    def test_a_clean_file_is_read_whole(self, settings, tmp_path, how):
        content = made.pdf(400)
        with scanner(path=tmp_path / "clamd.ctl" if how == "unix" else None, six=how == "tcp6") as running:
            settings.CLAMAV_URL = running.url
            assert uploads.check(made.upload("đơn.pdf", content)).is_scanned is True
            assert running.heard == [content]

    def test_a_virus_is_refused_and_logged_without_the_name(self, settings, caplog):
        content = made.pdf(content=made.EICAR.encode())
        with scanner() as running:
            settings.CLAMAV_URL = running.url
            assert refusal("Nguyễn Văn Bình.pdf", content).code == "infected"
        assert "Eicar-Signature" in caplog.text
        assert hashlib.sha256(content).hexdigest() in caplog.text
        assert "Bình" not in caplog.text

    @pytest.mark.parametrize("mood", ["silent", "confused"])
    def test_without_a_verdict_nothing_is_taken(self, settings, mood):
        with scanner(mood) as running:
            settings.CLAMAV_URL = running.url
            assert refusal("đơn.pdf", made.pdf()).code == "scanner"

    def test_a_file_that_the_scanner_finds_too_long_is_not_taken(self, settings):
        with scanner(limit=20_000) as running:
            settings.CLAMAV_URL = running.url
            assert refusal("đơn.pdf", made.pdf(9000)).code == "scanner"

    @pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl", "tcp://nobody.invalid:3310"])
    def test_one_that_is_named_and_away_stops_uploads(self, settings, url):
        settings.CLAMAV_URL = url
        with translation.override("en"):
            error = refusal("đơn.pdf", made.pdf())
        assert error.code == "scanner"
        assert error.messages == ["The virus scanner doesn't answer, so no file is taken. Try again in a few minutes."]


def test_limits_that_let_no_file_in_are_errors_of_the_check(settings):
    assert file_limits_are_possible(None) == []
    settings.DESK_FILE_MAX_MB = settings.DESK_FILES_MAX = 0
    assert [error.id for error in file_limits_are_possible(None)] == ["desk.E001", "desk.E001"]
