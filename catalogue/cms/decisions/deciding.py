"""Sending a decision on, approving it, leaving lines out, sending it back, withdrawing it and calling it off."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalogue.asked_keys import keys_in
from catalogue.changesets import approving, writing
from catalogue.changesets.approving import Outcome
from catalogue.changesets.writing import ChangeSetError
from catalogue.cms.decisions.access import visible
from catalogue.editing.reach import today, who_can_approve
from catalogue.models import ChangeLine, ChangeSet

LONGEST_NOTE = 2000
_SHOWN = 5


def submit(request: HttpRequest, change_set: ChangeSet) -> None:
    """Send it on for approval, and say who can give it."""
    writing.submit(change_set.pk, by=request.user, at=timezone.now())
    wrote = set(change_set.writers.values_list("pk", flat=True)) | {request.user.pk or 0}
    who = who_can_approve(change_set.agency_id, today(), but=wrote)
    messages.success(request, _("It waits for approval; nothing has changed yet. %(who)s") % {"who": who})


def withdraw(request: HttpRequest, change_set: ChangeSet) -> None:
    """Take it back."""
    writing.withdraw(change_set.pk, by=request.user)
    messages.success(request, _("Withdrawn."))


def approve(request: HttpRequest, change_set: ChangeSet) -> None:
    """Approve the chosen lines, or with `all` every open one; those that can't be are named with the reason."""
    lines = change_set.lines.filter(status=ChangeLine.Status.OPEN).only("change_set", "written_at")
    stamps = request.POST.getlist("stamp")
    if "all" in request.POST:
        # Approved is what the page was opened over: of a line written later its stamp is younger.
        seen = request.POST.get("seen", "")
        stamps = [writing.line_stamp(line) for line in lines if line.written_at.isoformat() <= seen]
        pks = [line.pk for line in lines]
    else:
        pks = keys_in(request.POST.getlist("line"))
    if not pks:
        raise ChangeSetError(_("Choose at least one line."))
    outcome = approving.approve(change_set.pk, pks, by=request.user, at=timezone.now(), day=today(), stamps=stamps)
    _say(request, change_set, outcome)


def leave_out(request: HttpRequest, change_set: ChangeSet) -> None:
    """Leave the chosen lines out for good."""
    pks = keys_in(request.POST.getlist("line"))
    left = approving.leave_out(change_set.pk, pks, by=request.user, at=timezone.now(), day=today())
    messages.success(request, _("Left out: %(count)d.") % {"count": left})


def send_back(request: HttpRequest, change_set: ChangeSet) -> None:
    """Send it back with what is wrong with it."""
    approving.send_back(change_set.pk, by=request.user, day=today(), note=_note(request))
    messages.success(request, _("Sent back to its writers."))


def cancel(request: HttpRequest, change_set: ChangeSet) -> None:
    """Call off what waits for its day."""
    approving.cancel(change_set.pk, by=request.user, at=timezone.now(), day=today(), note=_note(request))
    messages.success(request, _("Called off: the present text stays in force."))


ACTS: dict[str, Callable[[HttpRequest, ChangeSet], None]] = {
    "submit": submit,
    "withdraw": withdraw,
    "approve": approve,
    "leave-out": leave_out,
    "send-back": send_back,
    "cancel": cancel,
}


@require_POST
def act_on(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Do one of the acts on a set that the person may see, and say what came of it."""
    change_set = get_object_or_404(visible(request), pk=pk)
    try:
        ACTS[act](request, change_set)
    except ChangeSetError as error:
        messages.error(request, str(error))
    return redirect("catalogue_sets:set", pk)


def _note(request: HttpRequest) -> str:
    note = request.POST.get("note", "").strip()[:LONGEST_NOTE]
    if not note:
        raise ChangeSetError(_("Write what is wrong with it, so that its writers know."))
    return note


def _say(request: HttpRequest, change_set: ChangeSet, outcome: Outcome) -> None:
    if outcome.refused:
        shown = " ".join(f"{code}: {why}" for code, why in list(outcome.refused.items())[:_SHOWN])
        messages.error(request, _("Not approved: %(count)d. %(why)s") % {"count": len(outcome.refused), "why": shown})
    if not outcome.approved:
        return
    if outcome.is_in_force:
        messages.success(request, _("Approved and in force: %(count)d.") % {"count": outcome.approved})
        return
    if outcome.is_under_way:
        text = _("Approved: %(count)d. So many take a few minutes: readers then see all of them at once.")
        messages.success(request, text % {"count": outcome.approved})
        return
    assert change_set.effective_on is not None
    day = date_format(change_set.effective_on, "d/m/Y")
    text = _("Approved: %(count)d. Readers see them on %(day)s.")
    messages.success(request, text % {"count": outcome.approved, "day": day})
