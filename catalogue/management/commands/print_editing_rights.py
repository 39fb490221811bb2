"""Print the table of editors' rights for docs/editors.md."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from catalogue import models
from catalogue.editing.four_eyes import FourEyesMixin
from catalogue.editing.owners import OWNERS


def table() -> str:
    """Return the table in Markdown, as the code has it."""
    lines = ["| rows | whose they are | why | how a change waits |", "|---|---|---|---|"]
    for name, owner in OWNERS.items():
        where = ", else ".join(f"`{lookup.replace('__', '.')}`" for lookup in owner.lookups)
        whose = f"{where}, else the province" if where else "the province"
        model = getattr(models, name)
        waits = "draft and workflow" if issubclass(model, FourEyesMixin) else "proposal"
        waits = "never changed" if model is models.ProcedureVersion else waits
        lines.append(f"| `{name}` | {whose} | {owner.why} | {waits} |")
    return "\n".join(lines) + "\n"


class Command(BaseCommand):
    """Print what docs/editors.md holds; a test compares the two."""

    help = "Print the table of editors' rights."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        self.stdout.write(table(), ending="")
