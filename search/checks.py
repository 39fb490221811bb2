"""Settings of search that can't work, said at the start."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def search_url_is_known(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a SEARCH_URL that names no engine."""
    url = settings.SEARCH_URL
    if not url or (urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname):
        return []
    hint = "Leave it empty for the embedded engine, or write http://host:9200/index for Elasticsearch 8."
    return [Error(f"SEARCH_URL={url!r} names no engine.", hint=hint, id="search.E001")]
