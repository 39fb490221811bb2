"""The ten states that the National Public Service Portal exchanges, and the sets that rules speak of."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.IntegerChoices):
    """A dossier's state; everything else (step, due date, payment, delivery) stands beside it."""

    REGISTERED = 1, _("registered")
    RECEIVED = 2, _("received")
    REJECTED = 3, _("not received")
    PROCESSING = 4, _("being processed")
    SUPPLEMENT = 5, _("supplement requested")
    PAYMENT = 6, _("payment requested")
    WITHDRAWN = 7, _("withdrawn")
    STOPPED = 8, _("stopped")
    FINISHED = 9, _("finished")
    RETURNED = 10, _("result returned")


OPEN = frozenset({State.REGISTERED, State.RECEIVED, State.PROCESSING, State.SUPPLEMENT, State.PAYMENT})
"""Somebody still has to do something before there is a result."""
IN_WORK = frozenset({State.RECEIVED, State.PROCESSING})
"""The clock runs."""
WAITING = frozenset({State.SUPPLEMENT, State.PAYMENT})
"""The applicant is waited for."""
TO_DO = OPEN - WAITING
"""The office has the next step."""
READY = frozenset({State.FINISHED, State.STOPPED})
"""A result or papers can wait at the counter to be handed over."""
PAUSED = frozenset({State.SUPPLEMENT, State.PAYMENT, State.STOPPED})
"""The clock stands."""
FINAL = frozenset({State.REJECTED, State.WITHDRAWN, State.RETURNED})
"""Nothing leads out; papers can still be handed back."""
HANDED_BACK = frozenset({State.REJECTED, State.WITHDRAWN, State.STOPPED})
"""The papers go back to the applicant."""


UNDOABLE = frozenset({"forward", "take_over", "reassign", "comment", "tie_file"})
"""Acts that can be undone: no paper of them went to the applicant, and no word to anybody outside."""
UNDO_FOR = dt.timedelta(seconds=60)
"""For how long, by who did it, while nobody else has acted."""


class Outcome(models.TextChoices):
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused, with a letter")


class StopKind(models.TextChoices):
    SUSPENSION = "suspension", _("suspended")
    END = "end", _("ended")


class Channel(models.TextChoices):
    """How the dossier came."""

    COUNTER = "counter", _("at the counter")
    ONLINE = "online", _("online")
    POST = "post", _("by post")


class Settlement(models.TextChoices):
    """By the day of the end against the current due date."""

    EARLY = "early", _("settled early")
    ON_TIME = "on_time", _("settled on time")
    LATE = "late", _("settled late")
