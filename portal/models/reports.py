"""What readers report."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PageReport(models.Model):
    """A mistake that a reader reports; the contact is erased when the report is closed."""

    address = models.CharField(_("Which page"), max_length=500, blank=True)
    message = models.TextField(_("What is wrong"), max_length=3000)
    contact = models.CharField(
        _("Telephone or e-mail, if you want an answer"),
        max_length=200,
        blank=True,
        help_text=_("You may leave it empty."),
    )
    language = models.CharField(_("language"), max_length=10, editable=False)
    created_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("report of a mistake")
        verbose_name_plural = _("reports of mistakes")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.created_at:%d/%m/%Y} {self.address}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Erase the contact of a closed report."""
        if self.closed_at:
            self.contact = ""
        super().save(*args, **kwargs)  # type: ignore[arg-type]
