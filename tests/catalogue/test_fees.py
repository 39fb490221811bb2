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
