"""Other dossiers with which a new one has to do: named by their codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.actors import Actor
from desk.counter.together import GroupPlace
from desk.forms.fields import line_field, text_field
from desk.models import Dossier, Group
from desk.models import Related as RelatedRow

MOST_RELATED = 20
LONGEST_GROUP = 300
LONGEST_WHY = RelatedRow._meta.get_field("reason").max_length or 200

Related = tuple[Dossier, str]


class TogetherForm(forms.Form):
    """A group of interlinked dossiers (liên thông), begun here or joined, and dossiers that are related."""

    by: Actor
    at: dt.datetime
    group_name = line_field(
        gettext_lazy("Begin a group of interlinked dossiers: its name"),
        required=False,
        help_text=gettext_lazy("For the first dossier of the group, like: birth, residence, health insurance"),
    )
    group_code = line_field(
        gettext_lazy("Join the group of the dossier"),
        required=False,
        help_text=gettext_lazy("The code of any dossier of that group"),
    )
    group_waits = forms.BooleanField(
        label=gettext_lazy("It is finished after that dossier, not before"), required=False
    )
    related = text_field(
        gettext_lazy("Related dossiers"),
        required=False,
        rows=2,
        help_text=gettext_lazy("One a line: the code, then why it has to do with this one"),
    )
    TOGETHER = ("group_name", "group_code", "group_waits", "related")

    @property
    def is_together(self) -> bool:
        """Return whether something was entered about other dossiers."""
        return self.is_bound and any(self.data.get(name) for name in self.TOGETHER)

    def clean_group_name(self) -> str:
        """Return the name of a new group, not too long."""
        name = " ".join(str(self.cleaned_data["group_name"]).split())
        if len(name) > LONGEST_GROUP:
            raise ValidationError(
                _("This is too long: %(count)d letters, %(most)d at most.")
                % {"count": len(name), "most": LONGEST_GROUP}
            )
        return name

    def clean_group_code(self) -> Dossier | None:
        """Find the dossier whose group is joined."""
        code = self.cleaned_data["group_code"]
        if not code:
            return None
        dossier = self._named([code])[code.strip().upper()]
        if getattr(dossier, "membership", None) is None:
            told = _("%(code)s is in no group: name it as a related dossier, or begin a group here.")
            raise ValidationError(told % {"code": dossier.code})
        return dossier

    def clean_related(self) -> list[Related]:
        """Find the related dossiers, each with its reason."""
        lines = [line.split(maxsplit=1) for line in self.cleaned_data["related"].splitlines() if line.strip()]
        if len(lines) > MOST_RELATED:
            raise ValidationError(_("Name %(most)d dossiers at most.") % {"most": MOST_RELATED})
        rows = self._named(line[0] for line in lines)
        found: dict[int, Related] = {}
        for code, *why in lines:
            reason = why[0].strip(" -–:") if why else ""
            if len(reason) > LONGEST_WHY:
                told = _("Why %(code)s has to do with it is too long: %(most)d letters at most.")
                raise ValidationError(told % {"code": code, "most": LONGEST_WHY})
            dossier = rows[code.upper()]
            found[dossier.pk] = (dossier, reason)
        return list(found.values())

    def clean(self) -> dict[str, Any]:
        """Refuse to begin a group and to join another at once, and to wait for nobody."""
        data = super().clean() or self.cleaned_data
        if data.get("group_name") and self.data.get("group_code"):
            self.add_error("group_name", _("Begin a group or join one: leave one of the two empty."))
        if data.get("group_waits") and not self.data.get("group_code"):
            self.add_error("group_waits", _("Name the dossier that it waits for."))
        return data

    def _named(self, codes: Iterable[str]) -> dict[str, Dossier]:
        """Return dossiers that the officer may see, by code (one query). Raises ValidationError for the others."""
        wanted = [code.strip().upper() for code in codes]
        if not wanted:
            return {}
        rows = Dossier.objects.visible_to(self.by).filter(code__in=wanted).select_related("membership__group")
        found = {row.code: row for row in rows}
        missing = [code for code in wanted if code not in found]
        if missing:
            told = _("No dossier that you may open has the code %(codes)s: check each sign of it.")
            raise ValidationError(told % {"codes": ", ".join(dict.fromkeys(missing))})
        return found

    def group_place(self) -> GroupPlace | None:
        """Return the place that the dossier gets in a group; None without one."""
        data = self.cleaned_data
        if data["group_name"]:
            return GroupPlace(Group(name=data["group_name"], made_at=self.at), order=1, is_lead=True)
        first = data["group_code"]
        if first is None:
            return None
        return GroupPlace(first.membership.group, waits_for=first if data["group_waits"] else None)
