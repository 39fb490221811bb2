"""How a screen is narrowed: to an agency with those under it, a field, a level, and words."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from catalogue.editing.reach import editing_reach
from catalogue.models import Agency, Centre, Decision, Field, Procedure
from portal.publication import rows

PROVINCE = "province"
"""What stands for «without an agency of its own» among the agencies."""
LEVELS = (("ministry", _("Ministry")), ("province", _("Province")), ("commune", _("Commune")))


class Narrowing(forms.Form):
    """The filters of a screen; an answer that isn't among the choices narrows nothing, and the form says so."""

    agency = forms.ChoiceField(label=_("Agency"), required=False)
    field = forms.ChoiceField(label=_("Field"), required=False)
    level = forms.ChoiceField(label=_("Level of procedures"), required=False)
    q = forms.CharField(label=_("Words or code"), required=False, max_length=200)

    def __init__(self, data: QueryDict, user: Any, day: dt.date, *, but: tuple[str, ...] = ()) -> None:
        super().__init__(data, auto_id="narrow_%s")
        self.user, self.day = user, day
        for name in but:
            del self.fields[name]
        if "agency" in self.fields:
            whole = [(PROVINCE, _("The province's own rows"))] if editing_reach(user, day).is_whole else []
            choices = [(str(pk), name) for pk, name, _parent in self._agencies]
            self._offer("agency", [("", _("All agencies")), *whole, *choices])
        if "field" in self.fields:
            self._offer("field", [("", _("All fields")), *self._fields_offered])
        if "level" in self.fields:
            self._offer("level", [("", _("All levels")), *LEVELS])
        self.is_valid()

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @cached_property
    def _agencies(self) -> list[tuple[int, str, int | None]]:
        found = rows.agencies(self.user, self.day).order_by("name_vi")
        return list(found.values_list("pk", "name_vi", "parent"))

    @property
    def _fields_offered(self) -> list[tuple[str, str]]:
        used = rows.procedures(self.user, self.day).order_by().values("field")
        return [(str(pk), name) for pk, name in Field.objects.filter(pk__in=used).values_list("pk", "name_vi")]

    def value(self, name: str) -> str:
        """Return a filter's answer, empty where it has none or a wrong one."""
        return str(self.cleaned_data.get(name) or "")

    @property
    def branch(self) -> set[int]:
        """Return the chosen agency and those under it, as far as the person reaches."""
        found = {int(self.value("agency"))}
        while wave := {pk for pk, _name, parent in self._agencies if parent in found and pk not in found}:
            found |= wave
        return found

    def of_agency(self, found: QuerySet[Any], column: str) -> QuerySet[Any]:
        """Keep the rows of the chosen agency; `column` names whose a row is."""
        chosen = self.value("agency")
        if not chosen:
            return found
        if chosen == PROVINCE:
            return found.filter(**{f"{column}__isnull": True})
        return found.filter(**{f"{column}__in": self.branch})

    def procedures(self) -> QuerySet[Procedure]:
        """Return the procedures that are left."""
        found: QuerySet[Procedure] = self.of_agency(rows.procedures(self.user, self.day), "maintained_by")
        if self.value("field"):
            found = found.filter(field=int(self.value("field")))
        if self.value("level"):
            found = found.filter(**{f"is_{self.value('level')}_level": True})
        return found.matching(self.value("q"))  # type: ignore[attr-defined, no-any-return]

    def centres(self) -> QuerySet[Centre]:
        """Return the centres that are left; fields and levels are procedures' alone."""
        return self._named(self.of_agency(rows.centres(self.user, self.day), "agency"))

    def agencies(self) -> QuerySet[Agency]:
        """Return the agencies that are left."""
        return self._named(self.of_agency(rows.agencies(self.user, self.day), "pk"))

    def decisions(self) -> QuerySet[Decision]:
        """Return the publication decisions that are left."""
        return self._named(rows.decisions(self.user, self.day))

    def _named(self, found: QuerySet[Any]) -> QuerySet[Any]:
        from catalogue.cms.searching import search_rows

        return search_rows(found, self.value("q")) if self.value("q") else found
