"""The addresses that the measures look at: one of each public template, in every language."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

MANY_PAPERS = "1.014199"
"""The work permit: 224 papers, the catalogue's longest page."""
EVERYDAY = "1.001193"
"""Registration of a birth."""
SEARCHES = {
    "searched": "khai sinh",
    "answered": "làm giấy khai sinh cho con",
    "asked": "đăng ký kết hôn cần giấy tờ gì",
    "mended": "khai sinhh",
    "centre and place found": "hòa vang",
    "hotline found": "đường dây nóng",
    "nothing found": "zzzz",
}
"""A query for each thing that the page of results can show."""


@dataclass(frozen=True)
class Address:
    """A public address: which template it shows, in which language, and the status it answers with."""

    template: str
    language: str
    url: str
    status: int = 200


def languages() -> list[str]:
    """Return the codes of the public languages."""
    from django.conf import settings

    return [code for code, _name in settings.LANGUAGES]


def procedure_codes() -> list[str]:
    """Return the code of every procedure with a public page."""
    from django.conf import settings

    from catalogue.models import Procedure

    public = Procedure.objects.public(settings.PROVINCE_CODE)
    return list(public.order_by("code").values_list("code", flat=True))


def procedure_urls(language: str) -> dict[str, str]:
    """Return the address of every procedure's page by its code."""
    from portal.addresses import load

    addresses = load()
    return {code: addresses.procedure(code, language) for code in procedure_codes()}


def everywhere() -> list[Address]:
    """Return one address of each public template in every language."""
    return [address for language in languages() for address in in_language(language)]


def in_language(language: str) -> list[Address]:
    """Return one address of each public template in one language."""
    from catalogue.models import Centre
    from portal import addresses as portal_addresses

    addresses = portal_addresses.load()
    centre = Centre.objects.live().filter(level=Centre.Level.COMMUNE).exclude(address="").order_by("slug").first()
    assert centre, "There is no centre with an address: load the data first."
    names = sorted({name for _language, name in addresses.indexes})
    found = {name: addresses.url(name, language) for name in names}
    for name, query in SEARCHES.items():
        found[f"procedures, {name}"] = f"{found['procedures']}?q={quote(query)}"
    found["procedure"] = addresses.procedure(EVERYDAY, language)
    found["procedure with many papers"] = addresses.procedure(MANY_PAPERS, language)
    found["centre"] = addresses.centre(centre.slug, language)
    found["places, found"] = f"{found['places']}?q=H%E1%BA%A3i+Ch%C3%A2u"
    found["report"] = f"/{language}/report/"
    found |= composed(language)
    pages = [Address(template, language, url) for template, url in found.items()]
    return [*pages, Address("404", language, f"/{language}/no-such-page/", status=404)]


def composed(language: str) -> dict[str, str]:
    """Return one page of each kind that editors compose."""
    from portal import models

    found = {}
    for model in (models.SectionPage, models.GuidePage, models.NoticePage, models.InformationPage):
        page = model.objects.live().filter(locale__language_code=language).order_by("path").first()
        if page:
            found[model._meta.model_name or ""] = page.url
    return found
