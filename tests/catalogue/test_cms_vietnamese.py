"""/cms/ speaks Vietnamese: no word of Wagtail's that lacks a translation shows on the editors' screens."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import django
import wagtail
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from catalogue import models as m
from tests.catalogue.editing_cast import Cast, make_cast
from tests.keeping import kept

PARTS = ("admin", "snippets", "users", "locales", "search", ".")
FOLDER = Path(wagtail.__file__).parent
OURS = Path(settings.BASE_DIR) / "catalogue" / "wagtail_texts" / "vi" / "LC_MESSAGES"
SAME_IN_BOTH = {"ID", "Link", "Menu", "%(field_label)s:", "Wagtail", "Email"}
FIXED_IN_TEMPLATES = {"Actions"}
"""Wagtail 8.0.1 writes it into its template in English, untranslatable (`shared/headers/_actions.html`)."""


def words_of(path: Path) -> dict[str, Message]:
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, locale="vi")
    return {text(each): each for each in catalog if each.id}


def text(message: Message) -> str:
    return str(message.id if isinstance(message.id, str) else message.id[0])


def is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    return bool(strings) and all(strings)


@cache
def untranslated(domain: str = "django") -> frozenset[str]:
    """Return Wagtail's texts that neither its own Vietnamese nor ours has."""
    ours = words_of(OURS / f"{domain}.po")
    missing: set[str] = set()
    for part in PARTS:
        folder = FOLDER / part / "locale"
        own = words_of(folder / "vi" / "LC_MESSAGES" / f"{domain}.po")
        for each in words_of(folder / "en" / "LC_MESSAGES" / f"{domain}.po"):
            if not is_translated(own.get(each)) and not is_translated(ours.get(each)):
                missing.add(each)
    return frozenset(missing)


def shown(page: str) -> set[str]:
    """Return what a page says to the eye and to the ear, piece by piece."""
    soup = BeautifulSoup(page, "html.parser")
    for each in soup.select("script, style"):
        each.decompose()
    pieces = {" ".join(piece.split()) for piece in soup.find_all(string=True)}
    for name in ("aria-label", "title", "placeholder", "alt"):
        pieces |= {" ".join(str(each[name]).split()) for each in soup.select(f"[{name}]")}
    return pieces - {""}


def patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Return the untranslated texts as patterns: with placeholders filled, without tags."""
    found = []
    for each in untranslated() - SAME_IN_BOTH - FIXED_IN_TEMPLATES:
        bare = " ".join(re.sub(r"<[^>]+>", " ", each).split())
        if len(re.sub(r"%\(\w+\)[sd]|\{\w*\}|\W", "", bare)) < 3:
            continue
        filled = ".+".join(re.escape(part) for part in re.split(r"%\(\w+\)[sd]|\{\w*\}", bare))
        found.append((each, re.compile(f"^{filled}$")))
    return found


def make_vietnamese_cast() -> Cast:
    cast = make_cast()
    for person in cast.people.values():
        UserProfile.objects.update_or_create(user=person, defaults={"preferred_language": "vi"})
    procedure = cast.rows[m.Procedure]
    procedure.short_name = "Tên ngắn"
    procedure.save_revision(user=cast.editor)
    row = m.Procedure.objects.get(pk=procedure.pk)
    row.get_workflow().start(row, cast.editor)
    return cast


kept_cast = kept(make_vietnamese_cast)


def addresses(cast: Cast) -> list[str]:
    kinds = [m.Procedure, m.Centre, m.Hotline, m.LegalDocument, m.ProvinceProcedure]
    found = ["/cms/", "/cms/account/", "/cms/catalogue-changes/", "/cms/reports/site-history/"]
    for model in kinds:
        name, row = model.snippet_viewset.get_url_name, cast.rows[model]
        found += [reverse(name("list")), reverse(name("list")) + "?q=khongco", reverse(name("add"))]
        found += [reverse(name(each), args=[row.pk]) for each in ("edit", "history", "usage", "delete")]
        found.append(reverse(model.snippet_viewset.chooser_viewset.get_url_name("choose")))
        back = reverse(name("list"))
        found.append(f"/cms/bulk/catalogue/{model._meta.model_name}/delete/?id={row.pk}&next={back}")
    procedure = m.Procedure.objects.get(pk=cast.rows[m.Procedure].pk)
    name, state = m.Procedure.snippet_viewset.get_url_name, procedure.current_workflow_state
    key = procedure.latest_revision_id
    return [
        *found,
        reverse(name("unpublish"), args=[procedure.pk]),
        reverse(name("workflow_history"), args=[procedure.pk]),
        reverse(name("workflow_history_detail"), args=[procedure.pk, state.pk]),
        reverse(name("revisions_compare"), args=[procedure.pk, "live", key]),
        reverse(name("revisions_revert"), args=[procedure.pk, key]),
        reverse(m.ProcedureVersion.snippet_viewset.get_url_name("list")),
    ]


def test_no_english_word_of_wagtails_shows_on_the_editors_screens(cast, client: Client, settings):
    settings.CATALOGUE_PREVIEW_VIEW = "tests.portal.test_cms.preview"
    known = patterns()
    left: dict[str, str] = {}
    for who in ("top_editor", "top_publisher"):
        client.force_login(cast.people[who])
        # What an approver sees besides is on the dashboard and on the form.
        for address in addresses(cast) if who == "top_editor" else addresses(cast)[:8]:
            response = client.get(address)
            assert response.status_code == 200, address
            page = response.content.decode()
            if page.startswith("{"):
                page = str(response.json().get("html", ""))
            for piece in shown(page):
                left |= {each: address for each, pattern in known if pattern.match(piece)}
    assert left == {}


def test_wagtails_scripts_speak_vietnamese_too(cast, client: Client):
    assert untranslated("djangojs") == frozenset()
    client.force_login(cast.editor)
    body = client.get("/cms/jsi18n/").content.decode()
    for word in ("Mở hoặc đóng phần này", "Mở tất cả", "Lỗi mạng."):
        assert json.dumps(word) in body, word


def test_our_texts_are_wagtails_of_today_and_keep_its_placeholders():
    for domain, parts in (("django", (*PARTS, "images", "documents", "contrib/settings")), ("djangojs", ("admin",))):
        english: dict[str, Message] = {}
        for part in parts:
            english |= words_of(FOLDER / part / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po")
        # A few of Django's own: how long ago, and what is wrong with a field.
        english |= words_of(Path(django.__file__).parent / "conf" / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po")
        ours = words_of(OURS / f"{domain}.po")
        assert ours
        assert set(ours) <= set(english)
        for each, message in ours.items():
            strings: list[Any] = [message.string] if isinstance(message.string, str) else list(message.string)
            plural = each if isinstance(message.id, str) else f"{message.id[0]} {message.id[1]}"
            for string in strings:
                assert placeholders(string) <= placeholders(plural), each


def placeholders(string: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w+\}", string))
