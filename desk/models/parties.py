"""People and bodies of a dossier: personal data, in rows of their own that can be erased."""

from __future__ import annotations

from django.db import models
from django.db.models import Value
from django.db.models.functions import Replace
from django.utils.translation import gettext_lazy as _

from catalogue.models import AdministrativeUnit
from catalogue.text import fold
from desk.models.dossiers import Dossier
from desk.models.rows import Row


def plain_phone() -> Replace:
    """Return the telephone without what stands between its digits: numbers are kept as they were written."""
    return Replace(Replace(Replace("phone", Value(" ")), Value(".")), Value("-"))


class Party(Row):
    """Applicant, owner or submitter as written on that dossier: not shared, so that a correction stays where it is."""

    class Role(models.TextChoices):
        APPLICANT = "applicant", _("applicant")
        OWNER = "owner", _("owner")
        SUBMITTER = "submitter", _("submitter")

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        HOUSEHOLD_BUSINESS = "household_business", _("household business")
        COMPANY = "company", _("company")
        AGENCY = "agency", _("state agency")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="parties")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=300)
    name_folded = models.CharField(max_length=300, editable=False)
    born_on = models.DateField(_("born on"), null=True, blank=True)
    address = models.CharField(
        _("address"), max_length=500, blank=True, help_text=_("As it stands on the papers, old place names too")
    )
    place = models.ForeignKey(AdministrativeUnit, models.PROTECT, null=True, blank=True, related_name="+")
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    salt = models.CharField(max_length=32, blank=True, editable=False)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [models.UniqueConstraint(fields=["dossier", "role"], name="party_role_once")]
        indexes = [models.Index(plain_phone(), name="party_phone_plain", condition=~models.Q(phone=""))]

    def __str__(self) -> str:
        return self.name

    def known_identifiers(self) -> list[PartyIdentifier]:
        """Return the numbers by which the party is known: those that are being written with it, else the rows."""
        if not hasattr(self, "new_identifiers"):
            self.new_identifiers = list(self.identifiers.all())
        return self.new_identifiers

    def save(self, *args: object, **kwargs: object) -> None:
        """Save with the name as search reads it."""
        self.name_folded = fold(self.name)[:300]
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class PartyIdentifier(Row):
    """A number by which a party is known."""

    class Kind(models.TextChoices):
        CITIZEN_CARD = "citizen_card", _("citizen's card or personal number")
        OLD_CARD = "old_card", _("old identity card (nine digits)")
        PASSPORT = "passport", _("passport")
        TAX_CODE = "tax_code", _("tax code")
        BUSINESS = "business", _("business registration number")
        AGENCY = "agency", _("agency identifier")
        OTHER = "other", _("other paper")

    party = models.ForeignKey(Party, models.CASCADE, related_name="identifiers")
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    value = models.CharField(_("number"), max_length=40, db_index=True)
    country = models.CharField(_("country"), max_length=2, default="VN")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "kind", "value"], name="identifier_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value}"
