"""What follows when an editor publishes a row."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.utils import timezone, translation
from wagtail.models import Revision
from wagtail.signals import published

from catalogue.editing.doubts import drop_stale
from catalogue.models import Centre, Procedure, ProcedureVersion
from catalogue.signals import catalogue_changed
from catalogue.versioning import digest, legal_content


def connect() -> None:
    """Connect what follows a publication."""
    for model in (Procedure, Centre):
        published.connect(keep_what_was_published, sender=model, dispatch_uid="keep_what_was_published")
    published.connect(record_version, sender=Procedure, dispatch_uid="record_version")
    published.connect(look_again, sender=Procedure, dispatch_uid="look_again")
    catalogue_changed.connect(look_again_at_all, dispatch_uid="look_again_at_all")


def keep_what_was_published(instance: Procedure | Centre, revision: Revision, **kwargs: object) -> None:
    """Note the time of the change, and keep the ids of new children in the revision.

    A draft's new papers or service points have no ids yet. Without this each further publication would make
    them anew, and what points at them would be lost: hours at a point, states of translations at a paper.
    """
    instance.updated_at = timezone.now()
    instance.save(update_fields=["updated_at"])
    with translation.override(settings.LANGUAGE_CODE):
        revision.content = instance.serializable_data()
    revision.save(update_fields=["content"])


def record_version(instance: Procedure, **kwargs: object) -> None:
    """Record a version, in force from today, when what was published differs from the newest one.

    The text of a day then stays what readers saw on it. Two queries where nothing legal changed,
    besides the reading of the children.
    """
    row = Procedure.objects.for_page().get(pk=instance.pk)
    content = legal_content(row)
    newest = ProcedureVersion.objects.filter(procedure=row).order_by("-number").defer("content").first()
    if newest and newest.digest == digest(content):
        return
    ProcedureVersion.objects.create(
        procedure=row,
        number=newest.number + 1 if newest else 1,
        content=content,
        digest=digest(content),
        decision=row.decision,
        effective_from=timezone.localdate(),
        recorded_at=timezone.now(),
    )


def look_again(instance: Procedure, **kwargs: object) -> None:
    """Forget what editors found right in a text that is another now."""
    drop_stale(Procedure.objects.filter(pk=instance.pk))


def look_again_at_all(codes: Collection[str] | None = None, **kwargs: object) -> None:
    """Do the same after a batch; one that names no procedures may have changed any."""
    is_many = codes is None or len(codes) > 500
    drop_stale(Procedure.objects.all() if is_many else Procedure.objects.filter(code__in=list(codes or ())))
