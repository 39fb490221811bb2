"""The clock's work as tasks: beat sends each part every minute (`portal/celery.py`)."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from catalogue import clock
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
