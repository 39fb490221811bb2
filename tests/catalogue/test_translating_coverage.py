"""Coverage adds up, each number has its list behind it, and the work list leads with what matters."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue import models as m
from catalogue.translating import coverage
from catalogue.translating.kinds import KINDS, languages
from catalogue.translating.texts import State
from catalogue.versioning import digest
from tests import factories
from tests.catalogue.editing_cast import Cast

CODES = [code for code, _name in languages()]


def mark(row: Any, text: str, *, source: str, reviewed: bool, column: str = "name", language: str = "en") -> None:
    type(row).objects.filter(pk=row.pk).update(**{f"{column}_{language}": text})
    m.TranslationMark.objects.create(
        model=row._meta.model_name,
        row=row.pk,
        column=column,
        language=language,
        source_digest=digest(source),
        text_digest=digest(text),
        is_reviewed=reviewed,
    )


@pytest.fixture
def states(cast: Cast) -> list[m.Procedure]:
    """Five procedures whose names are missing, outdated, loaded, reviewed, and reviewed but changed by hand since."""
    rows = [factories.ProcedureFactory(name_vi=f"Tên {index}", with_papers=True) for index in range(5)]
    mark(rows[1], "Name 1", source="Tên cũ", reviewed=True)
    mark(rows[2], "Name 2", source="Tên 2", reviewed=False)
    mark(rows[3], "Name 3", source="Tên 3", reviewed=True)
    mark(rows[4], "Name 4", source="Tên 4", reviewed=True)
    m.Procedure.objects.filter(pk=rows[4].pk).update(name_en="Name 4 by hand")
    return rows


def line_of(lines: list[coverage.Line], part: str, column: str) -> coverage.Line:
    return next(line for line in lines if (line.part.name, line.column) == (part, column))


def test_each_text_is_in_one_state_and_the_list_behind_a_number_has_as_many(cast, states):
    day = timezone.localdate()
    lines = coverage.coverage(cast.root, day, CODES)
    share = line_of(lines, "procedure", "name").shares["en"]
    assert [share.of(state) for state in State] == [2, 1, 2, 1]
    assert (share.total, share.translated, share.percent) == (6, 4, 66)
    for line in lines:
        for code in CODES:
            share = line.shares[code]
            assert sum(share.of(state) for state in State) == share.total
            for state in State:
                behind = coverage.texts_behind(line.kind, line.part, line.column, state, code, cast.root, day)
                assert len(behind) == share.of(state), (line.part.name, line.column, code, state)
    whole = coverage.total(lines, "en")
    assert whole.total == sum(line.shares["en"].total for line in lines)


def test_drafts_and_what_isnt_public_arent_counted(cast, states):
    factories.ProcedureFactory(draft=True, name_vi="Chưa công bố")
    factories.ProcedureFactory(elsewhere=True, name_vi="Tỉnh khác")
    share = line_of(coverage.coverage(cast.root, timezone.localdate(), ["en"]), "procedure", "name").shares["en"]
    assert share.total == 6


def test_a_ward_sees_the_figures_of_its_own_rows(cast, states):
    lines = coverage.coverage(cast.editor, timezone.localdate(), ["en"])
    assert line_of(lines, "procedure", "name").shares["en"].total == 1
    assert not [line for line in lines if line.kind.name == "field"]


def test_the_work_list_begins_with_procedures_for_foreigners_then_by_importance(cast):
    m.Procedure.objects.all().update(importance=1)
    high = factories.ProcedureFactory(name_vi="Quan trọng", importance=90)
    foreign = factories.ProcedureFactory(name_vi="Cho người nước ngoài", importance=5, is_for_foreigners=True)
    done = factories.ProcedureFactory(name_vi="Đã xong", importance=99)
    gone = factories.ProcedureFactory(name_vi="Bãi bỏ", importance=99, abolished=True)
    mark(done, "Done", source="Đã xong", reviewed=True)
    works = coverage.work_list(KINDS["procedure"], "en", cast.root, timezone.localdate())
    names = [work.row.pk for work in works]
    assert names[:2] == [foreign.pk, high.pk] and names[-1] == gone.pk
    assert done.pk not in names
    every = coverage.work_list(KINDS["procedure"], "en", cast.root, timezone.localdate(), to_do_only=False)
    assert len(every) == len(works) + 1
    assert works[0].counts == {State.MISSING: 1}


def test_the_pages_show_it_and_lead_to_the_screens(cast, states, client: Client):
    client.force_login(cast.top_editor)
    page = client.get("/cms/translating/").content.decode()
    assert "/cms/translating/en/texts/procedure/procedure/name/?state=outdated" in page
    behind = client.get("/cms/translating/en/texts/procedure/procedure/name/?state=outdated").content.decode()
    assert f"/cms/translating/en/procedure/{states[1].pk}/#t-" in behind and "Name 1" in behind
    assert states[0].name_vi not in behind
    listed = client.get("/cms/translating/en/?q=ten 0").content.decode()
    assert f"/cms/translating/en/procedure/{states[0].pk}/" in listed and states[2].name_vi not in listed
    assert client.get("/cms/translating/en/texts/procedure/case/nothing/").status_code == 404
    assert client.get("/cms/translating/en/texts/procedure/procedure/name/?state=odd").status_code == 404


def test_menu_and_lists_lead_there_for_those_who_edit(cast, client: Client):
    client.force_login(cast.editor)
    assert "/cms/translating/" in client.get("/cms/").content.decode()
    listed = client.get("/cms/snippets/catalogue/hotline/").content.decode()
    assert f"/cms/translating/ko/hotline/{cast.rows[m.Hotline].pk}/" in listed
    client.force_login(cast.clerk)
    assert "/cms/translating/" not in client.get("/cms/").content.decode()


@pytest.mark.parametrize(
    "path", ["", "waiting/", "en/", "en/?kind=centre", "en/texts/procedure/requiredpaper/name/", "en/import/"]
)
def test_a_list_costs_no_more_queries_with_more_rows(path, cast, client: Client):
    client.force_login(cast.top_editor)
    client.get(f"/cms/translating/{path}")
    few = _queries(client, path)
    for index in range(6):
        procedure = factories.ProcedureFactory(name_vi=f"Thêm {index}", with_papers=True, with_channels=True)
        mark(procedure, f"More {index}", source="", reviewed=False)
        m.TranslationDraft.objects.create(
            kind="procedure", row=procedure.pk, column="name", language="en", root_kind="procedure", root=procedure.pk,
            source="x", source_digest="x", text="y", writer=cast.editor, written_at=timezone.now(),
        )  # fmt: skip
        factories.CentreFactory()
    many = _queries(client, path)
    assert many <= few + 2
    assert many <= 25


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(f"/cms/translating/{path}").status_code == 200
    return len(found)
