"""The screens of words: groups, everyday phrases, situations, questions, best bets, judged queries."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column

from catalogue.cms import searching
from catalogue.cms.listing import RowViewSet
from search.cms.columns import LANGUAGE, REVIEWED, answers, first_lines, needed
from search.cms.filters import (
    EverydayWordsFilter,
    JudgedQueryFilter,
    QuestionWordsFilter,
    SituationFilter,
    WordGroupFilter,
)
from search.cms.word_forms import BestBetForm, EverydayWordsForm, JudgedQueryForm, LanguageForm
from search.models import BestBet, EverydayWords, JudgedQuery, QuestionWords, Situation, WordGroup

# The lists' plain search goes over these columns.
searching.COLUMNS.update(
    {
        BestBet: ("phrases", "procedure__code", "procedure__name_vi", "note"),
        EverydayWords: ("phrases", "procedure__code", "procedure__name_vi"),
        JudgedQuery: ("text",),
        QuestionWords: ("phrases",),
        Situation: ("phrases",),
        WordGroup: ("everyday", "legal", "field"),
    }
)


def phrases_panel(name: str = "phrases", **options: Any) -> FieldPanel:
    """Return a panel with a line a phrase."""
    return FieldPanel(name, widget=forms.Textarea(attrs={"rows": 10}), **options)


def advice(text: Any) -> HelpPanel:
    """Return a line above a form; HTML is not expected."""
    return HelpPanel(content=lazy(lambda: f"<p>{text}</p>", str)())


class WordGroupViewSet(RowViewSet):
    model = WordGroup
    icon = "tag"
    filterset_class = WordGroupFilter
    list_display = [
        "__str__",
        Column("get_kind_display", label=_("Kind"), sort_key="kind"),
        LANGUAGE,
        REVIEWED,
    ]
    edit_handler = ObjectList(
        [
            advice(
                _(
                    "Whoever types one of the everyday words is looked up under the catalogue's words too. "
                    "It holds as soon as it is saved."
                )
            ),
            FieldRowPanel([phrases_panel("everyday"), phrases_panel("legal")]),
            FieldRowPanel([FieldPanel("language"), FieldPanel("kind")]),
            FieldPanel("field"),
            FieldPanel("is_reviewed"),
        ],
        base_form_class=LanguageForm,
    )


class EverydayWordsViewSet(RowViewSet):
    model = EverydayWords
    icon = "openquote"
    filterset_class = EverydayWordsFilter
    joins = ("procedure",)
    list_display = [
        "__str__",
        Column(first_lines("phrases"), label=_("What people type")),
        LANGUAGE,
        REVIEWED,
    ]
    edit_handler = ObjectList(
        [
            advice(_("Write what a person would type who needs this procedure and doesn't know its name.")),
            FieldRowPanel([FieldPanel("procedure"), FieldPanel("language")]),
            phrases_panel(),
            FieldPanel("is_reviewed"),
        ],
        base_form_class=EverydayWordsForm,
    )


class SituationViewSet(RowViewSet):
    model = Situation
    icon = "user"
    filterset_class = SituationFilter
    list_display = [
        "__str__",
        Column(needed, label=_("Procedures")),
        LANGUAGE,
        REVIEWED,
    ]
    edit_handler = ObjectList(
        [
            advice(_("Where somebody stands in life, in their own words: «just had a baby», «married a foreigner».")),
            phrases_panel(),
            FieldPanel("language"),
            InlinePanel(
                "needs",
                [FieldPanel("procedure")],
                heading=_("Procedures, the most needed first"),
                label=_("procedure"),
                min_num=1,
            ),
            FieldPanel("is_reviewed"),
        ],
        base_form_class=LanguageForm,
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:  # type: ignore[type-arg]
        """Return all rows with their procedures."""
        return Situation.objects.prefetch_related("needs__procedure")


class QuestionWordsViewSet(RowViewSet):
    model = QuestionWords
    icon = "help"
    filterset_class = QuestionWordsFilter
    list_display = [
        "__str__",
        Column(first_lines("phrases"), label=_("Words of the question")),
        LANGUAGE,
        REVIEWED,
    ]
    edit_handler = ObjectList(
        [
            advice(
                _("These words say what somebody wants to know, not about which procedure: they aren't looked for.")
            ),
            FieldRowPanel([FieldPanel("language"), FieldPanel("part")]),
            phrases_panel(),
            FieldPanel("is_reviewed"),
        ],
        base_form_class=LanguageForm,
    )


class BestBetViewSet(RowViewSet):
    model = BestBet
    icon = "thumbtack"
    list_filter = ["is_reviewed"]
    joins = ("procedure",)
    list_display = [
        "__str__",
        Column(first_lines("phrases"), label=_("Queries")),
        "note",
        REVIEWED,
    ]
    edit_handler = ObjectList(
        [
            advice(
                _("Use it last: it helps exactly these queries only. A phrase or a synonym helps similar ones too.")
            ),
            phrases_panel(),
            FieldPanel("procedure"),
            FieldPanel("note"),
            FieldPanel("is_reviewed"),
        ],
        base_form_class=BestBetForm,
    )


class JudgedQueryViewSet(RowViewSet):
    model = JudgedQuery
    icon = "circle-check"
    filterset_class = JudgedQueryFilter
    list_display = [
        "text",
        Column(answers, label=_("Procedures that answer it")),
        LANGUAGE,
        Column("origin", label=_("Origin"), sort_key="origin"),
    ]
    edit_handler = ObjectList(
        [
            advice(_("The quality of search is measured on these queries.")),
            FieldRowPanel([FieldPanel("text"), FieldPanel("language")]),
            FieldPanel("procedures"),
            FieldPanel("more"),
        ],
        base_form_class=JudgedQueryForm,
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:  # type: ignore[type-arg]
        """Return all rows with their procedures."""
        return JudgedQuery.objects.prefetch_related("procedures")
