"""The desk's rows, one module a noun."""

from desk.models.calendar import CalendarDay
from desk.models.dossiers import Dossier, Group, GroupMember, Origin, Related, ReturnBy
from desk.models.events import (
    AnchoredDay,
    ClosedMonth,
    CodeCounter,
    Count,
    CountDelta,
    CountSum,
    DossierEvent,
    EventValue,
    Measure,
)
from desk.models.leave import Leave
from desk.models.papers import DossierFile, HandedPaper, SupplementItem, SupplementRequest
from desk.models.parties import Party, PartyIdentifier
from desk.models.readings import DossierReading, ReadingReason, What, Why
from desk.models.retention import LegalHold, RetentionRule
from desk.models.saved import SavedView
from desk.models.work import (
    ClockStop,
    DossierExtension,
    DossierResult,
    HandOver,
    InternalProcess,
    Notice,
    PaymentRequest,
    ProcessStep,
    Slip,
)

__all__ = [
    "AnchoredDay",
    "CalendarDay",
    "ClockStop",
    "ClosedMonth",
    "CodeCounter",
    "Count",
    "CountDelta",
    "CountSum",
    "Dossier",
    "DossierEvent",
    "DossierExtension",
    "DossierFile",
    "DossierReading",
    "DossierResult",
    "EventValue",
    "Group",
    "GroupMember",
    "HandOver",
    "HandedPaper",
    "InternalProcess",
    "Leave",
    "LegalHold",
    "Measure",
    "Notice",
    "Origin",
    "Party",
    "PartyIdentifier",
    "PaymentRequest",
    "ProcessStep",
    "ReadingReason",
    "Related",
    "RetentionRule",
    "ReturnBy",
    "SavedView",
    "Slip",
    "SupplementItem",
    "SupplementRequest",
    "What",
    "Why",
]
