"""The audit of every room, as a province's log collector reads it: from the stdout of a server that runs."""

from __future__ import annotations

import http.cookiejar
import json
import logging
import os
import re
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client

from bench.site import free_port, wait_for
from catalogue import audit
from catalogue.editing.four_eyes import by_rule
from catalogue.models import Hotline
from desk import actions
from desk.refusals import ActRefused
from portal.models import User
from scripts.demo import server_command
from tests import factories, schema
from tests.desk.cast import MONDAY

PASSWORD = "sang-nay-troi-mua-to"
MAKE = f"""
from django.contrib.auth.models import Group
from tests import factories
from tests.desk.cast import make_cast
factories.make_pages("vi")
cast = make_cast()
from portal.models import User
for user in (cast.people["clerk"], User.objects.create_superuser("boss", "boss@danang.gov.vn")):
    user.set_password("{PASSWORD}")
    user.save()
Group.objects.create(name="Nhóm của Lan")
print("MADE", cast.received().code)
"""
NOBODYS = ("Nguyễn Thị Lan", "048123456789", "0905 123 456", PASSWORD, "Lý do riêng", "Nhóm của Lan")
"""What no line may hold: people's names and numbers, and whatever was typed."""


class Browser:
    """Forms filled in by plain HTTP, with cookies."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path: str) -> str:
        """Return a page's text, an error's too."""
        try:
            return self.opener.open(f"{self.base}{path}", timeout=60).read().decode()
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def send(self, path: str, **values: str) -> str:
        """Send the form of a page with these values besides its hidden ones."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path))
        assert token, path
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1], **values}).encode()
        try:
            return self.opener.open(f"{self.base}{path}", data=data, timeout=60).read().decode()
        except urllib.error.HTTPError as error:
            return error.read().decode()


@pytest.fixture(scope="module")
def lines(tmp_path_factory, schema_file: Path) -> list[dict]:
    """What the server wrote to stdout while somebody logged in, acted, was refused, and an administrator published."""
    folder = tmp_path_factory.mktemp("audit-lines")
    shutil.copy(schema_file, folder / "db.sqlite3")
    variables = {"VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "TESTING": "1"}
    code = schema.manage("shell", "-c", MAKE, **variables).partition("MADE ")[2].splitlines()[0]
    port = free_port()
    with (
        (folder / "stdout").open("w") as out,
        (folder / "stderr").open("w") as err,
        subprocess.Popen(
            server_command(port), cwd=schema.ROOT, env={**os.environ, **variables}, stdout=out, stderr=err
        ) as server,
    ):
        try:
            wait_for(f"http://127.0.0.1:{port}/robots.txt")
            use(f"http://127.0.0.1:{port}", code)
        finally:
            server.terminate()
            server.wait(30)
    text = (folder / "stdout").read_text()
    own = [line for line in text.splitlines() if not line.startswith("[INFO]")]  # Granian's own say when it started.
    return [json.loads(line) for line in own]


def use(base: str, code: str) -> None:
    """Do what is to be seen in the audit."""
    clerk = Browser(base)
    clerk.send("/accounts/login/", login="clerk", password="falsch-falsch-falsch")
    clerk.send("/accounts/login/", login="clerk", password=PASSWORD)
    assert code in clerk.get(f"/desk/dossiers/{code}/")
    clerk.send(f"/desk/dossiers/{code}/acts/comment/", text="Lý do riêng", seen="1")
    clerk.get(f"/desk/dossiers/{code}/acts/stop/")
    clerk.get(f"/desk/dossiers/{code}x/")
    boss = Browser(base)
    boss.send("/accounts/login/", login="boss", password=PASSWORD)
    boss.send(
        "/cms/pages/add/portal/sectionpage/3/", **{"title": "Trang mới", "slug": "trang-moi", "action-publish": "1"}
    )


def one(lines: list[dict], event: str) -> dict:
    """Return the first line of an event."""
    found = [line for line in lines if line["event"] == event]
    assert found, f"{event} isn't among {sorted({line['event'] for line in lines})}"
    return found[0]


@pytest.mark.own_database
def test_every_line_is_an_object_with_who_when_and_the_request(lines):
    for line in lines:
        assert {"event", "user", "at", "request", "address"} <= set(line), line
        assert line["address"] == "127.0.0.1"
        assert re.fullmatch(r"[0-9a-f]{16}", line["request"])


@pytest.mark.own_database
@pytest.mark.parametrize(
    "event", ["account.log_in_failed", "account.logged_in", "dossier.comment", "access.refused", "access.missing"]
)
def test_log_ins_acts_and_refusals_are_there(lines, event):
    assert one(lines, event)["user"]


@pytest.mark.own_database
def test_no_line_holds_a_name_a_number_or_what_was_typed(lines):
    text = json.dumps(lines, ensure_ascii=False)
    assert not [word for word in NOBODYS if word in text]


@pytest.mark.own_database
def test_a_page_that_was_published_is_there(lines):
    line = one(lines, "cms.wagtail.publish")
    assert line["kind"].endswith("page") and line["row"] and line["revision"]


@pytest.fixture
def heard(caplog):
    """Return what was written since, as objects; only what was committed."""
    for room in audit.ROOMS:
        caplog.set_level(logging.INFO, f"{room}.audit")

    def read(event: str = "") -> list[dict]:
        found = [json.loads(each.message) for each in caplog.records if each.name.endswith(".audit")]
        return [line for line in found if not event or line["event"] == event]

    return read


def test_a_row_that_is_published_is_mirrored_after_the_commit(db, heard, committing):
    row = factories.HotlineFactory()
    with committing(), by_rule("a test"):
        row.save_revision().publish()
        assert not heard("cms.wagtail.publish")
    (line,) = heard("cms.wagtail.publish")
    assert (line["kind"], line["row"]) == ("catalogue.hotline", str(row.pk))
    assert line["revision"] == Hotline.objects.get().latest_revision_id


def test_who_was_put_into_which_group_is_told(db, heard, committing, administrator: Client):
    group, person = Group.objects.create(name="Nhóm"), User.objects.create_user("lan", first_name="Lan", last_name="N")
    values = {
        "username": "lan", "email": "lan@danang.gov.vn", "first_name": "Lan", "last_name": "N", "is_active": "on",
        "groups": [group.pk],
    }  # fmt: skip
    with committing():
        answer = administrator.post(f"/cms/users/edit/{person.pk}/", values)
    assert answer.status_code == 302
    (line,) = heard("account.group_given")
    assert (line["user"], line["group"], line["by"]) == (person.pk, group.pk, User.objects.get(username="boss").pk)
    (edit,) = heard("cms.wagtail.edit")
    assert (edit["kind"], edit["row"]) == ("portal.user", str(person.pk))


def test_an_act_that_is_refused_is_told_without_its_words(cast, heard):
    dossier = cast.received()
    with pytest.raises(ActRefused):
        actions.reject(dossier.pk, by=cast.actor("clerk"), at=MONDAY, reason="Lý do riêng")
    (line,) = heard("dossier.refused")
    assert (line["act"], line["dossier_id"], line["user"]) == ("reject", dossier.pk, cast.people["clerk"].pk)
    assert line["why"] in ("WrongState", "NotAllowed")


def test_what_a_simulation_makes_up_is_no_line(heard):
    with audit.silent():
        audit.note("desk", "dossier.receive")
    audit.note("desk", "dossier.withdraw")
    assert [line["event"] for line in heard()] == ["dossier.withdraw"]


def test_whatever_is_written_stands_on_one_line():
    line = audit.AuditLine()
    told = {"event": "x", "text": "a\u2028b\nc"}
    for message in (json.dumps(told, ensure_ascii=False), "no json\nat all", "[1]"):
        record = logging.LogRecord("desk.audit", logging.INFO, "", 0, message, (), None)
        written = line.format(record)
        assert written.isascii() and len(written.splitlines()) == 1
        assert json.loads(written)["event"] in ("x", "not_json")


def test_lines_of_text_tell_the_zone_of_their_time_too():
    plain = settings.LOGGING["formatters"]["plain"]
    record = logging.LogRecord("django", logging.ERROR, __file__, 1, "Something", None, None)
    record.request_number = "-"
    said = logging.Formatter(plain["format"], plain["datefmt"]).format(record)
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} ERROR ", said)
