"""The gate before every view of one row: Wagtail 8.0.1's own views ask for the model's right only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import ObjectDoesNotExist, SuspiciousOperation
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from wagtail.models import RevisionMixin, TaskState, WorkflowMixin

from catalogue.asked_keys import is_key
from catalogue.editing.reach import editing_reach, today

MOST_PARTS = 500
"""Parts of one kind in one form. The largest procedure has 224 papers; of what is only counted, not sent, Django makes
up to two thousand forms, which takes a minute.
"""
View = Callable[..., HttpResponse]


def gated(patterns: Iterable[URLPattern], model: type[models.Model]) -> list[URLPattern]:
    """Put the gate before each view of a view set, those of later releases of Wagtail included."""
    kept = list(patterns)
    for pattern in kept:
        pattern.callback = through_gate(pattern.callback, model)
    return kept


def through_gate(view: View, model: type[models.Model]) -> View:
    """Answer 404 unless the address names a row that the user may edit, and what is its own (one to three queries)."""

    @wraps(view)
    def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_parts_that_can_be(request)
        if "pk" in kwargs:
            row = _row(model, kwargs["pk"], request.user)
            _require_parts(row, kwargs)
        return view(request, *args, **kwargs)

    return gate


def require_parts_that_can_be(request: HttpRequest) -> None:
    """Raise SuspiciousOperation (400) for a form with more parts than any row has, or keys that are none."""
    for name, told in request.POST.items():
        prefix, mark, _rest = name.rpartition("-TOTAL_FORMS")
        if not mark:
            continue
        if not is_key(str(told)) or int(str(told)) > MOST_PARTS:
            raise SuspiciousOperation("a form with parts that nobody sent")
        keys = (request.POST.get(f"{prefix}-{number}-id", "") for number in range(int(str(told))))
        if any(key and not is_key(str(key)) for key in keys):
            raise SuspiciousOperation("a part of a form with a key that is none")


def _row(model: type[models.Model], quoted: object, user: Any) -> Any:
    try:
        mine = editing_reach(user, today()).within(model._default_manager.all())
        return mine.get(pk=unquote(str(quoted)))
    except (ObjectDoesNotExist, ValueError, OverflowError) as error:
        raise Http404 from error


def _require_parts(row: Any, named: dict[str, Any]) -> None:
    """Raise Http404 where an address ties a revision, a step or a workflow to another row than its own."""
    for name in ("revision_id", "revision_id_a", "revision_id_b"):
        key = str(named.get(name, ""))
        if key.isdigit() and not (isinstance(row, RevisionMixin) and row.revisions.filter(pk=key).exists()):
            raise Http404
    if not isinstance(row, WorkflowMixin):
        return
    if "task_state_id" in named and not TaskState.objects.for_instance(row).filter(pk=named["task_state_id"]).exists():
        raise Http404
    if "workflow_state_id" in named and not row.workflow_states.filter(pk=named["workflow_state_id"]).exists():
        raise Http404
