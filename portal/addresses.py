"""Where the site's index pages are, in every language, with one query."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import get_language

from portal.models import PortalPage

INDEXES = {
    "homepage": "home",
    "procedureindexpage": "procedures",
    "centreindexpage": "centres",
    "placefinderpage": "places",
    "hotlineindexpage": "hotlines",
    "foreignuserspage": "foreign",
}

COLUMNS = (
    "content_type_id",
    "locale__language_code",
    "url_path",
    "title",
    "summary",
    "show_in_menus",
    "translation_key",
)


@dataclass(frozen=True)
class Place:
    """A page's address and title."""

    url: str
    title: str
    summary: str
    key: str


@dataclass
class Addresses:
    """Index pages by (language, name), sections and information pages by (language, translation key)."""

    indexes: dict[tuple[str, str], Place] = field(default_factory=dict)
    menu: dict[str, list[Place]] = field(default_factory=dict)

    def url(self, name: str, language: str | None = None) -> str:
        """Return the address of an index, the language's front page where it isn't there."""
        language = language or get_language() or settings.LANGUAGE_CODE
        place = self.indexes.get((language, name))
        return place.url if place else f"/{language}/"

    def procedure(self, code: str, language: str | None = None) -> str:
        """Return the permanent address of a procedure."""
        return f"{self.url('procedures', language)}{code}/"

    def centre(self, slug: str, language: str | None = None) -> str:
        """Return the permanent address of a centre."""
        return f"{self.url('centres', language)}{slug}/"


def load() -> Addresses:
    """Read the indexes and the pages of the menus (one query; content types are kept in memory)."""
    found = Addresses()
    rows = PortalPage.objects.live().filter(depth__lte=4).order_by("path").values_list(*COLUMNS)
    for type_id, language, url_path, title, summary, in_menus, key in rows:
        place = Place(url=url_path, title=title, summary=summary, key=str(key))
        name = INDEXES.get(ContentType.objects.get_for_id(type_id).model)
        if name:
            found.indexes[language, name] = place
        if in_menus:
            found.menu.setdefault(language, []).append(place)
    return found
