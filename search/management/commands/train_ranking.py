"""Learn the weights of the ranking."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalogue.loading.output import LoadError
from catalogue.loading.reading import UntrustedFileError
from catalogue.models import Procedure
from search import evaluation, public, ranking, training


class Command(BaseCommand):
    """Learn from files of judged queries, and write `data/ranking.json`."""

    help = (
        "Learn the ranking's weights from judged queries; prints the quality by hand, of unseen queries (in five "
        "parts, each by what the others taught), and of all once all are learned from."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the files and the options."""
        parser.add_argument("files", nargs="+", help="JSON lines with query, codes and perhaps lang")
        parser.add_argument("--dry-run", action="store_true", help="measure, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure, learn and write."""
        if not public.is_ready():
            raise CommandError("There is no index yet: manage.py rebuild_search makes it.")
        known = frozenset(Procedure.objects.public(settings.PROVINCE_CODE).values_list("code", flat=True))
        try:
            groups = {
                file.stem: training.examples(evaluation.read_queries(file), known)
                for file in map(Path, options["files"])
            }
        except (LoadError, UntrustedFileError) as error:
            raise CommandError(str(error)) from error
        for stem, group in groups.items():
            if len({training.part_of(example.judged) for example in group}) < training.PARTS:
                raise CommandError(f"{stem} has too few queries to be split in {training.PARTS} parts: give more.")
        by_hand = {name: training.BY_HAND.get(name, 0.0) for name in ranking.FACTS}
        weights = training.learn(list(groups.values()))
        told = {
            "by hand": {stem: training.quality(group, by_hand) for stem, group in groups.items()},
            "unseen": training.unseen(groups),
            "seen": {stem: training.quality(group, weights) for stem, group in groups.items()},
        }
        for name, rows in told.items():
            for stem, (gain, success) in rows.items():
                figures = f"{len(groups[stem]):4} queries  nDCG@10 {gain:.3f}  success@3 {success:.3f}"
                self.stdout.write(f"{name:8} {stem:14} {figures}")
        if not options["dry_run"]:
            ranking.WEIGHTS.write_text(json.dumps({"weights": weights}, indent=1) + "\n")
            self.stdout.write(f"written: {ranking.WEIGHTS.name}")
