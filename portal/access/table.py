"""All rules of all addresses, put together from the rooms' own tables: `docs/access.md` shows them."""

from __future__ import annotations

from portal.access import accounts, catalogue, cms, desk, public
from portal.access.rules import Rule

PARTS: dict[str, tuple[Rule, ...]] = {
    "For everybody": public.RULES,
    "Open data": public.API,
    "Files": public.FILES,
    "Log-in": accounts.RULES,
    "The desk": desk.RULES,
    "The editors": catalogue.RULES,
    "Wagtail's own": cms.RULES,
}
RULES: tuple[Rule, ...] = tuple(rule for rules in PARTS.values() for rule in rules)
