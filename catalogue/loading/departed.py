"""Procedures that the portal shows and a file no longer gives the province: an editor decides about them."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from catalogue.loading.catalogue_file import CatalogueFile
from catalogue.loading.sentences import Sentence
from catalogue.models import Procedure

MOST_LISTED = 200
"""More than these mean that the file is only a part of the catalogue."""


def departed(found: CatalogueFile, province_code: str) -> list[str]:
    """Return a note with the count and one a row: code, name and how it left. Nothing is unpublished.

    Rows that were never imported, that an editor has abolished, or that are refused in this file aren't told. A row
    that only the index knew is told only where an index is given.
    """
    present = found.given | {refusal.key for refusal in found.refused}
    rows = Procedure.objects.public(province_code).in_force().order_by("code")
    columns = ("code", "name_vi", "has_details", "imported")
    left = [
        Sentence(_("left      %(code)s %(name)s: %(how)s"), code=code, name=name, how=_how(code, found))
        for code, name, has_details, imported in rows.values_list(*columns)
        if code not in present and imported and (has_details or found.has_index)
    ]
    if not left:
        return []
    text = _("published, but no longer given to this province by the file: %(count)s; look at each")
    if any(not refusal.key for refusal in found.refused):
        text = _(
            "published, but no longer given to this province by the file: %(count)s; look at each "
            "(a row refused above without its code may be one of them)"
        )
    head = Sentence(text, count=len(left))
    more = Sentence(_("left      and %(count)s more"), count=len(left) - MOST_LISTED)
    rest = [more] if len(left) > MOST_LISTED else []
    return [head, *left[:MOST_LISTED], *rest]


def _how(code: str, found: CatalogueFile) -> Sentence:
    if code in found.codes:
        return Sentence(_("row %(row)s of the file has another level or issuer now"), row=found.codes[code])
    return Sentence(_("not in the file"))
