"""A file of changes: each line is judged by its number, and nothing is half done."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from catalogue.loading.output import LoadError
from catalogue.loading.reading import UntrustedFileError
from catalogue.models import AdministrativeUnit, AgencySuccession, Reorganisation, UnitChange
from catalogue.reorganising import words
from catalogue.reorganising.lines import read_lines
from tests import factories
from tests.catalogue.reorganising_cast import HEADING, MERGE, file_of, make_province, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return make_province()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sông,,101,102", "isn't a kind of thing"),
        ("xã,biến mất,101,102", "isn't known"),
        ("xã,sáp nhập,999,103", "no commune has the code 999"),
        ("xã,sáp nhập,101,999", "no commune has the code 999 on the day"),
        ("xã,sáp nhập,101,103,Phường Khác", "which doesn't end"),
        ("xã,giải thể,101,102", "what is abolished has no new one"),
        ("xã,thành lập,101,104,Phường Mới", "what is founded has no old one"),
        ("xã,đổi tên,101,101", "a new name is one name"),
        ("xã,,101,", "say what it becomes"),
        ("xã,,,", "neither «old» nor «new»"),
        ("xã,thành lập,,104,Phường Mới", "in which province or district"),
        ("xã,sáp nhập,101,102|103,Phường Một Tên", "a name is of one new thing"),
        ("cơ quan,sáp nhập,DEMO.9,DEMO.101", "no agency is called «DEMO.9»"),
        ("cơ quan,sáp nhập,DEMO.101,DEMO.9", "no agency is called «DEMO.9» on the day"),
        ("cơ quan,sáp nhập,DEMO.101,DEMO.102,,,,,,Không có,", "the field «Không có» isn't known"),
        ("cơ quan,sáp nhập,DEMO.101,DEMO.102,,,,,,,999", "no place has the code 999"),
        ("cơ quan,sáp nhập,DEMO.101,không mã,Cơ quan mới,,,,,,", "is no identifier"),
        ("cơ quan,thành lập,,DEMO.9,Cơ quan mới,,,,,,", "say where the new agency is"),
        ("cơ quan,thành lập,,DEMO.9,Cơ quan mới,,,Không vai,101,,", "the role «Không vai» isn't known"),
        ("trung tâm,sáp nhập,phuong-hoa-an,102", "can't be said of a centre"),
        ("trung tâm,,phuong-hoa-an,102", "say what becomes of the centre"),
        ("trung tâm,đóng cửa,khong-co,", "no centre is called «khong-co»"),
        ("trung tâm,tiếp tục,phuong-hoa-an,102", "has another centre"),
        ("cán bộ,,demo.a,DEMO.102", "has no posting at an agency that ends"),
        ("cán bộ,,demo.a,", "at which one agency"),
        ("xã,sáp nhập,101,102,,,,Vai trò", "are said of agencies only"),
    ],
)
def test_a_line_that_doesnt_fit_is_refused_with_its_number_and_nothing_is_written(made, tmp_path, line, said):
    path = file_of(tmp_path, "cơ quan,giải thể,DEMO.103,", line)
    with pytest.raises(LoadError) as refused:
        run(path, made)
    assert said in str(refused.value)
    assert "row 3" in str(refused.value)
    assert not Reorganisation.objects.exists()
    assert not UnitChange.objects.filter(effective_on=made.day).exists()
    made.agencies["c"].refresh_from_db()
    assert made.agencies["c"].valid_to is None


def test_a_table_without_its_columns_is_refused_whole(made, tmp_path):
    (tmp_path / "other.csv").write_text("tên,tuổi\nA,3\n", encoding="utf-8")
    with pytest.raises(UntrustedFileError, match="means nothing here"):
        run(tmp_path / "other.csv", made)
    (tmp_path / "less.csv").write_text("đối tượng,mã cũ\nxã,101\n", encoding="utf-8")
    with pytest.raises(UntrustedFileError, match="names no column"):
        run(tmp_path / "less.csv", made)


def test_english_headings_and_words_mean_the_same(made, tmp_path):
    path = tmp_path / "english.csv"
    path.write_text(
        "what,change,old,new,name\ncommune,merged,101,101,Phường An Phát\ncommune,merged,102,101\n", "utf-8"
    )
    run(path, made)
    assert set(UnitChange.objects.filter(new__name="Phường An Phát").values_list("old__code", flat=True)) == {
        "101",
        "102",
    }


def test_what_ends_on_another_day_is_refused(made, tmp_path):
    AdministrativeUnit.objects.filter(pk=made.units["a"].pk).update(valid_to=made.day.replace(year=made.day.year + 1))
    with pytest.raises(LoadError, match="ends on"):
        run(file_of(tmp_path, *MERGE), made)


def test_land_and_the_rest_of_an_agency_go_to_different_heirs_by_field_and_area(made, tmp_path):
    """One line each: the field, the area, and who has the rest."""
    field = factories.FieldFactory(slug="dat-dai", name_vi="Đất đai")
    path = file_of(
        tmp_path,
        "cơ quan,,DEMO.103,DEMO.103L,Văn phòng đăng ký đất đai,DEMO.00,department,,103,,",
        "cơ quan,,DEMO.103,DEMO.103L,,,,,,Đất đai,101",
        "cơ quan,,DEMO.103,DEMO.102,,,,,,,",
    )
    run(path, made)
    rows = AgencySuccession.objects.filter(agency=made.agencies["c"])
    found = set(rows.values_list("successor__identifier", "field", "area__code"))
    assert ("DEMO.103L", field.pk, "101") in found
    assert ("DEMO.102", None, None) in found
    office = rows.filter(successor__identifier="DEMO.103L").first().successor
    assert (office.parent, office.kind, office.place) == (made.top, "department", made.units["c"])


def test_the_command_reads_the_file_and_says_what_is_wrong(made, tmp_path, capsys):
    path = file_of(tmp_path, *MERGE)
    day = made.day.isoformat()
    call_command("reorganise", str(path), f"--effective={day}", "--name=Thử", "--json")
    assert '"refused": 0' in capsys.readouterr().out
    plan = Reorganisation.objects.get()
    assert (plan.name, plan.state, plan.effective_on) == ("Thử", "planned", made.day)
    with pytest.raises(CommandError, match="is no day"):
        call_command("reorganise", str(path), "--effective=mai")
    with pytest.raises(CommandError, match="Give the file"):
        call_command("reorganise", f"--effective={day}")
    with pytest.raises(CommandError, match=r"(?s)row 2.*Nothing was loaded"):
        call_command("reorganise", str(file_of(tmp_path, "xã,,999,101", name="bad.csv")), f"--effective={day}")


def test_the_example_of_the_guide_can_be_read():
    """Each of its lines means something; what they name is made up."""
    refused = []
    lines = read_lines(Path(settings.BASE_DIR) / "docs" / "examples" / "reorganisation.csv", refused)
    assert not refused
    assert len(lines) == 9
    assert set(words.columns_of(HEADING.split(","))) == set(words.HEADINGS)
