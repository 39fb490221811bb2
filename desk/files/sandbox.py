"""Open or draw one strange file: run as a script by `desk/files/opening.py`, never imported by the site.

Reads the file from standard input, knows neither Django nor settings nor the environment, and gives up its own rights
first: a file that makes a decoder crash, hang or swell ends this process, not the site. Arguments: `open` or `draw`,
`pdf` or the image formats that Pillow may try, page, width in pixels. Prints the number of pages or the drawn bytes;
a fault is its exit code, by `FAULTS`.
"""

from __future__ import annotations

import io
import resource
import sys
from collections.abc import Callable
from typing import Any

FAULTS = {3: "broken", 4: "password", 5: "pixels", 6: "page"}
MEMORY = 1 << 30
SECONDS = 6
MAX_PIXELS = 50_000_000
"""Of an image: A4 scanned at 600 dpi has 35 million; they are held in memory to be drawn."""
MAX_HEIGHT = 4
"""How many times its width a drawing may be high: a receipt's strip, not a tower."""
_PASSWORD_ERROR = 4


class FaultError(Exception):
    """A fault by its name in `FAULTS`."""


def give_up_rights() -> None:
    """Bound memory and time; write no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def pdf_document(data: bytes) -> Any:
    """Open a PDF without a password."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise FaultError("password" if error.err_code == _PASSWORD_ERROR else "broken") from error
    if len(document) < 1:
        raise FaultError("broken")
    return document


def open_pdf(data: bytes, formats: list[str]) -> bytes:
    """Return how many pages a PDF has, after its first and last one were read."""
    document = pdf_document(data)
    for index in {0, len(document) - 1}:
        document[index].get_size()
    return str(len(document)).encode()


def draw_pdf(data: bytes, formats: list[str], page: int, width: int) -> bytes:
    """Return a page as PNG, with what was filled into its form."""
    document = pdf_document(data)
    if not 1 <= page <= len(document):
        raise FaultError("page")
    document.init_forms()
    sheet = document[page - 1]
    across, down = sheet.get_size()
    if across <= 0 or down <= 0:
        raise FaultError("broken")
    scale = min(width / across, MAX_HEIGHT * width / down)
    drawn = io.BytesIO()
    sheet.render(scale=scale, limit_image_cache=True).to_pil().convert("RGB").save(drawn, "PNG")
    return drawn.getvalue()


def image(data: bytes, formats: list[str]) -> Any:
    """Open an image of one of the formats that isn't larger than can be held."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # Ours is lower, and no warning.
    picture = Image.open(io.BytesIO(data), formats=formats)
    if picture.width * picture.height > MAX_PIXELS:
        raise FaultError("pixels")
    return picture


def open_image(data: bytes, formats: list[str]) -> bytes:
    """Return that an image has one page, after it was read to its end."""
    picture = image(data, formats)
    picture.verify()  # PNG: the checksum of each piece.
    picture = image(data, formats)
    # JPEG has no checksums: decoding shows that its end is there, at an eighth of the size it costs little.
    picture.draft("RGB", (picture.width // 8, picture.height // 8))
    picture.load()
    return b"1"


def draw_image(data: bytes, formats: list[str], page: int, width: int) -> bytes:
    """Return an image as JPEG the right way up, on white, without anything but its pixels."""
    from PIL import Image, ImageOps

    if page != 1:
        raise FaultError("page")
    picture = image(data, formats)
    picture.draft("RGB", (width, width))
    picture.thumbnail((width, MAX_HEIGHT * width), reducing_gap=2.0)
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    clean = Image.new("RGB", upright.size, "white")
    clean.paste(upright, mask=upright)
    drawn = io.BytesIO()
    clean.save(drawn, "JPEG", quality=85)
    return drawn.getvalue()


def run(arguments: list[str], data: bytes) -> bytes:
    """Do what the arguments say."""
    verb, formats, page, width = arguments[0], arguments[1].split(","), int(arguments[2]), int(arguments[3])
    is_pdf = formats == ["pdf"]
    if verb == "open":
        opening: Callable[[bytes, list[str]], bytes] = open_pdf if is_pdf else open_image
        return opening(data, formats)
    drawing: Callable[[bytes, list[str], int, int], bytes] = draw_pdf if is_pdf else draw_image
    return drawing(data, formats, page, width)


def main() -> int:
    """Print what was asked for; return the fault as an exit code."""
    give_up_rights()
    codes = {name: code for code, name in FAULTS.items()}
    try:
        sys.stdout.buffer.write(run(sys.argv[1:], sys.stdin.buffer.read()))
    except FaultError as fault:
        return codes[str(fault)]
    except Exception:
        return codes["broken"]
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
