"""How a procedure looks in the API."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, Field

from portal.api.choices import (
    ChannelKind,
    FeeCertainty,
    FeeKind,
    Level,
    OnlineLevel,
    OnSupplement,
    PaperHandling,
    PaperKind,
    ProcedureStatus,
    RoleLevel,
    RouteLevel,
    TermUnit,
)
from portal.api.parameters import Moment
from portal.api.schemas import DecisionOut, Text


class FieldKey(BaseModel):
    """A field of administration (lĩnh vực)."""

    slug: str
    name: Text


class RoleOut(BaseModel):
    """A competent authority as the law names it."""

    code: str
    name: Text
    level: RoleLevel
    is_vertical: bool


class AudienceOut(BaseModel):
    """Who may apply."""

    code: str
    name: Text
    is_foreign: bool


class ProcedureRow(BaseModel):
    """A procedure in a list."""

    code: str
    name: Text
    status: ProcedureStatus
    field: FieldKey
    levels: list[Level] = Field(description="Levels competent to settle it")
    roles: list[RoleOut]
    audiences: list[str] = Field(description="Codes of audiences")
    channels: list[ChannelKind]
    online_level: OnlineLevel
    is_for_foreigners: bool
    has_details: bool = Field(description="False where only name, field and link are known")
    changed_at: Moment | None
    page: str = Field(description="Its page for readers")
    url: str = Field(description="All its parts, here")


class TermOut(BaseModel):
    """A time limit. Without a number the text is all that is known."""

    key: str
    label: Text | None
    number: int | None
    unit: TermUnit
    text: Text | None


class FeeOut(BaseModel):
    """A fee. A null amount is unknown or said only in the text: never free."""

    key: str
    label: Text | None
    kind: FeeKind
    amount: float | int | None
    currency: str
    certainty: FeeCertainty
    text: Text | None


class ChannelOut(BaseModel):
    """A way to file, with its limits and fees."""

    key: str
    kind: ChannelKind
    terms: list[TermOut]
    fees: list[FeeOut]


class PaperOut(BaseModel):
    """A row of the dossier's list."""

    key: str
    name: Text
    kind: PaperKind
    handling: PaperHandling
    originals: int | None
    copies: int | None
    form: str | None = Field(description="Name of the form")
    form_file: str | None = Field(description="Address of the form's file, null where it is missing")
    result_of: str | None = Field(description="Code of the procedure that gives this paper")
    national_base: str | None


class CaseOut(BaseModel):
    """A case and its papers; no label: what every applicant brings."""

    key: str
    label: Text | None
    papers: list[PaperOut]


class ResultOut(BaseModel):
    """What the applicant gets."""

    key: str
    code: str | None
    name: Text


class LegalDocumentOut(BaseModel):
    """A law, decree or circular."""

    number: str
    name: str


class OnlineOut(BaseModel):
    """The online service."""

    level: OnlineLevel
    reason: Text | None
    link: str | None = Field(description="Where it is submitted; null: not known")
    national_portal_page: str | None


class ProvinceDecisionOut(BaseModel):
    """What the province decides over the national text, in force today."""

    channel: ChannelKind | None = Field(description="null: all channels")
    term_number: int | None
    term_unit: TermUnit | None
    fee_amount: float | int | None
    fee_text: str | None
    agency: Text | None
    decision: DecisionOut
    valid_from: dt.date | None
    valid_to: dt.date | None


class RouteOut(BaseModel):
    """Where it is submitted, by level and day."""

    level: RouteLevel
    is_provincial: bool
    system: str | None
    link: str | None
    announced_by: str | None
    valid_from: dt.date | None
    valid_to: dt.date | None


class ProcedureOut(ProcedureRow):
    """A procedure with all its parts, as in force today."""

    national_id: str | None
    legal_name: str = Field(description="The whole name in Vietnamese")
    replaced_by: str | None
    issuer: str | None
    is_own: bool = Field(description="The province's own, not a national procedure")
    roles_text: str | None = Field(description="The authorities as the source writes them")
    roles_need_review: bool
    coordinating_agency: str | None = Field(description="Agencies that take part, as the source writes them")
    maintained_by: Text | None
    audience_details: list[AudienceOut]
    online: OnlineOut
    on_supplement: OnSupplement
    steps: Text | None
    conditions: Text | None
    description: str | None
    filing: list[ChannelOut]
    cases: list[CaseOut]
    results: list[ResultOut]
    legal_basis: list[LegalDocumentOut]
    decision: DecisionOut | None
    province_decisions: list[ProvinceDecisionOut]
    routes: list[RouteOut]
    mentions_district: bool = Field(description="Still names the district, abolished on 1 July 2025")
    source: str | None
    checked_on: dt.date | None
    versions: str = Field(description="Address of its versions")


class VersionRow(BaseModel):
    """A version without its content."""

    number: int
    effective_from: dt.date | None = Field(description="null: in force since before the records begin")
    recorded_at: Moment
    decision: DecisionOut | None
    digest: str = Field(description="SHA-256 of the content")


class VersionOut(VersionRow):
    """A version and its legal content, in Vietnamese."""

    code: str
    content: dict[str, Any]


class VersionList(BaseModel):
    """The versions of a procedure, the newest first."""

    code: str
    in_force: int | None = Field(description="Number of the version in force today")
    results: list[VersionRow]
