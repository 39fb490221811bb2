"""XLIFF out and in: the work list of a language or one row, for translators with tools of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from catalogue.cms.translating_scope import kind_of, language_of, row_of
from catalogue.editing.reach import today
from catalogue.translating.coverage import work_list
from catalogue.translating.exchange import Imported, row_texts, take_in
from catalogue.translating.kinds import KINDS, Kind
from catalogue.translating.xliff import MEGABYTES, RowTexts, XliffError, read, write

SHOWN_REFUSALS = 1000
FEW = 100


def _limit() -> str:
    return _("XLIFF 1.2, as it was exported here and filled in; at most %(size)d MB") % {"size": MEGABYTES}


class ImportForm(forms.Form):
    """A file from a translator's tool."""

    file = forms.FileField(
        label=gettext_lazy("XLIFF file"),
        help_text=lazy(_limit, str)(),
    )
    may_replace = forms.BooleanField(
        label=gettext_lazy("Put over newer drafts"),
        required=False,
        help_text=gettext_lazy("Only where the file should win over what somebody wrote after it was exported"),
    )


@require_GET
def export_row(request: HttpRequest, language: str, kind: str, pk: int) -> HttpResponseBase:
    """Give one row's texts, all of them."""
    language_of(language)
    known = kind_of(kind)
    row = row_of(request, known, pk)
    return _file(f"{kind}-{pk}-{language}", language, row_texts(known, [(row.pk, str(row))], language))


@require_GET
def export_work(request: HttpRequest, language: str) -> HttpResponseBase:
    """Give what is missing or outdated of a kind, or of all kinds; `few` takes the most important rows only."""
    language_of(language)
    name = request.GET.get("kind", "")
    kinds = [kind_of(name)] if name else list(KINDS.values())
    most = FEW if "few" in request.GET else None

    def rows() -> Iterator[RowTexts]:
        for kind in kinds:
            yield from _left_to_do(kind, language, request.user, most)

    return _file(f"{name or 'all'}-{language}", language, rows())


@require_http_methods(["GET", "POST"])
def take_in_file(request: HttpRequest, language: str) -> HttpResponse:
    """Take a file, and report each line that was refused."""
    name = language_of(language)
    form = ImportForm(request.POST or None, request.FILES or None)
    imported: Imported | None = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        may_replace = form.cleaned_data["may_replace"]
        try:
            # Read whole before anything is written: a file that breaks off in the middle writes nothing.
            units = list(read(file, file.size, language))
            asked: dict[str, Any] = {"by": request.user, "at": timezone.now(), "day": today()}
            imported = take_in(units, language, may_replace=may_replace, **asked)
        except XliffError as error:
            form.add_error("file", str(error))
    context = {
        "header_icon": "globe",
        "page_title": _("Take in an XLIFF file"),
        "page_subtitle": name,
        "language": language,
        "form": form,
        "imported": imported,
        "refused": imported.refused[:SHOWN_REFUSALS] if imported else [],
        "hidden": max(0, len(imported.refused) - SHOWN_REFUSALS) if imported else 0,
    }
    return TemplateResponse(request, "catalogue/translating/import.html", context)


def _left_to_do(kind: Kind, language: str, user: Any, most: int | None) -> Iterator[RowTexts]:
    works = work_list(kind, language, user, today())[:most]
    return row_texts(kind, [(work.row.pk, str(work.row)) for work in works], language, left_only=True)


def _file(name: str, language: str, rows: Iterator[RowTexts]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(write(language, rows, timezone.now()), content_type="application/xliff+xml")
    response["Content-Disposition"] = f'attachment; filename="{name}.xlf"'
    return response
