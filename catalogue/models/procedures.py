"""The procedure: one row a code, as it is in force now."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import LockableMixin, PreviewableMixin, Revision, RevisionMixin

from catalogue.editing.four_eyes import FourEyesMixin
from catalogue.models.agencies import Agency, AgencyRole
from catalogue.models.law import Decision, Field, LegalDocument
from catalogue.models.lines import PlainLines
from catalogue.models.places import AdministrativeUnit
from catalogue.procedure_querysets import ProcedureQuerySet
from catalogue.querysets import EditedQuerySet
from catalogue.text import display_name, fold, marked, shorten


class Audience(models.Model):
    """Who may apply: a target group of the national catalogue, labels made alike."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    is_foreign = models.BooleanField(_("foreign element"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = EditedQuerySet.as_manager()

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name or self.code


class Procedure(PlainLines, FourEyesMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """An administrative procedure (TTHC) with its eight legal parts (Nghị định 63/2010 Điều 8.2)."""

    class Status(models.TextChoices):
        IN_FORCE = "in_force", _("in force")
        ABOLISHED = "abolished", _("abolished")

    class OnlineLevel(models.TextChoices):
        UNKNOWN = "unknown", _("not known")
        FULL = "full", _("fully online")
        PARTIAL = "partial", _("partly online")
        NONE = "none", _("not online")

    class Ground(models.TextChoices):
        NONE = "", _("no legal part changes")
        DECISION = "decision", _("the decision named above")
        TYPO = "typo", _("typing errors only")

    class OnSupplement(models.TextChoices):
        RESTART = "restart", _("the clock restarts")
        PAUSE = "pause", _("the clock pauses")

    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[\w.\-]+$", _("A code has letters, digits and dots only: 1.001193"))],
    )
    national_id = models.CharField(_("national id"), max_length=80, blank=True)
    name = models.TextField(_("legal name"))
    short_name = models.CharField(_("short name"), max_length=120, blank=True, help_text=_("Ours, for lists"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.IN_FORCE)
    replaced_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaces", verbose_name=_("replaced by")
    )
    field = models.ForeignKey(Field, models.PROTECT, related_name="procedures", verbose_name=_("field"))
    province = models.ForeignKey(
        AdministrativeUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="own_procedures",
        verbose_name=_("province"),
        help_text=_("Only where it is that province's own; empty for a national procedure"),
    )
    issuer = models.CharField(_("issued by"), max_length=200, blank=True)
    is_ministry_level = models.BooleanField(_("ministry"), default=False)
    is_province_level = models.BooleanField(_("province"), default=False)
    is_commune_level = models.BooleanField(_("commune"), default=False)
    is_other_level = models.BooleanField(_("other body"), default=False)
    roles = ParentalManyToManyField(
        AgencyRole, blank=True, related_name="procedures", verbose_name=_("competent authorities")
    )
    roles_text = models.TextField(_("authorities as the source writes them"), blank=True)
    roles_need_review = models.BooleanField(
        _("authorities need a look"), default=False, help_text=_("The source names another province's body")
    )
    maintained_by = models.ForeignKey(
        Agency, models.SET_NULL, null=True, blank=True, related_name="maintains", verbose_name=_("text kept by")
    )
    audiences = ParentalManyToManyField(Audience, blank=True, related_name="procedures", verbose_name=_("who for"))
    is_for_foreigners = models.BooleanField(
        _("for foreign users"), default=False, help_text=_("Default from the audiences; an editor decides")
    )
    online_level = models.CharField(
        _("online level"), max_length=10, choices=OnlineLevel.choices, default=OnlineLevel.UNKNOWN
    )
    online_reason = models.TextField(
        _("why only partly online"), blank=True, help_text=_("Reason and ground: Nghị định 224/2026 Điều 14")
    )
    online_url = models.URLField(_("online link"), max_length=500, blank=True)
    portal_url = models.URLField(_("page on the national portal"), max_length=500, blank=True)
    on_supplement = models.CharField(
        _("a supplement"), max_length=10, choices=OnSupplement.choices, default=OnSupplement.RESTART
    )
    steps = models.TextField(_("steps"), blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    description = models.TextField(_("description"), blank=True)
    receiving_address = models.TextField(_("where the text says to hand in"), blank=True)
    coordinating_agency = models.TextField(
        _("agencies that take part"), blank=True, help_text=_("As the source writes them; they don't decide")
    )
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="procedures", verbose_name=_("decision")
    )
    ground = models.CharField(
        _("what the change stands on"),
        max_length=10,
        choices=Ground.choices,
        blank=True,
        default=Ground.NONE,
        help_text=_("A legal part changes by a decision; correcting a typing error changes no figure and no rule"),
    )
    legal_basis = ParentalManyToManyField(
        LegalDocument, blank=True, related_name="procedures", verbose_name=_("legal basis")
    )
    has_details = models.BooleanField(
        _("details known"), default=True, help_text=_("False where only name, field and link are known")
    )
    mentions_district = models.BooleanField(
        _("still names the district"), default=False, help_text=_("Districts ended on 1 July 2025: an editor must look")
    )
    is_papers_split_guessed = models.BooleanField(
        _("papers split by guess"), default=False, help_text=_("The source ran its papers together")
    )
    is_fees_split_guessed = models.BooleanField(
        _("fees and times split by guess"), default=False, help_text=_("The source ran fees and times together")
    )
    importance = models.PositiveIntegerField(_("importance"), default=0, help_text=_("Higher comes first in lists"))
    source = models.CharField(_("source"), max_length=300, blank=True)
    checked_on = models.DateField(_("last checked on"), null=True, blank=True)
    imported = models.JSONField(
        _("last import"), default=dict, blank=True, editable=False, help_text=_("A digest a field, to tell edits")
    )
    search_marked = models.TextField(editable=False, blank=True)
    search_folded = models.TextField(editable=False, blank=True)
    updated_at = models.DateTimeField(_("changed at"), null=True, blank=True, db_index=True)

    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="procedure")
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="procedure",
        for_concrete_model=False,
    )

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
        ordering = ["-importance", "code"]
        constraints = [
            models.CheckConstraint(name="procedure_has_code", condition=~Q(code="")),
            models.CheckConstraint(
                name="procedure_live_has_vietnamese_name",
                condition=Q(live=False) | (Q(name_vi__isnull=False) & ~Q(name_vi="")),
            ),
            models.CheckConstraint(name="procedure_not_replaced_by_itself", condition=~Q(replaced_by=models.F("id"))),
        ]
        indexes = [models.Index(fields=["field", "live"], name="procedure_field_live")]

    @property
    def revisions(self) -> models.QuerySet:  # type: ignore[type-arg]
        """Return the row's drafts and published states."""
        return self._revisions

    def __str__(self) -> str:
        return f"{self.code} {self.name_vi or ''}".strip()  # type: ignore[attr-defined]

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the columns that plain search compares beside the names."""
        self.fill_search_columns()
        fields = kwargs.get("update_fields")
        if isinstance(fields, list | tuple | set):
            kwargs["update_fields"] = [*fields, "search_marked", "search_folded"]
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def fill_search_columns(self) -> None:
        """Set the marked and the folded text of code, names and short name in every language."""
        names = [getattr(self, f"name_{suffix}") or "" for suffix in column_suffixes()]
        text = " ".join([self.code, self.short_name or "", *names])
        self.search_marked, self.search_folded = f" {marked(text)} ", f" {fold(text)} "

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> None:
        """Publish a revision as any row with drafts, and record the version that it makes."""
        from catalogue import publishing

        before, ground = publishing.published_law(self), revision.content.get("ground", "")
        super().publish(revision, user=user, **kwargs)
        publishing.record(self, before, ground, timezone.now())

    def require_ground(self, revision: Revision, day: dt.date) -> None:
        """Raise NotApprovedError where a draft changes the law without naming its decision."""
        from catalogue.publishing import require_ground

        require_ground(revision, day)

    @property
    def title(self) -> str:
        """Return the name as people say it, in the active language where there is one."""
        return display_name(self.name or self.name_vi or self.code)  # type: ignore[attr-defined]

    @property
    def list_name(self) -> str:
        """Return the editor's short name, else the name cut by rule."""
        return self.short_name or shorten(self.name_vi or self.code)  # type: ignore[attr-defined]

    list_name.fget.short_description = _("name")  # type: ignore[attr-defined]

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """Offer the public page in each language."""
        return [(code, name) for code, name in settings.LANGUAGES]

    def serve_preview(self, request: object, mode_name: str) -> object:
        """Draw the public page of this draft through the view that the settings name."""
        return import_string(settings.CATALOGUE_PREVIEW_VIEW)(request, self, mode_name)


def column_suffixes() -> list[str]:
    """Return modeltranslation's column suffixes, the Vietnamese one first."""
    return [code.replace("-", "_") for code, _name in settings.LANGUAGES]


class ProcedureResult(PlainLines, models.Model):
    """What the applicant gets: a paper, with its code where the source gives one."""

    procedure = ParentalKey(Procedure, on_delete=models.CASCADE, related_name="results")
    key = models.CharField(_("key"), max_length=40)
    code = models.CharField(_("code"), max_length=60, blank=True)
    name = models.TextField(_("name"))
    sort_order = models.PositiveSmallIntegerField(default=0)

    sort_order_field = "sort_order"

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering = ["sort_order"]
        constraints = [models.UniqueConstraint(fields=["procedure", "key"], name="result_key_once")]

    def __str__(self) -> str:
        return (self.name or self.code)[:100]
