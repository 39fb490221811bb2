"""What somebody did by hand is never overwritten: it comes out as a conflict."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import Task, Workflow, WorkflowState, WorkflowTask

from catalogue.models import AdministrativeUnit, Decision, Procedure, ProcedureVersion, ProvinceProcedure, RequiredPaper
from tests.catalogue.conftest import BIRTH, NATIONAL, birth

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_a_rule")]


def edit(**columns):
    """Change the row as an editor who publishes does."""
    procedure = birth()
    for name, value in columns.items():
        setattr(procedure, name, value)
    procedure.save_revision(clean=False).publish()


def new_steps(row):
    row["steps_text"] = "Bước mới của tệp"


def test_an_editors_change_stays_while_the_file_is_the_same(load, loaded):
    edit(steps_vi="Bước của biên tập viên")
    report = load("load_procedures", loaded)
    assert (report["changed"], report["conflicts"], report["unchanged"]) == (0, 0, len(NATIONAL) + 1)
    assert birth().steps_vi == "Bước của biên tập viên"


def test_both_changing_one_field_is_a_conflict_that_names_both(load, loaded, alter):
    edit(steps_vi="Bước của biên tập viên")
    report = load("load_procedures", alter(loaded, BIRTH, new_steps))
    assert (report["changed"], report["conflicts"]) == (0, 1)
    assert f"{BIRTH} [steps]" in report["text"]
    assert "Bước của biên tập viên → Bước mới của tệp" in report["text"]
    assert birth().steps_vi == "Bước của biên tập viên"


def test_a_conflict_in_one_field_keeps_the_whole_row(load, loaded, alter):
    edit(steps_vi="Bước của biên tập viên")

    def both(row):
        new_steps(row)
        row["requirements_text"] = "Điều kiện mới"

    load("load_procedures", alter(loaded, BIRTH, both))
    assert birth().conditions_vi == ""


def test_changes_of_different_fields_both_stand(load, loaded, alter):
    edit(conditions_vi="Điều kiện của biên tập viên")
    report = load("load_procedures", alter(loaded, BIRTH, new_steps))
    assert (report["changed"], report["conflicts"]) == (1, 0)
    assert (birth().conditions_vi, birth().steps_vi) == ("Điều kiện của biên tập viên", "Bước mới của tệp")


def test_the_same_change_on_both_sides_is_no_change(load, loaded, alter):
    edit(steps_vi="Bước mới của tệp")
    altered = alter(loaded, BIRTH, new_steps)
    report = load("load_procedures", altered)
    assert (report["changed"], report["conflicts"]) == (0, 0)
    assert load("load_procedures", altered)["conflicts"] == 0


def test_a_paper_that_an_editor_classified_stays_so(load, loaded, alter):
    paper = RequiredPaper.objects.filter(case__procedure__code=BIRTH, kind="unclassified").first()
    RequiredPaper.objects.filter(pk=paper.pk).update(kind="note")
    assert load("load_procedures", loaded)["changed"] == 0
    altered = alter(loaded, BIRTH, lambda row: row["documents"][0].update(name="Giấy khác"))
    report = load("load_procedures", altered)
    assert (report["changed"], report["conflicts"]) == (0, 1)
    assert RequiredPaper.objects.get(pk=paper.pk).kind == "note"


def test_a_row_with_an_open_draft_is_a_conflict(load, loaded, alter):
    procedure = birth()
    procedure.steps_vi = "Bản nháp"
    procedure.save_revision(clean=False)
    assert load("load_procedures", loaded)["conflicts"] == 0
    report = load("load_procedures", alter(loaded, BIRTH, new_steps))
    assert (report["changed"], report["conflicts"]) == (0, 1)
    assert "open draft" in report["text"]
    assert birth().latest_revision.content["steps_vi"] == "Bản nháp"


def test_an_unpublished_row_is_not_published_again(load, loaded, alter):
    birth().unpublish()
    report = load("load_procedures", alter(loaded, BIRTH, new_steps))
    assert report["conflicts"] == 1
    assert not birth().live


def test_a_row_in_a_workflow_is_a_conflict(load, loaded, alter, django_user_model):
    user = django_user_model.objects.create_user("editor", password="x")
    workflow = Workflow.objects.create(name="Duyệt")
    WorkflowTask.objects.create(workflow=workflow, task=Task.objects.create(name="Bước"), sort_order=0)
    kind = ContentType.objects.get_for_model(Procedure)
    WorkflowState.objects.create(
        workflow=workflow, content_type=kind, base_content_type=kind, object_id=str(birth().pk), requested_by=user
    )
    report = load("load_procedures", alter(loaded, BIRTH, new_steps))
    assert report["conflicts"] == 1
    assert "workflow" in report["text"]


def test_a_locked_row_is_a_conflict(load, loaded, alter):
    Procedure.objects.filter(code=BIRTH).update(locked=True)
    assert "locked" in load("load_procedures", alter(loaded, BIRTH, new_steps))["text"]


def test_a_row_with_a_version_to_come_is_a_conflict(load, loaded, alter):
    ProcedureVersion.objects.create(
        procedure=birth(),
        number=2,
        content={},
        digest="x",
        effective_from=timezone.localdate() + dt.timedelta(days=30),
        recorded_at=timezone.now(),
    )
    report = load("load_procedures", alter(loaded, BIRTH, new_steps))
    assert report["conflicts"] == 1
    assert "takes effect later" in report["text"]


def test_a_file_older_than_ours_is_a_conflict(load, loaded, alter):
    def older(row):
        new_steps(row)
        row["source_date"] = "2024-01-01"

    report = load("load_procedures", alter(loaded, BIRTH, older))
    assert report["conflicts"] == 1
    assert "load a newer file" in report["text"]


def test_a_row_that_the_file_no_longer_has_stays_and_counts_nowhere(load, loaded, tmp_path):
    lines = loaded.read_text(encoding="utf-8").splitlines(keepends=True)
    shorter = tmp_path / "shorter.jsonl"
    shorter.write_text("".join(line for line in lines if BIRTH not in line[:40]), encoding="utf-8")
    report = load("load_procedures", shorter)
    assert (report["changed"], report["unchanged"]) == (0, len(NATIONAL))
    assert birth().live


def test_what_the_province_decides_over_a_national_row_is_untouched(load, loaded, alter):
    overlay = ProvinceProcedure.objects.create(
        procedure=birth(),
        province=AdministrativeUnit.objects.get(level="province", code="48", valid_to=None),
        fee_amount=Decimal(8000),
        decision=Decision.objects.create(number="1/NQ-HĐND"),
    )
    load("load_procedures", alter(loaded, BIRTH, new_steps))
    assert birth().steps_vi == "Bước mới của tệp"
    kept = ProvinceProcedure.objects.get()
    assert (kept.pk, kept.fee_amount) == (overlay.pk, 8000)
    assert not birth().channels.filter(fees__amount=8000).exists()
