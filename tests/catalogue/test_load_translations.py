"""Translations by line: figures are checked first, and nobody's own words are overwritten."""

import json

import pytest
from django.core.management.base import CommandError

from catalogue.models import AdministrativeUnit, Agency, Centre, Field, Procedure, RequiredPaper, TranslationMark
from tests.catalogue.conftest import BIRTH, DATA, birth

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_a_rule")]
NAME = "Thủ tục đăng ký khai sinh"
STEPS = "Bước 1: nộp hồ sơ\n\nBước 2: nhận kết quả"


def write(folder, language, lines, reviewed=False):
    (folder / language).mkdir(parents=True, exist_ok=True)
    rows = [{"source": source, "text": text, "reviewed": reviewed} for source, text in lines.items()]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / language / "lines.jsonl").write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    """English and Korean lines of one procedure, and the parts of names."""
    folder = tmp_path / "translations"
    names = {
        "Đà Nẵng": "Da Nang",
        "thành phố {name}": "{name} City",
        "phường {name}": "{name} Ward",
        "Ủy ban nhân dân {unit}": "People's Committee of {unit}",
        "Trung tâm Phục vụ hành chính công {unit}": "Service Centre of {unit}",
        "Sở Tư pháp": "Department of Justice",
        "{role} {unit}": "{role}, {unit}",
    }
    write(folder, "en", {NAME: "Register a birth", "* Giấy tờ phải nộp:": "* Papers to hand in:", **names})
    write(folder, "ko", {NAME: "출생 등록"}, reviewed=True)
    return folder


def test_columns_are_filled_marked_and_a_rerun_changes_nothing(load, loaded, folder):
    first = load("load_translations", folder)
    again = load("load_translations", folder)
    procedure = birth()
    assert (procedure.name_en, procedure.name_ko) == ("Register a birth", "출생 등록")
    assert procedure.cases.get(label_vi="* Giấy tờ phải nộp:").label_en == "* Papers to hand in:"
    marks = TranslationMark.objects.filter(model="procedure", row=procedure.pk, column="name")
    assert dict(marks.values_list("language", "is_reviewed")) == {"en": False, "ko": True}
    assert (first["changed"], first["conflicts"]) == (0, 0)
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, first["created"])


def test_names_of_places_agencies_and_centres_are_put_together(load, loaded, folder):
    load("load_centres", DATA / "centres.jsonl")
    load("load_translations", folder)
    assert AdministrativeUnit.objects.get(level="province", code="48", valid_to=None).local_name_en == "Da Nang City"
    assert AdministrativeUnit.objects.get(name="Phường Cẩm Lệ", valid_to=None).local_name_en == "Cẩm Lệ Ward"
    assert Agency.objects.get(name_vi__startswith="Sở Tư pháp").name_en == "Department of Justice, Da Nang City"
    assert Agency.objects.get(name_vi="Ủy ban nhân dân phường Cẩm Lệ").name_en == "People's Committee of Cẩm Lệ Ward"
    assert Centre.objects.get(slug="phuong-cam-le").name_en == "Service Centre of Cẩm Lệ Ward"


def test_a_text_is_translated_only_if_every_line_is_known(load, loaded, folder):
    Procedure.objects.filter(code=BIRTH).update(steps_vi=STEPS)
    write(folder, "en", {"Bước 1: nộp hồ sơ": "Step 1: hand in"})
    load("load_translations", folder)
    assert not birth().steps_en
    write(folder, "en", {"Bước 1: nộp hồ sơ": "Step 1: hand in", "Bước 2: nhận kết quả": "Step 2: collect"})
    load("load_translations", folder)
    assert birth().steps_en == "Step 1: hand in\n\nStep 2: collect"


def test_one_changed_figure_refuses_the_whole_load(load, loaded, folder):
    write(folder, "ja", {NAME: "出生届", "Nộp 02 bản": "3部提出"})
    with pytest.raises(CommandError, match=r"(?s)ja/lines\.jsonl, line 2.*lacks 2; adds 3.*Nothing was loaded"):
        load("load_translations", folder)
    assert not birth().name_en
    assert not TranslationMark.objects.exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"source": "phường {name}", "text": "Ward"}, "the {slots} of source and text differ"),
        ({"source": "x", "text": " "}, "source and text must both be text"),
        ({"source": "x", "text": "y", "reviewed": "yes"}, "reviewed must be true or false"),
    ],
)
def test_a_wrong_line_refuses_the_whole_load(load, loaded, folder, line, reason):
    (folder / "en" / "more.jsonl").write_text(json.dumps(line) + "\n")
    with pytest.raises(CommandError, match=reason):
        load("load_translations", folder)
    assert not birth().name_en


def test_somebody_elses_words_are_never_overwritten(load, loaded, folder):
    Procedure.objects.filter(code=BIRTH).update(name_en="Birth, in my words")
    report = load("load_translations", folder)
    assert report["conflicts"] == 1
    assert "procedure" in report["text"]
    assert birth().name_en == "Birth, in my words"


def test_words_that_an_editor_changed_after_the_load_stay(load, loaded, folder):
    load("load_translations", folder)
    Procedure.objects.filter(code=BIRTH).update(name_en="Birth, in my words", name_ko="")
    write(folder, "en", {NAME: "Registering a birth"})
    report = load("load_translations", folder)
    assert (report["changed"], report["conflicts"]) == (0, 2)
    assert (birth().name_en, birth().name_ko) == ("Birth, in my words", "")


def test_a_better_line_replaces_what_was_loaded(load, loaded, folder):
    load("load_translations", folder)
    write(folder, "en", {NAME: "Registering a birth"}, reviewed=True)
    report = load("load_translations", folder)
    assert (report["created"], report["changed"], report["conflicts"]) == (0, 1, 0)
    assert birth().name_en == "Registering a birth"
    assert TranslationMark.objects.get(model="procedure", row=birth().pk, column="name", language="en").is_reviewed


def test_the_revision_that_an_editor_opens_holds_the_translation(load, loaded, folder):
    load("load_translations", folder)
    procedure = birth()
    opened = procedure.latest_revision.as_object()
    assert opened.name_en == "Register a birth"
    assert [case.label_en for case in opened.cases.all() if case.label_vi == "* Giấy tờ phải nộp:"] == [
        "* Papers to hand in:"
    ]
    opened.save_revision(clean=False).publish()
    assert birth().name_en == "Register a birth"


def test_an_open_draft_gets_it_too_but_not_beside_changed_vietnamese(load, loaded, folder):
    procedure = birth()
    procedure.name_vi = "Tên nháp"
    procedure.save_revision(clean=False)
    load("load_translations", folder)
    draft = birth().latest_revision.content
    assert (draft["name_vi"], draft["name_en"] or "") == ("Tên nháp", "")
    labels = {case["label_vi"]: case["label_en"] for case in draft["cases"]}
    assert labels["* Giấy tờ phải nộp:"] == "* Papers to hand in:"
    assert birth().name_en == "Register a birth"


def test_the_names_in_all_languages_can_be_searched(load, loaded, folder):
    load("load_translations", folder)
    assert Procedure.objects.matching("register birth").get() == birth()
    assert Procedure.objects.matching("출생").get() == birth()


def test_a_loaded_translation_is_no_change_for_the_next_import(load, loaded, folder):
    load("load_translations", folder)
    report = load("load_procedures", loaded)
    assert (report["changed"], report["conflicts"]) == (0, 0)
    assert birth().versions.count() == 1


def test_a_dry_run_writes_nothing(load, loaded, folder):
    assert load("load_translations", folder, dry_run=True)["created"] > 2
    assert not birth().name_en
    assert not TranslationMark.objects.exists()


def test_the_committed_lines_pass_and_reach_fields_papers_and_units(load, loaded):
    report = load("load_translations")
    assert report["created"] > 500
    assert Field.objects.get(slug="ho-tich").name_en
    assert RequiredPaper.objects.filter(case__procedure__code=BIRTH).exclude(name_en=None).exists()
    assert load("load_translations")["unchanged"] == report["created"]
