"""The embedded engine: an index in a folder, written by one process at a time, read by all."""

from __future__ import annotations

import fcntl
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tantivy

from search.documents import FIELDS, Document, Entry
from search.lexicon import Lexicon

HEAP = 64_000_000
LEXICON = "lexicon.json"


class TantivyEngine:
    """Four verbs over `folder`: rebuild, put, remove, search.

    `folder/current` is a link to the index in use; a rebuild makes a new one beside it and moves the link.
    """

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.RLock()
        self._opened: tuple[Path, tuple[int, int]] | None = None
        self._index: tantivy.Index | None = None
        self._searcher: Any = None
        self._entries: dict[tuple[int, int], Entry] = {}
        self._by_id: dict[tuple[str, str], Entry] = {}
        self._firsts: dict[str, Entry | None] = {}
        self._lexicon = Lexicon()
        self._schema = schema()

    # Reading

    def search(
        self, terms: Sequence[tuple[str, float]], *, fields: Sequence[str], limit: int
    ) -> list[tuple[float, Entry]]:
        """Return the texts in these fields whose terms' gains sum highest, with the sums, best first."""
        searcher = self._fresh()
        if searcher is None or not terms:
            return []
        make, should = tantivy.Query, tantivy.Occur.Should
        wanted = [
            (should, make.const_score_query(make.term_query(self._schema, field, term, "basic"), gain))
            for field in fields
            for term, gain in terms
        ]
        hits = searcher.search(make.boolean_query(wanted), limit, count=False).hits
        return [(score, self._entry(searcher, address)) for score, address in hits]

    def exists(self) -> bool:
        """Return whether there is an index."""
        return (self.folder / "current" / "meta.json").exists()

    def lexicon(self) -> Lexicon:
        """Return the words of the index in use."""
        self._fresh()
        return self._lexicon

    def first(self, key: str) -> Entry | None:
        """Return the first text of a document, which holds what a suggestion shows; None where there is none."""
        searcher = self._fresh()
        if searcher is None:
            return None
        if key not in self._firsts:
            query = tantivy.Query.term_query(self._schema, "id", f"{key}#0", "basic")
            hits = searcher.search(query, 1, count=False).hits
            self._firsts[key] = self._entry(searcher, hits[0][1]) if hits else None
        return self._firsts[key]

    def stamps(self) -> dict[str, str]:
        """Return the stamp of each document in the index."""
        searcher = self._fresh()
        if searcher is None:
            return {}
        hits = searcher.search(tantivy.Query.all_query(), max(searcher.num_docs, 1), count=False).hits
        entries = (self._entry(searcher, address) for _score, address in hits)
        return {entry.owner: entry.stamp for entry in entries}

    def _entry(self, searcher: Any, address: Any) -> Entry:
        place = (address.segment_ord, address.doc)
        entry = self._entries.get(place)
        if entry is None:
            read = Entry.load(searcher.doc(address).get_first("stored"))
            entry = self._by_id.setdefault((read.id, read.stamp), read)
            self._entries[place] = entry
        return entry

    def _fresh(self) -> Any:
        """Return a searcher of what was committed last, by whichever process."""
        current = self.folder / "current"
        try:
            meta = (current / "meta.json").stat()
        except FileNotFoundError:
            return None
        state = (meta.st_mtime_ns, meta.st_ino)
        if self._opened is not None and self._opened[1] == state:
            return self._searcher
        with self._lock:
            place = current.resolve()
            if self._opened is None or self._opened[0] != place or self._index is None:
                self._index = open_index(place)
                self._by_id = {}
            self._index.reload()
            self._lexicon = Lexicon.load(place / LEXICON)
            self._entries, self._firsts = {}, {}
            self._searcher = self._index.searcher()
            self._opened = (place, state)
        return self._searcher

    # Writing

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Make the index anew beside the one in use, then move over; return how many documents it has."""
        with self._writing():
            number = 1 + max((int(path.name) for path in self.folder.glob("[0-9]*")), default=0)
            place = self.folder / str(number)
            place.mkdir()
            index, lexicon, count = new_index(place), Lexicon(), 0
            writer = index.writer(HEAP, 1)
            for document in documents:
                count += 1
                self._add(writer, lexicon, document)
            writer.commit()
            writer.wait_merging_threads()
            lexicon.save(place / LEXICON)
            self._move_to(place)
        return count

    def put(self, documents: Iterable[Document]) -> None:
        """Add the documents, or change them (nothing where there is no index yet)."""
        self._change(list(documents), ())

    def remove(self, keys: Iterable[str]) -> None:
        """Remove the documents."""
        self._change((), list(keys))

    def _change(self, documents: Sequence[Document], keys: Sequence[str]) -> None:
        if not documents and not keys:
            return
        with self._writing():
            place = (self.folder / "current").resolve()
            if not (place / "meta.json").exists():
                return
            index, lexicon = open_index(place), Lexicon.load(place / LEXICON)
            writer = index.writer(HEAP, 1)
            for key in [*keys, *(document.key for document in documents)]:
                writer.delete_documents("owner", key)
            for document in documents:
                self._add(writer, lexicon, document)
            if documents:
                lexicon.save(place / LEXICON)
            writer.commit()
            writer.wait_merging_threads()

    def _add(self, writer: Any, lexicon: Lexicon, document: Document) -> None:
        entries = list(document.entries())
        lexicon.add(entries)
        for entry in entries:
            row = tantivy.Document()
            row.add_text("id", entry.id)
            row.add_text("owner", entry.owner)
            row.add_text(entry.field, entry.indexed())
            row.add_bytes("stored", entry.stored().encode())
            writer.add_document(row)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the one lock of all processes that write."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "write.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _move_to(self, place: Path) -> None:
        """Let readers find the new index at once; an older one stays while a process may read it."""
        link = self.folder / "next"
        link.unlink(missing_ok=True)
        link.symlink_to(place.name)
        link.replace(self.folder / "current")
        numbered = sorted((int(path.name) for path in self.folder.glob("[0-9]*")), reverse=True)
        for old in numbered[2:]:
            shutil.rmtree(self.folder / str(old), ignore_errors=True)


def schema() -> tantivy.Schema:
    """Return the fields of an entry."""
    builder = tantivy.SchemaBuilder()
    for name in ("id", "owner"):
        builder.add_text_field(name, stored=False, tokenizer_name="raw", index_option="basic")
    for name in FIELDS:
        builder.add_text_field(name, stored=False, tokenizer_name="words", index_option="basic")
    builder.add_bytes_field("stored", stored=True, indexed=False)
    return builder.build()


def open_index(place: Path) -> tantivy.Index:
    """Return the index of a folder."""
    return with_words(tantivy.Index.open(str(place)))


def new_index(place: Path) -> tantivy.Index:
    """Return a new index in an empty folder."""
    return with_words(tantivy.Index(schema(), path=str(place)))


def with_words(index: tantivy.Index) -> tantivy.Index:
    """Let the index take terms as they are, between spaces."""
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("words", analyzer)
    return index
