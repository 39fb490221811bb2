"""Measure search on judged queries."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from elastic_transport import TransportError

from catalogue.loading.output import LoadError
from catalogue.loading.reading import UntrustedFileError
from catalogue.models import Procedure
from search import evaluation, public
from search.engines import cluster
from search.slips import generate

PATIENCE = 30
"""Seconds that a measured cluster may take."""


class Command(BaseCommand):
    """Print how good the answers are, and how quick."""

    help = "Measure search on a file of judged queries, or on generated typing slips."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the file and the options."""
        parser.add_argument("--queries", help="JSON lines with query, codes and perhaps lang")
        parser.add_argument("--slips", type=int, metavar="N", help="N generated slips a class instead of a file")
        parser.add_argument("--engine", choices=("tantivy", "elasticsearch"), default="")
        parser.add_argument("--failures", action="store_true", help="print what went wrong")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure and print."""
        if not public.is_ready():
            raise CommandError("There is no index yet: manage.py rebuild_search makes it.")
        if options["engine"] == "elasticsearch" and not settings.SEARCH_URL:
            raise CommandError("SEARCH_URL names no cluster: set it, for example http://127.0.0.1:9200/mot-cua.")
        if bool(options["queries"]) == bool(options["slips"]):
            raise CommandError("Give --queries FILE or --slips N.")
        if options["engine"] == "elasticsearch":
            self.check_cluster()
        names = dict(Procedure.objects.public(settings.PROVINCE_CODE).values_list("code", "name_vi"))
        find = evaluation.finder(options["engine"])
        if options["slips"]:
            self.of_slips(options["slips"], find, names, as_json=options["json"])
            return
        try:
            queries = evaluation.read_queries(Path(options["queries"]))
        except (LoadError, UntrustedFileError) as error:
            raise CommandError(str(error)) from error
        quality = evaluation.evaluate(queries, find, frozenset(names))
        if options["failures"]:
            for miss in quality.misses:
                right = ", ".join(sorted(miss.judged.codes)[:3])
                self.stdout.write(f"«{miss.judged.text}» wants {right}, at {miss.place or 'none'}; got:")
                for code in miss.got:
                    self.stdout.write(f"    {code} {names.get(code, '')[:100]}")
        for name, value in quality.as_dict().items():
            self.stdout.write(f"{name:10} {value}")
        if options["json"]:
            self.stdout.write(json.dumps(quality.as_dict()))

    def check_cluster(self) -> None:
        """Refuse a cluster that can't be measured; let it take its time, which is measured."""
        engine = cluster()
        assert engine is not None
        engine.search_timeout = PATIENCE
        try:
            is_there = engine.exists()
        except TransportError as error:
            raise CommandError(f"The cluster doesn't answer: {error}") from error
        if not is_there:
            raise CommandError("The cluster has no index of this release: manage.py rebuild_search makes it.")

    def of_slips(self, count: int, find: evaluation.Finder, names: dict[str, str], *, as_json: bool) -> None:
        """Print the quality of each class of slips."""
        told = {}
        for name, queries in generate(names, count).items():
            quality = evaluation.evaluate(queries, find, frozenset(names))
            told[name] = quality.as_dict()
            figures = f"success@1 {quality.success.get(1, 0):.3f}  success@3 {quality.success.get(3, 0):.3f}"
            self.stdout.write(f"{name:14} {quality.queries:5} queries  {figures}")
        if told:
            mean = sum(row["success@3"] for row in told.values()) / len(told)
            self.stdout.write(f"{'all':14} success@3 {mean:.4f} on average over {len(told)} classes")
        if as_json:
            self.stdout.write(json.dumps(told))
