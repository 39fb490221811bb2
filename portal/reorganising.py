"""What of the portal follows a reorganisation: permanent addresses of centres, and whose pictures and files are."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from catalogue.models import AdministrativeUnit, Centre, Reorganisation
from catalogue.reorganising.centres_follow import led_to
from catalogue.reorganising.followers import Follower, Moves
from catalogue.reorganising.followers import register as register_follower
from catalogue.reorganising.links import Link, follower
from catalogue.reorganising.words import GOES_ON
from catalogue.signals import reorganised
from portal.accounts.audit import audit
from portal.addresses import Addresses, load
from portal.models import PortalDocument, PortalImage

AT_ONCE = 500


@dataclass(frozen=True)
class Target:
    """Where an old address leads: to the centre that took its place, else to the old place and what it became."""

    tail: str
    is_centre: bool

    def url(self, addresses: Addresses, language: str) -> str:
        """Return the address in a language."""
        return (
            addresses.centre(self.tail, language) if self.is_centre else addresses.url("places", language) + self.tail
        )


def register() -> None:
    """Register the followers; let the audit hear of what was planned, applied and withdrawn."""
    register_follower(Follower("addresses of centres", look, follow, rank=90))
    register_follower(follower(Link("pictures", PortalImage, "agency"), rank=91))
    register_follower(follower(Link("files of pages", PortalDocument, "agency"), rank=92))
    reorganised.connect(tell_audit, dispatch_uid="portal.reorganising")


def tell_audit(reorganisation: Reorganisation, act: str, **more: Any) -> None:
    """Write a line of the audit: ids and counts, no names."""
    made = {name: len(keys) for name, keys in reorganisation.written.get("made", {}).items()}
    moved = {name: each["moved"] for name, each in reorganisation.report.get("followers", {}).items()}
    line = {"event": f"reorganisation.{act}", "reorganisation": reorganisation.pk, "at": timezone.now().isoformat()}
    by = {"user": reorganisation.made_by_id, "effective_on": reorganisation.effective_on.isoformat()}
    audit.info(json.dumps({**line, **by, "made": made, "moved": moved}))


def look(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Tell how many centres have another address, or none, from the day on."""
    moves = Moves()
    for becomes, _place, slug in reorganisation.written.get("centres", {}).values():
        moves.add(1, f"{slug} {becomes}")
    return moves


def follow(reorganisation: Reorganisation, at: dt.datetime) -> Moves:
    """Let each old address lead on in every language; one that an editor made is left alone. Nothing twice."""
    moves, addresses = Moves(), load()
    targets = dict(_targets(reorganisation))
    languages = [code for code, _name in settings.LANGUAGES if (code, "centres") in addresses.indexes]
    wanted = {
        Redirect.normalise_path(addresses.centre(slug, language)): (target.url(addresses, language), target.is_centre)
        for slug, target in targets.items()
        for language in languages
    }
    paths = sorted(wanted)
    moves.count += _shorten(wanted)
    for start in range(0, len(paths), AT_ONCE):
        with transaction.atomic():
            moves.count += _write({path: wanted[path] for path in paths[start : start + AT_ONCE]})
    moves.examples = [f"{path} → {wanted[path][0]}" for path in paths[:5]]
    return moves


def _shorten(wanted: Mapping[str, tuple[str, bool]]) -> int:
    """Let addresses of earlier reorganisations lead straight to where the last one leads; return how many changed."""
    changed = []
    for row in Redirect.objects.filter(automatically_created=True).exclude(redirect_link=""):
        link, is_permanent = wanted.get(Redirect.normalise_path(row.redirect_link), (row.redirect_link, True))
        if link != row.redirect_link and Redirect.normalise_path(link) != row.old_path:
            row.redirect_link, row.is_permanent = link, is_permanent
            changed.append(row)
    Redirect.objects.bulk_update(changed, ["redirect_link", "is_permanent"], batch_size=200)
    return len(changed)


def _write(wanted: Mapping[str, tuple[str, bool]]) -> int:
    """Bring redirects to what they should be; return how many changed (two to four statements)."""
    known = {row.old_path: row for row in Redirect.objects.filter(site=None, old_path__in=wanted)}
    new = [
        Redirect(old_path=path, redirect_link=link, is_permanent=is_permanent, automatically_created=True)
        for path, (link, is_permanent) in wanted.items()
        if path not in known
    ]
    changed = []
    for path, row in known.items():
        link, is_permanent = wanted[path]
        if row.automatically_created and row.redirect_link != link:
            row.redirect_link, row.is_permanent = link, is_permanent
            changed.append(row)
    Redirect.objects.bulk_create(new, batch_size=500)
    Redirect.objects.bulk_update(changed, ["redirect_link", "is_permanent"], batch_size=200)
    return len(new) + len(changed)


def _targets(reorganisation: Reorganisation) -> Iterator[tuple[str, Target]]:
    """Yield the address's last part before the day, and where it leads now; none for what stayed or waits."""
    fates = reorganisation.written.get("centres", {})
    rows = Centre.objects.select_related("place__parent").in_bulk()
    heirs = led_to(reorganisation)
    for key, (becomes, _place, slug) in fates.items():
        centre = rows.get(int(key))
        if centre is None:
            continue
        if becomes == GOES_ON:
            if centre.live and centre.slug != slug:
                yield slug, Target(centre.slug, is_centre=True)
        elif not centre.live:
            heir = rows.get(heirs.get(centre.pk) or 0)
            # Only its own place tells: several took its area, or nobody has a centre there yet.
            yield slug, Target(heir.slug, is_centre=True) if heir else Target(_finder(centre.place), is_centre=False)


def _finder(place: AdministrativeUnit) -> str:
    """Return what asks the finder of old places for a place."""
    words = ", ".join(unit.name for unit in (place, place.parent) if unit)
    return f"?{urlencode({'q': words})}"
