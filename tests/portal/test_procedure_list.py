"""The list: words with and without marks, facets that count, addresses that can be shared."""

import re

import pytest

from tests.factories import AudienceFactory, CentreFactory, FieldFactory, ProcedureFactory, RoleFactory


def codes(html: str) -> list[str]:
    """The codes of the list, in order."""
    return re.findall(r'<span class="num">(\d\.\d+)</span>', html)


@pytest.fixture
def procedures(db):
    land = FieldFactory(slug="dat-dai", name_vi="Đất đai", name_en="Land")
    return [
        ProcedureFactory(code="1.1", name_vi="Đăng ký kết hôn", importance=9, with_channels=True),
        ProcedureFactory(code="1.2", name_vi="Thủ tục đăng ký khai sinh", importance=10, name_en="Register a birth"),
        ProcedureFactory(code="1.3", name_vi="Đăng ký đất đai", field=land, is_province_level=True, foreign=True),
        ProcedureFactory(code="1.4", name_vi="Đăng ký lại khai sinh", is_commune_level=False, is_province_level=True),
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("khai sinh", ["1.2", "1.4"]),
        ("KHAI SINH", ["1.2", "1.4"]),
        ("kết hôn", ["1.1"]),
        ("ket hon", ["1.1"]),
        ("kêt hôn", []),
        ("dat dai", ["1.3"]),
        ("1.4", ["1.4"]),
        ("birth", ["1.2"]),
        ("không có gì", []),
        ("50% _ '", []),
    ],
)
def test_words_find_with_and_without_marks_and_marks_count(read, procedures, words, found):
    assert codes(read("/vi/thu-tuc/", q=words)) == found


def test_without_words_the_important_ones_come_first(read, procedures):
    assert codes(read("/vi/thu-tuc/"))[:2] == ["1.2", "1.1"]


@pytest.mark.parametrize(
    ("facet", "value", "found"),
    [
        ("field", "dat-dai", {"1.3"}),
        ("level", "province", {"1.3", "1.4"}),
        ("level", "commune", {"1.1", "1.2", "1.3"}),
        ("channel", "online", {"1.1", "1.3"}),
        ("foreign", "1", {"1.3"}),
        ("online", "unknown", {"1.1", "1.2", "1.3", "1.4"}),
        ("field", "khong-co", set()),
    ],
)
def test_each_facet_keeps_what_fits(read, procedures, facet, value, found):
    assert set(codes(read("/vi/thu-tuc/", **{facet: value}))) == found


def test_agency_and_audience_are_facets(read):
    ProcedureFactory(code="1.1", roles=[RoleFactory(code="so-tu-phap", name_vi="Sở Tư pháp")])
    ProcedureFactory(code="1.2", audiences=[AudienceFactory(code="nguoi-nuoc-ngoai", foreign=True)])
    assert codes(read("/vi/thu-tuc/", agency="so-tu-phap")) == ["1.1"]
    assert codes(read("/vi/thu-tuc/", audience="nguoi-nuoc-ngoai")) == ["1.2"]


def test_a_count_is_what_choosing_it_shows(read, procedures):
    html = read("/vi/thu-tuc/", q="dang ky", level="province")
    option = re.search(r'href="(\?field=ho-tich[^"]*)"[^>]*><span>[^<]*</span><span class="num">(\d+)', html)
    chosen = read("/vi/thu-tuc/" + option[1].replace("&amp;", "&"))
    assert len(codes(chosen)) == int(option[2]) == 1


def test_pages_are_addresses(read, site):
    for number in range(25):
        ProcedureFactory(code=f"2.{number:03}")
    assert len(codes(read("/vi/thu-tuc/"))) == 20
    assert len(codes(read("/vi/thu-tuc/", page="2"))) == 5
    assert len(codes(read("/vi/thu-tuc/", page="99"))) == 5
    assert len(codes(read("/vi/thu-tuc/", page="x"))) == 20
    assert len(codes(read("/vi/thu-tuc/", page="0"))) == 20


def test_a_centre_keeps_what_it_receives_and_stays_in_the_links(read):
    CentreFactory(slug="phuong-so-1")
    ProcedureFactory(code="1.1", roles=[RoleFactory(vertical=True)])
    ProcedureFactory(code="1.2", roles=[RoleFactory()])
    html = read("/vi/thu-tuc/", centre="phuong-so-1")
    assert codes(html) == ["1.2"]
    assert "/vi/thu-tuc/1.2/?centre=phuong-so-1" in html


def test_what_is_typed_is_escaped(read, procedures):
    assert "<script>alert" not in read("/vi/thu-tuc/", q="<script>alert(1)</script>")


def test_names_are_in_the_readers_language_where_there_are_any(read, procedures):
    html = read("/en/procedures/", q="khai sinh")
    assert ">Register a birth</a>" in html
    assert '<a href="/en/procedures/1.4/" lang="vi">Đăng ký lại <mark>khai sinh</mark></a>' in html


def test_nothing_found_says_what_to_do(read, procedures):
    assert "Say it in other or fewer words" in read("/en/procedures/", q="xyz")


def test_the_list_spends_few_queries_whatever_its_length(site, client, procedures, django_assert_max_num_queries):
    client.get("/vi/thu-tuc/")
    with django_assert_max_num_queries(24):
        client.get("/vi/thu-tuc/", {"q": "dang ky", "level": "commune", "page": "1"})


def test_words_inside_east_asian_names_are_found(read):
    ProcedureFactory(code="1.1", name_ja="外国人労働者の労働許可書の発給", name_ko="외국인 근로자 노동허가서 발급")
    assert codes(read("/ja/procedures/", q="労働許可書")) == ["1.1"]
    assert codes(read("/ko/procedures/", q="허가서")) == ["1.1"]


def test_a_query_without_letters_finds_nothing(read, procedures):
    assert codes(read("/vi/thu-tuc/", q="😀 % '")) == []


def test_a_choice_without_hits_can_still_be_dropped(read, procedures):
    html = read("/vi/thu-tuc/", q="ket hon", field="dat-dai")
    assert "Land" in html or "Đất đai" in html
    assert "Bỏ tất cả" in html


def test_a_facet_that_knows_nothing_is_not_offered(read, procedures):
    assert "Mức độ trực tuyến" not in read("/vi/thu-tuc/")
    ProcedureFactory(code="1.9", online_level="full")
    html = read("/vi/thu-tuc/")
    assert "Mức độ trực tuyến" in html and "?online=full" in html
