"""Accounts and postings from a list: what goes in, what is refused by its line, who leaves, and when access ends."""

import datetime as dt
import json
import logging
import re
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from catalogue.editing.setting_up import GROUP, set_up
from catalogue.models import Posting, Procedure
from catalogue.opening import ZONE
from portal.models import User
from tests.factories import ProcedureFactory

HEADING = "Mã cán bộ;Họ và tên;Thư điện tử;Mã định danh;Vai trò;Chức danh;Đơn vị sử dụng lao động;Từ ngày;Đến hết ngày"
LAN = "lan.nt;Nguyễn Thị Lan;lan@danang.gov.vn;DEMO.01;clerk;Chuyên viên;;01/01/2026;31/12/2026"
HUNG = "00123;Trần Văn Hùng;;demo.02;Handler;;;;"
TODAY = dt.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Put the clock to a moment; a Monday in March until then."""

    def put(*moment: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: dt.datetime(*moment, tzinfo=ZONE))

    put(2026, 3, 2, 9)
    return put


@pytest.fixture
def load(cast, tmp_path, committing):
    """Load lines below the heading; return what was printed."""

    def do(*lines: str, heading: str = HEADING, **options) -> str:
        file = tmp_path / "can-bo.csv"
        file.write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8-sig")
        return run(file, **options)

    def run(file: Path, **options) -> str:
        out = StringIO()
        with committing():
            call_command("load_officers", str(file), stdout=out, **options)
        return out.getvalue()

    do.file = run
    return do


def state() -> tuple[list, list]:
    names = ("username", "last_name", "first_name", "email", "password")
    posts = ("user__username", "agency__identifier", "role", "title", "employer", "valid_from", "valid_to")
    return list(User.objects.order_by("pk").values_list(*names)), list(
        Posting.objects.order_by("pk").values_list(*posts)
    )


def post_of(account: str) -> Posting:
    return Posting.objects.get(user__username=account)


def without_time(printed: str) -> list[str]:
    return [line for line in printed.splitlines() if not re.search(r" in \d+\.\d s$", line)]


def test_people_go_in_without_a_password_and_a_second_run_changes_nothing(load):
    printed = load(LAN, HUNG)
    assert "created   posting lan.nt · DEMO.01 · clerk" in printed
    assert "4 created, 0 changed, 0 unchanged, 0 refused, 0 conflicts" in printed
    lan, hung = User.objects.get(username="lan.nt"), User.objects.get(username="00123")
    assert (lan.get_full_name(), lan.email) == ("Nguyễn Thị Lan", "lan@danang.gov.vn")
    assert not lan.has_usable_password() and not hung.has_usable_password()
    assert not lan.is_staff and not lan.is_superuser
    post = post_of("lan.nt")
    assert (post.valid_from, post.valid_to) == (dt.date(2026, 1, 1), dt.date(2027, 1, 1)), "until 24:00 of the last day"
    assert (post_of("00123").valid_from, post_of("00123").valid_to) == (None, None)
    before = state()
    assert "0 created, 0 changed, 2 unchanged, 0 refused, 0 conflicts" in load(LAN, HUNG)
    assert state() == before


def test_a_dry_run_prints_the_same_and_writes_nothing(load, mailoutbox, caplog):
    before = state()
    with caplog.at_level(logging.INFO, logger="portal.audit"):
        dry = load(LAN, HUNG, "x;Ai;;DEMO.99;clerk;;;;", dry_run=True, send_links=True)
    assert (state(), mailoutbox, caplog.records) == (before, [], [])
    assert without_time(dry) == without_time(load(LAN, HUNG, "x;Ai;;DEMO.99;clerk;;;;"))


def test_headings_and_roles_are_read_in_english_from_a_workbook_too(load, tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(
        ["Staff number", "Family name", "Given name", "E-mail", "Agency identifier", "ROLE", "From", "To", "Room"]
    )
    sheet.append(
        [4711, "Lê Thị", "Hoa", "hoa@danang.gov.vn", "DEMO.02", "approver", dt.datetime(2026, 1, 5), None, "12"]
    )
    sheet.append([])
    sheet.append(["mai", "Võ", "Mai", None, "DEMO.02", "người thụ lý sai", dt.date(2026, 1, 5), None, None])
    book.save(tmp_path / "list.xlsx")
    printed = load.file(tmp_path / "list.xlsx")
    assert "Columns that aren't read: Room." in printed
    assert "refused   row 4: the role «người thụ lý sai» isn't known" in printed
    hoa = User.objects.get(username="4711")
    assert (hoa.last_name, hoa.first_name) == ("Lê Thị", "Hoa")
    assert (post_of("4711").role, post_of("4711").valid_from) == ("approver", dt.date(2026, 1, 5))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("b;Lê Bình;;DEMO.99;clerk;;;;", "no agency has the identifier DEMO.99: mend it"),
        ("b;Lê Bình;;;clerk;;;;", "the agency's identifier, such as H17.12 is missing"),
        ("b;Lê Bình;;DEMO.01;boss;;;;", "the role «boss» isn't known: write one of clerk"),
        ("b;Lê Bình;;DEMO.01;clerk;;;31/12/2026;01/12/2026", "ends (01/12/2026) before it begins (31/12/2026)"),
        ("b;Lê Bình;;DEMO.01;clerk;;;12/31/2026;", "the date «12/31/2026» in «from» can't be: write it as"),
        ("b;Lê Bình;;DEMO.01;clerk;;;;31/12/26", "the date «31/12/26» in «to» can't be"),
        ("b;Lê Bình;LAN@danang.gov.vn;DEMO.01;clerk;;;;", "the e-mail is that of the account lan.nt"),
        ("b;Lê Bình;clerk@danang.gov.vn;DEMO.01;clerk;;;;", "the e-mail is that of the account clerk"),
        ("b;Lê Bình;binh@;DEMO.01;clerk;;;;", "the e-mail isn't an address"),
        ("b;;;DEMO.01;clerk;;;;", "the person's family and given name is missing"),
        (";Lê Bình;;DEMO.01;clerk;;;;", "the user name or staff number is missing"),
        ("b c;Lê Bình;;DEMO.01;clerk;;;;", "has letters, digits and @ . + - _ only"),
        ("b;Lê Bình;;DEMO.02;clerk;;;;", "has no centre that is published, so no clerk"),
        ("b;Lê Bình;;DEMO.02;supervisor;;;;", "at the province's People's Committee only"),
        ("b;Lê Bình;;DEMO.01;contractor;;;;", "contracted and postal staff need their employer"),
        ("b;Lê Bình;;DEMO.01;clerk;;VNPost;;", "for contracted and postal staff only: leave it empty"),
        ("LAN.NT;Nguyễn Thị Lan;;DEMO.01;clerk;;;;", "line 2 says the same person, agency and role"),
        ("lan.nt;Nguyễn Thị Lan;;DEMO.01;clerk;;;01/06/2026;01/07/2026", "line 2 says the same person"),
        ("lan.nt;Nguyễn Thị Liên;;DEMO.02;handler;;;;", "line 2 has the same account with another name"),
        ("closed;Lê Bình;;DEMO.01;clerk;;;;", "the account is closed: open it again first"),
        ("boss;Kẻ Gian;ke.gian@danang.gov.vn;DEMO.01;clerk;;;;", "the account is an administrator's"),
        ("clerk;Kẻ Gian;ke.gian@danang.gov.vn;DEMO.01;clerk;;;;", "the account is somebody else's, Nguyễn Clerk"),
        ("b;Lê Bình;;DEMO.01;clerk;" + "x" * 151 + ";;;", "longer than 150 characters"),
        ("b;Lê\x07Bình;;DEMO.01;clerk;;;;", "holds a sign that can't be read"),
        ("b;Lê Bình", "the agency's identifier, such as H17.12 is missing"),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_its_line_and_the_others_go_in(load, admin, line, said):
    User.objects.create_user("closed", is_active=False, last_name="Lê", first_name="Bình")
    before = User.objects.exclude(username="lan.nt").order_by("pk").values_list("username", "last_name", "email")
    kept = list(before)
    printed = load(LAN, line)
    (refused,) = [each for each in printed.splitlines() if each.startswith("refused")]
    assert refused.startswith("refused   row 3: ") and said in refused
    assert post_of("lan.nt").role == "clerk"
    assert list(before) == kept
    assert "2 created, 0 changed, 0 unchanged, 1 refused" in printed


def test_all_or_nothing_loads_nothing_and_names_every_line(load):
    before = state()
    with pytest.raises(CommandError, match=r"(?s)row 3: no agency.*row 4: the role.*Nothing was loaded"):
        load(LAN, "b;Lê Bình;;DEMO.99;clerk;;;;", "c;Lê Cúc;;DEMO.01;x;;;;", all_or_nothing=True)
    assert state() == before


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Mã cán bộ;Họ và tên;Vai trò;Từ ngày;Đến ngày", "names no column «mã định danh» (agency)"),
        ("Tài khoản;Họ;Mã định danh;Vai trò;Từ;Đến", "names no column «họ và tên» (name)"),
        (HEADING + ";Account", "Two columns mean «tài khoản» (account): leave one"),
    ],
)
def test_a_list_without_its_columns_is_refused_whole(load, heading, said):
    with pytest.raises(CommandError, match=re.escape(said)):
        load(LAN, heading=heading)


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04 no workbook", "Họ;Tên".encode("cp1258", "replace") + b"\xff"])
def test_what_is_no_table_is_refused_whole(load, tmp_path, raw):
    (tmp_path / "x").write_bytes(raw)
    with pytest.raises(CommandError, match=r"Nothing was loaded"):
        load.file(tmp_path / "x")


def test_a_damaged_workbook_is_refused_whole_wherever_the_damage_is(load, tmp_path):
    book, file = Workbook(), tmp_path / "list.xlsx"
    book.active.append(["account"])
    book.save(file)
    whole = file.read_bytes()
    with zipfile.ZipFile(file) as packed:
        starts = [
            part.header_offset + 30 + len(part.filename) for part in packed.infolist() if "/sheet" in part.filename
        ]
    for damaged in (whole[: len(whole) // 2], whole[: starts[0]] + b"\xff" * 40 + whole[starts[0] + 40 :]):
        file.write_bytes(damaged)
        with pytest.raises(CommandError, match=r"can't be read as an xlsx workbook"):
            load.file(file)


def test_a_workbook_that_is_huge_once_unpacked_is_not_unpacked(load, tmp_path, monkeypatch):
    monkeypatch.setattr("catalogue.loading.table.MAX_UNPACKED", 1000)
    Workbook().save(tmp_path / "list.xlsx")
    with pytest.raises(CommandError, match=r"too large once it is unpacked"):
        load.file(tmp_path / "list.xlsx")


def test_names_addresses_and_postings_follow_the_list_and_passwords_stay(load):
    load(LAN)
    User.objects.filter(username="lan.nt").update(password="kept")
    printed = load("lan.nt;Nguyễn Thị Lan;lan.nt@danang.gov.vn;DEMO.01;clerk;Trưởng quầy;;01/02/2026;")
    assert "changed   account lan.nt: email" in printed
    assert "valid_from: 2026-01-01 → 2026-02-01" in printed and "title: Chuyên viên → Trưởng quầy" in printed
    lan, post = User.objects.get(username="lan.nt"), post_of("lan.nt")
    assert (lan.email, lan.password, post.title, post.valid_to) == ("lan.nt@danang.gov.vn", "kept", "Trưởng quầy", None)
    load("lan.nt;Nguyễn Thị Lan;;DEMO.01;clerk;;;;")
    lan, post = User.objects.get(username="lan.nt"), post_of("lan.nt")
    assert (lan.email, post.title, post.valid_from) == ("lan.nt@danang.gov.vn", "Trưởng quầy", dt.date(2026, 2, 1))


def test_an_old_list_does_not_open_again_what_ended_but_a_new_day_does(load, now):
    load(LAN.replace("31/12/2026", "01/03/2026"))
    for line in (LAN, LAN.replace("01/01/2026;31/12/2026", ";")):
        assert "refused   row 2: the" in load(line)
        assert post_of("lan.nt").valid_to == TODAY
    assert "1 created" in load(LAN.replace("01/01/2026", "02/03/2026"))
    assert Posting.objects.filter(user__username="lan.nt").count() == 2
    both = (LAN.replace("31/12/2026", "01/03/2026"), LAN.replace("01/01/2026", "02/03/2026"))
    assert "0 created, 0 changed, 2 unchanged" in load(*both)
    assert "meets more than one of the person's postings" in load(LAN.replace("01/01/2026", "01/02/2026"))
    now(2026, 2, 2, 9)
    assert "it overlaps another posting" in load(LAN.replace("31/12/2026", "10/03/2026"))


def test_only_with_leavers_what_is_missing_ends_with_yesterday_at_the_agencies_of_the_list(load, cast):
    clerk, head = post_of("clerk"), post_of("head")
    Posting.objects.filter(pk=head.pk).update(valid_from=TODAY + dt.timedelta(days=9))
    load(LAN)
    assert post_of("clerk").valid_to is None
    printed = load(LAN, leavers=20)
    assert post_of("clerk").valid_to == TODAY, "the last day was yesterday"
    assert not Posting.objects.filter(pk=head.pk).exists(), "what never began is taken away"
    assert post_of("lan.nt").valid_to == dt.date(2027, 1, 1)
    assert {post_of(name).valid_to for name in ("handler", "approver", "supervisor", "stranger")} == {None}
    assert "2 postings ended on 01/03/2026, 1 were taken away" in printed
    assert User.objects.get(username="clerk").is_active and clerk.user_id
    assert "0 created, 0 changed, 1 unchanged" in load(LAN, leavers=20)


def test_nobody_leaves_by_a_list_that_is_cut_or_has_refused_rows(load):
    before = state()
    with pytest.raises(CommandError, match=r"3 postings aren't in the list .* --leavers 3"):
        load(LAN, leavers=2)
    assert state() == before
    assert "No posting was ended, since rows were refused" in load(LAN, "clerk;Ai;;DEMO.01;clerk;;;x;", leavers=20)
    assert post_of("clerk").valid_to is None


def test_the_audit_has_a_line_a_change_with_ids_alone(load, caplog):
    with caplog.at_level(logging.INFO, logger="portal.audit"):
        load(LAN)
        load(LAN.replace("Lan;", "Liên;").replace("Chuyên viên", "Trưởng quầy"))
        load(HUNG.replace("02", "01").replace("Handler", "head"), leavers=20)
        quiet = len(caplog.records)
        load(HUNG.replace("02", "01").replace("Handler", "head"), leavers=20)
    assert len(caplog.records) == quiet, "a rerun changes nothing"
    lines = [json.loads(record.getMessage()) for record in caplog.records]
    lan = User.objects.get(username="lan.nt")
    assert [line["event"] for line in lines if line["user"] == lan.pk] == [
        "account.made", "account.posted", "account.changed", "account.posting_changed", "account.posting_ended",
    ]  # fmt: skip
    assert {line["by"] for line in lines} == {"load_officers"}
    assert not re.search(r"lan|liên|nguyễn|hùng|00123|@", caplog.text.replace("load_officers", ""), re.IGNORECASE)


def test_new_people_get_a_link_for_their_first_password_by_mail_or_from_the_administrator(load, mailoutbox, client):
    printed = load(LAN, HUNG, send_links=True)
    assert [mail.to for mail in mailoutbox] == [["lan@danang.gov.vn"]]
    assert "2 new people have no password yet" in printed and "1 have no e-mail" in printed
    out = StringIO()
    call_command("print_password_link", "00123", stdout=out)
    path = re.search(r"http://localhost:8000(\S+)", out.getvalue())[1]
    form = client.get(path).url
    words = {"password1": "bốn con mèo và cái ghế", "password2": "bốn con mèo và cái ghế"}
    assert client.post(form, words).url == "/accounts/password/reset/key/done/"
    assert User.objects.get(username="00123").check_password(words["password1"])
    assert "đã dùng hoặc quá hạn" in Client().get(path, follow=True).content.decode()
    with pytest.raises(CommandError, match="There is no open account nobody"):
        call_command("print_password_link", "nobody")


def test_a_link_for_the_first_password_is_not_printed_by_the_load(load, caplog):
    assert "/key/" not in load(LAN, send_links=True) + caplog.text


LAST_MINUTE, MIDNIGHT = (2026, 6, 30, 23, 59, 59), (2026, 7, 1, 0, 0)


def test_access_to_the_desk_ends_at_midnight_after_the_last_day(load, cast, now, settings):
    settings.MFA_ROLES = []
    load(LAN.replace("31/12/2026", "30/06/2026"))
    code = cast.received().code
    lan = User.objects.get(username="lan.nt")
    answers = []
    for moment in (LAST_MINUTE, MIDNIGHT):
        now(*moment)
        client = Client()
        client.force_login(lan)
        answers.append([client.get(path).status_code for path in ("/desk/", f"/desk/dossiers/{code}/")])
    assert answers == [[200, 200], [403, 403]], "nothing of the desk is open without a posting"


def test_access_to_the_catalogue_ends_at_midnight_after_the_last_day(load, cast, now, settings):
    settings.MFA_ROLES = []
    line = LAN.replace("clerk", "biên tập viên danh mục").replace("31/12/2026", "30/06/2026")
    with pytest.raises(CommandError, match=r"run manage.py set_up_editing first"):
        load(line)
    assert not User.objects.filter(username="lan.nt").exists()
    set_up()
    load(line)
    lan = User.objects.get(username="lan.nt")
    assert lan.groups.get().name == GROUP
    row = ProcedureFactory(name_vi="Thủ tục của phường", maintained_by=cast.commune)
    address = reverse(Procedure.snippet_viewset.get_url_name("edit"), args=[row.pk])
    answers = []
    for moment in (LAST_MINUTE, MIDNIGHT):
        now(*moment)
        client = Client()
        client.force_login(lan)
        answers.append(client.get(address).status_code)
        listed = client.get(reverse(Procedure.snippet_viewset.get_url_name("list"))).content.decode()
        assert ("Thủ tục của phường" in listed) == (moment == LAST_MINUTE)
    assert answers == [200, 302], "out of /cms/, to the page that says why"
    User.objects.filter(pk=lan.pk).update(is_active=False)
    assert client.get("/cms/").status_code == 302, "a closed account ends the session"
