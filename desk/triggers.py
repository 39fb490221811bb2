"""Triggers of the database that refuse a change of the event log and of the readings, by whatever program it is tried.

They stand in the database, so a migration makes them, and each `migrate` makes anew those that are gone: SQLite drops a
table's triggers when it remakes the table.

An event is never changed or deleted. A reading is never changed, and deleted only once it is old (`KEPT_YEARS`): what
the law's term has ended a job may erase (`desk/erasing_readings.py`), nobody else's hand the traces of last week.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

KEPT_YEARS = 2
"""For how many years a reading can't be deleted, whatever a setting says."""
BEFORE_UPDATE_DELETE_TRUNCATE = 2 + 8 + 16 + 32
"""The bits of pg_trigger.tgtype; that of «for each row» isn't set."""
BEFORE_UPDATE_TRUNCATE = 2 + 16 + 32
BEFORE_DELETE_OF_A_ROW = 1 + 2 + 8
POSTGRES_PRESENT = """
SELECT count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgrelid = to_regclass(%s) AND t.tgname = %s AND t.tgenabled = 'A' AND t.tgtype = %s AND p.prosrc = %s
"""


@dataclass(frozen=True)
class Guard:
    """A PostgreSQL trigger: its name, what sets it off, the bits by which it is known, and what it says first."""

    name: str
    when: str
    bits: int
    first: str = ""


@dataclass(frozen=True)
class Protected:
    """A table whose rows stay as they were written."""

    table: str
    function: str
    refusal: str
    sqlite_when: tuple[tuple[str, str], ...]
    guards: tuple[Guard, ...]

    @property
    def sqlite(self) -> dict[str, str]:
        """Return SQLite's triggers by name."""
        return {
            f"{self.table}_no_{name}": f"CREATE TRIGGER {self.table}_no_{name} BEFORE {when}"
            f" BEGIN SELECT RAISE(ABORT, '{self.refusal}'); END"
            for name, when in self.sqlite_when
        }

    def body(self, guard: Guard) -> str:
        """Return what PostgreSQL's function does."""
        refuse = f"RAISE EXCEPTION '{self.table}: {self.refusal}' USING ERRCODE = 'restrict_violation';"
        return f"BEGIN {guard.first}{refuse} END"

    def function_of(self, guard: Guard) -> str:
        """Return the name of a trigger's function."""
        return self.function + ("_row" if guard.first else "")

    def postgres(self) -> Iterator[str]:
        """Yield PostgreSQL's statements."""
        for guard in self.guards:
            function, body = self.function_of(guard), self.body(guard)
            yield f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $refuse${body}$refuse$"
            yield f"DROP TRIGGER IF EXISTS {guard.name} ON {self.table}"
            each = f"FOR EACH {'ROW' if guard.first else 'STATEMENT'} EXECUTE FUNCTION {function}()"
            yield f"CREATE TRIGGER {guard.name} BEFORE {guard.when} ON {self.table} {each}"
            # Also where a session says that it only replicates.
            yield f"ALTER TABLE {self.table} ENABLE ALWAYS TRIGGER {guard.name}"


EVENTS, READINGS = "desk_dossierevent", "desk_dossierreading"
SAME_KEY = "SELECT 1 FROM {table} WHERE id = NEW.id"
SAME_NUMBER = f"SELECT 1 FROM {EVENTS} WHERE dossier_id = NEW.dossier_id AND number = NEW.number"  # noqa: S608
YOUNG = f"OLD.at > strftime('%Y-%m-%d %H:%M:%f', 'now', '-{KEPT_YEARS} years')"
OLD_ENOUGH = f"IF OLD.at <= now() - interval '{KEPT_YEARS} years' THEN RETURN OLD; END IF; "
PROTECTED = (
    Protected(
        EVENTS,
        "desk_refuse_change_of_event",
        "an event is never changed or deleted",
        (
            ("update", f"UPDATE ON {EVENTS}"),
            ("delete", f"DELETE ON {EVENTS}"),
            # INSERT OR REPLACE deletes what stands there without the trigger above (recursive_triggers is off).
            (
                "replace",
                f"INSERT ON {EVENTS} WHEN EXISTS ({SAME_KEY.format(table=EVENTS)}) OR EXISTS ({SAME_NUMBER})",
            ),
        ),
        (Guard(f"{EVENTS}_no_change", "UPDATE OR DELETE OR TRUNCATE", BEFORE_UPDATE_DELETE_TRUNCATE),),
    ),
    Protected(
        READINGS,
        "desk_refuse_change_of_reading",
        "a reading is never changed, and deleted only when it is old",
        (
            ("update", f"UPDATE ON {READINGS}"),
            ("delete", f"DELETE ON {READINGS} WHEN {YOUNG}"),
            # Only by its key: that the same person opened it again in the half hour is ignored, not replaced.
            ("replace", f"INSERT ON {READINGS} WHEN EXISTS ({SAME_KEY.format(table=READINGS)})"),
        ),
        (
            Guard(f"{READINGS}_no_change", "UPDATE OR TRUNCATE", BEFORE_UPDATE_TRUNCATE),
            Guard(f"{READINGS}_no_delete", "DELETE", BEFORE_DELETE_OF_A_ROW, OLD_ENOUGH),
        ),
    ),
)


def install(connection: BaseDatabaseWrapper) -> bool:
    """Make the triggers that are missing or aren't as they should be; return whether there were any."""
    gone = [each for each in there(connection) if missing_of(each, connection)]
    for each in gone:
        remove_of(each, connection)
        with connection.cursor() as cursor:
            for statement in each.sqlite.values() if connection.vendor == "sqlite" else each.postgres():
                cursor.execute(statement)
    return bool(gone)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for the way back of a migration, and for tests that empty their tables."""
    for each in there(connection):
        remove_of(each, connection)


def remove_of(each: Protected, connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers of one table."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in each.sqlite:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        for guard in each.guards:
            cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name} ON {each.table}")
            cursor.execute(f"DROP FUNCTION IF EXISTS {each.function_of(guard)}()")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of the triggers that aren't there as they should be; none where there is no table."""
    return [name for each in there(connection) for name in missing_of(each, connection)]


def there(connection: BaseDatabaseWrapper) -> list[Protected]:
    """Return the tables that there are: migrations make one after the other."""
    names = set(connection.introspection.table_names())
    return [each for each in PROTECTED if each.table in names]


def missing_of(each: Protected, connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of one table's triggers that aren't there as they should be."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [each.table])
            found = dict(cursor.fetchall())
            return [name for name, sql in each.sqlite.items() if found.get(name) != sql]
        gone = []
        for guard in each.guards:
            cursor.execute(POSTGRES_PRESENT, (each.table, guard.name, guard.bits, each.body(guard)))
            if not cursor.fetchone()[0]:
                gone.append(guard.name)
        return gone
