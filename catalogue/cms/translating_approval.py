"""The second person's screens: what waits, and the three texts side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from catalogue import figures
from catalogue.cms.translating_scope import kind_of, language_of, row_of
from catalogue.editing.four_eyes import NotApprovedError
from catalogue.editing.reach import today
from catalogue.models import TranslationDraft
from catalogue.translating.approving import (
    TranslationNotPublishedError,
    Waiting,
    approve,
    refusal,
    send_back,
    waiting_of,
)
from catalogue.translating.kinds import KINDS, languages

PER_PAGE = 50
LONGEST_NOTE = 2000


@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """List the rows whose translations wait, the longest waiting last written first."""
    drafts = TranslationDraft.objects.waiting().visible_to(request.user, today()).order_by()
    rows = drafts.values("root_kind", "root", "language").annotate(count=Count("pk"), written_at=Max("written_at"))
    page: Any = Paginator(rows.order_by("written_at", "root_kind", "root", "language"), PER_PAGE).get_page(
        request.GET.get("p")
    )
    found = list(page.object_list)
    names = dict(languages())
    known = {
        (kind, row.pk): row
        for kind in {each["root_kind"] for each in found}
        for row in KINDS[kind].model._default_manager.filter(
            pk__in=[each["root"] for each in found if each["root_kind"] == kind]
        )
    }
    lines = [
        {
            **each,
            "row": known.get((each["root_kind"], each["root"])),
            "language_name": names.get(each["language"], each["language"]),
            "kind": capfirst(str(KINDS[each["root_kind"]].model._meta.verbose_name)),
        }
        for each in found
    ]
    context = {
        "header_icon": "globe",
        "page_title": _("Translations that wait for approval"),
        "lines": [line for line in lines if line["row"] is not None],
        "page": page,
    }
    return TemplateResponse(request, "catalogue/translating/waiting.html", context)


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, language: str, kind: str, pk: int) -> HttpResponse:
    """Show Vietnamese, published and new translation side by side; publish what was chosen or send it back."""
    language_of(language)
    known = kind_of(kind)
    row = row_of(request, known, pk)
    if request.method == "POST":
        _decide(request, known, row, language)
        left = TranslationDraft.objects.waiting().of_row(row).filter(language=language).exists()
        if not left:
            return redirect("catalogue_translating:row", language, kind, pk)
        return redirect("catalogue_translating:decide", language, kind, pk)
    found = waiting_of(known, row, language)
    context = {
        "header_icon": "globe",
        "page_title": _("Approve a translation"),
        "page_subtitle": str(row),
        "language": language,
        "language_name": language_of(language),
        "kind": kind,
        "row": row,
        "lines": [(each, _obstacle(each, row, request.user)) for each in found],
        "names": _names(found),
        "can_decide": any(not refusal(row, [each], request.user, today()) for each in found),
        "refusal": refusal(row, found, request.user, today()),
    }
    return TemplateResponse(request, "catalogue/translating/decide.html", context)


def _decide(request: HttpRequest, kind: Any, row: Any, language: str) -> None:
    """Carry out what the form says, and say what came of it."""
    act, note = request.POST.get("act", ""), request.POST.get("note", "").strip()[:LONGEST_NOTE]
    keys = request.POST.getlist("all" if act == "approve-all" else "text")
    asked: dict[str, Any] = {"by": request.user, "at": timezone.now(), "day": today()}
    try:
        if act in ("approve", "approve-all"):
            count = approve(kind, row, language, keys, **asked)
            text = ngettext(
                "Approved: readers see %(count)d text now.", "Approved: readers see %(count)d texts now.", count
            )
            messages.success(request, text % {"count": count})
        elif act == "return" and not note:
            messages.error(request, _("Write what is wrong with it, so that its writers know."))
        elif act == "return":
            send_back(kind, row, language, keys, note=note, **asked)
            messages.success(request, _("Sent back to its writers."))
    except NotApprovedError as error:
        messages.error(request, _("Not approved. %(why)s") % {"why": error})
    except TranslationNotPublishedError as error:
        messages.error(request, str(error))


def _obstacle(each: Waiting, row: Any, user: Any) -> str:
    """Return why this one can't be approved as it stands; empty where it can."""
    if not each.texts:
        return _("Its Vietnamese is gone: send it back.")
    if each.is_outdated:
        return _("The Vietnamese has changed since it was translated: send it back.")
    if difference := each.difference:
        return _("The figures differ: %(difference)s.") % {"difference": figures.in_words(difference)}
    return refusal(row, [each], user, today())


def _names(found: list[Waiting]) -> str:
    writers = {draft.writer for each in found for draft in each.drafts}
    return ", ".join(sorted(user.get_full_name() or user.get_username() for user in writers))
