"""Taking a planned reorganisation back before its day: all that it wrote goes, unless somebody has built on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from catalogue.loading.output import LoadError
from catalogue.models import Reorganisation
from catalogue.reorganising.planning import DATED
from catalogue.reorganising.posts import in_parts
from catalogue.signals import catalogue_changed, reorganised

MOST_NAMED = 20


def withdraw(pk: int, *, at: dt.datetime) -> Reorganisation:
    """Take a plan back whole; raises LoadError on its day or later, and where something names what it made."""
    with transaction.atomic():
        plan = Reorganisation.objects.select_for_update(of=("self",)).get(pk=pk)
        if plan.state != Reorganisation.State.PLANNED or plan.effective_on <= timezone.localdate(at):
            raise LoadError(f"«{plan}» is in force or was withdrawn: what is in force changes by a new file alone.")
        if named := list(_built_on(plan)):
            more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
            raise LoadError(
                f"«{plan}» can't be taken back, since this stands on it: {'; '.join(named[:MOST_NAMED])}{more}. "
                "Take these away first."
            )
        _put_back(plan)
        plan.state, plan.withdrawn_at, plan.written = Reorganisation.State.WITHDRAWN, at, {}
        plan.save(update_fields=["state", "withdrawn_at", "written"])
        transaction.on_commit(lambda: catalogue_changed.send(sender=Reorganisation))
        transaction.on_commit(lambda: reorganised.send(sender=Reorganisation, reorganisation=plan, act="withdrawn"))
    return plan


def _made(plan: Reorganisation, model: type[models.Model]) -> list[int]:
    made: list[int] = plan.written.get("made", {}).get(model._meta.model_name, [])
    return made


def _built_on(plan: Reorganisation) -> Iterator[str]:
    """Yield, in words, each row of any room that names a row of the plan and isn't one itself."""
    for model in DATED:
        for relation in model._meta.related_objects:
            other: Any = relation.related_model
            own = set(_made(plan, other)) if other in DATED else set()
            for keys in in_parts(_made(plan, model)):
                for row in other._base_manager.filter(**{f"{relation.field.name}__in": keys}).order_by("pk"):
                    if row.pk not in own:
                        yield f"{other._meta.verbose_name} {row}"


def _put_back(plan: Reorganisation) -> None:
    """Remove what the plan made, and give what it ended the earlier end: unless somebody ended it otherwise since."""
    for model in reversed(DATED):
        rows: Any = model._default_manager
        # Those above, which protect themselves, may stand in another portion than those below.
        above = {each.name: None for each in model._meta.fields if each.is_relation and each.related_model is model}
        for keys in in_parts(_made(plan, model)) if above else ():
            rows.filter(pk__in=keys).update(**above)
        for keys in in_parts(_made(plan, model)):
            rows.filter(pk__in=keys).delete()
        closed: dict[str, str | None] = plan.written.get("closed", {}).get(model._meta.model_name, {})
        for keys in in_parts([int(pk) for pk, end in closed.items() if end is None]):
            rows.filter(Q(pk__in=keys), valid_to=plan.effective_on).update(valid_to=None)
        for pk, end in closed.items():
            if end is not None:
                rows.filter(pk=pk, valid_to=plan.effective_on).update(valid_to=end)
