"""What the board asks of each kind of row: one question a check, as conditions for the database."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from catalogue.models import (
    Centre,
    FeeItem,
    FilingChannel,
    Form,
    Hotline,
    OpeningHours,
    Posting,
    Procedure,
    RequiredPaper,
    Term,
)
from catalogue.models.procedures import column_suffixes

CHINESE = gettext_noop("Simplified Chinese")
"""Django's own Vietnamese for it is a word that offends; ours is found before it."""


@dataclass(frozen=True)
class Check:
    """A question about a row: `met` where the answer is yes, asked only of the rows that it `concerns`."""

    key: str
    label: str | Promise
    met: Q
    concerns: Q = field(default_factory=Q)


def languages() -> list[tuple[str, str]]:
    """Return the column suffix and the label of each language but the Vietnamese, in the active one."""
    codes = [code for code, _name in settings.LANGUAGES[1:]]
    return [
        (
            suffix,
            gettext("Translation: %(language)s") % {"language": get_language_info(code)["name_translated"]},
        )
        for code, suffix in zip(codes, column_suffixes()[1:], strict=True)
    ]


def procedure_checks() -> list[Check]:
    """Return what is asked of a procedure, in the order of its page (Nghị định 63/2010 Điều 8.2 and Điều 15)."""
    channels = FilingChannel.objects.filter(procedure=OuterRef("pk"))
    online = channels.filter(kind=FilingChannel.Kind.ONLINE)
    papers = RequiredPaper.objects.filter(case__procedure=OuterRef("pk"))
    without_file = Form.objects.filter(papers__case__procedure=OuterRef("pk"), file="")
    terms = Term.objects.filter(channel__procedure=OuterRef("pk"))
    fees = FeeItem.objects.filter(channel__procedure=OuterRef("pk"))
    no_term = channels.filter(~Exists(Term.objects.filter(channel=OuterRef("pk"))))
    no_fee = channels.filter(~Exists(FeeItem.objects.filter(channel=OuterRef("pk"))))
    doubtful = fees.filter(certainty__in=[FeeItem.Certainty.UNKNOWN, FeeItem.Certainty.SUSPECT])
    no_limit = Exists(no_term) | Exists(terms.filter(unit=Term.Unit.UNKNOWN))
    is_online = Exists(online) | Q(online_level__in=[Procedure.OnlineLevel.FULL, Procedure.OnlineLevel.PARTIAL])
    return [
        Check("published", _("Published"), Q(live=True)),
        Check("details", _("Details known"), Q(has_details=True)),
        Check("papers", _("Papers listed"), Q(Exists(papers))),
        Check(
            "classified",
            _("All papers classified"),
            ~Q(Exists(papers.filter(kind=RequiredPaper.Kind.UNCLASSIFIED))),
            Q(Exists(papers)),
        ),
        Check("forms", _("All forms with their files"), ~Q(Exists(without_file)), Q(Exists(papers.exclude(form=None)))),
        Check("limit", _("Time limit known"), Q(Exists(channels)) & ~Q(no_limit)),
        Check("fee", _("Fee known"), Q(Exists(channels)) & ~Q(Exists(no_fee)) & ~Q(Exists(doubtful))),
        Check("online_level", _("Online level known"), ~Q(online_level=Procedure.OnlineLevel.UNKNOWN)),
        Check("online_link", _("Link to file online"), ~Q(online_url="") | ~Q(portal_url=""), Q(is_online)),
        *[
            Check(
                f"language_{suffix}",
                label,
                _filled(f"name_{suffix}") & (_filled(f"steps_{suffix}") | ~_filled("steps_vi")),
            )
            for suffix, label in languages()
        ],
        Check("decision", _("Decision named"), Q(decision__isnull=False)),
        Check(
            "sent",
            _("Decision in the national base"),
            Q(decision__sent_on__isnull=False),
            Q(decision__isnull=False),
        ),
        Check("checked", _("Day of last check known"), Q(checked_on__isnull=False)),
    ]


def centre_checks() -> list[Check]:
    """Return what is asked of a centre (Công điện 96/CĐ-TTg: address, what it receives, hotline)."""
    hours = OpeningHours.objects.filter(centre=OuterRef("pk"), point=None)
    hotlines = Hotline.objects.filter(live=True)
    hotline = Exists(hotlines.filter(centre=OuterRef("pk"))) | Exists(hotlines.filter(agency=OuterRef("agency")))
    # As one query over all centres: the exceptions stand two queries deep.
    received = Procedure.objects.public(settings.PROVINCE_CODE).received_by(OuterRef(OuterRef("pk")))  # type: ignore[arg-type]
    return [
        Check("published", _("Published"), Q(live=True)),
        Check("address", _("Address"), ~Q(address="")),
        Check("hours", _("Opening hours"), Q(Exists(hours))),
        Check("hotline", _("Hotline"), Q(hotline)),
        Check("phone", _("Telephone"), ~Q(phone="")),
        Check("coordinates", _("Coordinates"), Q(latitude__isnull=False)),
        Check("list", _("List of what it receives"), Q(live=True) & Q(Exists(received))),
        Check("founding", _("Founding decision"), Q(decision__isnull=False)),
        *[Check(f"language_{suffix}", label, _filled(f"name_{suffix}")) for suffix, label in languages()],
        Check("checked", _("Day of last check known"), Q(checked_on__isnull=False)),
    ]


def agency_checks(on: object) -> list[Check]:
    """Return what is asked of an agency on a day."""
    hotlines = Hotline.objects.filter(live=True, agency=OuterRef("pk"))
    centre = Centre.objects.filter(live=True, agency=OuterRef("pk"))
    through_centre = Hotline.objects.filter(live=True, centre__agency=OuterRef("pk"))
    posted = Posting.objects.on(on).filter(agency=OuterRef("pk"), user__is_active=True)  # type: ignore[arg-type]
    return [
        Check("identifier", _("Identifier"), Q(identifier__isnull=False)),
        Check("hotline", _("Hotline"), Q(Exists(hotlines)) | Q(Exists(through_centre))),
        Check("centre", _("Published centre"), Q(Exists(centre)), Q(kind="peoples_committee")),
        Check("editor", _("Somebody who edits"), Q(Exists(posted.filter(role__in=Posting.EDITING)))),
        Check("approver", _("Somebody who approves"), Q(Exists(posted.filter(role=Posting.Role.PUBLISHER)))),
        *[Check(f"language_{suffix}", label, _filled(f"name_{suffix}")) for suffix, label in languages()],
    ]


def _filled(column: str) -> Q:
    return Q(**{f"{column}__isnull": False}) & ~Q(**{column: ""})
