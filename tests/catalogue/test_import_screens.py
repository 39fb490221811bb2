"""The screens of the national file: who may, what is told, the choices one by one, and a second person's approval."""

from __future__ import annotations

import datetime as dt
import gzip
import html
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from catalogue.changesets import uploads
from catalogue.changesets.approving import approve
from catalogue.changesets.writing import ChangeSetError, line_stamp, submit
from catalogue.models import CatalogueImport, ChangeLine, ChangeSet, Procedure
from tests.catalogue.conftest import BIRTH, birth, real, write_jsonl
from tests.catalogue.editing_cast import Cast, make_cast
from tests.catalogue.import_cast import NEW_STEPS, bring, changed, edit, new_steps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_a_rule")]
State = CatalogueImport.State
STRANGERS = ("editor", "publisher", "neighbour_editor", "neighbour_publisher", "clerk", "expired", "coming", "unposted")
OURS = "Bước của biên tập viên"


@pytest.fixture
def everybody(loaded) -> Cast:
    """The small catalogue, and everybody who tries to edit it."""
    return make_cast()


@pytest.fixture
def national(loaded, tmp_path):
    path = tmp_path / "national.jsonl"
    path.write_text(changed(loaded, {BIRTH: new_steps}), encoding="utf-8")
    return path


def enter(who: Any) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(who)
    return client


def send(client: Client, path, **more: str) -> Any:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    # What is done after the commit is done at its end: before the page is looked at.
    with TestCase.captureOnCommitCallbacks(execute=True):
        response = client.post(reverse("catalogue_imports:add"), {"file": file, **more})
    return client.get(response["Location"]) if response.status_code == 302 else response


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


def addresses(found: CatalogueImport) -> list[str]:
    line = found.change_set.lines.get(code=BIRTH)
    names = {"import": (), "state": (), "again": (), "compare": (), "clashes": (), "clash": (line.pk, "steps")}
    urls = [reverse(f"catalogue_imports:{name}", args=[found.pk, *more]) for name, more in names.items()]
    return [reverse("catalogue_imports:imports"), reverse("catalogue_imports:add"), *urls]


def test_strangers_get_404_at_every_address_and_bring_nothing(everybody, national):
    edit(steps_vi=OURS)
    found = bring(national, everybody.top_editor)
    before = list(ChangeLine.objects.values())
    for who in STRANGERS:
        client = enter(everybody.people[who])
        for address in addresses(found):
            assert {client.get(address).status_code, client.post(address, {}).status_code} <= {404, 405}, (who, address)
        assert send(client, national).status_code == 404
        assert "catalogue-imports" not in text(client.get("/cms/", follow=True)), who
    assert (list(ChangeLine.objects.values()), CatalogueImport.objects.count()) == (before, 1)


def test_a_visitor_is_sent_to_the_log_in(everybody, national):
    found = bring(national, everybody.top_editor)
    client = Client(HTTP_HOST="localhost")
    for name, args in (("imports", []), ("add", []), ("import", [found.pk])):
        response = client.get(reverse(f"catalogue_imports:{name}", args=args))
        assert response.status_code == 302 and "/accounts/login/" in response["Location"]


def test_a_file_is_brought_watched_and_listed(everybody, national, django_assert_max_num_queries):
    client = enter(everybody.top_editor)
    assert "/cms/catalogue-imports/" in text(client.get("/cms/"))
    shown = send(client, national, title="Danh mục tháng 8", effective_on=str(timezone.localdate() + dt.timedelta(9)))
    found = CatalogueImport.objects.get()
    # A small file is read within the request, where there are no workers.
    assert (found.state, found.change_set.title, found.uploaded_by) == (
        State.READY,
        "Danh mục tháng 8",
        everybody.top_editor,
    )
    assert "Chưa có gì được công khai" in text(shown)
    assert "1 thủ tục thay đổi" in " ".join(text(shown).replace("<b>", "").replace("</b>", "").split())
    assert reverse("catalogue_sets:set", args=[found.change_set_id]) in text(shown)
    told = client.get(reverse("catalogue_imports:state", args=[found.pk])).json()
    assert (told["going"], told["done"]) == (False, found.total)
    with django_assert_max_num_queries(25):
        listed = text(client.get(reverse("catalogue_imports:imports")))
    assert "Danh mục tháng 8" in listed and "đã đọc và so sánh" in listed
    with django_assert_max_num_queries(25):
        client.get(reverse("catalogue_imports:import", args=[found.pk]))
    assert birth().steps_vi != NEW_STEPS


def test_the_same_file_is_told_and_makes_no_second_set(everybody, national, tmp_path):
    client = enter(everybody.top_editor)
    send(client, national)
    packed = tmp_path / "khac.jsonl.gz"
    packed.write_bytes(gzip.compress(national.read_bytes()))
    assert "Tệp này đã có rồi: top_editor" in text(send(client, packed))
    assert CatalogueImport.objects.count() == 1
    ChangeSet.objects.update(status="applied")
    assert "Chính tệp này đã được top_editor nhập" in text(send(client, packed))
    assert CatalogueImport.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "rỗng"),
        (b"\x1f\x8b\x08\x00cut", "bị cắt cụt hoặc bị hỏng"),
        (b'{"code": "1.1"}\n{"code": "1.1"}\n', "hai lần, ở dòng 1 và 2"),
        (b"<html></html>\n", "không có dòng nào mang mã thủ tục"),
    ],
)
def test_a_damaged_file_is_refused_on_the_form_and_what_was_typed_stays(everybody, tmp_path, content, says):
    path = tmp_path / "hong.jsonl"
    path.write_bytes(content)
    shown = text(send(enter(everybody.top_editor), path, title="Danh mục tháng 8"))
    assert says in shown
    assert 'value="Danh mục tháng 8"' in shown
    assert not ChangeSet.objects.exists()


def test_a_day_years_away_is_asked_about(everybody, national):
    shown = text(send(enter(everybody.top_editor), national, effective_on="2206-12-01"))
    assert "hãy xem lại năm" in shown
    assert not ChangeSet.objects.exists()


def test_refused_rows_stand_on_the_page_in_vietnamese(everybody, loaded, tmp_path):
    rows = real(BIRTH, "1.000894")
    rows[0]["channel_details"][0]["channel"] = "Bồ câu"
    shown = text(send(enter(everybody.top_editor), write_jsonl(tmp_path / "x.jsonl", rows)))
    assert "không rõ cách thức thực hiện «Bồ câu»" in shown
    assert "đang công khai nhưng tệp không còn giao cho tỉnh này" in shown.lower()


def test_a_large_file_waits_for_the_clock(everybody, national, monkeypatch):
    from catalogue import clock

    monkeypatch.setattr(uploads, "AT_ONCE", 10)
    client = enter(everybody.top_editor)
    shown = text(send(client, national))
    found = CatalogueImport.objects.get()
    assert (found.state, found.change_set.lines.count()) == (State.WAITING, 0)
    assert "Tệp lớn sẽ bắt đầu trong vòng một phút" in shown
    with pytest.raises(ChangeSetError):
        submit(found.change_set_id, by=everybody.top_editor, at=timezone.now())
    assert clock.part("imports").run(timezone.now()) == "1 files read"
    found.refresh_from_db()
    assert (found.state, found.change_set.lines.count()) == (State.READY, 1)


def test_a_reading_that_broke_off_is_begun_again_on_its_page(everybody, national):
    client = enter(everybody.top_editor)
    send(client, national)
    found = CatalogueImport.objects.get()
    long_ago = timezone.now() - dt.timedelta(minutes=5)
    packed = gzip.compress(national.read_bytes())
    CatalogueImport.objects.update(state=State.RUNNING, heard_at=long_ago, content=packed, done=3)
    shown = text(client.get(reverse("catalogue_imports:import", args=[found.pk])))
    assert "Việc đọc bị ngắt sau 3/" in shown and "Bắt đầu lại" in shown
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(reverse("catalogue_imports:again", args=[found.pk]))
    found.refresh_from_db()
    assert (found.state, found.change_set.lines.count()) == (State.READY, 1)
    again = client.post(reverse("catalogue_imports:again", args=[found.pk]), follow=True)
    assert "vẫn đang được đọc" in text(again)


def test_conflicts_are_chosen_one_by_one_and_whoever_chose_cannot_approve(everybody, loaded, tmp_path):
    def both(row):
        new_steps(row)
        row["requirements_text"] = "Điều kiện của tệp"

    path = tmp_path / "national.jsonl"
    path.write_text(changed(loaded, {BIRTH: both}), encoding="utf-8")
    edit(steps_vi=OURS, conditions_vi="Điều kiện của ta")
    client = enter(everybody.top_editor)
    shown = text(send(client, path))
    found = CatalogueImport.objects.get()
    assert "đã chọn 0/2" in shown
    with pytest.raises(ChangeSetError, match=f"{BIRTH}: .*hãy chọn"):
        submit(found.change_set_id, by=everybody.top_editor, at=timezone.now())
    page = client.get(reverse("catalogue_imports:clashes", args=[found.pk]), follow=True)
    shown = text(page)
    assert "1/2" in shown and "<del>" in shown and "<ins>" in shown
    first = page.redirect_chain[-1][0]
    assert "Hãy chọn một trong hai bản" in text(client.post(first, {"choice": ""}, follow=True))
    for who, choice in (("top_publisher", "mine"), ("top_editor", "theirs")):
        person = enter(everybody.people[who])
        page = person.get(reverse("catalogue_imports:clashes", args=[found.pk]), follow=True)
        stamp = page.context["stamp"]
        shown = person.post(page.redirect_chain[-1][0], {"choice": choice, "stamp": stamp}, follow=True)
    assert "Mọi chỗ trùng của tệp này đã chọn xong" in text(shown)
    submit(found.change_set_id, by=everybody.top_editor, at=timezone.now())
    line = found.change_set.lines.get(code=BIRTH)
    assert set(line.writers.all()) == {everybody.top_editor, everybody.top_publisher}
    outcome = approve_as(everybody.top_publisher, found)
    assert outcome.approved == 0 and "Bạn đã viết một phần" in outcome.refused[BIRTH]
    everybody.root.postings.create(agency=everybody.top, role="publisher")
    assert approve_as(everybody.root, found).approved == 1
    parts = {birth().steps_vi, birth().conditions_vi}
    assert parts in ({OURS, "Điều kiện của tệp"}, {NEW_STEPS, "Điều kiện của ta"})
    # Chosen and done: the board of what couldn't be merged has nothing of it.
    assert not ChangeLine.objects.filter(status="applied").exclude(clashes=[]).exists()


def approve_as(user: Any, found: CatalogueImport) -> Any:
    lines = list(found.change_set.lines.filter(status="open"))
    return approve(
        found.change_set_id,
        [line.pk for line in lines],
        by=user,
        at=timezone.now(),
        day=timezone.localdate(),
        stamps=[line_stamp(line) for line in lines],
    )


def test_a_second_person_approves_and_open_work_holds_its_own_line_only(
    everybody, loaded, tmp_path, django_assert_max_num_queries
):
    path = tmp_path / "national.jsonl"
    path.write_text(changed(loaded, {BIRTH: new_steps, "1.000894": new_steps}), encoding="utf-8")
    draft = birth()
    draft.steps_vi = "Bản nháp"
    draft.save_revision(clean=False)
    shown = text(send(enter(everybody.top_editor), path))
    assert "Đang có người làm dở" in shown and "đang có bản nháp" in shown
    found = CatalogueImport.objects.get()
    submit(found.change_set_id, by=everybody.top_editor, at=timezone.now())
    approver = enter(everybody.top_publisher)
    address = reverse("catalogue_sets:set", args=[found.change_set_id])
    with django_assert_max_num_queries(25):
        page = text(approver.get(address))
    assert "đang có bản nháp" in page and NEW_STEPS.split()[0] in page
    stamps = [line_stamp(line) for line in found.change_set.lines.all()]
    data = {"all": "1", "seen": timezone.now().isoformat(), "stamp": stamps}
    approver.post(reverse("catalogue_sets:act", args=[found.change_set_id, "approve"]), data, follow=True)
    assert Procedure.objects.get(code="1.000894").steps_vi == NEW_STEPS
    assert birth().steps_vi != NEW_STEPS
    assert found.change_set.lines.get(code=BIRTH).status == "open"


@pytest.mark.parametrize("most", [0, 200])
def test_a_file_of_a_day_to_come_waits_and_is_in_force_on_it(everybody, loaded, tmp_path, monkeypatch, most):
    from catalogue.changesets import approving
    from catalogue.changesets.applying import apply_due
    from catalogue.changesets.parking import park_waiting

    monkeypatch.setattr(approving, "AT_ONCE", most)
    new = {**real(BIRTH)[0], "code": "9.000001", "name": "Thủ tục mới của tệp"}
    path = tmp_path / "national.jsonl"
    path.write_text(changed(loaded, {BIRTH: new_steps}, [new]), encoding="utf-8")
    day = timezone.localdate() + dt.timedelta(days=5)
    found = bring(path, everybody.top_editor, effective_on=day)
    submit(found.change_set_id, by=everybody.top_editor, at=timezone.now())
    assert approve_as(everybody.top_publisher, found).approved == 2
    assert birth().versions.count() == (1 if most == 0 else 2)
    assert park_waiting(timezone.now()) == f"{0 if most else 1} versions to come"
    assert park_waiting(timezone.now()) == "0 versions to come"
    assert birth().steps_vi != NEW_STEPS and not Procedure.objects.filter(code="9.000001").exists()
    version = birth().versions.latest("number")
    assert (version.effective_from, version.content["steps"]) == (day, NEW_STEPS)
    apply_due(timezone.now() + dt.timedelta(days=4))
    assert birth().steps_vi != NEW_STEPS
    apply_due(timezone.now() + dt.timedelta(days=5))
    assert birth().steps_vi == NEW_STEPS and Procedure.objects.get(code="9.000001").live
    # The version that waited is the one in force: no second one says the same.
    assert birth().versions.latest("number") == version
    found.change_set.refresh_from_db()
    assert found.change_set.status == "applied"


def test_an_approval_of_many_is_carried_out_by_the_clock(everybody, national, monkeypatch):
    from catalogue.changesets import approving
    from catalogue.changesets.applying import apply_due

    monkeypatch.setattr(approving, "AT_ONCE", 0)
    found = bring(national, everybody.top_editor)
    submit(found.change_set_id, by=everybody.top_editor, at=timezone.now())
    approver = enter(everybody.top_publisher)
    data = {"all": "1", "seen": timezone.now().isoformat()}
    act = reverse("catalogue_sets:act", args=[found.change_set_id, "approve"])
    assert "cần vài phút" in text(approver.post(act, data, follow=True))
    assert birth().steps_vi != NEW_STEPS
    assert apply_due(timezone.now()) == "1 changes in force"
    assert birth().steps_vi == NEW_STEPS


def test_changed_since_is_compared_again_on_the_page(everybody, national):
    found = bring(national, everybody.top_editor)
    edit(steps_vi=OURS)
    client = enter(everybody.top_editor)
    address = reverse("catalogue_imports:import", args=[found.pk])
    assert "So sánh lại" in text(client.get(address))
    shown = text(client.post(reverse("catalogue_imports:compare", args=[found.pk]), follow=True))
    assert "Đã so sánh lại 1 dòng" in shown and "đã chọn 0/1" in shown
    assert "So sánh lại</button>" not in shown


def test_parts_are_told_in_words():
    from catalogue.cms.part_texts import part_text
    from catalogue.legal import part_name
    from catalogue.loading.parts import EMPTY

    assert all(part_name(name) and not part_text(name, part) for name, part in EMPTY.items())
    term = {"label": "", "number": 5, "unit": "working_day", "text": "Kể từ ngày nhận"}
    fee = {"label": "", "kind": "fee", "amount": "8000.00", "currency": "VND", "certainty": "stated", "text": ""}
    shown = part_text("channels", [{"kind": "counter", "terms": [term], "fees": [fee]}])
    assert "5 ngày làm việc – Kể từ ngày nhận" in shown and "8.000 VND" in shown
    paper = {"name": "Tờ khai", "kind": "paper", "handling": "submit", "originals": 1, "copies": 0, "form": "Mẫu 1"}
    assert "Tờ khai [bản chính: 1, bản sao: 0; mẫu: Mẫu 1]" in part_text("papers", [{"label": "", "papers": [paper]}])
    assert json.dumps(part_text("levels", ["province"]))
