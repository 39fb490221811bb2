"""The slips as they are set: what stands on them, in which language, and that a text is never anything but text."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import threading
from decimal import Decimal

import pypdfium2
import pytest
import segno

from desk.slips.content import RegisterSheet
from desk.slips.glyphs import FACES, FONTS, code_points, covered, printable
from desk.slips.parts import Officer, PaperLine, Person, Words
from desk.slips.setting import LABELS, SECOND_LANGUAGES, labels, money, preview_png, render
from tests.desk.slip_samples import (
    ALL,
    APOLOGY,
    CONTROL,
    HAND_OVER,
    HEADING,
    QR,
    RECEIPT,
    REFUSAL,
    REGISTER,
    ROW,
    STOP,
    SUPPLEMENT,
    beyond_the_edge,
    sizes_of,
    text_of,
)

NAMES = {
    "vi": "Nguyễn Thị Kim Ngọc Ẩn, phường Ðức Hòa Ỷ ữ ợ ặ",
    "zh": "张伟 歐陽菲菲 李小龙 赵薇 龍 國",
    "ko": "김민준 박서연 뷔페 대한민국 주식회사",
    "ja": "髙橋さくら 渡邊ヨシ子 株式会社トヨタ 直 骨 辻",
    "ru": "Иван Петров",
}
EXPECTED = {
    "receipt": (
        "UBND PHƯỜNG HẢI CHÂU", "TRUNG TÂM PHỤC VỤ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc", "Số: 42/2026/TNHS", "Hải Châu, ngày 03 tháng 12 năm 2026",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "Mã hồ sơ: H17.12-261203-0042", "Nguyễn Thị Lan",
        "048123456789 (thẻ căn cước)", "12 Trần Phú", "Điện thoại 0905 123 456 · Thư điện tử: lan@example.vn",
        "Chủ hồ sơ Công ty TNHH",
        "Đăng ký khai sinh có yếu tố nước ngoài (2.000528)", "Tờ khai theo mẫu 1 0", "Giấy chứng sinh 0 2 được số hóa",
        "Số bộ hồ sơ 1", "5 ngày làm việc", "10 giờ 30 phút, ngày 03/12/2026", "Hẹn trả kết quả",
        "17 giờ 00 phút, ngày 10/12/2026", "Nhận trực tiếp", "42 Bạch Đằng", "8.000 đồng", "0236 3821 234",
        "Quét mã QR", "NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ", "Trần Văn Hậu", "Công chức tiếp nhận",
    ),
    "supplement": (
        "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", "Nguyễn Thị Lan", "Giấy chứng sinh Giấy tờ theo danh mục",
        "Chưa có bản chính.", "Tờ khai theo mẫu Sửa lại giấy tờ đã nộp", "Ngày sinh ghi khác căn cước.",
        "Hạn nộp bổ sung 18/12/2026", "Hồ sơ chưa được tiếp nhận.", "Cán bộ liên hệ Trần Văn Hậu · Công chức tiếp nhận",
        "Điện thoại: 0236 3821 234", "Đường dây nóng: 1022", "mot-cua.example", "NGƯỜI HƯỚNG DẪN", "Trần Văn Hậu",
    ),
    "refusal": (
        "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ", "Nguyễn Thị Lan", "Lý do Không thuộc phạm vi tiếp nhận.",
        "Căn cứ pháp lý Luật Hộ tịch Điều 35", "Cán bộ liên hệ Trần Văn Hậu", "Trung tâm Hải Châu · 42 Bạch Đằng",
        "Điện thoại: 0236 3821 234", "Đường dây nóng: 1022", "theo thông tin trên", "NGƯỜI NHẬN PHIẾU",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
    ),
    "apology": (
        "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT", "Kính gửi: Nguyễn Thị Lan",
        "10 giờ 30 phút, ngày 03/12/2026", "Đã hẹn trả kết quả 17 giờ 00 phút, ngày 10/12/2026",
        "Cơ quan, đơn vị chậm Sở Tư pháp", "Lý do chậm Chờ xác minh.", "xin lỗi",
        "Hẹn trả kết quả mới 17 giờ 00 phút, ngày 15/12/2026", "Nơi nhận: - Như trên - Lưu: VT", "GIÁM ĐỐC TRUNG TÂM",
        "Lê Thị Hương",
    ),
    "stop": (
        "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ", "Nguyễn Thị Lan", "đang xử lý", "09 giờ 15 phút, ngày 07/12/2026",
        "Dừng giải quyết theo đề nghị của tổ chức, cá nhân; trả lại hồ sơ", "Người nộp rút hồ sơ.",
        "Phí, lệ phí đã nộp 8.000 đồng", "Giấy tờ trả lại", "Giấy chứng sinh 0 2", "Nơi nhận lại giấy tờ",
        "Lê Thị Hương",
    ),
    "control": (
        "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ", "Nguyễn Thị Lan", "Chủ hồ sơ", "Thời điểm tiếp nhận",
        "5 ngày làm việc", "Hẹn trả kết quả 17 giờ 00 phút, ngày 10/12/2026",
        "Chuyển kết quả về chậm nhất 15 giờ 00 phút, ngày 10/12/2026", "Tờ khai theo mẫu", "Trần Văn Hậu",
        "Phạm Minh Tuấn", "15:05 03/12/2026", "15:40 03/12/2026", "17:00 08/12/2026", "Đúng hạn", "Thẩm định",
        "Chưa nhận", "Ký, phê duyệt",
    ),
    "register": (
        "SỔ THEO DÕI HỒ SƠ", "Từ ngày 01/12/2026 đến ngày 31/12/2026", "Mã hồ sơ", "Nội dung yêu cầu", "Ký nhận",
        "H17.12-261203-0042", "Đăng ký khai sinh", "Nguyễn Thị Lan", "12 Trần Phú 0905 123 456", "Sở Tư pháp",
        "10:30 03/12/2026", "17:00 10/12/2026", "14:05 09/12/2026", "Ủy quyền", "Tổng số hồ sơ: 1", "NGƯỜI GHI SỔ",
    ),
    "hand_over": (
        "PHIẾU BÀN GIAO", "Bên giao Sở Tư pháp Phạm Minh Tuấn, Chuyên viên", "Bên nhận Trung tâm", "14 giờ 05 phút",
        "H17.12-261203-0042", "Nguyễn Thị Lan", "12 Trần Phú", "BÊN GIAO", "BÊN NHẬN",
    ),
    "result": (
        "GIẤY BIÊN NHẬN TRẢ KẾT QUẢ", "Nguyễn Thị Lan", "Chấp thuận, cấp kết", "118/2026", "09/12/2026", "Lê Thị",
        "09/12/2031", "15 giờ 10 phút, ngày 09/12/2026", "Trước hạn", "8.000 đồng", "Người nhận kết quả Nguyễn Thị Lan",
        "NGƯỜI NHẬN KẾT QUẢ", "NGƯỜI TRẢ KẾT QUẢ", "Trần Văn Hậu",
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", ALL, ids=lambda slip: slip.form)
def test_every_field_stands_on_the_slip_in_its_order(slip):
    text, place = text_of(render(slip)), 0
    for part in EXPECTED[slip.form]:
        found = text.find(part, place)
        assert found >= 0, f"«{part}» isn't after «{text[max(place - 60, 0) : place]}»"
        place = found


@pytest.mark.parametrize("slip", ALL, ids=lambda slip: slip.form)
def test_each_form_has_its_size_of_paper(slip):
    size = {"register": (297, 210), "control": (210, 297), "hand_over": (210, 297)}.get(slip.form, (148, 210))
    assert sizes_of(render(slip)) == [size]


@pytest.mark.parametrize("second", SECOND_LANGUAGES)
@pytest.mark.parametrize("slip", ALL, ids=lambda slip: slip.form)
def test_the_second_language_stands_beside_the_vietnamese(slip, second):
    text, told = text_of(render(slip, second=second)), labels(second)
    assert told[f"title_{slip.form}"].replace(" ", "") in text.replace(" ", "")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "�" not in text
    if slip.form == "receipt":
        for part in ("2026-12-10 17:00", "Registration of birth", "5 working days", "Certificate of birth"):
            assert part in text
        assert "Registration of birth" not in text_of(render(slip))


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="fr"):
        render(RECEIPT, second="fr")


def test_every_language_has_every_label_and_a_glyph_for_each_letter():
    wanted = labels("vi")
    assert {path.stem for path in LABELS.glob("*.json")} == {"vi", *SECOND_LANGUAGES}
    for language in ("vi", *SECOND_LANGUAGES):
        assert labels(language).keys() == wanted.keys()
        for key, text in labels(language).items():
            assert text and printable(text) == text, (language, key)
            assert {"{first}", "{last}"} <= set(text.split()) or key != "period", (language, key)


def test_the_qr_code_is_the_one_that_segno_makes_and_stands_at_the_top_left():
    matrix = [list(row) for row in segno.make(QR, micro=False, error="m").matrix]
    with pypdfium2.PdfDocument(io.BytesIO(render(RECEIPT))) as document:
        scale = 12
        picture = document[0].render(scale=scale).to_pil().convert("L")
    side, left, top = (mm / 25.4 * 72 * scale for mm in (21, 11, 10))
    module = side / len(matrix)

    def is_dark(x: int, y: int) -> int:
        return int(picture.getpixel((int(left + (x + 0.5) * module), int(top + (y + 0.5) * module))) < 128)

    seen = [[is_dark(x, y) for x in range(len(row))] for y, row in enumerate(matrix)]
    assert seen == matrix
    quiet = picture.crop((0, 0, int(left + side + 4 * module), int(top)))
    assert quiet.getextrema() == (255, 255)


@pytest.mark.parametrize(
    "evil",
    [
        '#panic("no")',
        '"] #read("/etc/passwd") [',
        "$sum_(i=0)^n$ *b* _i_ `r` <l> @ref = H // c /* d */ \\ ~ -- --- ...",
        "\\u{41} #{1 + 1} #sys.inputs.slip {first} {last}",
        '{"vi": "x", "second": "y"}',
    ],
)
def test_what_people_write_is_never_markup(evil):
    person = Person(evil, evil, evil, evil, evil)
    matter = dataclasses.replace(RECEIPT.matter, applicant=person, procedure=Words(evil, evil))
    slip = dataclasses.replace(
        RECEIPT, matter=matter, officer=Officer(evil, evil, evil), papers=(PaperLine(Words(evil)),), return_place=evil
    )
    text = text_of(render(slip, second="en"))
    assert text.replace(" ", "").count("".join(evil.split())) >= 10


def test_signs_that_hide_or_turn_the_writing_are_left_out():
    assert printable("A\u202eB\u0000C\u200bD\ufeff\tE\r\nF") == "ABCD E\nF"
    assert printable("Nguye\u0302\u0303n") == "Nguyễn"


@pytest.mark.parametrize(("language", "name"), NAMES.items())
def test_no_name_is_printed_as_a_box(language, name):
    assert printable(name) == name
    held = frozenset().union(*(code_points(FONTS / file) for files in FACES.values() for file in files))
    assert {ord(letter) for letter in name} <= held
    matter = dataclasses.replace(RECEIPT.matter, applicant=Person(name, name))
    for second in ("", "ja"):
        assert text_of(render(dataclasses.replace(RECEIPT, matter=matter), second=second)).count(name) == 3


def test_the_fonts_hold_what_names_are_written_with():
    for codec, leads, least in (("gb2312", range(0xB0, 0xF8), 6763), ("euc_kr", range(0xB0, 0xC9), 2350)):
        pairs = (bytes((lead, trail)).decode(codec, "ignore") for lead in leads for trail in range(0xA1, 0xFF))
        characters = {character for pair in pairs for character in pair if ord(character) > 0x7F}
        assert len(characters) == least
        assert {ord(character) for character in characters} <= covered()
    assert set(range(0x1EA0, 0x1EFA)) <= covered(), "Vietnamese"
    assert set(range(0x3041, 0x3097)) | set(range(0x30A1, 0x30FB)) <= covered(), "kana"
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 6_200_000
    assert (FONTS / "OFL.txt").is_file()


def test_a_character_that_no_font_holds_is_printed_as_its_code_point():
    matter = dataclasses.replace(RECEIPT.matter, applicant=Person("𠮷野 😀"))
    assert "‹U+20BB7›野 ‹U+1F600›" in text_of(render(dataclasses.replace(RECEIPT, matter=matter)))


@pytest.mark.parametrize("text", ["Đ" * 10_000, "W" * 30 + " dài " * 2_000], ids=["no spaces", "words"])
def test_long_texts_go_on_over_pages_and_never_over_the_edge(text):
    person = Person(text[:300], text[:500], "0905", "a" * 60 + "@" + "b" * 60 + ".example.vn", text[:200])
    matter = dataclasses.replace(RECEIPT.matter, applicant=person, owner=person, submitter=person)
    for slip in (
        dataclasses.replace(RECEIPT, matter=matter, papers=(PaperLine(Words(text), note=Words(text[:100])),)),
        dataclasses.replace(SUPPLEMENT, asked=(dataclasses.replace(SUPPLEMENT.asked[0], reason=text),)),
        dataclasses.replace(REFUSAL, matter=matter, reason=text, officer=Officer(text[:300], text[:150])),
        dataclasses.replace(APOLOGY, matter=matter, reason=text, signer=Officer(text[:300], text[:150])),
        dataclasses.replace(STOP, matter=matter, reason=text, signer=Officer(text, text)),
        dataclasses.replace(CONTROL, rows=(dataclasses.replace(CONTROL.rows[0], note=text),)),
        dataclasses.replace(REGISTER, rows=(dataclasses.replace(ROW, applicant=text[:300], procedure=text[:600]),)),
    ):
        pdf = render(slip)
        assert beyond_the_edge(pdf) == [], slip.form
        assert slip.form == "register" or len(sizes_of(pdf)) > 1, slip.form


def test_224_papers_go_on_over_pages_each_with_the_head_of_the_table():
    papers = tuple(PaperLine(Words(f"Bản vẽ thiết kế số {number}"), 1, 2) for number in range(1, 225))
    with pypdfium2.PdfDocument(io.BytesIO(render(dataclasses.replace(RECEIPT, papers=papers)))) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    assert len(pages) >= 5
    for number, page in enumerate(pages, start=1):
        assert "Tên giấy tờ" in page or "Bản vẽ" not in page
        assert f"Trang {number}/{len(pages)}" in page
    assert all(f"số {number} " in " ".join(" ".join(pages).split()) + " " for number in range(1, 225))


def test_the_same_slip_gives_the_same_bytes():
    assert render(RECEIPT, second="ko") == render(RECEIPT, second="ko")


def test_threads_set_slips_at_once():
    made: dict[int, list[str]] = {}

    def work(thread: int) -> None:
        person = Person(f"Người {thread}")
        slip = dataclasses.replace(RECEIPT, matter=dataclasses.replace(RECEIPT.matter, applicant=person))
        made[thread] = [text_of(render(slip)) for _ in range(3)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(f"Người {number}" in text for number in range(4) for text in made[number])


def test_the_preview_has_a_picture_a_page():
    pictures = preview_png(RECEIPT)
    assert len(pictures) == 1
    assert pictures[0].startswith(b"\x89PNG")


def test_an_empty_register_says_so():
    sheet = RegisterSheet(
        dataclasses.replace(HEADING, number="", qr="", code=""), dt.date(2026, 1, 1), dt.date(2026, 1, 31), ()
    )
    assert "Không có hồ sơ trong thời gian này." in text_of(render(sheet, second="en"))


def test_money_is_written_as_in_viet_nam():
    assert money(Decimal("1234567")) == {"vi": "1.234.567 đồng", "second": "1,234,567 VND"}
    assert money(Decimal("0"))["vi"] == "Không thu phí, lệ phí"


@pytest.mark.parametrize(("amount", "told"), [("1.50", "2 đồng"), ("1500.49", "1.500 đồng"), ("0.40", "0 đồng")])
def test_no_part_of_a_dong_is_ever_printed(amount, told):
    assert money(Decimal(amount))["vi"] == told
    assert f"Phí, lệ phí {told}" in text_of(render(dataclasses.replace(RECEIPT, fee_due=Decimal(amount))))


def lines_of(pdf: bytes) -> list[str]:
    """Return a PDF's lines."""
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        return [line for page in document for line in page.get_textpage().get_text_bounded().splitlines()]


def of(person: Person, slip=RECEIPT):
    """Return a slip of another person."""
    return dataclasses.replace(slip, matter=dataclasses.replace(slip.matter, applicant=person, owner=None))


@pytest.mark.parametrize("slip", [RECEIPT, APOLOGY], ids=lambda slip: slip.form)
def test_an_email_address_is_never_called_a_telephone(slip):
    text = text_of(render(of(Person("Anna Smith", email="anna@example.org"), slip)))
    assert "Thư điện tử anna@example.org" in text
    assert "Điện thoại anna" not in text


@pytest.mark.parametrize(
    ("kind", "title", "lead", "second"),
    [
        ("withdrawal", "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ", "thông báo dừng giải quyết", "stopping"),
        ("suspension", "THÔNG BÁO TẠM DỪNG GIẢI QUYẾT HỒ SƠ", "thông báo tạm dừng giải quyết", "suspending"),
        ("end", "THÔNG BÁO CHẤM DỨT GIẢI QUYẾT HỒ SƠ", "thông báo chấm dứt giải quyết", "ending"),
    ],
)
def test_title_sentence_and_content_of_a_stop_agree_whoever_decides(kind, title, lead, second):
    text = text_of(render(dataclasses.replace(STOP, kind=kind), second="en"))
    for part in (title, lead, f"Notice of {second}", labels("vi")[f"stop_{kind}"].split(";")[0]):
        assert part in text
    assert "Cơ quan tiếp nhận" not in text


def test_a_passing_that_was_undone_is_called_void():
    row = dataclasses.replace(CONTROL.rows[1], void="reopen", voided_at=CONTROL.received_at)
    text = text_of(render(dataclasses.replace(CONTROL, rows=(row,)), second="en"))
    for part in ("Không còn hiệu lực", "Void", "10:30 03/12/2026", "Rút lại kết quả để giải quyết lại"):
        assert part in text
    assert "Chưa nhận" not in text


def test_the_control_slip_shows_the_first_day_and_the_extension_beside_the_last():
    slip = dataclasses.replace(CONTROL, first_due_at=CONTROL.received_at, extended_to=CONTROL.due_at)
    text = text_of(render(slip))
    assert "Hẹn trả lần đầu 10 giờ 30 phút, ngày 03/12/2026 Gia hạn đến 17 giờ 00 phút, ngày 10/12/2026" in text


@pytest.mark.parametrize("code", ["DEMO.01-261128-0002", "H17.12.45.678-261128-000002"])
def test_a_code_is_never_broken(code):
    line, register = dataclasses.replace(HAND_OVER.lines[0], code=code), dataclasses.replace(ROW, code=code)
    for slip in (
        dataclasses.replace(HAND_OVER, lines=(line,)),
        dataclasses.replace(REGISTER, rows=(register,)),
    ):
        pdf = render(slip)
        assert any(code in printed for printed in lines_of(pdf)), slip.form
        assert beyond_the_edge(pdf) == []


def test_a_paper_without_a_sheet_says_so():
    slip = dataclasses.replace(RECEIPT, papers=(PaperLine(Words("Tờ khai")), PaperLine(Words("Ảnh"), 0, 1)))
    text = text_of(render(slip))
    assert "Tờ khai — — Không có bản giấy" in text
    assert "Ảnh 0 1" in text


def test_what_a_receipt_holds_usually_fits_on_one_sheet_in_two_languages():
    for second in ("en", "ko"):
        for slip in (RECEIPT, SUPPLEMENT, REFUSAL, APOLOGY):
            assert len(sizes_of(render(slip, second=second))) == 1, (slip.form, second)


def test_signatures_are_never_alone_on_a_page():
    for count in range(2, 16):
        papers = tuple(PaperLine(Words(f"Giấy tờ số {number}", f"Paper {number}"), 1, 1) for number in range(count))
        with pypdfium2.PdfDocument(io.BytesIO(render(dataclasses.replace(RECEIPT, papers=papers), second="en"))) as pdf:
            last = pdf[len(pdf) - 1].get_textpage().get_text_bounded()
        assert "NGƯỜI NỘP HỒ SƠ" in last
        assert "Liên hệ" in last
        assert "Quét mã QR" in last


def test_a_reason_of_ten_thousand_letters_stays_whole_in_its_size():
    words = [f"lýdo{number}x" for number in range(1_000)]
    pdf = render(dataclasses.replace(REFUSAL, reason=" ".join(words)))
    text = text_of(pdf)
    assert all(word in text for word in words)
    assert len(sizes_of(pdf)) <= 5
    assert beyond_the_edge(pdf) == []
