"""What every public page carries: languages, menus, the hotline, the share tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.models import AdministrativeUnit, Centre, Hotline, Notice
from portal import notices
from portal.addresses import Addresses, load
from portal.hotlines import public_hotlines
from portal.models import PortalPage


@dataclass(frozen=True)
class Alternate:
    """The same page in another language."""

    code: str
    name: str
    url: str
    is_current: bool

    @property
    def tag(self) -> str:
        """Return the BCP 47 tag: «zh-Hans»."""
        return "zh-Hans" if self.code == "zh-hans" else self.code


def province() -> AdministrativeUnit | None:
    """Return the province whose portal this is (None before the places are loaded)."""
    today = AdministrativeUnit.objects.on(timezone.localdate())
    return today.filter(level=AdministrativeUnit.Level.PROVINCE, code=settings.PROVINCE_CODE).first()


def province_hotline() -> Hotline | None:
    """Return the hotline of the provincial centre or of a provincial agency, the 24/7 one first."""
    level = AdministrativeUnit.Level.PROVINCE
    return public_hotlines().filter(Q(centre__place__level=level) | Q(agency__place__level=level)).first()


def alternates(urls: dict[str, str]) -> list[Alternate]:
    """Return the languages that the page exists in, in the order of the settings."""
    active = get_language()
    return [Alternate(code, name, urls[code], code == active) for code, name in settings.LANGUAGES if code in urls]


def everywhere(name: str, tail: str = "", *, addresses: Addresses) -> dict[str, str]:
    """Return the address of an index plus a tail in each language."""
    return {
        code: addresses.indexes[code, name].url + tail
        for code, _name in settings.LANGUAGES
        if (code, name) in addresses.indexes
    }


def frame(
    request: HttpRequest,
    *,
    title: str,
    urls: dict[str, str],
    addresses: Addresses | None = None,
    summary: str = "",
    own: AdministrativeUnit | None = None,
    kept: str = "",
    line: Hotline | Literal[False] | None = False,
    centre: Centre | None = None,
    known: Sequence[Notice] | None = None,
) -> dict[str, object]:
    """Return the context of `portal/base.html` for one page.

    `urls` holds the page's address in each language it exists in, without the host; `own` is the
    province, where the view has read it already; `kept` is the query string («?q=…») that goes along
    into another language and into a report; `line` is the province's hotline, False where it isn't read yet.
    Notices are the province's and those of `centre`, out of `known` where they were read already.
    """
    now = timezone.now()
    addresses = addresses or load()
    language = get_language() or settings.LANGUAGE_CODE
    own = own or province()
    place = (own.local_name or own.bare_name) if own else ""
    return {
        "addresses": addresses,
        "alternates": alternates(urls),
        "base_url": settings.BASE_URL,
        "canonical": settings.BASE_URL + urls.get(language, request.path),
        "default_url": settings.BASE_URL + urls.get("vi", "/"),
        "frame_title": title,
        "hotline": province_hotline() if line is False else line,
        "kept_query": kept,
        "language": language,
        "menu": addresses.menu.get(language, []),
        "notices": notices.shown(notices.read(now) if known is None else known, now, centre),
        "province_name": place,
        "site_title": " – ".join(filter(None, [title, f"Một Cửa {place}".strip()])),
        "summary": summary or _("Administrative procedures: what to bring, where to go, how long, how much."),
    }


def of_page(request: HttpRequest, page: PortalPage) -> dict[str, object]:
    """Return the frame of a composed page, with its translations."""
    others = PortalPage.objects.live().filter(translation_key=page.translation_key)
    urls = dict(others.values_list("locale__language_code", "url_path"))
    return frame(request, title=page.title, urls=urls, summary=page.search_description or page.summary)
