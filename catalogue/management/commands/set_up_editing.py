"""Make the group of editors and the workflow of approval."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from catalogue.editing.setting_up import WORKFLOW, set_up


class Command(BaseCommand):
    """Make what editing stands on, or bring it to what it must be; may be run again at any time."""

    help = "Make the group of catalogue editors and the workflow of approval, and take rights to publish away."

    def handle(self, *args: Any, **options: Any) -> None:
        """Set up, and say in one line what stands."""
        group = set_up()
        self.stdout.write(f"Group «{group.name}» with {group.permissions.count()} rights, workflow «{WORKFLOW}».")
