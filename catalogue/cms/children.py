"""Rows within a row's form (papers, limits, fees …): Wagtail's inline panel, drawn in a tenth of the time and bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.forms import Form, Textarea
from django.template.backends.jinja2 import Jinja2
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

# Under another name, as these words are Wagtail's: its own texts have them, and ours needn't.
from django.utils.translation import gettext as of_wagtail
from jinja2.utils import htmlsafe_json_dumps
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, Panel

OPEN_UP_TO = 6
"""So many rows stand open; of more, each shows its name, and opens on a press or where it has a mistake."""
LONGEST_NAME = 110
SHORT = 40
"""Values of so many characters are drawn once a request: half of a form's fields are empty or one of few choices."""
_BLANKS = re.compile(r"\s{2,}")


@cache
def _templates() -> Any:
    return Jinja2({"NAME": "cms", "DIRS": [Path(__file__).parent / "drawing"], "APP_DIRS": False, "OPTIONS": {}})


class ChildrenPanel(InlinePanel):
    """An inline panel of plain fields, rows of fields and closed groups, and panels of this kind within.

    Stock, the form of a procedure with 224 papers is 8.6 MB of markup, and drawing it takes two seconds.
    """

    class BoundPanel(InlinePanel.BoundPanel):
        def render_html(self, parent_context: Any = None) -> SafeString:
            """Draw the rows, the blank one that «add» copies, and what Wagtail's script needs."""
            forms = [child.form for child in self.children]
            is_long = len(forms) > OPEN_UP_TO
            context = {
                "formset": self.formset,
                "id": f"id_{self.formset.prefix}",
                "help_text": self.panel.help_text,
                "can_order": self.formset.can_order,
                "label": capfirst(str(self.label)),
                "add": of_wagtail("Add %(label)s") % {"label": self.label},
                "options": mark_safe(htmlsafe_json_dumps(self.js_opts())),
                "children": [self._child(form, closed=is_long and not form.errors) for form in forms],
                "empty": self._child(self.empty_child.form),
                "words": {
                    "up": of_wagtail("Move up"),
                    "down": of_wagtail("Move down"),
                    "drag": of_wagtail("Drag"),
                    "delete": of_wagtail("Delete"),
                    "toggle": of_wagtail("Toggle section"),
                },
            }
            return mark_safe(_templates().get_template("children.html").render(context))

        def _child(self, form: Any, *, closed: bool = False) -> dict[str, Any]:
            items = list(self._items(self.child_edit_handler.children, form))
            shown = self.child_edit_handler.get_form_options().get("fields", [])
            return {
                "prefix": form.prefix,
                "name": _name_of(form),
                "errors": form.non_field_errors(),
                "is_closed": closed and bool(form.instance.pk),
                "items": items,
                "hidden": [mark_safe(str(form[name])) for name in form.fields if name not in shown],
            }

        def _items(self, panels: Sequence[Panel], form: Any) -> Iterator[dict[str, Any]]:
            """Yield what a row's form consists of: fields, rows of fields, closed groups, panels of other kinds."""
            for panel in panels:
                if isinstance(panel, FieldPanel):
                    yield {"kind": "field", **self._field(panel, form)}
                elif isinstance(panel, FieldRowPanel):
                    yield {"kind": "row", "fields": [self._field(each, form) for each in panel.children]}
                elif isinstance(panel, MultiFieldPanel):
                    fields = [self._field(each, form) for each in panel.children]
                    yield {"kind": "group", "heading": panel.heading, "fields": fields, "open": any_errors(fields)}
                else:
                    bound = panel.get_bound_panel(
                        instance=form.instance, request=self.request, form=form, prefix=f"{self.prefix}-{form.prefix}"
                    )
                    yield {"kind": "panel", "heading": bound.heading, "html": bound.render_html()}

        def _field(self, panel: FieldPanel, form: Any) -> dict[str, Any]:
            bound = form[panel.field_name]
            errors, help_text = bound.errors, panel.help_text or bound.help_text
            return {
                "name": panel.field_name,
                "id": bound.id_for_label,
                "label": panel.heading or bound.label,
                "required": bound.field.required,
                "help_text": help_text,
                "errors": errors,
                "html": self._widget(bound, form.prefix, has_help=bool(help_text)),
            }

        def _widget(self, bound: Any, prefix: str, *, has_help: bool) -> SafeString:
            """Draw a field; one with a short value only the first time, as others differ from it by their prefix."""
            attrs: dict[str, str] = {}
            told = [f"{bound.auto_id}-help"] if has_help else []
            if bound.errors:
                told.append(f"{bound.auto_id}-errors")
                attrs["aria-invalid"] = "true"
            if told:
                attrs["aria-describedby"] = " ".join(told)
            value = bound.value()
            text = "" if value is None else str(value)
            is_text = isinstance(bound.field.widget, Textarea)
            if is_text:
                attrs["rows"] = "2"
            if bound.errors or len(text) > SHORT:
                return mark_safe(bound.as_widget(attrs=attrs))
            drawn: dict[Any, list[str]] = self.request.__dict__.setdefault("_drawn_fields", {})
            key = (id(self.panel), bound.name, text)
            if key not in drawn:
                html = bound.as_widget(attrs=attrs)
                drawn[key] = (html if is_text else _BLANKS.sub(" ", html)).split(prefix)
            return mark_safe(prefix.join(drawn[key]))


def any_errors(fields: list[dict[str, Any]]) -> bool:
    """Return whether one of the fields has a mistake."""
    return any(field["errors"] for field in fields)


def _name_of(form: Form) -> str:
    row = form.instance  # type: ignore[attr-defined]
    if not row.pk:
        return ""
    text = " ".join(str(row).split())
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME].rstrip()}…"
