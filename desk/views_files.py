"""Files of a dossier: put in, looked at, taken home, taken out; each by whoever may do that with the dossier."""

from __future__ import annotations

import datetime as dt
import functools
import json
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from desk import attaching, uploads
from desk.access import get_dossier_for
from desk.actors import Actor
from desk.files import kinds, opening, scanning, storing
from desk.forms_files import FileForm, RemovalForm
from desk.models import Dossier, DossierFile, DossierResult, What
from desk.refusals import ActRefused
from desk.views.doors import draw, spoken, traced

audit = logging.getLogger("desk.audit")
logger = logging.getLogger(__name__)

WIDTHS = {"thumbnail": 240, "page": 1240}
"""Pixels across: a list's picture, and A4 to be read (150 dpi)."""
REST_OF_FORM = 65_536
"""Bytes of an upload's request beside the file."""
_PIECE = 1 << 16
TOO_LARGE = 413

View = Callable[..., HttpResponseBase]


def bounded_by(most: Callable[[], int], told: Callable[[], str], page: View | None = None) -> Callable[[View], View]:
    """Refuse a request that says it is larger than `most` bytes before a byte of it is read, and say why.

    `page` draws the answer, from the request, the view's arguments and what is `told`; else it is told in plain text.

    The check against forgery reads the whole form, so it comes after this, not before as elsewhere. A request that is
    refused here changes nothing.
    """

    def decorator(view: View) -> View:
        protected = csrf_protect(view)

        @csrf_exempt
        @functools.wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if int(request.META.get("CONTENT_LENGTH") or 0) > most() + REST_OF_FORM:
                if page is not None:
                    return page(request, *args, told(), status=TOO_LARGE, **kwargs)
                return HttpResponse(told(), status=TOO_LARGE, content_type="text/plain; charset=utf-8")
            return protected(request, *args, **kwargs)

        return inner

    return decorator


@traced
def refuse_too_large(request: HttpRequest, told: str, *, code: str, status: int) -> HttpResponse:
    """Show a dossier's files with why one was too large, and what to do."""
    return refused(request, code, told, status=status)


bounded = bounded_by(uploads.max_bytes, lambda: str(uploads.too_large().messages[0]), refuse_too_large)
"""For one file."""


def private(view: View) -> View:
    """Let what a view sends be kept by nobody, guessed at by nobody and run by nobody."""

    @functools.wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return inner


@login_required
@spoken
@bounded
@require_http_methods(["GET", "HEAD", "POST"])
@traced
def files(request: HttpRequest, code: str) -> HttpResponseBase:
    """Show a dossier's files; POST adds one."""
    return attach(request, code) if request.method == "POST" else show(request, *opened(request, code))


def opened(request: HttpRequest, code: str) -> tuple[Dossier, Actor]:
    """Return the dossier, and the person as an actor."""
    return get_dossier_for(request.user, code, timezone.now(), what=What.PAGE)


def refused(request: HttpRequest, code: str, *faults: str, status: int = 400) -> HttpResponse:
    """Show the files again with why one wasn't taken; what was chosen besides it stays chosen.

    `faults` are those of the file; without them the form says by itself what is wrong.
    """
    dossier, actor = opened(request, code)
    if not attaching.may_attach(dossier, actor):
        return show(request, dossier, actor, status=403)
    # What is too large isn't read: of such a form nothing is known.
    typed = {} if status == TOO_LARGE else request.POST.dict()
    form = FileForm(typed | {"seen": dossier.last_number}, None if faults else request.FILES, dossier=dossier)
    form.full_clean()
    if faults:
        form.errors.pop("file", None)
    for fault in faults:
        form.add_error("file", fault)
    return show(request, dossier, actor, form=form, status=status)


def show(
    request: HttpRequest,
    dossier: Dossier,
    actor: Actor,
    *,
    form: FileForm | None = None,
    kept: int = 0,
    removal: RemovalForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show what a dossier holds, with a form for one more to whoever may add it.

    `form` and `removal`: with what was typed, where it was refused; `kept` is the key of the file to be taken out.
    """
    seen = {"seen": dossier.last_number}
    is_result = Exists(DossierResult.objects.filter(file=OuterRef("pk")))
    files = dossier.files.filter(removed_at=None).annotate(is_result=is_result).select_related("uploaded_by")
    fresh = FileForm(initial=seen, dossier=dossier) if attaching.may_attach(dossier, actor) else None
    shown: dict[str, Any] = {
        "dossier": dossier,
        "files": files.prefetch_related("papers").order_by("pk"),
        "form": form or fresh,
        "may_tie": attaching.may_tie(dossier, actor),
        "removal": RemovalForm(initial=seen, auto_id=False) if attaching.may_remove(dossier, actor) else None,
        "kept": kept,
        "refused": removal,
        "is_scanned": scanning.is_on(),
        "limit": settings.DESK_FILE_MAX_MB,
    }
    return draw(request, actor, "files", title=_("Files"), status=status, **shown)


def attach(request: HttpRequest, code: str) -> HttpResponse:
    """Add a file to a dossier."""
    at = timezone.now()
    dossier, actor = get_dossier_for(request.user, code, at, what=What.PAGE, act="attach_file")
    form = FileForm(request.POST, request.FILES, dossier=dossier)
    if not form.is_valid():
        return refused(request, code)
    asked = form.cleaned_data
    kind = asked["kind"] or DossierFile.Kind.PAPER
    more = {"kind": kind, "seen": asked["seen"], "paper": asked["paper"]}
    try:
        attaching.attach_file(dossier.pk, asked["file"], by=actor, at=at, **more)
    except ValidationError as error:
        return refused(request, code, *error.messages)
    except ActRefused as error:
        return refused(request, code, str(error))
    messages.success(request, _("The file was added."))
    return redirect("desk:files", code=dossier.code)


@login_required
@spoken
@require_POST
@traced
def remove(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """Take a file out of a dossier."""
    at = timezone.now()
    file, actor = get_file_for(request.user, code, pk, at, what=What.PAGE, act="remove_file")
    form = RemovalForm(request.POST, auto_id=False)
    if not form.is_valid():
        return show(request, *opened(request, code), kept=pk, removal=form, status=400)
    asked = form.cleaned_data
    try:
        attaching.remove_file(file, by=actor, at=at, reason=asked["reason"], seen=asked["seen"])
    except ActRefused as error:
        return said(request, file.dossier, str(error))
    messages.success(request, _("The file was removed."))
    return redirect("desk:files", code=file.dossier.code)


@login_required
@require_safe
@private
@traced
def download(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """Send a file as it was uploaded, to be saved under its name."""
    file, _actor = get_file_for(request.user, code, pk, timezone.now())
    whole(file)
    note(request, file)
    sent = storing.storage().open(file.place)
    response = FileResponse(sent, as_attachment=True, filename=file.name, content_type=file.media_type)
    response.block_size = _PIECE
    response["Content-Length"] = file.size
    return response


@login_required
@spoken
@require_safe
@traced
def look(request: HttpRequest, code: str, pk: int, page: int) -> HttpResponse:
    """Show one page of a file, with the ways to the pages around it."""
    file, actor = get_file_for(request.user, code, pk, timezone.now())
    last = file.pages or 0
    if not 1 <= page <= last:
        raise Http404
    shown: dict[str, Any] = {
        "file": file,
        "page": page,
        "before": page - 1 if page > 1 else None,
        "after": page + 1 if page < last else None,
    }
    return draw(request, actor, "file_page", title=file.name, **shown)


@login_required
@require_safe
@private
@traced
def preview(request: HttpRequest, code: str, pk: int, page: int, size: str) -> HttpResponseBase:
    """Draw a page of a PDF, or an image, anew: nothing of the file itself reaches the browser."""
    # The small picture is a part of the dossier's page.
    what = What.PAGE if size == "thumbnail" else What.FILE
    file, _actor = get_file_for(request.user, code, pk, timezone.now(), what=what)
    kind = kinds.BY_MEDIA_TYPE.get(file.media_type)
    if kind is None or not kind.has_preview or size not in WIDTHS or not 1 <= page <= (file.pages or 0):
        raise Http404
    whole(file)
    note(request, file)
    try:
        with storing.storage().open(file.place) as content:
            drawn, media_type = opening.drawn(content, kind, page=page, width=WIDTHS[size])
    except opening.CannotOpen:
        told = _("This page can't be drawn here. Download the file to look at it.")
        return HttpResponse(told, status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(drawn, content_type=media_type)


def get_file_for(
    user: Any, code: str, pk: int, at: dt.datetime, *, what: str = What.FILE, act: str = ""
) -> tuple[DossierFile, Actor]:
    """Return a file of a dossier that this person may see, and the person as an actor.

    Http404 where there is none (any more), PermissionDenied where the posts don't allow `act`.
    """
    dossier, actor = get_dossier_for(user, code, at, what=what, act=act)
    file = dossier.files.filter(pk=pk, removed_at=None).first()
    if file is None:
        raise Http404
    file.dossier = dossier
    return file, actor


def whole(file: DossierFile) -> None:
    """Refuse to send what isn't what was uploaded."""
    if fault := storing.fault_of(file.place, size=file.size, sha256=file.sha256):
        logger.error("File %s of dossier %s is %s in the store.", file.pk, file.dossier_id, fault)
        raise Http404


def note(request: HttpRequest, file: DossierFile) -> None:
    """Write down who looks at a file."""
    line = {"event": "dossier.file_read", "dossier": file.dossier.code, "file": file.place, "user": request.user.pk}
    audit.info(json.dumps(line))


def said(request: HttpRequest, dossier: Dossier, *reasons: str) -> HttpResponse:
    """Go back to the dossier's files with why it wasn't done."""
    for reason in reasons:
        messages.error(request, reason)
    return redirect("desk:files", code=dossier.code)
