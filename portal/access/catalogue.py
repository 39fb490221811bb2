"""Addresses of the editors: the lines of the tables that their doors and gates read; search and the calendar."""

from __future__ import annotations

from catalogue.editing.owners import OWNERS, Owner
from catalogue.editing.screens import SCREENS, May, Screen
from portal.access.rules import Rule, Who
from portal.publication import screens as publication

WHO = {May.EDIT: Who.EDITORS, May.EDIT_PROVINCE: Who.PROVINCE_EDITORS}
CHOOSABLE = "published rows, and drafts that one may edit, to name them in a form"


def screen_line(name: str, screen: Screen) -> Rule:
    """Return what a screen's row says of its address."""
    return Rule(name, WHO[screen.may], screen.scope)


def row_line(kind: str, owner: Owner) -> Rule:
    """Return whom the screens of a kind of row are for."""
    who = Who.EDITORS if owner.lookups else Who.PROVINCE_EDITORS
    return Rule(f"wagtailsnippets_catalogue_{kind.lower()}:*", who, "rows that one may edit, approved by another")


RULES = (
    *(screen_line(name, screen) for name, screen in SCREENS.items()),
    *(screen_line(name, screen) for name, screen in publication.SCREENS.items()),
    *(row_line(kind, owner) for kind, owner in OWNERS.items()),
    *(Rule(f"wagtailsnippetchoosers_catalogue_{kind.lower()}:*", Who.CMS, CHOOSABLE) for kind in OWNERS),
    Rule("search_board:board", Who.TEACHERS, "what people ask, without the people"),
    Rule("search_board:lesson", Who.TEACHERS, "the words that search knows"),
    Rule("search_board:query", Who.TEACHERS, "what people ask, without the people"),
    Rule("wagtailsnippets_search_*", Who.TEACHERS, "the words that search knows"),
    Rule("wagtailsnippetchoosers_search_*", Who.TEACHERS, "the words that search knows"),
    Rule("wagtailsnippets_desk_calendarday:*", Who.ADMINISTRATOR, "the province's working calendar"),
    Rule("wagtailsnippetchoosers_desk_calendarday:*", Who.ADMINISTRATOR, "the province's working calendar"),
    Rule("wagtailsnippets_portal_pagereport:*", Who.ADMINISTRATOR, "what readers report, with their contact"),
    Rule("wagtailsnippetchoosers_portal_pagereport:*", Who.ADMINISTRATOR, "what readers report"),
)
