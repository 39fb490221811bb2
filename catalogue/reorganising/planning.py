"""Planning a reorganisation: all lines are judged, then what is dated is written in one transaction."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import IntegrityError, models, transaction

from catalogue.loading.output import LoadError
from catalogue.loading.place_files import find_file, read_places
from catalogue.loading.report import Change, Refusal, Report
from catalogue.loading.report import Conflict as Told
from catalogue.models import (
    AdministrativeUnit,
    Agency,
    AgencySuccession,
    Posting,
    ProvinceProcedure,
    Reorganisation,
    UnitChange,
)
from catalogue.reorganising import agencies, fates, places, posts
from catalogue.reorganising.draft import Draft
from catalogue.reorganising.lines import read_lines
from catalogue.reorganising.posts import in_parts
from catalogue.reorganising.standing import Standing
from catalogue.signals import catalogue_changed, reorganised

State = Reorganisation.State
DATED: tuple[type[models.Model], ...] = (
    AdministrativeUnit, UnitChange, Agency, AgencySuccession, Posting, ProvinceProcedure,
)  # fmt: skip
"""What planning writes, in the order in which rows name each other."""
MOST_NAMED = 20
"""Agencies that a report names one by one."""
UNIT_FILES = ("provinces.csv", "wards.csv", "ward_changes_2025.csv")


@dataclass(frozen=True)
class Source:
    """What a reorganisation is read from: a file of changes, a folder with the statistics office's tables, or both."""

    file: Path | None = None
    places: Path | None = None
    province: str = ""
    """Of the tables only what became this present province; empty: the whole country."""

    @property
    def digest(self) -> str:
        """Return what is equal for equal contents. Raises UntrustedFileError where a file isn't there."""
        mark = sha256(self.province.encode())
        found = [find_file(self.places, name) for name in UNIT_FILES] if self.places else []
        for path in (*([self.file] if self.file and self.file.is_file() else []), *found):
            mark.update(sha256(path.read_bytes()).digest())
        return mark.hexdigest()

    @property
    def name(self) -> str:
        """Return a name for people."""
        return " + ".join(path.name for path in (self.file, self.places) if path)


def make_draft(source: Source, day: dt.date) -> Draft:
    """Return what a source changes on a day; nothing is written. Raises UntrustedFileError."""
    draft = Draft(Standing.before(day))
    lines = read_lines(source.file, draft.refused) if source.file else []
    if source.places:
        places.take_table(read_places(source.places), draft, province=source.province, lines=lines)
    places.take_lines(lines, draft)
    agencies.take_lines(lines, draft)
    fates.take_lines(lines, draft)
    posts.take_lines(lines, draft)
    return draft


def known(source: Source, day: dt.date) -> Reorganisation | None:
    """Return the reorganisation of the same content and day, unless it was withdrawn."""
    return Reorganisation.objects.filter(digest=source.digest, effective_on=day).exclude(state=State.WITHDRAWN).first()


def write_plan(
    source: Source, day: dt.date, report: Report, *, name: str = "", decided_by: str = "", by: Any = None,
    at: dt.datetime,
) -> Reorganisation:  # fmt: skip
    """Judge all lines and write what is dated, within the caller's transaction; tell it in the report.

    Raises LoadError where a line is refused.
    """
    draft = make_draft(source, day)
    if draft.refused:
        refused = sorted(draft.refused, key=lambda refusal: refusal.row)
        raise LoadError("\n".join([*_refusals(refused), f"{len(refused)} lines are refused: mend them first."]))
    plan = Reorganisation(
        name=(name or source.name)[:300], decided_by=decided_by[:300], effective_on=day, digest=source.digest,
        made_by=by, made_at=at,
    )  # fmt: skip
    try:
        plan.written = write(draft)
        plan.report = {"planning": [[conflict.what, conflict.why] for conflict in draft.conflicts]}
        plan.save()
    except IntegrityError as error:
        raise LoadError("Somebody else changed agencies or places at the same time: run it again.") from error
    tell(draft, report)
    transaction.on_commit(lambda: catalogue_changed.send(sender=Reorganisation))
    transaction.on_commit(lambda: reorganised.send(sender=Reorganisation, reorganisation=plan, act="planned"))
    return plan


def _refusals(refused: Iterable[Refusal]) -> Iterable[str]:
    for each in refused:
        yield f"refused   row {each.row}{f' ({each.key})' if each.key else ''}: {each.reason}"


def write(draft: Draft) -> dict[str, Any]:
    """Write the draft; return what `Reorganisation.written` keeps of it."""
    for level in AdministrativeUnit.Level.values:
        AdministrativeUnit.objects.bulk_create(
            [unit for unit in draft.units.values() if unit.level == level], batch_size=500
        )
    UnitChange.objects.bulk_create(draft.changes, batch_size=500)
    _write_agencies(draft)
    AgencySuccession.objects.bulk_create(draft.successions, batch_size=500)
    Posting.objects.bulk_create(draft.posts, batch_size=500)
    ProvinceProcedure.objects.bulk_create(draft.overlays, batch_size=500)
    made: tuple[Iterable[models.Model], ...] = (
        draft.units.values(),
        draft.changes,
        draft.agencies,
        draft.successions,
        draft.posts,
        draft.overlays,
    )
    ended: dict[type[models.Model], Sequence[Any]] = {
        AdministrativeUnit: list(draft.ended_units.values()),
        Agency: list(draft.ended_agencies.values()),
        Posting: draft.ended_posts,
        ProvinceProcedure: draft.ended_overlays,
    }
    return {
        "made": {model._meta.model_name: [row.pk for row in rows] for model, rows in zip(DATED, made, strict=True)},
        "closed": {model._meta.model_name: _close(model, rows, draft.day) for model, rows in ended.items()},
        "centres": {
            str(pk): [fate.becomes, fate.place.pk if fate.place else None, fate.centre.slug]
            for pk, fate in draft.fates.items()
        },
        "identifiers": {str(new.pk): old.pk for new, old in draft.identifiers},
    }


def _write_agencies(draft: Draft) -> None:
    """Write new agencies, those above before those below."""
    waiting = draft.agencies
    while waiting:
        ready = [each for each in waiting if each.parent is None or each.parent.pk is not None]
        Agency.objects.bulk_create(ready, batch_size=500)
        rest = [each for each in waiting if each.pk is None]
        if len(rest) == len(waiting):
            raise LoadError("New agencies stand above each other in a circle: mend «parent».")
        waiting = rest


def _close(model: Any, rows: Sequence[Any], day: dt.date) -> dict[str, str | None]:
    """End rows with the day; return their earlier ends."""
    open_rows = [row for row in rows if row.valid_to != day]
    for keys in in_parts([row.pk for row in open_rows]):
        model.objects.filter(pk__in=keys).update(valid_to=day)
    return {str(row.pk): row.valid_to.isoformat() if row.valid_to else None for row in open_rows}


def tell(draft: Draft, report: Report) -> None:
    """Put what was written into the report."""
    made = (*draft.units.values(), *draft.changes, *draft.agencies, *draft.successions, *draft.posts, *draft.overlays)
    report.created = len(made)
    report.new += [f"place {unit.code} {unit.name}" for unit in draft.units.values()]
    report.new += [f"agency {agency.identifier or '–'} {agency.name_vi}" for agency in draft.agencies]  # type: ignore[attr-defined]
    heirs: dict[int, list[str]] = defaultdict(list)
    for pk, found in draft.heirs.items():
        heirs[pk] = [heir.name_vi or "" for heir in found]  # type: ignore[attr-defined]
    for unit in draft.ended_units.values():
        became = " + ".join(new.name for new in draft.present(unit)) or "not named"
        report.changed.append(Change(f"place {unit.code} {unit.name}", ("ends",), (f"{unit.name} → {became}",)))
    for agency in draft.ended_agencies.values():
        words = " + ".join(heirs[agency.pk]) or "nobody"
        key = f"agency {agency.identifier or '–'} {agency.name_vi}"  # type: ignore[attr-defined]
        report.changed.append(Change(key, ("ends",), (f"→ {words}",)))
    report.conflicts += [Told(conflict.what, conflict.why) for conflict in draft.conflicts]
    report.notes += _notes(draft)


def _notes(draft: Draft) -> Iterable[str]:
    split = sum(len(new) > 1 for pk, new in draft.became.items() if pk in draft.ended_units)
    missing = [unit for unit in draft.ended_units.values() if not draft.present(unit)]
    yield f"{len(draft.ended_units)} places end, {len(draft.units)} begin; {split} were split"
    if missing:
        yield f"{len(missing)} places have no heir: {', '.join(f'{unit.name} ({unit.code})' for unit in missing[:20])}"
    unsaid = sum(not row.is_complete and row.new is not None for row in draft.changes)
    if unsaid:
        yield f"{unsaid} places have more heirs than the table names"
    without = [agency for agency in draft.agencies if not agency.identifier]
    moved = {id(new) for new, _old in draft.identifiers}
    nameless = [str(agency) for agency in without if id(agency) not in moved]
    if nameless:
        yield (
            f"without an identifier, so the desk can number no dossier there: {'; '.join(nameless[:MOST_NAMED])}"
            f"{' …' if len(nameless) > MOST_NAMED else ''} ({len(nameless)}). Give each its own by a line in the "
            "file, or in /cms/ before the day."
        )
    yield f"{len(draft.ended_posts)} postings end, {len(draft.posts)} begin"
