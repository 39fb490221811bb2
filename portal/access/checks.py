"""No address without a rule, and no rule without an address: said at every start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from portal.access.routes import Route, routes
from portal.access.rules import Rule, rule_of
from portal.access.table import RULES


@register(Tags.urls)
def every_address_has_a_rule(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to start where the table and the addresses differ."""
    return faults(routes(), RULES)


def faults(found: Iterable[Route], rules: Sequence[Rule]) -> list[CheckMessage]:
    """Return what is wrong between addresses and rules, each with what to write and where."""
    missing, used = [], set()
    for route in found:
        rule = rule_of(route, rules)
        if rule is None:
            missing.append(Error(f"{route.place} has no rule of access.", hint=advice(route), id="portal.E020"))
        else:
            used.add(rule.routes)
    unused = [
        Error(f"The rule «{rule.routes}» speaks of no address.", hint="Take the line out.", id="portal.E021")
        for rule in rules
        if rule.routes not in used and not rule.is_demo
    ]
    twice = [
        Error(f"«{name}» has {count} rules.", hint="Leave one of the lines.", id="portal.E022")
        for name, count in Counter(rule.routes for rule in rules).items()
        if count > 1
    ]
    return [*missing, *unused, *twice]


PLACES = {
    "desk": ("desk/permissions.py", '"{name}": Screen(ANYBODY, Scope.SIDES),'),
    "publication": ("portal/publication/screens.py", '"{key}": Screen(May.EDIT, ROWS),'),
    "catalogue": ("catalogue/editing/screens.py", '"{key}": Screen(May.EDIT, ROWS),'),
}
"""Where the lines of our own screens stand, and how one looks; all others stand in portal/access/."""


def advice(route: Route) -> str:
    """Return the line that is missing, and into which table it goes."""
    space, _colon, name = route.name.rpartition(":")
    at, line = PLACES.get(space.partition("_")[0], ("", ""))
    if at:
        line = line.format(name=name, key=route.key)
        return f"Write into SCREENS of {at}: {line} with who opens it and whose things it shows."
    line = f'Rule("{route.key}", Who.ADMINISTRATOR, "whose things it shows"),'
    return f"Write into RULES of a module of portal/access/: {line} with who opens it."
