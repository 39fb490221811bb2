"""A named cast: a commune's centre, its people, a neighbour, and a procedure of three papers and five working days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from catalogue.models import Agency, Centre, Posting, Procedure
from catalogue.opening import ZONE
from desk import actions
from desk.actors import Actor, officer
from desk.demands import Demand
from desk.identities import Identifier, Person
from desk.intake import Intake, PaperIn
from desk.models import Dossier
from desk.tracing import give_reason
from portal.models import User
from tests.factories import (
    AgencyFactory,
    CentreFactory,
    CommuneFactory,
    ProcedureFactory,
    ProvinceFactory,
    VersionFactory,
)

MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
"""A Monday in March, nine o'clock: nothing special about it."""
LAN = Person(
    "Nguyễn Thị Lan",
    identifiers=(Identifier("citizen_card", "048123456789"),),
    address="Tổ 5, phường Hòa Minh, quận Liên Chiểu (cũ)",
    phone="0905 123 456",
)
HUNG = Person("Trần Văn Hùng", identifiers=(Identifier("passport", "C1234567"),))
LIST = [
    {"key": "to-khai", "name": "Tờ khai theo mẫu", "kind": "paper", "originals": 1, "copies": 0, "handling": "submit"},
    {
        "key": "chung-sinh",
        "name": "Giấy chứng sinh",
        "kind": "paper",
        "originals": 1,
        "copies": 0,
        "handling": "submit",
    },
    {"key": "khac", "name": "Giấy tờ khác (nếu có)", "kind": "unclassified", "originals": 0, "copies": 0},
    {"key": "luu-y", "name": "Lưu ý: mang theo căn cước", "kind": "note", "originals": 0, "copies": 0},
]


def content(procedure: Procedure, **changes: Any) -> dict[str, Any]:
    """Return the legal content of a version."""
    term = {"key": "t1", "label": "", "number": 5, "unit": "working_day", "text": "05 ngày làm việc"}
    fee = {
        "key": "f1", "label": "", "kind": "charge", "amount": "15000.00", "currency": "VND", "certainty": "stated",
        "text": "",
    }  # fmt: skip
    return {
        "code": procedure.code,
        "name": procedure.name_vi,
        "status": "in_force",
        "levels": ["commune"],
        "on_supplement": "restart",
        "channels": [{"key": "counter", "kind": "counter", "terms": [term], "fees": [fee]}],
        "cases": [{"key": "c1", "label": "", "papers": LIST}],
        **changes,
    }


def post(user: User, agency: Agency, role: str, **more: Any) -> Posting:
    """Post a person to an agency."""
    if role == "contractor":
        more.setdefault("employer", "VNPost")
    return Posting.objects.create(user=user, agency=agency, role=role, **more)


def person(name: str, agency: Agency, role: str) -> User:
    """Return a new person with a post."""
    user = User.objects.create_user(name, first_name=name.title(), last_name="Nguyễn")
    post(user, agency, role)
    return user


@dataclass
class Cast:
    """Everybody and everything that a dossier needs; `actor(name)` acts."""

    commune: Agency
    department: Agency
    neighbour: Agency
    centre: Centre
    procedure: Procedure
    people: dict[str, User] = field(default_factory=dict)

    def actor(self, name: str, at: dt.datetime = MONDAY) -> Actor:
        """Return a person of the cast as the one who acts."""
        return officer(self.people[name], at)

    def intake(self, **changes: Any) -> Intake:
        """Return what Lan hands in."""
        values: dict[str, Any] = {
            "procedure": self.procedure,
            "centre": self.centre,
            "decided_by": self.department,
            "applicant": LAN,
            "papers": [PaperIn("to-khai", originals=1), PaperIn("chung-sinh", originals=1)],
        }
        return Intake(**values | changes)

    def explain(self, name: str, dossier: Dossier, at: dt.datetime = MONDAY) -> None:
        """Let somebody say why they open, today, what isn't their own work."""
        give_reason(dossier, self.actor(name, at), at, why="check", text="")

    def received(self, at: dt.datetime = MONDAY, **changes: Any) -> Dossier:
        """Return a dossier that was received at the counter."""
        return actions.receive_new(self.intake(**changes), by=self.actor("clerk", at), at=at)

    def processing(self, at: dt.datetime = MONDAY, **changes: Any) -> Dossier:
        """Return a dossier that the deciding agency's handler works on."""
        dossier = self.received(at, **changes)
        actions.forward(dossier.pk, by=self.actor("clerk", at), at=at, to_agency=self.department, step="Thẩm định")
        return actions.take_over(dossier.pk, by=self.actor("handler", at), at=at)


ROLES = ("clerk", "handler", "approver", "head", "supervisor", "contractor")
FORM = Demand("paper", "Tờ khai thiếu chữ ký.", paper_key="to-khai")


def make_cast(**version: Any) -> Cast:
    """Make the cast: at the centre clerk, head and contractor; at the department handler and approver; a supervisor."""
    province = ProvinceFactory()
    committee = AgencyFactory(name_vi="Ủy ban nhân dân thành phố", kind="peoples_committee", identifier="DEMO")
    place = CommuneFactory(province=province, parent=province)
    commune = AgencyFactory(
        name_vi="Ủy ban nhân dân phường Hòa Khánh", kind="peoples_committee", place=place, identifier="DEMO.01",
        parent=committee,
    )  # fmt: skip
    department = AgencyFactory(name_vi="Sở Tư pháp", identifier="DEMO.02", parent=committee)
    neighbour = AgencyFactory(name_vi="Ủy ban nhân dân phường Liên Chiểu", identifier="DEMO.03", parent=committee)
    centre = CentreFactory(place=place, agency=commune)
    procedure = ProcedureFactory(name_vi="Thủ tục đăng ký khai sinh")
    VersionFactory(procedure=procedure, content=content(procedure, **version))
    cast = Cast(commune, department, neighbour, centre, procedure)
    places = {"handler": department, "approver": department, "supervisor": committee}
    for role in ROLES:
        cast.people[role] = person(role, places.get(role, commune), role)
    cast.people["stranger"] = person("stranger", neighbour, "clerk")
    return cast
