"""No program changes an event: the database refuses, also after a migration has remade its table."""

from __future__ import annotations

import io

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import TransactionTestCase

from desk import triggers
from desk.models import DossierEvent
from portal import starting
from portal.management.commands.tick import Command
from tests.desk.cast import make_cast

CHANGES = (
    "UPDATE desk_dossierevent SET by_name = 'Khác'",
    "DELETE FROM desk_dossierevent",
    "DELETE FROM desk_dossierevent WHERE number = 1",
)
BY_REPLACING = "INSERT OR REPLACE INTO desk_dossierevent SELECT * FROM desk_dossierevent"
BY_NUMBER = "INSERT OR REPLACE INTO desk_dossierevent ({columns}) SELECT {columns} FROM desk_dossierevent"


def refused(statement: str) -> None:
    told = pytest.raises(IntegrityError, match="never changed or deleted")
    with told, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.sqlite
@pytest.mark.parametrize("statement", CHANGES)
def test_sqlite_refuses(cast, statement):
    cast.received()
    refused(statement)
    assert DossierEvent.objects.get().by_name != "Khác"


@pytest.mark.sqlite
def test_sqlite_refuses_a_row_put_in_the_place_of_another(cast):
    cast.received()
    refused(BY_REPLACING)
    names = [field.column for field in DossierEvent._meta.concrete_fields if field.column != "id"]
    refused(BY_NUMBER.format(columns=", ".join(names)))


def test_querysets_are_refused(cast):
    cast.received()
    for change in (
        lambda: DossierEvent.objects.update(by_name="Khác"),
        lambda: DossierEvent.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.postgres
def test_postgres_refuses(on_postgres):
    make_cast().received()
    for statement in (*CHANGES, "TRUNCATE desk_dossierevent CASCADE", "TRUNCATE desk_dossier CASCADE"):
        refused(statement)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        if cursor.fetchone()[0] == "on":
            cursor.execute("SET LOCAL session_replication_role = replica")
            refused(CHANGES[0])
    assert DossierEvent.objects.get().number == 1


@pytest.mark.postgres
def test_postgres_sees_a_trigger_that_is_gone_off_or_harmless(on_postgres):
    assert triggers.missing(connection) == []
    for statement in (
        "DROP TRIGGER desk_dossierevent_no_change ON desk_dossierevent",
        "ALTER TABLE desk_dossierevent DISABLE TRIGGER desk_dossierevent_no_change",
        "CREATE OR REPLACE FUNCTION desk_refuse_change_of_event() RETURNS trigger LANGUAGE plpgsql"
        " AS $$BEGIN RETURN NULL; END$$",
    ):
        with connection.cursor() as cursor:
            cursor.execute(statement)
        assert triggers.missing(connection) == ["desk_dossierevent_no_change"]
        call_command("migrate", verbosity=0)
        assert triggers.missing(connection) == []


@pytest.mark.postgres
def test_tests_of_transactions_empty_postgres(on_postgres):
    make_cast().received()
    emptied()


def emptied() -> None:
    """Empty the database as a test of transactions does when it ends."""
    TransactionTestCase("run")._fixture_teardown()
    assert not DossierEvent.objects.exists()
    assert triggers.missing(connection) == []


@pytest.mark.sqlite
def test_sqlite_remakes_the_table_and_migrate_protects_it_again(db):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER desk_dossierevent_no_update")
        assert triggers.missing(connection) == ["desk_dossierevent_no_update"]
        cursor.execute(
            "CREATE TRIGGER desk_dossierevent_no_update BEFORE UPDATE ON desk_dossierevent BEGIN SELECT 1; END"
        )
        assert triggers.missing(connection) == ["desk_dossierevent_no_update"]
    call_command("migrate", verbosity=0)
    assert triggers.missing(connection) == []


def test_a_check_says_that_events_could_be_changed(db):
    def found():
        return [message.id for message in run_checks(tags=[Tags.database], databases=["default"])]

    assert "desk.W001" not in found()
    triggers.remove(connection)
    assert "desk.W001" in found()
    triggers.install(connection)


def test_the_web_server_says_it_when_it_starts(db, monkeypatch):
    said = []
    monkeypatch.setattr(starting.logger, "critical", lambda message: said.append(str(message)))
    monkeypatch.setattr(connection, "close", lambda: None)
    starting.look_at_database()
    assert said == []
    triggers.remove(connection)
    starting.look_at_database()
    triggers.install(connection)
    assert "isn't protected" in said[0]


def test_the_tick_says_it_when_it_starts(db):
    triggers.remove(connection)
    Command(stderr=(said := io.StringIO())).check()
    triggers.install(connection)
    assert "isn't protected" in said.getvalue()
