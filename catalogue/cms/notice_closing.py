"""The screen «close a centre for a day»: one short form, one draft in five languages, approved by somebody else."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.urls import path as url_path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.widgets.button import HeaderButton

from catalogue import opening
from catalogue.cms.doors import behind_doors
from catalogue.cms.listing import RowIndexView
from catalogue.cms.policy import RowPolicy
from catalogue.editing.reach import Reach, editing_reach, today
from catalogue.models import Centre, Notice, ServicePoint
from catalogue.notices.closing import AlreadyClosedError, Closing, draft_closing
from catalogue.notices.wording import REASONS

ADDRESS = "catalogue_close_centre"
FURTHEST = dt.timedelta(days=366)
EVERYWHERE = "all"


class ClosingForm(forms.Form):
    """What is closed, when and why; `cleaned_data["closing"]` is the answer."""

    place = forms.ChoiceField(label=gettext_lazy("Which centre"))
    day = forms.DateField(
        label=gettext_lazy("On which day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": gettext_lazy("Write the day as day/month/year: 30/11/2026.")},
    )
    start = forms.TimeField(
        label=gettext_lazy("Closed from"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Both times empty: the whole day"),
        error_messages={"invalid": gettext_lazy("Write the time as hours:minutes: 7:30.")},
    )
    end = forms.TimeField(
        label=gettext_lazy("Closed until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Write the time as hours:minutes: 7:30.")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        required=False,
        help_text=gettext_lazy("These are said in all five languages"),
    )
    own_reason = forms.CharField(
        label=gettext_lazy("Another reason, in Vietnamese"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Readers of the other languages see it in Vietnamese until it is translated"),
    )

    def __init__(self, *args: Any, reach: Reach, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.reach = now, reach
        centres = reach.within(Centre.objects.live()).select_related("place").order_by("level", "place__folded_name")
        self.centres = {str(centre.pk): centre for centre in centres}
        points = ServicePoint.objects.filter(centre__in=[centre.pk for centre in self.centres.values()])
        self.points = {f"{point.centre_id}.{point.pk}": point for point in points}
        self.fields["place"].choices = self._places()  # type: ignore[attr-defined]
        reasons = [(key, _(text)) for key, text in REASONS.items()]
        self.fields["reason"].choices = [("", _("Other, or not said")), *reasons]  # type: ignore[attr-defined]

    def _places(self) -> list[tuple[str, str]]:
        below: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for key, point in self.points.items():
            centre = self.centres[str(point.centre_id)]
            below[point.centre_id].append((key, _("%(centre)s: only %(point)s") % {"centre": centre, "point": point}))
        found = [("", "—")]
        if self.reach.is_whole:
            found.append((EVERYWHERE, _("Every centre of the province")))
        for key, centre in self.centres.items():
            found += [(key, str(centre)), *below[centre.pk]]
        return found

    def clean_day(self) -> dt.date:
        """Refuse a day that has passed, and one so far ahead that its year must be wrong."""
        day: dt.date = self.cleaned_data["day"]
        local = self.now.astimezone(opening.ZONE).date()
        if day < local:
            raise forms.ValidationError(_("This day has passed."))
        if day > local + FURTHEST:
            raise forms.ValidationError(_("This day is more than a year ahead: look at the year."))
        return day

    def clean(self) -> dict[str, Any]:
        """Put the answer together."""
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if "start" in cleaned and "end" in cleaned and (start is None) != (end is None):
            missing = "start" if start is None else "end"
            self.add_error(missing, _("Give both times, or none for the whole day."))
        elif start and end and end <= start:
            self.add_error("end", _("It must be later than the time before it."))
        if not self.errors:
            place = cleaned["place"]
            point = self.points.get(place)
            centre = self.centres[str(point.centre_id)] if point else self.centres.get(place)
            closing = Closing(
                centre=centre,
                point=point,
                day=cleaned["day"],
                span=(start, end) if start and end else None,
                reason=cleaned["reason"],
                own_reason=cleaned["own_reason"],
            )
            if closing.ends_at <= self.now:
                self.add_error("end", _("This time has passed."))
            cleaned["closing"] = closing
        return cleaned


def urls() -> list[URLPattern]:
    """Give the screen its address."""
    return behind_doors([url_path("catalogue-close-centre/", close_centre, name=ADDRESS)])


@require_http_methods(["GET", "HEAD", "POST"])
def close_centre(request: HttpRequest) -> HttpResponse:
    """Show the form; sent, draft the notice, ask for its approval and show it."""
    if not may_close(request.user):
        raise PermissionDenied
    now = timezone.now()
    initial = {"place": request.GET.get("centre", ""), "day": now.astimezone(opening.ZONE).date()}
    form = ClosingForm(request.POST or None, initial=initial, reach=editing_reach(request.user, today()), now=now)
    if request.method == "POST" and form.is_valid():
        try:
            notice = draft_closing(form.cleaned_data["closing"], by=request.user, at=now)
        except AlreadyClosedError as error:
            form.add_error(None, _already(error.notice))
        else:
            return _drafted(request, notice)
    context = {"header_icon": "warning", "page_title": _("Close a centre for a day"), "form": form}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "catalogue/close_centre.html", context, status=status)


def may_close(user: Any) -> bool:
    """Return whether a person may write notices at all; of which centres the form says."""
    return RowPolicy(Notice).user_has_permission(user, "add")


def closing_button(request: HttpRequest) -> list[HeaderButton]:
    """Return the button that leads to the screen, nothing for who may not close anything."""
    if not may_close(request.user):
        return []
    return [HeaderButton(_("Close a centre for a day"), url=reverse(ADDRESS), icon_name="warning")]


class ClosableIndexView(RowIndexView):
    """A list with the short way to close a centre."""

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """Add the short way."""
        return [*super().header_buttons, *closing_button(self.request)]


def edit_url(notice: Notice) -> str:
    """Return the address of a notice's form."""
    return reverse(Notice.snippet_viewset.get_url_name("edit"), args=[notice.pk])  # type: ignore[attr-defined]


def _already(notice: Notice) -> str:
    text = _("A notice closes it then already, or waits for approval: {link}.")
    return format_html(text, link=format_html('<a href="{}">{}</a>', edit_url(notice), notice))


def _drafted(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Lead to the form, which says who can approve, and where the sentences can be made better."""
    messages.success(
        request, _("The notice is written in five languages; readers see nothing yet. Look at its words here.")
    )
    hours = notice.centre.hours.filter(point=notice.point) if notice.centre is not None else None
    if hours is not None and notice.closes_on is not None and not opening.hours_on(notice.closes_on, hours, []).spans:
        messages.warning(request, _("By the opening hours that we know it is closed on that day anyway."))
    return redirect(edit_url(notice))
