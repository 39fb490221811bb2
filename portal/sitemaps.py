"""The addresses of the catalogue's rows, for the sitemap, with the same page in the other languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page
from wagtail.query import PageQuerySet

from catalogue.models import Centre, Procedure
from portal.addresses import load
from portal.models import CentreIndexPage, ProcedureIndexPage

Entry = dict[str, object]
TAGS = {"zh-hans": "zh-Hans"}
OWN = ("tracking", "statistics")
"""Pages for everybody that aren't Wagtail's, by their word in the address."""


class AllLanguages(Sitemap):
    """The pages of the site in every language; Wagtail's own stops at the language of the site's root."""

    def items(self) -> PageQuerySet:
        """Return the published pages below the front page of each language."""
        root = self.get_wagtail_site().root_page
        trees = Q(pk__in=[])
        for path in root.get_translations(inclusive=True).live().values_list("path", flat=True):
            trees |= Q(path__startswith=path)
        pages = Page.objects.filter(trees).live().public().order_by("path")
        return pages.select_related("locale").defer_streamfields().specific()

    def _urls(self, page: str | int, protocol: str, domain: str) -> list[Entry]:
        """Return the pages' entries, and once those that no editor composes."""
        urls: list[Entry] = super()._urls(page, protocol, domain)
        return [*urls, *own_urls()] if int(page) == 1 else urls


def own_urls() -> list[Entry]:
    """Return the addresses of tracking and of the statistics in each language (no query)."""
    codes = [code for code, _name in settings.LANGUAGES]
    return [
        entry
        for name in OWN
        for entry in each_language({code: f"{settings.BASE_URL}/{code}/{name}/" for code in codes})
    ]


def procedure_urls(page: ProcedureIndexPage) -> list[Entry]:
    """Return the address of each published procedure below this index (two queries and the page's locale)."""
    rows = Procedure.objects.public(settings.PROVINCE_CODE).order_by("code")
    return below("procedures", page, rows.values_list("code", "updated_at"))


def centre_urls(page: CentreIndexPage) -> list[Entry]:
    """Return the address of each published centre below this index (two queries and the page's locale)."""
    rows = Centre.objects.live().filter(province__code=settings.PROVINCE_CODE).order_by("slug")
    return below("centres", page, rows.values_list("slug", "updated_at"))


def below(
    name: str, page: ProcedureIndexPage | CentreIndexPage, rows: Iterable[tuple[str, dt.datetime | None]]
) -> list[Entry]:
    """Return entries in the shape of Wagtail's `get_sitemap_urls`; x-default is the Vietnamese page."""
    addresses = load()
    bases = {
        code: settings.BASE_URL + addresses.indexes[code, name].url
        for code, _name in settings.LANGUAGES
        if (code, name) in addresses.indexes
    }
    own = bases.get(page.locale.language_code)
    if own is None:
        return []
    tagged = by_tag(bases)
    return [
        {
            "location": f"{own}{key}/",
            "lastmod": changed_at,
            "alternates": [{"lang_code": tag, "location": f"{base}{key}/"} for tag, base in tagged.items()],
        }
        for key, changed_at in rows
    ]


def each_language(urls: dict[str, str]) -> list[Entry]:
    """Return an entry for each language that a page exists in, each naming all of them."""
    alternates = [{"lang_code": tag, "location": url} for tag, url in by_tag(urls).items()]
    return [{"location": url, "alternates": alternates} for url in urls.values()]


def by_tag(urls: dict[str, str]) -> dict[str, str]:
    """Return addresses by language tag; x-default is the Vietnamese page."""
    tagged = {TAGS.get(code, code): url for code, url in urls.items()}
    return tagged | ({"x-default": urls[settings.LANGUAGE_CODE]} if settings.LANGUAGE_CODE in urls else {})
