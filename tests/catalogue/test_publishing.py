"""What follows when an editor publishes a procedure."""

import pytest
from django.utils import timezone

from catalogue.models import ProcedureVersion
from tests.factories import ProcedureFactory

pytestmark = pytest.mark.usefixtures("by_a_rule")


@pytest.fixture
def procedure(db):
    row = ProcedureFactory(code="1.5", steps_vi="Nộp ở quận", with_channels=True, with_papers=True)
    row.save_revision().publish()
    return row


def test_publishing_a_changed_legal_part_records_a_version_of_today(procedure):
    procedure.steps_vi = "Nộp ở phường"
    procedure.save_revision().publish()
    old, new = ProcedureVersion.objects.filter(procedure=procedure).order_by("number")
    assert (old.content["steps"], new.content["steps"]) == ("Nộp ở quận", "Nộp ở phường")
    assert new.effective_from == timezone.localdate()


def test_publishing_a_translation_alone_records_none(procedure):
    procedure.name_ko = "출생 신고"
    procedure.save_revision().publish()
    assert ProcedureVersion.objects.filter(procedure=procedure).count() == 1


def test_a_draft_records_none(procedure):
    procedure.steps_vi = "Nộp ở phường"
    procedure.save_revision()
    assert ProcedureVersion.objects.filter(procedure=procedure).count() == 1


def test_a_browsers_line_ends_change_nothing(procedure):
    procedure.steps_vi = "Dòng một\nDòng hai"
    procedure.save_revision().publish()
    versions = ProcedureVersion.objects.filter(procedure=procedure).count()
    procedure.steps_vi = "Dòng một\r\nDòng hai"
    procedure.full_clean()
    procedure.save_revision().publish()
    assert procedure.steps_vi == "Dòng một\nDòng hai"
    assert ProcedureVersion.objects.filter(procedure=procedure).count() == versions
