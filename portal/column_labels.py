"""How a column of one language is called on the editors' screens: «name (in English)»."""

from __future__ import annotations

from django.utils.translation import gettext


def label_of_column(name: object, language: str) -> str:
    """Return the label of a translated column: the Vietnamese one has the plain name, one more language its code."""
    if language == "vi":
        return str(name)
    # Here and not above: the settings import this module, and texts ask for the settings.
    labels = {
        "en": gettext("%(name)s (in English)"),
        "zh-hans": gettext("%(name)s (in Chinese)"),
        "ko": gettext("%(name)s (in Korean)"),
        "ja": gettext("%(name)s (in Japanese)"),
    }
    return labels[language] % {"name": name} if language in labels else f"{name} ({language})"
