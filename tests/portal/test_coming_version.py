"""A change that is approved for a day to come is told on the page, with the text as it will be."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from catalogue import models as m
from catalogue.changesets.applying import apply_due
from catalogue.changesets.approving import cancel
from catalogue.changesets.writing import submit
from tests.catalogue.editing_cast import Cast, make_cast
from tests.catalogue.test_change_sets import TODAY, TOMORROW, amend, approve_all, begin


@pytest.fixture
def cast(site: Any) -> Cast:
    return make_cast()


@pytest.fixture
def procedure(cast) -> m.Procedure:
    row = m.Procedure.objects.get(pk=cast.rows[m.Procedure].pk)
    m.Procedure.objects.filter(pk=row.pk).update(is_commune_level=True)
    return row


def put_by(cast: Cast, procedure: m.Procedure) -> m.ChangeSet:
    """Approve a change of tomorrow."""
    change_set = begin(cast.top_editor)
    amend(change_set, procedure, cast.top_editor, steps_vi="Nộp hồ sơ ở phường")
    submit(change_set.pk, by=cast.top_editor, at=timezone.now())
    assert approve_all(change_set, cast.top_publisher).approved == 1
    return change_set


def test_readers_are_told_before_read_it_ahead_and_find_the_old_text_afterwards(
    cast, procedure, read, django_capture_on_commit_callbacks
):
    address = f"/vi/thu-tuc/{procedure.code}/"
    before = read(address)
    with django_capture_on_commit_callbacks(execute=True):
        put_by(cast, procedure)
    page = read(address)
    assert f"?on={TOMORROW:%Y-%m-%d}" in page
    assert f"?on={TOMORROW:%Y-%m-%d}" not in before
    assert "Nộp hồ sơ ở phường" not in page
    assert "Nộp hồ sơ ở phường" in read(f"{address}?on={TOMORROW:%Y-%m-%d}")
    with django_capture_on_commit_callbacks(execute=True):
        apply_due(timezone.now() + dt.timedelta(days=1))
    assert "Nộp hồ sơ ở phường" in read(address)
    assert "Nộp hồ sơ ở phường" not in read(f"{address}?on={TODAY:%Y-%m-%d}")


def test_what_was_called_off_is_told_no_more(cast, procedure, read, django_capture_on_commit_callbacks):
    change_set = put_by(cast, procedure)
    with django_capture_on_commit_callbacks(execute=True):
        cancel(change_set.pk, by=cast.top_publisher, at=timezone.now(), day=TODAY, note="Hoãn")
    assert "?on=" not in read(f"/vi/thu-tuc/{procedure.code}/")
