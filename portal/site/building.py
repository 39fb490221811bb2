"""Make the pages that a site lacks; what is there stays as an editor left it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.utils import translation
from wagtail.models import Locale, Page, Site

from portal import frame
from portal.models import HomePage, PortalPage
from portal.site.plan import PlannedPage, planned_pages


@dataclass
class Tally:
    """What was made and what was there already."""

    created: int = 0
    existing: int = 0
    renewed: int = 0
    """Pages that still said what an earlier release said, and say the new text now."""


def build_site() -> Tally:
    """Make locales, the tree of each language and the site; publish what is new (a revision each).

    A page is known by its translation key and language, so an editor may move, rename or unpublish it.
    """
    tally = Tally()
    for language, _name in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=language)
    made: list[Page] = []
    for language, _name in settings.LANGUAGES:
        made += _build_tree(Locale.objects.get(language_code=language), tally)
    # Lists show the newest first: what stands first in the plan is published last.
    for page in reversed(made):
        page.save_revision().publish()
    _point_site_at(HomePage.objects.get(translation_key=_home().translation_key, locale__language_code=_source()))
    _remove_welcome_page()
    return tally


def _build_tree(locale: Locale, tally: Tally) -> list[Page]:
    """Return the pages that were made in one language, each after its parent."""
    made = []
    pages: dict[str, Page] = {}
    with translation.override(locale.language_code):
        province = _province_name()
        for plan in planned_pages():
            page = PortalPage.objects.filter(translation_key=plan.translation_key, locale=locale).first()
            if page is not None:
                tally.existing += 1
                tally.renewed += _renew(page.specific, plan, locale.language_code, province)
            else:
                parent = pages[plan.parent] if plan.parent else Page.objects.get(depth=1)
                page = _add(plan, parent, locale, province)
                made.append(page)
                tally.created += 1
            pages[plan.key] = page
    return made


def _renew(page: Page, plan: PlannedPage, language: str, province: str) -> bool:
    """Give the page the new texts where nobody changed the old ones; a page with an open draft is left alone."""
    said = {name: getattr(page, name, "") for name in ("title", "summary", "examples")}
    new = plan.renewed(language, province, said)
    if not new or page.has_unpublished_changes:
        return False
    for name, value in new.items():
        setattr(page, name, value)
    revision = page.save_revision()
    if page.live:
        revision.publish()
    return True


def _add(plan: PlannedPage, parent: Page, locale: Locale, province: str) -> Page:
    model: Any = apps.get_model("portal", plan.kind)
    slug = plan.slug(locale.language_code)
    if parent.get_children().filter(slug=slug).exists():
        slug = f"{slug}-{plan.translation_key.hex[:6]}"
    page = model(
        locale=locale,
        translation_key=plan.translation_key,
        slug=slug,
        show_in_menus=plan.in_menus,
        live=False,
        **plan.values(locale.language_code, province),
    )
    parent.refresh_from_db()
    parent.add_child(instance=page)
    return page


def _point_site_at(home: Page) -> None:
    """Make the default site, or bring it to this front page and to the address that the settings name."""
    address = urlsplit(settings.BASE_URL)
    wanted: dict[str, Any] = {
        "hostname": address.hostname or "localhost",
        "port": address.port or (443 if address.scheme == "https" else 80),
    }
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        Site.objects.create(is_default_site=True, root_page=home, site_name=settings.WAGTAIL_SITE_NAME, **wanted)
        return
    if not issubclass(site.root_page.specific_class, HomePage):
        wanted |= {"root_page": home, "site_name": settings.WAGTAIL_SITE_NAME}
    changed = [name for name, value in wanted.items() if getattr(site, name) != value]
    for name in changed:
        setattr(site, name, wanted[name])
    if changed:
        site.save(update_fields=changed)


def _remove_welcome_page() -> None:
    """Delete the page that Wagtail's own migration makes, if nobody has touched it."""
    for page in Page.objects.filter(depth=2, slug="home", content_type__model="page", latest_revision=None):
        if not page.get_children().exists() and not Site.objects.filter(root_page=page).exists():
            page.delete()


def _province_name() -> str:
    own = frame.province()
    return (own.local_name or own.bare_name) if own else ""


def _home() -> PlannedPage:
    return planned_pages()[0]


def _source() -> str:
    return settings.LANGUAGE_CODE
