"""What the lists of words are filtered by."""

from __future__ import annotations

import django_filters
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from search.models import EverydayWords, JudgedQuery, QuestionWords, Situation, WordGroup


class LanguageFilter(WagtailFilterSet):
    """Filters rows by one of the portal's languages."""

    language = django_filters.ChoiceFilter(
        label=_("Language"),
        choices=settings.LANGUAGES,
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )


class WordGroupFilter(LanguageFilter):
    class Meta:
        model = WordGroup
        fields = ["language", "kind", "is_reviewed"]


class EverydayWordsFilter(LanguageFilter):
    class Meta:
        model = EverydayWords
        fields = ["language", "is_reviewed"]


class SituationFilter(LanguageFilter):
    class Meta:
        model = Situation
        fields = ["language", "is_reviewed"]


class QuestionWordsFilter(LanguageFilter):
    class Meta:
        model = QuestionWords
        fields = ["language", "part", "is_reviewed"]


def origins() -> list[tuple[str, str]]:
    """Return the origins of judged queries that there are."""
    found = JudgedQuery.objects.order_by("origin").values_list("origin", flat=True).distinct()
    return [(origin, origin) for origin in found]


class JudgedQueryFilter(LanguageFilter):
    origin = django_filters.ChoiceFilter(
        label=_("Origin"), choices=origins, empty_label=_("All"), widget=forms.RadioSelect
    )

    class Meta:
        model = JudgedQuery
        fields = ["language", "origin"]
