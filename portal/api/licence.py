"""Under which licence the data goes out, where it comes from, and of which day it is."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

NAME = "CC-BY-4.0"
TITLE = "Creative Commons Attribution 4.0 International"
ADDRESS = "https://creativecommons.org/licenses/by/4.0/"
SCOPE = (
    "Legal content: public record of Vietnamese authorities, no copyright "
    "(Luật Sở hữu trí tuệ Điều 15). This compilation: CC BY 4.0."
)
SOURCE = "Cổng Dịch vụ công quốc gia (National Public Service Portal)"


def statement(day: dt.date) -> dict[str, object]:
    """Return what every JSON file says of itself."""
    return {
        "licence": {"name": NAME, "url": ADDRESS, "scope": SCOPE},
        "generated_on": day.isoformat(),
        "source": {"publisher": settings.BASE_URL, "origin": SOURCE},
    }


def links(described_by: str) -> str:
    """Return the Link header of a file that can't say it itself (RFC 8288)."""
    return f'<{ADDRESS}>; rel="license", <{described_by}>; rel="describedby"'
