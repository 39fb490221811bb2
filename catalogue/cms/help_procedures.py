"""What an editor is told beside each field of a procedure, its parts, and what the province decides over it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

FROM = _("First day on which it holds; empty: since always.")
UNTIL = _("First day on which it no longer holds; empty: no end is known.")
SOURCE = _("Where it was read: a decision, a web page, a file.")
CHECKED = _("Day on which somebody last compared it with the source; the page shows it.")
ADDRESS = _("Last part of the page's address: small letters, digits and hyphens. Don't change it once it is public.")

HELP = {
    "Procedure": {
        "name": _("Whole name as the decision writes it, in Vietnamese."),
        "code": _("Code on the National Public Service Portal: 1.001193. It stands in the page's address."),
        "status": _("An abolished procedure stays readable, with a mark that it is no longer in force."),
        "field": _("Field of administration; people browse by it."),
        "replaced_by": _("The procedure that people use instead, where this one is abolished."),
        "steps": _("What people do, one step a line."),
        "conditions": _("What must be met, as the law writes it; empty: none."),
        "description": _("A few words for people who don't know the legal name."),
        "receiving_address": _("Only what the source says; addresses of centres stand with the centres."),
        "audiences": _("Tick everybody who may apply."),
        "is_ministry_level": _("Settled by a ministry."),
        "is_province_level": _("Settled by a body of the province."),
        "is_commune_level": _("Settled by the commune."),
        "is_other_level": _("Settled by another body: a bank, an insurance office."),
        "roles": _("Who decides. Hold Ctrl to choose several."),
        "roles_text": _("Kept for comparison; people don't see it once the list above is right."),
        "online_level": _("How far people can go online, by the decision."),
        "online_url": _("Address where people file online; it is shown as the button."),
        "portal_url": _("Page of this procedure on the National Public Service Portal."),
        "on_supplement": _("What happens to the time limit when papers are missing."),
        "decision": _("The decision that published it as it stands now."),
        "maintained_by": _("Its editors may change this text; empty: the province's People's Committee."),
        "checked_on": CHECKED,
        "source": SOURCE,
        "issuer": _("Who issued the procedure: a ministry, the province."),
        "national_id": _("Internal number of the national base; leave it as the import wrote it."),
    },
    "Case": {
        "label": _("For whom or when these papers hold: «first issue». Empty: everybody brings them."),
    },
    "RequiredPaper": {
        "name": _("One paper a row, as the decision writes it."),
        "kind": _("A note or heading isn't counted as a paper."),
        "handling": _("Handed in, or only shown."),
        "originals": _("Number of originals."),
        "copies": _("Number of copies."),
        "form": _("The form to fill in, if this paper is one."),
        "result_of": _("The procedure that issues this paper."),
        "national_base": _("Where the office can look it up itself, so that people needn't bring it."),
    },
    "FilingChannel": {
        "kind": _("Each way once; time and fee stand under it."),
    },
    "Term": {
        "label": _("Only where limits differ: a case or a stage."),
        "number": _("A whole number; empty where the unit isn't counted."),
        "unit": _("Working days and days are counted differently."),
    },
    "FeeItem": {
        "label": _("Only where fees differ from case to case."),
        "kind": _("Phí pays for a service, lệ phí is a charge of the state."),
        "amount": _("In whole đồng: 50000. Empty where only the text says it."),
        "currency": _("Three letters: VND."),
        "certainty": _("«Stated» goes with an amount, the others with an empty one."),
        "text": _("What the source says, where a number doesn't say all."),
    },
    "ProcedureResult": {
        "name": _("What people get in the end: a licence, a certificate."),
        "code": _("Code of the result in the national base, if there is one."),
    },
    "ProvinceProcedure": {
        "procedure": _("The national procedure over which the province decided."),
        "province": _("The province whose decision it is."),
        "decision": _("The decision or resolution it stands on."),
        "term_number": _("The shortened limit; empty where the province left it."),
        "term_unit": _("Working days, days, hours …"),
        "fee_amount": _("The council's fee in đồng; empty where it left the national one."),
        "fee_text": _("Where a number doesn't say all."),
        "agency": _("Who settles it in this province, where it isn't the usual one."),
        "valid_from": FROM,
        "valid_to": UNTIL,
    },
    "ProcedureRoute": {
        "procedure": _("The procedure that is filed there."),
        "level": _("At which level this way is used."),
        "is_provincial": _("Clear it where a ministry's own system receives it."),
        "url": _("Address of the system."),
        "announced_by": _("Letter or decision that announced the move."),
        "valid_from": FROM,
        "valid_to": UNTIL,
    },
    "ProcedureBundle": {
        "name": _("What people call it: «having a child»."),
        "slug": ADDRESS,
    },
    "BundleItem": {
        "procedure": _("In the order in which they are done."),
    },
    "ProcedureVersion": {
        "procedure": _("Versions are written by approvals and never changed."),
        "number": _("Counted up within the procedure."),
    },
}
"""By kind of row and column; of translated columns, of the Vietnamese one."""
