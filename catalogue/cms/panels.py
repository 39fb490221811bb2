"""The forms: a procedure in an editor's order of thought, its other languages in a tab of their own."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList, Panel, TabbedInterface


def language_columns(name: str) -> list[str]:
    """Return a translated column's names, the Vietnamese one first."""
    return [f"{name}_{code.replace('-', '_')}" for code, _label in settings.LANGUAGES]


def vietnamese(name: str) -> FieldPanel:
    """Return the panel of the source column."""
    return FieldPanel(f"{name}_vi")


def translated(name: str) -> list[Panel]:
    """Return the panels of the other languages' columns."""
    return [FieldPanel(column) for column in language_columns(name)[1:]]


def all_languages(name: str) -> list[Panel]:
    """Return the panels of every language's column; rows inside a list have no tab of their own."""
    return [FieldPanel(column) for column in language_columns(name)]


def procedure_form() -> TabbedInterface:
    """Return a procedure's form: what, for whom and where, papers, time and fee, law, other languages."""
    what = [
        FieldPanel("code"),
        vietnamese("name"),
        FieldPanel("short_name"),
        FieldPanel("field"),
        FieldPanel("status"),
        FieldPanel("replaced_by"),
        vietnamese("steps"),
        vietnamese("conditions"),
        InlinePanel(
            "results", label=_("Result"), panels=[FieldPanel("key"), FieldPanel("code"), *all_languages("name")]
        ),
    ]
    whom = [
        MultiFieldPanel(
            [
                FieldPanel("is_commune_level"),
                FieldPanel("is_province_level"),
                FieldPanel("is_ministry_level"),
                FieldPanel("is_other_level"),
            ],
            _("Levels competent to settle"),
        ),
        FieldPanel("roles"),
        FieldPanel("roles_text"),
        FieldPanel("roles_need_review"),
        FieldPanel("maintained_by"),
        FieldPanel("audiences"),
        FieldPanel("is_for_foreigners"),
        FieldPanel("online_level"),
        vietnamese("online_reason"),
        FieldPanel("online_url"),
        FieldPanel("portal_url"),
    ]
    law = [
        FieldPanel("issuer"),
        FieldPanel("decision"),
        FieldPanel("legal_basis"),
        FieldPanel("on_supplement"),
        FieldPanel("has_details"),
        FieldPanel("mentions_district"),
        FieldPanel("importance"),
        FieldPanel("source"),
        FieldPanel("checked_on"),
    ]
    others = [*translated("name"), *translated("steps"), *translated("conditions"), *translated("online_reason")]
    return TabbedInterface(
        [
            ObjectList(what, heading=_("What")),
            ObjectList(whom, heading=_("For whom, where")),
            ObjectList([InlinePanel("cases", label=_("Case"), panels=case_panels())], heading=_("Papers")),
            ObjectList(
                [InlinePanel("channels", label=_("Channel"), panels=channel_panels())], heading=_("Time and fee")
            ),
            ObjectList(law, heading=_("Law")),
            ObjectList(others, heading=_("Other languages")),
        ]
    )


def case_panels() -> list[Panel]:
    """Return the panels of a case with its papers."""
    paper = [
        FieldPanel("key"),
        *all_languages("name"),
        FieldPanel("kind"),
        FieldPanel("handling"),
        FieldPanel("originals"),
        FieldPanel("copies"),
        FieldPanel("form"),
        FieldPanel("national_base"),
    ]
    return [FieldPanel("key"), *all_languages("label"), InlinePanel("papers", label=_("Paper"), panels=paper)]


def channel_panels() -> list[Panel]:
    """Return the panels of a channel with its limits and fees."""
    term = [
        FieldPanel("key"),
        *all_languages("label"),
        FieldPanel("number"),
        FieldPanel("unit"),
        *all_languages("text"),
    ]
    fee = [
        FieldPanel("key"),
        *all_languages("label"),
        FieldPanel("kind"),
        FieldPanel("amount"),
        FieldPanel("currency"),
        FieldPanel("certainty"),
        *all_languages("text"),
    ]
    return [
        FieldPanel("key"),
        FieldPanel("kind"),
        InlinePanel("terms", label=_("Time limit"), panels=term),
        InlinePanel("fees", label=_("Fee"), panels=fee),
    ]
