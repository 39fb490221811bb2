"""What the wording of a list of papers says where the source has no mark for it: no paper, no case, only for some.

Judged carefully, as the list is the law's: what is in doubt stays a paper, a case, for everybody.
"""

from __future__ import annotations

import re

from catalogue.text import fold

NOTED = ("luu y", "ghi chu", "so luong")
IN_A_CASE = ("truong hop", "doi voi truong hop")
BRINGS = ("nop them", "nop ban", "ho so con co", "phai co")
"""What a row about a case says where it names a paper all the same (folded, as those around)."""
FOR_ALL = (
    *NOTED, "giay to phai", "giay to xuat trinh", "giay to nop", "chung tu phai", "xuat trinh hoac gui",
    "nguoi yeu cau chung thuc", "ho so gom ban sao", "01 bo ho so", "1 bo ho so",
)  # fmt: skip
"""How a label begins that heads papers of everybody: «Giấy tờ phải nộp», «Lưu ý»."""
BARE_HEADING = re.compile(r"(thanh phan )?(ho so)?( phai)*( nop| xuat trinh)?( ?bao)?( gom)?")
ONLINE = re.compile(r"\b(neu|truong hop|khi) (?:\S+ ){0,14}?truc tuyen\b")
"""What is filled in on a screen is no paper at a counter."""
CLAUSE = re.compile(r"(?<=\w\w)[.;](?:\s|$)")
FOR_SOME = re.compile(r"^doi voi|\btruong hop\b|\bneu co$")
NUMBERED = re.compile(r"^[\s(*•+–-]*((\d+|[a-zđ]|[ivx]+)([.)](\d+[.)]?)*)\s*)?", re.IGNORECASE)


def without_bullet(name: str) -> str:
    """Return a paper's name without the dash or bullet that the source begins it with."""
    return name.lstrip("-–+•* ").rstrip(" ;")


def is_said(name: str) -> bool:
    """Return whether a row without numbers is a heading or a sentence, no paper that somebody could bring.

    Of rows that begin «Trường hợp …» only those go that name no paper.
    """
    line = without_bullet(name).lstrip("(*•- ")
    folded = fold(line)
    if line.endswith(":") or folded.startswith(NOTED):
        return True
    return folded.startswith(IN_A_CASE) and not any(word in folded for word in BRINGS)


def is_for_some(name: str) -> bool:
    """Return whether a paper's own words say that not everybody brings it: «Trường hợp …», «(nếu có)»."""
    first = CLAUSE.split(name.strip(), maxsplit=1)[0]  # What follows says how, seldom who.
    begins = NUMBERED.sub("", first, count=1).casefold().startswith("nếu ")  # Folded, it is «nêu» (name) as well.
    return begins or bool(FOR_SOME.search(_bare(first))) or bool(ONLINE.search(fold(name)))


def is_case(label: str) -> bool:
    """Return whether a label names a case, not a heading over papers of everybody, nor a note."""
    bare = _bare(label)
    return bool(bare) and not bare.startswith(FOR_ALL) and not BARE_HEADING.fullmatch(bare)


def _bare(text: str) -> str:
    return fold(NUMBERED.sub("", text, count=1)).strip(" .:")
