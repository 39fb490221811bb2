"""Where the board's screens are in /cms/, and their entries in the menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from catalogue.cms.menu import ScreenItem
from catalogue.editing.doubts import Doubt
from catalogue.editing.reach import today
from portal.publication.screens import SCREENS
from portal.publication.views import board, centralised, decisions, doubts, papers, receiving, routes

PATTERNS = [
    path("", board.board, name="board"),
    path("by/<slug:column>/", board.grouped, name="grouped"),
    path("rows/<slug:key>/", board.listing, name="rows"),
    path("decisions/", decisions.listing, name="decisions"),
    path("doubts/<slug:key>/", doubts.listing, name="doubts"),
    path("doubts/<slug:key>/<int:pk>/", doubts.look, name="look"),
    path("papers/", papers.to_mark, name="papers"),
    path("papers/mark/", papers.mark, name="mark"),
    path("papers/waiting/", papers.waiting, name="papers_waiting"),
    path("papers/decide/", papers.decide, name="decide"),
    path("centralised/", centralised.board, name="centralised"),
    path("centralised/list/", centralised.listing, name="centralised_list"),
    path("centralised/move/", routes.add, name="routes"),
    path("batches/", routes.batches, name="batches"),
    path("batches/<int:pk>/", routes.batch, name="batch"),
    path("batches/<int:pk>/<slug:act>/", routes.decide, name="decide_batch"),
    path("receiving/", receiving.centres, name="receiving"),
    path("receiving/centre/<int:pk>/", receiving.centre, name="receiving_centre"),
    path("receiving/centre/<int:pk>/<int:procedure>/", receiving.exception, name="exception"),
    path("receiving/procedure/<int:pk>/", receiving.procedure, name="receiving_procedure"),
]


def urls() -> list[URLPattern | URLResolver]:
    """Give the board its addresses."""
    return [path("publication/", include((PATTERNS, "publication")))]


class BoardMenu(SubmenuMenuItem):
    """The board's entries under one; editors alone see it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether the person edits anything."""
        return SCREENS["publication:board"].opens(request.user, today())


def menu_item() -> MenuItem:
    """Return the entries of the menu."""
    entries: list[tuple[str | Promise, str, tuple[str, ...], str]] = [
        (_("Publication board"), "publication:board", (), "view"),
        (_("Unclassified papers"), "publication:papers", (), "list-ul"),
        (_("Rows to check"), "publication:doubts", (Doubt.DISTRICT.value,), "warning"),
        (_("Decisions in the national database"), "publication:decisions", (), "upload"),
        (_("On ministries' systems"), "publication:centralised", (), "redirect"),
        (_("Which centre receives what"), "publication:receiving", (), "home"),
        (_("Batches of proposals"), "publication:batches", (), "tasks"),
    ]
    items = [
        ScreenItem(label, screen, *args, screens=SCREENS, name=f"publication-{at}", icon_name=icon, order=at * 10)
        for at, (label, screen, args, icon) in enumerate(entries, start=1)
    ]
    return BoardMenu(_("Publication"), Menu(items=items), name="publication", icon_name="view", order=145)
