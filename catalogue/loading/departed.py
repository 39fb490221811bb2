"""Procedures that the portal shows and a file no longer gives the province: an editor decides about them."""

from __future__ import annotations

from catalogue.loading.catalogue_file import CatalogueFile
from catalogue.models import Procedure

MOST_LISTED = 200
"""More than these mean that the file is only a part of the catalogue."""


def departed(found: CatalogueFile, province_code: str) -> list[str]:
    """Return a note with the count and one a row: code, name and how it left. Nothing is unpublished.

    Rows that were never imported, that an editor has abolished, or that are refused in this file aren't told. A row
    that only the index knew is told only where an index is given.
    """
    present = {row.code for row in found.procedures} | {refusal.key for refusal in found.refused}
    rows = Procedure.objects.public(province_code).in_force().order_by("code")
    columns = ("code", "name_vi", "has_details", "imported")
    left = [
        f"left      {code} {name}: {_how(code, found)}"
        for code, name, has_details, imported in rows.values_list(*columns)
        if code not in present and imported and (has_details or found.has_index)
    ]
    if not left:
        return []
    head = f"published, but no longer given to this province by the file: {len(left)}; look at each"
    if any(not refusal.key for refusal in found.refused):
        head += " (a row refused above without its code may be one of them)"
    rest = [f"left      and {len(left) - MOST_LISTED} more"] if len(left) > MOST_LISTED else []
    return [head, *left[:MOST_LISTED], *rest]


def _how(code: str, found: CatalogueFile) -> str:
    if code in found.codes:
        return f"row {found.codes[code]} of the file has another level or issuer now"
    return "not in the file"
