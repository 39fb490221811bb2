"""What all tests share: a state of their own, a quick database, and servers that may be missing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from pytest_django.plugin import blocking_manager_key

from catalogue.editing.four_eyes import by_rule
from desk import triggers
from tests import keeping, schema, servers, whole_site

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
VAR_DIR = Path(django_settings.VAR_DIR)
MIDDLEWARE = list(django_settings.MIDDLEWARE)
Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is missing.
PAGE_CACHE = "portal.cache.PublicPageCache"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    keeping.before(item, item.config.stash[blocking_manager_key].unblock)
    for marker in item.iter_markers():
        if reason := servers.missing(marker.name):
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """Where everything is required, a skip is a failure."""
    report = yield
    if REQUIRE_ALL and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, and everything is required: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None):
    """Put back what migrations have written, after a test of transactions has emptied the database.

    After the last test there is no test database any more.
    """
    result = yield
    marker = item.get_closest_marker("django_db")
    if nextitem is not None and marker is not None and marker.kwargs.get("transaction"):
        with item.config.stash[blocking_manager_key].unblock():
            put_back()
    return result


def put_back() -> None:
    """Give the emptied test database its first rows again."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(schema.schema_file(VAR_DIR))) as source:
            source.backup(connection.connection)
    else:
        connection.creation.deserialize_db_from_string(connection._test_serialized_contents)


@pytest.fixture(scope="session")
def schema_file() -> Path:
    """A SQLite file with every migration applied and nothing else in it."""
    return schema.schema_file(VAR_DIR)


@pytest.fixture(scope="session")
def province(schema_file: Path) -> dict[str, str]:
    """The environment of a site with the whole catalogue: to be read, or copied."""
    return whole_site.whole_site(VAR_DIR, schema_file)


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_test_environment, django_db_blocker) -> Iterator[None]:
    """Fill the test database from the schema file; PostgreSQL migrates its own."""
    with django_db_blocker.unblock():
        if connection.vendor != "sqlite":
            worker = getattr(request.config, "workerinput", {}).get("workerid")
            connection.settings_dict["TEST"].update(CHARSET="UTF8", TEMPLATE="template0")
            if worker:
                connection.settings_dict["TEST"]["NAME"] = f"test_{connection.settings_dict['NAME']}_{worker}"
            old = setup_databases(verbosity=0, interactive=False)
        else:
            name = connection.creation._get_test_db_name()
            connection.close()
            django_settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
            connection.ensure_connection()
            with closing(sqlite3.connect(request.getfixturevalue("schema_file"))) as source:
                source.backup(connection.connection)
            old = []
    yield
    with django_db_blocker.unblock():
        teardown_databases(old, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def emptied_without_triggers() -> Iterator[None]:
    """Let tests of transactions empty the event log after themselves: take its triggers off, then on again."""
    empty = TransactionTestCase._fixture_teardown

    def emptied(test: TransactionTestCase) -> None:
        triggers.remove(connection)
        empty(test)
        triggers.install(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptied)
        yield


@pytest.fixture(autouse=True)
def own_state(settings, tmp_path: Path) -> None:
    """Give each test its own files and cache; pages are drawn anew unless it asks for `page_cache`."""
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.CACHE_URL = ""
    settings.CACHES = {
        **settings.CACHES,
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(tmp_path / "cache"),
        },
    }
    settings.MIDDLEWARE = [name for name in MIDDLEWARE if name != PAGE_CACHE]


@pytest.fixture
def page_cache(settings, own_state) -> None:
    """Let public pages come from the cache, as they do for readers."""
    settings.MIDDLEWARE = MIDDLEWARE


@pytest.fixture
def by_a_rule() -> Iterator[None]:
    """Let the test's own code publish rows, as a loader may: else only a second person can."""
    with by_rule("a test publishes its rows"):
        yield


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """Run a block as a transaction of its own that is committed; yields what ran after the commit."""

    @contextmanager
    def commit() -> Iterator[list]:
        connection.run_on_commit.clear()  # What the test's own rows have asked for.
        with django_capture_on_commit_callbacks(execute=True) as callbacks:
            yield callbacks

    return commit


@pytest.fixture(scope="module")
def chromium():
    """One browser for the module."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=servers.CHROMIUM, args=servers.CHROMIUM_FLAGS)
        yield browser
        browser.close()
