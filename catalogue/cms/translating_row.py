"""The screen of one row: a language beside the Vietnamese, children included; what is saved waits for approval."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from catalogue import figures
from catalogue.asked_keys import is_key
from catalogue.cms.translating_cards import FILTERS, cards_of, is_in, sections_of
from catalogue.cms.translating_scope import kind_of, language_of, row_of
from catalogue.editing.owners import owner_of
from catalogue.editing.reach import today, who_can_approve
from catalogue.models import TranslationDraft
from catalogue.translating.drafts import Outcome, Written, save, withdraw
from catalogue.translating.groups import Group, drafts_of, groups_of, without_place
from catalogue.translating.kinds import Kind
from catalogue.translating.suggestions import Suggestion, suggest


@require_http_methods(["GET", "POST"])
def translate_row(request: HttpRequest, language: str, kind: str, pk: int) -> HttpResponse:
    """Show a row's texts beside their Vietnamese, and save what was written as drafts."""
    language_of(language)
    known = kind_of(kind)
    row = row_of(request, known, pk)
    show = request.GET.get("show", "")
    if request.method == "GET":
        return _page(request, known, row, language, show)
    if "withdraw" in request.POST:
        return _withdraw(request, known, row, language)
    written = _written(request, known, row, language)
    outcome = save(known, row, language, written, by=request.user, at=timezone.now())
    _tell(request, row, outcome)
    if outcome.slower or outcome.too_long or outcome.not_own or outcome.homeless:
        return _page(request, known, row, language, show, outcome)
    here = reverse("catalogue_translating:row", args=[language, kind, pk])
    take = request.POST.get("take", "")
    anchor = f"#t-{take}" if take in {group.id for group in outcome.saved} else ""
    return redirect(f"{here}?show={show}{anchor}" if show in FILTERS else f"{here}{anchor}")


def _written(request: HttpRequest, kind: Kind, row: Any, language: str) -> list[Written]:
    """Return what the form holds, with the suggestion that was taken."""
    data, taken = request.POST, request.POST.get("take", "")
    suggestions: dict[str, Suggestion] = {}
    if taken:
        groups = groups_of(kind, row, language)
        homeless = without_place(groups, drafts_of(row, language))
        suggestions = suggest(row, [one for one in groups if one.id == taken], language, homeless=homeless)
    ids = [name.removeprefix("text-") for name in data if name.startswith("text-")]
    return [
        Written(
            id=each,
            text=suggestions[each].text if each in suggestions else data.get(f"text-{each}", ""),
            was=data.get(f"was-{each}", ""),
            seen=data.get(f"seen-{each}", ""),
            is_kept=f"keep-{each}" in data,
        )
        for each in ids
    ]


def _withdraw(request: HttpRequest, kind: Kind, row: Any, language: str) -> HttpResponse:
    """Take back the person's own drafts of this row, or the one that is named."""
    wanted = request.POST.get("withdraw", "")
    drafts: QuerySet[TranslationDraft] = drafts_of(row, language)
    if is_key(wanted):
        drafts = drafts.filter(pk=wanted)
    count = withdraw(drafts, by=request.user)
    if count:
        messages.success(request, _("Withdrawn."))
    else:
        messages.error(request, _("Only who wrote a translation can withdraw it."))
    return redirect("catalogue_translating:row", language, kind.name, row.pk)


def _tell(request: HttpRequest, row: Any, outcome: Outcome) -> None:
    """Say what was saved, and for each text that needs something, what."""
    if outcome.saved:
        text = ngettext(
            "%(count)d text is saved; readers see it once it is approved.",
            "%(count)d texts are saved; readers see them once they are approved.",
            len(outcome.saved),
        )
        who = who_can_approve(owner_of(row), today(), but=[request.user.pk] if request.user.pk else [])
        messages.success(request, f"{text % {'count': len(outcome.saved)}} {who}")
    if outcome.withdrawn:
        messages.success(request, _("Withdrawn: what was emptied."))
    for group, difference in outcome.differing:
        text = _("The figures differ, so it can't be published: %(difference)s.")
        _warn(request, group, text % {"difference": figures.in_words(difference)})
    for group, _each in outcome.slower:
        _warn(request, group, _("Somebody was faster: see there. Your words are in the field and aren't saved yet."))
    for group, _each in outcome.too_long:
        _warn(request, group, _("It is longer than %(count)d characters.") % {"count": group.longest})
    for group, _each in outcome.not_own:
        _warn(request, group, _("Only who wrote a translation can withdraw it: write your own instead."))
    if not any((outcome.saved, outcome.withdrawn, outcome.slower, outcome.too_long, outcome.not_own, outcome.homeless)):
        messages.info(request, _("Nothing was changed."))


def _warn(request: HttpRequest, group: Group, why: str) -> None:
    source = Truncator(" ".join(group.source.split())).chars(60)
    messages.warning(request, format_html('<a href="#t-{}">«{}»</a>: {}', group.id, source, why))


def _page(
    request: HttpRequest, kind: Kind, row: Any, language: str, show: str, outcome: Outcome | None = None
) -> HttpResponse:
    groups = groups_of(kind, row, language)
    drafts = list(drafts_of(row, language))
    homeless = without_place(groups, drafts)
    typed = _problems(outcome) if outcome else {}
    cards = cards_of(row, groups, language, typed, homeless)
    counts = {name: sum(is_in(card.group, name) for card in cards) for name in FILTERS}
    shown = [card for card in cards if show not in FILTERS or card.group.id in typed or is_in(card.group, show)]
    waiting = TranslationDraft.objects.waiting().of_row(row).filter(language=language)
    names = {"missing": _("Missing"), "outdated": _("Outdated"), "unreviewed": _("Not reviewed")}
    names |= {"drafts": _("Waiting"), "returned": _("Sent back")}
    context = {
        "header_icon": "globe",
        "page_title": _("Translate: %(language)s") % {"language": language_of(language)},
        "page_subtitle": str(row),
        "language": language,
        "language_name": language_of(language),
        "kind": kind.name,
        "row": row,
        "sections": sections_of(shown),
        "filters": [(name, names[name], counts[name]) for name in FILTERS],
        "total": len(cards),
        "show": show,
        "homeless": homeless,
        "lost": outcome.homeless if outcome else [],
        "waiting": waiting.count(),
        "has_own": any(draft.writer_id == request.user.pk for draft in drafts),
        "has_vietnamese_draft": getattr(row, "has_unpublished_changes", False),
        "edit_url": reverse(kind.model.snippet_viewset.get_url_name("edit"), args=[row.pk]),  # type: ignore[attr-defined]
    }
    return TemplateResponse(request, "catalogue/translating/row.html", context)


def _problems(outcome: Outcome) -> dict[str, tuple[str, str]]:
    """Return by group what was typed and not saved, and why."""
    found: dict[str, tuple[str, str]] = {}
    for group, each in outcome.slower:
        if group.draft is not None:
            name = group.draft.writer.get_full_name() or group.draft.writer.get_username()
            why = _(
                "%(name)s saved other words after you opened this page; they stand below. "
                "Save again to put yours over them: theirs stay in the history."
            ) % {"name": name}
        else:
            why = _("The published words changed after you opened this page. Save again to propose yours.")
        found[group.id] = each.text, why
    for group, each in outcome.too_long:
        found[group.id] = each.text, _("It is longer than %(count)d characters.") % {"count": group.longest}
    for group, each in outcome.not_own:
        found[group.id] = each.text, _("Only who wrote a translation can withdraw it: write your own instead.")
    return found
