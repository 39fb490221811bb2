"""Flagged rows: the sentence that names the district, the doubtful fee, and «I looked, it is right»: who and when."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client

from catalogue import models as m
from catalogue.editing.doubts import Doubt
from portal.publication.doubting import segments, sentences
from tests import factories
from tests.catalogue.conftest import real, write_jsonl
from tests.catalogue.editing_cast import Cast, make_cast
from tests.keeping import kept
from tests.portal.publication_rows import BOARD
from tests.publishing import publish

STEPS = "Nộp hồ sơ tại UBND cấp xã. UBND huyện xem xét trong 3 ngày; nhận kết quả.\nHết."


def make_rows_too() -> Cast:
    made = make_cast()
    row = made.rows[m.Procedure]
    row.steps_vi, row.mentions_district = STEPS, True
    row.is_papers_split_guessed = row.is_fees_split_guessed = row.roles_need_review = True
    row.roles_text = "Sở Tư pháp tỉnh Bình Dương"
    fee = m.FeeItem.objects.filter(channel__procedure=row, channel__kind="counter").get()
    m.FeeItem.objects.filter(pk=fee.pk).update(amount=None, certainty="suspect", text_vi="20 đồng (20.000 đồng/tờ)")
    made.rows[m.Procedure] = publish(row)
    return made


kept_cast = kept(make_rows_too)


@pytest.fixture
def cast(kept_cast, db) -> Cast:
    return kept_cast.copy()


@pytest.fixture
def editor(cast) -> Client:
    client = Client()
    client.force_login(cast.editor)
    return client


def counts(client: Client) -> dict[str, tuple[int, int]]:
    return {each.doubt.value: (each.left, each.right) for each in client.get(BOARD).context["doubts"]}


def look(client: Client, row: m.Procedure, doubt: str, **more: str):
    line = next(iter(client.get(f"{BOARD}doubts/{doubt}/").context["lines"]), None)
    seen = more.pop("seen", line["seen"] if line else "")
    return client.post(f"{BOARD}doubts/{doubt}/{row.pk}/", {"seen": seen, **more})


def test_sentences_that_name_the_district_are_cut_out_and_the_words_marked():
    assert sentences(STEPS) == ["UBND huyện xem xét trong 3 ngày;"]
    assert segments("Do UBND Huyện và thị xã") == [
        ("Do UBND ", False),
        ("Huyện", True),
        (" và ", False),
        ("thị xã", True),
    ]
    assert sentences("Quân khu và chính quyền cấp xã") == []
    long = segments("a " * 900 + "cấp huyện" + " b" * 900)
    assert ("cấp huyện", True) in long
    assert len("".join(text for text, _is_marked in long)) < 610


def test_the_list_shows_the_sentence_marked_with_a_way_to_the_form(cast, editor):
    page = editor.get(f"{BOARD}doubts/district/").content.decode()
    assert "UBND <mark>huyện</mark> xem xét trong 3 ngày;" in page
    assert "nhận kết quả." not in page
    assert f"/cms/snippets/catalogue/procedure/edit/{cast.rows[m.Procedure].pk}/" in page


@pytest.mark.parametrize(
    ("doubt", "shown"),
    [
        ("fee", "20 đồng (20.000 đồng/tờ)"),
        ("papers", "Giấy tờ"),
        ("fees", "20 đồng (20.000 đồng/tờ)"),
        ("authorities", "Sở Tư pháp tỉnh Bình Dương"),
    ],
)
def test_each_doubt_shows_what_is_to_be_looked_at(doubt, shown, editor):
    assert shown in editor.get(f"{BOARD}doubts/{doubt}/").content.decode()


def test_what_people_wrote_is_shown_as_text(cast, editor):
    row = cast.rows[m.Procedure]
    row.steps_vi = "UBND huyện <script>alert(1)</script>"
    publish(row)
    page = editor.get(f"{BOARD}doubts/district/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("doubt", Doubt.values)
def test_found_right_leaves_the_list_with_name_and_time_and_can_be_put_back(doubt, cast, editor):
    row = cast.rows[m.Procedure]
    assert counts(editor)[doubt] == (1, 0)
    look(editor, row, doubt)
    assert counts(editor) == {each: (0, 1) if each == doubt else (1, 0) for each in Doubt.values}
    assert editor.get(f"{BOARD}doubts/{doubt}/").context["page"].paginator.count == 0
    right = editor.get(f"{BOARD}doubts/{doubt}/?right")
    assert right.context["page"].paginator.count == 1
    assert "editor" in right.content.decode()
    assert m.RowCheck.objects.get().by == cast.editor
    assert m.Procedure.objects.get(pk=row.pk).mentions_district, "the row itself stays as it is"
    look(editor, row, doubt, again="1")
    assert counts(editor)[doubt] == (1, 0)


def test_once_the_text_changes_the_row_stands_on_the_list_again(cast, editor):
    row = cast.rows[m.Procedure]
    for doubt in ("district", "fee"):
        look(editor, row, doubt)
    row = m.Procedure.objects.get(pk=row.pk)
    row.steps_vi = STEPS + " Hỏi phòng tư pháp huyện."
    publish(row)
    assert counts(editor)["district"] == (1, 0)
    assert counts(editor)["fee"] == (0, 1), "the fees are what they were"


def test_a_loader_puts_a_changed_row_on_the_list_again_too(cast, editor, committing):
    from catalogue.signals import catalogue_changed

    row = cast.rows[m.Procedure]
    look(editor, row, "district")
    catalogue_changed.send(sender=m.Procedure, codes=[row.code])
    assert counts(editor)["district"] == (0, 1)
    m.Procedure.objects.filter(pk=row.pk).update(steps_vi="UBND quận tiếp nhận.")
    catalogue_changed.send(sender=m.Procedure)
    assert counts(editor)["district"] == (1, 0)


def test_a_page_drawn_before_a_change_says_nothing_about_the_new_text(cast, editor):
    row = cast.rows[m.Procedure]
    line = editor.get(f"{BOARD}doubts/district/").context["lines"][0]
    m.Procedure.objects.filter(pk=row.pk).update(steps_vi="UBND quận tiếp nhận.")
    look(editor, row, "district", seen=line["seen"])
    assert not m.RowCheck.objects.exists()
    assert counts(editor)["district"] == (1, 0)


def test_the_rows_of_others_are_not_there(cast, editor):
    row = cast.rows[m.Procedure]
    neighbour = Client()
    neighbour.force_login(cast.neighbour_publisher)
    assert neighbour.get(f"{BOARD}doubts/district/").context["page"].paginator.count == 0
    for doubt in Doubt.values:
        assert neighbour.post(f"{BOARD}doubts/{doubt}/{row.pk}/", {"seen": "x"}).status_code == 404
        assert neighbour.post(f"{BOARD}doubts/{doubt}/{row.pk}/", {"again": "1"}).status_code == 404
    assert editor.get(f"{BOARD}doubts/weather/").status_code == 404
    assert editor.get(f"{BOARD}doubts/fee/{row.pk}/").status_code == 405


def test_the_loader_keeps_which_rows_were_split_by_guess(db, tmp_path):
    factories.ProvinceFactory()
    first, second = real("1.001193", "1.000894")
    first["flags"] = ["document_split_guessed"]
    second["flags"] = ["fee_or_time_split_guessed", "legal_basis_split_guessed"]
    call_command("load_procedures", str(write_jsonl(tmp_path / "rows.jsonl", [first, second])), verbosity=0)
    found = dict(m.Procedure.objects.values_list("code", "is_papers_split_guessed"))
    assert found == {"1.001193": True, "1.000894": False}
    assert m.Procedure.objects.get(code="1.000894").is_fees_split_guessed
