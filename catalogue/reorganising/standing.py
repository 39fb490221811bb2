"""What stands on the day before a reorganisation, and what is known of the day already; read once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from catalogue.models import AdministrativeUnit, Agency, AgencyRole, AgencySuccession, Centre, Field, UnitChange
from catalogue.text import fold

DAY = dt.timedelta(days=1)
Level = AdministrativeUnit.Level


@dataclass
class Standing:
    """Units, agencies and centres as they are when the old order ends (eight queries)."""

    day: dt.date
    units: dict[tuple[str, str], AdministrativeUnit] = field(default_factory=dict)
    """By level and code."""
    coming_units: dict[tuple[str, str], AdministrativeUnit] = field(default_factory=dict)
    """Those that are known already to begin with the day: from a file of places, or an earlier decision."""
    changes: set[tuple[int, int | None]] = field(default_factory=set)
    agencies: dict[int, Agency] = field(default_factory=dict)
    coming_agencies: list[Agency] = field(default_factory=list)
    successions: set[tuple[int, int, int | None, int | None]] = field(default_factory=set)
    centres: dict[int, Centre] = field(default_factory=dict)
    fields: dict[str, int] = field(default_factory=dict)
    roles: dict[str, AgencyRole] = field(default_factory=dict)
    _communes: dict[int, list[AdministrativeUnit]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def before(cls, day: dt.date) -> Standing:
        """Read it."""
        found = cls(day)
        found._read_units()
        found._read_agencies()
        found.centres = {centre.pk: centre for centre in Centre.objects.select_related("place").order_by("pk")}
        for row in Field.objects.order_by("pk"):
            for word in (row.slug, row.code or "", row.name_vi or ""):  # type: ignore[attr-defined]
                found.fields.setdefault(fold(word), row.pk)
        for role in AgencyRole.objects.order_by("pk"):
            for word in (role.code, role.name_vi or ""):  # type: ignore[attr-defined]
                found.roles.setdefault(fold(word), role)
        return found

    def _read_units(self) -> None:
        last = self.day - DAY
        for unit in AdministrativeUnit.objects.on(last).order_by("pk"):
            self.units[unit.level, unit.code] = unit
        for unit in AdministrativeUnit.objects.filter(valid_from=self.day).order_by("pk"):
            self.coming_units[unit.level, unit.code] = unit
        by_pk = {unit.pk: unit for each in (self.units, self.coming_units) for unit in each.values()}
        for unit in by_pk.values():
            # Joined from what was read: ten thousand rows would each ask for the one above.
            for name in ("parent", "province"):
                above = by_pk.get(getattr(unit, f"{name}_id"))
                if above is not None:
                    setattr(unit, name, above)
            if unit.level == Level.COMMUNE and unit.parent_id:
                self._communes[unit.parent_id].append(unit)
        self.changes = set(UnitChange.objects.filter(effective_on=self.day).values_list("old", "new"))

    def _read_agencies(self) -> None:
        units = {unit.pk: unit for each in (self.units, self.coming_units) for unit in each.values()}
        for agency in Agency.objects.on(self.day - DAY).order_by("pk"):
            self.agencies[agency.pk] = agency
        self.coming_agencies = list(Agency.objects.filter(valid_from=self.day).order_by("pk"))
        for agency in (*self.agencies.values(), *self.coming_agencies):
            if agency.place_id in units:
                agency.place = units[agency.place_id]
        rows = AgencySuccession.objects.filter(effective_on=self.day)
        self.successions = set(rows.values_list("agency", "successor", "field", "area"))

    def communes_of(self, district: AdministrativeUnit) -> list[AdministrativeUnit]:
        """Return the communes of a district."""
        return self._communes.get(district.pk, [])

    def units_of(self, code: str) -> list[AdministrativeUnit]:
        """Return the units of any level that bear a code, communes first."""
        return [
            unit for level in (Level.COMMUNE, Level.DISTRICT, Level.PROVINCE) if (unit := self.units.get((level, code)))
        ]
