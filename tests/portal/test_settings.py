"""A setting that can't work stops the start with a sentence, and never shows a password."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError

from catalogue.checks import province_is_known
from portal import service_urls
from tests import factories

ROOT = Path(__file__).resolve().parents[2]


def start(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the project under an environment."""
    return subprocess.run(
        [sys.executable, str(ROOT / script), *arguments],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("foo://host/name", "begins with none of postgres://"),
        ("nonsense", "begins with none of postgres://"),
        ("mysql://user:secret@host/name", "begins with none of postgres://"),
        ("postgres://user:sec/ret@host:5432/name", "can't be read"),
        ("postgres://user:secret@host:port/name", "can't be read"),
        ("postgres://user:secret@host", "names no database"),
        ("sqlite://", "names no database"),
        ("sqlite:////nowhere/at/all/db.sqlite3", "isn't a folder"),
    ],
)
def test_a_database_that_cannot_be_is_refused_with_what_to_write(url, reason, tmp_path):
    with pytest.raises(ImproperlyConfigured) as refusal:
        service_urls.database(url, file=tmp_path / "db.sqlite3")
    said = str(refusal.value)
    assert said.startswith("DATABASE_URL ")
    assert reason in said
    assert "Write postgres://user:password@host/name" in said
    assert "secret" not in said
    assert refusal.value.__cause__ is None


def test_a_database_that_can_be_is_taken(tmp_path):
    file = tmp_path / "100% db#1.sqlite3"
    assert service_urls.database("", file=file) == {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)}
    found = service_urls.database("postgres://user:p%2Fw@host:5433/name", file=file)
    assert (found["HOST"], found["PORT"], found["NAME"], found["PASSWORD"]) == ("host", 5433, "name", "p/w")
    assert service_urls.database(f"sqlite:///{tmp_path}/a.sqlite3", file=file)["NAME"] == f"{tmp_path}/a.sqlite3"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("foo://", "begins with none of redis://"),
        ("foo://host", "begins with none of redis://"),
        ("memcached://host:11211", "begins with none of redis://"),
        ("redis://", "names no host"),
        ("redis://host:port/0", "can't be read"),
        ("redis://host:6379/main", "isn't the number of a database"),
        ("unix://", "names no socket"),
    ],
)
def test_a_cache_that_cannot_be_is_refused_with_what_to_write(url, reason):
    with pytest.raises(ImproperlyConfigured, match=f"CACHE_URL .*{reason}.*Write redis://host:6379/0"):
        service_urls.cache(url)


@pytest.mark.parametrize("url", ["redis://host:6379/0", "rediss://:pw@host", "unix:///run/redis.sock"])
def test_a_cache_that_can_be_is_taken(url):
    assert service_urls.cache(url)["LOCATION"] == url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("foo://user:secret@host", "begins with none of redis://"),
        ("sqs://", "begins with none of redis://"),
        ("redis:///1", "names no host"),
        ("redis://host:6379/tasks", "isn't the number of a database"),
        ("amqp://", "names no host"),
        ("amqp://user:sec/ret@host:5672/name", "can't be read"),
        ("amqp://user:secret@host:port/name", "can't be read"),
    ],
)
def test_a_broker_that_cannot_be_is_refused_with_what_to_write(url, reason):
    with pytest.raises(ImproperlyConfigured, match=f"CELERY_BROKER_URL .*{reason}.*Write redis://host") as refusal:
        service_urls.broker(url)
    assert "secret" not in str(refusal.value)


def test_a_broker_that_can_be_is_taken():
    assert service_urls.broker("")["CELERY_TASK_ALWAYS_EAGER"] is True
    found = service_urls.broker("redis://:pw@host:6379/1")
    assert (found["CELERY_BROKER_URL"], found["CELERY_TASK_ALWAYS_EAGER"]) == ("redis://:pw@host:6379/1", False)
    assert "CELERY_BROKER_TRANSPORT_OPTIONS" not in service_urls.broker("amqp://user:p%2Fw@host:5672/name")


def test_a_broker_over_tls_must_show_a_good_certificate():
    """Both clients would take any certificate by themselves."""
    for url, key in (("rediss://host:6380/1", "ssl_cert_reqs"), ("amqps://host/name", "cert_reqs")):
        assert service_urls.broker(url)["CELERY_BROKER_USE_SSL"][key] is ssl.CERT_REQUIRED


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("foo://host", "begins with none of smtp://"),
        ("mail.example:25", "begins with none of smtp://"),
        ("smtp://", "names no host"),
        ("smtp+tls://user:secret@host:port", "can't be read"),
    ],
)
def test_mail_that_cannot_be_is_refused_with_what_to_write(url, reason):
    with pytest.raises(ImproperlyConfigured, match=rf"EMAIL_URL .*{reason}.*Write smtp\+tls://") as refusal:
        service_urls.email(url)
    assert "secret" not in str(refusal.value)


def test_mail_that_can_be_is_taken():
    found = service_urls.email("smtp+tls://user:p%40ss@host:587")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("host", 587, True)
    assert found["EMAIL_HOST_PASSWORD"] == "p@ss"
    assert service_urls.email("consolemail://")["EMAIL_BACKEND"].endswith("console.EmailBackend")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("127.0.0.1:3310", "begins with none of tcp://"),
        ("http://host:3310", "begins with none of tcp://"),
        ("tcp://", "names no host"),
        ("tcp://host:port", "can't be read"),
        ("unix://", "names no socket"),
        ("unix://run/clamd.ctl", "names no socket"),
    ],
)
def test_a_scanner_that_cannot_be_is_refused_with_what_to_write(url, reason):
    with pytest.raises(ImproperlyConfigured, match=f"CLAMAV_URL .*{reason}.*Write tcp://host:3310"):
        service_urls.clamav(url)


@pytest.mark.parametrize("url", ["", "tcp://host", "tcp://[::1]:3310", "unix:///run/clamav/clamd.ctl"])
def test_a_scanner_that_can_be_is_taken(url):
    assert service_urls.clamav(url) == url


@pytest.mark.parametrize("url", ["mot-cua.vn", "https://", "ftp://host", "https://host/path", "http://host:port"])
def test_an_own_address_that_cannot_be_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match=r"BASE_URL .*Write https://host"):
        service_urls.base(url)


def test_an_own_address_stands_without_its_last_slash():
    assert service_urls.base("https://host:8443/") == "https://host:8443"


@pytest.mark.parametrize("variable", ["CACHE_URL", "CELERY_BROKER_URL", "CLAMAV_URL", "DATABASE_URL", "EMAIL_URL"])
def test_a_command_stops_in_one_line(variable):
    ended = start("manage.py", "check", **{variable: "foo://user:secret@host/0"})
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Stopped: {variable} begins with none of ")
    assert "Traceback" not in ended.stderr
    assert "secret" not in ended.stderr


def test_the_demo_stops_in_words(tmp_path):
    state = {"VAR_DIR": str(tmp_path), "DEMO": "1"}
    for values, said in (({"CACHE_URL": "foo://"}, "CACHE_URL begins"), ({"PROVINCE_CODE": "99"}, "is no province's")):
        ended = start("scripts/demo.py", "--data-only", **state, **values)
        assert ended.returncode == 1
        assert said in ended.stderr
        assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("code", ["99", "048", "", "Đà Nẵng"])
def test_a_province_that_is_none_is_an_error_of_the_check_that_lists_them(settings, code):
    settings.PROVINCE_CODE = code
    (error,) = province_is_known(None)
    assert (error.id, "1, 4, 8, 11" in error.hint) == ("catalogue.E001", True)
    with pytest.raises(SystemCheckError, match="is no province's"):
        call_command("check")


@pytest.mark.parametrize("code", ["48", "1", "96"])
def test_a_province_of_today_is_no_error(settings, code):
    settings.PROVINCE_CODE = code
    assert province_is_known(None) == []


def test_a_missing_list_of_provinces_is_left_to_the_loader(settings, tmp_path):
    settings.PROVINCE_CODE, settings.CATALOGUE_DATA_DIR = "99", tmp_path
    assert province_is_known(None) == []


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["load_procedures", "load_centres", "make_site"])
def test_commands_for_an_unknown_province_say_what_to_set(settings, command):
    factories.ProvinceFactory()
    settings.PROVINCE_CODE = "99"
    with pytest.raises(CommandError, match=r"There is no province 99: give one of 48 in PROVINCE_CODE"):
        call_command(command)


@pytest.mark.django_db
def test_a_site_before_the_places_says_what_to_run():
    with pytest.raises(CommandError, match="No places are loaded: run load_places first"):
        call_command("make_site")
