"""Numbers are equal in all languages."""

import pytest

from catalogue import figures


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("01 bản chính", "1 original"),
        ("ngày 15 tháng 11 năm 2015", "2015年11月15日"),
        ("Nghị định 104/2022/NĐ-CP", "Decree No. 104/2022/NĐ-CP"),
        ("500.000 đồng", "500,000 VND"),
        ("không có số", "no figures"),
    ],
)
def test_equal_figures_pass(source, text):
    assert figures.are_equal(source, text)


@pytest.mark.parametrize(
    ("source", "text", "said"),
    [
        ("15 ngày", "5 days", "lacks 15; adds 5"),
        ("02 bản", "copies", "lacks 2"),
        ("bản sao", "1 copy", "adds 1"),
        ("2 bản, 2 ảnh", "2 copies, a photo", "lacks 2"),
        ("104/2022/NĐ-CP", "104/2022/ND-CP", "104/2022/NĐ-CP"),
    ],
)
def test_different_figures_are_named(source, text, said):
    assert said in figures.difference(source, text)
