"""One slip of each form, with words for a second language, and how a test reads a PDF."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pypdfium2

from catalogue.opening import ZONE
from desk.slips.content import (
    AnySlip,
    ApologySlip,
    ControlSlip,
    HandOverSlip,
    ReceiptSlip,
    RefusalSlip,
    RegisterSheet,
    ResultReceipt,
    StopSlip,
    SupplementSlip,
)
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
    Words,
)

QR = "https://mot-cua.example/t/f3Vq0m2nZ8tKpW5yLr1cXh7sBd9gJa4eUo6iNvTzQwE?hs=H17.12-261203-0042&tt=2.000528"
HEADING = Heading(
    "Trung tâm Phục vụ hành chính công phường Hải Châu",
    "42/2026/TNHS",
    "Hải Châu",
    dt.date(2026, 12, 3),
    above="UBND phường Hải Châu",
    code="H17.12-261203-0042",
    qr=QR,
)
LAN = Person("Nguyễn Thị Lan", "12 Trần Phú", "0905 123 456", "lan@example.vn", "048123456789 (thẻ căn cước)")
COMPANY = Person("Công ty TNHH Daewon Vina", "Khu công nghiệp Hòa Khánh", "0236 3999 111")
CLERK = Officer("Trần Văn Hậu", "Công chức tiếp nhận", "Trung tâm Phục vụ hành chính công")
HANDLER = Officer("Phạm Minh Tuấn", "Chuyên viên", "Sở Tư pháp")
HEAD = Officer("Lê Thị Hương", "Giám đốc Trung tâm", "UBND phường Hải Châu")
CONTACT = Contact(
    "0236 3821 234", "hai-chau@example.vn", "mot-cua.example", "42 Bạch Đằng", "Trung tâm Hải Châu", "1022"
)
MATTER = Matter(
    Words("Đăng ký khai sinh có yếu tố nước ngoài", "Registration of birth"), "2.000528", LAN, owner=COMPANY
)
PAPERS = (
    PaperLine(Words("Tờ khai theo mẫu", "Form"), 1),
    PaperLine(Words("Giấy chứng sinh", "Certificate of birth"), 0, 2, Words("được số hóa", "digitised")),
)
PLACE = "Trung tâm Phục vụ hành chính công, 42 Bạch Đằng"
WORKING_DAYS = Words("5 ngày làm việc", "5 working days")


def at(day: int, hour: int = 10, minute: int = 30) -> dt.datetime:
    """Return a moment in December 2026, local."""
    return dt.datetime(2026, 12, day, hour, minute, tzinfo=ZONE)


RECEIPT = ReceiptSlip(
    HEADING, MATTER, PAPERS, 1, WORKING_DAYS, at(3), at(10, 17, 0), "pick_up", PLACE, CLERK, CONTACT, Decimal(8000)
)
SUPPLEMENT = SupplementSlip(
    HEADING,
    MATTER,
    (
        AskedLine(Words("Giấy chứng sinh"), "paper", "Chưa có bản chính."),
        AskedLine(Words("Tờ khai theo mẫu"), "correction", "Ngày sinh ghi khác căn cước."),
    ),
    CLERK,
    CONTACT,
    answer_by=dt.date(2026, 12, 18),
)
REFUSAL = RefusalSlip(HEADING, MATTER, "Không thuộc phạm vi tiếp nhận.", CLERK, CONTACT, "Luật Hộ tịch Điều 35")
APOLOGY = ApologySlip(
    HEADING, MATTER, at(3), at(10, 17, 0), at(15, 17, 0), "Sở Tư pháp", "Chờ xác minh.", PLACE, HEAD, CONTACT,
    ("Như trên", "Lưu: VT"),
)  # fmt: skip
STOP = StopSlip(
    HEADING, MATTER, "withdrawal", Words("đang xử lý", "being processed"), "Người nộp rút hồ sơ.", HEAD, CONTACT,
    at(3), at(7, 9, 15), "", Decimal(8000), PAPERS, PLACE, ("Như trên",),
)  # fmt: skip
CONTROL = ControlSlip(
    HEADING,
    MATTER,
    at(3),
    WORKING_DAYS,
    at(10, 17, 0),
    at(10, 15, 0),
    PAPERS,
    1,
    (
        ControlRow(CLERK, HANDLER, at(3, 15, 5), at(3, 15, 40), "Thẩm định", at(8, 17, 0), "on_time"),
        ControlRow(HANDLER, HEAD, at(8, 16, 20), None, "Ký, phê duyệt", at(10, 10, 0)),
    ),
)
ROW = RegisterRow(
    1, "H17.12-261203-0042", "Đăng ký khai sinh", 1, "Nguyễn Thị Lan", "12 Trần Phú", "0905 123 456", "Sở Tư pháp",
    at(3), at(10, 17, 0), at(9, 14, 5), "post", "Ủy quyền",
)  # fmt: skip
REGISTER = RegisterSheet(HEADING, dt.date(2026, 12, 1), dt.date(2026, 12, 31), (ROW,))
HAND_OVER = HandOverSlip(
    HEADING,
    HANDLER,
    CLERK,
    at(9, 14, 5),
    (
        HandOverLine(
            "H17.12-261203-0042", MATTER.procedure, "Nguyễn Thị Lan", "12 Trần Phú", "Chuyển kết quả", "Số 118/2026",
            True, False,
        ),
    ),
)  # fmt: skip
RESULT = ResultReceipt(
    HEADING,
    MATTER,
    (ResultLine("granted", "118/2026", dt.date(2026, 12, 9), "Lê Thị Hương", dt.date(2031, 12, 9)),),
    at(9, 15, 10),
    "pick_up",
    CLERK,
    LAN,
    CONTACT,
    at(10, 17, 0),
    "early",
    Decimal(8000),
)
ALL: tuple[AnySlip, ...] = (
    RECEIPT, SUPPLEMENT, REFUSAL, APOLOGY, STOP, CONTROL, REGISTER, HAND_OVER, RESULT,
)  # fmt: skip


def text_of(pdf: bytes) -> str:
    """Return a PDF's text, lines joined by spaces, as a reader hears it."""
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).split())


def sizes_of(pdf: bytes) -> list[tuple[int, int]]:
    """Return the pages' widths and heights in millimetres."""
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        return [(round(page.get_width() / 72 * 25.4), round(page.get_height() / 72 * 25.4)) for page in document]


def beyond_the_edge(pdf: bytes) -> list[tuple[int, float, float, float, float]]:
    """Return the texts nearer to an edge of their page than 7 mm (below: 3 mm), by page and place."""
    found = []
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        for number, page in enumerate(document):
            width, height = page.get_size()
            for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
                left, bottom, right, top = thing.get_bounds()
                if left < 20 or right > width - 20 or bottom < 9 or top > height - 15:
                    found.append((number, left, bottom, right, top))
    return found
