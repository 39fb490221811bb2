"""Triggers of the database that refuse a change of the event log, by whatever program it is tried.

They stand in the database, so a migration makes them, and each `migrate` makes anew those that are gone: SQLite drops a
table's triggers when it remakes the table.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "desk_dossierevent"
FUNCTION = "desk_refuse_change_of_event"
REFUSAL = "an event is never changed or deleted"

SAME_KEY = f"SELECT 1 FROM {TABLE} WHERE id = NEW.id"  # noqa: S608 (constants)
SAME_NUMBER = f"SELECT 1 FROM {TABLE} WHERE dossier_id = NEW.dossier_id AND number = NEW.number"  # noqa: S608
SQLITE_WHEN = {
    "update": f"UPDATE ON {TABLE}",
    "delete": f"DELETE ON {TABLE}",
    # INSERT OR REPLACE deletes what stands there without the trigger above (recursive_triggers is off).
    "replace": f"INSERT ON {TABLE} WHEN EXISTS ({SAME_KEY}) OR EXISTS ({SAME_NUMBER})",
}
SQLITE = {
    f"{TABLE}_no_{name}": f"CREATE TRIGGER {TABLE}_no_{name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for name, when in SQLITE_WHEN.items()
}
POSTGRES_BODY = f"BEGIN RAISE EXCEPTION '{TABLE}: {REFUSAL}' USING ERRCODE = 'restrict_violation'; END"
POSTGRES_TRIGGER = f"{TABLE}_no_change"
POSTGRES_INSTALL = (
    f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $refuse${POSTGRES_BODY}$refuse$",
    f"DROP TRIGGER IF EXISTS {POSTGRES_TRIGGER} ON {TABLE}",
    f"CREATE TRIGGER {POSTGRES_TRIGGER} BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE}"
    f" FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()",
    # Also where a session says that it only replicates.
    f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {POSTGRES_TRIGGER}",
)
POSTGRES_PRESENT = """
SELECT count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgrelid = to_regclass(%s) AND t.tgname = %s AND t.tgenabled = 'A' AND t.tgtype = %s AND p.prosrc = %s
"""
BEFORE_UPDATE_DELETE_TRUNCATE = 2 + 8 + 16 + 32
"""The bits of pg_trigger.tgtype; that of «for each row» isn't set."""


def install(connection: BaseDatabaseWrapper) -> bool:
    """Make the triggers that are missing or aren't as they should be; return whether there were any."""
    gone = missing(connection)
    if gone:
        remove(connection)
        with connection.cursor() as cursor:
            for statement in SQLITE.values() if connection.vendor == "sqlite" else POSTGRES_INSTALL:
                cursor.execute(statement)
    return bool(gone)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for the way back of a migration, and for tests that empty their tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            return
        cursor.execute(f"DROP TRIGGER IF EXISTS {POSTGRES_TRIGGER} ON {TABLE}")
        cursor.execute(f"DROP FUNCTION IF EXISTS {FUNCTION}()")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the names of the triggers that aren't there as they should be; none where there is no table."""
    if TABLE not in connection.introspection.table_names():
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
            found = dict(cursor.fetchall())
            return [name for name, sql in SQLITE.items() if found.get(name) != sql]
        cursor.execute(POSTGRES_PRESENT, (TABLE, POSTGRES_TRIGGER, BEFORE_UPDATE_DELETE_TRUNCATE, POSTGRES_BODY))
        return [] if cursor.fetchone()[0] else [POSTGRES_TRIGGER]
