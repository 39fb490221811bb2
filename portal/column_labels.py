"""How a column of one language is called on the editors' screens: «name (in English)»."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

LABELS = {
    "en": gettext_noop("%(name)s (in English)"),
    "zh-hans": gettext_noop("%(name)s (in Chinese)"),
    "ko": gettext_noop("%(name)s (in Korean)"),
    "ja": gettext_noop("%(name)s (in Japanese)"),
}


def label_of_column(name: object, language: str) -> str:
    """Return the label of a translated column: the Vietnamese one has the plain name, one more language its code."""
    if language == "vi":
        return str(name)
    if language not in LABELS:
        return f"{name} ({language})"
    return gettext(LABELS[language]) % {"name": name}
