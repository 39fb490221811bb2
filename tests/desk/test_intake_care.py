"""Intake takes care: nothing is entered twice or dropped unsaid, and every fault is told at once, at its field."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError
from django.utils import timezone

from desk import actions, countries
from desk.forms.intake import IntakeForm
from desk.identities import Identifier, number
from desk.models import Dossier, Party
from desk.once import token_of
from desk.refusals import Invalid
from desk.states import State
from tests.desk.cast import MONDAY, content, make_cast
from tests.desk.test_faces_intake import TUESDAY, errors, typed, url
from tests.factories import CentreFactory, CommuneFactory, ProcedureFactory, VersionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NUMBERED = {
    "applicant-number_kind1": "citizen_card",
    "applicant-number1": "048123456789",
}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Let the desk's pages open on a Tuesday in March."""
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY)


@pytest.fixture
def clerk(cast, client):
    """The clerk at the counter, logged in."""
    return at_the_screen(cast, client)


def at_the_screen(cast, client, name="clerk"):
    """Somebody of the cast, logged in, who reads English."""
    client.force_login(cast.people[name])
    client.post("/desk/language/", {"language": "en"})
    return client


@pytest.fixture
def without_limit(db):
    """A cast whose procedure says nothing about its time limit."""
    term = {"key": "t1", "label": "", "number": None, "unit": "unknown", "text": ""}
    return make_cast(channels=[{"key": "counter", "kind": "counter", "terms": [term], "fees": []}])


def codes() -> list[str]:
    return sorted(Dossier.objects.values_list("code", flat=True))


# Once


def test_what_is_sent_twice_is_entered_once(cast, clerk):
    once = clerk.get(url(cast)).context["form"]["once"].value()
    first = clerk.post(url(cast), typed(cast, once=once))
    again = clerk.post(url(cast), typed(cast, once=once), follow=True)
    assert again.redirect_chain[0][0] == first.url and len(codes()) == 1
    assert f"entered already, as {codes()[0]}" in again.content.decode()
    other = clerk.get(url(cast)).context["form"]["once"].value()
    clerk.post(url(cast), typed(cast, once=other, is_another="on"))
    assert codes() == ["DEMO.01-260303-0001", "DEMO.01-260303-0002"]


def test_a_form_that_was_kept_and_filled_in_for_the_next_person_is_another(cast, clerk):
    once = clerk.get(url(cast)).context["form"]["once"].value()
    clerk.post(url(cast), typed(cast, once=once))
    following = typed(cast, once=once, **NUMBERED, **{"applicant-name": "Trần Văn Khác"})
    clerk.post(url(cast), following)
    clerk.post(url(cast), following)
    names = Party.objects.filter(role="applicant").order_by("pk").values_list("name", flat=True)
    assert len(names) == 2 and names[1] == "Trần Văn Khác"


@pytest.mark.parametrize("do", ["receive", "supplement", "reject"])
def test_the_slower_of_two_sendings_at_once_finds_the_first_and_takes_no_number(cast, clerk, monkeypatch, do):
    more = {"supplement": {"missing-khac": "Chưa có"}, "reject": {"reason": "Không thuộc thẩm quyền"}}
    entered = typed(cast, do, once="same", **more.get(do, {}))
    first = clerk.post(url(cast), entered)
    asked = []
    earlier = IntakeForm.earlier.fget

    def late(form):
        """Find nothing the first time: the other sending wasn't saved yet."""
        asked.append(form)
        return earlier(form) if len(asked) > 1 else None

    monkeypatch.setattr(IntakeForm, "earlier", property(late))
    assert clerk.post(url(cast), entered).url == first.url
    assert len(asked) == 2 and codes() == ["DEMO.01-260303-0001"]
    clerk.post(url(cast), typed(cast, is_another="on"))
    assert codes() == ["DEMO.01-260303-0001", "DEMO.01-260303-0002"]


def test_the_value_of_one_officers_form_leads_nobody_else_to_the_dossier(cast, clerk, client):
    clerk.post(url(cast), typed(cast, once="same"))
    other = at_the_screen(cast, client, "contractor")
    other.post(url(cast), typed(cast, once="same", is_another="on"))
    assert len(codes()) == 2


def test_the_token_is_as_long_as_a_random_one_and_cant_be_told_from_the_value(settings):
    token = token_of("1:2:same")
    assert len(token) == len(token_of("")) == 43 and token_of("") != token_of("")
    assert token == token_of("1:2:same") != token_of("1:2:other")
    settings.SECRET_KEY = "another"
    assert token_of("1:2:same") != token


def test_the_database_itself_refuses_the_second(cast):
    actions.receive_new(cast.intake(once="same"), by=cast.actor("clerk"), at=MONDAY)
    with pytest.raises(IntegrityError):
        actions.receive_new(cast.intake(once="same"), by=cast.actor("clerk"), at=MONDAY)
    assert len(codes()) == 1


# The same person again


def test_the_same_number_is_told_with_code_and_link_and_saved_once_it_is_acknowledged(cast, clerk):
    there = cast.received()
    answer = clerk.post(url(cast), typed(cast, **NUMBERED))
    page = answer.content.decode()
    assert answer.status_code == 400 and errors(answer).keys() == {"is_another"} and len(codes()) == 1
    assert f'href="{there.get_absolute_url()}"' in page and 'name="is_another"' in page
    shown = clerk.post(url(cast), typed(cast, "check", **NUMBERED))
    assert shown.status_code == 200 and there.code in shown.content.decode()
    assert clerk.post(url(cast), typed(cast, is_another="on", **NUMBERED)).status_code == 302
    assert len(codes()) == 2


def test_without_a_number_telephone_and_name_tell(cast, clerk):
    cast.received()
    same = {"applicant-name": "nguyen thi lan", "applicant-phone": "+84 905 123 456"}
    assert "is_another" in errors(clerk.post(url(cast), typed(cast, **same)))
    # A family shares a telephone, and many share a name.
    assert clerk.post(url(cast), typed(cast, **same | {"applicant-name": "Nguyễn Văn Nam"})).status_code == 302
    assert clerk.post(url(cast), typed(cast, **same | {"applicant-phone": "0905 000 000"})).status_code == 302


def test_what_is_settled_since_days_is_no_duplicate_but_what_came_today_is(cast, clerk):
    actions.reject_new(cast.intake(), reason="Không thuộc thẩm quyền", by=cast.actor("clerk"), at=MONDAY)
    assert clerk.post(url(cast), typed(cast, "check", **NUMBERED)).context["form"].alike.seen == ()
    now = TUESDAY - dt.timedelta(minutes=5)
    today = actions.reject_new(cast.intake(), reason="Không", by=cast.actor("clerk", now), at=now)
    assert clerk.post(url(cast), typed(cast, "check", **NUMBERED)).context["form"].alike.seen == (today,)


def test_of_what_lies_elsewhere_nothing_but_that_is_told(cast, clerk):
    place = CommuneFactory(province=cast.centre.province, parent=cast.centre.province)
    centre = CentreFactory(agency=cast.neighbour, place=place)
    there = actions.receive_new(
        cast.intake(centre=centre, decided_by=cast.neighbour), by=cast.actor("stranger"), at=MONDAY
    )
    answer = clerk.post(url(cast), typed(cast, **NUMBERED))
    page = answer.content.decode()
    assert "is_another" in errors(answer) and "one elsewhere in the province" in page
    assert there.code not in page and there.get_absolute_url() not in page


def test_another_procedure_of_the_same_person_is_no_duplicate(cast, clerk):
    cast.received()
    other = make_cast_procedure(cast)
    assert clerk.post(f"/desk/intake/{other.code}/", typed(cast, **NUMBERED)).status_code == 302


def make_cast_procedure(cast):
    """A second procedure of the same office."""
    other = ProcedureFactory(name_vi="Thủ tục khác")
    VersionFactory(procedure=other, content=content(other))
    return other


# Nothing noted is dropped unsaid


@pytest.mark.parametrize(
    ("do", "noted", "asked"),
    [
        ("receive", {"missing-chung-sinh": "Chưa có dấu"}, "receive it, or ask for it"),
        ("receive", {"reason": "Chưa có dấu"}, "why it isn&#x27;t received"),
        ("supplement", {"missing-khac": "Cần", "reason": "Chưa có dấu"}, "why it isn&#x27;t received"),
        ("reject", {"reason": "Không thuộc thẩm quyền", "missing-khac": "Chưa có dấu"}, "write it into the reason"),
    ],
)
def test_a_note_that_the_button_doesnt_use_stops_it_until_it_is_let_go(cast, clerk, do, noted, asked):
    answer = clerk.post(url(cast), typed(cast, do, **noted))
    page = answer.content.decode()
    assert answer.status_code == 400 and asked in page and "Chưa có dấu" in page and not codes()
    assert clerk.post(url(cast), typed(cast, do, drops_notes="on", **noted)).status_code == 302


# Dates


def test_a_set_date_that_cant_be_keeps_both_fields_with_the_error_at_them(without_limit, client):
    clerk = at_the_screen(without_limit, client)
    for day, told in {"2026-03-08": "Choose a working day", "2099-01-05": "check the year"}.items():
        for do in ("check", "receive"):
            answer = clerk.post(url(without_limit), typed(without_limit, do, due_on=day, due_text="Theo hẹn"))
            page = answer.content.decode()
            assert answer.status_code == 400 and told in errors(answer)["due_on"][0]
            assert f'value="{day}"' in page and 'value="Theo hẹn"' in page


def test_a_catalogue_without_a_time_limit_is_said_plainly(without_limit, client):
    clerk = at_the_screen(without_limit, client)
    for answer in (clerk.get(url(without_limit)), clerk.post(url(without_limit), typed(without_limit))):
        page = answer.content.decode()
        assert "The catalogue states no time limit" in page and "It says: «" not in page


@pytest.mark.parametrize(
    ("moment", "told"), [("2030-01-01T09:00", "later than now"), ("0001-01-01T09:00", "There is no such time")]
)
def test_check_too_says_that_it_cant_have_been_handed_in_then(cast, clerk, moment, told):
    answer = clerk.post(url(cast), typed(cast, "check", submitted_at=moment))
    assert answer.status_code == 400 and errors(answer)["submitted_at"] and told in answer.content.decode()
    assert f'value="{moment}"' in answer.content.decode()


def test_all_faults_are_told_at_once_and_what_was_typed_stays(cast, clerk):
    wrong = {
        "applicant-place": "Xã Không Có",
        "applicant-born_on": "31/02/1990",
        "applicant-number_kind1": "citizen_card",
        "applicant-number1": "12345678901X",
        "applicant-phone": "gọi mẹ",
        "applicant-email": "lan@",
        "applicant-name": "Lan " * 200,
        "submitted_at": "2030-01-01T09:00",
        "sets": "0",
        "fee": "1.5",
        "originals-to-khai": "0",
    }
    answer = clerk.post(url(cast), typed(cast, **wrong))
    found, page = errors(answer), answer.content.decode()
    assert found.keys() == {name for name in wrong if not name.endswith("kind1")}
    assert found["applicant-number1"] == ["A citizen's card has exactly 12 digits."]
    assert "Dong are whole: write the digits only, like 15000." in page
    assert '<input type="text" name="applicant-born_on" value="31/02/1990"' in page


# Numbers and countries


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("citizen_card", "12345678901X", "exactly 12 digits"),
        ("old_card", "12345678", "exactly 9 digits"),
        ("tax_code", "04001234567", "10 digits, of a branch 13"),
        ("passport", "C12", "6 to 12 letters and digits"),
        ("business", "A#1", "5 to 30"),
        ("agency", "H17..1", "at most 35 signs"),
        ("agency", "H" * 36, "at most 35 signs"),
        ("other", "x" * 41, "at most 40 signs"),
    ],
)
def test_each_kind_of_number_says_what_it_needs(kind, value, told):
    with pytest.raises(Invalid, match=told):
        number(Identifier(kind, value))


@pytest.mark.parametrize(
    ("kind", "value", "typed_in", "kept"),
    [
        ("citizen_card", "048123456789", "Việt Nam", "VN"),
        ("citizen_card", "048123456789", "KR", "VN"),
        ("passport", "M12345678", "Việt Nam", "VN"),
        ("passport", "M12345678", "hàn quốc", "KR"),
        ("passport", "M12345678", "jp", "JP"),
        ("passport", "M12345678", "", "VN"),
    ],
)
def test_a_country_is_found_by_code_or_name_and_a_citizens_card_is_vietnamese(cast, clerk, kind, value, typed_in, kept):
    who = {"applicant-number_kind1": kind, "applicant-number1": value, "applicant-country1": typed_in}
    clerk.post(url(cast), typed(cast, **who))
    assert Dossier.objects.get().parties.get().identifiers.get().country == kept


def test_no_country_that_there_isnt(cast, clerk):
    for wrong in ("ZZ", "EU", "Xứ sở thần tiên"):
        who = {"applicant-number_kind1": "passport", "applicant-number1": "M12345678", "applicant-country1": wrong}
        assert "applicant-country1" in errors(clerk.post(url(cast), typed(cast, **who)))
    assert len(countries.names_of("en")) == 249


# Papers


def test_a_paper_begins_with_one_original_and_none_at_all_is_refused(cast, clerk):
    form = clerk.get(url(cast)).context["form"]
    assert [line.fields[1].value() for line in form.lines] == [1, 1, 1]
    none = {"originals-to-khai": "0", "copies-to-khai": ""}
    answer = clerk.post(url(cast), typed(cast, **none))
    assert errors(answer).keys() == {"originals-to-khai"} and not codes()
    copy = {"originals-to-khai": "0", "copies-to-khai": "1"}
    assert clerk.post(url(cast), typed(cast, **copy)).status_code == 302


def test_a_row_is_open_where_something_is_noted_and_a_section_where_its_button_was_refused(cast, clerk):
    calm = clerk.get(url(cast)).content.decode()
    assert calm.count("<details open>") == 0 and 'class="role" open' not in calm
    noted = clerk.post(url(cast), typed(cast, "check", **{"missing-khac": "Cần"})).content.decode()
    assert noted.count("<details open>") == 1
    refused = clerk.post(url(cast), typed(cast, "supplement")).content.decode()
    assert "Say of at least one paper" in refused
    assert '<details class="role" open><summary>Papers are missing' in refused


# Afterwards


def test_after_receiving_the_receipt_is_one_key_away(cast, clerk):
    page = clerk.post(url(cast), typed(cast), follow=True).content.decode()
    dossier = Dossier.objects.get()
    assert dossier.state == State.RECEIVED
    where = page.split('accesskey="i"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert where.startswith(dossier.get_absolute_url()) and clerk.get(where)["Content-Type"] == "application/pdf"


def test_a_needed_line_says_so_to_eyes_and_ears(cast, clerk):
    page = clerk.get(url(cast)).content.decode()
    for role, is_marked in {"applicant": True, "owner": False, "submitter": False}.items():
        label = page.split(f'<label for="id_{role}-name">')[1].split("</label>")[0]
        assert ("(needed)" in label) == is_marked
