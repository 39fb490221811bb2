"""End the postings that a list no longer names, at the agencies that it does name."""

from __future__ import annotations

import datetime as dt

from catalogue.loading.output import LoadError
from catalogue.loading.report import Change, Report
from catalogue.models import Posting
from portal.officers.judging import Plan
from portal.officers.rows import DAY
from portal.officers.standing import Standing
from portal.officers.telling import audit_later, name_of_post

USUAL = 20
"""Postings that a load ends without being told their number."""
BATCH = 500


def end_leavers(plan: Plan, standing: Standing, report: Report, *, most: int) -> list[Posting]:
    """End what isn't named with yesterday, at once; take away what hasn't lasted a whole day; return both.

    What other agencies have stays: a list of one office says nothing of the others. Nothing ends after a refused row,
    since that may be somebody's who stays. Raises LoadError where more than `most` would end.
    """
    if report.refused:
        report.notes.append("No posting was ended, since rows were refused: mend them, and load the list again.")
        return []
    gone = leaving(plan, standing)
    if len(gone) > most:
        raise LoadError(
            f"{len(gone)} postings aren't in the list and would end, more than {most}. "
            f"Is the list whole? Then say --leavers {len(gone)}."
        )
    ended = [post for post in gone if has_lasted(post, standing.day)]
    taken = [post for post in gone if not has_lasted(post, standing.day)]
    for post in ended:
        words = f"valid_to: {post.valid_to or '–'} → {standing.day}"
        report.changed.append(Change(f"posting {name_of_post(post)}", ("valid_to",), (words,)))
        post.valid_to = standing.day
        audit_later("posting_ended", post.user, posting=post.pk)
    for post in taken:
        report.changed.append(Change(f"posting {name_of_post(post)}", ("taken away: it hadn't lasted a day",)))
        audit_later("posting_taken_away", post.user, posting=post.pk)
    Posting.objects.bulk_update(ended, ["valid_to"], batch_size=BATCH)
    Posting.objects.filter(pk__in=[post.pk for post in taken]).delete()
    if gone:
        report.notes.append(
            f"{len(ended)} postings ended on {standing.day - DAY:%d/%m/%Y}, {len(taken)} were taken away. The accounts "
            "stay, since the log of events names them."
        )
    return gone


def leaving(plan: Plan, standing: Standing) -> list[Posting]:
    """Return what lasts or is to come at the agencies of the list without being in it, the oldest first."""
    posts = [post for each in standing.posts.values() for post in each]
    agencies = {post.agency_id for post in posts if id(post) in plan.named}
    found = [
        post
        for post in posts
        if post.agency_id in agencies and id(post) not in plan.named and (post.valid_to or dt.date.max) > standing.day
    ]
    return sorted(found, key=lambda post: post.pk)


def has_lasted(post: Posting, day: dt.date) -> bool:
    """Return whether a posting began before a day."""
    return post.valid_from is None or post.valid_from < day
