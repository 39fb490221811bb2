"""A small province to simulate: its centre, a department, three communes, four procedures, nobody at work yet."""

from __future__ import annotations

from catalogue.models import Agency
from tests.desk.cast import content
from tests.factories import (
    AgencyFactory,
    CentreFactory,
    CommuneFactory,
    ProcedureFactory,
    ProvinceFactory,
    RoleFactory,
    VersionFactory,
)


def make_province() -> Agency:
    """Make it; return the province's committee."""
    province = ProvinceFactory()
    committee = AgencyFactory(name_vi="Ủy ban nhân dân thành phố", kind="peoples_committee", place=province)
    CentreFactory(level="province", place=province, province=province, agency=committee)
    role, of_communes = RoleFactory(code="so-xay-dung"), RoleFactory(code="uy-ban-nhan-dan-cap-xa", level="commune")
    AgencyFactory(name_vi="Sở Xây dựng", role=role, parent=committee, place=province)
    for number in range(3):
        place = CommuneFactory(province=province, parent=province)
        name = f"Ủy ban nhân dân phường số {number}"
        agency = AgencyFactory(
            name_vi=name, kind="peoples_committee", role=of_communes, place=place, parent=committee
        )  # fmt: skip
        CentreFactory(place=place, agency=agency)
    unknown = {"key": "t1", "label": "", "number": None, "unit": "unknown", "text": "Theo quy định"}
    hours = {"key": "t1", "label": "", "number": 4, "unit": "working_hour", "text": ""}
    birth = ProcedureFactory(code="1.001193", name_vi="Thủ tục đăng ký khai sinh", roles=[of_communes], importance=9)
    VersionFactory(procedure=birth, content=content(birth))
    for code, term in (("2.000815", hours), ("1.004873", unknown)):
        other = ProcedureFactory(code=code, roles=[of_communes])
        channels = [{"key": "counter", "kind": "counter", "terms": [term], "fees": []}]
        VersionFactory(procedure=other, content=content(other, channels=channels, on_supplement="pause"))
    building = ProcedureFactory(is_commune_level=False, is_province_level=True, roles=[role], name_vi="Cấp phép")
    VersionFactory(procedure=building, content=content(building))
    return committee
