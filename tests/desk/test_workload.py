"""The figures of heads and supervisors: each exact, each opening exactly its dossiers; giving work to another."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from html import unescape
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from django.utils import timezone

from catalogue.opening import ZONE
from desk import actions
from desk.causes import Cause
from desk.deadlines import Urgency
from desk.forms.queue import QueueForm
from desk.models import Dossier, DossierEvent
from desk.permissions import RULES, is_allowed
from desk.queues import MOST, count, page
from desk.states import OPEN, State, StopKind
from desk.workload.reading import Workload, workload
from tests.desk.cast import MONDAY, person
from tests.desk.crowd import DAY, NOW
from tests.desk.test_queues import urgency_of
from tests.factories import AgencyFactory

pytestmark = pytest.mark.django_db
OVERSEERS = ("head", "approver", "supervisor")
LINK = re.compile(r'href="/desk/dossiers/\?([^"]+)"[^>]*>\s*(?:<b[^>]*>)?(\d+)<')


@pytest.fixture
def now(monkeypatch):
    """Let it be a Monday in March."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def links(text: str) -> dict[str, int]:
    """Return the addresses of lists on a page, with the number that each is said to have."""
    return {unescape(query): int(number) for query, number in LINK.findall(text)}


def keys(asked: str, by) -> set[int]:
    """Return the keys of all rows of a list, read page by page."""
    form = QueueForm(QueryDict(asked), by)
    chosen, found, after = form.chosen(NOW), [], None
    assert not form.errors, (asked, form.errors)
    while after != "":
        shown = page(chosen, after or "", MOST)
        found += [row.pk for row in shown.rows]
        after = shown.next_cursor
    assert len(found) == len(set(found)) == count(chosen), asked
    return set(found)


@pytest.mark.parametrize("name", OVERSEERS)
def test_each_figure_opens_exactly_so_many_rows(cast, crowd, client, now, name):
    client.force_login(cast.people[name])
    by, seen = cast.actor(name, NOW), 0
    for address in ["", *(f"?agency={pk}" for pk in sorted(by.agencies))]:
        answer = client.get(f"/desk/workload/{address}")
        assert answer.status_code == 200
        found = links(answer.content.decode())
        for asked, number in found.items():
            assert len(keys(asked, by)) == number, asked
        seen += len(found)
    assert seen > 25


def cause_of(row: Dossier) -> str:
    """Return for whom a dossier waits, from its row alone."""
    if row.state in (State.SUPPLEMENT, State.PAYMENT):
        return Cause.APPLICANT
    if any(each.taken_at is None for each in row.hand_overs.all()):
        return Cause.HAND_OVER
    if row.holder_agency_id == row.decided_by_id:
        return Cause.DECIDING
    return Cause.COUNTER if row.holder_agency_id == row.received_by_id else Cause.ELSEWHERE


def test_the_figures_are_what_the_rows_say(cast, crowd):
    asked = next(row for row in crowd if row.holder_agency_id == cast.neighbour.pk and row.state in OPEN)
    actions.take_over(asked.pk, by=cast.actor("stranger", NOW), at=NOW)
    crowd[crowd.index(asked)] = Dossier.objects.prefetch_related("hand_overs", "clock_stops").get(pk=asked.pk)
    shown = workload(cast.actor("supervisor", NOW), NOW)
    assert isinstance(shown, Workload)
    own = [row for row in crowd if row.state in OPEN and not row.system]
    urgent = Counter(urgency_of(row, NOW) for row in own)
    whole = {column.name: figure.count for column, figure in shown.whole_cells}
    assert whole["open"] == len(own) == sum(whole.values()) - whole["open"]
    assert (whole["overdue"], whole["later"], whole["none"], whole["today"] + whole["next"]) == tuple(
        urgent[each] for each in (Urgency.OVERDUE, Urgency.ON_TIME, Urgency.STANDING, Urgency.SOON)
    )
    assert all(whole.values())
    open_of = {line.label: line.figures[-1].count for line in shown.causes.lines}
    causes = Counter(cause_of(row) for row in own)
    assert open_of == {str(cause.label): causes[cause] for cause in Cause} and all(open_of.values())
    late = Counter(cause_of(row) for row in own if urgency_of(row, NOW) == Urgency.OVERDUE)
    assert [line.figures[0].count for line in shown.causes.lines] == [late[cause] for cause in Cause]
    for line in shown.causes.lines:
        assert sum(figure.count for figure in line.figures[1:4]) == line.figures[0].count
    steps = Counter(row.step for row in own)
    assert sorted(line.count for line in shown.steps.lines) == sorted(steps.values())
    suspended = [row for row in crowd if row.state == State.STOPPED and row.stop_kind == StopKind.SUSPENSION]
    assert shown.suspended.count == len(suspended) > 0 and shown.shadows.count == 1


def test_each_day_ahead_has_what_is_due_on_it(cast, crowd):
    shown = workload(cast.actor("supervisor", NOW), NOW)
    assert shown is not None
    due = Counter(
        row.due_at.astimezone(ZONE).date()
        for row in crowd
        if row.state in OPEN and not row.system and row.due_at and urgency_of(row, NOW) != Urgency.OVERDUE
    )
    days = [NOW.date() + n * DAY for n in range(5)]
    assert [line.short for line in shown.days.lines] == [f"{day:%d/%m}" for day in days]
    assert [line.count for line in shown.days.lines] == [due[day] for day in days]
    friday = workload(cast.actor("supervisor", NOW), NOW + 4 * DAY)
    assert friday is not None and friday.days.lines[1].short == f"{NOW + 7 * DAY:%d/%m}"  # The weekend isn't there.


def test_the_people_of_an_agency_stand_there_with_or_without_work(cast, crowd):
    shown = workload(cast.actor("approver", NOW), NOW)
    assert shown is not None
    here = [row for row in crowd if row.state in OPEN and row.holder_agency_id == cast.department.pk and not row.system]
    held = Counter(row.holder_id for row in here)
    found = {line.key: line.count for line in shown.who.lines}
    assert found == {cast.people["handler"].pk: 0, cast.people["approver"].pk: 0} | held
    oldest = min(
        row.due_at for row in crowd if row.holder_id == cast.people["handler"].pk and urgency_of(row, NOW) == "overdue"
    )
    assert next(line.oldest for line in shown.who.lines if line.key == cast.people["handler"].pk) == oldest


def test_what_was_settled_this_month_is_what_the_counters_say(cast, crowd):
    shown = workload(cast.actor("supervisor", NOW), NOW)
    assert shown is not None
    month = [row for row in crowd if row.settled_at and row.settled_at.astimezone(ZONE).month == NOW.month]
    settled = Counter(row.settlement for row in month)
    assert [each.figure.count for each in shown.settled] == [settled[name] for name in ("early", "on_time", "late")]
    assert shown.settled_count == len(month) > 0 and round(sum(each.share for each in shown.settled)) == 100


@pytest.mark.parametrize(("name", "most"), [("supervisor", 12), ("head", 12), ("approver", 12)])
def test_it_costs_twelve_queries_at_most(cast, crowd, client, now, name, most, django_assert_max_num_queries):
    client.force_login(cast.people[name])
    client.get("/desk/workload/")
    with django_assert_max_num_queries(most):
        client.get("/desk/workload/")


def test_only_who_is_over_others_opens_it_and_no_neighbours_agency(cast, crowd, client, now):
    for name in ("clerk", "handler", "contractor", "stranger"):
        client.force_login(cast.people[name])
        assert client.get("/desk/workload/").status_code == 403
        assert client.get("/desk/workload/hand-out/?side=held").status_code == 403
    client.force_login(cast.people["head"])
    for agency in (cast.neighbour.pk, cast.department.pk, "x", 10**30):
        assert client.get(f"/desk/workload/?agency={agency}").status_code == 404


def test_a_head_oversees_the_agencies_below_as_a_supervisor_does(cast):
    below = AgencyFactory(name_vi="Điểm tiếp nhận số 2", identifier="DEMO.011", parent=cast.commune)
    person("below", below, "handler")
    dossier = cast.received(MONDAY, decided_by=below)
    actions.forward(dossier.pk, by=cast.actor("clerk"), at=MONDAY, to_agency=below)
    dossier = Dossier.objects.get(pk=dossier.pk)
    by = cast.actor("head")
    shown = workload(by, MONDAY)
    assert shown is not None and {line.key: line.count for line in shown.who.lines} == {below.pk: 1}
    sides = dict.fromkeys(("received_by_id", "decided_by_id", "holder_agency_id"), below.pk)
    elsewhere = SimpleNamespace(**sides, given_by_id=None, holder_id=None)
    acts = {name for name in RULES if is_allowed(name, elsewhere, by)}
    assert acts == {name for name in RULES if is_allowed(name, elsewhere, cast.actor("supervisor"))}
    assert "reassign" in acts and "finish" not in acts and "receive" not in acts
    assert not is_allowed("reassign", dossier, cast.actor("stranger"))


def test_many_dossiers_are_given_to_another_with_a_reason_and_a_result_a_row(cast, crowd, client, now):
    colleague = person("colleague", cast.department, "handler")
    client.force_login(cast.people["approver"])
    handler = cast.people["handler"].pk
    asked = client.get(f"/desk/workload/hand-out/?side=held&kind=own&agency={cast.department.pk}&person={handler}")
    rows = asked.context["dossiers"]
    assert rows and {row.holder_id for row in rows} == {handler}
    assert asked.context["back"] == f"/desk/workload/?agency={cast.department.pk}"
    sent = {"act": "reassign", "confirmed": "1", "ids": [row.pk for row in rows], "to_user": colleague.pk}
    wrong = client.post("/desk/bulk/", sent)
    assert wrong.status_code == 400 and wrong.context["form"]["to_user"].value() == str(colleague.pk)
    done = client.post("/desk/bulk/", sent | {"reason": "Chia lại việc."})
    assert {row.pk for row in done.context["done"]} == {row.pk for row in rows} and not done.context["refused"]
    assert {row.holder for row in done.context["done"]} == {colleague.get_full_name()}
    given = Dossier.objects.filter(pk__in=[row.pk for row in rows])
    assert set(given.values_list("holder", flat=True)) == {colleague.pk}
    assert DossierEvent.objects.filter(act="reassign", by_user=cast.people["approver"]).count() >= len(rows)


def test_a_neighbours_dossiers_are_never_given_away(cast, crowd, client, now):
    client.force_login(cast.people["head"])
    theirs = [row for row in crowd if row.holder_agency_id == cast.department.pk and row.state in OPEN][:3]
    sent = {
        "act": "reassign", "confirmed": "1", "ids": [row.pk for row in theirs], "to_user": cast.people["clerk"].pk,
        "reason": "Lấy về.",
    }  # fmt: skip
    answer = client.post("/desk/bulk/", sent)
    assert not (answer.context or {}).get("done")
    for row in theirs:
        assert Dossier.objects.get(pk=row.pk).holder_id == row.holder_id


def test_a_person_out_of_reach_is_not_named_and_narrows_nothing_down(cast, crowd):
    by = cast.actor("head", NOW)
    form = QueueForm(QueryDict(f"person={cast.people['stranger'].pk}"), by)
    assert form.chosen(NOW).holder is None and form.errors["person"]
    assert cast.people["stranger"].get_full_name() not in str(form["person"])


def test_what_is_settled_has_no_due_date(cast, crowd, english):
    form = QueueForm(QueryDict("settled=late&due=overdue&month=2026-03"), cast.actor("supervisor", NOW))
    chosen = form.chosen(NOW)
    assert form.errors["settled"] and not chosen.is_settled and chosen.urgency == Urgency.OVERDUE
    bad = QueueForm(QueryDict("settled=late&month=2026-13"), cast.actor("supervisor", NOW))
    assert bad.chosen(NOW).settled_in is None and bad.errors["month"] and bad["month"].value() == "2026-13"


def test_the_charts_have_titles_and_no_style_attributes(cast, crowd, client, now):
    client.force_login(cast.people["supervisor"])
    text = client.get("/desk/workload/").content.decode()
    assert not re.search(r"<[^>]+\sstyle=", text)
    charts = re.findall(r'<svg class="drawing".*?</svg>', text, re.S)
    assert len(charts) == 3 and all("<title" in chart and "<desc" in chart for chart in charts)
    widths = [float(width) for width in re.findall(r'<rect[^>]* width="([^"]+)"', "".join(charts))]
    assert widths and all(0 <= width <= 360 for width in widths)


def test_a_desk_without_work_says_zero_everywhere(cast, client, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 3, 7, 9, tzinfo=ZONE))  # A Saturday.
    client.force_login(cast.people["supervisor"])
    answer = client.get("/desk/workload/")
    assert answer.status_code == 200 and not links(answer.content.decode())
    assert [line.count for line in answer.context["page"].days.lines] == [0] * 5
