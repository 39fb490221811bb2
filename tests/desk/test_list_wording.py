"""What the wording of lists tells where the source has no mark: no paper, no case, only for some."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from desk.forms.filling import tick_all
from desk.forms.intake import IntakeForm
from desk.list_wording import is_case, is_for_some, is_said
from desk.versions import cases_of, papers_of
from tests.desk.cast import MONDAY, make_cast


def listed(key: str, name: str) -> dict[str, object]:
    return {"key": key, "name": name, "kind": "paper", "originals": 1, "copies": 0}


@pytest.mark.parametrize(
    ("name", "is_no_paper"),
    [
        ("Trường hợp không khai thác được thông tin thì cơ quan đăng ký hộ tịch yêu cầu xuất trình bản chính", True),
        ("- Trường hợp thuê mua nhà ở cho lực lượng vũ trang nhân dân:", True),
        ("* Lưu ý: trực tiếp nộp hồ sơ thì ghi số định danh", True),
        ("Số lượng hồ sơ: 01 bộ", True),
        ("2. Các tài liệu pháp lý:", True),
        ("Trường hợp ủy quyền thì nộp thêm văn bản ủy quyền", False),
        ("Giấy tờ khác (nếu có)", False),
        ("a) Tờ khai hải quan: 02 bản chính;", False),
    ],
)
def test_a_heading_or_a_sentence_is_no_paper(name, is_no_paper):
    assert is_said(name) == is_no_paper


@pytest.mark.parametrize(
    ("label", "is_one"),
    [
        ("* Giấy tờ phải nộp:", False),
        ("Giấy tờ phải xuất trình khi nộp hồ sơ gồm bản chính các loại sau:", False),
        ("a) Thành phần hồ sơ:", False),
        ("1.3.1. Thành phần hồ sơ phải nộp", False),
        ("Bao gồm", False),
        ("*Lưu ý :", False),
        ("Số lượng hồ sơ: 01 bộ.", False),
        (":", False),
        ("", False),
        ("Thành phần hồ sơ gia hạn sử dụng đất gồm", True),
        ("(1.7) Đối với công trình nhà ở riêng lẻ:", True),
        ("Trường hợp 2", True),
        ("b) Đối với cấp lại", True),
        ("Hồ sơ của người nhận con nuôi:", True),
    ],
)
def test_a_heading_over_everybodys_papers_is_no_case(label, is_one):
    assert is_case(label) == is_one


@pytest.mark.parametrize(
    ("name", "is_some"),
    [
        ("+ Trường hợp không có Giấy chứng sinh thì nộp văn bản của người làm chứng", True),
        ("(6.6) Đối với hình thức là tham gia thực hiện các gói thầu", True),
        ("- Nếu công dân Việt Nam đã ly hôn thì phải nộp Trích lục", True),
        ("Bản sao giấy phép trong trường hợp nhập khẩu lần đầu", True),
        ("Giấy tờ khác (nếu có)", True),
        ("Văn bản có chữ ký, con dấu (nếu có) của các chủ thể", False),
        ("Giấy chứng sinh", False),
        ("Giấy chứng sinh; trường hợp không có Giấy chứng sinh thì nộp văn bản của người làm chứng", False),
        ("Bản chính giấy tờ làm cơ sở chứng thực. Trường hợp không có bản chính thì nộp bản sao", False),
        ("Mẫu hộ tịch điện tử (nếu người yêu cầu lựa chọn nộp hồ sơ theo hình thức trực tuyến)", True),
        ("1. Đối với tàu biển", True),
        ("Nêu rõ lý do", False),
    ],
)
def test_a_papers_own_words_say_that_only_some_bring_it(name, is_some):
    assert is_for_some(name) == is_some


def test_of_two_cases_everybodys_headings_stand_in_both_and_what_is_a_cases_own_is_left(db):
    cast = make_cast(
        cases=[
            {"key": "all", "label": "* Giấy tờ phải nộp:", "papers": [listed("form", "Tờ khai")]},
            {"key": "new", "label": "a) Đối với cấp mới", "papers": [listed("plan", "Bản vẽ")]},
            {"key": "again", "label": "b) Đối với cấp lại", "papers": [listed("old", "Giấy phép cũ")]},
        ]
    )
    version = cast.procedure.versions.get()
    assert [case["key"] for case in cases_of(version)] == ["new", "again"]
    assert [(paper.key, paper.is_for_some) for paper in papers_of(version)] == [
        ("form", False), ("plan", True), ("old", True),
    ]  # fmt: skip
    assert [(paper.key, paper.is_for_some) for paper in papers_of(version, "again")] == [
        ("form", False), ("old", False),
    ]  # fmt: skip
    form = IntakeForm(cast.procedure, cast.actor("clerk"), MONDAY)
    assert {name for name in tick_all(form, QueryDict()) if name.startswith("has-")} == {"has-form"}
    assert form.leaves_some and form.waits_for_case
    chosen = IntakeForm(cast.procedure, cast.actor("clerk"), MONDAY, QueryDict("case_key=again"))
    assert not chosen.waits_for_case and not chosen.leaves_some


def test_a_list_with_one_case_is_everybodys_whatever_its_label(db):
    cast = make_cast(cases=[{"key": "one", "label": "Hồ sơ đề nghị", "papers": [listed("form", "Tờ khai")]}])
    assert [paper.is_for_some for paper in papers_of(cast.procedure.versions.get())] == [False]
