"""What editing stands on: the group with the rights on the models, the step of approval and its workflow."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from wagtail.models import Workflow, WorkflowContentType, WorkflowTask

from catalogue.editing.four_eyes import FourEyesMixin
from catalogue.editing.owners import OWNERS
from catalogue.models import ApprovalTask, ProcedureVersion

GROUP = "Catalogue editors"
TASK, WORKFLOW = "Cơ quan duyệt", "Duyệt danh mục"
_READ_ONLY = frozenset({ProcedureVersion.__name__})


@transaction.atomic
def set_up() -> Group:
    """Make the group and the workflow, or bring them to what they must be; return the group. Does nothing twice."""
    group, _made = Group.objects.get_or_create(name=GROUP)
    kept = Permission.objects.filter(content_type__app_label="catalogue", codename__in=_codenames())
    entry = Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin")
    group.permissions.set([*kept, *entry])
    take_publishing_away()
    _assign(_workflow())
    return group


def take_publishing_away() -> int:
    """Take every right to publish rows from groups and persons: whoever had one could go round the workflow."""
    rights = Permission.objects.filter(
        Q(codename__startswith="publish_") | Q(codename__startswith="lock_") | Q(codename__startswith="unlock_"),
        content_type__app_label="catalogue",
    )
    taken = 0
    for through in (Group.permissions.through, _user_rights()):
        taken += through._default_manager.filter(permission__in=rights).delete()[0]
    return taken


def drafted_kinds() -> list[type[models.Model]]:
    """Return the kinds of row that have drafts and so a workflow."""
    kinds = ContentType.objects.filter(app_label="catalogue")
    found = [kind.model_class() for kind in kinds]
    return [model for model in found if model is not None and issubclass(model, FourEyesMixin)]


def _codenames() -> list[str]:
    verbs = ("add", "change", "delete", "view")
    return [f"{verb}_{name.lower()}" for name in OWNERS for verb in (("view",) if name in _READ_ONLY else verbs)]


def _workflow() -> Workflow:
    task = ApprovalTask.objects.first() or ApprovalTask.objects.create(name=TASK)
    steps = WorkflowTask.objects.filter(task=task).select_related("workflow")
    step = steps.first() or WorkflowTask.objects.create(workflow=Workflow.objects.create(name=WORKFLOW), task=task)
    if not (task.active and step.workflow.active):
        ApprovalTask.objects.filter(pk=task.pk).update(active=True)
        Workflow.objects.filter(pk=step.workflow_id).update(active=True)
    found: Workflow = step.workflow
    return found


def _assign(workflow: Workflow) -> None:
    for model in drafted_kinds():
        kind = ContentType.objects.get_for_model(model)
        WorkflowContentType.objects.update_or_create(content_type=kind, defaults={"workflow": workflow})


def _user_rights() -> type[models.Model]:
    from django.contrib.auth import get_user_model

    return get_user_model().user_permissions.through  # type: ignore[no-any-return, attr-defined]
