"""What an editor is told beside each field of centres, agencies, places and the law."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

FROM = _("First day on which it holds; empty: since always.")
UNTIL = _("First day on which it no longer holds; empty: no end is known.")
SOURCE = _("Where it was read: a decision, a web page, a file.")
CHECKED = _("Day on which somebody last compared it with the source; the page shows it.")
ADDRESS = _("Last part of the page's address: small letters, digits and hyphens. Don't change it once it is public.")

HELP = {
    "Decision": {
        "number": _("As it is printed: 1872/QĐ-BTP."),
        "issuer": _("Who issued it."),
        "signed_on": _("Day on the document."),
        "takes_effect_on": _("Day from which it holds; empty: not known."),
    },
    "DecisionItem": {
        "procedure": _("The procedure that the decision names."),
        "effect": _("What the decision does to it."),
    },
    "LegalDocument": {
        "number": _("As it is printed: 60/2014/QH13."),
        "name": _("Kind and name: «Law on civil status»."),
    },
    "Form": {
        "name": _("As the circular names it, with its number."),
        "file": _("PDF, Word, Excel or OpenDocument, up to 10 MB. Without a file the page says that it is missing."),
        "valid_from": FROM,
        "valid_to": UNTIL,
    },
    "Field": {
        "name": _("As the national catalogue names it."),
        "code": _("Number of Thông tư 03/2025/TT-VPCP; empty where there is none."),
        "slug": ADDRESS,
    },
    "Audience": {
        "name": _("As people call themselves: «foreigners»."),
        "code": _("Small letters and hyphens; imports know the group by it."),
        "is_foreign": _("Its procedures stand in the list for foreign users."),
        "order": _("Smaller stands first."),
    },
    "Centre": {
        "name": _("As it stands on the sign at the door."),
        "slug": ADDRESS,
        "level": _("A branch stands under a provincial centre."),
        "phone": _("One number; hotlines are rows of their own."),
        "email": _("Address that somebody reads."),
        "latitude": _("Degrees north with a point: 16.0678. On a map, right-click the door."),
        "longitude": _("Degrees east with a point: 108.2208."),
        "place": _("Commune where it stands; people find it by this."),
        "province": _("Province or city of the centre."),
        "agency": _("Its editors may change this centre; empty: the province."),
        "parent": _("The provincial centre of a branch."),
        "decision": _("The decision that founded it."),
        "source": SOURCE,
        "checked_on": CHECKED,
    },
    "ServicePoint": {
        "kind": _("One that receives dossiers, or one that only helps."),
        "name": _("As people find it on the spot."),
        "address": _("Empty: the centre's own."),
        "phone": _("Empty: the centre's number."),
        "latitude": _("Degrees north with a point: 16.0678."),
        "longitude": _("Degrees east with a point: 108.2208."),
    },
    "OpeningHours": {
        "weekday": _("One row for each span: morning and afternoon are two."),
        "opens": _("Local time: 07:30."),
        "closes": _("Local time: 11:30."),
    },
    "Closure": {
        "starts_on": _("First day."),
        "ends_on": _("Last day; the same as the first for one day."),
        "is_open": _("Tick it for a holiday on which people are received."),
        "reason": _("People read it: «power cut»."),
    },
    "RevenueAccount": {
        "bank": _("Bank and branch."),
        "number": _("Digits only."),
        "holder": _("Name of the account, as the bank writes it."),
        "valid_from": FROM,
        "valid_to": UNTIL,
    },
    "CentreException": {
        "receives": _("Ticked: it receives this against the rule; clear: it doesn't."),
        "procedure": _("One procedure, or a whole field below."),
        "field": _("A whole field, where no procedure is named."),
        "decision": _("The decision that says so."),
    },
    "Hotline": {
        "label": _("What people call it for."),
        "phone": _("As people dial it: 0236 3674 174."),
        "centre": _("Of a centre, or of an agency below."),
        "agency": _("Of an agency, where no centre is named."),
        "is_round_the_clock": _("Day and night, holidays too."),
        "hours_text": _("When somebody answers, where it isn't day and night."),
        "checked_on": CHECKED,
        "source": SOURCE,
    },
    "Agency": {
        "name": _("As the decision that founded it writes it."),
        "kind": _("Decides how it is listed."),
        "identifier": _("Quyết định 20/2020/QĐ-TTg: H17.12. Dossier codes begin with it."),
        "role": _("The name by which the law calls it."),
        "parent": _("The agency above it; rights of editors follow this tree."),
        "place": _("Commune or province for which it works."),
        "valid_from": FROM,
        "valid_to": UNTIL,
    },
    "AgencyRole": {
        "name": _("As the law writes it: «Sở Tư pháp»."),
        "code": _("Small letters and hyphens; imports know the role by it."),
        "level": _("Ministry, province, commune or another body."),
    },
    "AdministrativeUnit": {
        "level": _("Districts ended on 1 July 2025."),
        "code": _("Number of the statistics office, without leading zeros."),
        "parent": _("The unit above it; a province has none."),
        "province": _("The province it lies in."),
        "valid_from": FROM,
        "valid_to": UNTIL,
    },
}
"""By kind of row and column; of translated columns, of the Vietnamese one."""
