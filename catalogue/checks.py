"""Settings of the catalogue that can't work, said at the start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from catalogue.loading.place_files import province_codes
from catalogue.loading.reading import UntrustedFileError


@register()
def province_is_known(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a PROVINCE_CODE that no province of today has; where the list is missing, `load_places` says so."""
    try:
        codes = province_codes(Path(settings.CATALOGUE_DATA_DIR) / "units")
    except UntrustedFileError:
        return []
    if settings.PROVINCE_CODE in codes:
        return []
    hint = f"Set it to one of {', '.join(sorted(codes, key=int))}: statistics codes, without leading zeros."
    return [Error(f"PROVINCE_CODE={settings.PROVINCE_CODE!r} is no province's.", hint=hint, id="catalogue.E001")]
