"""Reports of mistakes on a page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.models import PageReport


class PageReportForm(forms.ModelForm[PageReport]):
    """What is wrong, where, and how to answer."""

    required_css_class = "required"

    class Meta:
        model = PageReport
        fields = ("address", "message", "contact")
        widgets = {
            "address": forms.TextInput(attrs={"autocomplete": "off"}),
            "message": forms.Textarea(attrs={"rows": 6}),
        }
        error_messages = {"message": {"required": _("Write what is wrong on the page.")}}
