"""Search from the command line, as the portal does."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import public
from search.documents import KINDS, PROCEDURE
from search.engines import embedded


class Command(BaseCommand):
    """Print what a query finds."""

    help = "Print what a query finds, best first."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the query and the options."""
        parser.add_argument("text", help="what somebody types")
        parser.add_argument("--lang", default="vi", help="language of the page it is typed on")
        parser.add_argument("--kind", choices=KINDS, default=PROCEDURE)
        parser.add_argument("--limit", type=int, default=10)
        parser.add_argument("--json", action="store_true", help="print one object of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find and print."""
        if not public.is_ready():
            raise CommandError("There is no index yet: manage.py rebuild_search makes it.")
        language = options["lang"]
        answer = public.find(options["text"], language=language, kinds=(options["kind"],), limit=options["limit"])
        rows = []
        for hit in answer.hits:
            first = embedded().first(f"{hit.kind}:{hit.name}")
            titles = first.shown if first else {}
            title = titles.get(language) or titles.get("vi", "")
            rows.append({"code": hit.name, "title": title, "score": hit.score, "why": hit.why, "role": hit.why_role})
        if options["json"]:
            told = {"query": options["text"], "mended": answer.mended, "parts": answer.parts, "hits": rows}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        if answer.mended:
            self.stdout.write(f"read as: {answer.mended}")
        for row in rows:
            self.stdout.write(f"{row['score']:7.3f}  {row['code']}  {row['title']}  ← {row['why']}")
        self.stdout.write(f"{len(rows)} shown")
