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
    """Learn from files of judged queries, a third of them held back, and write `data/ranking.json`."""

    help = "Learn the ranking's weights from judged queries; prints the quality on the third that is held back."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the files and the options."""
        parser.add_argument("files", nargs="+", help="JSON lines with query, codes and perhaps lang")
        parser.add_argument("--whole", action="store_true", help="after measuring, learn from the third held back too")
        parser.add_argument("--dry-run", action="store_true", help="measure, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Learn, measure and write."""
        if not public.is_ready():
            raise CommandError("There is no index yet: manage.py rebuild_search makes it.")
        known = frozenset(Procedure.objects.public(settings.PROVINCE_CODE).values_list("code", flat=True))
        held: dict[str, list[training.Example]] = {}
        learned: dict[str, list[training.Example]] = {}
        try:
            for file in map(Path, options["files"]):
                queries = evaluation.read_queries(file)
                held[file.stem] = training.examples([q for q in queries if training.is_held_back(q)], known)
                learned[file.stem] = training.examples([q for q in queries if not training.is_held_back(q)], known)
        except (LoadError, UntrustedFileError) as error:
            raise CommandError(str(error)) from error
        if not all(held.values()) or not all(learned.values()):
            raise CommandError("Too few queries in a file: some must be learned from, some held back. Give more.")
        by_hand = {name: training.BY_HAND.get(name, 0.0) for name in ranking.FACTS}
        weights = training.learn(list(learned.values()))
        for name, rule in (("by hand", by_hand), ("learned", weights)):
            for part, groups in (("learned from", learned), ("held back", held)):
                for stem, examples in groups.items():
                    gain, success = training.quality(examples, rule)
                    figures = f"{len(examples):4} queries  nDCG@10 {gain:.3f}  success@3 {success:.3f}"
                    self.stdout.write(f"{name:8} {part:12} {stem:14} {figures}")
        if options["whole"]:
            weights = training.learn([[*learned[stem], *held[stem]] for stem in learned])
        if not options["dry_run"]:
            ranking.WEIGHTS.write_text(json.dumps({"weights": weights}, indent=1) + "\n")
            self.stdout.write(f"written: {ranking.WEIGHTS.name}")
