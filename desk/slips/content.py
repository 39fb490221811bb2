"""What stands on each slip, as frozen values: no row of the database reaches the typesetting. Fields: docs/slips.md."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from desk.slips.parts import (
    AskedLine,
    Contact,
    ControlRow,
    HandOverLine,
    Heading,
    Matter,
    Officer,
    PaperLine,
    Person,
    RegisterRow,
    ResultLine,
    ReturnWay,
    SettledHow,
    Words,
)


@dataclass(frozen=True)
class ReceiptSlip:
    """Mẫu số 01: Giấy tiếp nhận hồ sơ và hẹn trả kết quả."""

    form: ClassVar[str] = "receipt"
    heading: Heading
    matter: Matter
    papers: tuple[PaperLine, ...]
    sets: int
    limit: Words
    received_at: dt.datetime
    due_at: dt.datetime
    return_by: ReturnWay
    return_place: str
    officer: Officer
    contact: Contact
    fee_due: Decimal | None = None
    fee_paid: Decimal | None = None


@dataclass(frozen=True)
class SupplementSlip:
    """Mẫu số 02: Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ.

    `received_at` and `round` (which request it is) are empty before the receipt; after it `effect` is what the answer
    does to the clock: restart, pause.
    """

    form: ClassVar[str] = "supplement"
    heading: Heading
    matter: Matter
    asked: tuple[AskedLine, ...]
    officer: Officer
    contact: Contact
    ground: str = ""
    note: str = ""
    hand_in_at: str = ""
    round: int | None = None
    answer_by: dt.date | None = None
    received_at: dt.datetime | None = None
    effect: str = ""


@dataclass(frozen=True)
class RefusalSlip:
    """Mẫu số 03: Phiếu từ chối tiếp nhận giải quyết hồ sơ."""

    form: ClassVar[str] = "refusal"
    heading: Heading
    matter: Matter
    reason: str
    officer: Officer
    contact: Contact
    ground: str = ""


@dataclass(frozen=True)
class ApologySlip:
    """Mẫu số 04: Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết."""

    form: ClassVar[str] = "apology"
    heading: Heading
    matter: Matter
    received_at: dt.datetime
    promised_at: dt.datetime
    extended_to: dt.datetime
    late_unit: str
    reason: str
    return_place: str
    signer: Officer
    contact: Contact
    copies_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class StopSlip:
    """Mẫu số 05: Thông báo dừng giải quyết hồ sơ. `kind`: withdrawal, suspension, end."""

    form: ClassVar[str] = "stop"
    heading: Heading
    matter: Matter
    kind: str
    stage: Words
    reason: str
    signer: Officer
    contact: Contact
    received_at: dt.datetime | None = None
    asked_at: dt.datetime | None = None
    ground: str = ""
    fee_paid: Decimal | None = None
    papers: tuple[PaperLine, ...] = ()
    return_place: str = ""
    copies_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class ControlSlip:
    """Mẫu số 06: Phiếu kiểm soát quá trình giải quyết hồ sơ.

    `first_due_at` where it is another than `due_at`; `extended_to` is what the extension promised.
    """

    form: ClassVar[str] = "control"
    heading: Heading
    matter: Matter
    received_at: dt.datetime
    limit: Words
    due_at: dt.datetime | None
    send_back_by: dt.datetime | None
    papers: tuple[PaperLine, ...]
    sets: int
    rows: tuple[ControlRow, ...]
    first_due_at: dt.datetime | None = None
    extended_to: dt.datetime | None = None


@dataclass(frozen=True)
class RegisterSheet:
    """Mẫu số 07: Sổ theo dõi hồ sơ."""

    form: ClassVar[str] = "register"
    heading: Heading
    first_day: dt.date
    last_day: dt.date
    rows: tuple[RegisterRow, ...]


@dataclass(frozen=True)
class HandOverSlip:
    """Phiếu bàn giao: from one unit to the next."""

    form: ClassVar[str] = "hand_over"
    heading: Heading
    giving: Officer
    taking: Officer
    given_at: dt.datetime
    lines: tuple[HandOverLine, ...]
    taken_at: dt.datetime | None = None
    due_at: dt.datetime | None = None


@dataclass(frozen=True)
class ResultReceipt:
    """Giấy biên nhận trả kết quả."""

    form: ClassVar[str] = "result"
    heading: Heading
    matter: Matter
    results: tuple[ResultLine, ...]
    returned_at: dt.datetime
    return_by: ReturnWay
    giving: Officer
    receiver: Person
    contact: Contact
    due_at: dt.datetime | None = None
    settlement: SettledHow = ""
    fee_paid: Decimal | None = None


AnySlip = (
    ReceiptSlip
    | SupplementSlip
    | RefusalSlip
    | ApologySlip
    | StopSlip
    | ControlSlip
    | RegisterSheet
    | HandOverSlip
    | ResultReceipt
)
