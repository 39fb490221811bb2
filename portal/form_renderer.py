"""How fields of forms become HTML: Django's own ones by Jinja2, which takes a fraction of the time."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import DjangoTemplates, Jinja2

DJANGOS_OWN = "django/forms/"
WITH_OTHERS = frozenset({"django/forms/widgets/checkbox_select.html"})
"""Draws each choice by a template that a widget may name: Wagtail's, on a workflow's page, isn't one for Jinja2."""


class FormRenderer(DjangoTemplates):
    """Draw what Django has in both languages with its Jinja2 templates, all else in Django's template language.

    A page of intake with 21 papers has 163 fields: drawing them was half of the work of opening it.
    """

    def __init__(self) -> None:
        self.fast = Jinja2()

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """Return the HTML; a widget of Django's whose parts are another's is drawn as those are."""
        if includes_others(context.get("widget", {})):
            return str(super().get_template(template_name).render(context, request=request)).strip()
        return super().render(template_name, context, request)

    def get_template(self, template_name: str) -> Any:
        """Return a template. Raises TemplateDoesNotExist."""
        if template_name.startswith(DJANGOS_OWN) and template_name not in WITH_OTHERS:
            return self.fast.get_template(template_name)
        return super().get_template(template_name)


def includes_others(widget: dict[str, Any]) -> bool:
    """Return whether a widget includes templates that aren't Django's own: Jinja2 has those alone."""
    options = (option for _name, options, _index in widget.get("optgroups", ()) for option in options)
    parts = [*options, *widget.get("subwidgets", ())]
    return any(not str(part.get("template_name", DJANGOS_OWN)).startswith(DJANGOS_OWN) for part in parts)
