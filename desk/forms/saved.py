"""The form that keeps a way to look at the list under a name."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.actors import Actor
from desk.forms.fields import FILL_IN, say_plainly
from desk.models import SavedView
from desk.saved_views import is_whole

LONGEST = 60
MOST = 30
"""Views that a person may keep: more nobody finds again."""


class SavedViewForm(forms.Form):
    """A name, for whom, and the query as it stands in the list's address."""

    query = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Name of the view"), error_messages=FILL_IN)
    is_shared = forms.BooleanField(label=gettext_lazy("For my whole agency"), required=False)

    def __init__(self, by: Actor, at: dt.datetime, initial: Any = None, data: Any = None) -> None:
        if initial is not None:
            initial = {**initial, "query": json.dumps(initial["query"])}
        super().__init__(data, initial=initial, prefix="view", use_required_attribute=False)
        say_plainly(self)
        self.by, self.at = by, at

    def clean_name(self) -> str:
        """Return the name; refuse one that is too long or taken already."""
        name = " ".join(self.cleaned_data["name"].split())
        if len(name) > LONGEST:
            raise forms.ValidationError(_("This name is too long: %(most)d letters at most.") % {"most": LONGEST})
        if SavedView.objects.owned_by(self.by).filter(name=name).exists():
            raise forms.ValidationError(_("You have a view with this name: choose another, or remove that one first."))
        return name

    def clean_query(self) -> dict[str, list[str]]:
        """Return what is kept; refuse what the list doesn't know."""
        try:
            query = json.loads(self.cleaned_data["query"])
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(unreadable()) from error
        if not is_whole(query):
            raise forms.ValidationError(unreadable())
        return query

    def clean(self) -> dict[str, Any]:
        """Refuse more views than anybody finds again."""
        data = super().clean() or self.cleaned_data
        if SavedView.objects.owned_by(self.by).count() >= MOST:
            raise forms.ValidationError(_("You keep %(most)d views already: remove one first.") % {"most": MOST})
        return data

    def keep(self) -> SavedView:
        """Write the view."""
        data, owner = self.cleaned_data, self.by.user_id
        assert owner is not None, "only officers come here"
        return SavedView.objects.create(
            owner_id=owner,
            agency_id=self.by.posts[0].agency_id,
            name=data["name"],
            query=data["query"],
            is_shared=data["is_shared"],
            made_at=self.at,
        )


def unreadable() -> str:
    """Return what to tell of a view that can't be read."""
    return _("This view can't be read. Open the list, set the filters anew and save them under a name.")
