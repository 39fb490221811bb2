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

    def get_template(self, template_name: str) -> Any:
        """Return a template. Raises TemplateDoesNotExist."""
        if template_name.startswith(DJANGOS_OWN) and template_name not in WITH_OTHERS:
            return self.fast.get_template(template_name)
        return super().get_template(template_name)
