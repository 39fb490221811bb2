"""Keep the data of a dossier beyond its time: a court, an inspection, a complaint."""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from desk.models import Dossier, LegalHold

audit = logging.getLogger("desk.audit")


class Command(BaseCommand):
    """Begin or end a hold; both lock the dossier, so that it isn't anonymised meanwhile."""

    help = "Hold a dossier (--reason), or end its holds (--end). While one lasts nothing of it is anonymised."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the dossier, who says so and why."""
        parser.add_argument("code")
        parser.add_argument("--by", required=True, help="the account of whoever decides it")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--reason")
        what.add_argument("--end", action="store_true")
        parser.add_argument("--until", type=dt.date.fromisoformat, help="the last day; without it until it is ended")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        user, at = get_user_model().objects.filter(username=options["by"]).first(), timezone.now()
        if user is None:
            raise CommandError(f"There is no account «{options['by']}».")
        with transaction.atomic():
            dossier = Dossier.objects.select_for_update(of=("self",)).filter(code=options["code"]).first()
            if dossier is None or dossier.anonymised_at is not None:
                raise CommandError("There is no such dossier, or it is anonymised already.")
            if options["end"]:
                number = dossier.holds.filter(ended_at=None).update(ended_at=at, ended_by=user)
            else:
                values = {"reason": options["reason"][:300], "until": options["until"]}
                LegalHold.objects.create(dossier=dossier, set_by=user, set_at=at, **values)
                number = 1
        line = {"event": "desk.hold_ended" if options["end"] else "desk.held", "dossier": dossier.code}
        audit.info(json.dumps({**line, "user": user.pk, "at": at.isoformat()}))
        self.stdout.write(f"{dossier.code}: {number} {'ended' if options['end'] else 'held'}")
