"""Which dossiers somebody may see, and the sets that queues speak of."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from desk.actors import Actor
from desk.states import OPEN


class DossierQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Dossiers."""

    def visible_to(self, actor: Actor) -> DossierQuerySet:
        """Return the dossiers that an officer's agencies help with, receive, decide or hold; a stranger sees none."""
        agencies = actor.agencies
        if not agencies:
            return self.none()
        return self.filter(
            Q(received_by__in=agencies)
            | Q(decided_by__in=agencies)
            | Q(holder_agency__in=agencies)
            | Q(helped_by__in=agencies)
        )

    def open(self) -> DossierQuerySet:
        """Return those for which somebody still has to do something."""
        return self.filter(state__in=OPEN)

    def shadows(self) -> DossierQuerySet:
        """Return the read-only shadows of dossiers on ministries' systems."""
        return self.exclude(system="")

    def update(self, **kwargs: Any) -> int:
        """Refuse a change of state that goes round the acts: it would leave no event."""
        if "state" in kwargs:
            raise ValueError("A state is changed by an act of desk.actions, never by update().")
        return super().update(**kwargs)
