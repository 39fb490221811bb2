"""schema.org's GovernmentService for a procedure's page."""

from __future__ import annotations

import json

from django.utils.safestring import SafeString, mark_safe

from portal.procedures.reading import Parts
from portal.texts import text

_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def service(parts: Parts, context: dict[str, object], base: dict[str, object]) -> SafeString:
    """Return the page's data block, escaped for a script element."""
    procedure = parts.procedure
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": procedure.title,
        "alternateName": procedure.name_vi,  # type: ignore[attr-defined]
        "identifier": procedure.code,
        "url": base["canonical"],
        "serviceType": str(context["field_name"]),
        "areaServed": {"@type": "AdministrativeArea", "name": base["province_name"]},
        "availableLanguage": [alternate.tag for alternate in base["alternates"]],  # type: ignore[attr-defined]
        "provider": [{"@type": "GovernmentOrganization", "name": str(text(role, "name"))} for role in parts.roles],
        "audience": [{"@type": "Audience", "name": str(text(row, "name"))} for row in parts.audiences],
        "serviceOutput": [{"@type": "Thing", "name": str(text(row, "name"))} for row in parts.results],
    }
    submit = context["submit"]
    if isinstance(submit, dict) and submit:
        data["availableChannel"] = {"@type": "ServiceChannel", "serviceUrl": submit["url"]}
    return for_script(data)


def for_script(data: dict[str, object]) -> SafeString:
    """Return a data block as JSON, escaped so that nothing in it can end its script element."""
    return mark_safe(json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES))
