"""Who may apply: the national catalogue's labels, made alike."""

from __future__ import annotations

import re

from catalogue.text import fold, nfc

_KNOWN = (
    "Công dân Việt Nam",
    "Người nước ngoài",
    "Người nước ngoài cư trú tại Việt Nam",
    "Người Việt Nam định cư ở nước ngoài",
    "Công dân Việt Nam mà không xác định được nơi thường trú hoặc nơi tạm trú",
    "Doanh nghiệp",
    "Doanh nghiệp Việt Nam",
    "Doanh nghiệp có vốn đầu tư nước ngoài",
    "Hợp tác xã",
    "Tổ chức (không bao gồm doanh nghiệp, HTX)",
    "Tổ chức nước ngoài",
    "Cán bộ, công chức, viên chức",
    "Tổ chức Đảng",
    "Đảng viên",
)
KNOWN = {fold(name): name for name in _KNOWN}
_FOREIGN = re.compile(r"\bnuoc ngoai\b")
_UNDIVIDED = re.compile(r"cán bộ\s*,\s*công chức\s*,\s*viên chức", re.IGNORECASE)
_COMMA = re.compile(r"[,;]\s*(?![^()]*\))")


def parse_audiences(text: str) -> list[str]:
    """Return the labels in their one spelling; commas in brackets and in known labels don't part."""
    guarded = _UNDIVIDED.sub("Cán bộ\x00 công chức\x00 viên chức", nfc(text))
    labels = (nfc(part.replace("\x00", ",")) for part in _COMMA.split(guarded))
    return list(dict.fromkeys(_one_spelling(label) for label in labels if label))


def audience_code(name: str) -> str:
    """Return the label's code: «to-chuc-nuoc-ngoai»."""
    return fold(name).replace(".", "").replace(" ", "-")[:60].rstrip("-")


def order_of(name: str) -> int:
    """Return the label's place in lists; unknown ones come last."""
    return _KNOWN.index(name) if name in _KNOWN else len(_KNOWN)


def is_foreign(name: str) -> bool:
    """Tell whether the label names a foreign element."""
    return bool(_FOREIGN.search(fold(name)))


def _one_spelling(label: str) -> str:
    folded = fold(label)
    if "da cu tru tai viet nam" in folded:
        folded = folded.replace("da cu tru", "cu tru")
    return KNOWN.get(folded, label)
