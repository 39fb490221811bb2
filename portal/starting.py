"""What a web server looks at when it starts."""

from __future__ import annotations

import logging

from django.core import checks
from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)


def look_at_database() -> None:
    """Say loudly what the checks of the database find; where it doesn't answer, warm pages are served all the same."""
    try:
        found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    except DatabaseError as error:
        logger.error("The database doesn't answer: %s", error)
        return
    finally:
        connection.close()
    for message in found:
        logger.critical(message)
