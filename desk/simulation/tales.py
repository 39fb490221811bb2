"""The kinds of stories, each a way through the states; a deck of them makes a province."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from desk import actions
from desk.actors import APPLICANT, outside
from desk.attaching import attach_file
from desk.counter.together import GroupPlace
from desk.models import DossierFile, Group, Origin
from desk.shadows import Helped, Told, note_shadow, update_shadow
from desk.simulation import people, said
from desk.simulation.hours import date_of, local_day
from desk.simulation.story import Story, Wait
from desk.states import Channel, Outcome, State, StopKind


def straight(story: Story) -> Wait:
    """Come, be settled, be handed over."""
    yield from story.come()
    yield from story.pass_on()
    yield from story.decide()
    yield from story.hand_out()


def quick(story: Story) -> Wait:
    """Be settled by the centre's own agency without being passed on."""
    yield from story.come()
    yield from story.decide()
    yield from story.hand_out()


def with_file(story: Story) -> Wait:
    """Bring a file: a paper digitised at the counter."""
    yield from story.come()
    yield from story.wait(300)
    file = SimpleUploadedFile(f"Giấy tờ DEMO {story.number}.png", picture(f"DEMO {story.number}"), "image/png")
    attach_file(story.dossier.pk, file, by=story.clerk, at=story.at, kind=DossierFile.Kind.PAPER)
    yield from story.pass_on()
    yield from story.decide()
    yield from story.hand_out()


def picture(text: str) -> bytes:
    """Return a small picture of a text."""
    image = Image.new("L", (240, 120), 255)
    ImageDraw.Draw(image).text((20, 50), text, fill=0)
    target = BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def incomplete(story: Story) -> Wait:
    """Lack a paper at entry: it is registered and sent back once."""
    yield from asked_at_entry(story)
    yield from story.days(1 + story.rng.randrange(6))
    story.do(actions.accept_supplement, story.clerk)
    yield from story.wait(300)
    story.receive()
    yield from story.pass_on()
    yield from story.decide()
    yield from story.hand_out()


def asked_at_entry(story: Story) -> Wait:
    """Be registered, and asked for what is missing."""
    yield story.second
    if story.channel == Channel.ONLINE:
        story.register(outside(said.PORTAL), origin=Origin.NATIONAL_PORTAL)
        yield from story.wait(900, 9_000)
    else:
        story.register(story.clerk)
        yield from story.wait(300)
    answer_by = date_of(local_day(story.second) + 10)
    story.do(actions.request_supplement, story.clerk, demands=[story.demand()], answer_by=answer_by)


def lapsed(story: Story) -> Wait:
    """Lack a paper at entry and never bring it: refused when the day has passed."""
    yield from asked_at_entry(story)
    yield from story.days(12)
    story.do(actions.reject, story.clerk, reason=said.REJECTED[1])
    yield from story.days(3)
    story.do(actions.hand_back, story.clerk)


def refused_at_the_counter(story: Story) -> Wait:
    """Not be received."""
    yield story.second
    if story.channel == Channel.ONLINE:
        story.register(outside(said.PORTAL), origin=Origin.NATIONAL_PORTAL)
        yield from story.wait(900, 9_000)
        story.do(actions.reject, story.clerk, reason=said.REJECTED[0])
        return
    story.dossier = actions.reject_new(story.intake(), reason=said.REJECTED[2], by=story.clerk, at=story.at)


def untouched(story: Story) -> Wait:
    """Wait online for somebody to look."""
    story.channel = Channel.ONLINE
    story.second = max(story.second, story.world.plan.until - 5 * 3_600)
    yield story.second
    story.register(outside(said.PORTAL), origin=Origin.NATIONAL_PORTAL)


def taken_back_online(story: Story) -> Wait:
    """Be withdrawn by the applicant before anybody has received it."""
    yield story.second
    story.register(outside(said.PORTAL), origin=Origin.NATIONAL_PORTAL, channel=Channel.ONLINE)
    yield from story.wait(1_200, 3_600)
    story.do(actions.withdraw, APPLICANT, reason=said.WITHDRAWN[0])


def asked(story: Story) -> Wait:
    """Be asked for a paper during the work."""
    yield from story.come()
    yield from story.pass_on()
    yield from story.days(1)
    story.do(actions.request_supplement, story.handler, demands=[story.demand()])


def supplemented(story: Story) -> Wait:
    """Be asked, and answer."""
    yield from asked(story)
    yield from story.days(2 + story.rng.randrange(6))
    story.do(actions.accept_supplement, story.clerk, note=said.COMMENTS[0])
    yield from story.decide()
    yield from story.hand_out()


def asked_twice(story: Story) -> Wait:
    """Be asked a second time: by the approver, with the article that allows it."""
    yield from asked(story)
    yield from story.days(2)
    story.do(actions.accept_supplement, story.clerk)
    yield from story.days(1)
    story.do(actions.request_supplement, story.approver, demands=[story.demand()], ground=said.GROUND)
    yield from story.days(3)
    story.do(actions.accept_supplement, story.clerk)
    yield from story.decide()
    yield from story.hand_out()


def asked_and_withdrawn(story: Story) -> Wait:
    """Be asked, and give up."""
    yield from asked(story)
    yield from story.days(4)
    story.do(actions.withdraw, story.clerk, reason=said.WITHDRAWN[1])
    yield from story.days(1)
    story.do(actions.hand_back, story.clerk)


def paid(story: Story) -> Wait:
    """Be asked for money, and pay."""
    yield from unpaid(story)
    yield from story.days(1 + story.rng.randrange(3))
    story.do(actions.confirm_payment, story.clerk, receipt=f"DEMO-{story.number:05}")
    yield from story.decide()
    yield from story.hand_out()


def unpaid(story: Story) -> Wait:
    """Be asked for money."""
    yield from story.come()
    yield from story.pass_on()
    yield from story.pay()


def suspended(story: Story) -> Wait:
    """Be stopped for a time."""
    yield from story.come()
    yield from story.pass_on()
    yield from story.wait(3_600, 7_200)
    reason = story.rng.choice(said.SUSPENDED)
    story.do(actions.stop, story.approver, kind=StopKind.SUSPENSION.value, reason=reason, ground=said.GROUND)


def resumed(story: Story) -> Wait:
    """Be stopped for a time, and go on."""
    yield from suspended(story)
    yield from story.days(4 + story.rng.randrange(6))
    story.do(actions.resume, story.approver, reason=said.RESUMED)
    yield from story.decide()
    yield from story.hand_out()


def ended(story: Story) -> Wait:
    """Be stopped for good, after money was asked for in vain."""
    yield from unpaid(story)
    yield from story.days(8)
    reason = said.ENDED[0]
    story.do(actions.stop, story.approver, kind=StopKind.END.value, reason=reason, ground=said.GROUND)
    yield from story.days(2)
    story.do(actions.hand_back, story.clerk, to=said.TAKEN_BY)


def withdrawn(story: Story) -> Wait:
    """Be withdrawn while it is worked on."""
    yield from story.come()
    yield from story.pass_on()
    yield from story.wait(3_600, 3_600)
    story.do(actions.withdraw, APPLICANT, reason=said.WITHDRAWN[0])
    yield from story.days(1)
    story.do(actions.hand_back, story.clerk)


def late(story: Story) -> Wait:
    """Be settled late."""
    yield from story.come()
    yield from story.pass_on()
    yield from story.decide(late=1 + story.rng.randrange(5))
    yield from story.hand_out()


def extended(story: Story) -> Wait:
    """Be put off with an apology, and settled then."""
    yield from story.come()
    yield from story.pass_on()
    yield from story.until_day(story.late_day())
    later = max(story.late_day(), local_day(story.second)) + 1
    on: dt.date = date_of(story.hours.days_after(later, 3))
    approver = story.approver
    story.do(actions.extend, approver, on=on, reason=story.rng.choice(said.LATE), late_unit=approver.posts[0].unit)
    yield from story.decide(late=story.rng.randrange(2))
    yield from story.hand_out()


def overdue(story: Story) -> Wait:
    """Lie, long after its day."""
    yield from story.come()
    yield from story.pass_on()


def waiting(story: Story) -> Wait:
    """Be received, and lie at the centre."""
    yield from story.come()


def refused(story: Story) -> Wait:
    """End with a letter of refusal."""
    yield from story.come()
    yield from story.pass_on()
    yield from story.decide(Outcome.REFUSED)
    yield from story.hand_out()


def reopened(story: Story) -> Wait:
    """Be taken back for an error, and signed anew."""
    yield from story.come()
    yield from story.pass_on()
    yield from story.decide()
    yield from story.wait(3_600, 3_600)
    story.do(actions.reopen, story.approver, reason=said.REOPENED)
    yield from story.wait(3_600, 7_200)
    story.sign(Outcome.GRANTED)
    yield from story.hand_out()


def uncollected(story: Story) -> Wait:
    """Wait to be fetched."""
    yield from story.come()
    yield from story.pass_on()
    yield from story.decide()


def talked_about(story: Story) -> Wait:
    """Be commented on, corrected and given to a colleague."""
    yield from story.come()
    yield from story.wait(600)
    person = people.person(story.rng, story.world.plan.places[story.decider])
    applicant = replace(person, name=story.dossier.parties.get(role="applicant").name)
    story.do(actions.correct_data, story.clerk, people={"applicant": applicant}, reason=said.CORRECTED)
    yield from story.pass_on()
    yield from story.wait(1_800)
    story.do(actions.comment, story.handler, text=story.rng.choice(said.COMMENTS))
    yield from story.wait(1_800)
    approver = story.approver
    assert approver.user_id is not None
    colleague = get_user_model().objects.get(pk=approver.user_id)
    story.do(actions.reassign, approver, to_user=colleague, reason=said.REASSIGNED)
    yield from story.decide()
    yield from story.hand_out()


def handed_on(story: Story) -> Wait:
    """Go through two hands."""
    yield from story.come()
    yield from story.pass_on()
    yield from story.wait(3_600, 7_200)
    agency = story.world.agencies[story.decider]
    story.do(actions.forward, story.handler, to_agency=agency, step=said.SIGNING, note=said.COMMENTS[1])
    yield from story.wait(1_800, 3_600)
    story.do(actions.take_over, story.approver)
    yield from story.decide()
    yield from story.hand_out()


def mirrored(story: Story) -> Wait:
    """Be entered on a ministry's system and mirrored here; before the cut-over, or without a route, be settled here."""
    route = story.rng.choice(story.world.routes) if story.world.routes else None
    if route is None or (route.valid_from is not None and date_of(local_day(story.second)) < route.valid_from):
        yield from straight(story)
        return
    story.second = story.hours.after(story.second, 0)
    yield story.second
    place = story.world.plan.places[story.decider]
    world, began = story.world, story.at
    due = began + dt.timedelta(7)
    told = Told(route.system, f"DEMO-BO-{story.number:05}", int(State.REGISTERED), began)
    helped = Helped(
        route.procedure, world.centres[story.desk.centre_id], world.agencies[story.decider],
        people.person(story.rng, place),
    )  # fmt: skip
    story.dossier = note_shadow(told, helped, by=story.clerk, at=story.at)
    system = outside(route.system)
    yield from story.wait(7_200)
    told = replace(told, state=int(State.PROCESSING), received_at=story.at, due_at=due)
    story.dossier = update_shadow(story.dossier.pk, told, by=system, at=story.at)
    yield from story.days(2 + story.rng.randrange(5))
    told = replace(told, state=int(State.FINISHED), finished_at=story.at, outcome=Outcome.GRANTED.value)
    story.dossier = update_shadow(story.dossier.pk, told, by=system, at=story.at)
    yield from story.days(1)
    told = replace(told, state=int(State.RETURNED))
    story.dossier = update_shadow(story.dossier.pk, told, by=system, at=story.at)


def linked(story: Story) -> Wait:
    """Come with three matters that hang together: the first is settled before the others can be."""
    others = [Story(story.world, story.number, story.rng, local_day(story.second)) for _each in range(2)]
    person = people.person(story.rng, story.world.plan.places[story.decider])
    stories = [story, *others]
    for place, each in enumerate(stories):
        each.decider, each.desk, each.hours = story.decider, story.desk, story.hours
        each.channel, each.second = Channel.COUNTER, story.hours.after(story.second, 300 * place)
        each.changes = {"applicant": person, "submitter": None, "owner": None, "return_by": "pick_up"}
        each.take(story.world.linked[place] if place < len(story.world.linked) else story.matter)
    group = Group.objects.create(name="Khai sinh – cư trú – bảo hiểm y tế (DEMO)", made_at=story.at)
    lead = None
    for order, each in enumerate(stories, 1):
        each.changes["group"] = GroupPlace(group, order, is_lead=lead is None, waits_for=lead)
        yield from each.come()
        lead = lead or each.dossier
    for each in stories:
        each.second = max(one.second for one in stories)
        yield from each.pass_on()
    for each in stories:
        each.second = max(one.second for one in stories)
        yield from each.decide()
        yield from each.hand_out()


Tale = Callable[[Story], Wait]
DECK: tuple[tuple[Tale, int], ...] = (
    (straight, 20), (quick, 3), (with_file, 1), (incomplete, 2), (lapsed, 1), (refused_at_the_counter, 1),
    (untouched, 1), (taken_back_online, 1), (asked, 1), (supplemented, 2), (asked_twice, 1),
    (asked_and_withdrawn, 1), (paid, 2), (unpaid, 1), (suspended, 1), (resumed, 1), (ended, 1), (withdrawn, 1),
    (late, 2), (extended, 2), (overdue, 2), (waiting, 1), (refused, 1), (reopened, 1), (uncollected, 2),
    (talked_about, 2), (handed_on, 2), (mirrored, 2), (linked, 1),
)  # fmt: skip
"""How often each tale comes in a deck: rare ones more often than in life, so that a small demo has all of them."""
CARDS = tuple(tale for tale, count in DECK for _each in range(count))
