"""The buttons under a row's form: nobody publishes or takes down by one, but proposes it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.action_menu import PublishMenuItem, UnpublishMenuItem

from catalogue.editing.four_eyes import FourEyesMixin


class ProposeUnpublishItem(UnpublishMenuItem):
    """Leads to the page where a row is proposed to be taken down."""

    label = _("Propose to take it down")

    def is_shown(self, context: dict[str, Any]) -> bool:
        """Show it on the form of a published row."""
        return context["view"] == "edit" and context["instance"].live


def offer_proposals(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Put the proposal where Wagtail shows a superuser its own buttons."""
    if not issubclass(context["model"], FourEyesMixin):
        return
    items[:] = [item for item in items if not isinstance(item, PublishMenuItem | UnpublishMenuItem)]
    item = ProposeUnpublishItem(order=200)
    if item.is_shown(context):
        items.append(item)
