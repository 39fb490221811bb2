"""A placeholder is never a day; several limits are told apart."""

import json

import pytest

from catalogue.loading.channels import parse_channels
from catalogue.loading.terms import parse_term
from tests.catalogue.conftest import catalogue_rows


@pytest.mark.parametrize(
    ("time", "number", "unit"),
    [
        ("5 ngày làm việc", 5, "working_day"),
        ("05 Ngày làm việc", 5, "working_day"),
        ("30 ngày", 30, "day"),
        ("01 Giờ", 1, "hour"),
        ("8 giờ làm việc", 8, "working_hour"),
        ("2 tháng", 2, "month"),
    ],
)
def test_a_plain_limit_is_a_number_and_a_unit(time, number, unit):
    term = parse_term(time, note=None)
    assert (term.number, term.unit, term.text) == (number, unit, "")


@pytest.mark.parametrize(
    ("time", "note", "uncertain", "unit", "text"),
    [
        ("1 (nguồn không ghi đơn vị)", None, True, "unknown", ""),
        ("1 (nguồn không ghi đơn vị)", "Trong thời hạn 3 ngày", False, "unknown", "Trong thời hạn 3 ngày"),
        ("15 ngày", "theo quy định", True, "unknown", "theo quy định"),
        (None, None, False, "unknown", ""),
        ("0 Giờ", "Ngay sau khi nhận", False, "unknown", "Ngay sau khi nhận"),
        ("0 ngày", "Trong ngày làm việc.", False, "same_day", "Trong ngày làm việc."),
        ("Thực hiện trong ngày làm việc nhận được hồ sơ", None, False, "same_day", None),
        ("Trả trong ngày làm việc tiếp theo", None, False, "unknown", "Trả trong ngày làm việc tiếp theo"),
        ("7.5 ngày làm việc", None, False, "unknown", "7.5 ngày làm việc"),
        ("Không quy định", None, False, "none", ""),
        ("Theo mô tả", "Không quá 3 ngày", False, "unknown", "Không quá 3 ngày"),
    ],
)
def test_without_a_usable_number_the_text_is_all_that_is_known(time, note, uncertain, unit, text):
    term = parse_term(time, note=note, is_uncertain=uncertain)
    assert (term.number, term.unit) == (None, unit)
    assert term.text == (time if text is None else text)


def test_at_most_so_many_days_keeps_its_words():
    term = parse_term("Không quá 15 ngày làm việc.", note=None)
    assert (term.number, term.unit, term.text) == (15, "working_day", "Không quá 15 ngày làm việc.")


def test_a_note_about_the_fee_is_not_the_text_of_the_limit():
    (channel,) = parse_channels(
        [{"channel": "Trực tiếp", "time": "3 ngày", "fee": None, "note": "Phí: 150.000 đồng/hồ sơ."}]
    )
    assert channel["terms"][0]["text"] == ""
    assert channel["fees"][0] == {
        "label": "",
        "kind": "fee",
        "amount": None,
        "currency": "VND",
        "certainty": "unknown",
        "text": "Phí: 150.000 đồng/hồ sơ.",
    }


def test_several_limits_of_a_channel_are_named_by_case():
    rows = [
        {"channel": "Trực tiếp", "time": "5 ngày", "fee": "Miễn phí", "note": "Trường hợp 1: có thẩm định"},
        {"channel": "Trực tiếp", "time": "9 ngày", "fee": "Miễn phí", "note": "Trường hợp 2: không thẩm định"},
        {"channel": "Trực tiếp", "time": "9 ngày", "fee": "Miễn phí", "note": "Trường hợp 2: không thẩm định"},
    ]
    (channel,) = parse_channels(rows)
    assert [(term["number"], term["label"]) for term in channel["terms"]] == [
        (5, "Trường hợp 1: có thẩm định"),
        (9, "Trường hợp 2: không thẩm định"),
    ]
    assert len(channel["fees"]) == 1


def test_no_placeholder_survives_anywhere_in_the_whole_catalogue():
    channels = [parse_channels(row["channel_details"]) for row in catalogue_rows().values()]
    assert "nguồn không ghi" not in json.dumps(channels, ensure_ascii=False)
