"""Adding, editing and removing rows: drafts where a kind has them, proposals where it hasn't."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.snippets.views.snippets import CreateView, DeleteView, EditView, UnpublishView, WorkflowActionView

from catalogue.asked_keys import is_key
from catalogue.cms.forms_of_rows import check_owner, refuse_strangers
from catalogue.cms.translating_beside import NewerTranslationsMixin
from catalogue.editing.four_eyes import FourEyesMixin, NotApprovedError, writers_since_live
from catalogue.editing.owners import owner_of
from catalogue.editing.proposals import Act, StaleProposalError, propose, row_of, seen_of, waiting_for
from catalogue.editing.reach import today, who_can_approve
from catalogue.models import Proposal
from catalogue.publishing import missing_ground


def proposed(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Say that a change waits and who can approve it, and show it."""
    who = who_can_approve(proposal.agency_id, today(), but=proposal.writers.values_list("pk", flat=True))
    messages.success(request, _("It is proposed; nothing has changed yet. %(who)s") % {"who": who})
    return redirect("catalogue_changes:change", proposal.pk)


class ProposingMixin:
    """Write a proposal instead of the row, where the kind has no drafts."""

    request: HttpRequest
    object: Any
    model: Any
    waiting: Any
    """The open proposal that the form shows, None where there is none; each view says how it finds it."""

    @cached_property
    def is_direct(self) -> bool:
        """Return whether the kind has no drafts."""
        return not issubclass(self.model, FourEyesMixin)

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        """Let the form carry what it was opened over."""
        form = super().get_form(*args, **kwargs)  # type: ignore[misc]
        if self.is_direct:
            seen = seen_of(self.stored(), self.waiting)
            form.fields["seen"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=seen)
        return form

    def stored(self) -> Any:
        """Return the row as the database has it."""
        return self.model._default_manager.filter(pk=self.object.pk).first() if self.object else None

    def is_valid(self, form: Any) -> bool:
        """Ask whose the row becomes and what it names, too."""
        valid = super().is_valid(form)  # type: ignore[misc]
        refuse_strangers(form, self.request.user, today())
        if valid and not check_owner(form, self.request.user, today()):
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()  # type: ignore[attr-defined]
            return False
        return bool(valid)

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep a draft, or propose the change."""
        if not self.is_direct:
            return super().form_valid(form)  # type: ignore[misc, no-any-return]
        self.form = form
        row = form.save(commit=False)
        user, seen = self.request.user, form.cleaned_data["seen"]
        act = Act.CHANGE if row.pk else Act.ADD
        try:
            proposal = propose(act, row, by=user, at=timezone.now(), seen=seen, to=self.waiting)
        except StaleProposalError as error:
            form.add_error(None, str(error))
            # The next try is over what they have been told of now.
            form.data = form.data.copy()
            form.data["seen"] = seen_of(self.stored(), self._newest())
            self.produced_error_message = str(error)
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]
        return proposed(self.request, proposal)

    def _newest(self) -> Proposal | None:
        stored = self.stored()
        return waiting_for(stored) if stored is not None else self.waiting


class GroundMixin:
    """Keep a draft that lacks its ground, and say what is missing instead of sending it on for approval."""

    request: HttpRequest
    object: Any

    def submit_action(self) -> HttpResponse | None:
        """Send the draft on for approval, or say why not yet."""
        missing = missing_ground(self.object, today())
        if not missing:
            return super().submit_action()  # type: ignore[misc, no-any-return]
        said = _("Saved as a draft, not sent for approval yet. %(why)s") % {"why": missing}
        messages.warning(self.request, said)
        return redirect(self.get_edit_url())  # type: ignore[attr-defined, no-any-return]


class RowCreateView(GroundMixin, ProposingMixin, CreateView):
    """Adds a row; with `?proposal=` it goes on with one that waits."""

    @cached_property
    def waiting(self) -> Proposal | None:
        """Return the proposal that the address names; raises Http404 for another's."""
        key = self.request.GET.get("proposal", "")
        if not key:
            return None
        mine = Proposal.objects.open().visible_to(self.request.user, today()).filter(act=Act.ADD)
        found = mine.filter(pk=key).first() if is_key(key) else None
        if found is None or found.kind.model_class() is not self.model:
            raise Http404
        return found

    def get_initial_form_instance(self) -> Any:
        """Begin with what the proposal says."""
        return row_of(self.waiting) if self.is_direct and self.waiting else super().get_initial_form_instance()

    def get_add_url(self) -> str:
        """Send the form to the proposal that it shows."""
        url: str = super().get_add_url()
        return f"{url}?proposal={self.waiting.pk}" if self.is_direct and self.waiting else url


class RowEditView(NewerTranslationsMixin, GroundMixin, ProposingMixin, EditView):
    """Edits a row; tells a second editor that somebody was faster, and an approver what isn't theirs to approve."""

    waiting: Proposal | None = None

    def get_object(self, queryset: Any = None) -> Any:
        """Show the row as its open proposal would have it."""
        row = super().get_object(queryset)
        if not self.is_direct:
            return row
        waiting = waiting_for(row)
        if waiting is None or waiting.act != Act.CHANGE:
            return row
        try:
            self.waiting, row = waiting, row_of(waiting)
        except StaleProposalError:
            self.waiting = None
        return row

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say what waits for whom."""
        if self.waiting is not None:
            who = who_can_approve(
                self.waiting.agency_id, today(), but=self.waiting.writers.values_list("pk", flat=True)
            )
            messages.info(
                request, _("A change of this row waits for approval; the form shows it. %(who)s") % {"who": who}
            )
        elif not self.is_direct and self.object.workflow_in_progress:
            waits = _("This draft waits for approval. If you change it, it must be approved anew.")
            writers = writers_since_live(self.live_object)
            messages.info(request, f"{waits} {who_can_approve(owner_of(self.live_object), today(), but=writers)}")
        return super().get(request, *args, **kwargs)  # type: ignore[no-any-return]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Approve or send back without saving the form: a saved form would make its sender one of the writers."""
        if not self.is_direct and request.POST.get("action-workflow-action"):
            return self.act_on_workflow()
        return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]

    def act_on_workflow(self) -> HttpResponse:
        """Carry out what the approver chose on the draft that the page showed."""
        here = redirect(reverse(self.edit_url_name, args=[self.object.pk]))
        step = self.object.current_workflow_task_state
        seen = self.request.POST.get("loaded_revision_id")
        if step is None or (seen and seen != str(self.object.latest_revision_id)):
            messages.error(self.request, _("The draft was changed or decided meanwhile: look at it again."))
            return here
        act = self.request.POST.get("workflow-action-name", "")
        if not decide(self.request, self.object, step, act, self._comment()):
            return here
        return redirect(reverse(self.index_url_name))

    def _comment(self) -> str:
        try:
            data = json.loads(self.request.POST.get("workflow-action-extra-data") or "{}")
        except (RecursionError, ValueError):
            data = {}
        return str(data.get("comment", "")) if isinstance(data, dict) else ""

    def is_valid(self, form: Any) -> bool:
        """Refuse once what would bury somebody else's draft: it stays in the history, and both are told."""
        valid = super().is_valid(form)
        if valid and not self.is_direct and self.is_out_of_date and not self.expects_json_response:
            newest = self.object.latest_revision
            name = (newest.user.get_full_name() or newest.user.get_username()) if newest.user else _("the system")
            text = _(
                "%(name)s saved this row after you opened it: "
                "compare in the history, then save again to go on with yours."
            )
            self.produced_error_message = text % {"name": name}
            return False
        return valid


def decide(request: HttpRequest, row: Any, step: Any, act: str, comment: str) -> bool:
    """Approve a draft or send it back, and say in words what came of it; False where it was refused."""
    offered = {name for name, _label, _modal in step.task.specific.get_actions(row, request.user)}
    try:
        if act not in offered:
            raise NotApprovedError(who_can_approve(owner_of(row), today()))
        step.task.specific.on_action(step, request.user, act, comment=comment)
    except NotApprovedError as error:
        messages.error(request, _("Not approved. %(why)s") % {"why": error})
        return False
    if act == "approve" and type(row)._default_manager.get(pk=row.pk).workflow_in_progress:
        messages.warning(
            request, _("The draft was changed meanwhile, so it waits for approval again: look at it anew.")
        )
    elif act == "approve":
        messages.success(request, _("Approved: readers see it now."))
    else:
        messages.success(request, _("Sent back to its writers."))
    return True


class ApproveView(WorkflowActionView):
    """Approves from the dashboard; says in words why not."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Turn a refusal into a sentence on the row's page."""
        try:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]
        except PermissionDenied:
            why = who_can_approve(owner_of(self.object), today())
            messages.error(request, _("Not approved. %(why)s") % {"why": why})
            return redirect(self.redirect_url)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Decide, and go on as Wagtail's page does."""
        form = self.form_class(request.POST)
        comment = form.cleaned_data.get("comment", "") if form.is_valid() else ""
        decide(request, self.object, self.task_state, self.action_name, comment)
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return self.render_modal_json(request, {"step": "success", "redirect": self.redirect_url})  # type: ignore[no-any-return]
        return redirect(self.redirect_url)


class ProposeDeletionView(DeleteView):
    """Removes a draft that was never published; proposes to remove what readers know, if nothing needs it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say which rows need it, instead of failing, where it can't be removed."""
        row = self.get_object()
        try:
            Collector("default").collect([row])
            if isinstance(row, FourEyesMixin) and not row.was_published:
                return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]
            return proposed(request, propose(Act.DELETE, row, by=request.user, at=timezone.now()))
        except ProtectedError as error:
            users = sorted(error.protected_objects, key=str)
            shown = "; ".join(str(row) for row in users[:5])
            text = _("It can't be deleted: %(count)d other rows need it (%(rows)s).")
            messages.error(request, text % {"count": len(users), "rows": shown})
        except StaleProposalError as error:
            messages.error(request, str(error))
        return redirect(reverse(self.index_url_name))


class ProposeUnpublishView(UnpublishView):
    """Proposes to take a row down."""

    permission_required = "change"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Propose, instead of taking it down."""
        try:
            return proposed(request, propose(Act.UNPUBLISH, self.object, by=request.user, at=timezone.now()))
        except StaleProposalError as error:
            messages.error(request, str(error))
            return redirect(reverse(self.index_url_name))
