"""Record how good search is, for later changes to be held against."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from catalogue.models import Procedure
from search import evaluation, public
from search.loading import DATA


class Command(BaseCommand):
    """Measure every file of judged queries and write `data/quality.json`."""

    help = "Measure every file of judged queries and write the figures that CI holds later changes against."

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure and write."""
        if not public.is_ready():
            raise CommandError("There is no index yet: manage.py rebuild_search makes it.")
        known = frozenset(Procedure.objects.public(settings.PROVINCE_CODE).values_list("code", flat=True))
        told = {}
        for path in sorted((DATA / "judged").glob("*.jsonl")):
            quality = evaluation.evaluate(evaluation.read_queries(path), evaluation.finder(), known).as_dict()
            told[path.stem] = {name: quality[name] for name in ("queries", "ndcg@10", "success@1", "success@3")}
            self.stdout.write(f"{path.stem}: {told[path.stem]}")
        (DATA / "quality.json").write_text(json.dumps(told, indent=1) + "\n")
