"""The cluster's engine: Elasticsearch 8, which is given the same terms and gains as the embedded one.

Only what the bare server has: bulk, constant scores, aliases, point in time (no scripts, no reindexing by query).
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from elasticsearch import Elasticsearch, NotFoundError, helpers
from elasticsearch.dsl import Keyword, Mapping, Q, Search
from elasticsearch.dsl import Text as TextField

from search.documents import FIELDS, Document, Entry
from search.engines.tantivy import form

logger = logging.getLogger(__name__)
SEARCH_TIMEOUT = 0.2
"""Seconds: a slower cluster is left alone, and the embedded index answers."""
SLOW = 0.1
"""Seconds: a search asks more than once, so a cluster that needs longer each time is left alone too."""
WRITE_TIMEOUT = 30
LOOK_TIMEOUT = 2
"""Seconds to learn whether it is there at all: somebody may wait for the page that publishes."""
LEFT_ALONE = 10
"""Seconds after a failure in which the cluster isn't asked."""
PAGE = 1000


def mapping() -> Mapping:
    """Return the fields of an entry: terms to match, and `stored` to read."""
    fields = Mapping()
    fields.meta("dynamic", "strict")
    fields.meta("_meta", {"form": form()})
    fields.field("owner", Keyword())
    fields.field("stamp", Keyword())  # Of a document's first text.
    fields.field("stored", Keyword(index=False, doc_values=False))
    for name in FIELDS:
        fields.field(name, TextField(analyzer="whitespace", norms=False, index_options="docs"))
    return fields


class ElasticEngine:
    """Four verbs over an alias: rebuild, put, remove, search."""

    name = "elasticsearch"

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.alias = parts.path.strip("/") or "mot-cua"
        host = f"{parts.scheme}://{parts.netloc}"
        self.client = Elasticsearch(host, request_timeout=WRITE_TIMEOUT, max_retries=0)
        self.search_timeout: float = SEARCH_TIMEOUT
        self._asked_again_at = 0.0
        self._entries: dict[tuple[str, str], Entry] = {}

    @property
    def is_left_alone(self) -> bool:
        """Return whether it failed a moment ago."""
        return time.monotonic() < self._asked_again_at

    def leave_alone(self) -> None:
        """Don't ask for ten seconds."""
        self._asked_again_at = time.monotonic() + LEFT_ALONE

    def exists(self) -> bool:
        """Return whether the alias leads to an index that this release can read."""
        try:
            found = self.client.options(request_timeout=LOOK_TIMEOUT).indices.get_mapping(index=self.alias)
        except NotFoundError:
            return False
        return all(index["mappings"].get("_meta") == {"form": form()} for index in found.values())

    def search(
        self, terms: Sequence[tuple[str, float]], *, fields: Sequence[str], limit: int
    ) -> list[tuple[float, Entry]]:
        """Return the texts in these fields whose terms' gains sum highest, with the sums, best first."""
        if not terms:
            return []
        gains = [
            Q("constant_score", filter=Q("term", **{field: term}), boost=gain)
            for field in fields
            for term, gain in terms
        ]
        search = Search(using=self.client.options(request_timeout=self.search_timeout), index=self.alias)
        search = search.query(Q("bool", should=gains, minimum_should_match=1))
        search = search.source(["stored"]).extra(size=min(limit, 10_000), track_total_hits=False)
        began = time.monotonic()
        hits = [(hit.meta.score, self._entry(hit.meta.id, hit.stored)) for hit in search.execute()]
        if time.monotonic() - began > SLOW:
            self.leave_alone()
            logger.warning("The search cluster is slow: the embedded index answers for a while.")
        return hits

    def stamps(self) -> dict[str, str]:
        """Return the stamp of each document in the index."""
        query = {"query": {"exists": {"field": "stamp"}}}
        hits = helpers.scan(self.client, index=self.alias, query=query, size=PAGE, _source=["owner", "stamp"])
        return {hit["_source"]["owner"]: hit["_source"]["stamp"] for hit in hits}

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Make a new index, then move the alias; return how many documents it has.

        It is filled by a name of its own that must be an alias: were the index removed meanwhile, the server would
        make another one of that name, and guess its fields.
        """
        place = f"{self.alias}-{time.time_ns()}"
        making = f"{place}-making"
        self.client.indices.create(index=place, mappings=mapping().to_dict(), settings=SETTINGS, aliases={making: {}})
        count = 0

        def actions() -> Iterator[dict[str, Any]]:
            nonlocal count
            for document in documents:
                count += 1
                for entry in document.entries():
                    yield {"_index": making, "_id": entry.id, "_source": source(entry)}

        try:
            helpers.bulk(self.client, actions(), chunk_size=500, require_alias=True)
            self.client.indices.refresh(index=place)
            self._move_to(place, making)
        except BaseException:
            self.client.options(ignore_status=404).indices.delete(index=place)
            raise
        return count

    def put(self, documents: Iterable[Document]) -> None:
        """Add the documents, or change them; findable when it returns."""
        rows = list(documents)
        if not rows:
            return
        entries = [entry for document in rows for entry in document.entries()]
        stale = self._ids([document.key for document in rows]) - {entry.id for entry in entries}
        self._write(
            [{"_op_type": "delete", "_id": stale_id} for stale_id in sorted(stale)]
            + [{"_op_type": "index", "_id": entry.id, "_source": source(entry)} for entry in entries]
        )

    def remove(self, keys: Iterable[str]) -> None:
        """Remove the documents."""
        self._write([{"_op_type": "delete", "_id": gone} for gone in sorted(self._ids(list(keys)))])

    def _write(self, actions: list[dict[str, Any]]) -> None:
        """Send the changes; a text that another process took out before is no error."""
        if not actions:
            return
        _done, errors = helpers.bulk(
            self.client,
            actions,
            index=self.alias,
            refresh=True,
            require_alias=True,
            raise_on_error=False,
            chunk_size=500,
        )
        assert isinstance(errors, list)
        if wrong := [error for error in errors if error.get("delete", {}).get("status") != 404]:
            raise helpers.BulkIndexError(f"{len(wrong)} texts were not written", wrong)

    def _ids(self, owners: list[str]) -> set[str]:
        if not owners:
            return set()
        query = {"query": {"terms": {"owner": owners}}}
        return {
            hit["_id"] for hit in helpers.scan(self.client, index=self.alias, query=query, size=PAGE, _source=False)
        }

    def _move_to(self, place: str, making: str) -> None:
        """Let the alias lead to the new index in one step; the one before stays for readers that are in it.

        Older ones go. Younger ones are being made by another process.
        """
        try:
            before = list(self.client.indices.get_alias(name=self.alias))
        except NotFoundError:
            before = []
        actions: list[dict[str, Any]] = [{"remove": {"index": name, "alias": self.alias}} for name in before]
        actions += [{"remove": {"index": place, "alias": making}}, {"add": {"index": place, "alias": self.alias}}]
        self.client.indices.update_aliases(actions=actions)
        oldest = min([place, *before])
        for name in self._own_indexes():
            if name < oldest:
                self.client.options(ignore_status=404).indices.delete(index=name)

    def _own_indexes(self) -> list[str]:
        """Return the indexes made for this alias; that of another site may begin with the same letters."""
        own = re.compile(rf"{re.escape(self.alias)}-\d+")
        return [name for name in self.client.indices.get(index=f"{self.alias}-*") if own.fullmatch(name)]

    def _entry(self, entry_id: str, stored: str) -> Entry:
        entry = self._entries.get((entry_id, stored))
        if entry is None:
            if len(self._entries) > 200_000:
                self._entries.clear()
            entry = self._entries[entry_id, stored] = Entry.load(stored)
        return entry


SETTINGS = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "1s"}


def source(entry: Entry) -> dict[str, str]:
    """Return the entry as the cluster keeps it."""
    kept = {"owner": entry.owner, entry.field: entry.indexed(), "stored": entry.stored()}
    return kept | ({"stamp": entry.stamp} if entry.id.endswith("#0") else {})
