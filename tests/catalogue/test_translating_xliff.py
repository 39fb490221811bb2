"""XLIFF out and in: what comes back becomes drafts line by line, and no file does harm."""

from __future__ import annotations

import io
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalogue import models as m
from catalogue.translating import xliff
from tests import factories
from tests.catalogue.editing_cast import Cast
from tests.catalogue.translating_cast import address, decide, paper_of, translate, words

NAME = "Thủ tục của phường Cẩm Lệ"
SPACE = f"{{{xliff.NAMESPACE}}}"


@pytest.fixture
def writer(cast: Cast, client: Client) -> Client:
    client.force_login(cast.editor)
    return client


@pytest.fixture
def procedure(cast: Cast) -> m.Procedure:
    m.Procedure.objects.filter(pk=cast.rows[m.Procedure].pk).update(steps_vi="Bước 1: <nộp> & chờ\nBước 2: nhận")
    return words(cast.rows[m.Procedure])


def exported(client: Client, row: Any, language: str = "en") -> bytes:
    return b"".join(client.get(address(row, language, "export_row")).streaming_content)


def filled(document: bytes, translations: dict[str, str]) -> bytes:
    """Fill in targets by their source, as a translator's tool does."""
    tree = ElementTree.fromstring(document)
    for unit in tree.iter(f"{SPACE}trans-unit"):
        target = translations.get(unit.find(f"{SPACE}source").text)
        if target is not None:
            unit.find(f"{SPACE}target").text = target
    return ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True)


def send(client: Client, content: bytes, language: str = "en", **data: str) -> Any:
    file = SimpleUploadedFile("file.xlf", content)
    return client.post(f"/cms/translating/{language}/import/", {"file": file, **data})


def counts(answer: Any) -> tuple[int, int, int, int]:
    report = answer.context["imported"]
    return report.saved, report.unchanged, report.empty, len(report.refused)


def reasons(answer: Any) -> str:
    return " | ".join(each.why for each in answer.context["imported"].refused)


def test_a_row_goes_out_and_comes_back_and_a_second_time_changes_nothing(cast, writer, procedure):
    document = exported(writer, procedure)
    steps = "Step 1: <hand in> & wait\nStep 2: collect"
    back = filled(document, {NAME: "In English", procedure.steps_vi: steps})
    assert counts(send(writer, back)) == (2, 0, 1, 0)
    assert counts(send(writer, back)) == (0, 2, 1, 0)
    assert m.TranslationDraft.objects.count() == 2
    approver = Client()
    approver.force_login(cast.publisher)
    decide(approver, procedure)
    assert (words(procedure).name_en, words(procedure).steps_en) == ("In English", steps)
    assert counts(send(writer, back)) == (0, 2, 1, 0)


def test_a_vietnamese_that_stands_twice_is_one_unit(cast, writer, procedure):
    case = m.Case.objects.get(procedure=procedure)
    for number in range(3):
        factories.RequiredPaperFactory(case=case, name_vi="Bản sao", key=f"x{number}")
    document = exported(writer, procedure)
    assert document.decode().count(">Bản sao<") == 1
    send(writer, filled(document, {"Bản sao": "Copy"}))
    assert m.TranslationDraft.objects.filter(text="Copy").count() == 3


def test_the_work_list_has_what_is_left_of_ones_own_rows_only(cast, writer, procedure):
    foreign = factories.ProcedureFactory(name_vi="Của phường khác", maintained_by=cast.neighbour)
    m.Procedure.objects.filter(pk=procedure.pk).update(name_en="Is translated")
    document = b"".join(writer.get("/cms/translating/en/export/").streaming_content).decode()
    assert procedure.steps_vi.split("\n")[1] in document and foreign.name_vi not in document
    assert NAME not in document.split("<body>", 1)[1].replace("<header>", "")
    assert f'original="centre/{cast.rows[m.Centre].pk}"' in document
    few = b"".join(writer.get("/cms/translating/en/export/?kind=centre&few=1").streaming_content).decode()
    assert "procedure/" not in few and "centre/" in few
    ElementTree.fromstring(few)


def test_each_refused_line_is_reported_with_its_reason(cast, writer, procedure):
    foreign = factories.ProcedureFactory(name_vi="Của phường khác", maintained_by=cast.neighbour)
    top = Client()
    top.force_login(cast.top_editor)
    theirs = filled(exported(top, foreign), {foreign.name_vi: "Not theirs"})
    assert counts(send(writer, theirs)) == (0, 0, 0, 1)
    paper = paper_of(procedure)
    document = filled(exported(writer, procedure), {NAME: "In English", paper.name_vi: "A paper without its number"})
    document = document.replace(b'original="procedure/', b'original="procedure/', 1)
    m.Procedure.objects.filter(pk=procedure.pk).update(name_vi="Tên đã đổi")
    answer = send(writer, document)
    assert counts(answer) == (0, 0, 1, 2)
    assert "đã thay đổi" in reasons(answer) and "thiếu" in reasons(answer)
    assert "Tên đã đổi" not in reasons(answer)
    unknown = re.sub(rb'id="procedure\.\d+\.name\.', b'id="procedure.999999.name.', document)
    assert "mã này" in reasons(send(writer, unknown))
    nowhere = re.sub(rb'original="procedure/\d+"', b'original="nothing/1"', document)
    assert counts(send(writer, nowhere))[0] == 0
    assert not m.TranslationDraft.objects.exists()
    assert send(writer, document).content.decode().count("đã thay đổi") == 1


def test_a_newer_draft_of_somebody_else_isnt_written_over_unsaid(cast, writer, procedure):
    document = exported(writer, procedure)
    other = Client()
    other.force_login(cast.colleague)
    translate(other, procedure, {NAME: "The colleague's words"})
    back = filled(document, {NAME: "The file's words"})
    answer = send(writer, back)
    assert counts(answer)[0] == 0 and "colleague" in reasons(answer)
    assert m.TranslationDraft.objects.get().text == "The colleague's words"
    answer = send(writer, back, may_replace="on")
    assert counts(answer)[0] == 1 and "colleague" in answer.content.decode()
    assert m.TranslationDraft.objects.current().get().text == "The file's words"
    assert m.TranslationDraft.objects.get(status="replaced").text == "The colleague's words"


def test_a_draft_that_the_file_already_had_may_be_corrected_by_it(cast, writer, procedure):
    translate(writer, procedure, {NAME: "First words"})
    other = Client()
    other.force_login(cast.colleague)
    document = exported(other, procedure)
    assert b"First words" in document
    assert counts(send(other, filled(document, {NAME: "Corrected words"})))[0] == 1
    assert m.TranslationDraft.objects.current().get().writer == cast.colleague


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file original="procedure/1"><body><trans-unit id="1"><target>&c;</target></trans-unit></body></file></xliff>"""
OUTSIDE = BOMB.replace(b'<!ENTITY a "aaaaaaaaaa">', b'<!ENTITY c SYSTEM "file:///etc/passwd">')


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (BOMB, "thực thể"),
        (OUTSIDE, "thực thể"),
        (b"<xliff", "XML"),
        (b"PK\x03\x04", "XML"),
        (b"<html/>", "1.2"),
        (b'<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0"/>', "1.2"),
        (b'<?xml version="1.0" encoding="x-none"?><xliff/>', "XML"),
        (b'<xliff version="1.2"><file target-language="ko" original="a"/></xliff>', "ko"),
    ],
)
def test_a_file_that_is_none_or_means_harm_is_refused_with_a_sentence(content, said, cast, writer):
    answer = send(writer, content)
    assert answer.status_code == 200
    assert said in " ".join(answer.context["form"].errors["file"])
    assert not m.TranslationDraft.objects.exists()


def test_a_file_that_breaks_off_writes_nothing(cast, writer, procedure):
    whole = filled(exported(writer, procedure), {NAME: "In English"})
    answer = send(writer, whole[: whole.rindex(b":trans-unit>")])
    assert answer.context["imported"] is None
    assert not m.TranslationDraft.objects.exists()


def test_a_huge_file_is_refused_before_it_is_read(cast, writer, monkeypatch):
    monkeypatch.setattr(xliff, "MEGABYTES", 0)
    assert "MB" in str(send(writer, b"<xliff/>").context["form"].errors)

    class Unread(io.BytesIO):
        def read(self, *args: Any) -> bytes:
            raise AssertionError("It was read.")

    with pytest.raises(xliff.XliffError):
        list(xliff.read(Unread(), 10_000_000_000, "en"))


def test_more_units_than_anybody_has_are_refused(cast, writer, procedure, monkeypatch):
    monkeypatch.setattr(xliff, "MOST_UNITS", 1)
    assert "1" in str(send(writer, exported(writer, procedure)).context["form"].errors)


def test_marks_that_tools_put_into_targets_are_left_out(cast, writer, procedure):
    document = filled(exported(writer, procedure), {NAME: "@@"})
    document = document.replace(b"@@", b'<mrk mtype="seg" mid="0">In </mrk><mrk mtype="seg" mid="1">English</mrk>')
    document = document.replace(b"ns0:", b"").replace(b"xmlns:ns0", b"xmlns")
    assert counts(send(writer, document))[0] == 1
    assert m.TranslationDraft.objects.get().text == "In English"


def test_letters_that_xml_cant_hold_dont_break_the_file(cast, writer, procedure):
    m.Procedure.objects.filter(pk=procedure.pk).update(conditions_vi="Có\x0bký tự lạ")
    document = exported(writer, procedure)
    assert counts(send(writer, filled(document, {"Cóký tự lạ": "Odd letters"})))[0] == 1
