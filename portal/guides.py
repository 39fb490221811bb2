"""Guides, notices and information pages for the search room: a document a page, with all its translations."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db import models
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from portal.models import GuidePage, InformationPage, NoticePage, PortalPage
from portal.models.pages import BodyPage
from portal.texts import SOURCE
from search.documents import BODY, GUIDE, NAME, Document, Text, register
from search.signal_handlers import refresh_after_commit

KINDS = (GuidePage, InformationPage, NoticePage)
ADDRESS = "url:"
"""Before a language: where the page is in that language, among what a suggestion shows."""
LONGEST_BODY = 8_000
WEIGHT = 0.3
_CODE = re.compile(r"^[\d.]+$")


def connect() -> None:
    """Let search find the pages, and follow their changes."""
    register(GUIDE, documents, stamps)
    for signal in (page_published, page_unpublished, post_page_move):
        signal.connect(page_changed, dispatch_uid="search_guides")


def page_changed(instance: Page, **kwargs: Any) -> None:
    """Put the page's document in anew after the commit; those below it too, whose addresses hold its own."""
    if isinstance(instance, KINDS):
        return refresh_after_commit({key_of(instance.translation_key)})
    if not isinstance(instance, PortalPage):
        return None
    below = rows().filter(path__startswith=instance.path, depth__gt=instance.depth)
    keys = {key_of(key) for key in below.values_list("translation_key", flat=True)}
    return refresh_after_commit(keys) if keys else None


def key_of(translation_key: object) -> str:
    """Return the key of a page's document."""
    return f"{GUIDE}:{translation_key}"


def rows() -> models.QuerySet[BodyPage]:
    """Return the published pages that everybody may read, the Vietnamese ones first."""
    is_translation = models.Case(models.When(locale__language_code=SOURCE, then=0), default=1)
    return BodyPage.objects.live().public().order_by(is_translation, "path")


def documents(keys: Iterable[str] | None) -> Iterator[Document]:
    """Yield the pages' documents (three queries)."""
    found = rows().select_related("locale")
    if keys is not None:
        found = found.filter(translation_key__in=uuids(keys))
    translations: dict[UUID, list[BodyPage]] = defaultdict(list)
    for page in found:
        translations[page.translation_key].append(page)
    for key, pages in translations.items():
        yield document(key_of(key), pages)


def document(key: str, pages: list[BodyPage]) -> Document:
    """Return the document of one page in all its languages."""
    texts: list[Text] = []
    shown: dict[str, str] = {}
    for page in pages:
        language = page.locale.language_code
        texts.append(Text(NAME, language, page.title))
        shown |= {language: page.title, ADDRESS + language: page.url_path}
    texts += [Text(BODY, page.locale.language_code, body(page)) for page in pages]
    return Document(key, GUIDE, stamp(pages), tuple(texts), shown, weight=WEIGHT)


def body(page: BodyPage) -> str:
    """Return the page's summary and its text without mark-up and procedure codes."""
    parts = page.body.stream_block.get_searchable_content(page.body)
    told = [page.title, page.summary, *(part for part in parts if not _CODE.match(part))]
    return "\n".join(filter(None, told))[:LONGEST_BODY]


def stamp(pages: Iterable[BodyPage]) -> str:
    """Return when the page changed last in any language, and where it is."""
    return " ".join(sorted(stamp_of(page.url_path, page.live_revision_id, page.last_published_at) for page in pages))


def stamp_of(*parts: object) -> str:
    """Return the stamp of one language's page."""
    return " ".join(map(str, parts))


def stamps() -> dict[str, str]:
    """Return the stamp of each page's document (two queries)."""
    found: dict[str, list[str]] = defaultdict(list)
    columns = ("translation_key", "url_path", "live_revision_id", "last_published_at")
    for key, *parts in rows().values_list(*columns):
        found[key_of(key)].append(stamp_of(*parts))
    return {key: " ".join(sorted(parts)) for key, parts in found.items()}


def uuids(keys: Iterable[str]) -> list[UUID]:
    """Return the translation keys that documents are named by; what is none is left out."""
    found = []
    for key in keys:
        try:
            found.append(UUID(key.partition(":")[2]))
        except ValueError:
            continue
    return found
