"""Intake: the procedure is found, the promise is reckoned before the eyes, and what can't be right is told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Agency, Procedure, ProcedureRoute, ProvinceProcedure
from desk import actions
from desk.deciding import competent_agency
from desk.demands import Demand
from desk.forms.intake import IntakeForm
from desk.models import Dossier, Party
from desk.refusals import ActRefused
from desk.states import State
from tests.desk.cast import MONDAY, content, make_cast
from tests.factories import AgencyFactory, CentreFactory, DecisionFactory, ProcedureFactory, RoleFactory, VersionFactory

TUESDAY = MONDAY + dt.timedelta(1)
pytestmark = pytest.mark.django_db
PEOPLE = {f"{role}-kind": "person" for role in Party.Role.values} | {
    f"{role}-country{n}": "VN" for role in Party.Role.values for n in (1, 2)
}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Let the desk's pages open on a Tuesday in March."""
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY)


@pytest.fixture
def clerk(cast, client):
    """The clerk at the counter, logged in."""
    client.force_login(cast.people["clerk"])
    return client


def url(cast) -> str:
    return reverse("desk:intake", args=[cast.procedure.code])


def typed(cast, do="receive", **more):
    """What the clerk types for Lan."""
    return {
        **PEOPLE,
        "do": do,
        "centre": cast.centre.pk,
        "channel": "counter",
        "decided_by": cast.department.pk,
        "return_by": "pick_up",
        "language": "vi",
        "sets": "1",
        "applicant-name": "Nguyễn Thị Lan",
        "applicant-address": "Tổ 5, phường Hòa Minh, quận Liên Chiểu (cũ)",
        "has-to-khai": "on",
        "originals-to-khai": "1",
        **more,
    }


def errors(answer) -> dict:
    """Every error of the page by field, of people with their role."""
    form = answer.context["form"]
    found = dict(form.errors)
    for role, person in form.people.items():
        found |= {f"{role}-{name}": told for name, told in person.errors.items()}
    return found


def test_receive_gives_a_code_and_the_date_that_was_shown(cast, clerk):
    shown = clerk.get(url(cast)).context["form"]
    assert [line.value.key for line in shown.lines] == ["to-khai", "chung-sinh", "khac"]
    preview = clerk.post(url(cast), typed(cast, "check")).context["promise"]
    answer = clerk.post(url(cast), typed(cast))
    dossier = Dossier.objects.get()
    assert answer.url == dossier.get_absolute_url()
    assert (dossier.code, dossier.state) == ("DEMO.01-260303-0001", State.RECEIVED)
    assert dossier.due_at == preview.due_at and dossier.fee_due == preview.fee == 15_000
    assert [(paper.paper_key, paper.originals) for paper in dossier.papers.all()] == [("to-khai", 1)]


def test_no_number_and_no_vneid_is_ever_needed(cast, clerk):
    clerk.post(url(cast), typed(cast))
    assert Dossier.objects.get().parties.get().identifiers.count() == 0


def test_numbers_of_several_kinds_and_somebody_who_submits(cast, clerk):
    people = {
        "applicant-number_kind1": "old_card",
        "applicant-number1": "201 234 567",
        "applicant-number_kind2": "passport",
        "applicant-number2": "M12345678",
        "applicant-country2": "KR",
        "submitter-name": "Kim Min-ji",
        "owner-kind": "company",
        "owner-name": "Công ty Một",
        "owner-number_kind1": "tax_code",
        "owner-number1": "0400123454",
    }
    clerk.post(url(cast), typed(cast, **people))
    parties = {party.role: party for party in Dossier.objects.get().parties.all()}
    assert set(parties) == {"applicant", "owner", "submitter"}
    numbers = sorted((each.value, each.country) for each in parties["applicant"].identifiers.all())
    assert numbers == [("201234567", "VN"), ("M12345678", "KR")]


def test_register_and_ask_for_more_is_form_02(cast, clerk):
    asked = {"missing-chung-sinh": "Chưa có", "missing-to-khai": "Thiếu chữ ký", "answer_by": "2026-03-20"}
    clerk.post(url(cast), typed(cast, "supplement", **asked))
    dossier = Dossier.objects.get()
    assert (dossier.state, dossier.due_at, dossier.entry_supplements) == (State.SUPPLEMENT, None, 1)
    items = dossier.supplement_requests.get().items.order_by("kind")
    assert [(item.kind, item.reason) for item in items] == [("correction", "Thiếu chữ ký"), ("paper", "Chưa có")]


def test_register_and_ask_leaves_both_events_or_nothing(cast, clerk):
    asked = {"missing-chung-sinh": "Chưa có", "answer_by": "2026-03-20"}
    clerk.post(url(cast), typed(cast, "supplement", **asked))
    dossier = Dossier.objects.get()
    assert list(dossier.events.order_by("number").values_list("act", flat=True)) == ["register", "request_supplement"]
    by = cast.actor("clerk", TUESDAY)
    for refused in ([Demand("paper", "x" * 3_000, "khac")], [Demand("paper", "Cần", "no-such-paper")], []):
        with pytest.raises(ActRefused):
            actions.register_and_ask(cast.intake(), demands_of=lambda _papers, it=refused: it, by=by, at=TUESDAY)
    assert Dossier.objects.count() == 1


def test_to_ask_for_more_without_saying_what_is_refused_and_registers_nothing(cast, clerk):
    answer = clerk.post(url(cast), typed(cast, "supplement"))
    assert answer.status_code == 400 and not Dossier.objects.exists()
    wrong_day = clerk.post(url(cast), typed(cast, "supplement", **{"missing-khac": "Cần", "answer_by": "2020-01-01"}))
    assert "answer_by" in errors(wrong_day) and not Dossier.objects.exists()


def test_refuse_needs_its_reason_and_is_form_03(cast, clerk):
    answer = clerk.post(url(cast), typed(cast, "reject"))
    assert errors(answer).keys() == {"reason"}
    clerk.post(url(cast), typed(cast, "reject", reason="Không thuộc thẩm quyền"))
    assert Dossier.objects.get().state == State.REJECTED


WRONG = {
    "five digits": ({"applicant-number_kind1": "citizen_card", "applicant-number1": "12345"}, "applicant-number1"),
    "letters": ({"applicant-number_kind1": "old_card", "applicant-number1": "20123456O"}, "applicant-number1"),
    "no kind": ({"applicant-number1": "201234567"}, "applicant-number1"),
    "country": ({"applicant-number_kind1": "passport", "applicant-number1": "M12345678", "applicant-country1": "ZZZ"},
                "applicant-country1"),
    "no name": ({"applicant-name": " "}, "applicant-name"),
    "10,000 letters": ({"applicant-name": "Đặng " * 2_000}, "applicant-name"),
    "born in the future": ({"applicant-born_on": "2030-01-01"}, "applicant-born_on"),
    "born on no day": ({"applicant-born_on": "30/02/1980"}, "applicant-born_on"),
    "telephone": ({"applicant-phone": "gọi mẹ"}, "applicant-phone"),
    "mail": ({"applicant-email": "lan@"}, "applicant-email"),
    "no such commune": ({"applicant-place": "Xã Không Có"}, "applicant-place"),
    "address": ({"applicant-address": "Tổ " * 1_000}, "applicant-address"),
    "submitted tomorrow": ({"submitted_at": "2026-03-04T09:00"}, "submitted_at"),
    "submitted on no day": ({"submitted_at": "2026-02-31T09:00"}, "submitted_at"),
    "no such channel": ({"channel": "pigeon"}, "channel"),
    "no such case": ({"case_key": "c99"}, "case_key"),
    "no such centre": ({"centre": "999999"}, "centre"),
    "too many": ({"originals-to-khai": "100000"}, "originals-to-khai"),
    "less than none": ({"copies-to-khai": "-1"}, "copies-to-khai"),
    "fee": ({"fee": "-5"}, "fee"),
    "date off": ({"due_on": "2026-03-08", "due_text": "theo hẹn"}, "due_on"),
    "date without text": ({"due_on": "2026-03-09"}, "due_text"),
    "null byte": ({"applicant-name": "Lan\x00"}, "applicant-name"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_cant_be_right_is_told_at_its_field_and_nothing_typed_is_lost(cast, clerk, case):
    entered, field = WRONG[case]
    answer = clerk.post(url(cast), typed(cast, **entered))
    assert answer.status_code == 400
    assert field in errors(answer)
    assert "Tổ " in answer.content.decode() and not Dossier.objects.exists()


def test_a_procedure_abolished_yesterday_names_its_heir(cast, clerk):
    heir = ProcedureFactory(name_vi="Thủ tục mới")
    Procedure.objects.filter(pk=cast.procedure.pk).update(replaced_by=heir)
    VersionFactory(
        procedure=cast.procedure, number=2, content=content(cast.procedure, status="abolished"),
        effective_from=dt.date(2026, 3, 2),
    )  # fmt: skip
    answer = clerk.get(url(cast))
    assert answer.status_code == 409 and heir.code in answer.content.decode()
    # What was handed in before that is still settled under the old version.
    assert clerk.post(url(cast), typed(cast, submitted_at="2026-02-27T09:00")).status_code == 302


def test_a_centre_that_no_longer_exists_is_told_at_the_centre(cast, clerk):
    Agency.objects.filter(pk=cast.commune.pk).update(valid_to=dt.date(2026, 3, 3))
    answer = clerk.post(url(cast), typed(cast))
    assert answer.status_code == 400 and "centre" in errors(answer)
    cast.centre.live = False
    cast.centre.save()
    assert clerk.get(url(cast)).status_code == 409


def test_only_the_counter_takes_dossiers_in(cast, client):
    for name, status in {"clerk": 200, "contractor": 200, "head": 200, "handler": 403, "supervisor": 403}.items():
        client.force_login(cast.people[name])
        assert client.get(url(cast)).status_code == status, name
        assert client.get("/desk/intake/").status_code == status, name
    client.force_login(cast.people["clerk"])
    assert client.get("/desk/intake/9.999999/").status_code == 404


def test_a_contractor_may_receive_but_not_refuse(cast, client):
    client.force_login(cast.people["contractor"])
    assert client.post(url(cast), typed(cast, "reject", reason="Không")).status_code == 400
    assert client.post(url(cast), typed(cast)).status_code == 302


def test_a_limit_without_a_number_asks_for_the_date_and_its_text(db, client):
    term = {"key": "t1", "label": "", "number": None, "unit": "unknown", "text": "Theo thông báo"}
    cast = make_cast(channels=[{"key": "counter", "kind": "counter", "terms": [term], "fees": []}])
    client.force_login(cast.people["clerk"])
    assert client.get(url(cast)).context["promise"].needs_date
    assert "due_on" in errors(client.post(url(cast), typed(cast)))
    client.post(url(cast), typed(cast, due_on="2026-03-20", due_text="Theo thông báo"))
    assert Dossier.objects.get().due_at.date() == dt.date(2026, 3, 20)


def test_a_route_that_has_moved_leads_to_the_ministrys_system_and_takes_its_code(cast, clerk):
    ProcedureRoute.objects.create(
        procedure=cast.procedure, is_provincial=False, system="Hệ thống Bộ Tư pháp", url="https://bo.example/",
        valid_from=dt.date(2026, 3, 1),
    )  # fmt: skip
    answer = clerk.post(url(cast), typed(cast))
    text = answer.content.decode()
    assert "https://bo.example/" in text and 'value="Nguyễn Thị Lan"' in text
    noted = reverse("desk:intake_moved", args=[cast.procedure.code])
    entered = typed(cast, code="G15-260303-77", state="1", submitted_at="2026-03-03T08:30")
    assert clerk.post(noted, entered | {"code": ""}).status_code == 400
    assert clerk.post(noted, entered).status_code == 302
    dossier = Dossier.objects.get()
    assert (dossier.system, dossier.outside_code, dossier.is_shadow) == ("Hệ thống Bộ Tư pháp", "G15-260303-77", True)
    again = clerk.post(noted, entered)
    assert "code" in again.context["form"].errors
    told = {"seen": dossier.last_number, "state": "2", "received_at": "2026-03-03T08:45"}
    assert clerk.post(reverse("desk:act", args=[dossier.code, "mirror"]), told).status_code == 302
    assert Dossier.objects.get().state == State.RECEIVED
    # What was handed in before the cut-over stays here.
    earlier = typed(cast, submitted_at="2026-02-27T09:00", is_another="on")
    assert clerk.post(url(cast), earlier).url != answer.request["PATH_INFO"]


def test_a_procedure_is_found_by_its_code(cast, clerk):
    found = clerk.get("/desk/intake/", {"q": cast.procedure.code}).context["found"]
    assert found == [cast.procedure]
    assert clerk.get("/desk/intake/", {"q": "x" * 5000}).status_code == 200


def test_the_competent_agency_is_the_provinces_decision_then_the_role_nearest_then_the_centres_own(cast):
    day = TUESDAY.date()
    assert competent_agency(cast.procedure, cast.centre, day) == cast.commune
    role = RoleFactory()
    department = AgencyFactory(role=role, place=cast.centre.province)
    procedure = ProcedureFactory(roles=[role], is_commune_level=False)
    assert competent_agency(procedure, cast.centre, day) == department
    role_here = RoleFactory(level="commune")
    Agency.objects.filter(pk=cast.commune.pk).update(role=role_here)
    both = ProcedureFactory(roles=[role, role_here])
    assert competent_agency(both, cast.centre, day) == cast.commune
    ProvinceProcedure.objects.create(
        procedure=both, province=cast.centre.province, agency=cast.neighbour, decision=DecisionFactory()
    )
    assert competent_agency(both, cast.centre, day) == cast.neighbour
    committee = AgencyFactory(place=cast.centre.province)
    provincial = CentreFactory(
        place=cast.centre.province, province=cast.centre.province, level="province", agency=committee
    )
    assert competent_agency(cast.procedure, provincial, day) is None


def test_a_blank_form_is_drawn_once_and_never_with_what_somebody_typed(cast, clerk):
    blank = clerk.get(url(cast)).content.decode()
    typed_in = clerk.post(url(cast), {"do": "check", "applicant-name": "Nguyễn Thị Lan"}).content.decode()
    assert "Nguyễn Thị Lan" in typed_in
    again = clerk.get(url(cast)).content.decode()
    assert "Nguyễn Thị Lan" not in again and again.count("autofocus") == blank.count("autofocus") == 1
    other = next(iter(cast.procedure.versions.all()))
    other.content["cases"][0]["papers"][0]["name"] = "Tờ khai mới"
    form = IntakeForm(cast.procedure, cast.actor("clerk"), MONDAY)
    before = form.blank_key
    form.version = other
    del form.papers
    assert form.blank_key != before, "another list is drawn anew"
