"""The forms of a set of changes: its head, what is added to it, and the note that goes with a decision."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from catalogue.editing.reach import editing_reach
from catalogue.models import Agency, ChangeSet, DecisionItem, Posting, Procedure

LONGEST_LIST = 2000
"""Codes in one go."""
_SEPARATORS = re.compile(r"[\s,;]+")


class HeadForm(forms.ModelForm):  # type: ignore[type-arg]
    """Number, issuer, dates and subject of a decision; `seen` is the state that the form was opened over."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = ChangeSet
        fields = ("number", "issuer", "signed_on", "effective_on", "title", "agency")
        widgets = {"signed_on": AdminDateInput, "effective_on": AdminDateInput}

    def __init__(self, *args: Any, user: Any, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reach = editing_reach(user, day)
        agencies = Agency.objects.filter(pk__in=Posting.objects.of(user, day).values("agency"))
        field = self.fields["agency"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = agencies.filter(pk__in=reach.agencies)
        field.required, field.empty_label = not reach.is_whole, _("the province")
        if not reach.is_whole:
            field.initial = agencies.first()
        self.fields["number"].required = True
        self.fields["issuer"].required = True
        if self.instance.pk:
            self.fields["seen"].initial = self.instance.written_at.isoformat()
            if self.instance.source == ChangeSet.Source.FILE:
                self.fields["number"].required = self.fields["issuer"].required = False

    def clean(self) -> dict[str, Any]:
        """Refuse an effect before the signature, and a second open set of one decision."""
        cleaned = super().clean() or {}
        signed, starts = cleaned.get("signed_on"), cleaned.get("effective_on")
        if signed and starts and starts < signed:
            self.add_error("effective_on", _("A decision takes effect on the day it is signed at the earliest."))
        number, issuer = cleaned.get("number"), cleaned.get("issuer")
        twins = ChangeSet.objects.filter(number=number, issuer=issuer, status__in=ChangeSet.WRITABLE)
        if number and twins.exclude(pk=self.instance.pk).exists():
            self.add_error("number", _("This decision is being written already: go on with that one."))
        return cleaned

    @property
    def head(self) -> dict[str, Any]:
        """Return the columns as the acts take them."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class AddForm(forms.Form):
    """Which procedures a decision changes, by their codes, and how."""

    codes = forms.CharField(
        label=gettext_lazy("Codes of procedures"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("As many as you like, one a line or with commas: 1.001193, 2.000635"),
    )
    effect = forms.ChoiceField(
        label=gettext_lazy("What the decision does to them"),
        choices=[choice for choice in DecisionItem.Effect.choices if choice[0] != DecisionItem.Effect.NEW],
        initial=DecisionItem.Effect.AMENDED,
    )
    successor = forms.CharField(
        label=gettext_lazy("Replaced by"),
        required=False,
        max_length=40,
        help_text=gettext_lazy(
            "Only where they are replaced: the code of the procedure that comes in their place, a new one of this "
            "decision too"
        ),
    )

    def __init__(self, *args: Any, user: Any, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.day = user, day

    def clean_codes(self) -> list[Procedure]:
        """Return the procedures of the codes; names those that there aren't, or that the person may not edit."""
        codes = list(dict.fromkeys(code for code in _SEPARATORS.split(self.cleaned_data["codes"]) if code))
        if len(codes) > LONGEST_LIST:
            raise ValidationError(_("At most %(count)d at once.") % {"count": LONGEST_LIST})
        mine = Procedure.objects.editable_by(self.user, self.day)
        found = {row.code: row for row in mine.filter(code__in=codes)}
        missing = [code for code in codes if code not in found]
        if missing:
            shown = ", ".join(missing[:10])
            raise ValidationError(_("There is no procedure of yours with the code: %(codes)s.") % {"codes": shown})
        return [found[code] for code in codes]

    def clean(self) -> dict[str, Any]:
        """Ask what replaces them, and whether it is another."""
        cleaned = super().clean() or {}
        successor = cleaned.get("successor", "").strip()
        if cleaned.get("effect") == DecisionItem.Effect.REPLACED and not successor:
            self.add_error("successor", _("Name what replaces them."))
        if successor and successor in {row.code for row in cleaned.get("codes") or []}:
            self.add_error("successor", _("A procedure can't replace itself."))
        cleaned["successor"] = successor if cleaned.get("effect") != DecisionItem.Effect.AMENDED else ""
        return cleaned
