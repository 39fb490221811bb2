"""Bring the words of the data files into the rows that editors change, never over an editor's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from catalogue.loading.output import LoadError
from catalogue.loading.reading import read_jsonl
from catalogue.loading.report import Change, Conflict, Refusal, Report
from catalogue.models import Procedure
from catalogue.versioning import digest
from search import life, signal_handlers
from search.models import EverydayWords, JudgedQuery, QuestionWords, Situation, SituationProcedure, WordGroup
from search.models.words import check_phrases, group_key, lines

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Item:
    """A row of a file: what names it, its columns, and the procedures of a situation in order."""

    number: int
    key: Any
    values: dict[str, Any]
    needs: tuple[int, ...] = ()

    @property
    def digest(self) -> str:
        """Return the digest of what the file says."""
        return digest({**self.values, "needs": list(self.needs)})


class BadRowError(ValueError):
    """The row can't be loaded; the message says why."""


def load_words(folder: Path = DATA, *, dry_run: bool = False) -> Report:
    """Load `words/` and `judged/` of the folder in one transaction; what an editor changed stays and is reported.

    Phrases of procedures that aren't in the loaded catalogue are left out and counted.
    """
    if not (folder / "words").is_dir():
        raise LoadError(f"{folder} has no folder «words»: give the one that holds it.")
    report = Report()
    with transaction.atomic():
        pks = dict(Procedure.objects.values_list("code", "pk"))
        for name, model, key_of, parse in KINDS:
            for path in sorted((folder / "words").glob(f"{name}*.jsonl")):
                _load(read(path, parse, pks, report), model, key_of, report)
        for path in sorted((folder / "judged").glob("*.jsonl")):
            _load_judged(path, pks, report)
        if dry_run:
            transaction.set_rollback(True)
        elif report.has_changes:
            transaction.on_commit(_tell)
    return report


def _tell() -> None:
    """Let all processes compile the words anew, and the index take in what differs."""
    signal_handlers.tell_of_words()
    if life.embedded().exists():
        life.repair()


def read(path: Path, parse: Callable[..., Item | None], pks: dict[str, int], report: Report) -> Iterator[Item]:
    """Yield the good rows of a file; the others are refused one by one."""
    unknown = 0
    for line in read_jsonl(path):
        if line.data is None:
            report.refused.append(Refusal(line.number, f"{path.name}: {line.reason}"))
            continue
        try:
            item = parse(line.number, line.data, pks)
        except (BadRowError, KeyError, TypeError, AttributeError) as error:
            report.refused.append(Refusal(line.number, f"{path.name}: {_why(error)}"))
            continue
        except ValidationError as error:
            report.refused.append(Refusal(line.number, f"{path.name}: {'; '.join(error.messages)}"))
            continue
        if item is None:
            unknown += 1
        else:
            yield item
    if unknown:
        report.notes.append(f"{path.name}: {unknown} rows name no procedure of the loaded catalogue")


def _why(error: Exception) -> str:
    return f"no «{error.args[0]}»" if isinstance(error, KeyError) else str(error)


def phrases(values: Any) -> str:
    """Return phrases as one a line."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values) or not values:
        raise BadRowError("phrases must be a list of texts, not empty")
    text = "\n".join(lines("\n".join(values)))
    check_phrases(text)
    return text


def group(number: int, data: dict[str, Any], pks: dict[str, int]) -> Item:
    """Return a word group of a row {everyday, legal, kind, field, lang, reviewed}."""
    language, kind = data.get("lang", "vi"), data.get("kind", "everyday")
    if kind not in WordGroup.Kind.values:
        raise BadRowError(f"unknown kind {kind}")
    everyday = phrases(data["everyday"])
    values = {
        "language": language,
        "kind": kind,
        "everyday": everyday,
        "legal": phrases(data["legal"]),
        "field": str(data.get("field", ""))[:120],
        "is_reviewed": bool(data.get("reviewed")),
    }
    return Item(number, group_key(language, kind, lines(everyday)), values)


def everyday(number: int, data: dict[str, Any], pks: dict[str, int]) -> Item | None:
    """Return everyday phrases of a row {code, phrases, lang, reviewed}; None where the procedure isn't loaded."""
    if data["code"] not in pks:
        return None
    language = data.get("lang", "vi")
    values = {
        "procedure_id": pks[data["code"]],
        "language": language,
        "phrases": phrases(data["phrases"]),
        "is_reviewed": bool(data.get("reviewed")),
    }
    return Item(number, (pks[data["code"]], language), values)


def situation(number: int, data: dict[str, Any], pks: dict[str, int]) -> Item | None:
    """Return a situation of a row {phrases, codes, lang, reviewed}; None where no procedure of it is loaded."""
    needs = tuple(dict.fromkeys(pks[code] for code in data["codes"] if code in pks))
    if not needs:
        return None
    language, said = data.get("lang", "vi"), phrases(data["phrases"])
    values = {"language": language, "phrases": said, "is_reviewed": bool(data.get("reviewed"))}
    return Item(number, group_key(language, "situation", lines(said)), values, needs)


def question(number: int, data: dict[str, Any], pks: dict[str, int]) -> Item:
    """Return words of questions of a row {language, part, phrases}."""
    if data["part"] not in QuestionWords.Part.values:
        raise BadRowError(f"unknown part {data['part']}")
    said = "\n".join(lines("\n".join(data["phrases"])))
    if not said:
        raise BadRowError("no phrases")
    language = data.get("lang", "vi")
    values = {"language": language, "part": data["part"], "phrases": said, "is_reviewed": bool(data.get("reviewed"))}
    return Item(number, (language, data["part"]), values)


KINDS: tuple[tuple[str, type[models.Model], Callable[[Any], Any], Callable[..., Item | None]], ...] = (
    ("groups", WordGroup, lambda row: row.key, group),
    ("everyday", EverydayWords, lambda row: (row.procedure_id, row.language), everyday),
    ("situations", Situation, lambda row: row.key, situation),
    ("questions", QuestionWords, lambda row: (row.language, row.part), question),
)


def _load(items: Iterator[Item], model: type[Any], key_of: Callable[[Any], Any], report: Report) -> None:
    """Create, change or leave each row by comparing the file, the last import and the row as it stands."""
    rows = model.objects.select_related("procedure") if model is EverydayWords else model.objects.all()
    present = {key_of(row): row for row in rows}
    needs = _needs() if model is Situation else {}
    new: list[Any] = []
    changed: list[Any] = []
    wanted: list[tuple[Any, Item]] = []
    seen: set[Any] = set()
    for item in items:
        if item.key in seen:
            report.refused.append(Refusal(item.number, f"{model._meta.model_name} {item.key} stands twice"))
            continue
        seen.add(item.key)
        row = present.get(item.key)
        if row is None:
            row = model(**item.values, imported=item.digest)
            if hasattr(row, "key"):
                row.key = item.key
            new.append(row)
            wanted.append((row, item))
            continue
        own = digest({**{name: getattr(row, name) for name in item.values}, "needs": needs.get(row.pk, [])})
        if row.imported == item.digest or own == item.digest:
            report.unchanged += 1
        elif own != row.imported:
            report.conflicts.append(Conflict(str(row), "an editor changed it, and the file too", row=item.number))
        else:
            names = tuple(name for name in item.values if getattr(row, name) != item.values[name])
            report.changed.append(Change(str(row), names or ("needs",)))
            for name, value in item.values.items():
                setattr(row, name, value)
            row.imported, row.updated_at = item.digest, timezone.now()
            changed.append(row)
            wanted.append((row, item))
    report.created += len(new)
    model.objects.bulk_create(new, batch_size=500)
    if changed:
        columns = [field.name for field in model._meta.concrete_fields if not field.primary_key]
        model.objects.bulk_update(changed, columns, batch_size=500)
    if model is Situation:
        _write_needs(wanted)


def _needs() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = SituationProcedure.objects.order_by("situation", "sort_order")
    for situation_pk, procedure in rows.values_list("situation", "procedure"):
        found.setdefault(situation_pk, []).append(procedure)
    return found


def _write_needs(wanted: list[tuple[Any, Item]]) -> None:
    SituationProcedure.objects.filter(situation__in=[row.pk for row, _item in wanted]).delete()
    SituationProcedure.objects.bulk_create(
        SituationProcedure(situation=row, procedure_id=procedure, sort_order=order)
        for row, item in wanted
        for order, procedure in enumerate(item.needs)
    )


def _load_judged(path: Path, pks: dict[str, int], report: Report) -> None:
    """Add the judged queries of a file that aren't there; editors' judgements stay."""
    present = set(JudgedQuery.objects.values_list("text", "language"))
    left_out = 0
    for line in read_jsonl(path):
        if line.data is None or not isinstance(line.data.get("query"), str) or not line.data["query"].strip():
            report.refused.append(Refusal(line.number, f"{path.name}: {line.reason or 'no query'}"))
            continue
        key = (line.data["query"][:300], line.data.get("lang", "vi"))
        procedures = [pks[code] for code in line.data.get("codes", ()) if code in pks]
        if not procedures:
            left_out += 1
        elif key in present:
            report.unchanged += 1
        else:
            row = JudgedQuery.objects.create(text=key[0], language=key[1], origin=path.stem)
            row.procedures.set(procedures)
            present.add(key)
            report.created += 1
    if left_out:
        report.notes.append(f"{path.name}: {left_out} queries have no answer in the loaded catalogue")
