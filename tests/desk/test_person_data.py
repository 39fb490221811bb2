"""A person gets their own data, and nothing of anybody else's; it is noted who gave them."""

from __future__ import annotations

import io
import json
import logging
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from desk import actions, attaching
from desk.models import Dossier
from tests.desk import made_files as made
from tests.desk.cast import HUNG, MONDAY, ROLES, Cast

pytestmark = pytest.mark.django_db
LAN_SAYS = {"kind": "citizen_card", "number": "048 123 456 789", "is_here": "on"}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: MONDAY)


def two(cast: Cast) -> tuple[Dossier, Dossier]:
    """Return a dossier of Lan's alone with a file, and one that Hùng hands in for her."""
    alone, together = cast.processing(), cast.processing(submitter=HUNG)
    for dossier in (alone, together):
        attaching.attach_file(dossier.pk, made.upload("đơn.pdf", made.pdf(1)), by=cast.actor("clerk"), at=MONDAY)
        actions.comment(dossier.pk, by=cast.actor("handler"), at=MONDAY, text="Ông Trần Văn Hùng gọi.")
    return alone, together


def unzipped(content: bytes) -> tuple[dict[str, Any], str, list[str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read("du-lieu.json")), archive.read("du-lieu.html").decode(), archive.namelist()


def test_a_head_gives_all_of_a_persons_dossiers_without_other_people(cast, open_as):
    alone, together = two(cast)
    answer = open_as("head").post(f"{alone.get_absolute_url()}person-data/", LAN_SAYS)
    assert answer.status_code == 200
    plain, page, names = unzipped(b"".join(answer.streaming_content))
    by_code = {each["code"]: each for each in plain["dossiers"]}
    assert by_code.keys() == {alone.code, together.code}
    assert "048123456789" in page and "Nguyễn Thị Lan" in page
    for secret in ("Hùng", "C1234567"):
        assert secret not in json.dumps(by_code[together.code], ensure_ascii=False)
    assert by_code[together.code]["left_out"] and not by_code[alone.code]["left_out"]
    assert [name for name in names if name.startswith("tep/")] == [f"tep/{alone.code}/{alone.files.get().pk}-đơn.pdf"]
    assert "Người tiếp nhận" not in page and by_code[alone.code]["events"][-1]["what"]


def test_it_is_a_reading_of_each_and_a_line_without_the_number(cast, open_as, caplog):
    caplog.set_level(logging.INFO)
    alone, together = two(cast)
    answer = open_as("head").post(f"{alone.get_absolute_url()}person-data/", LAN_SAYS)
    assert b"".join(answer.streaming_content)
    for dossier in (alone, together):
        assert dossier.readings.filter(what="person", reader=cast.people["head"]).count() == 1
    lines = [json.loads(row.message) for row in caplog.records if row.name == "desk.audit"]
    (line,) = [line for line in lines if line["event"] == "person.exported"]
    assert set(line["dossiers"]) == {alone.code, together.code}
    assert "048123456789" not in caplog.text and "Lan" not in caplog.text


@pytest.mark.parametrize(
    ("sent", "field"),
    [({**LAN_SAYS, "number": "048123456780"}, "number"), ({**LAN_SAYS, "is_here": ""}, "is_here"),
     ({**LAN_SAYS, "kind": "passport"}, "number"), ({**LAN_SAYS, "number": ""}, "number")],
)  # fmt: skip
def test_who_isnt_of_the_dossier_or_didnt_come_gets_nothing(cast, open_as, sent, field):
    alone, _together = two(cast)
    answer = open_as("head").post(f"{alone.get_absolute_url()}person-data/", sent)
    assert answer.status_code == 400 and field in answer.context["form"].errors
    assert not alone.readings.filter(what="person").exists()


@pytest.mark.parametrize("role", ROLES)
def test_only_those_who_answer_for_the_work_give_them(cast, open_as, role):
    dossier = cast.processing()
    cast.explain("supervisor", dossier)
    status = 200 if role in ("head", "approver", "supervisor") else 403
    assert open_as(role).get(f"{dossier.get_absolute_url()}person-data/").status_code == status


def test_the_command_writes_a_file_for_its_owner_alone(cast, tmp_path: Path):
    alone, _together = two(cast)
    out = tmp_path / "lan.zip"
    asked = ["--kind", "citizen_card", "--number", "048123456789", "--by", "head", "--dossier", alone.code, str(out)]
    call_command("export_person", *asked, stdout=io.StringIO())
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [each["code"] for each in unzipped(out.read_bytes())[0]["dossiers"]] == [alone.code]
    asked[3] = "048000000000"
    with pytest.raises(CommandError):
        call_command("export_person", *asked, stdout=io.StringIO())
