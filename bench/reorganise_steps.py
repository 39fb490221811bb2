"""The steps of a reorganisation of the whole country, each run by `bench.reorganising` in a process of its own."""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

from bench import old_order


def before() -> dt.datetime:
    """Return a moment of the last day of the old order."""
    from django.utils import timezone

    return timezone.make_aware(dt.datetime.combine(old_order.DAY, dt.time(12))) - dt.timedelta(days=1)


def source() -> Any:
    """Return the statistics office's tables of the whole country."""
    from catalogue.reorganising.planning import Source

    return Source(places=old_order.FOLDER)


def make() -> dict[str, Any]:
    """Make the old order, the pages of all languages and the index of search."""
    from django.db import transaction

    from portal.site.building import build_site
    from search import life

    with transaction.atomic():
        order = old_order.make()
    build_site()
    life.rebuild()
    return {"places": len(order.units), "centres": len(order.centres), "postings": 2 * len(order.agencies)}


def _reorganise(*, at: dt.datetime, dry_run: bool = False) -> dict[str, Any]:
    from catalogue.reorganising.reorganise import reorganise

    return reorganise(source(), old_order.DAY, at=at, dry_run=dry_run).as_dict()


def dry_run() -> dict[str, Any]:
    """Say what would follow."""
    return _reorganise(at=before(), dry_run=True)


def plan() -> dict[str, Any]:
    """Write what is dated."""
    return _reorganise(at=before())


def withdraw() -> dict[str, Any]:
    """Take it back."""
    from catalogue.models import AdministrativeUnit
    from catalogue.reorganising.reorganise import take_back

    take_back(source(), old_order.DAY, at=before())
    return {"ended": AdministrativeUnit.objects.exclude(valid_to=None).count()}


def apply() -> dict[str, Any]:
    """Let everything follow, as the clock does."""
    from django.utils import timezone

    from catalogue.models import AdministrativeUnit, Centre, Posting, Reorganisation
    from catalogue.reorganising.applying import apply_due

    told = apply_due(timezone.now())
    day = old_order.DAY
    ended = Centre.objects.live().filter(place__valid_to__lte=day)
    lost = Posting.objects.on(day).filter(agency__valid_to__lte=day, agency__place__level="commune")
    return {
        "told": told,
        "state": Reorganisation.objects.latest("pk").state,
        "communes": AdministrativeUnit.objects.on(day).filter(level="commune").count(),
        "at_ended": ended.count(),
        "lost": lost.count(),
    }


def rerun() -> dict[str, Any]:
    """Do it all again: nothing changes."""
    from django.utils import timezone

    return _reorganise(at=timezone.now())


STEPS: dict[str, Callable[[], dict[str, Any]]] = {
    each.__name__: each for each in (make, dry_run, plan, withdraw, apply, rerun)
}


def main() -> None:
    """Do one step, and print its result, its seconds, those of the processor, and the most memory that it had."""
    import django
    from django.utils import translation

    django.setup()
    start = time.perf_counter()
    with translation.override("vi"):
        told = STEPS[sys.argv[1]]()
    used = resource.getrusage(resource.RUSAGE_SELF)
    figures = {
        "seconds": round(time.perf_counter() - start, 1),
        "processor": round(used.ru_utime + used.ru_stime, 1),
        "megabytes": used.ru_maxrss // 1024,
    }
    print(json.dumps({**told, **figures}))


if __name__ == "__main__":
    main()
