"""The WSGI application that Granian serves."""

import gc
import logging
import os
import threading

from django.core import checks
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()

from search import public  # noqa: E402 (Django must be set up first.)


def warm() -> None:
    """Read the texts of search, so that no reader waits for them; what stays for good is never collected again."""
    public.warm()
    gc.collect()
    gc.freeze()


def look_at_database() -> None:
    """Say loudly what the checks of the database find; where it doesn't answer, warm pages are served all the same."""
    try:
        found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    except DatabaseError as error:
        logging.getLogger(__name__).error("The database doesn't answer: %s", error)
        return
    finally:
        connection.close()
    for message in found:
        logging.getLogger(__name__).critical(message)


look_at_database()
threading.Thread(target=warm, name="warm search", daemon=True).start()
