"""A national file becomes lines: judged as the loader judges, written by an approval alone, nothing lost beside it."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from wagtail.models import ModelLogEntry

from catalogue.changesets import clashes, importing, uploads
from catalogue.changesets.files import legal_contents, refusal, refusals, write_lines
from catalogue.loading.judging import judge_all
from catalogue.loading.reading import UntrustedFileError
from catalogue.loading.sentences import in_language
from catalogue.models import CatalogueImport, ChangeLine, Procedure, ProcedureVersion
from catalogue.signals import catalogue_changed
from catalogue.versioning import legal_content
from tests.catalogue.conftest import BIRTH, NATIONAL, USD, birth, real, write_jsonl
from tests.catalogue.import_cast import NEW_STEPS, approve_all, bring, changed, edit, new_steps, rows_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_a_rule")]
State = CatalogueImport.State


@pytest.fixture
def editor(django_user_model):
    return django_user_model.objects.create_user("editor")


@pytest.fixture
def approver(django_user_model):
    return django_user_model.objects.create_user("approver")


def another_code(source, code="9.000001"):
    """Return a real row under a code that no catalogue has."""
    return {**real(USD)[0], "code": code, "name": "Thủ tục mới của tệp"}


@pytest.fixture
def altered(loaded, tmp_path):
    """The loaded file with one row changed and one new."""
    path = tmp_path / "national.jsonl"
    path.write_text(changed(loaded, {BIRTH: new_steps}, [another_code(loaded)]), encoding="utf-8")
    return path


def content():
    """Return all that readers, search and the record of versions are made from."""
    tables = [Procedure.objects.order_by("pk").values(), ProcedureVersion.objects.order_by("pk").values("pk", "digest")]
    return [list(rows) for rows in tables], ModelLogEntry.objects.count()


def test_a_file_becomes_a_line_a_changed_and_a_new_procedure_and_nothing_else_changes(altered, editor):
    before, told = content(), []
    catalogue_changed.connect(listener := lambda **kwargs: told.append(kwargs), weak=False)
    found = bring(altered, editor, title="Danh mục tháng 8")
    catalogue_changed.disconnect(listener)
    assert (found.state, found.created, found.changed, found.refused) == (State.READY, 1, 1, 0)
    assert (found.unchanged, found.done, found.content) == (len(NATIONAL), found.total, None)
    amended, new = found.change_set.lines.order_by("pk")
    assert (amended.code, amended.effect, amended.procedure) == (BIRTH, "amended", birth())
    assert amended.parts == {"steps": NEW_STEPS}
    assert amended.before == {"steps": birth().steps_vi}
    assert (new.code, new.effect, new.procedure, new.parts["name"]) == ("9.000001", "new", None, "Thủ tục mới của tệp")
    assert [*amended.writers.all()] == [*new.writers.all()] == [editor]
    assert content() == before
    assert told == []


def test_an_approval_writes_what_the_loader_would_have_written(altered, loaded, load, editor, approver):
    found = bring(altered, editor)
    assert refusals(list(found.change_set.lines.all())) == {}
    assert approve_all(found.change_set, approver) == {}
    row, new = birth(), Procedure.objects.get(code="9.000001")
    assert (row.steps_vi, row.live, new.live, new.has_unpublished_changes) == (NEW_STEPS, True, True, False)
    for procedure, number in ((row, 2), (new, 1)):
        version = procedure.versions.latest("number")
        assert (version.number, version.effective_from) == (number, timezone.localdate())
        assert version.content == legal_content(procedure)
        assert procedure.latest_revision.content["steps_vi"] == procedure.steps_vi
        assert ModelLogEntry.objects.for_instance(procedure).latest("timestamp").user == approver
    assert found.change_set.lines.get(code="9.000001").procedure == new
    # The loader finds nothing left to do, and the same file brings no line.
    report = load("load_procedures", altered)
    assert (report["created"], report["changed"], report["conflicts"]) == (0, 0, 0)
    assert not bring(altered, editor).change_set.lines.exists()


def test_versions_of_a_file_with_a_day_are_in_force_from_it(altered, editor, approver):
    day = timezone.localdate() - dt.timedelta(days=3)
    found = bring(altered, editor, effective_on=day)
    approve_all(found.change_set, approver)
    assert birth().versions.latest("number").effective_from == day
    assert ProcedureVersion.objects.as_of(day - dt.timedelta(days=1)).get(procedure=birth()).number == 1


def test_the_legal_contents_to_come_are_told_and_nothing_is_written(altered, editor):
    found = bring(altered, editor)
    before, line = content(), found.change_set.lines.get(code=BIRTH)
    told = legal_contents(list(found.change_set.lines.all()))
    assert list(told) == [line.pk]
    assert content() == before
    write_lines([line], at=timezone.now(), day=timezone.localdate(), effective_on=None)
    assert told[line.pk] == legal_content(birth())


def test_an_editors_change_of_the_same_part_asks_for_a_choice(altered, editor, approver):
    edit(steps_vi="Bước của biên tập viên", conditions_vi="Điều kiện của biên tập viên")
    found = bring(altered, editor)
    line = found.change_set.lines.get(code=BIRTH)
    assert line.clashes == [{"path": ["steps"], "mine": "Bước của biên tập viên", "theirs": NEW_STEPS, "choice": ""}]
    assert "hãy chọn" in refusal(line)
    assert clashes.progress(found.change_set) == clashes.Progress(0, 1)
    assert approve_all(found.change_set, approver).keys() == {line.pk}
    assert birth().steps_vi == "Bước của biên tập viên"


@pytest.mark.parametrize(("choice", "steps"), [("mine", "Bước của biên tập viên"), ("theirs", NEW_STEPS)])
def test_what_was_chosen_stands_and_is_not_asked_again(altered, editor, approver, load, choice, steps):
    edit(steps_vi="Bước của biên tập viên", conditions_vi="Điều kiện của biên tập viên")
    found = bring(altered, editor)
    line = found.change_set.lines.get(code=BIRTH)
    stamp = clashes.stamp_of(line.clashes[0])
    line = clashes.choose(line.pk, "steps", choice, by=approver, at=timezone.now(), stamp=stamp)
    assert refusal(line) == ""
    assert set(line.writers.all()) == {editor, approver}
    assert clashes.progress(found.change_set) == clashes.Progress(1, 1)
    assert approve_all(found.change_set, editor) == {}
    assert (birth().steps_vi, birth().conditions_vi) == (steps, "Điều kiện của biên tập viên")
    assert load("load_procedures", altered)["conflicts"] == 0
    assert birth().steps_vi == steps


def test_a_choice_over_texts_that_were_not_seen_is_refused(altered, editor):
    edit(steps_vi="Bước của biên tập viên")
    line = bring(altered, editor).change_set.lines.get(code=BIRTH)
    with pytest.raises(clashes.ChoiceError):
        clashes.choose(line.pk, "steps", "mine", by=editor, at=timezone.now(), stamp="other")
    with pytest.raises(clashes.ChoiceError):
        clashes.choose(line.pk, "steps", "both", by=editor, at=timezone.now(), stamp="other")
    line.change_set.status = "approved"
    line.change_set.save()
    with pytest.raises(clashes.ChoiceError):
        stamp = clashes.stamp_of(line.clashes[0])
        clashes.choose(line.pk, "steps", "mine", by=editor, at=timezone.now(), stamp=stamp)


def test_open_work_holds_a_line_until_it_is_gone(altered, editor, approver):
    procedure = birth()
    procedure.steps_vi = "Bản nháp"
    draft = procedure.save_revision(clean=False)
    found = bring(altered, editor)
    line = found.change_set.lines.get(code=BIRTH)
    assert "bản nháp" in refusal(line)
    with translation.override("en"):
        assert "open draft" in refusal(line)
    assert approve_all(found.change_set, approver).keys() == {line.pk}
    assert (birth().steps_vi == NEW_STEPS, birth().has_unpublished_changes) == (False, True)
    assert Procedure.objects.filter(code="9.000001", live=True).exists()
    # Published, it is a change of the same part: comparing again asks which holds.
    draft.publish()
    ChangeLine.objects.filter(pk=line.pk).update(status="open", decided_by=None)
    assert "so sánh lại" in refusal(ChangeLine.objects.get(pk=line.pk))
    clashes.compare_again([line.pk], timezone.now())
    assert "hãy chọn" in refusal(ChangeLine.objects.get(pk=line.pk))


def test_a_row_changed_after_the_comparison_is_left_and_told(altered, editor, approver):
    found = bring(altered, editor)
    line = found.change_set.lines.get(code=BIRTH)
    edit(steps_vi="Bước của biên tập viên")
    assert "so sánh lại" in refusal(line)
    assert approve_all(found.change_set, approver).keys() == {line.pk}
    assert birth().steps_vi == "Bước của biên tập viên"


def test_the_same_change_made_by_hand_goes_from_the_set_when_it_is_compared_again(altered, editor):
    found = bring(altered, editor)
    line = found.change_set.lines.get(code=BIRTH)
    edit(steps_vi=NEW_STEPS)
    assert refusal(line) == ""
    assert clashes.compare_again([line.pk], timezone.now()).same == 1
    assert not ChangeLine.objects.filter(pk=line.pk).exists()


def test_two_files_one_after_the_other_lose_nothing_and_tell(altered, loaded, tmp_path, editor, approver):
    second = tmp_path / "second.jsonl"
    later = another_code(loaded) | {"name": "Tên khác của thủ tục mới"}
    second.write_text(changed(loaded, {BIRTH: lambda row: row.update(steps_text="Bước của tệp sau")}, [later]))
    one, two = bring(altered, editor), bring(second, editor)
    assert approve_all(one.change_set, approver) == {}
    reasons = approve_all(two.change_set, approver)
    lines = {line.code: line for line in two.change_set.lines.all()}
    assert reasons.keys() == {line.pk for line in lines.values()} and len(lines) == 2
    assert all("so sánh lại" in reason for reason in reasons.values())
    assert birth().steps_vi == NEW_STEPS
    two.change_set.lines.update(status="open", decided_by=None)
    clashes.compare_again([line.pk for line in lines.values()], timezone.now())
    assert refusals(list(two.change_set.lines.all())) == {}
    assert approve_all(two.change_set, approver) == {}
    assert birth().steps_vi == "Bước của tệp sau"
    assert Procedure.objects.get(code="9.000001").name_vi == "Tên khác của thủ tục mới"


def test_an_older_file_that_was_overtaken_brings_nothing_back(altered, loaded, tmp_path, load, editor):
    found = bring(altered, editor)
    day = str(timezone.localdate())
    newer = tmp_path / "newer.jsonl"
    newer.write_text(changed(loaded, {BIRTH: lambda row: row.update(steps_text="Mới nhất", source_date=day)}))
    load("load_procedures", newer)
    line = found.change_set.lines.get(code=BIRTH)
    assert clashes.compare_again([line.pk], timezone.now()).same == 1
    assert not found.change_set.lines.filter(code=BIRTH).exists()
    # Brought anew it is told as too old.
    again = bring(altered, editor)
    assert [(code, in_language_of(said)) for _row, code, said in again.report["refused"]] == [(BIRTH, True)]


def in_language_of(said):
    from catalogue.loading.sentences import said as spoken

    with translation.override("vi"):
        return "tệp mới hơn" in spoken(said)


def test_refused_and_departed_rows_are_kept_with_the_set(loaded, tmp_path, editor):
    rows = rows_in(loaded)
    bad = rows.pop(0)
    rows.append({**bad, "name": ""})
    rows = [row for row in rows if row["code"] != "1.000894"]
    found = bring(write_jsonl(tmp_path / "bad.jsonl", rows), editor)
    assert (found.refused, found.departed) == (1, 1)
    [[number, code, said]] = found.report["refused"]
    assert (number, code, said[0]) == (len(rows), bad["code"], "%(field)s is empty")
    assert "1.000894" in str(found.report["departed"][1])


def test_a_row_that_the_database_refuses_spoils_no_other(altered, editor, approver):
    found = bring(altered, editor)
    line = found.change_set.lines.get(code="9.000001")
    line.parts = {**line.parts, "name": ""}
    line.save()
    reasons = approve_all(found.change_set, approver)
    assert reasons.keys() == {line.pk}
    assert "procedure_live_has_vietnamese_name" in reasons[line.pk] or "CHECK" in reasons[line.pk]
    assert birth().steps_vi == NEW_STEPS


def test_a_row_that_the_database_refuses_alone_is_told_and_nothing_breaks(altered, editor, approver):
    found = bring(altered, editor)
    found.change_set.lines.exclude(code="9.000001").delete()
    line = found.change_set.lines.get()
    line.parts = {**line.parts, "name": ""}
    line.save()
    assert approve_all(found.change_set, approver).keys() == {line.pk}
    assert not Procedure.objects.filter(code="9.000001").exists()


def upload(name, data):
    return uploads.examine(SimpleUploadedFile(name, data))


def test_damaged_files_are_refused_as_a_whole_in_the_readers_language(sample):
    data, packed = sample.read_bytes(), gzip.compress(sample.read_bytes())
    bad = {
        "bị hỏng": packed[: len(packed) // 2],
        "dở dang": data[:-500],
        "không phải UTF-8": data + b"\xff\xfe\n",
        "hai lần": data + data,
        "không có dòng nào": b"MZ, not a catalogue\n",
        "mỗi dòng một đối tượng": b"",
    }
    for words, content in bad.items():
        with pytest.raises(UntrustedFileError) as error, translation.override("vi"):
            upload("tep.jsonl", content)
        with translation.override("vi"):
            assert words in in_language(error.value.args[0]), words


def test_a_bomb_and_a_giant_are_refused(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 1)
    with pytest.raises(UntrustedFileError, match="when it is unpacked"):
        upload("bomb.gz", gzip.compress(b" " * 5_000_000))
    monkeypatch.setattr(uploads, "MOST_UPLOADED", 0)
    with pytest.raises(UntrustedFileError, match="larger than 0 MB"):
        upload("x.jsonl", b"{}\n")


def test_the_same_content_is_known_again_however_it_is_packed(altered, editor):
    found = bring(altered, editor)
    packed = upload("other-name.gz", gzip.compress(altered.read_bytes(), compresslevel=1))
    assert uploads.same_before(packed.digest) == found
    assert uploads.is_at_work(uploads.same_before(packed.digest))


class Killed(BaseException):
    """The process ends here."""


def test_a_reading_that_is_killed_says_so_and_is_begun_again(altered, editor, monkeypatch):
    taken = uploads.examine(SimpleUploadedFile("a.jsonl", altered.read_bytes()))
    monkeypatch.setattr(uploads, "have_read", lambda found: None)
    found = uploads.keep(taken, {}, name="a.jsonl", by=editor, at=timezone.now())
    monkeypatch.setattr(importing, "BATCH", 3)
    real_keep, kept = importing._keep, []

    def dies(*args, **kwargs):
        if kept:
            raise Killed
        kept.append(real_keep(*args, **kwargs))

    monkeypatch.setattr(importing, "_keep", dies)
    with pytest.raises(Killed):
        importing.read(found.pk)
    found.refresh_from_db()
    now = timezone.now()
    assert (found.state, found.is_stopped(now), found.is_stopped(now + dt.timedelta(minutes=4))) == (
        State.RUNNING,
        False,
        True,
    )
    assert 0 < found.done < found.total
    # Not while somebody may still be at it.
    assert not importing.begin_again(found.pk, now)
    line = ChangeLine(change_set=found.change_set, code="x", status="open")
    assert "chưa được đọc xong" in str(refusals([line]))
    assert importing.begin_again(found.pk, now + dt.timedelta(minutes=4))
    assert not importing.begin_again(found.pk, now + dt.timedelta(minutes=4))
    monkeypatch.setattr(importing, "_keep", real_keep)
    assert importing.read_waiting(now) == "1 files read"
    found.refresh_from_db()
    assert (found.state, found.attempt, found.change_set.lines.count()) == (State.READY, 2, 2)


def test_what_a_killed_process_left_on_the_disk_goes_an_hour_later(db, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    (left := tmp_path / "national-abc").mkdir()
    (left / "file.jsonl").write_text("{}")
    importing.read_waiting(timezone.now())
    assert left.exists()
    importing.read_waiting(timezone.now() + dt.timedelta(hours=2))
    assert not left.exists()


def test_an_error_stops_the_reading_and_is_told(altered, editor, monkeypatch):
    def breaks(*args, **kwargs):
        raise RuntimeError("disk")

    with monkeypatch.context() as patch:
        patch.setattr(importing, "_judge", breaks)
        found = bring(altered, editor)
    assert (found.state, found.report["why"][0]) == (State.STOPPED, "An error stopped the reading.")
    assert importing.begin_again(found.pk, timezone.now())
    assert importing.read(found.pk) == State.READY


def test_an_older_attempt_that_wakes_up_writes_nothing(altered, editor, monkeypatch):
    found = bring(altered, editor)
    CatalogueImport.objects.filter(pk=found.pk).update(state=State.RUNNING, attempt=7, content=b"x")
    with pytest.raises(importing.SupersededError):
        importing._keep(found, importing._Portion(), done=1, refused=0, at=timezone.now())


def test_loader_and_import_judge_by_one_function():
    from catalogue.loading import procedures

    assert procedures.judge_all is importing.judge_all is judge_all
