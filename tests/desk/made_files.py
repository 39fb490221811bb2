"""Files for the tests, each made here byte by byte or by its own library."""

from __future__ import annotations

import hashlib
import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + b"\xec\xa5\xc1\x00" + bytes(4096)
ODT_TYPE = "application/vnd.oasis.opendocument.text"


def upload(name: str, content: bytes, declared: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, declared)


def pdf(
    pages: int = 1, *, content: bytes = b"0 0 1 rg 20 20 100 100 re f", size: str = "200 300", extra: str = ""
) -> bytes:
    """A PDF of so many pages, each with the same drawing."""
    kids = " ".join(f"{4 + number} 0 R" for number in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode(),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        *[f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size}]/Contents 3 0 R>>".encode()] * pages,
    ]
    return _pdf_of(objects, extra)


def locked_pdf(password: str) -> bytes:
    """A PDF of PDF 1.7's oldest encryption: with an empty password anybody opens it, only changing is forbidden."""
    user = (password.encode() + PAD)[:32]
    owner = _rc4(hashlib.md5((b"owner" + PAD)[:32]).digest()[:5], user)
    rights, number = -44, b"0123456789abcdef"
    key = hashlib.md5(user + owner + rights.to_bytes(4, "little", signed=True) + number).digest()[:5]
    encrypt = f"<</Filter/Standard/V 1/R 2/P {rights}/O<{owner.hex()}>/U<{_rc4(key, PAD).hex()}>>>".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]>>",
        encrypt,
    ]
    return _pdf_of(objects, f"/Encrypt 4 0 R/ID[<{number.hex()}><{number.hex()}>]")


def _pdf_of(objects: list[bytes], extra: str) -> bytes:
    made, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj" % number + body + b"endobj\n"
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(
        f"{place:010} 00000 n \n" for place in places
    )
    end = f"trailer<</Size {len(objects) + 1}/Root 1 0 R{extra}>>\nstartxref\n{len(made)}\n%%EOF\n"
    return made + (table + end).encode()


def _rc4(key: bytes, data: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    i, j, out = 0, 0, bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def image(form: str = "JPEG", size: tuple[int, int] = (400, 300), mode: str = "RGB", **options: object) -> bytes:
    """A noisy image, so that its bytes aren't all alike."""
    made = io.BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(made, form, **options)
    return made.getvalue()


def photo() -> bytes:
    """A telephone's photo: lying on its side, with where it was taken and a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825)[1] = "N"
    return image(size=(400, 200), exif=exif, comment=b"secret words")


def png_with_words() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "secret words")
    return image("PNG", mode="RGBA", pnginfo=words)


def zipped(members: dict[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def docx(**more: bytes | str) -> bytes:
    """A Word file of the smallest shape; `more` are members by name, «/» written as «__»."""
    types = '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.x.document.main+xml"/></Types>'
    members: dict[str, bytes | str] = {"[Content_Types].xml": types, "word/document.xml": "<document>Đơn</document>"}
    return zipped(members | {name.replace("__", "/"): content for name, content in more.items()})


def xlsx() -> bytes:
    from openpyxl import Workbook

    made = io.BytesIO()
    Workbook().save(made)
    return made.getvalue()


def odt(**more: bytes | str) -> bytes:
    members: dict[str, bytes | str] = {
        "mimetype": ODT_TYPE,
        "content.xml": "<office>Đơn</office>",
        "META-INF/manifest.xml": "<manifest/>",
    }
    return zipped(members | {name.replace("__", "/"): content for name, content in more.items()})
