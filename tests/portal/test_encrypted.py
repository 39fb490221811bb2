"""What speaks with other machines in the clear is told before a site goes out; the example for nginx is sound."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.in_the_clear import everything_is_encrypted

NGINX = (Path(__file__).resolve().parents[2] / "docs/nginx.conf.example").read_text()


def named(settings) -> set[str]:
    return {str(warning.msg).split()[0] for warning in everything_is_encrypted(None)}


@pytest.mark.parametrize(
    ("setting", "plain", "good"),
    [
        ("CACHE_URL", "redis://cache.example:6379/0", "rediss://cache.example:6379/0"),
        ("CELERY_BROKER_URL", "amqp://u:p@broker.example/x", "amqps://u:p@broker.example/x"),
        ("CELERY_BROKER_URL", "redis://10.0.0.7:6379/1", "redis://127.0.0.1:6379/1"),
        ("SEARCH_URL", "http://10.0.0.7:9200/mot-cua", "https://10.0.0.7:9200/mot-cua"),
        ("CLAMAV_URL", "tcp://scanner.example:3310", "unix:///run/clamav/clamd.ctl"),
    ],
)
def test_a_service_on_another_machine_is_spoken_with_by_tls(settings, setting, plain, good):
    setattr(settings, setting, plain)
    assert named(settings) == {setting}
    setattr(settings, setting, good)
    assert not named(settings)


@pytest.mark.parametrize(
    ("host", "mode", "is_told"),
    [
        ("db.example", None, True),
        ("db.example", "require", True),
        ("db.example", "verify-full", False),
        ("/run/postgresql", None, False),
        ("::1", None, False),
        ("", None, False),
    ],
)
def test_a_database_on_another_machine_proves_itself(settings, monkeypatch, host, mode, is_told):
    row = {"HOST": host, "OPTIONS": {"sslmode": mode} if mode else {}}
    monkeypatch.setattr("portal.in_the_clear.settings.DATABASES", {"default": row}, raising=False)
    assert named(settings) == ({"DATABASE_URL"} if is_told else set())


def test_mail_goes_out_by_tls(settings):
    settings.EMAIL_URL, settings.EMAIL_HOST = "smtp://mail.example:25", "mail.example"
    assert named(settings) == {"EMAIL_URL"}
    settings.EMAIL_USE_TLS = True
    assert not named(settings)


def test_no_warning_repeats_a_password(settings):
    settings.CACHE_URL = "redis://:hush-hush@cache.example/0"
    assert "hush-hush" not in str([(warning.msg, warning.hint) for warning in everything_is_encrypted(None)])


def test_nginx_speaks_tls_of_today_with_forward_secrecy_alone():
    assert re.findall(r"ssl_protocols ([^;]+);", NGINX) == ["TLSv1.2 TLSv1.3"]
    [suites] = re.findall(r"ssl_ciphers ([^;]+);", NGINX)
    assert all(each.startswith("ECDHE-") and ("GCM" in each or "POLY1305" in each) for each in suites.split(":"))


def test_nginx_leads_pages_to_https_and_programs_nowhere():
    plain = NGINX.partition("listen 80;")[2].partition("\n}\n")[0]
    assert "location /api/ { return 403; }" in plain and "return 301 https://" in plain


def test_nginx_writes_over_what_a_browser_says_of_itself():
    for name, value in (("X-Forwarded-For", "$remote_addr"), ("X-Forwarded-Proto", "$scheme"), ("Host", "$host")):
        assert re.search(rf"proxy_set_header {name} {re.escape(value)};", NGINX)
    for name in ("X-Forwarded-Host", "X-Real-IP", "Forwarded"):
        assert f'proxy_set_header {name} "";' in NGINX


def test_nginx_lists_no_folder_shows_no_private_file_and_logs_no_token():
    assert "autoindex off;" in NGINX and "location /media/ { return 404; }" in NGINX
    shown = re.findall(r"alias ([^;]+);", NGINX)
    assert shown == ["/srv/mot-cua/var/static/", "/srv/mot-cua/var/media/images/"]
    assert "access_log off;" in NGINX.partition("location /t/ {")[2].partition("}")[0]
    assert "$request " not in NGINX and "$args" not in NGINX and '$request_uri"' not in NGINX
    methods = re.search(r"\$request_method !~ \^\(([A-Z|]+)\)", NGINX)
    assert methods and set(methods[1].split("|")) == {"GET", "HEAD", "POST", "OPTIONS"}
