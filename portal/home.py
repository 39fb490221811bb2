"""What the front page shows beside its own text."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, Q

from catalogue.models import Centre, Field
from portal.models import GuidePage, HomePage, NoticePage
from portal.texts import text

FIELDS = 12


def context(page: HomePage) -> dict[str, object]:
    """Return entry points, notices and centres (four queries)."""
    fields = fields_with_counts()
    centres = Centre.objects.live().filter(province__code=settings.PROVINCE_CODE).select_related("place")
    local = [centre for centre in centres if centre.level != Centre.Level.PROVINCE]
    return {
        "events": GuidePage.objects.live().filter(locale=page.locale, is_life_event=True).order_by("order"),
        "notice_pages": NoticePage.urgent(page.locale)[:3],
        "fields": sorted(fields[:FIELDS], key=lambda row: str(row["slug"])),
        "field_count": len(fields),
        "procedure_count": sum(int(str(f["count"])) for f in fields),
        "centres": local,
        "with_phone": [centre for centre in local if centre.phone],
        "examples_list": [line.strip() for line in page.examples.splitlines() if line.strip()],
    }


def fields_with_counts() -> list[dict[str, object]]:
    """Return the fields that have public procedures, those that people need most first (one query)."""
    public = Q(procedures__live=True) & (
        Q(procedures__province=None) & (Q(procedures__is_province_level=True) | Q(procedures__is_commune_level=True))
        | Q(procedures__province__code=settings.PROVINCE_CODE)
    )
    counted = Field.objects.annotate(count=Count("procedures", filter=public)).filter(count__gt=0)
    weighed = counted.annotate(weight=Count("procedures", filter=public & Q(procedures__importance__gt=0)))
    fields = weighed.order_by("-weight", "-count", "slug")
    return [{"slug": f.slug, "name": text(f, "name"), "count": f.count} for f in fields]
