"""Translators and approvers at the same moment: one counts, the other is told, nothing is lost or doubled."""

from __future__ import annotations

import pytest
from django.utils import timezone

from catalogue import models as m
from catalogue.editing.four_eyes import NotApprovedError
from catalogue.translating.approving import TranslationNotPublishedError, approve, waiting_of
from catalogue.translating.drafts import Outcome, Written, save
from catalogue.translating.groups import groups_of
from catalogue.translating.kinds import KINDS
from tests.catalogue.editing_cast import Cast
from tests.desk.test_counters import at_once

KIND = KINDS["hotline"]
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def written(row: m.Hotline, text: str) -> Written:
    group = groups_of(KIND, row, "en")[0]
    return Written(group.id, text, seen=group.seen)


def test_of_two_who_save_at_once_one_counts_and_the_other_is_told(cast: Cast):
    row = cast.rows[m.Hotline]
    first, second = written(row, "First words"), written(row, "Second words")
    outcomes: list[Outcome] = []

    def work(words: Written, who: str) -> None:
        outcomes.append(save(KIND, row, "en", [words], by=cast.people[who], at=timezone.now()))

    at_once(lambda: work(first, "editor"), lambda: work(second, "colleague"))
    assert sorted((len(each.saved), len(each.slower)) for each in outcomes) == [(0, 1), (1, 0)]
    assert m.TranslationDraft.objects.count() == 1


def test_of_two_who_approve_at_once_one_publishes_once(cast: Cast):
    row = cast.rows[m.Hotline]
    save(KIND, row, "en", [written(row, "In English")], by=cast.editor, at=timezone.now())
    keys = [waiting.key for waiting in waiting_of(KIND, row, "en")]
    told: list[str] = []

    def work(who: str) -> None:
        try:
            now = timezone.now()
            approve(KIND, row, "en", keys, by=cast.people[who], at=now, day=timezone.localdate(now))
            told.append("published")
        except (TranslationNotPublishedError, NotApprovedError) as error:
            told.append(type(error).__name__)

    at_once(lambda: work("publisher"), lambda: work("top_publisher"))
    assert sorted(told) == ["TranslationNotPublishedError", "published"]
    assert m.Hotline.objects.get().label_en == "In English"
    assert m.TranslationMark.objects.filter(model="hotline").count() == 1
