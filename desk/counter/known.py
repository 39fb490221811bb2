"""People whom dossiers of one's own agencies know already: what they wrote there needn't be typed again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalogue.text import fold
from desk.actors import Actor
from desk.duplicates import PERSONAL
from desk.identities import Identifier
from desk.models import Dossier, Party, PartyIdentifier
from desk.needles import numbered

MOST = 2_000
"""Parties of one number that are looked through: whoever submits for others has many."""


@dataclass(frozen=True)
class Known:
    """Somebody as the latest dossier has them, and the owner for whom they submitted there."""

    party: Party
    owner: Party | None = None

    @property
    def dossier(self) -> Dossier:
        """Return the dossier that knows them."""
        return self.party.dossier


def known(numbers: Sequence[Identifier], phone: str, name: str, by: Actor) -> Known | None:
    """Return who has one of these numbers, else this telephone and name: of dossiers that the officer may see only.

    Four queries at most. Whoever was erased is known no more.
    """
    values = [each.value for each in numbers if each.kind in PERSONAL]
    kinds = {each.kind for each in numbers if each.kind in PERSONAL}
    party = None
    if values:
        rows = PartyIdentifier.objects.filter(value__in=values, kind__in=kinds).order_by("-pk")
        party = _latest(rows.values_list("party_id", flat=True)[:MOST], by)
    if party is None and phone and name:
        named = Party.objects.filter(dossier_id__in=numbered(phone)[:MOST], name_folded=fold(name)[:300])
        party = _latest(named.values_list("pk", flat=True), by)
    if party is None:
        return None
    owner = None
    if party.role != Party.Role.OWNER:
        owners = party.dossier.parties.filter(role=Party.Role.OWNER, erased_at=None)
        owner = owners.select_related("place").first()
    return Known(party, owner)


def _latest(keys: Iterable[int], by: Actor) -> Party | None:
    """Return the party of the latest dossier of those that an officer may see."""
    rows = Party.objects.filter(pk__in=list(keys), erased_at=None, dossier__in=Dossier.objects.visible_to(by))
    found = rows.select_related("dossier", "place").order_by("-dossier__submitted_at", "-dossier_id", "pk")
    return found.exclude(name="").first()
