"""What the audit hears of acts: what was done, after the commit, and what was refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from catalogue.audit import note
from desk import chain
from desk.actors import Actor
from desk.models import Dossier, DossierEvent
from desk.refusals import ActRefused
from desk.signals import dossier_changed


def tell(dossier: Dossier, event: DossierEvent, facts: Mapping[str, Any]) -> None:
    """Mirror an act to the audit log and tell who listens; nothing personal."""
    more = {"instead_of": facts["instead_of"]} if "instead_of" in facts else {}
    note(
        "desk",
        f"dossier.{event.act}",
        user=event.by_user_id,
        at=str(chain.plain(event.at)),
        dossier=dossier.code,
        number=event.number,
        by=event.by_kind,
        agency=event.by_agency_id,
        state=[event.state_before, event.state_after],
        **more,
    )
    dossier_changed.send_robust(Dossier, dossier_id=dossier.pk, event_id=event.pk)


@contextmanager
def refusals_told(name: str, dossier_id: int, by: Actor) -> Iterator[None]:
    """Write down an act that is refused, and let the refusal on."""
    try:
        yield
    except ActRefused as error:
        tell_refusal(name, dossier_id, by, error)
        raise


def tell_refusal(name: str, dossier_id: int, by: Actor, error: ActRefused) -> None:
    """Mirror to the audit log who was refused which act, and the kind of reason: its words may hold what was typed."""
    why = type(error).__name__
    note("desk", "dossier.refused", user=by.user_id, by=by.kind, act=name, dossier_id=dossier_id, why=why)
