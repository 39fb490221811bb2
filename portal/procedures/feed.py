"""What changed last, as Atom (RFC 4287)."""

from __future__ import annotations

import datetime as dt
import unicodedata

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from catalogue.models import Procedure
from catalogue.text import display_name
from portal.addresses import Addresses, load
from portal.models import ProcedureIndexPage
from portal.texts import text

ENTRIES = 50
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class ChangesFeed(Atom1Feed):
    """Atom whose entries say their own language, and whose date is that of the last change."""

    def item_attributes(self, item: dict[str, object]) -> dict[str, str]:
        """Return `xml:lang` for an entry that isn't in the feed's language."""
        return {"xml:lang": str(item["language"])} if item["language"] != self.feed["language"] else {}

    def latest_post_date(self) -> dt.datetime:
        """Return when the newest entry changed: two readings without a change between are alike."""
        return max((item["updateddate"] for item in self.items), default=EPOCH)


def procedure_feed(request: HttpRequest, index_page: ProcedureIndexPage) -> HttpResponse:
    """Send the procedures that changed last, in the page's language (two queries)."""
    addresses = load()
    home = settings.BASE_URL + addresses.url("procedures")
    feed = ChangesFeed(
        title=printable(index_page.title),
        link=home,
        description="",
        subtitle=_("Procedures that changed last"),
        language=tag(get_language() or settings.LANGUAGE_CODE),
        feed_url=f"{home}feed.atom",
        author_name=settings.WAGTAIL_SITE_NAME,
    )
    for procedure in changed_last():
        add(feed, procedure, addresses)
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def changed_last() -> list[Procedure]:
    """Return the published procedures whose change is dated, the newest first."""
    names = [f"name_{code.replace('-', '_')}" for code, _name in settings.LANGUAGES]
    fields = [f"field__{name}" for name in names]
    rows = Procedure.objects.public(settings.PROVINCE_CODE).filter(updated_at__isnull=False)
    ordered = rows.select_related("field").only("code", "status", "updated_at", *names, *fields)
    return list(ordered.order_by("-updated_at", "code")[:ENTRIES])


def add(feed: ChangesFeed, procedure: Procedure, addresses: Addresses) -> None:
    """Add an entry: its permanent address is its identifier."""
    name = text(procedure, "name")
    address = settings.BASE_URL + addresses.procedure(procedure.code)
    facts = [procedure.code, text(procedure.field, "name", name.lang).text]
    title = display_name(name.text)
    if procedure.status == Procedure.Status.ABOLISHED:
        with override(name.lang):
            title = f"{title} ({_('abolished')})"
    feed.add_item(
        title=printable(title),
        link=address,
        description=escape(printable(" · ".join(facts))),
        unique_id=address,
        updateddate=procedure.updated_at,
        language=tag(name.lang),
    )


def tag(language: str) -> str:
    """Return the BCP 47 tag: «zh-Hans»."""
    return "zh-Hans" if language == "zh-hans" else language


def printable(value: str) -> str:
    """Return the text without control characters, which XML can't hold."""
    return "".join(letter for letter in value if unicodedata.category(letter) != "Cc")
