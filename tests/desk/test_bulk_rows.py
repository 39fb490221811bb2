"""Finishing and returning many at once: a result a row, refusals a row, nothing typed is lost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from desk.models import Dossier, DossierEvent, DossierResult
from desk.states import State
from tests.desk.cast import LAN, MONDAY

pytestmark = pytest.mark.django_db
BULK = "/desk/bulk/"
TUESDAY = MONDAY + dt.timedelta(1)


@pytest.fixture
def open_as(open_as, monkeypatch):
    """Log a person of the cast in, on a Tuesday in March."""
    monkeypatch.setattr(timezone, "now", lambda: TUESDAY)
    return open_as


def finishing(*dossiers: Dossier, **more: str) -> dict[str, object]:
    """Return what an approver sends: a number a row."""
    rows = {f"number-{each.pk}": f"{index}/GKS" for index, each in enumerate(dossiers, start=1)}
    outcomes = {f"outcome-{each.pk}": "granted" for each in dossiers}
    shared = {"act": "finish", "confirmed": "1", "signed_on": "2026-03-03", "signatory": "Lê Minh", "is_unpaid": "on"}
    return {**shared, "ids": [each.pk for each in dossiers], **rows, **outcomes, **more}


def test_the_form_has_a_row_for_each(cast, open_as):
    first, second = cast.processing(), cast.processing()
    page = open_as("approver").post(BULK, {"act": "finish", "ids": [first.pk, second.pk]})
    text = page.content.decode()
    assert page.status_code == 200
    for each in (first, second):
        assert each.parties.get(role="applicant").name in text
        assert f'name="number-{each.pk}"' in text and f'name="outcome-{each.pk}"' in text and each.code in text


def test_each_gets_its_own_result_and_the_refused_are_told(cast, open_as):
    first, second, ready = cast.processing(), cast.processing(), cast.processing()
    open_as("approver").post(BULK, finishing(ready, **{f"number-{ready.pk}": "0/GKS"}))
    refusal = {f"outcome-{second.pk}": "refused", f"reason-{second.pk}": "Không đủ điều kiện."}
    answer = open_as("approver").post(BULK, finishing(first, second, ready, **refusal))
    assert [each.code for each in answer.context["done"]] == [first.code, second.code]
    assert [code for code, _reason in answer.context["refused"]] == [ready.code]
    results = dict(DossierResult.objects.values_list("dossier", "number"))
    assert results == {first.pk: "1/GKS", second.pk: "2/GKS", ready.pk: "0/GKS"}
    ended = dict(Dossier.objects.filter(pk__in=[first.pk, second.pk]).values_list("pk", "outcome"))
    assert ended == {first.pk: "granted", second.pk: "refused"}
    assert second.events.get(act="finish").texts.get().text == "Không đủ điều kiện."
    assert not first.events.get(act="finish").texts.exists()


def test_results_are_handed_over_with_who_took_each(cast, open_as):
    dossiers = [cast.processing() for _each in range(2)]
    open_as("approver").post(BULK, finishing(*dossiers))
    sent = {"act": "return_result", "confirmed": "1", "ids": [each.pk for each in dossiers],
            f"to-{dossiers[0].pk}": "Con gái", "note": "Tại quầy 2"}  # fmt: skip
    answer = open_as("clerk").post(BULK, sent)
    assert len(answer.context["done"]) == 2
    texts = [
        dict(DossierEvent.objects.get(dossier=each, act="return_result").texts.values_list("name", "text"))
        for each in dossiers
    ]
    assert texts == [{"to": "Con gái", "note": "Tại quầy 2"}, {"note": "Tại quầy 2"}]


def test_what_is_missing_in_a_row_is_told_there_and_nothing_is_done(cast, open_as):
    first, second = cast.processing(), cast.processing()
    wrong = {f"number-{second.pk}": "", f"outcome-{first.pk}": "refused", f"reason-{first.pk}": " "}
    answer = open_as("approver").post(BULK, finishing(first, second, **wrong))
    form = answer.context["form"]
    assert answer.status_code == 400
    assert set(form.errors) == {f"number-{second.pk}", f"reason-{first.pk}"}
    assert form[f"number-{first.pk}"].value() == "1/GKS" and form["signatory"].value() == "Lê Minh"
    assert set(Dossier.objects.values_list("state", flat=True)) == {State.PROCESSING}


@pytest.mark.parametrize("value", ["x" * 10_000, "\x00", "granted' --"])
def test_nonsense_in_a_row_is_refused(cast, open_as, value):
    for name in ("number", "outcome", "reason"):
        if value.startswith("granted") and name != "outcome":
            continue  # As a text it is as good as any.
        dossier = cast.processing()
        wrong = {f"outcome-{dossier.pk}": "refused", f"reason-{dossier.pk}": "Thiếu.", f"{name}-{dossier.pk}": value}
        answer = open_as("approver").post(BULK, finishing(dossier, **wrong))
        assert answer.status_code == 400 or answer.context["refused"], (name, value[:20])
        assert Dossier.objects.get(pk=dossier.pk).state == State.PROCESSING


def test_a_row_that_is_not_ticked_any_more_is_left_alone(cast, open_as):
    first, second = cast.processing(), cast.processing()
    sent = finishing(first, second, **{f"number-{second.pk}": ""})
    answer = open_as("approver").post(BULK, {**sent, "ids": [first.pk]})
    assert [each.code for each in answer.context["done"]] == [first.code]
    assert Dossier.objects.get(pk=second.pk).state == State.PROCESSING


def test_the_neighbours_dossiers_are_not_there_to_be_finished(cast, open_as):
    dossier = cast.processing()
    assert open_as("stranger").post(BULK, finishing(dossier)).url == "/desk/dossiers/"
    assert Dossier.objects.get(pk=dossier.pk).state == State.PROCESSING


def test_the_way_back_leads_to_the_list_with_its_filters_and_nowhere_else(cast, open_as):
    dossier = cast.processing()
    listed = "/desk/dossiers/?state=4&sort=due"
    page = open_as("approver").get(listed).content.decode()
    assert 'name="back" value="/desk/dossiers/?state=4&amp;sort=due"' in page
    for back, leads_to in {
        listed: listed,
        "https://elsewhere.example/": "/desk/dossiers/",
        "": "/desk/dossiers/",
    }.items():
        asked = open_as("approver").post(BULK, {"act": "finish", "ids": [dossier.pk], "back": back})
        assert asked.context["back"] == leads_to
        nothing = open_as("approver").post(BULK, {"act": "finish", "back": back})
        assert nothing.url == leads_to
    done = open_as("approver").post(BULK, finishing(dossier, back=listed))
    assert done.context["back"] == listed
    assert LAN.name in done.content.decode()
