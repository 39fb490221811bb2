"""What a dossier's version of its procedure says: papers, time limit, fee, supplements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from catalogue.models import Agency, Procedure, ProcedureVersion, ProvinceProcedure, RequiredPaper
from desk.limits import Limit
from desk.list_wording import is_case, is_for_some, is_said, without_bullet
from desk.refusals import Invalid

ASKABLE = (RequiredPaper.Kind.PAPER, RequiredPaper.Kind.UNCLASSIFIED)
"""Rows of the list that can be asked for: a note or a heading is no paper."""


@dataclass(frozen=True)
class ListedPaper:
    """A row of the version's list (thành phần hồ sơ)."""

    key: str
    name: str
    kind: str
    case_key: str
    originals: int = 0
    copies: int = 0
    handling: str = ""
    is_for_some: bool = False
    """Whether not everybody brings it, as far as the list tells: it is of a case, or its words say so."""

    @property
    def short_name(self) -> str:
        """Return the name without the dash or bullet that the source begins it with."""
        return without_bullet(self.name)

    @property
    def is_only_shown(self) -> bool:
        """Return whether the paper is shown and taken home again (xuất trình), not handed in with the others."""
        return self.handling == RequiredPaper.Handling.PRESENT

    @property
    def is_ticked_alone(self) -> bool:
        """Return whether «all came» leaves it: a receipt that names it would promise what may not be there."""
        return self.is_only_shown or self.is_for_some

    @property
    def can_be_asked_for(self) -> bool:
        """Return whether the row is a paper that can be handed in and asked for."""
        return self.kind in ASKABLE and not (self.kind == RequiredPaper.Kind.UNCLASSIFIED and is_said(self.name))


def version_on(procedure: Procedure, day: dt.date) -> ProcedureVersion:
    """Return the version under which a submission of a day is settled.

    Raises Invalid where the procedure is abolished on that day, isn't published, or has no version yet.
    """
    version = ProcedureVersion.objects.filter(procedure=procedure).as_of(day).first()
    if version is None or not procedure.live:
        raise Invalid(_("This procedure isn't published: the editors of the catalogue can say why."), "procedure")
    if version.content.get("status") == Procedure.Status.ABOLISHED:
        heir = procedure.replaced_by
        told = _("«%(name)s» (%(code)s) is abolished.") % {"name": procedure.name_vi, "code": procedure.code}  # type: ignore[attr-defined]
        if heir:
            told += " " + _("It is replaced by %(code)s.") % {"code": heir.code}
        raise Invalid(told, "procedure")
    return version


def papers_of(version: ProcedureVersion, case_key: str = "") -> list[ListedPaper]:
    """Return the list of a case: what everybody brings, and the case's own. Without a case: the whole list."""
    return list(_papers(version.content, case_key))


def askable_papers(version: ProcedureVersion, case_key: str = "") -> dict[str, ListedPaper]:
    """Return, by key, the papers of a case that can be handed in and asked for.

    A key may stand in several cases, and be a paper in one and a sentence in another: then it is a paper.
    """
    return {paper.key: paper for paper in papers_of(version, case_key) if paper.can_be_asked_for}


def cases_of(version: ProcedureVersion) -> list[dict[str, Any]]:
    """Return the cases among which one can choose: headings over papers of everybody are none."""
    return [case for case in version.content.get("cases", ()) if is_case(case["label"])]


def _papers(content: dict[str, Any], case_key: str) -> Iterator[ListedPaper]:
    cases = content.get("cases", ())
    for case in cases:
        is_own = len(cases) > 1 and is_case(case["label"])
        if case_key and is_own and case["key"] != case_key:
            continue
        for paper in case["papers"]:
            yield ListedPaper(
                paper["key"],
                paper["name"],
                paper["kind"],
                case["key"],
                paper.get("originals") or 0,
                paper.get("copies") or 0,
                paper.get("handling") or "",
                is_for_some=(is_own and not case_key) or is_for_some(paper["name"]),
            )


def require_case(version: ProcedureVersion, case_key: str) -> str:
    """Return a case's key. Raises Invalid where the version has no such case."""
    if case_key and case_key not in {case["key"] for case in version.content.get("cases", ())}:
        raise Invalid(_("This case isn't in the procedure's version: choose it anew."), "case")
    return case_key


def channel_of(version: ProcedureVersion, kind: str) -> dict[str, Any]:
    """Return the version's channel of a kind; where it has none, the counter's, else the first; empty without any."""
    channels = {channel["kind"]: channel for channel in version.content.get("channels", ())}
    return channels.get(kind) or channels.get("counter") or next(iter(channels.values()), {})


def limit_of(
    version: ProcedureVersion, channel: str, overlay: ProvinceProcedure | None, term_key: str = ""
) -> tuple[Limit, str]:
    """Return the time limit in force, and where it comes from: the version, or the province's decision (`overlay`).

    Of several terms the one with `term_key`, else the only one with a number that everybody has, else the longest:
    a promise that can be kept. Raises Invalid for a key that isn't there.
    """
    terms = channel_of(version, channel).get("terms", [])
    if term_key and term_key not in {term["key"] for term in terms}:
        raise Invalid(_("This time limit isn't in the procedure's version: choose it anew."), "term")
    if not term_key and overlay is not None and overlay.term_unit:
        return Limit(overlay.term_number, overlay.term_unit), str(overlay.decision)
    chosen = [term for term in terms if term["key"] == term_key] if term_key else terms
    if not chosen:
        return Limit(None, "unknown"), ""
    term = max(chosen, key=_length)
    return Limit(term["number"], term["unit"], term["text"] or term["label"]), term["key"]


HOURS = {"hour": 1, "working_hour": 3, "same_day": 8, "working_day": 34, "day": 24, "month": 720}


def _length(term: dict[str, Any]) -> int:
    return HOURS.get(term["unit"], 0) * (term["number"] or 1)


def overlay_on(version: ProcedureVersion, channel: str, decided_by: Agency, day: dt.date) -> ProvinceProcedure | None:
    """Return the province's own decision over the procedure on a day, the channel's before that for all (one query)."""
    place = decided_by.place
    rows = (
        ProvinceProcedure.objects.on(day)
        .filter(procedure=version.procedure_id, province=place.province_id or place.pk, channel_kind__in=[channel, ""])
        .select_related("decision")
    )
    return min(rows, key=lambda row: (row.channel_kind == "", -row.pk), default=None)


def fee_of(version: ProcedureVersion, channel: str, overlay: ProvinceProcedure | None) -> Decimal | None:
    """Return the fee where all of it is stated, else None: the clerk enters what the text says."""
    if overlay is not None and overlay.fee_amount is not None:
        return overlay.fee_amount
    fees = channel_of(version, channel).get("fees", [])
    if len(fees) != 1 or fees[0]["amount"] is None or fees[0]["currency"] != "VND":
        return None
    return Decimal(fees[0]["amount"])
