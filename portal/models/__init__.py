"""Users, media and pages."""

from portal.models.media import PortalDocument, PortalImage, PortalRendition
from portal.models.pages import (
    CentreIndexPage,
    ForeignUsersPage,
    GuidePage,
    HomePage,
    HotlineIndexPage,
    InformationPage,
    NoticePage,
    PlaceFinderPage,
    PortalPage,
    ProcedureIndexPage,
    SectionPage,
)
from portal.models.reports import PageReport
from portal.models.users import User

__all__ = [
    "CentreIndexPage",
    "ForeignUsersPage",
    "GuidePage",
    "HomePage",
    "HotlineIndexPage",
    "InformationPage",
    "NoticePage",
    "PageReport",
    "PlaceFinderPage",
    "PortalDocument",
    "PortalImage",
    "PortalPage",
    "PortalRendition",
    "ProcedureIndexPage",
    "SectionPage",
    "User",
]
