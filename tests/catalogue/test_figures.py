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


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("15/11/2015", "15 November 2015"),
        ("ngày 15 tháng 11 năm 2015", "November 15, 2015"),
        ("ngày 15 tháng 11 năm 2015", "2015년 11월 15일"),
        ("03/04/2025", "2025-04-03"),
        ("tháng 7/2025", "July 2025"),
        ("1.000.000 đồng", "1,000,000 VND"),
        ("1.000.000 đồng", "1\u00a0000\u00a0000 VND"),
        ("1,5 lần", "1.5 times"),
        ("khoản 1,2 Điều 5", "clauses 1 and 2 of Article 5"),
        ("0236 3674 174", "+84 236 3674174"),
        ("1900.1234", "1900 1234"),
        ("7h30 - 11h30", "7:30–11:30"),
        ("5 m2", "5 m²"),
        ("15 ngày", "15 days; you may come in person"),
        ("Quyết định 1475/QĐ-BTP", "Decision 1475/QĐ-BTP"),
        ("Thông tư 66/2023/TT- BCA", "Circular 66/2023/TT-BCA"),
        ("Luật 60/2014/QH13 - Luật Hộ tịch", "Law 60/2014/QH13 on civil status"),
    ],
)
def test_other_ways_of_writing_the_same_figure_pass(source, text):
    assert figures.difference(source, text) == ""
    assert figures.difference(text, source) == ""


@pytest.mark.parametrize(
    ("source", "text", "said"),
    [
        ("ngày 03/04/2025", "04/03/2025", "lacks 3/4/2025; adds 4/3/2025"),
        ("15 tháng 11 năm 2015", "15 October 2015", "lacks 15/11/2015; adds 15/10/2015"),
        ("50.000 đồng", "50.0 VND", "lacks 50000"),
        ("12.500", "500,12", "lacks 12500"),
        ("1,5 lần", "5.1 times", "lacks 1.5; adds 5.1"),
        ("0236 3674 174", "0236 3674 175", "lacks 02363674174; adds 02363674175"),
        ("Quyết định 1475/QĐ-BTP", "Decision 1475/QD-BTP", "lacks 1475/QĐ-BTP"),
        ("mã 1.001193", "code 1.001194", "lacks 1.001193; adds 1.001194"),
        ("nộp hồ sơ", "you may 5", "adds 5"),
    ],
)
def test_a_figure_put_together_otherwise_is_another_one(source, text, said):
    assert said in figures.difference(source, text)


def test_what_differs_is_given_as_lists_for_the_screens():
    found = figures.compare("15 ngày, 2 bản", "5 days, 2 copies")
    assert (found.lacking, found.added) == (("15",), ("5",))
    assert not figures.compare("2 bản", "2 copies")
