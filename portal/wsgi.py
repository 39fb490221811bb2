"""The WSGI application that Granian serves."""

import gc
import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()

from portal.starting import look_at_database  # noqa: E402 (Django must be set up first.)
from search import public  # noqa: E402


def warm() -> None:
    """Read the texts of search, so that no reader waits for them; what stays for good is never collected again."""
    public.warm()
    gc.collect()
    gc.freeze()


look_at_database()
threading.Thread(target=warm, name="warm search", daemon=True).start()
