"""Accounts on ministries' systems from a list: what goes in, what is refused by its line, and who is named as left."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from openpyxl import Workbook

from catalogue.models import OutsideAccount, Posting, ProcedureRoute
from catalogue.opening import ZONE
from portal.models import User

SYSTEM, OTHER = "Hệ thống hộ tịch điện tử", "Hệ thống đất đai"
HEADING = "Mã cán bộ;Hệ thống;Ngày cấp;Ngày thu hồi"
CLERK, HANDLER = f"clerk;{SYSTEM};01/02/2026;", "Handler;hệ thống  ĐẤT ĐAI;2026-02-03;2026-02-20"
FEBRUARY = [dt.date(2026, 2, day) for day in range(1, 29)]


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Let it be a Monday in March."""
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 3, 2, 9, tzinfo=ZONE))


@pytest.fixture
def load(cast, tmp_path, committing):
    """Load lines below the heading; return what was printed."""
    for system in (SYSTEM, OTHER):
        ProcedureRoute.objects.create(
            procedure=cast.procedure, is_provincial=False, system=system, valid_from=FEBRUARY[len(system)]
        )

    def do(*lines: str, heading: str = HEADING, **options) -> str:
        file = tmp_path / "tai-khoan.csv"
        file.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8-sig")
        return run(file, **options)

    def run(file, **options) -> str:
        out = StringIO()
        with committing():
            call_command("load_outside_accounts", str(file), stdout=out, **options)
        return out.getvalue()

    do.file = run
    return do


def state() -> list[tuple]:
    names = ("user__username", "system", "granted_on", "withdrawn_on", "written_by")
    return list(OutsideAccount.objects.order_by("user__username", "granted_on").values_list(*names))


def test_accounts_go_in_and_a_second_run_changes_nothing(load):
    printed = load(CLERK, HANDLER)
    assert f"created   clerk · {SYSTEM}, from 2026-02-01" in printed
    assert "2 created, 0 changed, 0 unchanged, 0 refused, 0 conflicts" in printed
    assert state() == [
        ("clerk", SYSTEM, FEBRUARY[0], None, None),
        ("handler", OTHER, FEBRUARY[2], FEBRUARY[19], None),
    ], "the system is named as its routes name it"
    before = list(OutsideAccount.objects.order_by("pk").values())
    assert "0 created, 0 changed, 2 unchanged, 0 refused" in load(CLERK, HANDLER)
    assert list(OutsideAccount.objects.order_by("pk").values()) == before


def test_a_dry_run_prints_the_same_and_writes_nothing(load, caplog):
    lines = (CLERK, HANDLER, f"nobody;{SYSTEM};01/02/2026;")
    with caplog.at_level(logging.INFO, logger="portal.audit"):
        dry = load(*lines, dry_run=True)
    assert (state(), caplog.records) == ([], [])
    told = [[line for line in printed.splitlines() if " in " not in line] for printed in (dry, load(*lines))]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"nobody;{SYSTEM};01/02/2026;", "nobody has this account here: load the officers first"),
        (f";{SYSTEM};01/02/2026;", "the user name or staff number is missing"),
        ("head;;01/02/2026;", "the ministry's system is missing"),
        ("head;Hệ thống lạ;01/02/2026;", "no procedure's route names the system «Hệ thống lạ»: write it as there"),
        (f"head;{SYSTEM};;", "no account of the person stands there: write the day in «granted»"),
        (f"head;{SYSTEM};03/03/2026;", "(03/03/2026) is still to come"),
        (f"head;{SYSTEM};01/02/2026;03/03/2026", "is still to come"),
        (f"head;{SYSTEM};02/02/2026;01/02/2026", "withdrawn before it was granted"),
        (f"head;{SYSTEM};02/30/2026;", "the date «02/30/2026» in «granted» can't be"),
        (f"clerk;{SYSTEM};;", "line 2 says the same account: take one line away"),
        (f"clerk;{SYSTEM};05/02/2026;", "line 2 says the same account"),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_its_line_and_the_others_go_in(load, line, said):
    printed = load(CLERK, line)
    (refused,) = [each for each in printed.splitlines() if each.startswith("refused")]
    assert refused.startswith("refused   row 3: ") and said in refused
    assert [row[0] for row in state()] == ["clerk"]
    with pytest.raises(CommandError, match=r"(?s)row 3: .*Nothing was loaded"):
        load(HANDLER, line.replace("clerk;", "nobody;"), all_or_nothing=True)
    assert [row[0] for row in state()] == ["clerk"]


def test_days_are_corrected_ended_and_begun_anew_and_an_old_list_opens_nothing_again(load):
    load(CLERK)
    assert "granted_on: 2026-02-01 → 2026-02-02" in load(f"clerk;{SYSTEM};02/02/2026;")
    assert "withdrawn_on: – → 2026-02-10" in load(f"clerk;{SYSTEM};;10/02/2026")
    assert "0 created, 0 changed, 1 unchanged" in load(f"clerk;{SYSTEM};02/02/2026;")
    assert "refused   row 2: it overlaps an account of the person there" in load(f"clerk;{SYSTEM};05/02/2026;")
    assert "1 created" in load(f"clerk;{SYSTEM};10/02/2026;")
    assert [row[2:4] for row in state()] == [(FEBRUARY[1], FEBRUARY[9]), (FEBRUARY[9], None)]
    both = (f"clerk;{SYSTEM};02/02/2026;10/02/2026", f"clerk;{SYSTEM};10/02/2026;")
    assert "0 created, 0 changed, 2 unchanged" in load(*both)
    assert "it overlaps" in load(f"clerk;{SYSTEM};02/02/2026;20/02/2026")


def test_one_list_ends_an_account_and_begins_the_next(load):
    load(CLERK)
    printed = load(f"clerk;{SYSTEM};01/02/2026;10/02/2026", f"clerk;{SYSTEM};12/02/2026;")
    assert "1 created, 1 changed" in printed
    assert [row[2:4] for row in state()] == [(FEBRUARY[0], FEBRUARY[9]), (FEBRUARY[11], None)]


def test_a_workbook_in_english_is_read_too(load, tmp_path):
    book = Workbook()
    book.active.append(["Account", "System", "Granted on", "Withdrawn", "Room"])
    book.active.append(["clerk", SYSTEM, dt.datetime(2026, 2, 1), None, 12])
    book.save(tmp_path / "list.xlsx")
    printed = load.file(tmp_path / "list.xlsx")
    assert "Columns that aren't read: Room." in printed and "1 created" in printed


def test_a_list_without_its_columns_is_refused_whole(load):
    with pytest.raises(CommandError, match=re.escape("names no column «ngày thu hồi» (withdrawn)")):
        load(CLERK, heading="Mã cán bộ;Hệ thống;Ngày cấp")


def test_the_audit_hears_ids_systems_and_names_of_fields_alone(load, caplog):
    with caplog.at_level(logging.INFO, logger="portal.audit"):
        load(CLERK)
        load(f"clerk;{SYSTEM};;10/02/2026")
    told = [json.loads(record.getMessage()) for record in caplog.records]
    clerk = User.objects.get(username="clerk")
    assert [(line["event"], line["user"], line["by"]) for line in told] == [
        ("account.outside_account_written", clerk.pk, "load_outside_accounts"),
        ("account.outside_account_changed", clerk.pk, "load_outside_accounts"),
    ]
    assert told[1]["fields"] == ["withdrawn_on"] and "Nguyễn" not in caplog.text


def test_whoever_leaves_by_a_list_of_officers_is_named_with_what_is_still_open_there(load, cast, tmp_path, committing):
    load(CLERK, f"head;{SYSTEM};01/02/2026;", f"contractor;{SYSTEM};01/02/2026;20/02/2026")
    Posting.objects.filter(user=cast.people["head"]).update(valid_from=dt.date(2026, 1, 1))
    file, out = tmp_path / "can-bo.csv", StringIO()
    heading = "Mã cán bộ;Họ và tên;Mã định danh;Vai trò;Từ ngày;Đến hết ngày"
    file.write_text(f"{heading}\nhead;Nguyễn Head;DEMO.01;head;;01/03/2026\n", encoding="utf-8")
    with committing():
        call_command("load_officers", str(file), leavers=20, stdout=out)
    printed = out.getvalue()
    assert "still with accounts on ministries' systems" in printed
    assert f"  clerk: {SYSTEM}\n" in printed and f"  head: {SYSTEM}\n" in printed and "  contractor:" not in printed
    assert OutsideAccount.objects.still_open().count() == 2, "nothing is withdrawn by it"
