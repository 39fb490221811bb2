"""The agencies of a province: its People's Committee, its departments, and one committee a commune."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from catalogue.loading.rows import ParsedProcedure
from catalogue.models import AdministrativeUnit, Agency, AgencyRole

PROVINCE_COMMITTEE = "uy-ban-nhan-dan-cap-tinh"
COMMUNE_COMMITTEE = "uy-ban-nhan-dan-cap-xa"
_DEPARTMENT = "so-"


def ensure_agencies(province: AdministrativeUnit, rows: Iterable[ParsedProcedure]) -> int:
    """Make the province's agencies that are missing; return how many. Identifiers stay empty: none is published."""
    roles = {role.code: role for role in AgencyRole.objects.all()}
    today = timezone.localdate()
    present = {(agency.role_id, agency.place_id): agency for agency in Agency.objects.on(today)}
    created = []

    def ensure(role: AgencyRole, place: AdministrativeUnit, kind: str, parent: Agency | None) -> Agency:
        agency = present.get((role.pk, place.pk))
        if agency is None:
            agency = Agency(role=role, place=place, kind=kind, parent=parent, name_vi=agency_name(role, place))
            created.append(agency)
        return agency

    committee = ensure(roles[PROVINCE_COMMITTEE], province, Agency.Kind.PEOPLES_COMMITTEE, None)
    if committee.pk is None:
        committee.save()
    named = {role.code for row in rows for role in row.roles if not role.names_other_province}
    for code in sorted(code for code in named if code.startswith(_DEPARTMENT)):
        ensure(roles[code], province, Agency.Kind.DEPARTMENT, committee)
    communes = AdministrativeUnit.objects.on(today).filter(level="commune", province=province)
    for commune in communes:
        ensure(roles[COMMUNE_COMMITTEE], commune, Agency.Kind.PEOPLES_COMMITTEE, committee)
    Agency.objects.bulk_create([agency for agency in created if agency.pk is None], batch_size=500)
    return len(created)


def agency_name(role: AgencyRole, place: AdministrativeUnit) -> str:
    """Return «Sở Tư pháp thành phố Đà Nẵng», «Ủy ban nhân dân phường Cẩm Lệ»."""
    name: str = role.name_vi  # type: ignore[attr-defined]
    kind = name.removesuffix(" cấp tỉnh").removesuffix(" cấp xã")
    return f"{kind} {in_a_name(place)}"


def in_a_name(place: AdministrativeUnit) -> str:
    """Return the unit's name as it stands within another: «phường Cẩm Lệ»."""
    return place.name[:1].lower() + place.name[1:]
