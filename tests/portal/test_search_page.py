"""The page of results: what search found in its order, why, what else fits, and help where nothing does."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.conf import settings as django_settings
from django.test import Client

from catalogue.models import Term, UnitChange
from catalogue.models.places import TWO_TIER_FROM
from search import life, public
from search.models import EverydayWords, Situation, SituationProcedure, WordGroup
from search.public import Hit
from tests.factories import (
    CentreFactory,
    CommuneFactory,
    HotlineFactory,
    ProcedureFactory,
    ProvinceFactory,
    RoleFactory,
)

LANGUAGES = [code for code, _name in django_settings.LANGUAGES]
LISTS = {code: "/vi/thu-tuc/" if code == "vi" else f"/{code}/procedures/" for code in LANGUAGES}
UNREADABLE = {
    "spaces": "   ",
    "long": "giấy khai sinh " * 700,
    "one long word": "a" * 10_000,
    "control characters": "khai\x00 \x07sinh\x1b[31m",
    "emoji": "😀👩‍👩‍👧 khai sinh",
    "operators": '+khai -sinh "AND OR NOT" name:x~2^3 (a* b?)',
    "regex": "(.*)+$ [a-z]{1,999} \\d",
    "SQL": "'; DROP TABLE catalogue_procedure; --",
    "a lone mark": "\u0301",
    "a mark first": "\u0309khai",
    "right to left": "\u202eשלום \u200fمرحبا",
    "template": "{{ settings.SECRET_KEY }} {% load x %}",
    "HTML": "<script>alert(1)</script>",
    "percent": "50% _ '",
    "only question words": "ở đâu bao nhiêu cần gì",
}


def codes(html: str) -> list[str]:
    """The codes of the results, in order."""
    return re.findall(r'<span class="num">(\d\.\d+)</span>', html)


def titles(html: str) -> str:
    """What stands in the results' headings."""
    return " ".join(re.findall(r"<h3[^>]*>(.*?)</h3>", html))


def plain(html: str) -> str:
    """The text of the page without its tags, in single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


@pytest.fixture
def rows(db):
    """Four procedures with papers, everyday words and a situation, a centre, a hotline, an old place."""
    province = ProvinceFactory()
    birth = ProcedureFactory(
        code="1.001193", name_vi="Thủ tục đăng ký khai sinh", name_en="Register a birth", name_ko="출생 등록",
        name_ja="出生届", name_zh_hans="出生登记", importance=10, with_channels=True, with_papers=True,
    )  # fmt: skip
    again = ProcedureFactory(code="1.004884", name_vi="Thủ tục đăng ký lại khai sinh", with_papers=True)
    single = ProcedureFactory(code="1.004873", name_vi="Cấp Giấy xác nhận tình trạng hôn nhân", with_channels=True)
    permit = ProcedureFactory(
        code="1.014199", name_vi="Cấp giấy phép lao động", name_en="Get a work permit", name_ko="노동허가서 발급",
        name_ja="労働許可書の交付", name_zh_hans="劳动许可证签发", is_province_level=True, foreign=True,
    )  # fmt: skip
    EverydayWords.objects.create(procedure=birth, language="vi", phrases="làm giấy khai sinh cho con\nkhai sinh bé")
    EverydayWords.objects.create(procedure=single, language="vi", phrases="giấy độc thân")
    situation = Situation.objects.create(language="vi", phrases="mới sinh em bé")
    SituationProcedure.objects.create(situation=situation, procedure=birth)
    place = CommuneFactory(name="Xã Hòa Vang")
    CentreFactory(slug="xa-hoa-vang", name_vi="Trung tâm xã Hòa Vang", place=place, address="Quốc lộ 14B")
    HotlineFactory(centre=CentreFactory(slug="hai-chau", place=CommuneFactory(name="Phường Hải Châu")))
    before = ProvinceFactory(code="48", name="Thành phố Đà Nẵng cũ", valid_from=None, valid_to=province.valid_from)
    UnitChange.objects.create(old=before, new=province, effective_on=TWO_TIER_FROM)
    old = CommuneFactory(old=True, name="Xã Hòa Phong", province=before, parent=before)
    UnitChange.objects.create(old=old, new=place, effective_on=TWO_TIER_FROM)
    return birth, again, single, permit


@pytest.fixture
def index(site, rows):
    """The rows, with an index of them."""
    life.rebuild()


def test_the_order_is_that_of_search_and_everyday_words_find(index, read):
    assert codes(read("/vi/thu-tuc/", q="làm giấy khai sinh cho con"))[0] == "1.001193"
    assert codes(read("/vi/thu-tuc/", q="giay doc than"))[0] == "1.004873"
    assert "1.004873" not in codes(read("/vi/thu-tuc/", q="work permit"))


@pytest.mark.parametrize("query", ["khai sinh", "khai sinhh", "giay khai sinh", "KHAI SINH", "khai sinh ở đâu"])
def test_the_words_are_marked_in_titles_however_they_were_typed(index, read, query):
    assert "<mark>" in titles(read("/vi/thu-tuc/", q=query))
    assert re.search(r"<mark>([Đđ]ăng ký )?khai sinh</mark>", titles(read("/vi/thu-tuc/", q=query)))


@pytest.mark.parametrize(
    ("language", "query", "marked"),
    [
        ("en", "work permits", "<mark>work permit</mark>"),
        ("ko", "노동허가", "<mark>노동허가</mark>서"),
        ("ja", "労働許可書", "<mark>労働許可書</mark>の"),
        ("zh-hans", "劳动许可", "<mark>劳动许可</mark>证"),
    ],
)
def test_words_are_marked_in_other_scripts(index, read, language, query, marked):
    assert marked in titles(read(LISTS[language], q=query))


def test_why_it_was_found_is_said_where_the_title_does_not_say_it(index, read):
    html = plain(read("/vi/thu-tuc/", q="giay doc than"))
    assert "Vì: “giấy độc thân”" in html
    assert "Vì: cần làm khi “mới sinh em bé”" in plain(read("/vi/thu-tuc/", q="mới sinh em bé"))
    assert "Vì:" not in plain(read("/vi/thu-tuc/", q="Đăng ký khai sinh")).partition("1.004884")[0]


def test_a_phrase_that_stands_in_the_title_is_no_reason(index, rows, read):
    EverydayWords.objects.create(procedure=rows[3], language="en", phrases="work permit")
    life.rebuild()
    assert "Why:" not in plain(read("/en/procedures/", q="work permit"))


def test_why_it_was_found_is_in_the_readers_language_and_tells_the_other(index, read):
    html = read("/en/procedures/", q="giay doc than")
    assert re.search(r'Why: “<span lang="vi"><mark>giấy độc thân</mark></span>”', html)


def test_the_code_that_was_typed_is_no_reason(index, read):
    html = read("/vi/thu-tuc/", q="1.004873")
    assert codes(html) == ["1.004873"]
    assert "Vì:" not in html


def test_a_vietnamese_name_that_fitted_is_called_that_on_a_page_in_another_language(index, read):
    assert "Why: its Vietnamese name “Cấp giấy phép lao động”" in plain(
        read("/en/procedures/", q="cấp giấy phép lao động")
    )
    html = plain(read("/zh-hans/procedures/", q="cấp giấy phép lao động"))
    assert "原因：越南语名称“Cấp giấy phép lao động”" in html


def test_a_slip_is_mended_and_said_with_a_link_to_exactly_that(index, read):
    html = read("/vi/thu-tuc/", q="khai sinhh")
    assert "Đã tìm:" in html
    assert '<a href="?q=khai+sinh"><b>khai sinh</b></a>' in html
    assert "Đã tìm:" not in read("/vi/thu-tuc/", q="khai sinh")


def test_a_centre_is_found_by_its_name(index, read):
    html = read("/vi/thu-tuc/", q="trung tâm hòa vang")
    assert 'href="/vi/trung-tam/xa-hoa-vang/"' in html
    assert "Quốc lộ 14B" in html


def test_a_hotline_is_found_and_can_be_called(index, read):
    html = read("/vi/thu-tuc/", q="đường dây nóng")
    assert re.search(r'also-hotline.*href="tel:', html, re.DOTALL)


def test_an_old_place_leads_to_the_present_one_and_its_centre(index, read):
    html = read("/vi/thu-tuc/", q="hoa phong")
    assert "Xã Hòa Phong" in html
    assert '<a href="/vi/trung-tam/xa-hoa-vang/">Xã Hòa Vang</a>' in html
    assert "1/7/2025" in html
    assert "Nay là: <a" in html
    assert 'href="/vi/noi-cu/?q=hoa%20phong"' in html


def test_other_kinds_stay_away_where_they_do_not_fit_or_a_filter_is_set(index, read):
    assert 'class="also"' not in read("/vi/thu-tuc/", q="khai sinh")
    assert 'class="also"' not in read("/vi/thu-tuc/", q="hoa phong", level="commune")


def test_the_answer_stands_in_place_where_one_procedure_leads(index, read):
    html = read("/vi/thu-tuc/", q="làm giấy khai sinh cho con")
    best = re.search(r'<article class="best".*?</article>', html, re.DOTALL)[0]
    assert "3 ngày làm việc" in best and "50.000 đồng" in best and "1 giấy tờ" in best
    assert codes(html).count("1.001193") == 1


@pytest.mark.parametrize(
    ("part", "label", "anchor"),
    [
        ("papers", "Giấy tờ cần mang", "bring"),
        ("time", "Bao lâu", "time"),
        ("fee", "Bao nhiêu tiền", "time"),
        ("place", "Nộp ở đâu", "where"),
        ("online", "Trực tuyến", "time"),
        ("form", "Biểu mẫu", ""),
    ],
)
def test_what_was_asked_for_comes_first_and_leads_to_its_part_of_the_page(
    index, read, monkeypatch, part, label, anchor
):
    find = public.find
    monkeypatch.setattr(public, "find", lambda *args, **kwargs: replace(find(*args, **kwargs), parts=(part,)))
    html = read("/vi/thu-tuc/", q="khai sinh")
    best = re.search(r'<article class="best".*?</article>', html, re.DOTALL)[0]
    assert re.findall(r"<dt>(.*?)</dt>", best)[0] == label
    if anchor:
        assert f'href="/vi/thu-tuc/1.001193/#{anchor}"' in best
        assert f'<h2 id="{anchor}"' in read("/vi/thu-tuc/1.001193/")


def test_what_is_asked_for_but_not_published_leads_to_where_it_may_stand(index, rows, read, monkeypatch):
    find = public.find
    parts = ("form", "time")
    monkeypatch.setattr(public, "find", lambda *args, **kwargs: replace(find(*args, **kwargs), parts=parts))
    Term.objects.all().delete()
    html = read("/vi/thu-tuc/", q="khai sinh")
    assert '<a href="/vi/thu-tuc/1.001193/#bring">Xem danh sách</a>' in html
    assert '<a href="/vi/thu-tuc/1.001193/#steps">Xem «Các bước»</a>' in html


def test_an_answer_keeps_the_chosen_centre(index, rows, read, monkeypatch):
    find = public.find
    monkeypatch.setattr(public, "find", lambda *args, **kwargs: replace(find(*args, **kwargs), parts=("place",)))
    rows[0].roles.add(RoleFactory())
    html = read("/vi/thu-tuc/", q="khai sinh", centre="xa-hoa-vang")
    assert 'href="/vi/thu-tuc/1.001193/?centre=xa-hoa-vang#where"' in html


def test_another_language_keeps_what_was_typed_and_chosen(index, read):
    html = read("/vi/thu-tuc/", q="khai sinh", level="commune", page="1")
    assert 'hreflang="en" href="/en/procedures/?level=commune&amp;q=khai+sinh">English' in html
    assert 'hreflang="en" href="http://localhost:8000/en/procedures/">' in html
    assert 'hreflang="en" href="/en/procedures/">English' in read("/vi/thu-tuc/")


def test_a_report_says_what_was_typed(index, read):
    assert 'href="/vi/report/?page=/vi/thu-tuc/%3Fq%3Dkhai%2Bsinh"' in read("/vi/thu-tuc/", q="khai sinh")


def test_a_title_as_long_as_a_screen_is_cut_by_the_style_sheet(site, read):
    ProcedureFactory(code="2.001", name_vi="Đăng ký tàu cá " + "và thuyền các loại khác " * 10)
    ProcedureFactory(code="2.002", name_vi="Đăng ký tàu cá")
    life.rebuild()
    assert read("/vi/thu-tuc/", q="đăng ký tàu cá").count('class="long"') == 1


def test_another_query_begins_without_filters_at_the_same_centre(index, rows, read):
    rows[0].roles.add(RoleFactory())
    html = read("/vi/thu-tuc/", q="khai sinh", level="commune", centre="xa-hoa-vang")
    box = re.search(r'<form role="search".*?</form>', html, re.DOTALL)[0]
    assert re.findall(r'type="hidden" name="(\w+)"', box) == ["was", "centre"]


def test_what_a_slip_was_read_as_keeps_the_centre_and_the_filters(index, rows, read):
    rows[0].roles.add(RoleFactory())
    html = read("/vi/thu-tuc/", q="khai sinhh", centre="xa-hoa-vang")
    assert '<a href="?centre=xa-hoa-vang&amp;q=khai+sinh"><b>khai sinh</b></a>' in html


def test_nothing_found_tells_of_no_mending(index, read):
    html = read("/vi/thu-tuc/", q="qqqwww zzzxxx")
    assert "Không tìm thấy" in html
    assert "Đã tìm:" not in html


def test_the_form_tells_what_was_typed_before(index, read):
    assert '<input type="hidden" name="was" value="khai sinh">' in read("/vi/thu-tuc/", q="khai sinh")
    assert 'name="was"' not in read("/vi/thu-tuc/")


def test_facets_count_what_was_found_and_addresses_can_be_shared(index, read):
    html = read("/vi/thu-tuc/", q="giấy", level="province")
    assert codes(html) == ["1.014199"]
    assert re.search(r'href="\?level=province&amp;q=gi%E1%BA%A5y" aria-current="true"', html) or "aria-current" in html
    assert "Hãy bỏ bớt bộ lọc" in read("/vi/thu-tuc/", q="giấy độc thân", level="ministry")


def test_nothing_found_helps_on(index, read):
    html = read("/vi/thu-tuc/", q="xyzxyz")
    for help_ in ("Không tìm thấy.", "/vi/duong-day-nong/", "/vi/noi-cu/?q=xyzxyz", "?field=ho-tich"):
        assert help_ in html


def test_what_comes_nearest_is_offered_where_nothing_fits(index, read, monkeypatch):
    near = Hit("procedure", "1.014199", 0.5, titles={"vi": "Cấp giấy phép lao động", "en": "Get a work permit"})
    monkeypatch.setattr(public, "suggest", lambda *args, **kwargs: public.Answer(hits=(near,)))
    html = read("/en/procedures/", q="xyzxyz")
    assert "Perhaps you mean" in html
    assert '<a href="/en/procedures/1.014199/">Get a work permit</a>' in html


def test_without_an_index_plain_words_find(site, rows, read):
    assert set(codes(read("/vi/thu-tuc/", q="khai sinh"))) == {"1.001193", "1.004884"}
    assert "<mark>khai sinh</mark>" in read("/vi/thu-tuc/", q="khai sinh")


def test_a_search_that_fails_costs_its_order_never_the_page_and_is_not_kept(
    index, page_cache, monkeypatch, caplog, client: Client
):
    def fail(*args: object, **kwargs: object) -> None:
        raise OSError("The disk is gone.")

    monkeypatch.setattr(public, "find", fail)
    response = client.get("/vi/thu-tuc/", {"q": "khai sinh"})
    assert set(codes(response.content.decode())) == {"1.001193", "1.004884"}
    assert "no-store" in response["Cache-Control"] and "plain words answer" in caplog.text
    monkeypatch.undo()
    assert "no-store" not in client.get("/vi/thu-tuc/", {"q": "khai sinh"})["Cache-Control"]


def test_pages_of_results_keep_the_query(site, read):
    for number in range(25):
        ProcedureFactory(code=f"2.{number:03}", name_vi=f"Đăng ký tàu cá số {number}")
    life.rebuild()
    first, second = (codes(read("/vi/thu-tuc/", q="đăng ký tàu cá", page=page)) for page in ("1", "2"))
    assert len(first) == 20 and len(second) == 5 and not set(first) & set(second)
    assert "q=%C4%91%C4%83ng+k%C3%BD+t%C3%A0u+c%C3%A1&amp;page=2" in read("/vi/thu-tuc/", q="đăng ký tàu cá")


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_is_typed_gives_a_sensible_page(index, client: Client, language):
    faults = []
    for name, query in UNREADABLE.items():
        response = client.get(LISTS[language], {"q": query})
        html = response.content.decode()
        if response.status_code != 200 or len(html) > 60_000:
            faults.append(name)
        faults += [f"{name}: {bad!r}" for bad in ("<script>alert", "\u202e", "\x00", "\x1b") if bad in html]
    assert not faults


WRONG = (
    "page=99999999999999999999&q=khai",
    "page=-1&q=khai",
    "page=%00&q=khai",
    "q=khai&q=sinh",
    "q=%ff%fe",
    "q=%ED%A0%80",
    "q=khai&level=%00",
    "q=khai&field=" + "x" * 3000,
    "q=khai&centre=%00%27",
    "q=khai&centre=khong-co",
    "q[]=khai",
    "q=khai&foreign=2&online=x&agency='&audience=%F0%9F%98%80&channel=counter",
)


def test_wrong_pages_and_facets_give_a_sensible_page(index, client: Client):
    assert [query for query in WRONG if client.get(f"/vi/thu-tuc/?{query}").status_code != 200] == []


@pytest.mark.parametrize("page", ["0", "-1", "x", "1.5", "²"])
def test_what_is_no_page_is_the_first(index, client: Client, page):
    assert client.get("/vi/thu-tuc/", {"q": "khai sinh", "page": page}).context["pager"].number == 1


QUERIES = ("làm giấy khai sinh cho con", "hoa phong", "trung tâm hòa vang", "đường dây nóng", "xyzxyz", "giấy")


def test_results_spend_few_queries(index, client: Client, django_assert_max_num_queries):
    client.get("/vi/thu-tuc/")
    for query in QUERIES:
        with django_assert_max_num_queries(25):
            client.get("/vi/thu-tuc/", {"q": query})


def test_results_are_drawn_anew_after_the_words_changed(index, page_cache, committing, client: Client):
    asked = ("/vi/thu-tuc/", {"q": "qwxz"})
    assert codes(client.get(*asked).content.decode()) == []
    with committing():
        WordGroup.objects.create(language="vi", everyday="qwxz", legal="đăng ký khai sinh", kind="everyday")
    assert codes(client.get(*asked).content.decode())[0] == "1.001193"


def test_a_new_everyday_phrase_is_found_on_the_page_at_once(index, page_cache, committing, rows, client: Client):
    asked = ("/vi/thu-tuc/", {"q": "chàng trai lẻ bóng"})
    assert "1.004873" not in codes(client.get(*asked).content.decode())
    with committing():
        EverydayWords.objects.filter(procedure=rows[2]).get().delete()
        EverydayWords.objects.create(procedure=rows[2], language="vi", phrases="chàng trai lẻ bóng")
    assert codes(client.get(*asked).content.decode())[0] == "1.004873"
