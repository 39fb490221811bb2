"""How editors narrow a list down: what waits, what holds on a day, what lacks a language, what must be looked at."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.widgets import AdminDateInput
from wagtail.models import WorkflowState

from catalogue import models as m
from catalogue.editing.four_eyes import FourEyesMixin
from catalogue.models.procedures import column_suffixes

LANGUAGES = {"en": _("English"), "zh_hans": _("Chinese"), "ko": _("Korean"), "ja": _("Japanese")}
Rows = models.QuerySet[Any]


class RowFilters(WagtailFilterSet):
    """What every kind of row can be asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in self.filters.values():
            each.label = capfirst(str(each.label))

    work = django_filters.ChoiceFilter(
        label=_("Work on it"),
        choices=[("draft", _("has an open draft")), ("waits", _("waits for approval")), ("none", _("nothing open"))],
        method="filter_work",
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )

    def filter_work(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep the rows with an open draft, those that wait, or those with neither."""
        drafted = Q(has_unpublished_changes=True) if issubclass(rows.model, FourEyesMixin) else Q(pk__in=[])
        if value == "draft":
            return rows.filter(drafted)
        if value == "waits":
            return rows.filter(waits(rows.model))
        return rows.exclude(drafted | waits(rows.model))


class DatedFilters(RowFilters):
    """Of kinds that hold from a day until another."""

    on = django_filters.DateFilter(label=_("Holds on the day"), method="filter_on", widget=AdminDateInput)

    def filter_on(self, rows: Rows, name: str, value: dt.date) -> Rows:
        """Keep what is valid on a day."""
        begun = rows.filter(Q(valid_from=None) | Q(valid_from__lte=value))
        return begun.filter(Q(valid_to=None) | Q(valid_to__gt=value))


class TranslatedFilters(RowFilters):
    """Of kinds whose name is translated."""

    lacks = django_filters.ChoiceFilter(
        label=_("Name not translated"),
        choices=lambda: [(suffix, LANGUAGES.get(suffix, suffix)) for suffix in column_suffixes()[1:]],
        method="filter_lacks",
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )

    def filter_lacks(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep the rows whose name has no text in a language."""
        names = {field.name for field in rows.model._meta.fields}
        column = next(each for each in ("name", "label", "local_name") if f"{each}_{value}" in names)
        return rows.filter(Q(**{f"{column}_{value}": None}) | Q(**{f"{column}_{value}": ""}))


class DatedTranslatedFilters(DatedFilters, TranslatedFilters):
    """Of kinds with both."""


def _keepers(request: Any) -> Rows:
    return m.Agency.objects.filter(pk__in=m.Procedure.objects.exclude(maintained_by=None).values("maintained_by"))


class ProcedureFilters(TranslatedFilters):
    """Of procedures: by agency, audience, level, and what somebody must look at."""

    maintained_by = django_filters.ModelChoiceFilter(label=_("text kept by"), queryset=_keepers, empty_label=_("All"))
    role = django_filters.ModelChoiceFilter(
        label=_("Competent authority"),
        field_name="roles",
        queryset=m.AgencyRole.objects.filter(is_listed=True),
        empty_label=_("All"),
    )
    audience = django_filters.ModelChoiceFilter(
        label=_("who for"), field_name="audiences", queryset=m.Audience.objects.all(), empty_label=_("All")
    )
    level = django_filters.ChoiceFilter(
        label=_("level"),
        choices=[
            ("ministry", _("ministry")),
            ("province", _("province")),
            ("commune", _("commune")),
            ("other", _("other body")),
        ],
        method="filter_level",
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    look = django_filters.ChoiceFilter(
        label=_("To be looked at"),
        choices=[
            ("district", _("still names the district")),
            ("roles", _("authorities need a look")),
            ("fee", _("a fee is suspect")),
            ("papers", _("papers not classified")),
            ("details", _("details not known")),
        ],
        method="filter_look",
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )

    def filter_level(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep what is settled at a level."""
        return rows.filter(**{f"is_{value}_level": True})

    def filter_look(self, rows: Rows, name: str, value: str) -> Rows:
        """Keep what has a flag."""
        suspect = m.FeeItem.objects.filter(channel__procedure=OuterRef("pk"), certainty=m.FeeItem.Certainty.SUSPECT)
        unsorted = m.RequiredPaper.objects.filter(
            case__procedure=OuterRef("pk"), kind=m.RequiredPaper.Kind.UNCLASSIFIED
        )
        conditions: dict[str, Q] = {
            "district": Q(mentions_district=True),
            "roles": Q(roles_need_review=True),
            "details": Q(has_details=False),
            "fee": Q(Exists(suspect)),
            "papers": Q(Exists(unsorted)),
        }
        return rows.filter(conditions[value])


def waits(model: type[models.Model]) -> Q:
    """Return the condition that a draft or a proposal about a row waits for approval."""
    kind = ContentType.objects.get_for_model(model)
    proposals = m.Proposal.objects.open().filter(kind=kind, row=OuterRef("pk"))
    condition = Q(Exists(proposals))
    if issubclass(model, FourEyesMixin):
        states = WorkflowState.objects.active().filter(
            base_content_type=kind, object_id=Cast(OuterRef("pk"), CharField())
        )
        condition |= Q(Exists(states))
    return condition
