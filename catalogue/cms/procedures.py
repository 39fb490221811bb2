"""The screens of procedures, in the order in which an editor reads one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, TabbedInterface

from catalogue.cms.children import ChildrenPanel
from catalogue.cms.columns import PublicationColumn
from catalogue.cms.filters import ProcedureFilters
from catalogue.cms.guarded import CatalogueViewSet
from catalogue.cms.keys import give_keys
from catalogue.cms.listing import foreign, translations
from catalogue.models import LegalDocument, Procedure


class ProcedureForm(WagtailAdminModelForm):
    """The form of a procedure; legal documents are linked by their numbers, as there are thousands."""

    legal_basis = forms.ModelMultipleChoiceField(
        LegalDocument.objects.none(),
        label=_("Legal basis"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Clear a box to take a document off"),
    )
    more_law = forms.CharField(
        label=_("Add legal documents"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One number a line, as it stands in the list of legal documents: 60/2014/QH13"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        linked = [document.pk for document in self.instance.legal_basis.all()]
        self.fields["legal_basis"].queryset = LegalDocument.objects.filter(pk__in=linked)  # type: ignore[attr-defined]

    def clean_more_law(self) -> list[LegalDocument]:
        """Return the documents of the numbers; a number that several have needs a look at their list."""
        return [_document(line.strip()) for line in self.cleaned_data["more_law"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        """Add the new documents to those that stay."""
        cleaned = super().clean()
        added = [document.pk for document in cleaned.get("more_law") or []]
        kept = [document.pk for document in cleaned.get("legal_basis") or []]
        cleaned["legal_basis"] = LegalDocument.objects.filter(pk__in=[*kept, *added])
        return cleaned

    def save(self, commit: bool = True) -> Procedure:
        """Give new parts their keys before they are kept."""
        procedure: Procedure = super().save(commit=False)
        give_keys(procedure)
        if commit:
            procedure.save()
        return procedure


def _document(number: str) -> LegalDocument:
    # SQLite knows upper and lower case of ASCII only: «nđ-cp» needs the second form.
    found = list(LegalDocument.objects.filter(Q(number__iexact=number) | Q(number=number.upper()))[:2])
    if not found:
        raise forms.ValidationError(
            _("There is no legal document %(number)s: add it first."), params={"number": number}
        )
    if len(found) > 1:
        text = _("Several legal documents have the number %(number)s: make their list right first.")
        raise forms.ValidationError(text, params={"number": number})
    return found[0]


# A case without papers and a way of filing without a limit (which may be «not known») wouldn't show on the page.
papers = ChildrenPanel(
    "papers",
    [
        FieldPanel("name_vi"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("handling"), FieldPanel("originals"), FieldPanel("copies")]),
        FieldPanel("form"),
        FieldRowPanel([FieldPanel("result_of"), FieldPanel("national_base")]),
        translations("name"),
    ],
    heading=_("Papers"),
    label=_("paper"),
    min_num=1,
)
cases = ChildrenPanel(
    "cases", [FieldPanel("label_vi"), papers, translations("label")], heading=_("Cases and papers"), label=_("case")
)
terms = ChildrenPanel(
    "terms",
    [
        FieldPanel("label_vi"),
        FieldRowPanel([FieldPanel("number"), FieldPanel("unit")]),
        FieldPanel("text_vi"),
        translations("label", "text"),
    ],
    heading=_("Time limits"),
    label=_("time limit"),
    min_num=1,
)
fees = ChildrenPanel(
    "fees",
    [
        FieldPanel("label_vi"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("amount"), FieldPanel("currency"), FieldPanel("certainty")]),
        FieldPanel("text_vi"),
        translations("label", "text"),
    ],
    heading=_("Fees"),
    label=_("fee"),
)
channels = ChildrenPanel(
    "channels", [FieldPanel("kind"), terms, fees], heading=_("Ways of filing, time and fees"), label=_("way of filing")
)
results = ChildrenPanel(
    "results",
    [FieldPanel("name_vi"), FieldPanel("code"), translations("name")],
    heading=_("Results"),
    label=_("result"),
)

content = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldPanel("name_vi"),
                FieldPanel("short_name"),
                FieldRowPanel([FieldPanel("code"), FieldPanel("status")]),
                FieldPanel("field"),
                FieldPanel("replaced_by"),
                FieldPanel("steps_vi"),
                FieldPanel("conditions_vi"),
                FieldPanel("description"),
                FieldPanel("receiving_address"),
                FieldPanel("coordinating_agency"),
            ],
            _("What"),
        ),
        MultiFieldPanel(
            [FieldPanel("audiences", widget=forms.CheckboxSelectMultiple), FieldPanel("is_for_foreigners")],
            _("For whom"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        FieldPanel("is_ministry_level"),
                        FieldPanel("is_province_level"),
                        FieldPanel("is_commune_level"),
                        FieldPanel("is_other_level"),
                    ]
                ),
                FieldPanel("roles", widget=forms.SelectMultiple(attrs={"size": 10})),
                FieldPanel("roles_text"),
                FieldPanel("roles_need_review"),
                FieldPanel("online_level"),
                FieldPanel("online_reason_vi"),
                FieldPanel("online_url"),
                FieldPanel("portal_url"),
            ],
            _("Where"),
        ),
        cases,
        channels,
        FieldPanel("on_supplement"),
        results,
        MultiFieldPanel(
            [FieldPanel("legal_basis"), FieldPanel("more_law"), FieldPanel("decision"), FieldPanel("ground")], _("Law")
        ),
    ],
    heading=_("Content"),
)
other_languages = ObjectList(foreign("name", "steps", "conditions", "online_reason"), heading=_("Translations"))
upkeep = ObjectList(
    [
        FieldPanel("maintained_by"),
        FieldPanel("importance"),
        FieldPanel("checked_on"),
        FieldPanel("mentions_district"),
        FieldPanel("has_details"),
        FieldRowPanel([FieldPanel("is_papers_split_guessed"), FieldPanel("is_fees_split_guessed")]),
        FieldPanel("issuer"),
        FieldPanel("province"),
        FieldPanel("national_id"),
        FieldPanel("source"),
    ],
    heading=_("Upkeep"),
)


class ProcedureViewSet(CatalogueViewSet):
    model = Procedure
    icon = "doc-full"
    list_display = [
        "list_name",
        "code",
        "field",
        "status",
        "online_level",
        PublicationColumn(),
        "checked_on",
    ]
    list_filter = ["field", "status", "live", "is_for_foreigners", "online_level"]
    base_filters = ProcedureFilters
    joins = ("field",)
    edit_handler = TabbedInterface([content, other_languages, upkeep], base_form_class=ProcedureForm)
