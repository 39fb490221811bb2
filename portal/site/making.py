"""Make the site's pages, or those of them that are missing."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Locale, Page, Site

from catalogue.models import AdministrativeUnit
from portal import frame
from portal.models import GuidePage, HomePage
from portal.models.pages import BodyPage, PortalPage
from portal.site.bodies import stream_json
from portal.site.plan import PLAN, PlannedPage, page_key
from portal.site.texts import PageText, read_texts

_WELCOME = {"depth": 2, "slug": "home", "title": "Welcome to your new Wagtail site!", "latest_revision": None}


class AddressTakenError(Exception):
    """Another page or site stands where one of ours belongs."""


@dataclass
class Outcome:
    """How many rows were made, and how many were there."""

    created: int = 0
    present: int = 0

    def count(self, *, is_new: bool) -> None:
        """Count one row."""
        if is_new:
            self.created += 1
        else:
            self.present += 1


@transaction.atomic
def make_site() -> Outcome:
    """Make the locales, the tree of each language and the Wagtail site; what exists is left as it is.

    Raises AddressTakenError where a page of another kind has the slug; then nothing is made.
    """
    outcome = Outcome()
    _remove_welcome_page()
    province = frame.province()
    for language, _name in settings.LANGUAGES:
        locale, is_new = Locale.objects.get_or_create(language_code=language)
        outcome.count(is_new=is_new)
        _make_tree(locale, province, outcome)
    _make_wagtail_site(outcome)
    return outcome


def _remove_welcome_page() -> None:
    """Remove the page that Wagtail's first migration makes, with its site, if nobody has touched it."""
    welcome = Page.objects.filter(**_WELCOME, numchild=0).first()
    if welcome and welcome.specific_class is Page:
        welcome.delete()


def _make_tree(locale: Locale, province: AdministrativeUnit | None, outcome: Outcome) -> None:
    """Make what is missing of one language, parents first."""
    texts = read_texts(locale.language_code, province)
    keys = [planned.translation_key for planned in PLAN]
    present = {page.translation_key: page for page in Page.objects.filter(locale=locale, translation_key__in=keys)}
    page_ids: dict[str, int] = {}
    for planned in PLAN:
        page = present.get(planned.translation_key)
        outcome.count(is_new=page is None)
        if page is None:
            parent = present[page_key(planned.parent)] if planned.parent else Page.get_first_root_node()
            page = _add(planned, texts[planned.name], parent, locale, page_ids)
            present[planned.translation_key] = page
        page_ids[planned.name] = page.pk


def _add(planned: PlannedPage, text: PageText, parent: Page, locale: Locale, page_ids: dict[str, int]) -> PortalPage:
    """Add one page below its parent and publish it."""
    page = planned.kind(
        title=text.title,
        summary=text.summary,
        slug=planned.slug_in(locale.language_code),
        locale=locale,
        translation_key=planned.translation_key,
        show_in_menus=planned.in_menu,
        live=False,
    )
    if isinstance(page, HomePage):
        page.examples = "\n".join(text.examples)
    if isinstance(page, BodyPage):
        page.body = stream_json(text.body, page_ids)
    if isinstance(page, GuidePage):
        page.is_life_event = planned.life_event is not None
        page.order = (text.life_event if text.life_event is not None else planned.life_event) or 0
    try:
        parent.add_child(instance=page)
    except ValidationError as error:
        where = f"{parent.url_path}{page.slug}/"
        raise AddressTakenError(f"«{page.title}» can't be made at {where}: {'; '.join(error.messages)}") from error
    page.save_revision().publish()
    return page


def _make_wagtail_site(outcome: Outcome) -> None:
    """Make the site whose root is the Vietnamese front page; its host and port are those of BASE_URL."""
    root = Page.objects.get(translation_key=page_key("home"), locale__language_code=settings.LANGUAGE_CODE)
    address = urlsplit(settings.BASE_URL)
    host = {"hostname": address.hostname, "port": address.port or (443 if address.scheme == "https" else 80)}
    site = Site.objects.filter(root_page=root).first()
    outcome.count(is_new=site is None)
    if site is None:
        is_first = not Site.objects.filter(is_default_site=True).exists()
        site = Site(root_page=root, site_name=settings.WAGTAIL_SITE_NAME, is_default_site=is_first, **host)
        try:
            site.full_clean()
        except ValidationError as error:
            raise AddressTakenError(f"The site can't be made: {'; '.join(error.messages)}") from error
        site.save()
