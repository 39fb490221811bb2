"""Intake asks before it enters what is unusual, and refuses what can't be: numbers, papers, files, other dossiers."""

from __future__ import annotations

import datetime as dt
import html
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils import timezone

from catalogue.models import ProcedureRoute
from desk import actions
from desk.counter.odd_numbers import is_tax_code, oddities
from desk.counter.together import GroupPlace
from desk.files import storing
from desk.forms.filling import tick_all
from desk.identities import Identifier, Person
from desk.models import Dossier, DossierFile, Group, HandedPaper
from desk.refusals import Invalid
from desk.slips.from_dossier import make_slip
from desk.verifying.running import verify
from desk.versions import ListedPaper
from tests.desk.cast import LIST, MONDAY, make_cast
from tests.desk.made_files import pdf
from tests.desk.slip_samples import text_of
from tests.desk.test_faces_intake import TUESDAY, errors, typed, url
from tests.desk.test_intake_care import at_the_screen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Let the desk's pages open on a Tuesday in March."""
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY)


@pytest.fixture
def clerk(cast, client):
    """The clerk at the counter, logged in."""
    return at_the_screen(cast, client)


def without_papers(cast, **more):
    entered = typed(cast, **more)
    del entered["has-to-khai"]
    return entered


# Asked


def test_nothing_handed_in_is_asked_about_and_the_receipt_says_so(cast, clerk):
    answer = clerk.post(url(cast), without_papers(cast))
    assert answer.status_code == 400 and errors(answer).keys() == {"has_no_papers"} and not Dossier.objects.exists()
    assert clerk.post(url(cast), without_papers(cast, has_no_papers="on")).status_code == 302
    assert Dossier.objects.get().papers.count() == 0


def test_the_same_name_on_the_same_day_is_asked_about_where_nothing_else_tells(cast, clerk):
    clerk.post(url(cast), typed(cast))
    answer = clerk.post(url(cast), typed(cast, **{"applicant-name": "nguyen  thi lan"}))
    assert "is_another" in errors(answer) and "of the same name" in answer.content.decode()
    assert clerk.post(url(cast), typed(cast, **{"applicant-name": "Nguyễn Thị Lân"})).status_code == 400  # Folded.
    assert clerk.post(url(cast), typed(cast, **{"applicant-name": "Nguyễn Thị Loan"})).status_code == 302


def test_yesterdays_namesake_is_nobody(cast, clerk):
    cast.received()
    assert clerk.post(url(cast), typed(cast)).status_code == 302


@pytest.mark.parametrize(
    ("kind", "value", "born", "told"),
    [
        ("citizen_card", "048123456789", dt.date(1923, 5, 1), ""),
        ("citizen_card", "048123456789", None, ""),
        ("citizen_card", "150099000001", None, ""),
        ("citizen_card", "003099000001", None, "no province"),
        ("citizen_card", "999099000001", None, "no province"),
        ("citizen_card", "048299000001", None, "born in 2099"),
        ("citizen_card", "048799000001", None, "born in 2299"),
        ("citizen_card", "048090000001", dt.date(1991, 1, 1), "1990, but the day of birth says 1991"),
        ("tax_code", "0100109106", None, ""),
        ("tax_code", "0100109106-001", None, ""),
        ("tax_code", "0100109107", None, "check digit"),
        ("tax_code", "048090000001", None, ""),
        ("passport", "C1234567", None, ""),
    ],
)
def test_numbers_that_cant_have_been_given(cast, kind, value, born, told):
    person = Person("X", identifiers=(Identifier(kind, value),), born_on=born)
    found = list(oddities(person, cast.actor("clerk"), TUESDAY))
    assert len(found) == bool(told) and all(told in text for text in found)


def test_a_checked_tax_code_is_one_of_eleven():
    assert sum(is_tax_code(f"010010910{digit}") for digit in range(10)) == 1


def test_an_odd_number_is_entered_once_it_was_compared(cast, clerk):
    odd = {"applicant-number_kind1": "citizen_card", "applicant-number1": "048799000001"}
    answer = clerk.post(url(cast), typed(cast, **odd))
    assert errors(answer).keys() == {"has_odd_number"} and "born in 2299" in answer.content.decode()
    assert clerk.post(url(cast), typed(cast, has_odd_number="on", **odd)).status_code == 302
    again = clerk.post(url(cast), typed(cast, is_another="on", **odd))
    assert again.status_code == 302  # It was compared with the paper then.


def test_a_kind_needs_its_number_and_twelve_digits_of_a_person_are_a_card(cast, clerk):
    alone = clerk.post(url(cast), typed(cast, **{"applicant-number_kind1": "passport"}))
    assert "Write the number" in errors(alone)["applicant-number1"][0]
    nine = clerk.post(url(cast), typed(cast, **{"applicant-number1": "201234567"}))
    assert "what kind" in errors(nine)["applicant-number1"][0]
    assert clerk.post(url(cast), typed(cast, **{"applicant-number1": "048123456789"})).status_code == 302
    assert Dossier.objects.get().parties.get().identifiers.get().kind == "citizen_card"


def test_the_cursor_stands_where_something_is_to_be_done(cast, clerk):
    def focused(answer) -> str:
        page = answer.content.decode()
        assert page.count("autofocus") == 1
        return page.split("autofocus")[0].rsplit('name="', 1)[1].split('"')[0]

    assert focused(clerk.get(url(cast))) == "applicant-number1"
    assert focused(clerk.post(url(cast), typed(cast, **{"applicant-phone": "gọi mẹ"}))) == "applicant-phone"
    assert focused(clerk.post(url(cast), without_papers(cast))) == "has_no_papers"


# Dates


@pytest.mark.parametrize("day", ["1/2/1990", "01/02/1990", "01021990", "1990-02-01", "01-02-1990", " 01.02.1990 "])
def test_a_day_is_read_day_first_however_it_is_written(cast, clerk, day):
    assert clerk.post(url(cast), typed(cast, **{"applicant-born_on": day})).status_code == 302
    assert Dossier.objects.get().parties.get().born_on == dt.date(1990, 2, 1)


@pytest.mark.parametrize("day", ["31/02/1990", "13/13/1990", "1/2/90x", "02-31-1990", "99999999"])
def test_no_such_day_stays_as_it_was_typed(cast, clerk, day):
    answer = clerk.post(url(cast), typed(cast, **{"applicant-born_on": day}))
    assert "31/12/2026" in errors(answer)["applicant-born_on"][0]
    assert f'value="{day}"' in answer.content.decode()


def test_no_field_of_a_day_speaks_the_browsers_language(cast, clerk):
    page = clerk.get(url(cast)).content.decode()
    assert 'type="date' not in page and page.count('placeholder="dd/mm/yyyy"') >= 3


def test_every_fault_says_what_to_do_in_the_desks_own_words(cast, clerk):
    wrong = {"channel": "pigeon", "originals-to-khai": "x", "copies-to-khai": "-1", "centre": "0", "fee": "9" * 20}
    answer = clerk.post(url(cast), typed(cast, **wrong))
    assert errors(answer).keys() == wrong.keys()
    page = html.unescape(answer.content.decode())
    for told in (
        "This can't be chosen here any more: choose one of the list.",
        "Write a whole number in digits, like 2.",
        "This is too little: 0 is the least.",
        "This number has too many digits: check it.",
    ):
        assert told in page


# Who may what


def test_contracted_staff_dont_see_what_they_may_not_do(cast, client):
    page = at_the_screen(cast, client, "contractor").get(url(cast)).content.decode()
    assert 'value="reject"' not in page and 'value="supplement"' not in page and "call one of them" in page
    page = at_the_screen(cast, client).get(url(cast)).content.decode()
    assert 'value="reject"' in page and 'value="supplement"' in page


# The list


def test_a_heading_stays_to_be_read_and_cant_be_handed_in(db, client):
    sentence = {"key": "th", "name": "Trường hợp đã có dữ liệu thì không phải nộp.", "kind": "unclassified"}
    cast = make_cast(cases=[{"key": "c1", "label": "", "papers": [*LIST, sentence]}])
    form = at_the_screen(cast, client).get(url(cast)).context["form"]
    assert "th" not in [line.value.key for line in form.lines]
    assert sentence["name"] in form.notes


def test_a_key_that_is_a_paper_in_one_case_and_a_sentence_in_another_is_a_paper(db, client):
    said = {"key": "to-khai", "name": "Trường hợp đã có dữ liệu thì không phải nộp.", "kind": "unclassified"}
    cast = make_cast(cases=[{"key": "c1", "label": "A", "papers": LIST}, {"key": "c2", "label": "B", "papers": [said]}])
    assert at_the_screen(cast, client).post(url(cast), typed(cast)).status_code == 302
    assert Dossier.objects.get().papers.get().paper_key == "to-khai"


# Files


def scan(name="to-khai.pdf", content=None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf() if content is None else content)


def test_a_file_comes_with_its_paper_in_one_sending_and_one_event(cast, clerk):
    entered = typed(cast, **{"file-chung-sinh": scan("chung-sinh.pdf"), "file-to-khai": scan()})
    assert clerk.post(url(cast), entered).status_code == 302
    dossier = Dossier.objects.get()
    papers = {paper.paper_key: paper for paper in dossier.papers.select_related("file")}
    assert {key: paper.file.name for key, paper in papers.items()} == {
        "to-khai": "to-khai.pdf", "chung-sinh": "chung-sinh.pdf",
    }  # fmt: skip
    assert {paper.status for paper in papers.values()} == {HandedPaper.Status.DIGITISED}
    assert (papers["chung-sinh"].originals, papers["to-khai"].originals) == (0, 1)
    assert [event.act for event in dossier.events.all()] == ["receive"]
    assert "to-khai.pdf" not in dossier.events.get().body
    assert not any(storing.fault_of(file.place, size=file.size, sha256=file.sha256) for file in dossier.files.all())
    assert not verify(TUESDAY).faults


def test_a_file_that_cant_be_kept_is_told_at_its_paper_and_leaves_nothing(cast, clerk):
    answer = clerk.post(url(cast), typed(cast, **{"file-to-khai": scan(content=b"MZ not a scan"), "file-khac": scan()}))
    assert errors(answer).keys() == {"file-to-khai"} and not DossierFile.objects.exists()
    page = answer.content.decode()
    assert "Choose these again" in page and "to-khai.pdf" in page
    refused = clerk.post(url(cast), typed(cast, **{"file-to-khai": scan(), "applicant-phone": "x"}))
    assert refused.status_code == 400 and not DossierFile.objects.exists()


def test_what_was_stored_goes_where_the_act_is_refused(cast, clerk, monkeypatch):
    kept = []
    store = storing.store
    monkeypatch.setattr(storing, "store", lambda *args: kept.append(store(*args)) or kept[-1])

    def refuse(*_args, **_more):
        raise Invalid("No.", "papers")

    monkeypatch.setattr(actions, "receive_new", refuse)
    assert clerk.post(url(cast), typed(cast, **{"file-to-khai": scan()})).status_code == 400
    assert len(kept) == 1 and not storing.storage().exists(kept[0])


def test_more_than_one_sending_holds_is_refused_before_it_is_read(cast, clerk):
    answer = clerk.post(url(cast), typed(cast), CONTENT_LENGTH=str(200_000_000))
    assert answer.status_code == 413 and "100 MB" in answer.content.decode()


# Other dossiers


def test_a_group_is_begun_and_joined_by_code(cast, clerk):
    clerk.post(url(cast), typed(cast, group_name="Khai sinh – cư trú – BHYT"))
    first = Dossier.objects.get()
    joined = typed(cast, group_code=first.code.lower(), group_waits="on", is_another="on")
    assert clerk.post(url(cast), joined).status_code == 302
    second = Dossier.objects.order_by("pk").last()
    assert (first.membership.order, first.membership.is_lead) == (1, True)
    assert second.membership.group == first.membership.group
    assert (second.membership.order, second.membership.waits_for) == (2, first.membership)
    assert not verify(TUESDAY).faults


@pytest.mark.parametrize(
    ("entered", "field", "told"),
    [
        ({"group_code": "H17-0000-1"}, "group_code", "No dossier that you may open"),
        ({"group_code": "{there}"}, "group_code", "is in no group"),
        ({"group_name": "x" * 301}, "group_name", "too long"),
        ({"group_name": "Nhóm", "group_code": "{there}"}, "group_code", "is in no group"),
        ({"group_waits": "on"}, "group_waits", "Name the dossier"),
        ({"related": "{there} vì\nH17-0000-1 cũng vì"}, "related", "H17-0000-1"),
        ({"related": "{there} " + "x" * 201}, "related", "too long"),
    ],
)
def test_what_is_wrong_about_other_dossiers_is_told_there(cast, clerk, entered, field, told):
    there = cast.received()
    entered = {name: value.format(there=there.code) for name, value in entered.items()}
    answer = clerk.post(url(cast), typed(cast, **entered))
    assert told in errors(answer)[field][0]
    assert Dossier.objects.count() == 1 and not Group.objects.exists()


def test_related_dossiers_are_named_with_their_reason(cast, clerk):
    there = cast.received()
    clerk.post(url(cast), typed(cast, related=f"{there.code} – dùng kết quả làm giấy tờ\n\n"))
    relation = Dossier.objects.order_by("pk").last().relations.get()
    assert (relation.other, relation.reason) == (there, "dùng kết quả làm giấy tờ")


def test_a_group_takes_one_dossier_at_a_place(cast):
    group = Group.objects.create(name="Nhóm", made_at=MONDAY)
    cast.received(group=GroupPlace(group, 1, is_lead=True))
    with pytest.raises(Invalid, match="taken"):
        cast.received(group=GroupPlace(group, 1))
    assert cast.received(group=GroupPlace(group)).membership.order == 2


# Money and steps


def test_a_payment_beyond_the_fee_is_asked_about(cast, client):
    dossier = cast.processing()
    clerk = at_the_screen(cast, client, "handler")
    where = f"{dossier.get_absolute_url()}acts/request_payment/"
    asked = {"seen": dossier.last_number, "amount": "20000", "purpose": "Lệ phí"}
    answer = clerk.post(where, asked)
    assert (
        answer.status_code == 400
        and "15.000" in answer.content.decode()
        and 'name="is_more"' in answer.content.decode()
    )
    assert clerk.post(where, asked | {"is_more": "on"}).status_code == 302
    assert dossier.payment_requests.get().amount == Decimal(20_000)


def test_a_payment_within_the_fee_is_not_asked_about(cast, client):
    dossier = cast.processing()
    where = f"{dossier.get_absolute_url()}acts/request_payment/"
    asked = {"seen": dossier.last_number, "amount": "15000", "purpose": "Lệ phí"}
    assert at_the_screen(cast, client, "handler").post(where, asked).status_code == 302


def test_a_step_isnt_due_after_its_dossier(cast):
    dossier = cast.received()
    by = cast.actor("clerk")
    late = dossier.due_at + dt.timedelta(days=1)
    with pytest.raises(Invalid, match="step must be done before") as caught:
        actions.forward(dossier.pk, by=by, at=MONDAY, to_agency=cast.department, step="Thẩm định", step_due_at=late)
    assert caught.value.field == "step_due_at"
    after = dossier.due_at + dt.timedelta(hours=1)  # It is late already: the step can only be due later still.
    by = cast.actor("clerk", after)
    actions.forward(
        dossier.pk, by=by, at=after, to_agency=cast.department, step="Thẩm định", step_due_at=late + dt.timedelta(1)
    )


# The right route


def test_a_procedure_that_has_moved_says_so_before_it_is_chosen(cast, clerk):
    ProcedureRoute.objects.create(
        procedure=cast.procedure, is_provincial=False, system="Hệ thống Bộ Tư pháp", url="https://bo.example/",
        valid_from=dt.date(2026, 3, 1),
    )  # fmt: skip
    page = clerk.get("/desk/intake/", {"q": cast.procedure.code}).content.decode()
    assert "since 01/03/2026 on «Hệ thống Bộ Tư pháp»" in page
    assert "Cut-over: 01/03/2026" in clerk.get(url(cast)).content.decode()


def test_the_receipt_of_no_papers_says_so(cast):
    dossier = cast.received(papers=[])
    told = text_of(make_slip(dossier.events.get(), at=MONDAY)[1])
    assert "Không có giấy tờ kèm theo" in told
    assert "Không có giấy tờ kèm theo" not in text_of(make_slip(cast.received().events.get(), at=MONDAY)[1])


def test_what_is_still_owed_is_told_before_the_result(cast, client):
    dossier = cast.processing()
    where = f"{dossier.get_absolute_url()}acts/finish/"
    approver = at_the_screen(cast, client, "approver")
    assert "15.000 ₫ is still owed" in approver.get(where).content.decode()
    Dossier.objects.filter(pk=dossier.pk).update(fee_paid=15_000)
    assert "still owed" not in approver.get(where).content.decode()


def test_papers_that_are_only_shown_are_not_ticked_with_the_others():
    papers = [ListedPaper("a", "Tờ khai", "paper", ""), ListedPaper("b", "Hộ chiếu", "paper", "", handling="present")]
    fields = {f"{word}-{each.key}": SimpleNamespace(initial=1) for word in ("originals", "copies") for each in papers}
    ticked = tick_all(SimpleNamespace(papers=papers, fields=fields), QueryDict())
    assert ticked["has-a"] == "on" and "has-b" not in ticked
