"""What follows when an editor publishes a row."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.utils import timezone, translation
from wagtail.models import Revision
from wagtail.signals import published

from catalogue.editing.doubts import drop_stale
from catalogue.models import Centre, Hotline, Procedure
from catalogue.signals import catalogue_changed
from catalogue.translating.clearing import clear_after_publication


def connect() -> None:
    """Connect what follows a publication."""
    for model in (Procedure, Centre):
        published.connect(keep_what_was_published, sender=model, dispatch_uid="keep_what_was_published")
    # After it: it writes the revision's content anew.
    for drafted in (Procedure, Centre, Hotline):
        published.connect(clear_after_publication, sender=drafted, dispatch_uid="clear_wrong_figures")
    published.connect(look_again, sender=Procedure, dispatch_uid="look_again")
    catalogue_changed.connect(look_again_at_all, dispatch_uid="look_again_at_all")


def keep_what_was_published(instance: Procedure | Centre, revision: Revision, **kwargs: object) -> None:
    """Note the time of the change, and keep the ids of new children in the revision.

    A draft's new papers or service points have no ids yet. Without this each further publication would make
    them anew, and what points at them would be lost: hours at a point, states of translations at a paper.
    """
    instance.updated_at = timezone.now()
    columns = ["updated_at"]
    if isinstance(instance, Procedure):
        # The ground belongs to the change that went out: the next one names its own.
        instance.ground = Procedure.Ground.NONE
        columns.append("ground")
    instance.save(update_fields=columns)
    with translation.override(settings.LANGUAGE_CODE):
        revision.content = instance.serializable_data()
    revision.save(update_fields=["content"])


def look_again(instance: Procedure, **kwargs: object) -> None:
    """Forget what editors found right in a text that is another now."""
    drop_stale(Procedure.objects.filter(pk=instance.pk))


def look_again_at_all(codes: Collection[str] | None = None, **kwargs: object) -> None:
    """Do the same after a batch; one that names no procedures may have changed any."""
    is_many = codes is None or len(codes) > 500
    drop_stale(Procedure.objects.all() if is_many else Procedure.objects.filter(code__in=list(codes or ())))
