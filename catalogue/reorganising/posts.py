"""Dated rows that name an ending agency: postings and the province's decisions end, and begin at the heir."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence

from catalogue.models import AdministrativeUnit, Agency, Posting, ProvinceProcedure
from catalogue.reorganising.agencies import Names
from catalogue.reorganising.draft import Draft, refusing
from catalogue.reorganising.followers import Conflict
from catalogue.reorganising.lines import Line, LineError
from catalogue.reorganising.words import PERSON

AT_ONCE = 1000
"""Ids a statement: SQLite takes no more than some thousands."""


def take_lines(lines: Sequence[Line], draft: Draft) -> None:
    """Add the lines of people, then every posting and every decision of the province that names an ending agency."""
    said: dict[str, tuple[Line, Agency]] = {}
    names = Names(draft.agencies_on())
    for line in lines:
        if line.what == PERSON:
            with refusing(line, draft):
                agency = names.find(line.new[0])
                if agency is None:
                    raise LineError(f"no agency is called «{line.new[0]}» on the day: mend «new»")
                if line.old.lower() in said:
                    raise LineError(f"line {said[line.old.lower()][0].number} says the same person: take one away")
                said[line.old.lower()] = line, agency
    met = _move_posts(said, draft)
    for account, (line, _agency) in said.items():
        if account not in met:
            with refusing(line, draft):
                raise LineError(f"{line.old} has no posting at an agency that ends: mend the account, or take it away")
    _move_overlays(draft)


def in_parts(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield ids in portions that fit a statement."""
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


def _lasting(draft: Draft) -> Iterator[Posting]:
    """Yield the postings at ending agencies that reach over the day."""
    for keys in in_parts(list(draft.ended_agencies)):
        rows = Posting.objects.filter(agency__in=keys).exclude(valid_to__lte=draft.day).select_related("user")
        yield from rows.order_by("pk")


def _move_posts(said: dict[str, tuple[Line, Agency]], draft: Draft) -> set[str]:
    """Return the accounts whose lines were used."""
    taken = _standing_posts(draft)
    met: set[str] = set()
    for post in _lasting(draft):
        heirs = draft.heirs.get(post.agency_id, [])
        account = post.user.get_username().lower()
        target = heirs[0] if len(heirs) == 1 and post.agency_id not in draft.shared else None
        if account in said:
            target = said[account][1]
            met.add(account)
        keys = [(post.user_id, id(heir), post.role) for heir in heirs]
        if target is None and heirs and not any(key in taken for key in keys):
            what = f"posting {account} · {draft.ended_agencies[post.agency_id]} · {post.role}"
            why = "several agencies take over: write a line of the person, or load a list that names the new agency"
            draft.conflicts.append(Conflict(what, why))
            continue
        if post.valid_from is not None and post.valid_from >= draft.day:
            what = f"posting {account} · {draft.ended_agencies[post.agency_id]} · {post.role}"
            draft.conflicts.append(Conflict(what, "it begins when the agency has ended: load it at the new agency"))
            continue
        draft.ended_posts.append(post)
        if target is not None and (post.user_id, id(target), post.role) not in taken:
            taken.add((post.user_id, id(target), post.role))
            new = copy.copy(post)
            new.pk, new._state = None, copy.copy(post._state)
            new._state.adding = True
            new.agency, new.valid_from = target, draft.day
            draft.posts.append(new)
    return met


def _standing_posts(draft: Draft) -> set[tuple[int, int, str]]:
    """Return who has which role on the day at agencies that stand already: person, `id()` of the agency, role."""
    known = {heir.pk: id(heir) for heirs in draft.heirs.values() for heir in heirs if heir.pk}
    found = set()
    for keys in in_parts(list(known)):
        rows = Posting.objects.on(draft.day).filter(agency__in=keys).values_list("user", "agency", "role")
        found |= {(user, known[agency], role) for user, agency, role in rows}
    return found


def _move_overlays(draft: Draft) -> None:
    """Let the province's decisions over procedures go on with the heir of their agency and of their province."""
    rows = ProvinceProcedure.objects.exclude(valid_to__lte=draft.day).select_related("procedure", "decision")
    kept = {(row.procedure_id, row.province_id, row.channel_kind) for row in rows}
    for row in rows.order_by("pk"):
        ends = row.agency_id in draft.ended_agencies or row.province_id in draft.ended_units
        if not ends or (row.valid_from is not None and row.valid_from >= draft.day):
            continue
        agency, province = _heir(row, draft), _province(row, draft)
        key = (row.procedure_id, province.pk if province else None, row.channel_kind)
        is_alone = province is not None and (province.pk is None or province.pk == row.province_id or key not in kept)
        if province is None or not is_alone or (row.agency_id and agency is None):
            why = "nobody can say alone who takes it over: decide it anew in /cms/, from the day on"
            draft.conflicts.append(Conflict(f"the province's decision {row}", why))
            continue
        new = copy.copy(row)
        new.pk, new._state = None, copy.copy(row._state)
        new._state.adding = True
        new.agency, new.province, new.valid_from = agency, province, draft.day
        draft.ended_overlays.append(row)
        draft.overlays.append(new)


def _heir(row: ProvinceProcedure, draft: Draft) -> Agency | None:
    """Return who is named from the day on: of several heirs the one of the procedure's field."""
    if row.agency_id not in draft.ended_agencies:
        return row.agency
    own = [each for each in draft.successions if each.agency_id == row.agency_id]
    fitting = [each for each in own if each.field_id == row.procedure.field_id] or [
        each for each in own if each.field_id is None
    ]
    heirs = {id(each.successor): each.successor for each in fitting}
    known = draft.heirs.get(row.agency_id, [])
    found = list(heirs.values()) or known
    return found[0] if len(found) == 1 and row.agency_id not in draft.shared else None


def _province(row: ProvinceProcedure, draft: Draft) -> AdministrativeUnit | None:
    """Return the province that the decision holds for from the day on: of merged ones, the one that bears its code."""
    old = draft.ended_units.get(row.province_id)
    if old is None:
        return row.province
    present = draft.present(old)
    if len(present) != 1:
        return None
    is_alone = draft.predecessors[id(present[0])] == 1
    return present[0] if is_alone or present[0].code == old.code else None
