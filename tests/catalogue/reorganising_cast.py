"""A province of three wards, each with a committee, a published centre, a telephone and a clerk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils import timezone, translation

from catalogue import models as m
from catalogue.loading.agencies import COMMUNE_COMMITTEE, PROVINCE_COMMITTEE
from catalogue.loading.report import Report
from catalogue.reorganising.planning import Source
from catalogue.reorganising.reorganise import reorganise
from portal.models import User
from tests import factories
from tests.publishing import publish

DAY = dt.timedelta(days=1)
WARDS = {"a": ("101", "Phường Hòa An"), "b": ("102", "Phường Hòa Phát"), "c": ("103", "Xã Hòa Bắc")}
HEADING = "đối tượng,thay đổi,mã cũ,mã mới,tên mới,trực thuộc,loại hình,vai trò,địa bàn,lĩnh vực,khu vực"
MERGE = ("xã,sáp nhập,101,101,Phường An Phát", "xã,sáp nhập,102,101")
"""Ward A and ward B become one, which takes the code of A and a new name."""


@dataclass
class Province:
    """What stands, by the letter of its ward; `day` is the first day of the new order, a week from now."""

    day: dt.date
    province: Any
    top: Any
    units: dict[str, Any] = field(default_factory=dict)
    agencies: dict[str, Any] = field(default_factory=dict)
    centres: dict[str, Any] = field(default_factory=dict)
    hotlines: dict[str, Any] = field(default_factory=dict)
    clerks: dict[str, User] = field(default_factory=dict)

    @property
    def morning(self) -> dt.datetime:
        """Return a moment of the day."""
        return timezone.make_aware(dt.datetime.combine(self.day, dt.time(0, 1)))


def make_province() -> Province:
    """Make it."""
    province = factories.ProvinceFactory()
    roles = {
        level: factories.RoleFactory(code=code, name_vi=name, level=level)
        for level, code, name in (
            ("province", PROVINCE_COMMITTEE, "Ủy ban nhân dân cấp tỉnh"),
            ("commune", COMMUNE_COMMITTEE, "Ủy ban nhân dân cấp xã"),
        )
    }
    top = factories.AgencyFactory(
        name_vi="Ủy ban nhân dân thành phố Đà Nẵng", kind="peoples_committee", place=province, role=roles["province"],
        identifier="DEMO.00",
    )  # fmt: skip
    made = Province(timezone.localdate() + 7 * DAY, province, top)
    for letter, (code, name) in WARDS.items():
        unit = factories.CommuneFactory(code=code, name=name, kind=name.split()[0].lower(), province=province)
        lower = name[:1].lower() + name[1:]
        agency = factories.AgencyFactory(
            identifier=f"DEMO.{code}", name_vi=f"Ủy ban nhân dân {lower}", kind="peoples_committee", place=unit,
            role=roles["commune"], parent=top,
        )  # fmt: skip
        centre = factories.CentreFactory(
            slug=m_slug(name), name_vi=f"Trung tâm Phục vụ hành chính công {lower}", place=unit, agency=agency
        )
        made.units[letter], made.agencies[letter], made.centres[letter] = unit, agency, publish(centre)
        made.hotlines[letter] = publish(factories.HotlineFactory(centre=centre, label_vi=f"DEMO {letter}"))
        made.clerks[letter] = User.objects.create_user(f"demo.{letter}", last_name="DEMO")
        m.Posting.objects.create(user=made.clerks[letter], agency=agency, role="clerk", title="DEMO")
    return made


def m_slug(name: str) -> str:
    """Return «phuong-hoa-an»."""
    from catalogue.loading.rows import field_slug

    return field_slug(name)


def file_of(folder: Path, *lines: str, name: str = "changes.csv") -> Path:
    """Write lines below the heading."""
    path = folder / name
    path.write_text("\n".join([HEADING, *lines]) + "\n", encoding="utf-8")
    return path


def run(path: Path, made: Province, *, at: dt.datetime | None = None, **more: Any) -> Report:
    """Reorganise by a file on the province's day, as the command does."""
    with translation.override("vi"):
        return reorganise(Source(path), made.day, at=at or timezone.now(), **more)
