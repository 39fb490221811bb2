"""Nobody learns by asking whether there is such a dossier or account, and no trick of writing wins more tries.

Work is counted instead of timed: comparisons of digests, queries, and hashes of passwords. A clock on a busy machine
tells less, and what is equal in these is equal in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from desk import factors
from desk.models import Dossier, Party
from portal.accounts import mail
from portal.accounts.tries import UsedUpError, take
from portal.readers import reader_of
from portal.tracking.tries import limits
from tests.accounts.conftest import LOG_IN, PASSWORD
from tests.desk.cast import MONDAY, Cast
from tests.factories import make_pages

ITS_OWN = ("Content-Length", "X-Request-ID")
"""Headers in which two answers may differ: the code that was typed stands on the page."""
pytestmark = pytest.mark.django_db
TRACKING = "/vi/tracking/"
ENDING = "456789"
"""Of Lan's card."""


@pytest.fixture
def dossier(desk: Cast) -> Dossier:
    make_pages("vi")
    return desk.received()


@pytest.fixture
def counted(monkeypatch) -> Any:
    """Count comparisons of digests while a block runs, and the queries."""

    @contextmanager
    def count() -> Iterator[dict[str, int]]:
        found = {"digests": 0, "comparisons": 0, "queries": 0}
        genuine, compare = factors.digest, factors.hmac.compare_digest

        def digest(ending: str) -> bytes:
            found["digests"] += 1
            return genuine(ending)

        def compared(one: Any, other: Any) -> bool:
            found["comparisons"] += 1
            return compare(one, other)

        with monkeypatch.context() as patch, CaptureQueriesContext(connection) as queries:
            patch.setattr(factors, "digest", digest)
            patch.setattr(factors.hmac, "compare_digest", compared)
            yield found
        found["queries"] = len(queries)

    return count


def ask(code: str, ending: str, **more: str) -> Any:
    return Client().post(TRACKING, {"code": code, "ending": ending}, **more)


def test_an_unknown_code_costs_the_same_work_as_a_wrong_ending_and_an_erased_dossier(dossier, desk, counted):
    """The same status, the same page, the same headers, as many queries, as many comparisons: nothing to time."""
    erased = desk.received()
    Party.objects.filter(dossier=erased).update(erased_at=MONDAY)
    # Caches of the frame are warm for all of them.
    ask("DEMO.01-260302-9998", ENDING, REMOTE_ADDR="10.1.0.1")
    told = []
    for code, ending in (
        (dossier.code, "000000"),
        ("DEMO.01-260302-9999", ENDING),
        (erased.code, ENDING),
        (dossier.code[:-1], ENDING),
        (dossier.code + "0", ENDING),
    ):
        cache.clear()
        with counted() as work:
            answer = ask(code, ending, REMOTE_ADDR="10.1.0.2")
        page = answer.content.decode().replace(code, "").replace(ending, "")
        told.append((answer.status_code, page, sorted(answer.headers.items()), work))
    for each in told[1:]:
        assert each[0] == told[0][0] == 400
        assert each[1] == told[0][1]
        assert [item for item in each[2] if item[0] not in ITS_OWN] == [
            item for item in told[0][2] if item[0] not in ITS_OWN
        ]
        assert each[3] == told[0][3]
    assert told[0][3]["comparisons"] == factors.COMPARED
    assert ask(dossier.code, ENDING, REMOTE_ADDR="10.1.0.3").status_code == 200


def test_a_dossier_with_more_numbers_than_are_compared_at_least_is_the_one_exception_and_is_known(dossier):
    """`COMPARED` is the least; parties have few numbers, so no real dossier shows by more comparisons."""
    numbers = Party.objects.filter(dossier=dossier).values_list("identifiers__value", flat=True)
    assert len(numbers) * 2 < factors.COMPARED


def test_one_codes_tries_are_one_however_it_is_written(dossier, rf):
    """Small letters, blanks, long dashes, full width, long s, dotless i: one code, one count of tries."""
    from desk.public import plain_code

    request = rf.post(TRACKING)
    keys = {tuple(limits(request, plain_code(written), MONDAY)) for written in spellings(dossier.code)}
    assert len(keys) == 1


def spellings(code: str) -> list[str]:
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in code)
    return [code, code.lower(), f" {code} ", code.replace("-", "–"), wide, code.replace("-", " - "), code.swapcase()]


@pytest.mark.parametrize(
    "told",
    [
        {"HTTP_X_FORWARDED_FOR": "9.9.9.{n}"},
        {"HTTP_X_REAL_IP": "9.9.9.{n}"},
        {"HTTP_CLIENT_IP": "9.9.9.{n}"},
        {"HTTP_FORWARDED": "for=9.9.9.{n}"},
        {"HTTP_CF_CONNECTING_IP": "9.9.9.{n}"},
        {"HTTP_TRUE_CLIENT_IP": "9.9.9.{n}"},
        {"HTTP_X_CLUSTER_CLIENT_IP": "9.9.9.{n}"},
        {"HTTP_USER_AGENT": "browser {n}"},
        {"HTTP_COOKIE": "sessionid=made-up-{n}"},
    ],
)
def test_no_header_makes_a_new_reader(rf, settings, told):
    """With the proxies that there are: none, one, two; whoever makes a header up stays one reader."""
    for proxies, before in ((0, ""), (1, "{n}.1.1.1, 203.0.113.5"), (2, "{n}.1.1.1, 203.0.113.5, 10.0.0.9")):
        settings.PROXIES = proxies
        seen = set()
        for n in range(3):
            headers = {name: value.format(n=n) for name, value in told.items()}
            if before:
                headers["HTTP_X_FORWARDED_FOR"] = before.format(n=n)
            seen.add(reader_of(rf.get("/", REMOTE_ADDR="10.0.0.1", **headers)))
        assert len(seen) == 1, proxies


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:0db8:0001:0002:0::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.5", "203.0.113.5", True),
        ("::ffff:203.0.113.5", "::ffff:203.0.113.6", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("203.0.113.5", "203.0.113.6", False),
    ],
)
def test_an_address_is_one_reader_however_it_is_written_and_its_neighbour_another(rf, one, other, same):
    """A server that listens on IPv6 sees an IPv4 address as «::ffff:…»: taken as a network, all of IPv4 would be one
    reader, and anybody could use up everybody's tries.
    """
    found = [reader_of(rf.get("/", REMOTE_ADDR=address)) for address in (one, other)]
    assert (found[0] == found[1]) is same
    assert "unknown" not in found


def test_an_accounts_tries_are_one_however_its_name_is_written(settings):
    """PostgreSQL compares names by their capitals: «ſ», «ı» and the sign of Kelvin find s, i and k there."""
    settings.LOG_IN_TRIES, settings.LOG_IN_TRIES_ADDRESS = 4, 100
    for same in (
        ("clerk", "CLERK", "cler\u212a", "Clerk "),
        ("supervisor", "\u017fupervisor", "superv\u0131sor", "SUPERVISOR"),
    ):
        cache.clear()
        for name in same:
            take(RequestFactory().post(LOG_IN, REMOTE_ADDR="10.2.0.1"), name)
        with pytest.raises(UsedUpError):
            take(RequestFactory().post(LOG_IN, REMOTE_ADDR="10.2.0.1"), same[0])


@pytest.fixture
def hashes(settings, monkeypatch) -> list[str]:
    """What was hashed, password by password."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    done: list[str] = []
    genuine = MD5PasswordHasher.encode

    def encode(hasher: Any, password: str, salt: str) -> str:
        done.append(password)
        return genuine(hasher, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
    return done


def test_a_log_in_costs_one_hash_and_reads_the_same_whoever_it_is(desk, hashes):
    """Nobody of this name, a wrong password, an account without a password, a closed one: one answer, equal work."""
    people = desk.people
    for name in ("clerk", "handler"):
        people[name].set_password(PASSWORD)
        people[name].save()
    people["handler"].is_active = False
    people["handler"].save()
    people["head"].set_unusable_password()
    people["head"].save()
    told = []
    for name in ("nobody", "clerk", "handler", "head"):
        cache.clear()
        hashes.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = Client().post(LOG_IN, {"login": name, "password": "sai hoàn toàn"}, REMOTE_ADDR="10.3.0.1")
        told.append(
            (answer.status_code, answer.content.decode().replace(f'value="{name}"', ""), len(hashes), len(queries))
        )
    assert [each[0] for each in told] == [200] * 4
    pages = {strip_token(each[1]) for each in told}
    assert len(pages) == 1
    assert [each[2] for each in told] == [1] * 4
    assert len({each[3] for each in told}) == 1, [each[3] for each in told]


def strip_token(page: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_asking_for_a_link_costs_the_same_and_reads_the_same_whoever_it_is(officer, desk):
    desk.people["handler"].email = "dong@danang.gov.vn"
    desk.people["handler"].is_active = False
    desk.people["handler"].save()
    told = []
    for address in (officer.email, "nobody@danang.gov.vn", "dong@danang.gov.vn"):
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = Client().post(reverse("account_reset_password"), {"email": address}, follow=True)
        page = strip_token(answer.content.decode()).replace(address, "")
        told.append((answer.redirect_chain, page, len(queries), sorted(answer.cookies)))
    assert told[0] == told[1] == told[2]


def test_a_mailbox_is_not_filled_by_writing_its_address_in_many_ways(officer, mailoutbox, monkeypatch):
    """Capitals and letters that the database takes for others count as one address."""
    monkeypatch.setattr(mail, "filter_users_by_email", lambda *args, **more: [officer])  # As PostgreSQL finds it.
    for index, address in enumerate(("clerk@danang.gov.vn", "CLERK@danang.gov.vn", "cler\u212a@danang.gov.vn",
                                     " clerk@DANANG.gov.vn", "clerk@danang.gov.vn")):  # fmt: skip
        sent = mail.send_links(address, "vi")
        assert sent == (1 if index < mail.MOST else 0), address
    assert len(mailoutbox) == mail.MOST


def test_the_token_of_a_slip_is_not_found_by_parts_of_it_or_in_other_letters(dossier):
    """Not shortened, not lengthened, not with a sign that stands for any: looked for whole, as it was written."""
    token = dossier.tracking_token
    assert len(token) >= 22
    assert Client().get(f"/t/{token}/").status_code == 200
    for guess in (token[:-1], token + "A", token.swapcase(), token.lower() + "x",
                  "%25", "%", "_" * len(token), "*", ".*",
                  token[:10] + "%", f"{token}%00", f"{token}%0a", f" {token}", "' OR '1'='1", "1", "0", "None",
                  "\\u0000", dossier.code, str(dossier.pk)):  # fmt: skip
        answer = Client().get(f"/t/{guess}/" if "%" in guess else f"/t/{guess}")
        assert answer.status_code == 404, guess
        assert dossier.code not in answer.content.decode().replace(guess, ""), guess


def test_one_dossiers_token_opens_no_slip_of_another(dossier, desk):
    other = desk.processing()
    numbers = [event.number for event in other.events.all()]
    for number in [*numbers, 0, 99, 10**18]:
        for form in ("06", "bg", "01", "x"):
            answer = Client().get(f"/t/{dossier.tracking_token}/{number}-{form}.pdf")
            own = dossier.events.filter(number=number).exists() and form == "01"
            assert answer.status_code == (200 if own else 404), (number, form)


def test_codes_follow_one_another_but_none_is_told_without_its_number(dossier):
    """Codes can be guessed, and nothing comes of it: after a few wrong tries an address reads to wait, known or not."""
    for known in (dossier.code, "DEMO.01-260302-9999"):
        cache.clear()
        statuses = [ask(known, f"{n:06}", REMOTE_ADDR=f"10.4.{n}.1").status_code for n in range(12)]
        assert statuses == [400] * 10 + [429] * 2
        right = ask(known, ENDING, REMOTE_ADDR="10.5.0.1")
        assert right.status_code == 429 and known not in right.headers.get("Location", "")
