"""What a set touches is counted line by line when it is written, and summed for the page."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from catalogue import models as m
from catalogue.changesets.impact import counts_of, impact_of
from catalogue.changesets.writing import add_lines, line_stamp, shown_row, write_line
from tests import factories
from tests.catalogue.test_change_sets import amend, begin
from tests.publishing import publish


@pytest.fixture(autouse=True)
def vietnamese():
    """Let the bare columns of made rows be Vietnamese, whatever language another test has left."""
    with override("vi"):
        yield


def paper(key: str, **values: Any) -> dict[str, Any]:
    return {"pk": 1, "key": key, "name_vi": key, "copies": 1, **values}


def test_papers_fees_limits_and_results_are_counted_at_any_depth():
    before = {
        "cases": [{"key": "c", "papers": [paper("a"), paper("b"), paper("c")]}],
        "channels": [{"key": "k", "terms": [{"key": "t", "number": 5}], "fees": []}],
        "results": [{"key": "r", "name_vi": "Giấy"}],
    }
    after = {
        "cases": [{"key": "c", "papers": [paper("a", copies=2), paper("b", name_ko="x"), paper("d")]}],
        "channels": [{"key": "k", "terms": [{"key": "t", "number": 3}], "fees": [{"key": "f", "amount": "1.00"}]}],
        "results": [{"key": "r", "name_vi": "Giấy"}],
    }
    assert counts_of("amended", before, after) == {
        "papers": {"added": 1, "removed": 1, "changed": 1},
        "limits": {"changed": 1},
        "fees": {"added": 1},
        "retold": True,
    }


def test_a_files_parts_are_counted_like_forms():
    papers = [{"label": "", "papers": [{"name": "Tờ khai", "copies": 1}, {"name": "Giấy cũ", "copies": 1}]}]
    later = [{"label": "", "papers": [{"name": "Tờ khai", "copies": 2}]}]
    assert counts_of("amended", {"papers": papers}, {"papers": later})["papers"] == {"changed": 1, "removed": 1}
    channels = [{"kind": "counter", "terms": [{"label": "", "number": 3}], "fees": []}]
    later = [{"kind": "counter", "terms": [{"label": "", "number": 5}], "fees": []}]
    assert counts_of("amended", {"channels": channels}, {"channels": later})["limits"] == {"changed": 1}


@pytest.mark.django_db
def test_the_sum_names_groups_and_the_provinces_own_limits(cast, django_assert_max_num_queries):
    procedure = m.Procedure.objects.get(pk=cast.rows[m.Procedure].pk)
    m.Procedure.objects.filter(pk=procedure.pk).update(name_ko="절차")
    change_set = begin(cast.top_editor)
    amend(change_set, procedure, cast.top_editor, steps_vi="Khác")
    others = [publish(factories.ProcedureFactory(with_papers=True)) for _ in range(3)]
    add_lines(change_set.pk, others, "abolished", by=cast.top_editor, at=timezone.now())
    with django_assert_max_num_queries(9):
        impact = impact_of(change_set)
    assert dict(impact.effects) == {"amended": 1, "abolished": 3}
    assert (impact.procedures, impact.pages) == (4, 20)
    assert impact.outdated == {"en": 0, "zh-hans": 0, "ko": 1, "ja": 0}
    assert [bundle.slug for bundle in impact.bundles] == ["nhom"]
    assert [overlay.procedure for overlay in impact.overlays] == [procedure]
    assert impact.centres == 1


@pytest.mark.django_db
def test_a_line_is_counted_anew_when_it_is_written_anew(cast):
    procedure = m.Procedure.objects.get(pk=cast.rows[m.Procedure].pk)
    change_set = begin(cast.top_editor)
    (line,) = add_lines(change_set.pk, [procedure], "amended", by=cast.top_editor, at=timezone.now())
    row = shown_row(line)
    case = row.cases.all()[0]
    case.papers = [*case.papers.all(), m.RequiredPaper(key="p-new", name_vi="Giấy mới", kind="paper")]
    line = write_line(line.pk, row, by=cast.top_editor, at=timezone.now(), seen=line_stamp(line))
    assert line.counts["papers"] == {"added": 1}
    assert impact_of(change_set).children["papers"] == {"added": 1}
