"""What a notice says when a centre is closed for a day: made of data, in every language of the site."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalogue.dates import written
from catalogue.models import AdministrativeUnit, Centre, ServicePoint

REASONS = {
    "storm": gettext_noop("storm or flood"),
    "power": gettext_noop("power cut"),
    "system": gettext_noop("maintenance of the systems"),
    "repair": gettext_noop("repairs of the building"),
    "training": gettext_noop("training of the staff"),
    "visit": gettext_noop("an event of the agency"),
}
"""Reasons that every language has words for, by their keys."""
LONGEST_NAME = 120


def texts(
    centre: Centre | None,
    point: ServicePoint | None,
    day: dt.date,
    span: tuple[dt.time, dt.time] | None,
    *,
    reason: str = "",
    own_reason: str = "",
) -> dict[str, str]:
    """Return the columns of a notice's texts in every language; without a centre all of them are closed.

    `reason` is a key of REASONS; `own_reason` are the editor's own words, which are Vietnamese and stay so.
    """
    found = {}
    for language, _name in settings.LANGUAGES:
        suffix = language.replace("-", "_")
        with translation.override(language):
            found[f"title_{suffix}"] = _title(_place(centre, point, suffix), written(day, language), span)
            found[f"text_{suffix}"] = _advice(centre)
            found[f"reason_{suffix}"] = _(REASONS[reason]) if reason else ""
    if own_reason:
        found["reason_vi"] = own_reason
    return found


def _place(centre: Centre | None, point: ServicePoint | None, suffix: str) -> str:
    if centre is None:
        return _("All centres of %(province)s") % {"province": _province(suffix)}
    name = _name_of(centre, suffix)
    return f"{name}, {_name_of(point, suffix)}" if point is not None else name


def _province(suffix: str) -> str:
    """Return the province's name in a language, with its kind where it is the Vietnamese one."""
    level = AdministrativeUnit.Level.PROVINCE
    own = AdministrativeUnit.objects.on(timezone.localdate()).filter(level=level, code=settings.PROVINCE_CODE).first()
    if own is None:
        return ""
    return str(getattr(own, f"local_name_{suffix}", "") or own.name[:1].lower() + own.name[1:])


def _name_of(row: Centre | ServicePoint, suffix: str) -> str:
    name = str(getattr(row, f"name_{suffix}", "") or getattr(row, "name_vi", ""))
    return name[:LONGEST_NAME]


def _title(place: str, day: str, span: tuple[dt.time, dt.time] | None) -> str:
    if span is None:
        return _("%(place)s: closed on %(day)s") % {"place": place, "day": day}
    hours = {"from": _clock(span[0]), "until": _clock(span[1])}
    return _("%(place)s: closed on %(day)s from %(from)s to %(until)s") % {"place": place, "day": day, **hours}


def _advice(centre: Centre | None) -> str:
    if centre is None:
        return _("Please come on another day, or hand in online on the National Public Service Portal.")
    return _("Any other centre of the province takes your papers on that day, or hand in online.")


def _clock(time: dt.time) -> str:
    return f"{time.hour}:{time:%M}"
