"""Fields look the same whichever template language draws them."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test import override_settings
from django.test.html import parse_html
from django.utils.translation import gettext_lazy

from desk.forms.people import PersonForm
from portal.form_renderer import FormRenderer
from tests.desk.cast import MONDAY


class Every(forms.Form):
    """A field of each kind that the desk and the portal have."""

    line = forms.CharField(label="Tên <b>", widget=forms.TextInput(attrs={"class": "short", "data-x": 'a"b'}))
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}))
    count = forms.IntegerField(min_value=0, max_value=9, help_text=gettext_lazy("Fill this in."))
    day = forms.DateField(widget=forms.DateInput(format="%d/%m/%Y"))
    tick = forms.BooleanField()
    one = forms.ChoiceField(choices=[("", "–"), (1, "Một & hai"), ("nhóm", [("a", "A"), ("b", "B")])])
    several = forms.MultipleChoiceField(choices=[(1, "Một"), (2, "Hai")], widget=forms.CheckboxSelectMultiple)
    radio = forms.ChoiceField(choices=[(1, "Một"), (2, "Hai")], widget=forms.RadioSelect)
    hidden = forms.CharField(widget=forms.HiddenInput)
    file = forms.FileField()
    password = forms.CharField(widget=forms.PasswordInput)


TYPED = {"line": "<script>", "text": "</textarea>", "count": "12", "one": "a", "several": ["2"], "radio": "2"}


def drawn(form: forms.BaseForm, renderer: type[DjangoTemplates]) -> list[object]:
    form.renderer = renderer()
    return [parse_html(str(field)) for field in form] + [parse_html(str(form.errors)), parse_html(str(form))]


@pytest.mark.parametrize("data", [None, {}, TYPED])
def test_both_languages_draw_the_same(data, db):
    for made in (lambda: Every(data), lambda: PersonForm(data, prefix="applicant", at=MONDAY)):
        assert drawn(made(), FormRenderer) == drawn(made(), DjangoTemplates)


def test_what_was_typed_is_never_markup():
    page = str(Every(TYPED))
    assert "<script>" not in page and "&lt;script&gt;" in page and "</textarea></textarea>" not in page


@override_settings(FORM_RENDERER="portal.form_renderer.FormRenderer")
def test_a_widget_with_a_template_of_its_own_keeps_its_language():
    from wagtail.admin.widgets import AdminDateInput

    assert "input" in str(AdminDateInput().render("on", None))


class Marked(forms.CheckboxSelectMultiple):
    option_template_name = "wagtailadmin/workflows/includes/workflow_content_types_checkbox.html"


def test_a_widget_of_djangos_may_include_a_template_that_django_does_not_have():
    """Else the administrator's form of a workflow fails."""
    html = FormRenderer().render(Marked.template_name, Marked(choices=[(1, "Một")]).get_context("x", [1], {}))
    assert 'type="checkbox"' in html and "Một" in html
