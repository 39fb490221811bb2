"""The words by which a file of a reorganisation names its columns, things and changes, in Vietnamese and English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from catalogue.loading.reading import UntrustedFileError
from catalogue.text import fold, nfc

HEADINGS: dict[str, tuple[str, ...]] = {
    "what": ("đối tượng", "what"),
    "change": ("thay đổi", "loại thay đổi", "change"),
    "old": ("cũ", "mã cũ", "old"),
    "new": ("mới", "mã mới", "new"),
    "name": ("tên mới", "name", "new name"),
    "parent": ("trực thuộc", "parent"),
    "kind": ("loại hình", "kind"),
    "role": ("vai trò", "role"),
    "place": ("địa bàn", "place"),
    "field": ("lĩnh vực", "field"),
    "area": ("khu vực", "area"),
}
"""Capitals, Vietnamese marks and hyphens don't matter."""
NEEDED = ("what", "old", "new")
PROVINCE, DISTRICT, COMMUNE, AGENCY, CENTRE, PERSON = "province", "district", "commune", "agency", "centre", "person"
PLACES = (PROVINCE, DISTRICT, COMMUNE)
WHAT: dict[str, tuple[str, ...]] = {
    PROVINCE: ("tỉnh", "thành phố", "province"),
    DISTRICT: ("huyện", "quận", "thị xã", "district"),
    COMMUNE: ("xã", "phường", "thị trấn", "đặc khu", "commune"),
    AGENCY: ("cơ quan", "agency"),
    CENTRE: ("trung tâm", "centre"),
    PERSON: ("cán bộ", "công chức", "person"),
}
MERGED, SPLIT, RENAMED, ABOLISHED, FOUNDED = "merged", "split", "renamed", "abolished", "founded"
GOES_ON, POINT, CLOSES = "goes on", "service point", "closes"
CHANGES: dict[str, tuple[str, ...]] = {
    MERGED: ("sáp nhập", "hợp nhất", "nhập", "merged"),
    SPLIT: ("chia", "tách", "chia tách", "split"),
    RENAMED: ("đổi tên", "renamed"),
    ABOLISHED: ("giải thể", "kết thúc hoạt động", "bãi bỏ", "abolished"),
    FOUNDED: ("thành lập", "founded"),
    GOES_ON: ("tiếp tục", "tiếp tục hoạt động", "goes on"),
    POINT: ("điểm tiếp nhận", "service point"),
    CLOSES: ("đóng cửa", "chấm dứt hoạt động", "closes"),
}
OF_CENTRES = frozenset({GOES_ON, POINT, CLOSES})


def meant(words: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return what each word means, by its folded form."""
    return {fold(word): key for key, known in words.items() for word in known}


_COLUMNS, _WHAT, _CHANGES = meant(HEADINGS), meant(WHAT), meant(CHANGES)


def columns_of(heading: Iterable[object]) -> dict[str, int]:
    """Return where each column stands; raises UntrustedFileError where one is unknown, missing or there twice."""
    found: dict[str, int] = {}
    for place, cell in enumerate(heading):
        text = nfc(str(cell or ""))
        column = _COLUMNS.get(fold(text))
        if column is None and text:
            raise UntrustedFileError(f"The column «{text}» means nothing here: take it away, or mend its name.")
        if column in found:
            raise UntrustedFileError(f"Two columns mean «{HEADINGS[column][0]}» ({column}): leave one.")
        if column:
            found[column] = place
    if missing := [f"«{HEADINGS[column][0]}» ({column})" for column in NEEDED if column not in found]:
        raise UntrustedFileError(f"The first line names no column {'; '.join(missing)}: write it there.")
    return found


def what_of(text: str) -> str | None:
    """Return the kind of thing that a word means."""
    return _WHAT.get(fold(text))


def change_of(text: str) -> str | None:
    """Return the change that a word means."""
    return _CHANGES.get(fold(text))
