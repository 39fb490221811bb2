"""Views of the list that people keep: save, open, remove."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from desk.actors import Actor
from desk.forms.queue import QueueForm
from desk.forms.saved import SavedViewForm, unreadable
from desk.models import SavedView
from desk.saved_views import address_of, is_whole
from desk.views import queue
from desk.views.doors import desk_view


@require_POST
@desk_view
def save(request: HttpRequest, by: Actor, at: dt.datetime) -> HttpResponse:
    """Keep the filters, columns and order of a list under a name."""
    form = SavedViewForm(by, at, data=request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                view = form.keep()
        except IntegrityError:  # The button was pressed twice.
            form.add_error("name", _("You have a view with this name: choose another, or remove that one first."))
        else:
            messages.success(request, _("The view «%(name)s» is kept.") % {"name": view.name})
            return redirect(view)
    query = form.cleaned_data.get("query")
    return queue.show(request, by, at, address_of(query) if query else QueryDict(), saving=form)


@require_safe
@desk_view
def open_view(request: HttpRequest, by: Actor, at: dt.datetime, pk: int) -> HttpResponse:
    """Open a view; what doesn't fit any more is told in words, and the rest is shown."""
    view = find(by, pk)
    if not is_whole(view.query):
        messages.warning(request, unreadable())
        return redirect("desk:queue")
    address = address_of(view.query)
    form = QueueForm(address, by)
    form.chosen(at)
    for name, errors in form.errors.items():
        said = {"view": view.name, "filter": form.fields[name].label, "reason": " ".join(map(str, errors))}
        text = _("The view «%(view)s» doesn't fit any more, this isn't narrowed down by: %(filter)s – %(reason)s")
        messages.warning(request, text % said)
    address["view"] = str(view.pk)
    return redirect(f"{reverse('desk:queue')}?{address.urlencode()}")


@require_POST
@desk_view
def remove(request: HttpRequest, by: Actor, at: dt.datetime, pk: int) -> HttpResponse:
    """Remove one's own view."""
    view = find(by, pk)
    if view.owner_id != by.user_id:
        raise PermissionDenied
    view.delete()
    messages.success(request, _("The view «%(name)s» is removed.") % {"name": view.name})
    return redirect("desk:queue")


def find(by: Actor, pk: int) -> SavedView:
    """Return a view that somebody may see. Raises Http404."""
    view = SavedView.objects.visible_to(by).filter(pk=pk).first()
    if view is None:
        raise Http404(_("There is no such view"))
    return view
