"""The catalogue's rows, one module a noun."""

from catalogue.models.agencies import Agency, AgencyRole, AgencySuccession
from catalogue.models.approval import ApprovalTask, Proposal, ProposalBatch
from catalogue.models.centres import (
    Centre,
    CentreException,
    Closure,
    Hotline,
    OpeningHours,
    RevenueAccount,
    ServicePoint,
)
from catalogue.models.changesets import ChangeLine, ChangeSet
from catalogue.models.filing import FeeItem, FilingChannel, Term
from catalogue.models.imports import CatalogueImport
from catalogue.models.law import Decision, DecisionItem, Field, LegalDocument
from catalogue.models.looks import PaperMarking, RowCheck
from catalogue.models.notices import Notice
from catalogue.models.papers import Case, Form, RequiredPaper
from catalogue.models.people import OutsideAccount, Posting
from catalogue.models.places import AdministrativeUnit, UnitChange
from catalogue.models.procedures import Audience, Procedure, ProcedureResult
from catalogue.models.province import BundleItem, ProcedureBundle, ProcedureRoute, ProvinceProcedure
from catalogue.models.reorganising import Reorganisation
from catalogue.models.translations import TranslationDraft, TranslationMark
from catalogue.models.versions import ProcedureVersion

__all__ = [
    "AdministrativeUnit",
    "Agency",
    "AgencyRole",
    "AgencySuccession",
    "ApprovalTask",
    "Audience",
    "BundleItem",
    "Case",
    "CatalogueImport",
    "Centre",
    "CentreException",
    "ChangeLine",
    "ChangeSet",
    "Closure",
    "Decision",
    "DecisionItem",
    "FeeItem",
    "Field",
    "FilingChannel",
    "Form",
    "Hotline",
    "LegalDocument",
    "Notice",
    "OpeningHours",
    "OutsideAccount",
    "PaperMarking",
    "Posting",
    "Procedure",
    "ProcedureBundle",
    "ProcedureResult",
    "ProcedureRoute",
    "ProcedureVersion",
    "Proposal",
    "ProposalBatch",
    "ProvinceProcedure",
    "Reorganisation",
    "RequiredPaper",
    "RevenueAccount",
    "RowCheck",
    "ServicePoint",
    "Term",
    "TranslationDraft",
    "TranslationMark",
    "UnitChange",
]
