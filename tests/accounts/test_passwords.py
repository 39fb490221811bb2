"""New passwords: by the rules, and by a link that works once."""

import re
import time
from pathlib import Path

import pytest
from django.conf import global_settings, settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from portal.accounts import known_passwords, oidc, passwords
from portal.models import User
from tests.accounts.conftest import LOG_IN, PASSWORD

NEW = "bốn con mèo và cái ghế"


@pytest.mark.parametrize(
    "guessed",
    [
        "ngắn quá rồi",
        "motcua-danang-2025",
        "Trung tâm Phục vụ Hành chính công",
        "123456789012345",
        "abcabcabcabcabc",
        "aaaaaaaaaaaaaaaaaaaa",
        "qwertyuiopasdfghjkl",
        "nguyenthilan-nguyenthilan",
        "NGUYỄN thị LAN 1990 1990",
        "matkhau@123456789",
    ],
)
def test_what_is_guessed_first_is_refused(guessed):
    person = User(username="lan.nt", last_name="Nguyễn Thị", first_name="Lan", email="lan@danang.gov.vn")
    with pytest.raises(ValidationError):
        validate_password(guessed, person)


@pytest.mark.parametrize(
    "good", [NEW, PASSWORD, "correct horse battery staple", "8461 0394 2275 9183 66", "ư" * 3 + "xqzk wvut rhg ăâ"]
)
def test_a_few_words_are_enough_whatever_kinds_of_characters(good):
    validate_password(good, User(username="lan.nt", last_name="Nguyễn Thị", first_name="Lan"))


@pytest.mark.parametrize("known", ["correcthorsebatterystaple", "CorrectHorseBatteryStaple", "0049285613qazis"])
def test_what_became_known_elsewhere_is_refused_whatever_its_capitals(known):
    with pytest.raises(ValidationError) as refused:
        validate_password(known, User(username="lan.nt"))
    assert "password_known" in {error.code for error in refused.value.error_list}


def test_the_list_holds_more_passwords_of_that_length_than_the_three_thousand_that_are_asked_for():
    kept = known_passwords.FILE.read_bytes()
    digests = [kept[at : at + known_passwords.LENGTH] for at in range(0, len(kept), known_passwords.LENGTH)]
    assert len(digests) > 300_000 and digests == sorted(set(digests))
    assert settings.PASSWORD_LENGTH >= known_passwords.SHORTEST


def ask(client: Client, address: str):
    return client.post("/accounts/password/reset/", {"email": address})


def test_the_answer_is_the_same_whether_or_not_somebody_has_the_address(cast, client, mailoutbox, committing):
    with committing():
        known = ask(client, "CLERK@danang.gov.vn")
        unknown = ask(client, "nobody@danang.gov.vn")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [mail.to for mail in mailoutbox] == [["clerk@danang.gov.vn"]]


def test_a_link_works_once_ends_all_sessions_and_asks_for_a_sound_password(
    cast, client, mailoutbox, committing, log_in
):
    log_in("clerk")
    fresh = Client()
    with committing():
        ask(fresh, "clerk@danang.gov.vn")
    link = re.search(r"http://localhost:8000(/accounts/password/reset/key/\S+/)", mailoutbox[0].body)[1]
    form = fresh.get(link).url
    assert form.endswith("-set-password/")
    assert fresh.post(form, {"password1": "kurz", "password2": "kurz"}).status_code == 200
    assert "không giống nhau" in fresh.post(form, {"password1": NEW, "password2": NEW + "x"}).content.decode()
    assert fresh.post(form, {"password1": NEW, "password2": NEW}).url == "/accounts/password/reset/key/done/"
    assert client.get("/desk/").url.startswith(LOG_IN), "other sessions are over"
    for door in (link, form):
        assert "đã dùng hoặc quá hạn" in fresh.get(door, follow=True).content.decode()
    assert log_in("clerk", PASSWORD, by=Client()).status_code == 200
    assert log_in("clerk", NEW, by=Client()).status_code == 302


def test_a_new_account_without_a_password_begins_with_a_link(cast, client, mailoutbox, committing, log_in):
    cast.people["clerk"].set_unusable_password()
    cast.people["clerk"].save()
    with committing():
        ask(client, "clerk@danang.gov.vn")
    form = client.get(re.search(r"http://localhost:8000(\S+)", mailoutbox[0].body)[1]).url
    assert client.post(form, {"password1": NEW, "password2": NEW}).status_code == 302
    assert log_in("clerk", NEW).url == "/desk/"


def test_a_link_never_leads_where_the_requests_host_says(cast, settings, mailoutbox, committing):
    settings.ALLOWED_HOSTS = ["*"]
    with committing():
        Client(HTTP_HOST="evil.example").post("/accounts/password/reset/", {"email": "clerk@danang.gov.vn"})
    assert "evil" not in mailoutbox[0].body and "http://localhost:8000/accounts/" in mailoutbox[0].body


def test_mails_speak_the_language_of_the_page(cast, client, mailoutbox, committing):
    client.post("/accounts/language/", {"language": "en"})
    with committing():
        ask(client, "clerk@danang.gov.vn")
    assert "This link sets it, once, within 2 hours" in mailoutbox[0].body
    assert mailoutbox[0].subject == "Một Cửa · A new password"


def test_nobody_fills_a_colleagues_mailbox(cast, client, mailoutbox, committing):
    with committing():
        answers = {ask(client, "clerk@danang.gov.vn").url for _number in range(6)}
    assert len(mailoutbox) == 3 and len(answers) == 1


def test_whoever_asks_too_often_reads_to_wait(cast, client):
    answers = [client.post("/accounts/password/reset/", {"email": f"x{number}@danang.gov.vn"}) for number in range(21)]
    assert answers[19].status_code == 302 and answers[20].status_code == 429
    assert "Hãy đợi năm phút" in answers[20].content.decode()


def test_a_closed_account_gets_no_link(cast, client, mailoutbox, committing):
    User.objects.filter(username="clerk").update(is_active=False)
    with committing():
        ask(client, "clerk@danang.gov.vn")
    assert not mailoutbox


def test_a_changed_password_ends_the_sessions_elsewhere(cast, client, log_in, mailoutbox, committing):
    other = Client()
    log_in("clerk", by=other)
    log_in("clerk")
    change = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    wrong = client.post("/accounts/password/change/", {**change, "oldpassword": "x"})
    assert "không phải mật khẩu hiện tại" in wrong.content.decode()
    with committing():
        assert client.post("/accounts/password/change/", change).status_code == 302
    assert other.get("/desk/").url.startswith(LOG_IN)
    assert client.get("/desk/").status_code == 200
    assert "Mật khẩu của bạn đã được đổi" in mailoutbox[0].body


def test_whoever_has_no_password_gets_none_from_a_session(cast, client):
    user = cast.people["clerk"]
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    assert client.get("/accounts/password/change/").url == "/accounts/2fa/"
    assert client.get("/accounts/2fa/").status_code == 200


def test_fields_hide_what_is_typed_and_let_password_managers_help(cast, client, log_in):
    def fields(address: str) -> set[tuple[str, ...]]:
        inputs = re.findall(r"<input [^>]*>", client.get(address).content.decode())
        return {
            tuple((re.search(f'{name}="([^"]*)"', each) or ["", ""])[1] for name in ("name", "type", "autocomplete"))
            for each in inputs
            if "hidden" not in each
        }

    assert {("login", "text", "username"), ("password", "password", "current-password")} <= fields(LOG_IN)
    assert not [each for each in fields(LOG_IN) if each[0] not in ("login", "password")], "no hint, no question"
    log_in("clerk")
    assert fields("/accounts/password/change/") == {
        ("oldpassword", "password", "current-password"),
        ("password1", "password", "new-password"),
        ("password2", "password", "new-password"),
    }


def test_a_password_counts_letter_by_letter_and_may_be_long(cast, log_in):
    long = "  Bốn con mèo, " + "cái ghế đỏ và một tách trà " * 8
    validate_password(long, cast.people["clerk"])
    cast.people["clerk"].set_password(long)
    cast.people["clerk"].save()
    for other in (long.strip(), long.lower(), long[:64], long[:-1]):
        assert log_in("clerk", other, by=Client()).status_code == 200
    assert log_in("clerk", long, by=Client()).url == "/desk/"


def test_no_password_is_asked_to_be_changed_by_the_calendar(cast, log_in, monkeypatch):
    later = time.time() + 5 * 365 * 86_400
    monkeypatch.setattr("time.time", lambda: later)
    assert log_in("clerk").url == "/desk/"


def test_passwords_are_kept_by_a_slow_digest():
    hashers = global_settings.PASSWORD_HASHERS
    assert hashers[0].endswith(".PBKDF2PasswordHasher") and PBKDF2PasswordHasher.iterations >= 600_000
    assert "PASSWORD_HASHERS" not in (Path(oidc.__file__).parents[1] / "settings.py").read_text()


def test_a_link_goes_round_no_second_factor(cast, client, log_in, set_up, mailoutbox, committing):
    log_in("clerk")
    set_up(client)
    fresh = Client()
    with committing():
        ask(fresh, "clerk@danang.gov.vn")
    link = re.search(r"https?://[^/]+(/accounts/\S+)", mailoutbox[-1].body)[1]
    form = fresh.get(link).url
    fresh.post(form, {"password1": NEW, "password2": NEW})
    assert fresh.get("/desk/").url.startswith(LOG_IN)
    assert log_in("clerk", NEW, by=fresh).url == "/accounts/2fa/authenticate/"


def test_the_words_that_no_password_is_made_of_are_written_down():
    document = (Path(oidc.__file__).parents[2] / "docs/security-decisions.md").read_text()
    assert all(f"`{word}`" in document for word in passwords.OURS)
