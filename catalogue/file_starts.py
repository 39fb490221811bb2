"""Whether a file that an editor puts up begins as its name says: a page of HTML under the name of a PDF is refused."""

from __future__ import annotations

from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _

PDF, ZIP, OLD_OFFICE = b"%PDF-", b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
STARTS = {
    ".pdf": PDF,
    **dict.fromkeys((".docx", ".xlsx", ".odt", ".ods"), ZIP),
    **dict.fromkeys((".doc", ".xls"), OLD_OFFICE),
}


def check_start(file: File[bytes]) -> None:
    """Raise ValidationError unless the file begins as files of its ending do (reads eight bytes)."""
    wanted = STARTS.get(PurePath(file.name or "").suffix.lower())
    file.seek(0)
    begins = file.read(8)
    file.seek(0)
    if wanted is None or not begins.startswith(wanted):
        raise ValidationError(_("The file isn't what its name says. Open it in its own program and save it anew."))
