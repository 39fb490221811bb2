"""How centres, hotlines and agencies look in the API."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, Field

from portal.api.choices import AgencyKind, CentreLevel, NoticeLevel, PointKind
from portal.api.parameters import Moment
from portal.api.schemas import DecisionOut, Text, UnitKey


class CentreRow(BaseModel):
    """A public administrative service centre in a list."""

    slug: str
    name: Text
    level: CentreLevel
    place: UnitKey
    address: str | None = Field(description="null: not published")
    phone: str | None
    email: str | None
    latitude: float | None
    longitude: float | None
    checked_on: dt.date | None
    changed_at: Moment | None
    page: str = Field(description="Its page for readers")
    url: str = Field(description="All that is known of it, here")


class HoursOut(BaseModel):
    """A span of opening; local time (Asia/Ho_Chi_Minh)."""

    weekday: int = Field(description="0 Monday … 6 Sunday", ge=0, le=6)
    opens: str = Field(description="hours:minutes")
    closes: str = Field(description="hours:minutes")


class ClosureOut(BaseModel):
    """Days on which it is shut, or open although it's a holiday."""

    starts_on: dt.date
    ends_on: dt.date = Field(description="That day included")
    from_time: str | None = Field(description="hours:minutes, local; null: the whole of each day")
    until_time: str | None
    is_open: bool
    reason: str | None = Field(description="In Vietnamese")
    reason_text: Text | None = Field(description="In the language asked for, where it is translated")


class PointOut(BaseModel):
    """A service point of a centre."""

    kind: PointKind
    name: Text
    address: str | None
    phone: str | None
    latitude: float | None
    longitude: float | None
    hours: list[HoursOut]
    closures: list[ClosureOut]


class NoticeRow(BaseModel):
    """A notice that is in force or will be."""

    level: NoticeLevel
    title: Text
    text: Text | None
    link: str | None
    centre: str | None = Field(description="Slug of its centre; null: the whole province")
    starts_at: Moment
    ends_at: Moment
    closes_on: dt.date | None = Field(description="The day on which it shuts the centre, or every centre")
    closes_from: str | None = Field(description="hours:minutes, local; null: the whole day")
    closes_until: str | None
    reason: Text | None = Field(description="Why it is closed")


class HotlineRow(BaseModel):
    """A telephone that answers for a centre or an agency."""

    phone: str
    label: Text
    is_round_the_clock: bool
    hours_text: Text | None
    languages: list[str]
    centre: str | None = Field(description="Slug of its centre")
    agency: Text | None
    checked_on: dt.date | None
    source: str | None


class CentreOut(CentreRow):
    """A centre with its hours, points, hotlines and area."""

    parent: str | None = Field(description="Slug of the provincial centre that it is a branch of")
    decision: DecisionOut | None = Field(description="Founding decision")
    hours: list[HoursOut]
    closures: list[ClosureOut]
    points: list[PointOut]
    hotlines: list[HotlineRow]
    old_places: list[UnitKey] = Field(description="Units before 1 July 2025 that went to its area, whole or in part")
    procedures: str = Field(description="Address of the list of what it receives and returns")
    source: str | None


class FieldRow(BaseModel):
    """A field of administration (lĩnh vực)."""

    slug: str
    code: str | None
    name: Text
    procedure_count: int


class RoleRow(BaseModel):
    """A competent authority as the law names it."""

    code: str
    name: Text
    level: str
    is_vertical: bool
    procedure_count: int


class AgencyRow(BaseModel):
    """A body of the state."""

    identifier: str | None
    name: Text
    kind: AgencyKind
    role: str | None = Field(description="Code of its role")
    parent: Text | None
    place: UnitKey
    valid_from: dt.date | None
    valid_to: dt.date | None
