"""Work apart from answers: the clock's parts, which beat sends every minute (`portal/celery.py`), and mails."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from catalogue import clock
from portal.accounts import mail
from portal.clock import run

logger = logging.getLogger(__name__)


@shared_task
def run_part(name: str) -> None:
    """Do what is due of a part, on any machine."""
    logger.info("%s: %s", name, run(clock.part(name), at=timezone.now()))


@shared_task(acks_late=False, max_retries=0)
def run_local_part(name: str) -> None:
    """Do what is due of a part on each machine; one that misses it has the next minute."""
    run_part(name)


@shared_task
def send_reset_link(address: str, language: str) -> None:
    """Send a link for a new password where somebody has the address."""
    mail.send_links(address, language)


@shared_task
def tell_of_change(user_pk: int, what: str, language: str) -> None:
    """Tell somebody by mail what was changed about the log-in."""
    mail.tell(user_pk, what, language)
