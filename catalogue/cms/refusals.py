"""What stands in the way of a decision on a proposal, told to whoever tried."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from catalogue.editing.four_eyes import NotApprovedError
from catalogue.editing.proposals import StaleProposalError


@contextmanager
def told(request: HttpRequest) -> Iterator[None]:
    """Turn what keeps a proposal from being decided within the block into a message."""
    try:
        yield
    except NotApprovedError as error:
        messages.error(request, _("Not approved. %(why)s") % {"why": error})
    except StaleProposalError as error:
        messages.error(request, str(error))
    except ValidationError as error:
        why = "; ".join(error.messages)
        messages.error(request, _("It can't be carried out: %(why)s Send it back.") % {"why": why})
    except ProtectedError as error:
        shown = "; ".join(sorted(str(row) for row in error.protected_objects)[:5])
        messages.error(request, _("It can't be removed: others need it (%(rows)s).") % {"rows": shown})
