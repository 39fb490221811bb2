"""An unknown fee is never free, a suspect amount is never an amount."""

from decimal import Decimal

import pytest

from catalogue.loading.fees import parse_fee
from tests.catalogue.conftest import catalogue_rows


@pytest.mark.parametrize("text", [None, "", "Không có thông tin (2)", "Phí : Đồng", "Miễn phí (Chưa quy định.)"])
def test_a_fee_that_the_source_does_not_know_is_unknown(text):
    fee = parse_fee(text)
    assert (fee.certainty, fee.amount) == ("unknown", None)


@pytest.mark.parametrize(
    "text",
    ["Miễn phí", "Miễn phí (Không)", "Miễn phí (Không có.)", "Phí : 0 Đồng", "Phí : Không Đồng", "Không có"],
)
def test_what_is_plainly_free_costs_nothing(text):
    fee = parse_fee(text)
    assert (fee.certainty, fee.amount, fee.text) == ("stated", Decimal(0), "")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Miễn phí (do Ủy ban nhân dân cấp tỉnh quy định.)", "do Ủy ban nhân dân cấp tỉnh quy định."),
        ("Miễn phí (Theo quy định của Hội đồng nhân dân cấp tỉnh)", "Theo quy định của Hội đồng nhân dân cấp tỉnh"),
        ("Miễn phí (Mức lệ phí (nếu có) theo quyết định)", "Mức lệ phí (nếu có) theo quyết định"),
        ("Miễn phí (- Dưới 5 tấn: 50.000 đồng/giấy)", "- Dưới 5 tấn: 50.000 đồng/giấy"),
        ("Miễn phí (Phí thẩm định)", "Phí thẩm định"),
        ("Miễn phí (Miễn lệ phí cho người thuộc hộ nghèo)", "Miễn lệ phí cho người thuộc hộ nghèo"),
        ("Miễn phí ((áp dụng mức phí 500.000 đồng/hồ sơ))", "áp dụng mức phí 500.000 đồng/hồ sơ"),
    ],
)
def test_free_with_a_bracket_that_decides_otherwise_depends_on_the_bracket(text, kept):
    fee = parse_fee(text)
    assert (fee.certainty, fee.amount, fee.text) == ("depends", None, kept)


def test_free_with_another_bracket_is_free_and_keeps_it():
    fee = parse_fee("Miễn phí (Không quy định.)")
    assert (fee.certainty, fee.amount, fee.text) == ("stated", Decimal(0), "Không quy định.")


EXEMPT = (
    "Miễn phí (Không thu lệ phí đăng ký đối với tổ hợp tác theo quy định tại khoản 2 Điều 22 Luật Hợp tác xã 2023.)"
)


@pytest.mark.parametrize("code", ["2.002637", "2.002639", "2.002640", "2.002642"])
def test_an_exemption_of_all_whom_the_procedure_is_about_makes_it_free_with_the_bracket_beside_it(code):
    fee = parse_fee(EXEMPT, subject=catalogue_rows()[code]["name"])
    assert (fee.certainty, fee.amount) == ("stated", Decimal(0))
    assert fee.text.startswith("Không thu lệ phí đăng ký đối với tổ hợp tác theo quy định")


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "Đăng ký thay đổi nội dung đăng ký hợp tác xã",
        "Thông báo tạm ngừng kinh doanh đối với tổ hợp tác, hợp tác xã, liên hiệp hợp tác xã",
        "Chấm dứt hoạt động hợp tác xã hoặc tổ hợp tác",
        "Chấm dứt hoạt động tổ hợp tác; giải thể hợp tác xã",
    ],
)
def test_an_exemption_of_some_depends_where_the_procedure_is_about_others_too(subject):
    fee = parse_fee(EXEMPT, subject=subject)
    assert (fee.certainty, fee.amount) == ("depends", None)


def test_an_exemption_beside_which_the_council_decides_depends():
    row = catalogue_rows()["2.002638"]
    fees = [parse_fee(part["fee"], subject="Đăng ký tổ hợp tác") for part in row["channel_details"]]
    assert {(fee.certainty, fee.amount) for fee in fees} == {("depends", None)}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("1.012783", "Theo quy định của Luật phí và lệ phí"),
        ("1.009460", "do tổ chức, cá nhân có luồng chuyên dùng chi trả"),
        ("1.010237", "Người dự thi cấp chứng chỉ hành nghề dịch vụ làm thủ tục về thuế phải nộp chi phí"),
        ("1.012507", "đối với cá nhân đạt kỳ thi"),
        ("1.012735", "Chi phí thuê đơn vị tư vấn"),
        ("1.014063", "Trả phí cho đơn vị cung cấp dịch vụ."),
        ("3.000495", "phí in và dán tem kiểm định"),
    ],
)
def test_a_real_bracket_after_which_somebody_pays_is_never_free(code, words):
    row = catalogue_rows()[code]
    parts = [part for part in row["channel_details"] if words in (part["fee"] or "")]
    assert parts
    for part in parts:
        assert part["fee"].startswith("Miễn phí (")
        fee = parse_fee(part["fee"], subject=row["name"])
        assert (fee.certainty, fee.amount) == ("depends", None)
        assert words in fee.text


@pytest.mark.parametrize("code", ["1.000894", "1.003198", "1.012413"])
def test_a_real_bracket_that_speaks_of_copies_or_of_other_things_leaves_it_free(code):
    row = catalogue_rows()[code]
    fees = {parse_fee(part["fee"], subject=row["name"]) for part in row["channel_details"]}
    assert {(fee.certainty, fee.amount) for fee in fees} == {("stated", Decimal(0))}
    assert all(fee.text for fee in fees)


def test_a_note_with_an_amount_beside_free_is_not_swallowed():
    fee = parse_fee("Miễn phí", note="Lệ phí: 50.000 đồng")
    assert (fee.certainty, fee.amount, fee.text) == ("depends", None, "Lệ phí: 50.000 đồng")


@pytest.mark.parametrize(
    ("text", "amount", "currency", "kind"),
    [
        ("500,000 đồng", 500_000, "VND", "unknown"),
        ("100,000 đồng (/hồ sơ)", 100_000, "VND", "unknown"),
        ("Phí : 50.000 Đồng (Phí sơ tuyển: 50.000 đồng/hồ sơ)", 50_000, "VND", "fee"),
        ("40,000 đồng (Lệ phí cấp Giấy phép lái tàu)", 40_000, "VND", "charge"),
        ("145 USD (145 USD/thẻ.)", 145, "USD", "unknown"),
        ("Lệ phí : 1.5 USD", Decimal("1.5"), "USD", "charge"),
    ],
)
def test_a_stated_amount_is_read_with_its_currency_and_kind(text, amount, currency, kind):
    fee = parse_fee(text)
    assert (fee.certainty, fee.amount, fee.currency, fee.kind) == ("stated", amount, currency, kind)


@pytest.mark.parametrize("text", ["20 đồng", "20 đồng (20.000 vnđ /tờ khai)", "1,500 đồng (1.500.000 đồng/lần)"])
def test_an_amount_cut_by_a_thousand_is_suspect_and_has_no_amount(text):
    fee = parse_fee(text)
    assert (fee.certainty, fee.amount) == ("suspect", None)


def test_several_fees_in_one_text_stay_text():
    text = "Phí : 0.5 USD (Người nước ngoài dưới 16 tuổi) Lệ phí : 01 USD (Người nước ngoài từ 16 tuổi trở lên)"
    fee = parse_fee(text)
    assert (fee.certainty, fee.amount, fee.text) == ("depends", None, text)


def test_no_amount_below_a_thousand_dong_comes_out_of_the_whole_catalogue():
    fees = [parse_fee(part["fee"]) for row in catalogue_rows().values() for part in row["channel_details"]]
    amounts = [fee.amount for fee in fees if fee.currency == "VND" and fee.amount is not None]
    assert len(amounts) > 3_000
    assert not [amount for amount in amounts if 0 < amount < 1000]


@pytest.mark.parametrize("fee", ["99999999999999.99 USD", "99999999999999999999 đồng"])
def test_an_amount_that_no_column_holds_stays_text(fee):
    parsed = parse_fee(fee)
    assert (parsed.certainty, parsed.amount, parsed.text) == ("depends", None, fee)
