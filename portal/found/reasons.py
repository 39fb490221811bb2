"""Why a procedure was found, in a quiet line, where its title doesn't say it."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from catalogue.text import fold
from portal.found.marking import Wanted, mark
from portal.texts import SOURCE, Text
from search.documents import NAME, SITUATION
from search.public import Hit


def reason(hit: Hit, title: Text, page_language: str, what: Wanted) -> str | SafeString:
    """Return the line, empty where the title itself or the code is what fitted."""
    if not hit.why:
        return _("Why: these words stand in its papers or text")
    if hit.why == hit.name or f" {fold(hit.why)} " in f" {fold(title.text)} ":
        return ""
    shown = mark(hit.why, hit.why_language, what)
    if hit.why_language != page_language:
        tag = "zh-Hans" if hit.why_language == "zh-hans" else hit.why_language
        shown = format_html('<span lang="{}">{}</span>', tag, shown)
    if hit.why_role == NAME and hit.why_language == SOURCE != title.lang:
        return format_html(_("Why: its Vietnamese name “{text}”"), text=shown)
    if hit.why_role == NAME:
        return format_html(_("Why: also called “{text}”"), text=shown)
    if hit.why_role == SITUATION:
        return format_html(_("Why: needed when “{text}”"), text=shown)
    return format_html(_("Why: “{text}”"), text=shown)
