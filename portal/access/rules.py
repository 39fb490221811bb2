"""What a rule of an address is, and which of them holds for one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from portal.access.routes import Route


class Who(StrEnum):
    """Who opens an address; what it then shows is the scope."""

    ANYBODY = "anybody"
    BEARER = "whoever holds the secret in the address"
    LOGGED_IN = "whoever is logged in"
    OFFICERS = "officers with a post of today"
    CMS = "whoever may enter /cms/"
    EDITORS = "editors and approvers of the catalogue"
    PROVINCE_EDITORS = "editors and approvers at the province's top agency"
    PAGES = "editors of pages"
    MEDIA = "editors of images and documents"
    TEACHERS = "editors of the words of search"
    ADMINISTRATOR = "the administrator"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Rule:
    """One line of the table. `routes`: a name with its namespaces, a place, or the beginning of either and a star.

    `roles`: which of the officers; `is_demo`: an address that is there in a demo alone.
    """

    routes: str
    who: Who
    scope: str
    roles: tuple[str, ...] = ()
    is_demo: bool = False

    def means(self, route: Route) -> bool:
        """Return whether the line speaks of an address."""
        begin, star, _rest = self.routes.partition("*")
        return route.key.startswith(begin) if star else route.key == self.routes


def rule_of(route: Route, rules: Iterable[Rule]) -> Rule | None:
    """Return the narrowest rule of an address: its own line, else the one with the longest beginning."""
    found = [rule for rule in rules if rule.means(route)]
    return max(found, key=lambda rule: ("*" not in rule.routes, len(rule.routes)), default=None)
