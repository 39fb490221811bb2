"""Template tags of the public pages: texts with their language, figures by the reader's habit."""

from __future__ import annotations

import datetime as dt

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.models import OpeningHours, Procedure
from catalogue.text import display_name
from portal import formatting
from portal.addresses import Addresses, load
from portal.texts import SOURCE, Text, text

register = template.Library()


@register.filter
def shown(value: Text | str) -> str | SafeString:
    """Print a text, inside a `lang` where it isn't in the page's language."""
    if isinstance(value, Text) and value.is_fallback:
        return format_html('<span lang="{}">{}</span>', value.lang, value.text)
    return str(value)


@register.filter
def lang_attr(value: Text) -> str | SafeString:
    """Print the `lang` attribute of an element that holds a text in another language."""
    return format_html(' lang="{}"', value.lang) if isinstance(value, Text) and value.is_fallback else ""


@register.filter
def column(row: object, name: str) -> Text:
    """Return a row's translated column with its language."""
    return text(row, name)  # type: ignore[arg-type]


@register.filter
def day(value: dt.date | None) -> str | SafeString:
    """Print a date, or that it isn't published."""
    return format_html('<span class="num">{}</span>', formatting.date(value)) if value else not_published()


@register.filter
def moment(value: dt.datetime) -> SafeString:
    """Print a day and the time of day where the office is."""
    local = timezone.localtime(value)
    written = f"{formatting.date(local.date())}, {formatting.clock(local.time())}"
    return format_html('<time class="num" datetime="{}">{}</time>', local.isoformat(timespec="minutes"), written)


@register.filter
def clock(value: dt.time) -> str:
    """Print a time of day."""
    return formatting.clock(value)


@register.filter
def grouped(value: int) -> str:
    """Print a number in groups of three."""
    return formatting.grouped(value)


@register.filter
def phone(value: str) -> SafeString:
    """Print a telephone number as a link, in groups."""
    return format_html('<a class="num" href="tel:{}">{}</a>', formatting.phone_link(value), formatting.phone(value))


@register.simple_tag
def not_published() -> SafeString:
    """Print the blank of a form: this isn't published."""
    return format_html('<span class="np">{}</span>', _("Not published"))


@register.simple_tag
def vi() -> SafeString:
    """Print ` lang="vi"` on pages that aren't Vietnamese, for texts that are."""
    return mark_safe(' lang="vi"') if get_language() != SOURCE else mark_safe("")


@register.filter
def weekday(value: dt.date) -> str:
    """Print the day of the week."""
    return str(OpeningHours.Day(value.weekday()).label)


@register.filter
def language_names(codes: str) -> str:
    """Print language codes with commas as the languages' own names."""
    names = dict(settings.LANGUAGES)
    return ", ".join(names.get(code.strip(), code.strip()) for code in codes.split(","))


@register.filter
def title_text(row: Procedure) -> Text:
    """Return a procedure's name as people say it, with its language."""
    name = text(row, "name")
    return name._replace(text=display_name(name.text))


@register.filter
def centre_url(addresses: Addresses, slug: str) -> str:
    """Return the address of a centre."""
    return addresses.centre(slug)


@register.simple_tag(takes_context=True)
def index_url(context: template.Context, name: str) -> str:
    """Return the address of an index page in the reader's language."""
    return addresses_of(context).url(name)


@register.simple_tag(takes_context=True)
def procedure_url(context: template.Context, code: str) -> str:
    """Return the permanent address of a procedure in the reader's language."""
    return addresses_of(context).procedure(code)


def addresses_of(context: template.Context) -> Addresses:
    """Return the addresses that the view read, or read them."""
    found = context.get("addresses")
    return found if isinstance(found, Addresses) else load()


@register.simple_tag
def procedures_by_code(codes: list[str]) -> list[dict[str, object]]:
    """Return the published procedures with these codes, in this order; unknown codes are left out."""
    rows = Procedure.objects.public(settings.PROVINCE_CODE).filter(code__in=list(codes))
    by_code = {row.code: row for row in rows}
    return [{"row": by_code[code], "title": title_text(by_code[code])} for code in codes if code in by_code]
