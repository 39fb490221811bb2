"""Images and documents: whose they are, under which licence, and what they show in each language."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition

from catalogue.file_starts import check_start


class Licence(models.TextChoices):
    PUBLIC_RECORD = "public_record", _("Public record")
    CC_BY = "cc_by", "CC BY 4.0"
    OWN = "own", _("The agency's own")
    UNKNOWN = "unknown", _("Not known")


class PortalImage(AbstractImage):
    """An image with its agency, licence and alternative text by language."""

    agency = models.ForeignKey("catalogue.Agency", models.SET_NULL, null=True, blank=True, related_name="+")
    licence = models.CharField(_("licence"), max_length=20, choices=Licence.choices, default=Licence.UNKNOWN)
    alternative_text = models.CharField(_("alternative text"), max_length=300, blank=True)

    admin_form_fields = (
        "title",
        "file",
        "collection",
        "agency",
        "licence",
        *(f"alternative_text_{code.replace('-', '_')}" for code, _name in settings.LANGUAGES),
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    @property
    def default_alt_text(self) -> str:
        """Return the text in the active language, and nothing rather than a file's name."""
        return self.alternative_text or ""


class PortalRendition(AbstractRendition):
    """A size of an image."""

    image = models.ForeignKey(PortalImage, models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class PortalDocument(AbstractDocument):
    """A document with its agency and licence."""

    agency = models.ForeignKey("catalogue.Agency", models.SET_NULL, null=True, blank=True, related_name="+")
    licence = models.CharField(_("licence"), max_length=20, choices=Licence.choices, default=Licence.UNKNOWN)

    admin_form_fields = ("title", "file", "collection", "agency", "licence", "tags")

    def clean(self) -> None:
        """Refuse a new file that doesn't begin as its name says; one that stands was looked at when it came."""
        super().clean()
        if self.file and not self.file._committed:
            try:
                check_start(self.file.file)
            except ValidationError as error:
                raise ValidationError({"file": error}) from error
