"""Competent authorities: the 388 spellings of the national catalogue become roles."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from catalogue.text import fold, nfc

_HEADS = [
    "ban",
    "ban ql",
    "benh vien",
    "bao hiem",
    "bien phong",
    "bo",
    "cang vu",
    "cac",
    "can bo",
    "cap",
    "chi cuc",
    "chi nhanh",
    "chinh phu",
    "chu dau tu",
    "chu tich",
    "co quan",
    "co so",
    "cong an",
    "cong doan",
    "cong ty",
    "cuc",
    "dai dien",
    "doi",
    "don",
    "don vi",
    "giam doc",
    "hai quan",
    "hieu truong",
    "hoi",
    "hoi dong",
    "kho bac",
    "khu quan ly",
    "lanh dao",
    "luu tru",
    "ngan hang",
    "nguoi",
    "phong",
    "quan chung",
    "quy",
    "so",
    "tap doan",
    "thanh tra",
    "thi hanh an",
    "thu tuong",
    "thu truong",
    "thue",
    "to chuc",
    "toa an",
    "tong cuc",
    "trung tam",
    "truong",
    "truong ban",
    "tu lenh",
    "ubnd",
    "uy ban",
    "van phong",
    "vien",
    "vu",
    "y te",
]
_HEAD = re.compile(rf"(?:{'|'.join(_HEADS)})\b")
_ABBREVIATIONS = ((re.compile(r"\bubnd\b"), "uy ban nhan dan"), (re.compile(r"\bubmttq\b"), "uy ban mat tran"))
_LEVELS = (
    (re.compile(r"\b(?:bo|cuc|tong cuc|vu|chinh phu|quoc gia|viet nam|quan doi|quan khu)\b"), "ministry"),
    (re.compile(r"\b(?:cap xa|xa|phuong)\b"), "commune"),
    (re.compile(r"\b(?:tinh|so|thanh pho|chi cuc|khu vuc)\b"), "province"),
)
_VERTICAL = re.compile(
    r"\b(?:thue|hai quan|cong an|canh sat|ngan hang nha nuoc|bao hiem xa hoi|bhxh|kho bac|quan doi|quan khu|quan su"
    r"|tu lenh|bien phong|du tru nha nuoc|thi hanh an|toa an|quoc phong)\b"
)


@dataclass(frozen=True)
class Role:
    """A role of the list, or a source's wording that isn't in it."""

    code: str
    name: str
    level: str
    is_vertical: bool = False
    is_listed: bool = True
    names_other_province: bool = False


@dataclass(frozen=True)
class _Entry:
    role: Role
    patterns: tuple[re.Pattern[str], ...]


@cache
def listed_roles() -> tuple[_Entry, ...]:
    """Return the list of roles; the first whose pattern is found in the folded wording holds."""
    path = Path(settings.CATALOGUE_DATA_DIR) / "agency_roles.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    return tuple(
        _Entry(
            Role(row["code"], row["name_vi"], row["level"], row["is_vertical"]),
            tuple(re.compile(pattern) for pattern in row["patterns"]),
        )
        for row in rows
    )


def parse_roles(text: str, *, others: Collection[str]) -> list[Role]:
    """Return the distinct roles that the text names; `others` are names of provinces that aren't this one.

    A body of another province becomes the role of the same kind, marked as such.
    """
    roles: dict[str, Role] = {}
    for wording in split_authorities(text):
        role = role_of(wording, others=others)
        known = roles.get(role.code)
        if known is None or (known.names_other_province and not role.names_other_province):
            roles[role.code] = role
    return list(roles.values())


def split_authorities(text: str) -> list[str]:
    """Split at semicolons, and at commas where another authority begins with a capital.

    «Sở Văn hóa, Thể thao và Du lịch» and «Thuế tỉnh, thành phố» stay whole.
    """
    names: list[str] = []
    for part in re.split(r"[;\n]", nfc(text)):
        begins = True
        for piece in part.split(","):
            word = piece.strip()
            if not word:
                continue
            if begins or (word[0].isupper() and _HEAD.match(fold(word))):
                names.append(word)
            else:
                names[-1] = f"{names[-1]}, {word}"
            begins = False
    return [name.rstrip(" .") for name in names]


def role_of(wording: str, *, others: Collection[str]) -> Role:
    """Return the listed role of one authority, else the wording itself as an unlisted role."""
    lowered = wording.lower()
    is_other = any(re.search(rf"\b{re.escape(name)}\b", lowered) for name in others)
    folded = _expanded(fold(wording))
    for entry in listed_roles():
        if any(pattern.search(folded) for pattern in entry.patterns):
            known = entry.role
            return Role(known.code, known.name, known.level, known.is_vertical, True, is_other)
    code = folded.replace(".", "").replace(" ", "-")[:80].rstrip("-")
    return Role(code, wording[:300], _level_of(folded), bool(_VERTICAL.search(folded)), False, is_other)


def _expanded(folded: str) -> str:
    for pattern, words in _ABBREVIATIONS:
        folded = pattern.sub(words, folded)
    return folded


def _level_of(folded: str) -> str:
    return next((level for pattern, level in _LEVELS if pattern.search(folded)), "other")
