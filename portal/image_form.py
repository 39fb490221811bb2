"""The form by which editors bring pictures: a damaged one is told at its field."""

from __future__ import annotations

from django.utils.translation import gettext as _
from PIL import UnidentifiedImageError
from wagtail.images.forms import BaseImageForm


class ImageForm(BaseImageForm):
    def _clean_fields(self) -> None:
        """Say what is wrong with what only begins as a picture: Wagtail 8.0.1 fails where it counts the pixels."""
        try:
            super()._clean_fields()
        except UnidentifiedImageError:
            said = _("The file is damaged or was cut off. Scan it or save it anew and upload that.")
            self.add_error("file", said)
