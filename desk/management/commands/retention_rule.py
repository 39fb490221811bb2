"""Write down for how long the data of people are kept, or list it."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalogue.models import Field, Procedure
from desk.models import RetentionRule

audit = logging.getLogger("desk.audit")


class Command(BaseCommand):
    """A rule of a procedure, of a field, or of all others; without arguments the list."""

    help = "After how many years data of people are anonymised: the province decides, no term is built in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take of what, how long and by which decision."""
        of = parser.add_mutually_exclusive_group()
        of.add_argument("--procedure", help="its code")
        of.add_argument("--field", help="its Vietnamese name")
        of.add_argument("--others", action="store_true", help="all procedures that no other rule names")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--years", type=int)
        how.add_argument("--for-good", action="store_true", help="never anonymised")
        how.add_argument("--remove", action="store_true", help="take the rule away")
        parser.add_argument("--source", default="", help="the law or decision that says so")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, remove or list."""
        if not (options["procedure"] or options["field"] or options["others"]):
            for rule in RetentionRule.objects.select_related("procedure", "field").order_by("pk"):
                self.stdout.write(f"{rule}: {rule.years or 'for good'} ({rule.source})")
            return
        of = self.named(options)
        if options["remove"]:
            number, _by_model = RetentionRule.objects.filter(**of).delete()
            self.stdout.write(f"{number} removed")
            return
        if not options["source"].strip() or not (options["years"] or options["for_good"]):
            raise CommandError("Say --years N or --for-good, and by which --source.")
        if options["years"] is not None and not 1 <= options["years"] <= 100:
            raise CommandError("Between 1 and 100 years.")
        values = {"years": options["years"], "source": options["source"].strip()}
        rule, _is_new = RetentionRule.objects.update_or_create(**of, defaults=values)
        audit.info(json.dumps({"event": "desk.retention_rule", "rule": rule.pk, **values}, ensure_ascii=False))
        self.stdout.write(f"{rule}: {rule.years or 'for good'}")

    def named(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return of what the rule is."""
        procedure = Procedure.objects.filter(code=options["procedure"]).first() if options["procedure"] else None
        field = Field.objects.filter(name_vi=options["field"]).first() if options["field"] else None
        if (options["procedure"] and procedure is None) or (options["field"] and field is None):
            raise CommandError("There is no such procedure or field.")
        return {"procedure": procedure, "field": field}
