"""What was found beside the procedures: centres, hotlines, guides, and what old places are now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.models import AdministrativeUnit, Centre
from portal.centres.places import Finding, findings
from portal.hotlines import public_hotlines
from portal.models import PortalPage
from portal.texts import SOURCE, Text
from search.documents import CENTRE, GUIDE, HOTLINE, PLACE
from search.public import Hit


@dataclass(frozen=True)
class Guide:
    """A page that an editor wrote, in the reader's language where it is."""

    title: Text
    summary: Text
    url: str


@dataclass(frozen=True)
class Section:
    """The hits of one kind, with the words that stand over them."""

    kind: str
    title: str
    rows: list[object]


def sections(hits: dict[str, list[Hit]]) -> list[Section]:
    """Return a section a kind, in the order given (one query a kind, three for old places)."""
    titles = {
        CENTRE: _("Centres"),
        HOTLINE: _("Hotlines"),
        GUIDE: _("Guides"),
        PLACE: _("Old names of places"),
    }
    made = (Section(kind, titles[kind], READERS[kind]([hit.name for hit in found])) for kind, found in hits.items())
    return [section for section in made if section.rows]


def centres(slugs: list[str]) -> list[Centre]:
    """Return the published centres in this order."""
    rows = Centre.objects.live().filter(slug__in=slugs, province__code=settings.PROVINCE_CODE)
    by_slug = {row.slug: row for row in rows.select_related("place")}
    return [by_slug[slug] for slug in slugs if slug in by_slug]


def hotlines(pks: list[str]) -> list[object]:
    """Return the public hotlines in this order."""
    by_pk = {str(row.pk): row for row in public_hotlines().filter(pk__in=numbers(pks))}
    return [by_pk[pk] for pk in pks if pk in by_pk]


def places(pks: list[str]) -> list[Finding]:
    """Return the old places with what they became, in this order."""
    rows: QuerySet[AdministrativeUnit] = AdministrativeUnit.objects.filter(pk__in=numbers(pks))
    by_pk = {str(row.pk): row for row in rows.select_related("parent", "province")}
    return findings([by_pk[pk] for pk in pks if pk in by_pk])


def guides(keys: list[str]) -> list[Guide]:
    """Return the pages in the reader's language, else in Vietnamese, in this order."""
    language = get_language() or SOURCE
    rows = PortalPage.objects.live().filter(translation_key__in=keys, locale__language_code__in=[language, SOURCE])
    columns = ("translation_key", "locale__language_code", "title", "summary", "url_path")
    found: dict[str, Guide] = {}
    for key, code, title, summary, url in rows.values_list(*columns):
        if code == language or str(key) not in found:
            found[str(key)] = Guide(Text(title, code), Text(summary, code), url)
    return [found[key] for key in keys if key in found]


def numbers(names: list[str]) -> list[int]:
    """Return the primary keys among the names."""
    return [int(name) for name in names if name.isdecimal()]


READERS: dict[str, Callable[[list[str]], list]] = {  # type: ignore[type-arg]
    CENTRE: centres, HOTLINE: hotlines, GUIDE: guides, PLACE: places,
}  # fmt: skip
