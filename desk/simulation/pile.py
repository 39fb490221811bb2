"""One day's dossiers of a pile: who comes, with what, and how it goes on until the last day."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from math import exp
from random import Random
from typing import Any, NamedTuple

from catalogue.text import fold
from desk import chain
from desk.actors import ActorKind, Role
from desk.identities import Person
from desk.limits import IN_HOURS, Limit, SetDate
from desk.models import HandedPaper, Origin, Party, PartyIdentifier, ReturnBy
from desk.simulation import people, said
from desk.simulation.course import Course, OverError, Rows
from desk.simulation.hours import date_of, local_day
from desk.simulation.ledger import By, Kept, Ledger, PartyRead, Row, salt_of, text_of
from desk.simulation.matters import has_number
from desk.simulation.plan import Desk, PlainMatter, Plan
from desk.states import Channel, Outcome, StopKind

PORTAL = By(ActorKind.SYSTEM.value, name=said.PORTAL)
ONLINE, BY_POST = 0.34, 0.03
WAYS_BACK = (ReturnBy.PICK_UP.value, ReturnBy.POST.value, ReturnBy.ELECTRONIC.value)
OWN_CENTRE, PROVINCIAL = 0.87, 0.93
"""Up to which chance a commune's matter is handed in at home, and at the provincial centre; else at another's."""


class Coming(NamedTuple):
    """Somebody who comes."""

    second: int
    channel: str
    matter: PlainMatter
    decider: int
    desk: Desk


def make_day(plan: Plan, day: int, number: int, first: int) -> tuple[Ledger, Counter[str]]:
    """Return a day's dossiers with all that happened to them, and the last number of each series of codes.

    `day` counts from 1970, `first` is the key of its first dossier.
    """
    ledger, series = Ledger(first), Counter[str]()
    rng = Random(f"{plan.seed} {day}")  # noqa: S311
    for coming in sorted((come(plan, day, rng) for _each in range(number)), key=lambda each: each.second):
        name = f"{plan.identifiers[coming.desk.agency_id]}-{date_of(day):%y%m%d}"
        series[name] += 1
        kept = Kept(ledger, rng, f"{name}-{series[name]:04d}")
        live(Course(plan, kept, coming.matter, coming.desk, coming.decider, rng), coming)
        kept.close()
    return ledger, series


def come(plan: Plan, day: int, rng: Random) -> Coming:
    """Return who comes with what to whom, and when."""
    matter = plan.matters[bisect(plan.matter_weights, rng.random() * plan.matter_weights[-1])]
    chance = rng.random()
    if len(matter.deciders) == 1:
        decider = matter.deciders[0]
        desk = plan.provincial if chance < 0.6 else plan.desks[plan.commune(rng)]
    else:
        decider = plan.commune(rng)
        desk = plan.desks[decider] if chance < OWN_CENTRE else plan.desks[plan.commune(rng)]
        desk = plan.provincial if OWN_CENTRE <= chance < PROVINCIAL else desk
    chance = rng.random()
    if day not in desk.hours.spans or chance < ONLINE:
        second = day * 86_400 - 7 * 3_600 + int(rng.triangular(6 * 3_600, 86_399, 10 * 3_600))
        return Coming(second, Channel.ONLINE.value, matter, decider, desk)
    channel = Channel.POST if chance < ONLINE + BY_POST else Channel.COUNTER
    return Coming(desk.hours.arrival(day, rng), channel.value, matter, decider, desk)


def live(course: Course, coming: Coming) -> None:
    """Let a dossier go its way."""
    try:
        course.at(coming.second)
        if enter(course, coming):
            work(course)
    except OverError:
        return


def enter(course: Course, coming: Coming) -> bool:
    """Register or receive; return whether it was received."""
    rng = course.rng
    published = course.matter.limits[coming.channel]
    limit = published if has_number(published) else set_date(course)
    chance = rng.random()
    course.limit = limit
    if coming.channel == Channel.ONLINE:
        fields, more = entered(course, coming, PORTAL, published, None)
        course.kept.act("register", course.now, PORTAL, fields, **more)
        course.wait(rng.randrange(300, 14_400))
        if chance < 0.015:
            course.reject({})
            return False
    elif chance < 0.008:
        fields, more = entered(course, coming, course.clerk, published, None)
        course.reject(fields, **more)
        return False
    elif chance > 0.03 or not course.matter.papers:
        fields, more = entered(course, coming, course.clerk, published, limit)
        course.receive(fields, **more)
        return True
    else:
        fields, more = entered(course, coming, course.clerk, published, None)
        course.kept.act("register", course.now, course.clerk, fields, **more)
        course.wait(600)
    if course.matter.papers and (chance < 0.03 or (coming.channel == Channel.ONLINE and chance < 0.05)):
        course.request_supplement("entry", course.clerk)
        if chance > 0.028 and coming.channel != Channel.ONLINE:
            course.wait_days(28)
            course.reject({})
            return False
        course.wait_days(1 + int(rng.expovariate(0.25)))
        course.accept_supplement()
        course.wait(300)
    if isinstance(limit, SetDate):
        course.limit = limit = set_date(course)
        course.receive({"limit_set_on": limit.on.isoformat(), "limit_text": limit.text, **NO_NUMBER})
    else:
        course.receive({})
    return True


NO_NUMBER: Row = {"limit_number": None, "limit_unit": ""}


def set_date(course: Course) -> SetDate:
    """Return the date that an officer sets."""
    day = course.hours.days_after(local_day(course.now) + 1, course.rng.choice((0, 1, 2, 2, 4)))
    return SetDate(date_of(day), said.SET_DATE)


def entered(
    course: Course, coming: Coming, by: By, published: Limit, limit: Limit | SetDate | None
) -> tuple[Row, dict[str, Any]]:
    """Return the fields of a new dossier, and its rows and parties' digests; `limit` where it is received at once."""
    rng, matter, kept = course.rng, course.matter, course.kept
    fields: Row = {
        "code": kept.code, "procedure_id": matter.procedure_id, "version_id": matter.version_id,
        "channel": coming.channel, "centre_id": course.desk.centre_id, "received_by_id": course.desk.agency_id,
        "decided_by_id": course.decider, "holder_agency_id": course.desk.agency_id, "submitted_at": text_of(course.now),
        "limit_number": published.number, "limit_unit": str(published.unit), "limit_text": published.text,
        "restarts": matter.restarts, "fee_due": matter.fees[coming.channel],
        "origin": (Origin.NATIONAL_PORTAL if by is PORTAL else Origin.CENTRE).value,
        "return_by": rng.choices(WAYS_BACK, (7, 1, 2))[0],
    }  # fmt: skip
    if isinstance(limit, SetDate):
        fields |= {"limit_set_on": limit.on.isoformat(), "limit_text": limit.text}
    place = course.plan.places[course.decider]
    parties = {Party.Role.APPLICANT.value: people.applicant(rng, place)}
    chance = rng.random()
    if chance < 0.14:
        parties[Party.Role.SUBMITTER.value] = people.person(rng, place)
    if chance < 0.03:
        parties[Party.Role.OWNER.value] = people.person(rng, place)
    values = {f"party:{role}": party(course, role, person) for role, person in parties.items()}
    status = "digitised" if coming.channel == Channel.ONLINE or rng.random() < 0.7 else "not_digitised"
    rows: Rows = [
        (HandedPaper, course.paper(key, name, by, status)) for key, name in matter.papers[: rng.choice((1, 2, 2))]
    ]
    return fields, {"rows": rows, "values": values}


def party(course: Course, role: str, person: Person) -> str:
    """Keep somebody in a role; return the digest that the event holds."""
    ledger = course.kept.ledger
    row = ledger.row(
        Party,
        {
            "dossier_id": course.kept.pk, "role": role, "kind": str(person.kind), "name": person.name,
            "name_folded": fold(person.name), "born_on": chain.plain(person.born_on), "address": person.address,
            "place_id": None, "phone": person.phone, "email": person.email, "salt": salt_of(course.rng),
            "erased_at": None,
        },
    )  # fmt: skip
    for each in person.identifiers:
        ledger.row(
            PartyIdentifier,
            {"party_id": row["id"], "kind": str(each.kind), "value": each.value, "country": each.country},
        )
    return chain.party_digest(PartyRead(row, list(person.identifiers)))  # type: ignore[arg-type]


def work(course: Course) -> None:
    """Let a received dossier be settled: mostly straight, now and then round a corner; a few wait and wait."""
    rng = course.rng
    is_quick = isinstance(course.limit, Limit) and (course.limit.unit in IN_HOURS or course.limit.number is None)
    if not (course.decider == course.desk.agency_id and (is_quick or rng.random() < 0.1)):
        course.wait(rng.randrange(300, 9_000))
        course.forward(course.clerk, said.STEP)
        course.wait(rng.randrange(600, 16_000))
        course.take_over()
    chance = rng.random()
    if chance < 0.065 and course.matter.papers:
        ask_for_more(course)
    elif chance < 0.095:
        ask_for_money(course)
    elif chance < 0.105:
        course.wait_days(2)
        course.stop(StopKind.SUSPENSION)
        course.wait_days(5 + int(rng.expovariate(0.05)))
        course.resume()
    elif chance < 0.112:
        course.wait_days(2)
        course.stop(StopKind.END)
        course.wait_days(1 + int(rng.expovariate(0.3)))
        course.hand_back() if rng.random() < 0.7 else course.return_result(course.clerk)
        return
    elif chance < 0.125:
        course.wait_days(1 + rng.randrange(3))
        course.withdraw()
        course.wait_days(1)
        course.hand_back()
        return
    elif chance < 0.135 and course.hand_over is None and course.kept.fields["holder_id"]:
        course.wait_days(1)
        course.forward(course.handler, said.SIGNING)
        course.wait(rng.randrange(600, 16_000))
        course.take_over()
    if rng.random() < hanging(course):
        raise OverError
    decide(course)
    hand_out(course)


def hanging(course: Course) -> float:
    """Return how likely it is that nobody has settled it yet: the backlog is mostly young, a few are old."""
    age = (course.plan.until - course.now) / 86_400
    return 0.008 + 0.2 * exp(-age / 60)


def ask_for_more(course: Course) -> None:
    """Ask for a paper, once; some never answer."""
    rng = course.rng
    course.wait_days(1)
    course.request_supplement("work", course.handler)
    chance = rng.random()
    if chance < 0.05:
        raise OverError
    course.wait_days(2 + int(rng.expovariate(0.15)))
    if chance < 0.1:
        course.withdraw()
        course.wait_days(1)
        course.hand_back()
        raise OverError
    course.accept_supplement()


def ask_for_money(course: Course) -> None:
    """Ask for money, once; some never pay."""
    rng = course.rng
    course.wait_days(1)
    course.request_payment(f"{rng.choice((50, 120, 350, 1_200, 7_500)) * 1_000}.00")
    if rng.random() < 0.04:
        raise OverError
    course.wait_days(1 + int(rng.expovariate(0.3)))
    course.confirm_payment()


def decide(course: Course) -> None:
    """Sign the result: mostly before the day, some on it, a few late, of which some were put off with an apology."""
    rng, hours = course.rng, course.hours
    due = course.due.second
    assert due is not None
    today, last = local_day(course.now), local_day(due)
    chance = rng.random()
    if chance < 0.93 and course.now < due:
        part = rng.random() ** 0.7 if chance < 0.74 else 1.0
        if isinstance(course.limit, Limit) and course.limit.unit in IN_HOURS and today == last:
            course.at(course.now + int((due - course.now) * part * 0.95))
        elif today == last or (day := hours.days_after(int(today + (last - today) * part), 0)) == today:
            course.wait(rng.randrange(600, 7_200))
        else:
            course.at(hours.some_time(min(day, last), rng))
    else:
        may_extend = course.kept.fields["holder_id"] and today < last and not isinstance(course.limit, SetDate)
        if may_extend and rng.random() < 0.3:
            course.at(hours.some_time(hours.days_before(last, 0) if today < last - 1 else last, rng))
            course.extend(3 + rng.randrange(5))
            assert course.due.second is not None
            last = local_day(course.due.second) - rng.randrange(3)
        day = max(hours.days_after(last + 1, int(rng.expovariate(0.25))), hours.next(local_day(course.now)))
        course.at(hours.some_time(day, rng))
    refused = rng.random() < 0.03
    course.finish((Outcome.REFUSED if refused else Outcome.GRANTED).value)
    if rng.random() < 0.003:
        course.wait(7_200)
        course.reopen()
        course.wait_days(1)
        course.finish(Outcome.GRANTED.value)


def hand_out(course: Course) -> None:
    """Hand over the result: most come at once, a few never do."""
    rng = course.rng
    chance = rng.random()
    if chance < 0.5:
        course.wait(rng.randrange(600, 20_000))
    else:
        course.wait_days(1 + int(rng.expovariate(0.4)))
    if chance > 0.985:
        return
    staff = course.plan.staff.get((course.desk.agency_id, Role.CONTRACTOR), [course.clerk])
    by = rng.choice(staff) if rng.random() < 0.3 else course.clerk
    course.return_result(by, said.TAKEN_BY if rng.random() < 0.05 else "")
