"""What is told after an intake: the code, the slip to print, and the ways to the next dossier, each by one key."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from catalogue.opening import ZONE
from desk.models import Dossier
from desk.slips.from_dossier import FORM_OF_ACT
from desk.states import State


def told_after(dossier: Dossier) -> SafeString:
    """Return the sentence with its links; they name the dossier by its code, and nobody."""
    if dossier.state == State.RECEIVED and dossier.due_at:
        due = f"{dossier.due_at.astimezone(ZONE):%H:%M %d/%m/%Y}"
        told = _("Received: %(code)s, due %(due)s.") % {"code": dossier.code, "due": due}
    else:
        told = _("Entered: %(code)s, «%(state)s».") % {"code": dossier.code, "state": dossier.get_state_display()}
    links = [link for link in (_slip(dossier), *_next(dossier)) if link]
    return format_html('{} <span class="bar">{}</span>', told, format_html_join(" ", "{}", ((each,) for each in links)))


def _slip(dossier: Dossier) -> SafeString | None:
    """Return the link to the slip of what was done; it opens beside the page, so that the keys stay at hand."""
    event = dossier.events.order_by("number").last()
    form = FORM_OF_ACT.get(event.act) if event else None
    if event is None or form is None:
        return None
    where = reverse("desk:slip", args=[dossier.code, event.number, form])
    label = _("Print the receipt") if dossier.state == State.RECEIVED else _("Print the slip")
    return _key("i", where, label, is_beside=True)


def _next(dossier: Dossier) -> list[SafeString]:
    again = f"{reverse('desk:intake_start')}?{urlencode({'of': dossier.code})}"
    same = reverse("desk:intake", args=[dossier.procedure.code])
    return [
        _key("g", same, _("Next: the same procedure")),
        _key("v", again, _("Next dossier of this person")),
    ]


def _key(key: str, where: str, label: str, *, is_beside: bool = False) -> SafeString:
    beside = SafeString(' target="_blank" rel="noopener"') if is_beside else ""
    return format_html(
        '<a class="btn" href="{}" accesskey="{}"{}>{} <kbd>Alt {}</kbd></a>', where, key, beside, label, key.upper()
    )
