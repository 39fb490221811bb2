"""The words by which lists of officers and of their accounts name columns and roles, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import override

from catalogue.loading.reading import UntrustedFileError
from catalogue.models import Posting
from catalogue.text import fold, nfc

Headings = Mapping[str, tuple[str, ...]]
"""The words of each column; capitals, Vietnamese marks and hyphens don't matter."""
ACCOUNT = ("tài khoản", "tên đăng nhập", "mã cán bộ", "số hiệu cán bộ", "account", "user name", "username",
           "staff number")  # fmt: skip
HEADINGS: Headings = {
    "account": ACCOUNT,
    "name": ("họ và tên", "họ tên", "name", "full name"),
    "family": ("họ", "họ và tên đệm", "họ và chữ đệm", "họ đệm", "family name", "last name"),
    "given": ("tên", "given name", "first name"),
    "email": ("thư điện tử", "địa chỉ thư điện tử", "e-mail", "email"),
    "agency": ("mã định danh", "mã định danh cơ quan", "mã cơ quan", "agency identifier", "agency", "identifier"),
    "role": ("vai trò", "role"),
    "title": ("chức danh", "chức vụ", "title"),
    "employer": ("đơn vị sử dụng lao động", "đơn vị chủ quản", "employer"),
    "from": ("từ ngày", "từ", "from"),
    "to": ("đến hết ngày", "đến ngày", "đến", "to", "until"),
}
NEEDED = ("account", "agency", "role", "from", "to")


def columns_of(heading: Iterable[object]) -> tuple[dict[str, int], list[str]]:
    """Return where each column of a list of officers stands, and the headings that mean nothing to us.

    Raises UntrustedFileError where a needed column isn't there, or one is there twice.
    """
    found, unread = find_columns(heading, HEADINGS)
    missing = [column for column in NEEDED if column not in found]
    if "name" not in found and not {"family", "given"} <= set(found):
        missing.append("name")
    require_none(missing, HEADINGS)
    return found, unread


def find_columns(heading: Iterable[object], headings: Headings) -> tuple[dict[str, int], list[str]]:
    """Return where each column stands, and the headings without a meaning; raises UntrustedFileError for a twin."""
    meant = {fold(word): column for column, words in headings.items() for word in words}
    found: dict[str, int] = {}
    unread: list[str] = []
    for place, cell in enumerate(heading):
        text = nfc(str(cell or ""))
        column = meant.get(fold(text))
        if column is None:
            unread += [text] if text else []
            continue
        if column in found:
            raise UntrustedFileError(f"Two columns mean «{headings[column][0]}» ({column}): leave one.")
        found[column] = place
    return found, unread


def require_none(missing: Sequence[str], headings: Headings) -> None:
    """Raise UntrustedFileError where a needed column isn't there."""
    if missing:
        words = "; ".join(f"«{headings[column][0]}» ({column})" for column in missing)
        raise UntrustedFileError(f"The first line names no column {words}: write it there.")


def roles() -> dict[str, str]:
    """Return the role that each word means, folded: the code itself and its name in both languages."""
    found: dict[str, str] = {}
    for role in Posting.Role:
        found[fold(role.value)] = role.value
        for language in ("vi", "en"):
            with override(language):
                found[fold(str(role.label))] = role.value
    return found
