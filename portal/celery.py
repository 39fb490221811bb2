"""Background work: Celery's workers where `CELERY_BROKER_URL` names a broker, else at once, after the commit.

Other rooms write `@shared_task`, with ids and a language for arguments and nothing done twice, and call
`delay_on_commit`. What differs between two machines stands in `portal/settings.py`.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, signals
from celery.contrib.django.task import DjangoTask
from django.db import InterfaceError, OperationalError, transaction
from kombu import Exchange, Queue
from kombu.common import Broadcast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

EVERY = 60
"""Seconds from one run of the clock's work to the next."""
SOFT_LIMIT, HARD_LIMIT = 240, 300
"""Seconds: a task is asked to end, then its process is killed."""
LONGEST_WAIT = 120
"""Seconds before a task is tried again, at most."""
MACHINES = Exchange("machines", type="fanout")
"""What is sent here reaches every worker; one that doesn't run misses it."""


class Work(DjangoTask):
    """A task that is tried again, five times at most, when something it leans on doesn't answer."""

    autoretry_for = (OSError, OperationalError, InterfaceError)
    retry_backoff = 5
    retry_backoff_max = LONGEST_WAIT
    max_retries = 5
    default_retry_delay = 5

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        """Send the task after the commit."""
        self.apply_async_on_commit(args, kwargs)

    def apply_async_on_commit(self, *args: Any, **kwargs: Any) -> None:
        """Send the task after the commit; a broker that is down is logged and doesn't spoil the act that is done."""

        def send() -> None:
            self.apply_async(*args, **kwargs)

        send.__qualname__ = self.name  # Under which Django logs what failed.
        transaction.on_commit(send, robust=not self.app.conf.task_always_eager)


app = Celery("mot_cua", task_cls=Work)
app.set_default()  # Else the web server's threads would know another app, with a broker of its own.
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_ignore_result=True,
    task_queues=[Queue("celery"), Broadcast("machines", exchange=MACHINES)],
    task_default_queue="celery",
    # A task counts as done when it has ended. One that takes its process along is tried again, not for ever.
    task_acks_late=True,
    task_retry_on_worker_lost=True,
    task_reject_on_worker_lost=True,
    task_soft_time_limit=SOFT_LIMIT,
    task_time_limit=HARD_LIMIT,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=1000,
    broker_connection_retry_on_startup=True,
    # Nobody waits long for a broker that doesn't answer.
    broker_connection_timeout=2,
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0.2},
)
app.autodiscover_tasks()


@app.on_after_finalize.connect
def schedule_parts(sender: Celery, **kwargs: Any) -> None:
    """Have beat send each part of the clock's work; what waited for a minute is dropped for the next one."""
    from catalogue import clock
    from portal.tasks import run_local_part, run_part

    # Celery doesn't declare who hears all by itself, and Redis takes an exchange that it doesn't know for a queue.
    everywhere = {"queue": "machines", "declare": [MACHINES]}
    for part in clock.parts():
        task, options = (run_local_part, everywhere) if part.is_local else (run_part, {"queue": "celery"})
        sender.add_periodic_task(EVERY, task.s(part.name), name=part.name, expires=EVERY, **options)


@signals.setup_logging.connect
def keep_logging(**kwargs: Any) -> None:
    """Log as Django's settings say: that somebody listens here keeps Celery from setting up its own."""


@signals.celeryd_init.connect
@signals.beat_init.connect
def refuse_without_broker(**kwargs: Any) -> None:
    """Stop a worker or a beat that has nobody to talk to."""
    if app.conf.task_always_eager:
        raise SystemExit("CELERY_BROKER_URL is empty, so work is done at once: there is nothing for workers or beat.")
