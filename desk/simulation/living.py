"""A province that works: stories side by side, each act done by the real function, in the order of time."""

from __future__ import annotations

import datetime as dt
import heapq
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from desk.models import Dossier, DossierEvent
from desk.refusals import ActRefused
from desk.simulation.hours import EPOCH, Hours, moment_of, spread
from desk.simulation.plan import days_of
from desk.simulation.story import Story, Wait
from desk.simulation.tales import CARDS, Tale, linked
from desk.simulation.world import make_world
from desk.states import IN_WORK, OPEN, Settlement

IN_A_GROUP = 3
ACTS_A_LINE = 500


@dataclass(frozen=True)
class Lived:
    """What was simulated. `refused`: why acts were refused, which ended their stories; nothing should be."""

    dossiers: int
    events: int
    states: dict[int, int]
    settled: int
    late: int
    open: int
    overdue: int
    refused: list[str]
    seconds: float


def live(number: int, *, first: dt.date, until: dt.datetime, seed: int, say: Callable[[str], object] = print) -> Lived:
    """Let so many dossiers come from a day until a moment, and be worked on. Raises NothingToSimulateError.

    The same seed, days and catalogue make the same dossiers (but for keys, tokens and salts).
    """
    began = time.monotonic()
    world = make_world(seed=seed, first=first, last=until.date())
    world.plan.until = int(until.timestamp())
    had = Dossier.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    queue: list[tuple[int, int, Wait]] = []
    for index, (day, tale) in enumerate(comings(number, first, until.date(), seed, world.plan.provincial.hours)):
        story = Story(world, index + 1, Random(f"{seed} {index}"), day)  # noqa: S311
        go_on(queue, index, tale(story), world.plan.until)
    refused: list[str] = []
    for done in count(1):
        if not queue:
            break
        second, index, told = heapq.heappop(queue)
        try:
            go_on(queue, index, told, world.plan.until)
        except ActRefused as error:
            refused.append(f"{error.__class__.__name__}: {error}")
        if done % ACTS_A_LINE == 0:
            say(f"  {moment_of(second):%d/%m/%Y}: {done:,} acts, {done / (time.monotonic() - began):.0f} a second")
    return summary(had, until, refused, time.monotonic() - began)


def go_on(queue: list[tuple[int, int, Wait]], index: int, told: Wait, until: int) -> None:
    """Let a story go on to its next moment, and queue it for that; one beyond the end stays as it is."""
    second = next(told, None)
    if second is not None and second <= until:
        heapq.heappush(queue, (second, index, told))


def comings(number: int, first: dt.date, last: dt.date, seed: int, hours: Hours) -> Iterator[tuple[int, Tale]]:
    """Yield the day and the tale of each story: decks are shuffled, and days filled by their rush."""
    rng = Random(f"{seed} deck")  # noqa: S311
    tales: list[Tale] = []
    left = number
    while left > 0:
        for tale in rng.sample(CARDS, len(CARDS)):
            size = IN_A_GROUP if tale is linked else 1
            if size <= left:
                tales.append(tale)
                left -= size
    days = [day.toordinal() - EPOCH for day in days_of(first, last)]
    numbers = spread(len(tales), days, hours)
    coming = (day for day, many in zip(days, numbers, strict=True) for _each in range(many))
    yield from zip(coming, tales, strict=True)


def summary(had: int, until: dt.datetime, refused: list[str], seconds: float) -> Lived:
    """Return the figures of the dossiers with later keys."""
    made = Dossier.objects.filter(pk__gt=had)
    states = Counter(made.values_list("state", flat=True))
    settlements = Counter(made.exclude(settlement="").values_list("settlement", flat=True))
    return Lived(
        dossiers=made.count(),
        events=DossierEvent.objects.filter(dossier__in=made).count(),
        states=dict(sorted(states.items())),
        settled=settlements.total(),
        late=settlements[Settlement.LATE],
        open=sum(number for state, number in states.items() if state in OPEN),
        overdue=made.filter(state__in=IN_WORK, due_at__lt=until).count(),
        refused=refused,
        seconds=seconds,
    )
