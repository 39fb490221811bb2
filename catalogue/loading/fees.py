"""Fees, from the words of the national catalogue. What isn't clearly said is never a plain amount."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from catalogue.text import nfc

_UNKNOWN = re.compile(r"không có thông tin\b.*|(?:lệ phí|phí)\s*:\s*(?:đồng)?", re.IGNORECASE)
_FREE = re.compile(r"miễn phí\s*(?:\((?P<bracket>.*)\))?\.?", re.IGNORECASE | re.DOTALL)
_NOTHING = re.compile(r"(?:không|không có)\.?", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(?:(?P<kind>lệ phí|phí)\s*:\s*)?(?P<number>không|[\d.,]*\d)\s*(?P<currency>đồng|vnđ|đ|usd)\.?"
    r"\s*(?:\((?P<bracket>.*)\))?\.?",
    re.IGNORECASE | re.DOTALL,
)
_KIND = re.compile(r"\s*[-+*(]*\s*(?P<kind>lệ phí|phí)\b", re.IGNORECASE)
_PART = re.compile(r"\b(?:lệ phí|phí)\s*:", re.IGNORECASE)
_MONEY = re.compile(r"(\d[\d.,]*)\s*(?:đồng|vnđ|đ\b|usd|triệu|nghìn|ngàn|%)", re.IGNORECASE)
_NOT_YET = re.compile(r"chưa (?:có )?quy định", re.IGNORECASE)
_PLAINLY_FREE = re.compile(r"[-+*(\s]*(?:không|miễn)\b", re.IGNORECASE)
_ONLY_SOME = re.compile(r"đối với|trường hợp|cho người|cho các|trừ |riêng ", re.IGNORECASE)
_A_CASE = re.compile(r"[-+*(\s]*(?:đối với|trường hợp|cho|trừ|riêng)\b", re.IGNORECASE)
_SOMEBODY_PAYS = re.compile(r"\b(?:chi phí|chi trả|trả phí|trả tiền|phải nộp|nộp (?:lệ )?phí)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[.;](?=\D|$)|\n")
_ON_REQUEST = re.compile(r"nếu có yêu cầu", re.IGNORECASE)
_A_FEE = re.compile(r"\bphí\b", re.IGNORECASE)
_EXEMPT = re.compile(
    r"[-+*(\s]*(?:không thu|miễn)(?: thu)? (?:lệ )?phí\b[^.;,(]*?"
    r" đối với (?P<who>[^.;,(]+?)(?: theo quy định\b[^.;\n]*)?\.?",
    re.IGNORECASE,
)
_DECIDED = re.compile(
    r"quy định|quyết định|nếu có|thông tư|nghị quyết|nghị định|luật|mức (?:thu|phí|lệ phí)|biểu"
    r"|^[-+*(\s]*(?:lệ )?phí\b",
    re.IGNORECASE,
)
_KINDS = {"phí": "fee", "lệ phí": "charge"}
_TOO_MUCH = Decimal(10) ** 13
LEAST_BELIEVABLE = 1000
"""Đồng: a smaller amount was probably cut by a thousand («20 đồng» beside «20.000 đồng/tờ khai»)."""


@dataclass(frozen=True)
class ParsedFee:
    """A fee: the amount is set only where it is plainly stated."""

    certainty: str
    amount: Decimal | None = None
    text: str = ""
    kind: str = "unknown"
    currency: str = "VND"
    label: str = ""


def parse_fee(fee: str | None, *, note: str = "", subject: str = "") -> ParsedFee:
    """Return the fee of one channel row; `note` is the source's note where it speaks of the fee.

    `subject` is the procedure's name: an exemption of those whom alone it is about makes it free.
    """
    said = nfc(fee or "")
    if not said or _UNKNOWN.fullmatch(said):
        return ParsedFee("unknown", text=note, kind=_kind_in(note))
    if _NOTHING.fullmatch(said):
        return ParsedFee("stated", Decimal(0), note)
    free = _FREE.fullmatch(said)
    if free:
        return _free(_bracket(free["bracket"]), note, subject)
    amount = _AMOUNT.fullmatch(said)
    if amount is None or (_PART.search(amount["bracket"] or "") and said.count(" : ") > 1):
        return ParsedFee("depends", text=_joined(said, note), kind=_kind_in(said))
    return _stated(amount, note)


def _free(bracket: str, note: str, subject: str) -> ParsedFee:
    """Judge «Miễn phí (…)»: the bracket often says that somebody decides, or that only some are free.

    A bracket that only cites a rule («Theo quy định của Luật phí và lệ phí», a circular «quy định mức thu») says
    where the fee stands, not that there is none: the source writes «Miễn phí» wherever it has no figure.
    """
    text, kind = _joined(bracket, note), _kind_in(bracket or note)
    if _NOT_YET.search(bracket):
        return ParsedFee("unknown", text=text, kind=kind)
    if _names_money(bracket) or _names_money(note):
        return ParsedFee("depends", text=text, kind=kind)
    if _is_free(bracket, subject):
        return ParsedFee("stated", Decimal(0), "" if _NOTHING.fullmatch(text) else text, kind)
    return ParsedFee("depends", text=text, kind=kind)


def _is_free(bracket: str, subject: str) -> bool:
    """Tell whether «Miễn phí» holds beside this bracket, for everybody who asks for the procedure."""
    exempt = _EXEMPT.fullmatch(bracket)
    if exempt and _is_about(subject, exempt["who"]):
        return True
    if _SOMEBODY_PAYS.search(bracket):
        return False
    if _PLAINLY_FREE.match(bracket):
        return not _ONLY_SOME.search(bracket) and not _names_another_fee(bracket)
    return not _DECIDED.search(bracket) and not _A_CASE.match(bracket)


def _names_another_fee(bracket: str) -> bool:
    """Tell whether a fee is taken beside what is free; one for copies on request isn't the procedure's."""
    clauses = [clause for clause in _CLAUSE.split(bracket) if not _PLAINLY_FREE.match(clause)]
    return any(_A_FEE.search(clause) and not _ON_REQUEST.search(clause) for clause in clauses)


def _is_about(subject: str, who: str) -> bool:
    """Tell whether a procedure's name speaks of these alone: each part of it names them, and nobody beside them."""
    name = re.escape(nfc(who).lower())
    beside = re.compile(rf"(?:,|/|\b(?:và|hoặc)) ?{name}\b|\b{name} ?(?:,|/|(?:và|hoặc)\b)")
    parts = [part for part in nfc(subject).lower().split(";") if part.strip()]
    return bool(parts) and all(re.search(rf"\b{name}\b", part) and not beside.search(part) for part in parts)


def _stated(match: re.Match[str], note: str) -> ParsedFee:
    bracket = _bracket(match["bracket"])
    text = _joined(bracket, note)
    kind = _KINDS[match["kind"].lower()] if match["kind"] else _kind_in(text)
    currency = "USD" if match["currency"].lower() == "usd" else "VND"
    amount = _number(match["number"], currency)
    if amount is None:
        return ParsedFee("depends", text=_joined(match[0], note), kind=kind)
    if currency == "VND" and _is_suspect(amount, bracket):
        return ParsedFee("suspect", text=text, kind=kind)
    return ParsedFee("stated", amount, text, kind, currency)


def _number(text: str, currency: str) -> Decimal | None:
    """Return the amount; both comma and dot part thousands in đồng, a dot is decimal in dollars."""
    if text.lower() == "không":
        return Decimal(0)
    if re.fullmatch(r"\d+|\d{1,3}(?:[.,]\d{3})+", text):
        amount = Decimal(re.sub(r"[.,]", "", text))
    elif currency == "USD" and re.fullmatch(r"\d+\.\d{1,2}", text):
        amount = Decimal(text)
    else:
        return None
    return amount if amount < _TOO_MUCH else None


def _is_suspect(amount: Decimal, bracket: str) -> bool:
    if 0 < amount < LEAST_BELIEVABLE:
        return True
    named = {_number(found.rstrip(".,"), "VND") for found in _MONEY.findall(bracket)}
    return amount > 0 and amount * 1000 in named


def _names_money(text: str) -> bool:
    return any(_number(found.rstrip(".,"), "USD") != 0 for found in _MONEY.findall(text))


def _kind_in(text: str) -> str:
    match = _KIND.match(text)
    return _KINDS[match["kind"].lower()] if match else "unknown"


def _bracket(text: str | None) -> str:
    """Return the bracket's text; doubled brackets and «/hồ sơ» stay as they are but for the outer pair."""
    cleaned = nfc(text or "")
    if cleaned.startswith("(") and cleaned.endswith(")") and cleaned.count("(") == 1:
        cleaned = cleaned[1:-1].strip()
    return cleaned


def _joined(*texts: str) -> str:
    return "\n".join(dict.fromkeys(filter(None, texts)))
