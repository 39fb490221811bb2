"""Which pages a new site has, where they stand, and which of them are each other's translations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID, uuid5

from portal import models
from portal.models import PortalPage

FOLDER = Path(__file__).parent
_KEYS = UUID("6a0f3a52-4f5e-5f0b-9a55-48d1c0a4e7b3")


@dataclass(frozen=True)
class PlannedPage:
    """A page in every language: its kind, its parent's name and its slug in Vietnamese and in all others."""

    name: str
    kind: type[PortalPage]
    vietnamese_slug: str
    slug: str
    parent: str = "home"
    in_menu: bool = False
    life_event: int | None = None

    @property
    def translation_key(self) -> UUID:
        """Return the key that the page has in all languages and on all machines."""
        return page_key(self.name)

    def slug_in(self, language: str) -> str:
        """Return the slug in a language; the front page's is the language itself."""
        if self.kind is models.HomePage:
            return language
        return self.vietnamese_slug if language == "vi" else self.slug


def page_key(name: str) -> UUID:
    """Return the translation key of the page with this stable name."""
    return uuid5(_KEYS, name)


def _guide(order: int, name: str, vietnamese_slug: str) -> PlannedPage:
    return PlannedPage(f"guide-{name}", models.GuidePage, vietnamese_slug, name, parent="guides", life_event=order)


# A parent stands before its children.
PLAN = (
    PlannedPage("home", models.HomePage, "", "", parent=""),
    PlannedPage("procedures", models.ProcedureIndexPage, "thu-tuc", "procedures", in_menu=True),
    PlannedPage("centres", models.CentreIndexPage, "trung-tam", "centres", in_menu=True),
    PlannedPage("places", models.PlaceFinderPage, "dia-danh-cu", "old-places", in_menu=True),
    PlannedPage("hotlines", models.HotlineIndexPage, "duong-day-nong", "hotlines", in_menu=True),
    PlannedPage("foreign", models.ForeignUsersPage, "nguoi-nuoc-ngoai", "foreigners", in_menu=True),
    PlannedPage("guides", models.SectionPage, "huong-dan", "guides", in_menu=True),
    _guide(0, "living-in-viet-nam", "nguoi-nuoc-ngoai-sinh-song"),
    _guide(1, "having-a-baby", "sinh-con"),
    _guide(2, "marrying", "ket-hon"),
    _guide(3, "moving-home", "chuyen-noi-o"),
    _guide(4, "identity-and-copies", "can-cuoc-ban-sao"),
    _guide(5, "small-business", "mo-quan-buon-ban-nho"),
    _guide(6, "house-and-land", "xay-nha-nha-dat"),
    _guide(7, "old-age", "tuoi-gia-tro-cap"),
    _guide(8, "a-death-in-the-family", "nguoi-than-qua-doi"),
    PlannedPage("notices", models.SectionPage, "thong-bao", "notices", in_menu=True),
    PlannedPage("about", models.InformationPage, "gioi-thieu", "about", in_menu=True),
    PlannedPage("accessibility", models.InformationPage, "kha-nang-tiep-can", "accessibility", in_menu=True),
    PlannedPage("open-data", models.InformationPage, "du-lieu-mo", "open-data"),
)


@cache
def procedure_groups() -> Mapping[str, list[str]]:
    """Return the codes of each list of procedures that the guides show, by the list's name."""
    groups: dict[str, list[str]] = json.loads((FOLDER / "procedures.json").read_text(encoding="utf-8"))
    return groups
