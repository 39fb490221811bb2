"""The page of one procedure: what is known, what isn't, in which language, as of which day."""

import datetime as dt
import json
import re

import pytest
from django.utils import timezone

from catalogue.models import CentreException, ProcedureRoute, ProvinceProcedure
from catalogue.versioning import legal_content
from tests.factories import (
    CaseFactory,
    CentreFactory,
    DecisionFactory,
    FeeItemFactory,
    FilingChannelFactory,
    ProcedureFactory,
    ProvinceFactory,
    RequiredPaperFactory,
    RoleFactory,
    TermFactory,
    VersionFactory,
)

ADDRESSES = {
    "vi": "/vi/thu-tuc/",
    "en": "/en/procedures/",
    "zh-hans": "/zh-hans/procedures/",
    "ko": "/ko/procedures/",
    "ja": "/ja/procedures/",
}


def glance(html: str) -> str:
    """The four facts of a page, without its tags."""
    return re.sub(r"<[^>]+>", " ", re.search(r'<dl class="glance four">.*?</dl>', html, re.DOTALL)[0])


def test_the_page_shows_the_name_as_people_say_it_and_the_legal_name(read):
    ProcedureFactory(code="1.001193", name_vi="Thủ tục đăng ký khai sinh")
    html = read("/vi/thu-tuc/1.001193/")
    assert "<h1>Đăng ký khai sinh</h1>" in html
    assert "Thủ tục đăng ký khai sinh" in html


@pytest.mark.parametrize("language", ADDRESSES)
def test_each_language_has_the_page_and_names_all_the_others(read, language):
    ProcedureFactory(code="1.5", with_channels=True, with_papers=True)
    html = read(f"{ADDRESSES[language]}1.5/")
    for other, address in ADDRESSES.items():
        tag = "zh-Hans" if other == "zh-hans" else other
        assert f'hreflang="{tag}" href="http://localhost:8000{address}1.5/"' in html
    assert f'<link rel="canonical" href="http://localhost:8000{ADDRESSES[language]}1.5/">' in html


def test_a_text_without_translation_shows_the_vietnamese_with_its_language(read):
    ProcedureFactory(code="1.5", name_vi="Đăng ký khai tử", steps_vi="Nộp hồ sơ", steps_ko=None)
    html = read("/ko/procedures/1.5/")
    assert '<h1 lang="vi">Đăng ký khai tử</h1>' in html
    assert re.search(r'<div class="legal only" lang="vi"><p class="d0">Nộp hồ sơ</p>', html)


def test_a_translated_text_stands_without_a_language_mark(read):
    ProcedureFactory(code="1.5", name_ko="사망 신고", steps_vi="Nộp hồ sơ", steps_ko="서류를 제출합니다")
    html = read("/ko/procedures/1.5/")
    assert "<h1>사망 신고</h1>" in html
    assert '<div class="legal"><p class="d0">서류를 제출합니다</p>' in html


def test_an_unknown_fee_is_never_free(read):
    channel = FilingChannelFactory(procedure=ProcedureFactory(code="1.5"), fee=None)
    FeeItemFactory(channel=channel, unknown=True)
    html = read("/en/procedures/1.5/")
    assert "Free" not in html
    assert re.search(r"How much\s+Not published", glance(html))


def test_a_suspect_amount_never_stands_bare(read):
    channel = FilingChannelFactory(procedure=ProcedureFactory(code="1.5"), fee=None)
    FeeItemFactory(channel=channel, amount=None, certainty="suspect", text_vi="20.000 đồng/lần")
    html = read("/en/procedures/1.5/")
    assert "seems cut short" in html
    assert "20.000 đồng/lần" in html


def test_a_placeholder_limit_never_shows_as_a_day(read):
    channel = FilingChannelFactory(procedure=ProcedureFactory(code="1.5"), term=None)
    TermFactory(channel=channel, unknown=True, text_vi="")
    html = read("/en/procedures/1.5/")
    assert re.search(r"How long\s+Not published", glance(html))
    assert "1 working day" not in html


def test_several_limits_of_one_channel_show_by_case(read):
    channel = FilingChannelFactory(procedure=ProcedureFactory(code="1.5"), term=None)
    TermFactory(channel=channel, number=3, label_vi="Trường hợp cấp mới")
    TermFactory(channel=channel, number=10, label_vi="Trường hợp cấp lại")
    html = read("/en/procedures/1.5/")
    assert "3 to 10 working days" in glance(html)
    assert html.index("Trường hợp cấp mới") < html.index("3 working days") < html.index("Trường hợp cấp lại")


def test_an_unclassified_row_stands_in_its_place_marked(read):
    case = CaseFactory(procedure=ProcedureFactory(code="1.5"), paper=None)
    RequiredPaperFactory(case=case, name_vi="Tờ khai", sort_order=0)
    RequiredPaperFactory(case=case, name_vi="Bản sao văn bản nghiệm thu", unclassified=True, sort_order=1)
    RequiredPaperFactory(case=case, name_vi="Hộ chiếu", sort_order=2)
    html = read("/en/procedures/1.5/")
    assert html.index("Tờ khai") < html.index("Bản sao văn bản nghiệm thu") < html.index("Hộ chiếu")
    assert "Paper or note? Not said" in html
    assert html.count('type="checkbox"') == 2


def test_notes_stand_apart_from_papers(read):
    case = CaseFactory(procedure=ProcedureFactory(code="1.5"), paper=None)
    RequiredPaperFactory(case=case, name_vi="Tờ khai")
    RequiredPaperFactory(case=case, name_vi="Không phải nộp bản giấy", kind="note", originals=0)
    html = read("/en/procedures/1.5/")
    assert "1 note on papers" in html
    assert html.count('type="checkbox"') == 1


def test_a_form_without_its_file_shows_as_missing(read):
    from catalogue.models import Form

    case = CaseFactory(procedure=ProcedureFactory(code="1.5"), paper=None)
    RequiredPaperFactory(case=case, name_vi="Tờ khai", form=Form.objects.create(name="Mẫu TP-01"))
    html = read("/en/procedures/1.5/")
    assert re.search(r'Mẫu TP-01</span> <span class="np">Not published', html)


def test_what_the_province_decides_stands_over_the_national_row_with_its_ground(read):
    procedure = ProcedureFactory(code="1.5", with_channels=True)
    decision = DecisionFactory(number="77/NQ-HĐND")
    ProvinceProcedure.objects.create(
        procedure=procedure, province=ProvinceFactory(), term_number=1, term_unit="working_day", decision=decision
    )
    html = read("/en/procedures/1.5/")
    assert "1 working day" in glance(html)
    assert "77/NQ-HĐND" in html
    assert procedure.channels.first().terms.first().number == 3


def test_a_decision_of_yesterday_no_longer_stands(read):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    procedure = ProcedureFactory(code="1.5", with_channels=True)
    ProvinceProcedure.objects.create(
        procedure=procedure,
        province=ProvinceFactory(),
        term_number=1,
        term_unit="working_day",
        decision=DecisionFactory(),
        valid_to=yesterday,
    )
    assert "3 working days" in glance(read("/en/procedures/1.5/"))


def test_the_button_leads_to_the_route_of_today(read):
    procedure = ProcedureFactory(code="1.5", portal_url="https://dichvucong.gov.vn/a")
    assert 'href="https://dichvucong.gov.vn/a"' in read("/en/procedures/1.5/")
    ProcedureRoute.objects.create(
        procedure=procedure, is_provincial=False, system="Cổng Bộ Công an", url="https://bca.example/a"
    )
    html = read("/en/procedures/1.5/")
    assert 'href="https://bca.example/a"' in html
    assert "Apply on Cổng Bộ Công an" in html


def test_an_abolished_procedure_stays_readable_and_names_its_heir(read):
    heir = ProcedureFactory(code="1.6", name_vi="Thủ tục mới")
    ProcedureFactory(code="1.5", abolished=True, replaced_by=heir, portal_url="https://dichvucong.gov.vn/a")
    html = read("/en/procedures/1.5/")
    assert "This procedure is abolished." in html
    assert "/en/procedures/1.6/" in html
    assert "Apply on the National Portal" not in html


def test_a_procedure_of_a_vertical_agency_says_that_a_centre_may_not_take_it(read):
    procedure = ProcedureFactory(code="1.5", roles=[RoleFactory(vertical=True)])
    assert "an agency of its own line" in read("/en/procedures/1.5/")
    CentreException.objects.create(procedure=procedure, receives=True)
    assert "an agency of its own line" not in read("/en/procedures/1.5/")


def test_the_centre_chosen_stands_in_the_address(read, client):
    ProcedureFactory(code="1.5")
    CentreFactory(slug="phuong-cam-le", name_vi="Trung tâm phường Cẩm Lệ", address="40 Ông Ích Đường")
    assert "40 Ông Ích Đường" in read("/en/procedures/1.5/", centre="phuong-cam-le")
    assert not client.cookies


def test_a_day_in_the_past_shows_the_text_of_that_day(read):
    procedure = ProcedureFactory(code="1.5", name_vi="Tên cũ", steps_vi="Nộp ở quận", with_channels=True)
    VersionFactory(procedure=procedure, number=1, content=legal_content(procedure))
    procedure.name_vi, procedure.steps_vi = "Tên mới", "Nộp ở phường"
    procedure.save()
    VersionFactory(procedure=procedure, number=2, content=legal_content(procedure), effective_from=dt.date(2026, 9, 1))
    assert "Nộp ở quận" in read("/vi/thu-tuc/1.5/", on="2026-08-31")
    now = read("/vi/thu-tuc/1.5/", on="2026-09-01")
    assert "Nộp ở phường" in now
    assert "Nộp ở quận" not in now


def test_a_day_that_cannot_be_read_gets_a_clear_message(read):
    ProcedureFactory(code="1.5")
    for wrong in ("31/12/2026", "2026-02-30", "hôm qua"):
        assert "2026-11-22" in read("/vi/thu-tuc/1.5/", on=wrong)


def test_only_name_field_and_link_are_known(read):
    ProcedureFactory(code="1.5", has_details=False, own=True)
    assert "aren&#x27;t published here" in read("/en/procedures/1.5/") or "aren't published here" in read(
        "/en/procedures/1.5/"
    )


@pytest.mark.parametrize("trait", ["draft", "elsewhere"])
def test_drafts_and_other_provinces_rows_are_not_there(client, site, trait):
    ProcedureFactory(code="1.5", **{trait: True})
    assert client.get("/vi/thu-tuc/1.5/").status_code == 404


def test_the_structured_data_is_valid_json_and_cannot_close_its_script(read):
    ProcedureFactory(code="1.5", name_vi="Tên </script><script>alert(1)</script>", with_channels=True)
    html = read("/vi/thu-tuc/1.5/")
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1]
    data = json.loads(block)
    assert data["@type"] == "GovernmentService"
    assert data["identifier"] == "1.5"
    assert "<script>alert(1)" not in html


def test_many_cases_are_folded(read):
    procedure = ProcedureFactory(code="1.5")
    for number in range(6):
        CaseFactory(procedure=procedure, label_vi=f"Trường hợp {number}", sort_order=number)
    assert read("/vi/thu-tuc/1.5/").count('<details class="case">') == 6


def test_the_page_spends_few_queries(site, client, django_assert_max_num_queries):
    procedure = ProcedureFactory(code="1.5", with_channels=True, with_papers=True)
    VersionFactory(procedure=procedure, content=legal_content(procedure))
    client.get("/vi/thu-tuc/1.5/")
    with django_assert_max_num_queries(21):
        client.get("/vi/thu-tuc/1.5/")


def test_the_place_that_the_text_names_stands_before_any_centre(read):
    ProcedureFactory(code="1.5", receiving_address="65 Quán Sứ, Hà Nội")
    html = read("/en/procedures/1.5/")
    assert "65 Quán Sứ, Hà Nội" in html
    assert "Any centre of the province takes your papers" not in html


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/vi/thu-tuc/1.5/", "Cơ quan phối hợp:"),
        ("/en/procedures/1.5/", "Taking part:"),
        ("/zh-hans/procedures/1.5/", "参与配合的机关："),
        ("/ko/procedures/1.5/", "협조 기관:"),
        ("/ja/procedures/1.5/", "協力する機関："),
    ],
)
def test_agencies_that_take_part_stand_under_where_in_their_own_words(read, path, label):
    ProcedureFactory(code="1.5", coordinating_agency="Công an cấp Xã, Sở Tư pháp")
    html = read(path)
    where = html[html.index('id="where"') : html.index('id="time"')]
    line = where[where.index(label) :].split("</p>")[0]
    assert "Công an cấp Xã, Sở Tư pháp" in line
    assert ('lang="vi"' in line) == (not path.startswith("/vi/"))


def test_no_line_tells_of_agencies_where_none_takes_part(read):
    ProcedureFactory(code="1.5")
    assert "Taking part" not in read("/en/procedures/1.5/")


def test_without_an_online_channel_the_button_does_not_promise_to_apply(read):
    procedure = ProcedureFactory(code="1.5", portal_url="https://dichvucong.gov.vn/a")
    assert "See it on the National Portal" in read("/en/procedures/1.5/")
    FilingChannelFactory(procedure=procedure, kind="online")
    assert "Apply on the National Portal" in read("/en/procedures/1.5/")


def test_an_heir_that_is_not_published_stays_hidden(read):
    heir = ProcedureFactory(code="1.6", name_vi="Bản nháp bí mật", draft=True)
    ProcedureFactory(code="1.5", abolished=True, replaced_by=heir)
    assert "bí mật" not in read("/en/procedures/1.5/")


def test_a_day_before_the_records_begin_is_said_to_be_uncertain(read):
    procedure = ProcedureFactory(code="1.5")
    VersionFactory(procedure=procedure, content=legal_content(procedure))
    assert "not known" in read("/en/procedures/1.5/", on="2020-01-01")
    assert "not known" not in read("/en/procedures/1.5/", on="2026-08-01")
