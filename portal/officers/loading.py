"""Bring accounts and postings to what a list says: all rows that can be in one transaction, the others named."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from catalogue.editing.setting_up import GROUP
from catalogue.loading.output import LoadError
from catalogue.loading.report import Change, Report
from catalogue.loading.table import Cells
from catalogue.models import Posting
from portal.models import User
from portal.officers.headings import columns_of, roles
from portal.officers.judging import Plan, take
from portal.officers.leavers import end_leavers
from portal.officers.left_behind import left_behind
from portal.officers.reading import Columns, take_rows
from portal.officers.rows import read_row
from portal.officers.standing import Standing
from portal.officers.telling import audit_later, name_of_post
from portal.tasks import send_reset_link

BATCH = 500


def load_officers(
    path: Path,
    *,
    at: dt.datetime,
    dry_run: bool = False,
    all_or_nothing: bool = False,
    leavers: int | None = None,
    send_links: bool = False,
) -> Report:
    """Load the list; `leavers`: how many postings that it doesn't name may be ended, None for not at all.

    Raises UntrustedFileError for a file that is no such list, LoadError where nothing may be loaded.
    """
    plan, report = Plan(), Report()
    try:
        with transaction.atomic():
            standing = Standing.now(localdate(at))
            _read(path, standing, plan, report)
            if all_or_nothing and report.refused:
                raise LoadError("\n".join([*report.lines(), "All or nothing was asked for."]))
            _write(plan, report)
            gone = [] if leavers is None else end_leavers(plan, standing, report, most=leavers)
            report.notes += left_behind(
                {post.user_id for post in gone} | {post.user_id for post, *_changes in plan.changed_posts}, standing.day
            )
            if send_links:
                _send_links(plan)
            if dry_run:
                transaction.set_rollback(True)
    except IntegrityError as error:
        raise LoadError("Somebody else changed accounts or postings at the same time: run it again.") from error
    return report


def _read(path: Path, standing: Standing, plan: Plan, report: Report) -> None:
    meant = roles()

    def take_row(number: int, cells: Cells, columns: Columns) -> None:
        take(read_row(number, cells, columns, meant), standing, plan)

    take_rows(path, report, columns_of=columns_of, take=take_row)
    report.unchanged = plan.unchanged


def _write(plan: Plan, report: Report) -> None:
    """Write accounts, then postings, then who edits the catalogue; each change is told to the audit at the commit."""
    User.objects.bulk_create(plan.people, batch_size=BATCH)
    User.objects.bulk_update(
        [user for user, _fields in plan.changed_people.values()], ["last_name", "first_name", "email"], batch_size=BATCH
    )
    for posting in plan.posts:
        posting.user_id = posting.user.pk  # A new account has its key only now.
    Posting.objects.bulk_create(plan.posts, batch_size=BATCH)
    Posting.objects.bulk_update(
        [posting for posting, _fields, _words in plan.changed_posts],
        ["title", "employer", "valid_from", "valid_to"],
        batch_size=BATCH,
    )
    _let_edit(plan)
    _tell(plan, report)


def _let_edit(plan: Plan) -> None:
    """Put whoever is posted to the catalogue into its group: it opens /cms/, and the postings say what of it."""
    editors = {post.user for post in plan.posts if post.role in Posting.EDITING}
    if not editors:
        return
    group = Group.objects.filter(name=GROUP).first()
    if group is None:
        raise LoadError(f"There is no group «{GROUP}», which editors need: run manage.py set_up_editing first.")
    has = set(group.user_set.values_list("pk", flat=True))
    new = sorted((user for user in editors if user.pk not in has), key=lambda user: user.pk)
    group.user_set.add(*new)
    for user in new:
        audit_later("group_given", user)


def _tell(plan: Plan, report: Report) -> None:
    report.created = len(plan.people) + len(plan.posts)
    for user in plan.people:
        report.new.append(f"account {user.username}")
        audit_later("made", user)
    for user, fields in plan.changed_people.values():
        report.changed.append(Change(f"account {user.username}", tuple(fields)))
        audit_later("changed", user, fields=fields)
    for posting in plan.posts:
        report.new.append(f"posting {name_of_post(posting)}")
        audit_later("posted", posting.user, posting=posting.pk)
    for posting, fields, words in plan.changed_posts:
        report.changed.append(Change(f"posting {name_of_post(posting)}", tuple(fields), tuple(words)))
        audit_later("posting_changed", posting.user, posting=posting.pk, fields=fields)
    if plan.people:
        without = sum(not user.email for user in plan.people)
        report.notes.append(
            f"{len(plan.people)} new people have no password yet: each asks for a link at /accounts/password/reset/"
            + (f"; {without} have no e-mail: manage.py print_password_link NAME prints one." if without else ".")
        )


def _send_links(plan: Plan) -> None:
    for user in plan.people:
        if user.email:
            send_reset_link.delay_on_commit(user.email, settings.LANGUAGE_CODE)
