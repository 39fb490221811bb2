"""The pages of the site: what editors compose, and the indexes that serve the catalogue's rows."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Page

from portal.blocks import BodyBlock


class PortalPage(Page):
    """What every page of the site has: a line under its title."""

    summary = models.TextField(_("summary"), blank=True, help_text=_("One or two short sentences, also for lists"))

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    is_creatable = False

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        """Add what every public page carries."""
        from portal import frame

        return {**super().get_context(request, *args, **kwargs), **frame.of_page(request, self)}


class HomePage(PortalPage):
    """The front page of one language."""

    examples = models.TextField(
        _("examples of a search"), blank=True, help_text=_("One a line; they stand under the search box")
    )

    content_panels = [*PortalPage.content_panels, FieldPanel("examples")]
    parent_page_types = ["wagtailcore.Page"]
    max_count_per_parent = None
    template = "portal/home.html"

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        """Add entry points, notices and the centres to choose from."""
        from portal import home

        return {**super().get_context(request, *args, **kwargs), **home.context(self)}


class ProcedureIndexPage(RoutablePageMixin, PortalPage):
    """Serves every procedure at a permanent address below its own."""

    parent_page_types = ["portal.HomePage"]
    subpage_types: list[str] = []

    @path("")
    def listing(self, request: HttpRequest) -> HttpResponse:
        """Show the list with its facets."""
        from portal.procedures import views

        return views.listing(request, self)

    @path("feed.atom/")
    def feed(self, request: HttpRequest) -> HttpResponse:
        """Send what changed last, as Atom."""
        from portal.procedures import feed

        return feed.procedure_feed(request, self)

    @path("<str:code>/")
    def detail(self, request: HttpRequest, code: str) -> HttpResponse:
        """Show one procedure."""
        from portal.procedures import views

        return views.detail(request, self, code)

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, object]]:
        """Add the address of each procedure."""
        from portal import sitemaps

        return [*super().get_sitemap_urls(request), *sitemaps.procedure_urls(self)]


class CentreIndexPage(RoutablePageMixin, PortalPage):
    """Serves every centre at a permanent address below its own."""

    parent_page_types = ["portal.HomePage"]
    subpage_types: list[str] = []

    @path("")
    def listing(self, request: HttpRequest) -> HttpResponse:
        """Show all centres, or go to the one chosen."""
        from portal.centres import views

        return views.listing(request, self)

    @path("<slug:slug>/")
    def detail(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show one centre."""
        from portal.centres import views

        return views.detail(request, self, slug)

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, object]]:
        """Add the address of each centre."""
        from portal import sitemaps

        return [*super().get_sitemap_urls(request), *sitemaps.centre_urls(self)]


class PlaceFinderPage(RoutablePageMixin, PortalPage):
    """Leads from an old district or commune to the present one and its centre."""

    parent_page_types = ["portal.HomePage"]
    subpage_types: list[str] = []

    @path("")
    def find(self, request: HttpRequest) -> HttpResponse:
        """Show the form and what it found."""
        from portal.centres import places

        return places.find(request, self)


class HotlineIndexPage(RoutablePageMixin, PortalPage):
    """Lists the hotlines of the province and its centres."""

    parent_page_types = ["portal.HomePage"]
    subpage_types: list[str] = []

    @path("")
    def listing(self, request: HttpRequest) -> HttpResponse:
        """Show the hotlines."""
        from portal.centres import views

        return views.hotlines(request, self)


class ForeignUsersPage(RoutablePageMixin, PortalPage):
    """The list that Công văn 4793/VPCP-KSTT asks for: code, name, online link, competent agency."""

    parent_page_types = ["portal.HomePage"]
    subpage_types: list[str] = []

    @path("")
    def listing(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        from portal.procedures import foreign

        return foreign.page(request, self)

    @path("list.csv/")
    def as_csv(self, request: HttpRequest) -> HttpResponse:
        """Send the list as CSV."""
        from portal.procedures import foreign

        return foreign.as_csv(request, self)

    @path("list.json/")
    def as_json(self, request: HttpRequest) -> HttpResponse:
        """Send the list as JSON."""
        from portal.procedures import foreign

        return foreign.as_json(request, self)


class BodyPage(PortalPage):
    """A page that an editor writes."""

    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))
    checked_on = models.DateField(_("last checked on"), null=True, blank=True)

    content_panels = [*PortalPage.content_panels, FieldPanel("body"), FieldPanel("checked_on")]
    is_creatable = False
    template = "portal/body_page.html"


class SectionPage(PortalPage):
    """Lists the pages below it: guides, notices, information."""

    parent_page_types = ["portal.HomePage"]
    subpage_types = ["portal.GuidePage", "portal.NoticePage", "portal.InformationPage"]
    template = "portal/section.html"

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        """Add the pages below, the newest first."""
        children = PortalPage.objects.child_of(self).live().order_by("-first_published_at", "title")
        return {**super().get_context(request, *args, **kwargs), "children": children}


class GuidePage(BodyPage):
    """A guide to a need; a life event's guide stands on the front page."""

    is_life_event = models.BooleanField(_("life event on the front page"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    content_panels = [
        *BodyPage.content_panels,
        MultiFieldPanel([FieldPanel("is_life_event"), FieldPanel("order")], _("Front page")),
    ]
    parent_page_types = ["portal.SectionPage"]
    subpage_types: list[str] = []
    template = "portal/body_page.html"


class NoticePage(BodyPage):
    """A notice; an urgent one stands on the front page while it holds."""

    is_urgent = models.BooleanField(_("urgent"), default=False)
    starts_at = models.DateTimeField(_("holds from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("holds until"), null=True, blank=True)

    content_panels = [
        *BodyPage.content_panels,
        MultiFieldPanel([FieldPanel("is_urgent"), FieldPanel("starts_at"), FieldPanel("ends_at")], _("Urgent")),
    ]
    parent_page_types = ["portal.SectionPage"]
    subpage_types: list[str] = []
    template = "portal/body_page.html"

    @classmethod
    def urgent(cls, locale: models.Model, now: dt.datetime | None = None) -> models.QuerySet:  # type: ignore[type-arg]
        """Return the urgent notices that hold at `now`, the newest first."""
        now = now or timezone.now()
        return (
            cls.objects.live()
            .filter(locale=locale, is_urgent=True)
            .filter(Q(starts_at=None) | Q(starts_at__lte=now))
            .filter(Q(ends_at=None) | Q(ends_at__gt=now))
            .order_by("-first_published_at")
        )


class InformationPage(BodyPage):
    """About the portal, its data, accessibility."""

    parent_page_types = ["portal.SectionPage", "portal.HomePage"]
    subpage_types: list[str] = []
    template = "portal/body_page.html"
