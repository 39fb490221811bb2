"""Words of Wagtail's that its own Vietnamese lacks on the editors' screens; ours are found before its own."""

from __future__ import annotations

from django.utils.translation import gettext_noop

TEXTS = (
    gettext_noop("Save draft"),
    gettext_noop("Awaiting your review"),
    gettext_noop("Your pages and snippets in a workflow"),
    gettext_noop("Submit to %(workflow_name)s"),
    gettext_noop("Resubmit to %(task_name)s"),
    gettext_noop("Collapse all"),
    gettext_noop("Expand all"),
    gettext_noop("Search all pages…"),
    gettext_noop("Help"),
    gettext_noop("%(model_name)s '%(object)s' has been submitted for moderation."),
)
"""Nothing reads them: here `makemessages` and `check_texts` find them."""
