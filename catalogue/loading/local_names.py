"""Names that are put together in another language: units, agencies and centres."""

from __future__ import annotations

from catalogue.models import AdministrativeUnit, Agency, Centre
from catalogue.translation_memory import Translated, TranslationMemory

COMMITTEE, CENTRE, DEPARTMENT = "Ủy ban nhân dân {unit}", "Trung tâm Phục vụ hành chính công {unit}", "{role} {unit}"
BRANCH = "Chi nhánh Trung tâm Phục vụ hành chính công {unit}"


def unit_name(unit: AdministrativeUnit, memory: TranslationMemory) -> Translated | None:
    """Return the unit's name with its kind; a proper name that the language has none for stays Vietnamese."""
    bare = unit.bare_name
    if bare == unit.name:
        return None
    own = memory.lines.get(bare) if unit.level == "province" else None
    if own is None and unit.level == "province":
        return None
    kind = unit.name[: -len(bare)].strip().lower()
    found = memory.fill(f"{kind} {{name}}", name=own.text if own else bare)
    return found and Translated(found.text, found.is_reviewed and (own is None or own.is_reviewed))


def agency_name(agency: Agency, memory: TranslationMemory) -> Translated | None:
    """Return «Department of Justice, Da Nang City»; the line «{role} {unit}» of the language orders the two."""
    unit = unit_name(agency.place, memory)
    if unit is None or agency.role is None:
        return None
    if agency.kind == Agency.Kind.PEOPLES_COMMITTEE:
        return _both(memory.fill(COMMITTEE, unit=unit.text), unit)
    role = memory.lines.get(agency.role.name_vi or "")  # type: ignore[attr-defined]
    return role and _both(memory.fill(DEPARTMENT, role=role.text, unit=unit.text), unit, role)


def centre_name(centre: Centre, memory: TranslationMemory) -> Translated | None:
    """Return the centre's generic part with its unit's name."""
    unit = unit_name(centre.place, memory)
    template = BRANCH if centre.level == Centre.Level.BRANCH else CENTRE
    return unit and _both(memory.fill(template, unit=unit.text), unit)


def _both(found: Translated | None, *parts: Translated) -> Translated | None:
    return found and Translated(found.text, found.is_reviewed and all(part.is_reviewed for part in parts))
