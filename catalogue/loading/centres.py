"""Load a province's centres: the provincial one, and one a commune whether or not its address is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalogue.loading.agencies import COMMUNE_COMMITTEE, PROVINCE_COMMITTEE, in_a_name
from catalogue.loading.centre_file import ParsedCentre, read_centres
from catalogue.loading.comparing import show_difference
from catalogue.loading.history import record_revisions
from catalogue.loading.parts import part_digest
from catalogue.loading.provinces import get_home
from catalogue.loading.report import Change, Conflict, Refusal, Report
from catalogue.loading.rows import field_slug
from catalogue.models import AdministrativeUnit, Agency, Centre
from catalogue.signals import catalogue_changed
from catalogue.text import fold

# Hà Nội and Quảng Ninh keep one level: branches of the provincial centre in the communes.
ONE_LEVEL_PROVINCES = frozenset({"1", "22"})
_CENTRE = "Trung tâm Phục vụ hành chính công"
_WRITTEN = [
    "name_vi",
    "address",
    "phone",
    "latitude",
    "longitude",
    "source",
    "checked_on",
    "imported",
    "agency",
    "updated_at",
]


@dataclass(frozen=True)
class WantedCentre:
    """A centre that a province has, with what a file says of it."""

    place: AdministrativeUnit
    level: str
    name: str
    row: ParsedCentre | None

    @property
    def parts(self) -> dict[str, Any]:
        """Return its content as plain parts, to be compared."""
        row = self.row
        return {
            "name": self.name,
            "address": row.address if row else "",
            "phone": row.phone if row else "",
            "coordinates": [_plain(row.latitude), _plain(row.longitude)] if row else [None, None],
            "source": [row.source, row.checked_on.isoformat() if row.checked_on else ""] if row else ["", ""],
        }


def load_centres(path: Path, *, province_code: str, dry_run: bool = False) -> Report:
    """Bring the province's centres to what the file says, in one transaction."""
    province = get_home(province_code).province
    rows, refused = read_centres(path)
    report = Report(refused=refused)
    wanted = _wanted(province, rows, report)
    with transaction.atomic():
        present = {centre.place_id: centre for centre in Centre.objects.filter(province=province)}
        agencies = _agencies(province)
        new = [centre for centre in wanted if centre.place.pk not in present]
        created = _create(new, province, present, agencies)
        changed, fields = _change(wanted, present, report)
        report.created = len(created)
        report.new = [centre.slug for centre in created]
        record_revisions(created, action="wagtail.create")
        Centre.objects.bulk_update(changed, _WRITTEN, batch_size=100)
        record_revisions(changed, action="wagtail.edit", changed=fields)
        if dry_run:
            transaction.set_rollback(True)
        elif report.has_changes:
            transaction.on_commit(lambda: catalogue_changed.send(sender=Centre))
    return report


def _wanted(province: AdministrativeUnit, rows: Sequence[ParsedCentre], report: Report) -> list[WantedCentre]:
    """Pair every commune of the province with its row; a row that names no commune of it is refused."""
    mine = _of_province(province, rows, report)
    communes = list(
        AdministrativeUnit.objects.on(timezone.localdate()).filter(level="commune", province=province).order_by("code")
    )
    by_name = {fold(unit.name): unit for unit in communes}
    found: dict[int, ParsedCentre] = {}
    provincial = None
    for row in mine:
        unit = by_name.get(fold(row.commune))
        if row.is_provincial:
            provincial = provincial or row
        elif unit is None:
            reason = f"{province.name} has no commune «{row.commune}»: check its name since 1 July 2025"
            report.refused.append(Refusal(row.row, reason, row.name))
        else:
            found[unit.pk] = row
    is_one_level = province.code in ONE_LEVEL_PROVINCES
    level = Centre.Level.BRANCH if is_one_level else Centre.Level.COMMUNE
    head = f"Chi nhánh {_CENTRE}" if is_one_level else _CENTRE
    first = WantedCentre(province, Centre.Level.PROVINCE, f"{_CENTRE} {in_a_name(province)}", provincial)
    return [first] + [WantedCentre(unit, level, f"{head} {in_a_name(unit)}", found.get(unit.pk)) for unit in communes]


def _of_province(province: AdministrativeUnit, rows: Sequence[ParsedCentre], report: Report) -> list[ParsedCentre]:
    """Return the province's rows; one that names no province of today is refused."""
    units = AdministrativeUnit.objects.on(timezone.localdate()).filter(level="province")
    by_name = {fold(unit.bare_name): unit.pk for unit in units}
    mine = []
    for row in rows:
        pk = by_name.get(fold(row.province.removeprefix("Tỉnh ").removeprefix("Thành phố ")))
        if pk is None:
            report.refused.append(Refusal(row.row, f"there is no province «{row.province}»", row.name))
        elif pk == province.pk:
            mine.append(row)
    return mine


def _create(
    wanted: Sequence[WantedCentre],
    province: AdministrativeUnit,
    present: Mapping[int, Centre],
    agencies: Mapping[int, Agency],
) -> list[Centre]:
    taken = set(Centre.objects.values_list("slug", flat=True))
    parent = present.get(province.pk)
    centres = []
    for item in wanted:
        slug = free_slug(item.place, taken)
        taken.add(slug)
        centre = Centre(slug=slug, level=item.level, place=item.place, province=province, live=True)
        centre.has_unpublished_changes = False
        centre.agency = agencies.get(item.place.pk)
        if item.level == Centre.Level.BRANCH:
            centre.parent = parent
        _fill(centre, item)
        if item.level == Centre.Level.PROVINCE:
            centre.save()
            parent = centre
        centres.append(centre)
    Centre.objects.bulk_create([centre for centre in centres if centre.pk is None], batch_size=200)
    return centres


def _change(
    wanted: Sequence[WantedCentre], present: Mapping[int, Centre], report: Report
) -> tuple[list[Centre], dict[int, tuple[str, ...]]]:
    changed, fields = [], {}
    for item in wanted:
        centre = present.get(item.place.pk)
        if centre is None:
            continue
        names = _judge(centre, item, report)
        if names:
            _fill(centre, item)
            changed.append(centre)
            fields[centre.pk] = names
    return changed, fields


def _judge(centre: Centre, item: WantedCentre, report: Report) -> tuple[str, ...]:
    """Return the parts to write; none where nothing changed or an editor's work stands there."""
    known = (centre.imported or {}).get("digests", {})
    theirs, mine = item.parts, _parts_of(centre)
    names = tuple(name for name in theirs if part_digest(theirs[name]) != known.get(name))
    # A file that no longer has the row says nothing about the centre.
    if not names or (item.row is None and known):
        report.unchanged += 1
        return ()
    row = item.row.row if item.row else 0
    if centre.has_unpublished_changes or centre.latest_revision_id != centre.live_revision_id:
        reason = "it has an open draft: publish or discard it, then load again"
        report.conflicts.append(Conflict(centre.slug, reason, names, row))
        return ()
    met = tuple(name for name in names if mine[name] != theirs[name] and part_digest(mine[name]) != known.get(name))
    if met:
        shown = "; ".join(show_difference(name, mine[name], theirs[name]) for name in met)
        reason = f"an editor changed it since the last load (ours → file's): {shown}"
        report.conflicts.append(Conflict(centre.slug, reason, met, row))
        return ()
    diff = tuple(show_difference(name, mine[name], theirs[name]) for name in names)
    report.changed.append(Change(centre.slug, names, diff))
    return names


def _parts_of(centre: Centre) -> dict[str, Any]:
    return {
        "name": centre.name_vi or "",
        "address": centre.address,
        "phone": centre.phone,
        "coordinates": [_plain(centre.latitude), _plain(centre.longitude)],
        "source": [centre.source, centre.checked_on.isoformat() if centre.checked_on else ""],
    }


def _fill(centre: Centre, item: WantedCentre) -> None:
    row = item.row
    centre.name_vi = item.name
    if row is not None:
        centre.address, centre.phone = row.address, row.phone
        centre.latitude, centre.longitude = row.latitude, row.longitude
        centre.source, centre.checked_on = row.source, row.checked_on
    centre.imported = {"digests": {name: part_digest(part) for name, part in item.parts.items()}}
    centre.updated_at = timezone.now()


def _agencies(province: AdministrativeUnit) -> dict[int, Agency]:
    """Return the People's Committee of each place of the province."""
    today = Agency.objects.on(timezone.localdate())
    committees = today.filter(role__code__in=[PROVINCE_COMMITTEE, COMMUNE_COMMITTEE])
    return {agency.place_id: agency for agency in committees}


def free_slug(place: AdministrativeUnit, taken: set[str]) -> str:
    """Return «phuong-cam-le», with the unit's code where another province, or an old centre, has that name."""
    slug = field_slug(place.name)[:100]
    tails = chain(("", f"-{place.code}"), (f"-{place.code}-{number}" for number in count(2)))
    return next(f"{slug}{tail}" for tail in tails if f"{slug}{tail}" not in taken)


def _plain(value: Any) -> str | None:
    return None if value is None else f"{value:.6f}"
