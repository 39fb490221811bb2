"""A sixth language: a setting, a migration and a .po file, on a site that lives already, in a project of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

SETTINGS = """
from portal.settings import *

LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [*LANGUAGES, ("fr", "Français")]
MODELTRANSLATION_LANGUAGES = tuple(code for code, _name in LANGUAGES)
MIGRATION_MODULES = {"catalogue": "more_catalogue", "portal": "more_portal"}
LOCALE_PATHS = [r"%(locale)s", *LOCALE_PATHS]
MIDDLEWARE = [name for name in MIDDLEWARE if "PublicPageCache" not in name]
"""
PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "What to bring"
msgstr "Ce qu'il faut apporter"
"""
FILL = """
from django.core.management import call_command
for command in (["compile_texts"], ["load_translations", r"%(translations)s"], ["make_site"]):
    call_command(*command, verbosity=0)
"""
READ = """
from django.test import Client
from catalogue.models import Field, Procedure
field = Field.objects.get(slug="ho-tich")
procedure = Procedure.objects.get(code="1.001193")
names = (field.name_fr, procedure.name_fr)
assert names == ("État civil", "Déclarer une naissance"), names
html = Client().get("/fr/procedures/1.001193/", headers={"host": "localhost"}).content.decode()
for text in ('<html lang="fr">', "<h1>Déclarer une naissance</h1>", "Ce qu&#x27;il faut apporter", "État civil",
             'hreflang="fr"', 'hreflang="ko"', 'lang="vi"'):
    assert text in html or text.replace("&#x27;", "'") in html, text
assert Client().get("/fr/", headers={"host": "localhost"}).status_code == 200
print("read in French")
"""


@pytest.fixture
def project(tmp_path: Path, province: dict[str, str]) -> dict[str, str]:
    """A copy of the site and of the migrations, French settings, one .po file and two lines of translations."""
    (tmp_path / "var").mkdir()
    shutil.copy(Path(province["VAR_DIR"]) / "db.sqlite3", tmp_path / "var" / "db.sqlite3")
    for app in ("catalogue", "portal"):
        shutil.copytree(settings.BASE_DIR / app / "migrations", tmp_path / f"more_{app}")
    messages = tmp_path / "locale" / "fr" / "LC_MESSAGES"
    messages.mkdir(parents=True)
    (messages / "django.po").write_text(PO, encoding="utf-8")
    (tmp_path / "french.py").write_text(SETTINGS % {"locale": tmp_path / "locale"}, encoding="utf-8")
    lines = [("Hộ tịch", "État civil"), ("Thủ tục đăng ký khai sinh", "Déclarer une naissance")]
    memory = tmp_path / "translations" / "fr"
    memory.mkdir(parents=True)
    with (memory / "texts.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"source": s, "text": t, "reviewed": False}) + "\n" for s, t in lines)
    return {
        **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")},
        "DJANGO_SETTINGS_MODULE": "french",
        "PYTHONPATH": f"{tmp_path}:{settings.BASE_DIR}",
        "VAR_DIR": str(tmp_path / "var"),
        "TESTING": "1",
    }


def run(project: dict[str, str], *command: str) -> str:
    """Run a management command in the French project."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, env=project, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-3000:]}"
    return done.stdout


@pytest.mark.own_database
def test_french_is_a_setting_a_migration_and_a_po_file(project, tmp_path):
    made = run(project, "makemigrations", "catalogue", "portal", "-n", "french")
    assert "name_fr" in made
    run(project, "migrate", "-v0")
    assert "read in French" in run(project, "shell", "-c", FILL % {"translations": tmp_path / "translations"} + READ)
