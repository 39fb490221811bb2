"""Slips made from the acts of a dossier: each from its event, numbered once, the same when it is set again."""

from __future__ import annotations

import datetime as dt
import io
from contextlib import closing
from decimal import Decimal

import openpyxl
import pytest
from django.conf import settings

from catalogue.models import Case, Centre, Hotline, RequiredPaper
from desk import actions
from desk.actors import APPLICANT
from desk.demands import Demand
from desk.identities import Identifier, Person
from desk.intake import PaperIn
from desk.models import Dossier, DossierEvent, EventValue, Party, Slip
from desk.refusals import BeyondTheRules
from desk.slips import from_dossier
from desk.slips.from_dossier import CONTENT_OF, forms_of, make_slip, slip_pdf
from desk.slips.hand_overs import hand_over_sheet
from desk.slips.naming import ERASED
from desk.slips.parts import Heading, RegisterRow, Words
from desk.slips.register import register_rows, register_sheet
from desk.slips.register_xlsx import register_xlsx
from desk.slips.source import Source, tracking_url
from tests.desk.cast import FORM, LAN, MONDAY
from tests.desk.slip_samples import ROW, text_of
from tests.factories import AgencyFactory, HotlineFactory

DAY = dt.timedelta(1)
KIM = Person("김민준", identifiers=(Identifier("passport", "M70689098", "KR"),), address="339 Trần Hưng Đạo")


def event_of(dossier: Dossier, act: str = "") -> DossierEvent:
    """Return the last event of an act."""
    events = DossierEvent.objects.select_related("dossier").filter(dossier=dossier)
    return (events.filter(act=act) if act else events).order_by("number").last()


def content_of(slip: Slip):
    """Return what a slip is set from."""
    return CONTENT_OF[slip.form](Source(slip))


def finished(cast, dossier: Dossier, at: dt.datetime = MONDAY + DAY) -> Dossier:
    return actions.finish(
        dossier.pk, by=cast.actor("approver", at), at=at, outcome="granted", number="12/GKS", signed_on=at.date(),
        signatory="Lê Minh",
    )  # fmt: skip


def test_the_receipt_tells_what_was_received_and_when_it_is_due(cast):
    dossier = cast.received()
    slip, pdf = make_slip(event_of(dossier), at=MONDAY)
    assert (slip.form, slip.agency, slip.year, slip.number) == ("01", cast.commune, 2026, 1)
    text = text_of(pdf)
    for part in (
        "ỦY BAN NHÂN DÂN PHƯỜNG HÒA KHÁNH", "Số: 1/2026/TNHS", "ngày 02 tháng 03 năm 2026", dossier.code, LAN.name,
        "048123456789", LAN.address, "Thủ tục đăng ký khai sinh", "Tờ khai theo mẫu 1 0",
        "5 ngày làm việc", "09 giờ 00 phút, ngày 02/03/2026", "ngày 09/03/2026", "15.000 đồng", "Clerk",
    ):  # fmt: skip
        assert part in text
    assert content_of(slip).heading.qr == tracking_url(dossier)


def test_the_qr_code_leads_to_the_tracking_page_without_anything_personal(cast):
    dossier = cast.received()
    url = tracking_url(dossier)
    assert url == f"{settings.BASE_URL}/t/{dossier.tracking_token}?hs={dossier.code}&tt={cast.procedure.code}"
    assert "048123456789" not in url


def test_a_slip_is_numbered_once_and_set_again_the_same(cast):
    first, second = cast.received(), cast.received()
    slip, pdf = make_slip(event_of(first), at=MONDAY)
    again, same = make_slip(event_of(first), at=MONDAY + 300 * DAY)
    assert (again.pk, same) == (slip.pk, pdf)
    assert make_slip(event_of(second), at=MONDAY)[0].number == 2
    assert make_slip(event_of(second), "06", at=MONDAY)[0].number == 1
    assert make_slip(event_of(cast.received()), at=MONDAY + 365 * DAY)[0].number == 1


def test_a_slip_stays_as_the_event_left_the_dossier(cast):
    dossier = cast.processing()
    receipt = event_of(dossier, "receive")
    before = make_slip(receipt, at=MONDAY)[1]
    by = cast.actor("approver")
    actions.extend(
        dossier.pk, by=by, at=MONDAY + DAY, on=dt.date(2026, 3, 16), reason="Chờ xác minh.", late_unit="Sở Tư pháp"
    )
    actions.correct_data(
        dossier.pk, by=cast.actor("clerk"), at=MONDAY + DAY, reason="Nhầm", fee_due=Decimal(1), return_by="post"
    )
    assert slip_pdf(Slip.objects.get(event=receipt)) == before


def test_an_officer_who_moves_on_keeps_name_and_title_on_the_slip(cast):
    slip, before = make_slip(event_of(cast.received()), at=MONDAY)
    user = cast.people["clerk"]
    user.first_name = "Khác"
    user.save(update_fields=["first_name"])
    cast.commune.name_vi = "Ủy ban nhân dân phường Mới"
    cast.commune.save(update_fields=["name_vi"])
    assert slip_pdf(slip) == before


def test_the_supplement_slip_lists_all_with_its_reason(cast):
    dossier = cast.processing()
    asked = actions.request_supplement(
        dossier.pk, by=cast.actor("handler"), at=MONDAY + DAY, demands=[FORM], answer_by=dt.date(2026, 3, 20)
    )
    slip, pdf = make_slip(event_of(asked), at=MONDAY + DAY)
    assert (slip.form, slip.agency) == ("02", cast.department)
    text = text_of(pdf)
    for part in ("Số: 1/2026/HDHS", "SỞ TƯ PHÁP", FORM.reason, "20/03/2026", "tính lại từ đầu", "09 giờ 00 phút"):
        assert part in text


def test_at_entry_it_says_that_nothing_was_received_yet(cast):
    dossier = actions.register(cast.intake(), by=cast.actor("clerk"), at=MONDAY)
    actions.request_supplement(dossier.pk, by=cast.actor("clerk"), at=MONDAY, demands=[FORM])
    event = event_of(dossier)
    assert forms_of(event) == ("02",)
    text = text_of(make_slip(event, at=MONDAY)[1])
    assert "Hồ sơ chưa được tiếp nhận." in text
    assert "Thời điểm tiếp nhận" not in text


def test_a_refused_try_to_ask_for_more_has_no_slip(cast):
    dossier = cast.processing()
    with pytest.raises(BeyondTheRules):
        actions.request_supplement(
            dossier.pk, by=cast.actor("handler"), at=MONDAY, demands=[Demand("paper", "Muốn thêm.", paper_key="luu-y")]
        )
    with pytest.raises(ValueError, match="request_supplement"):
        make_slip(event_of(dossier), at=MONDAY)


def test_the_refusal_gives_its_reason_until_that_is_erased(cast):
    dossier = actions.reject_new(cast.intake(), reason="Không thuộc thẩm quyền.", by=cast.actor("clerk"), at=MONDAY)
    slip, pdf = make_slip(event_of(dossier), at=MONDAY)
    assert slip.form == "03"
    assert "Không thuộc thẩm quyền." in text_of(pdf)
    EventValue.objects.update(text="", salt="", erased_at=MONDAY)
    Party.objects.update(name="", address="", phone="", erased_at=MONDAY)
    text = text_of(slip_pdf(slip))
    assert f"đề nghị {ERASED}" in text
    assert LAN.name not in text


def test_the_apology_names_both_dates_the_unit_and_the_reason(cast):
    dossier = cast.processing()
    actions.extend(
        dossier.pk, by=cast.actor("approver"), at=MONDAY + DAY, on=dt.date(2026, 3, 16), reason="Chờ xác minh.",
        late_unit="Phòng Hộ tịch",
    )  # fmt: skip
    slip, pdf = make_slip(event_of(dossier), at=MONDAY + DAY)
    assert slip.form == "04"
    text = text_of(pdf)
    for part in (f"Kính gửi: {LAN.name}", "ngày 09/03/2026", "Phòng Hộ tịch", "Chờ xác minh.", "ngày 16/03/2026"):
        assert part in text


def test_stopped_or_withdrawn_the_notice_says_which(cast):
    withdrawn, stopped = cast.processing(), cast.processing()
    actions.withdraw(withdrawn.pk, by=cast.actor("clerk"), at=MONDAY + DAY, reason="Đổi ý.")
    actions.stop(
        stopped.pk,
        by=cast.actor("approver"),
        at=MONDAY,
        kind="suspension",
        reason="Chờ án.",
        ground="Luật Hộ tịch Điều 3",
    )
    slip, pdf = make_slip(event_of(withdrawn), at=MONDAY + DAY)
    assert (slip.form, slip.agency) == ("05", cast.commune)
    for part in ("Dừng giải quyết theo đề nghị", "Đang xử lý", "Giấy tờ trả lại", "Giấy chứng sinh 1 0", "Đổi ý."):
        assert part in text_of(pdf)
    text = text_of(make_slip(event_of(stopped), at=MONDAY)[1])
    assert "Tạm dừng giải quyết" in text
    assert "Luật Hộ tịch Điều 3" in text
    assert "Giấy tờ trả lại" not in text


def test_the_control_slip_shows_each_hand_with_its_time_and_result(cast):
    dossier = cast.received()
    by = cast.actor
    actions.forward(
        dossier.pk, by=by("clerk"), at=MONDAY, to_agency=cast.department, step="Thẩm định", step_due_at=MONDAY + DAY
    )
    actions.take_over(dossier.pk, by=by("handler"), at=MONDAY + dt.timedelta(hours=1))
    finished(cast, dossier, MONDAY + 2 * DAY)
    actions.return_result(dossier.pk, by=by("contractor"), at=MONDAY + 3 * DAY)
    slip, pdf = make_slip(event_of(dossier), "06", at=MONDAY + 3 * DAY)
    first, second = content_of(slip).rows
    assert (first.giving.name, first.taking.name, first.result) == (
        by("clerk").name, by("handler").name, "late",
    )  # fmt: skip
    assert first.taken_at == MONDAY + dt.timedelta(hours=1)
    assert (second.giving.unit, second.taking.name) == ("Sở Tư pháp", by("contractor").name)
    assert "Quá hạn" in text_of(pdf)


def test_the_hand_over_slip_goes_with_one_dossier_or_many(cast):
    one, two = cast.received(), cast.received(return_by="post")
    for dossier in (one, two):
        actions.forward(dossier.pk, by=cast.actor("clerk"), at=MONDAY, to_agency=cast.department, step="Thẩm định")
    slip, pdf = make_slip(event_of(one), at=MONDAY)
    assert slip.form == "handover"
    assert "Thẩm định" in text_of(pdf)
    other = make_slip(event_of(two), at=MONDAY)[0]
    sheet = hand_over_sheet([Source(slip), Source(other)], Heading("", "1", "", MONDAY.date()))
    assert [(line.code, line.fee_due, line.by_post) for line in sheet.lines] == [
        (one.code, True, False), (two.code, True, True),
    ]  # fmt: skip
    assert sheet.taking.unit == "Sở Tư pháp"
    finished(cast, one, MONDAY)
    assert "Kết quả số 12/GKS, ký ngày 02/03/2026" in text_of(make_slip(event_of(one), at=MONDAY)[1])


def test_the_receipt_of_the_result_says_who_took_what(cast):
    dossier = cast.processing()
    finished(cast, dossier)
    actions.return_result(dossier.pk, by=cast.actor("clerk"), at=MONDAY + 2 * DAY, to="Nguyễn Văn Tư (con)")
    slip, pdf = make_slip(event_of(dossier), at=MONDAY + 2 * DAY)
    assert slip.form == "result"
    for part in ("12/GKS", "03/03/2026", "Lê Minh", "Trước hạn", "Nguyễn Văn Tư (con)"):
        assert part in text_of(pdf)


def test_an_end_without_a_result_is_returned_with_its_notice(cast):
    dossier = cast.processing()
    actions.stop(dossier.pk, by=cast.actor("approver"), at=MONDAY, kind="end", reason="Hết căn cứ.", ground="Điều 3")
    make_slip(event_of(dossier), at=MONDAY)
    actions.return_result(dossier.pk, by=cast.actor("clerk"), at=MONDAY + DAY)
    (line,) = content_of(make_slip(event_of(dossier), at=MONDAY + DAY)[0]).results
    approver = cast.actor("approver")
    assert (line.kind, line.number, line.signed_on) == ("ended", "1/2026/DHS", MONDAY.date())
    assert line.signatory.startswith(approver.name)


def test_an_end_whose_notice_was_never_printed_is_told_from_its_event(cast):
    dossier = cast.processing()
    actions.stop(dossier.pk, by=cast.actor("approver"), at=MONDAY, kind="end", reason="Hết căn cứ.", ground="Điều 3")
    actions.return_result(dossier.pk, by=cast.actor("clerk"), at=MONDAY + DAY)
    slip, pdf = make_slip(event_of(dossier), at=MONDAY + DAY)
    (line,) = content_of(slip).results
    assert (line.number, line.signed_on) == ("", MONDAY.date())
    assert line.signatory.startswith(cast.actor("approver").name)
    assert "02/03/2026" in text_of(pdf)


def test_a_passing_undone_by_reopening_is_void_and_the_next_one_counts(cast):
    dossier = cast.processing()
    finished(cast, dossier)
    actions.reopen(dossier.pk, by=cast.actor("approver"), at=MONDAY + 2 * DAY, reason="Sai tên.")
    rows = content_of(make_slip(event_of(dossier), "06", at=MONDAY + 2 * DAY)[0]).rows
    assert [(row.void, row.voided_at) for row in rows] == [("", None), ("reopen", MONDAY + 2 * DAY)]
    finished(cast, dossier, MONDAY + 3 * DAY)
    actions.return_result(dossier.pk, by=cast.actor("clerk"), at=MONDAY + 3 * DAY)
    rows = content_of(make_slip(event_of(dossier), "06", at=MONDAY + 3 * DAY)[0]).rows
    assert [(row.void, row.taken_at is None, row.result) for row in rows] == [
        ("", False, "early"), ("reopen", True, ""), ("", False, "early"),
    ]  # fmt: skip


def test_withdrawn_before_it_was_taken_over_the_passing_is_void(cast):
    dossier = cast.received()
    actions.forward(dossier.pk, by=cast.actor("clerk"), at=MONDAY, to_agency=cast.department, step="Thẩm định")
    event = event_of(dossier)
    actions.withdraw(dossier.pk, by=cast.actor("clerk"), at=MONDAY + DAY, reason="Đổi ý.")
    rows = content_of(make_slip(event_of(dossier), "06", at=MONDAY + DAY)[0]).rows
    assert rows[0].void == "withdraw"
    (before,) = content_of(make_slip(event, "06", at=MONDAY)[0]).rows
    assert (before.void, before.result) == ("", "running")


def test_an_end_is_a_row_of_the_control_slip_and_a_step_is_due_when_the_dossier_is(cast):
    dossier = cast.processing()
    due = dossier.due_at
    actions.stop(dossier.pk, by=cast.actor("approver"), at=MONDAY, kind="end", reason="Hết căn cứ.", ground="Điều 3")
    actions.hand_back(dossier.pk, by=cast.actor("clerk"), at=MONDAY + DAY)
    first, second = content_of(make_slip(event_of(dossier), "06", at=MONDAY + DAY)[0]).rows
    assert (first.step_due_at, first.result) == (due, "early")
    assert (second.giving.name, second.taking.name) == (cast.actor("approver").name, cast.actor("clerk").name)


def test_the_control_slip_keeps_the_first_day_and_the_extension(cast):
    dossier = cast.processing()
    first = dossier.due_at
    actions.extend(
        dossier.pk, by=cast.actor("approver"), at=MONDAY + DAY, on=dt.date(2026, 3, 16), reason="Chờ.", late_unit="Sở"
    )
    slip = make_slip(event_of(dossier), "06", at=MONDAY + DAY)[0]
    content = content_of(slip)
    assert (content.first_due_at, content.extended_to) == (first, content.due_at)
    assert content.due_at.date() == dt.date(2026, 3, 16)
    earlier = content_of(make_slip(event_of(dossier, "take_over"), "06", at=MONDAY)[0])
    assert (earlier.first_due_at, earlier.extended_to, earlier.due_at) == (None, None, first)


def test_the_refusal_prints_where_and_whom_to_ask(cast):
    centre = cast.centre
    centre.address, centre.phone = "1 Lê Duẩn", "0236 3888 999"
    centre.save(update_fields=["address", "phone"])
    Hotline.objects.create(centre=centre, label="Tổng đài", phone="1022", live=True)
    dossier = actions.reject_new(cast.intake(), reason="Không.", by=cast.actor("clerk"), at=MONDAY)
    slip, pdf = make_slip(event_of(dossier), at=MONDAY)
    text = text_of(pdf)
    for part in ("0236 3888 999", "1 Lê Duẩn", "Đường dây nóng: 1022", "Cán bộ liên hệ Nguyễn Clerk"):
        assert part in text
    Hotline.objects.update(live=False)
    assert "1022" not in text_of(slip_pdf(slip))


def test_a_foreigner_gets_the_language_of_the_dossier_beside(cast):
    procedure = cast.procedure
    procedure.name_ko = "출생 등록"
    procedure.save(update_fields=["name_ko"])
    case = Case.objects.create(procedure=procedure, key="c1", label_vi="")
    RequiredPaper.objects.create(case=case, key="to-khai", kind="paper", name_vi="Tờ khai theo mẫu", name_ko="신고서")
    RequiredPaper.objects.create(case=case, key="chung-sinh", kind="paper", name_vi="Tên đã đổi", name_ko="다른 서류")
    slip, pdf = make_slip(event_of(cast.received(applicant=KIM, language="ko")), at=MONDAY)
    assert content_of(slip).limit == Words("5 ngày làm việc", "근무일 기준 5일")
    text = text_of(pdf)
    for part in ("출생 등록", "신고서", "김민준", "M70689098 (hộ chiếu, KR)", "2026-03-09"):
        assert part in text
    assert "다른 서류" not in text


def test_a_corrected_paper_shows_on_later_slips_only(cast):
    dossier = cast.processing()
    old = dossier.papers.get(paper_key="to-khai")
    receipt = make_slip(event_of(dossier, "receive"), at=MONDAY)[0]
    correction = Demand("correction", "Sai ngày sinh.", handed_paper_id=old.pk)
    actions.request_supplement(dossier.pk, by=cast.actor("handler"), at=MONDAY + DAY, demands=[correction])
    actions.accept_supplement(
        dossier.pk, by=cast.actor("clerk"), at=MONDAY + 2 * DAY, papers=[PaperIn(originals=2, corrects=old.pk)]
    )
    assert [line.originals for line in content_of(receipt).papers] == [1, 1]
    later = make_slip(event_of(dossier), "06", at=MONDAY + 2 * DAY)[0]
    assert sorted(line.originals for line in content_of(later).papers) == [1, 2]


def test_a_slip_costs_a_few_queries(cast, django_assert_max_num_queries):
    slip = make_slip(event_of(cast.received()), at=MONDAY)[0]
    with django_assert_max_num_queries(6):
        slip_pdf(slip)


def test_a_form_that_isnt_the_events_is_refused(cast):
    with pytest.raises(ValueError, match="04"):
        make_slip(event_of(cast.received()), "04", at=MONDAY)


def test_the_register_holds_what_was_received_in_the_period(cast):
    cast.received(MONDAY - DAY)
    ours = [cast.received(MONDAY), cast.received(MONDAY + DAY)]
    actions.reject_new(cast.intake(), reason="Không.", by=cast.actor("clerk"), at=MONDAY)
    sheet = register_sheet(cast.commune, MONDAY.date(), MONDAY.date() + DAY, on=MONDAY.date())
    assert [(row.number, row.code) for row in sheet.rows] == [(1, ours[0].code), (2, ours[1].code)]
    assert (sheet.rows[0].applicant, sheet.rows[0].agency) == (LAN.name, "Sở Tư pháp")


def test_the_register_costs_a_few_queries_for_any_number_of_rows(cast, django_assert_max_num_queries):
    for _ in range(5):
        cast.received(MONDAY)
    with django_assert_max_num_queries(3):
        assert len(list(register_rows(cast.commune, MONDAY.date(), MONDAY.date()))) == 5


def test_the_workbook_keeps_as_text_what_looks_like_a_formula():
    evil = ["=1+1", "+84", "-x", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1", "a\x00b", "Đ" * 40_000]
    rows = [RegisterRow(n, text, text, 1, text, text, text, text, MONDAY, note=text) for n, text in enumerate(evil)]
    with closing(openpyxl.load_workbook(io.BytesIO(register_xlsx([ROW, *rows])))) as book:
        sheet = book.active
        cells = list(sheet.iter_rows(min_row=2))
        assert [cell.value for cell in next(sheet.iter_rows(max_row=1))][:3] == ["STT", "Mã hồ sơ", "Nội dung yêu cầu"]
    assert cells[0][8].value == dt.datetime(2026, 12, 3, 10, 30)
    assert cells[0][11].value == "Qua bưu chính công ích"
    assert [row[1].value for row in cells[1:7]] == evil[:6]
    assert all(cell.data_type != "f" for row in cells for cell in row)
    assert cells[7][1].value == "ab"
    assert len(cells[8][1].value) == 32_767


def test_whoever_prints_second_gets_the_slip_of_the_first_and_no_number_is_lost(cast):
    event, other = event_of(cast.received()), event_of(cast.received())
    first = from_dossier._number(event, "01", MONDAY)
    assert from_dossier._number(event, "01", MONDAY) == first
    assert from_dossier._number(other, "01", MONDAY).number == first.number + 1


def test_without_an_officer_the_receiving_agency_issues_the_notice_and_nobody_is_named(cast):
    dossier = cast.processing()
    actions.withdraw(dossier.pk, by=APPLICANT, at=MONDAY, reason="Đổi ý.")
    slip, pdf = make_slip(event_of(dossier), at=MONDAY)
    assert (slip.agency, content_of(slip).signer.name) == (cast.commune, "")
    assert "THỦ TRƯỞNG CƠ QUAN" in text_of(pdf)


def test_sent_by_post_it_goes_to_the_applicants_address(cast):
    slip = make_slip(event_of(cast.received(return_by="post")), at=MONDAY)[0]
    assert content_of(slip).return_place == LAN.address


def test_a_slip_says_whom_to_ask(cast):
    """The centre's telephone, and the hotline that is nearest."""
    Centre.objects.filter(pk=cast.centre.pk).update(phone="0236 3111 222")
    HotlineFactory(centre=None, agency=AgencyFactory(parent=None), phone="1022")
    slip = make_slip(event_of(cast.received()), at=MONDAY)[0]
    contact = content_of(slip).contact
    assert (contact.phone, contact.hotline) == ("0236 3111 222", "1022")
    HotlineFactory(centre=cast.centre, agency=None, phone="0236 3999 111")
    assert content_of(slip).contact.hotline == "0236 3999 111"
    assert "0236 3999 111" in text_of(slip_pdf(slip))


def test_what_ended_is_told_with_its_day_and_who_signed(cast):
    dossier = cast.processing()
    by = {"by": cast.actor("approver"), "at": MONDAY + DAY}
    actions.stop(dossier.pk, **by, kind="end", ground="Điều 9", reason="Không đủ điều kiện")
    actions.return_result(dossier.pk, by=cast.actor("clerk"), at=MONDAY + 2 * DAY)
    (line,) = content_of(make_slip(event_of(dossier), at=MONDAY + 2 * DAY)[0]).results
    told = (line.kind, line.signed_on, line.signatory)
    assert told == ("ended", (MONDAY + DAY).date(), "Nguyễn Approver, Người phê duyệt")
