"""A version is written once; «as of» finds the one in force."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from catalogue.models import Procedure, ProcedureVersion
from catalogue.versioning import digest, legal_content
from tests.catalogue.conftest import BIRTH, birth

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 9, 1)


@pytest.fixture
def two(load, loaded, alter):
    """Birth registration with a first version, and a second in force since 1 September 2026."""
    load("load_procedures", alter(loaded, BIRTH, lambda row: row.update(steps_text="Mới", source_date=f"{DAY}")))
    return birth()


def as_of(procedure, day, **known):
    return procedure.versions.as_of(day, **known).get().number


def test_the_version_of_a_day_ends_where_the_next_begins(two):
    assert as_of(two, DAY - dt.timedelta(days=1)) == 1
    assert as_of(two, DAY) == 2
    assert as_of(two, dt.date(1990, 1, 1)) == 1


def test_what_was_known_then_is_asked_with_known_at(two):
    before = two.versions.get(number=2).recorded_at - dt.timedelta(seconds=1)
    assert as_of(two, DAY, known_at=before) == 1
    assert as_of(two, DAY, known_at=timezone.now()) == 2
    long_ago = timezone.make_aware(dt.datetime(2020, 1, 1))
    assert not two.versions.as_of(DAY, known_at=long_ago).exists()


def test_a_correction_with_the_same_day_holds_from_when_it_was_recorded(two):
    ProcedureVersion.objects.create(
        procedure=two, number=3, content={}, digest="x", effective_from=DAY, recorded_at=timezone.now()
    )
    assert as_of(two, DAY) == 3


def test_versions_are_never_changed_or_removed(two):
    version = two.versions.get(number=1)
    with pytest.raises(ValidationError):
        version.save()
    with pytest.raises(ValidationError):
        version.delete()
    with pytest.raises(ValidationError):
        two.versions.update(number=9)
    with pytest.raises(ValidationError):
        two.versions.all().delete()


def test_the_content_has_stable_keys_and_is_vietnamese_only(two):
    content = two.versions.get(number=2).content
    assert content["steps"] == "Mới"
    assert [channel["key"] for channel in content["channels"]] == ["counter", "online", "post"]
    assert content["channels"][0]["terms"][0]["key"] == "t1"
    keys = [paper["key"] for case in content["cases"] for paper in case["papers"]]
    assert all(key.startswith("p-") for key in keys)
    Procedure.objects.filter(pk=two.pk).update(name_en="Register a birth")
    assert legal_content(birth()) == content


def test_the_digest_does_not_depend_on_the_order_of_keys(two):
    version = two.versions.get(number=2)
    assert version.digest == digest(version.content) == digest(dict(reversed(version.content.items())))
    assert version.digest != two.versions.get(number=1).digest
