"""The screen of forms to fill in."""

from __future__ import annotations

import hashlib
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList

from catalogue.cms.filters import DatedFilters
from catalogue.cms.guarded import CatalogueViewSet
from catalogue.file_starts import check_start
from catalogue.models import Form

MEGABYTES = 10
EXTENSIONS = ["pdf", "doc", "docx", "odt", "xls", "xlsx", "ods"]


class FormForm(WagtailAdminModelForm):
    """The form of a form: its digest follows its file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].validators.append(FileExtensionValidator(EXTENSIONS))

    def clean_file(self) -> Any:
        """Set the digest of a new file, and none where the file is taken away."""
        file = self.cleaned_data.get("file")
        if isinstance(file, UploadedFile):
            if file.size is None or file.size > MEGABYTES * 1024 * 1024:
                raise ValidationError(_("The file is larger than %(size)d MB."), params={"size": MEGABYTES})
            check_start(file)
            digest = hashlib.sha256()
            for chunk in file.chunks():
                digest.update(chunk)
            self.instance.sha256 = digest.hexdigest()
        elif not file:
            self.instance.sha256 = ""
        return file


class FormFilters(DatedFilters):
    """Of forms: whether the file is there."""

    has_file = django_filters.BooleanFilter(label=_("has its file"), method="filter_has_file")

    def filter_has_file(self, rows: Any, name: str, value: bool) -> Any:
        """Keep forms with their file, or those that show as missing."""
        return rows.exclude(file="") if value else rows.filter(file="")


class FormViewSet(CatalogueViewSet):
    model = Form
    icon = "form"
    list_display = ["name", "file", "valid_from", "valid_to"]
    list_filter: list[str] = []
    base_filters = FormFilters
    edit_handler = ObjectList(
        [FieldPanel("name"), FieldPanel("file"), FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_to")])],
        base_form_class=FormForm,
    )
