"""The table of rights as a document: what `docs/access.md` holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from os.path import commonpath

from catalogue import models
from catalogue.editing.four_eyes import FourEyesMixin
from catalogue.editing.owners import OWNERS
from catalogue.models import Posting
from desk.public import RULES as ACTS
from desk.public import SCREENS, Side
from portal.access.routes import Route, routes
from portal.access.rules import Rule, Who, rule_of
from portal.access.table import PARTS, RULES

HEAD = """# Who may do what

Drawn from the code by `manage.py print_access --write`; a test compares. Nothing here is written by hand: each room
has its rights in one table, which its doors, buttons and querysets read (`desk/permissions.py`,
`catalogue/editing/owners.py` and `screens.py`, `portal/publication/screens.py`); `portal/access/` puts them together
and adds what has no room of ours. `manage.py check` refuses an address without a rule, and says which line to write
where.
"""
ACTS_SAY = """A role may do an act where its post stands at one of these agencies of the dossier: **R** receives it,
**D** decides, **H** holds it, **G** has passed it on and nobody has taken it yet. A supervisor's post also stands at
all agencies below its own; a head has there what a supervisor has. Who stands in for a colleague who is away has that
colleague's post as well. A second request for more during processing is the approver's at D alone. `undo` is for
whoever did it.
"""
SCREENS_SAY = """A post of today opens a screen; what it shows is the last column but one. Somebody without any post
is told so (403). A dossier, view, leave or file that isn't among those is answered as if there were none (404).
"""
ROWS_SAY = """`editor` and `publisher` edit the rows of the agency of their post and of those below it, with a post at
the province's top agency all rows. `publisher` approves there what somebody else wrote. The administrator edits
everything and approves nothing.
"""
ROUTES_SAY = """Of several lines that speak of an address the narrowest holds. The administrator opens all of `/cms/`,
and of the desk what a post allows.
"""
SIGNS = {Side.RECEIVING: "R", Side.DECIDING: "D", Side.HOLDING: "H", Side.GIVING: "G"}
DESK_ROLES = tuple(role for role in Posting.Role if role not in Posting.EDITING)
MOST = 3
"""Addresses of one rule that are written out; of more their beginning and number."""
WRITTEN_OUT = {"api-v1:*"}


def document() -> str:
    """Return the whole document."""
    parts = [
        HEAD,
        "## Acts on a dossier\n",
        ACTS_SAY,
        table(["act", *DESK_ROLES, "others"], acts()),
        "## Screens of the desk\n",
        SCREENS_SAY,
        table(["screen", *DESK_ROLES, "shows", "what is sent is judged by"], screens()),
        "## Rows of the catalogue\n",
        ROWS_SAY,
        table(["rows", "whose they are", "why", "how a change waits"], kinds()),
        "## Every address\n",
        ROUTES_SAY,
        *addresses(),
    ]
    return "\n".join(parts)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [list(heads), ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def acts() -> Iterator[list[str]]:
    """Yield each act with the sides at which each role may do it."""
    for name, row in ACTS.items():
        sides = (" ".join(sign for side, sign in SIGNS.items() if role in row.at.get(side, ())) for role in DESK_ROLES)
        yield [f"`{name}`", *sides, ", ".join(sorted(row.others))]


def screens() -> Iterator[list[str]]:
    """Yield each screen of the desk with the roles that open it."""
    for name, screen in SCREENS.items():
        roles = ("x" if role in screen.roles else "" for role in DESK_ROLES)
        opened = roles if screen.roles else ("x" for _role in DESK_ROLES)
        yield [f"`{name}`", *opened, screen.scope.value, f"`{screen.act}`" if screen.act in ACTS else screen.act]


def kinds() -> Iterator[list[str]]:
    """Yield each kind of row with whose it is and how a change of it waits."""
    for name, owner in OWNERS.items():
        where = ", else ".join(f"`{lookup.replace('__', '.')}`" for lookup in owner.lookups)
        model = getattr(models, name)
        waits = "draft and workflow" if issubclass(model, FourEyesMixin) else "proposal"
        waits = "never changed" if model is models.ProcedureVersion else waits
        yield [f"`{name}`", f"{where}, else the province" if where else "the province", owner.why, waits]


def addresses() -> Iterator[str]:
    """Yield a table for each part, with all its addresses."""
    found: dict[Rule, list[Route]] = {rule: [] for rule in RULES}
    for route in routes():
        if rule := rule_of(route, RULES):
            found[rule].append(route)
    for title, rules in PARTS.items():
        yield f"### {title}\n"
        rows = ([f"`{rule.routes}`", places(rule, found[rule]), who(rule), rule.scope] for rule in rules)
        yield table(["rule", "addresses", "opened by", "shows"], rows)


def places(rule: Rule, found: Sequence[Route]) -> str:
    """Return the addresses of a rule, of many their beginning and number."""
    if rule.is_demo:
        return "in a demo alone"
    written = sorted({route.place for route in found})
    if len(written) <= MOST or rule.routes in WRITTEN_OUT:
        return ", ".join(f"`{place}`".replace("|", "\\|") for place in written)
    return f"`{commonpath(written)}/…` ({len(written)})"


def who(rule: Rule) -> str:
    """Return who opens it, of officers which."""
    everybody = frozenset(rule.roles) == frozenset(DESK_ROLES)
    return ", ".join(rule.roles) if rule.who is Who.OFFICERS and not everybody else rule.who.value
