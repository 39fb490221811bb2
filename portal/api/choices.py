"""The models' choices as types of the API.

Each carries its own values: as named components they would collide, since OpenAPI has one `Kind` and the
models have five.
"""

from typing import Annotated, Literal

from pydantic import WithJsonSchema

from catalogue.models import (
    AdministrativeUnit,
    Agency,
    AgencyRole,
    Centre,
    FeeItem,
    FilingChannel,
    Notice,
    Procedure,
    ProcedureRoute,
    RequiredPaper,
    ServicePoint,
    Term,
)


def values(choices: list[str]) -> WithJsonSchema:
    """Return the schema of a text that is one of these."""
    return WithJsonSchema({"type": "string", "enum": choices})


Level = Literal["ministry", "province", "commune", "other"]
AgencyKind = Annotated[Agency.Kind, values(Agency.Kind.values)]
CentreLevel = Annotated[Centre.Level, values(Centre.Level.values)]
ChannelKind = Annotated[FilingChannel.Kind, values(FilingChannel.Kind.values)]
FeeCertainty = Annotated[FeeItem.Certainty, values(FeeItem.Certainty.values)]
FeeKind = Annotated[FeeItem.Kind, values(FeeItem.Kind.values)]
NoticeLevel = Annotated[Notice.Level, values(Notice.Level.values)]
OnSupplement = Annotated[Procedure.OnSupplement, values(Procedure.OnSupplement.values)]
OnlineLevel = Annotated[Procedure.OnlineLevel, values(Procedure.OnlineLevel.values)]
PaperHandling = Annotated[RequiredPaper.Handling, values(RequiredPaper.Handling.values)]
PaperKind = Annotated[RequiredPaper.Kind, values(RequiredPaper.Kind.values)]
PointKind = Annotated[ServicePoint.Kind, values(ServicePoint.Kind.values)]
ProcedureStatus = Annotated[Procedure.Status, values(Procedure.Status.values)]
RoleLevel = Annotated[AgencyRole.Level, values(AgencyRole.Level.values)]
RouteLevel = Annotated[ProcedureRoute.Level, values(ProcedureRoute.Level.values)]
TermUnit = Annotated[Term.Unit, values(Term.Unit.values)]
UnitLevel = Annotated[AdministrativeUnit.Level, values(AdministrativeUnit.Level.values)]
