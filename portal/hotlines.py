"""Which hotlines the public sees."""

from django.conf import settings
from django.db.models import Q, QuerySet

from catalogue.models import AdministrativeUnit, Hotline


def of_province(place: str) -> Q:
    """Return the condition that a unit is the portal's province or lies in it."""
    itself = {f"{place}__level": AdministrativeUnit.Level.PROVINCE, f"{place}__code": settings.PROVINCE_CODE}
    return Q(**itself) | Q(**{f"{place}__province__code": settings.PROVINCE_CODE})


def public_hotlines() -> QuerySet[Hotline]:
    """Return the published hotlines of published centres and of the province's agencies."""
    of_centre = Q(centre__live=True, centre__province__code=settings.PROVINCE_CODE)
    rows = Hotline.objects.live().filter(of_centre | of_province("agency__place"))
    return rows.select_related("centre", "agency")
