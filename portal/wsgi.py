"""The WSGI application that Granian serves."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()

from search import public  # noqa: E402 (Django must be set up first.)

# The first readers of a new worker shouldn't wait until its texts are read.
threading.Thread(target=public.warm, name="warm search", daemon=True).start()
