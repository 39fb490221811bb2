"""A province with two wards, and everybody who tries to edit: editors, approvers, neighbours, those of yesterday."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from catalogue import models as m
from catalogue.editing.setting_up import set_up
from portal.models import User
from tests import factories
from tests.publishing import publish


@dataclass
class Cast:
    """The agencies, the people by name, and a row of each kind: ward A's where a kind has an owner."""

    top: m.Agency
    ward: m.Agency
    neighbour: m.Agency
    people: dict[str, User]
    rows: dict[type, Any]

    def __getattr__(self, name: str) -> User:
        try:
            return vars(self)["people"][name]  # A copy that is being made has none yet.
        except KeyError as error:
            raise AttributeError(name) from error


ROLES: dict[str, tuple[str, str] | None] = {
    "editor": ("ward", "editor"),
    "colleague": ("ward", "editor"),
    "publisher": ("ward", "publisher"),
    "neighbour_editor": ("neighbour", "editor"),
    "neighbour_publisher": ("neighbour", "publisher"),
    "top_editor": ("top", "editor"),
    "top_publisher": ("top", "publisher"),
    "clerk": ("ward", "clerk"),
    "expired": ("ward", "editor"),
    "coming": ("ward", "editor"),
    "unposted": None,
}


def make_cast() -> Cast:
    """Make everybody and everything.

    The editors' group opens nothing without a post of the day (tests/accounts/test_administering.py). Here everybody
    has the same rights by another group too, so that each row's own gate is tried.
    """
    group, twin = set_up(), Group.objects.create(name="The same rights, by the administrator")
    twin.permissions.set(group.permissions.all())
    province = factories.ProvinceFactory()
    top = factories.AgencyFactory(name_vi="Ủy ban nhân dân thành phố", kind="peoples_committee", place=province)
    agencies = {"top": top}
    for name, place in (("ward", "Phường Cẩm Lệ"), ("neighbour", "Phường Hải Châu")):
        commune = factories.CommuneFactory(name=place, province=province)
        title = f"Ủy ban nhân dân {place}"
        agencies[name] = factories.AgencyFactory(name_vi=title, kind="peoples_committee", place=commune, parent=top)
    people = {"root": User.objects.create_superuser("root", last_name="Root")}
    day = timezone.localdate()
    for name, post in ROLES.items():
        people[name] = User.objects.create_user(name, last_name=name)
        people[name].groups.add(group, twin)
        if post is None:
            continue
        ends = {"valid_to": day} if name == "expired" else {}
        starts = {"valid_from": day + dt.timedelta(days=1)} if name == "coming" else {}
        m.Posting.objects.create(user=people[name], agency=agencies[post[0]], role=post[1], **ends, **starts)
    return Cast(top, agencies["ward"], agencies["neighbour"], people, make_rows(agencies["ward"], province))


def make_rows(agency: m.Agency, province: m.AdministrativeUnit) -> dict[type, Any]:
    """Make one row of each kind, owned by an agency where its kind can be."""
    procedure = factories.ProcedureFactory(name_vi="Thủ tục của phường Cẩm Lệ", with_channels=True, with_papers=True)
    procedure.maintained_by = agency
    procedure.save(update_fields=["maintained_by"])
    publish(procedure)
    centre = publish(factories.CentreFactory(name_vi="Trung tâm của phường Cẩm Lệ", agency=agency, place=agency.place))
    hotline = publish(factories.HotlineFactory(label_vi="Đường dây của phường Cẩm Lệ", centre=centre))
    notice = publish(factories.NoticeFactory(title_vi="Thông báo của phường Cẩm Lệ", centre=centre))
    decision = factories.DecisionFactory()
    bundle = m.ProcedureBundle.objects.create(slug="nhom", name_vi="Nhóm liên thông")
    m.BundleItem.objects.create(bundle=bundle, procedure=procedure, order=1)
    made: list[Any] = [
        m.Procedure.objects.get(pk=procedure.pk),
        m.ProcedureVersion.objects.get(procedure=procedure),
        centre,
        hotline,
        notice,
        decision,
        bundle,
        m.CentreException.objects.create(centre=centre, field=procedure.field, receives=False),
        m.ProvinceProcedure.objects.create(
            procedure=procedure, province=province, decision=decision, term_number=2, term_unit="working_day"
        ),
        m.ProcedureRoute.objects.create(procedure=procedure),
        m.LegalDocument.objects.create(number="60/2014/QH13", name="Luật Hộ tịch"),
        m.Form.objects.create(name="Tờ khai"),
        procedure.field,
        factories.AudienceFactory(),
        agency,
        factories.RoleFactory(),
        agency.place,
    ]
    return {type(row): row for row in made}
