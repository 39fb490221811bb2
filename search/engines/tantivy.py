"""The embedded engine: an index in a folder, written by one process at a time, read by all."""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any

import tantivy

from search.documents import FIELDS, PROCEDURE, Document, Entry
from search.lexicon import Lexicon, load_words, save_words

HEAP = 64_000_000
MOST_KNOWN = 2
"""Texts read, of those that there are: beyond it those that were changed since are forgotten."""
LEXICON = "lexicon.json"
MORE_WORDS = "more_words.json"
"""What became known since: small, so that a change is quick to write and to read."""
FORM = "form"


class Snapshot:
    """The index as it was committed at one moment, with the texts that were read of it."""

    def __init__(self, index: tantivy.Index, lexicon: Lexicon, known: dict[bytes, Entry]) -> None:
        self.searcher: Any = index.searcher()
        self.lexicon = lexicon
        self.known = known
        """Texts by the digest of what is stored, kept from one snapshot of an index to the next."""
        self.entries: dict[tuple[int, int], Entry] = {}
        self.by_id: dict[str, Entry | None] = {}

    def entry(self, address: Any) -> Entry:
        """Return the text at an address, read once."""
        place = (address.segment_ord, address.doc)
        entry = self.entries.get(place)
        if entry is None:
            stored = self.searcher.doc(address).get_first("stored")
            digest = blake2b(stored, digest_size=16).digest()
            entry = self.known.get(digest) or self.known.setdefault(digest, Entry.load(stored))
            self.entries[place] = entry
        return entry

    def hits(self, query: tantivy.Query, limit: int) -> list[tuple[float, Entry]]:
        """Return the texts that the query finds with their sums, best first."""
        found = self.searcher.search(query, limit, count=False).hits
        return [(score, self.entry(address)) for score, address in found]


class TantivyEngine:
    """Four verbs over `folder`: rebuild, put, remove, search.

    `folder/current` is a link to the index in use; a rebuild makes a new one beside it and moves the link.
    """

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.current = folder / "current"
        self._meta = str(self.current / "meta.json")
        self._lock = threading.Lock()
        self._schema = schema()
        self._index: tuple[Path, tantivy.Index] | None = None
        self._seen: tuple[tuple[int, int], Snapshot] | None = None
        self._base: tuple[Path, Lexicon] | None = None

    # Reading

    def search(
        self, terms: Sequence[tuple[str, float]], *, fields: Sequence[str], limit: int
    ) -> list[tuple[float, Entry]]:
        """Return the texts in these fields whose terms' gains sum highest, with the sums, best first."""
        snapshot = self._fresh()
        if snapshot is None or not terms:
            return []
        make, should = tantivy.Query, tantivy.Occur.Should
        wanted = [
            (should, make.const_score_query(make.term_query(self._schema, field, term, "basic"), gain))
            for field in fields
            for term, gain in terms
        ]
        return snapshot.hits(make.boolean_query(wanted), limit)

    def exists(self) -> bool:
        """Return whether there is an index that this release can read."""
        try:
            return (self.current / FORM).read_text() == form()
        except (FileNotFoundError, NotADirectoryError):
            return False

    def lexicon(self) -> Lexicon:
        """Return the words of the index in use."""
        snapshot = self._fresh()
        return snapshot.lexicon if snapshot else Lexicon()

    def first(self, key: str) -> Entry | None:
        """Return the first text of a document, which holds what is true of them all; None where there is none."""
        return next(iter(self.firsts((key,))), None)

    def firsts(self, keys: Iterable[str]) -> list[Entry]:
        """Return the first texts of documents, of those that there are."""
        return self._texts(f"{key}#0" for key in keys)

    def names(self, keys: Iterable[str]) -> list[Entry]:
        """Return the names of documents in the language that has force, of those that there are."""
        return self._texts(f"{key}#{1 if key.startswith(PROCEDURE) else 0}" for key in keys)

    def _texts(self, ids: Iterable[str]) -> list[Entry]:
        snapshot = self._fresh()
        if snapshot is None:
            return []
        return [entry for entry_id in ids if (entry := self._read(snapshot, entry_id))]

    def _read(self, snapshot: Snapshot, entry_id: str) -> Entry | None:
        if entry_id not in snapshot.by_id:
            found = snapshot.hits(tantivy.Query.term_query(self._schema, "id", entry_id, "basic"), 1)
            snapshot.by_id[entry_id] = found[0][1] if found else None
        return snapshot.by_id[entry_id]

    def warm(self) -> int:
        """Read every text and make its sets; return how many there are."""
        snapshot = self._fresh()
        if snapshot is None:
            return 0
        found = snapshot.hits(tantivy.Query.all_query(), max(snapshot.searcher.num_docs, 1))
        for _score, entry in found:
            entry.prepare()
            snapshot.by_id[entry.id] = entry
        return len(found)

    def stamps(self) -> dict[str, str]:
        """Return the stamp of each document in the index."""
        snapshot = self._fresh()
        if snapshot is None:
            return {}
        found = snapshot.hits(tantivy.Query.all_query(), max(snapshot.searcher.num_docs, 1))
        return {entry.owner: entry.stamp for _score, entry in found}

    def state(self) -> tuple[int, int] | None:
        """Return what changes with every commit, of whichever process; None where there is nothing to read."""
        return self._seen[0] if self._fresh() is not None and self._seen is not None else None

    def _fresh(self) -> Snapshot | None:
        """Return what was committed last, by whichever process; None where there is nothing to read."""
        try:
            meta = os.stat(self._meta)  # noqa: PTH116 (asked several times a query; a path costs more than the call)
        except (FileNotFoundError, NotADirectoryError):
            return None
        state = (meta.st_mtime_ns, meta.st_ino)
        seen = self._seen
        if seen is not None and seen[0] == state:
            return seen[1]
        with self._lock:
            return self._open(state)

    def _open(self, state: tuple[int, int]) -> Snapshot | None:
        if self._seen is not None and self._seen[0] == state:
            return self._seen[1]
        if not self.exists():
            return None
        place = self.current.resolve()
        known: dict[bytes, Entry] = {}
        if self._index is None or self._index[0] != place:
            self._index = (place, open_index(place))
        elif self._seen is not None and len(self._seen[1].known) <= MOST_KNOWN * self._seen[1].searcher.num_docs:
            known = self._seen[1].known
        index = self._index[1]
        index.reload()
        if self._base is None or self._base[0] != place:
            self._base = (place, Lexicon.load(place / LEXICON))
        more = load_words(place / MORE_WORDS)
        snapshot = Snapshot(index, self._base[1].with_words(more) if any(more) else self._base[1], known)
        self._seen = (state, snapshot)
        return snapshot

    # Writing

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Make the index anew beside the one in use, then move over; return how many documents it has."""
        with self._writing():
            number = 1 + max(self._numbers(), default=0)
            place = self.folder / str(number)
            place.mkdir()
            try:
                count = self._fill(place, documents)
            except BaseException:
                shutil.rmtree(place, ignore_errors=True)
                raise
            self._move_to(place)
        return count

    def _fill(self, place: Path, documents: Iterable[Document]) -> int:
        lexicon, count = Lexicon(), 0
        with writing(new_index(place)) as writer:
            for document in documents:
                count += 1
                entries = list(document.entries())
                lexicon.add(entries)
                add(writer, entries)
        lexicon.save(place / LEXICON)
        (place / FORM).write_text(form())
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
            if not self.exists():
                return
            place = self.current.resolve()
            lexicon, entries = self.lexicon(), [list(document.entries()) for document in documents]
            with writing(open_index(place)) as writer:
                for key in [*keys, *(document.key for document in documents)]:
                    writer.delete_documents_by_term("owner", key)
                for texts in entries:
                    add(writer, texts)
                found = lexicon.unknown(chain.from_iterable(entries))
                if any(found):
                    # Before the commit, by which readers notice: they then read both anew.
                    known = load_words(place / MORE_WORDS)
                    save_words((known[0] | found[0], known[1] | found[1]), place / MORE_WORDS)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the one lock of all processes that write."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "write.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _move_to(self, place: Path) -> None:
        """Let readers find the new index at once; the one before stays while a process may read it."""
        before = self.current.resolve().name
        link = self.folder / "next"
        link.unlink(missing_ok=True)
        link.symlink_to(place.name)
        link.replace(self.current)
        for number in self._numbers():
            if str(number) not in (place.name, before):
                shutil.rmtree(self.folder / str(number), ignore_errors=True)

    def _numbers(self) -> list[int]:
        return [int(path.name) for path in self.folder.glob("[0-9]*")]


@contextmanager
def writing(index: tantivy.Index) -> Iterator[Any]:
    """Yield a writer whose work is committed at the end, or forgotten if anything fails."""
    writer = index.writer(HEAP, 1)
    try:
        yield writer
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    finally:
        writer.wait_merging_threads()


def add(writer: Any, entries: Iterable[Entry]) -> None:
    """Add texts to what a writer will commit."""
    for entry in entries:
        row = tantivy.Document()
        row.add_text("id", entry.id)
        row.add_text("owner", entry.owner)
        row.add_text(entry.field, entry.indexed())
        row.add_bytes("stored", entry.stored().encode())
        writer.add_document(row)


def form() -> str:
    """Return what an index must have been made by: another form is made anew."""
    return " ".join(("6", *FIELDS))


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
