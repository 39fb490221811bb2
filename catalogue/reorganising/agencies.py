"""Agencies that end and begin: by lines of a file, and by themselves where the place that they serve ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from catalogue.loading.agencies import COMMUNE_COMMITTEE, PROVINCE_COMMITTEE, agency_name, in_a_name
from catalogue.models import AdministrativeUnit, Agency, AgencyRole
from catalogue.models.agencies import identifier_like
from catalogue.reorganising.draft import Draft, refusing
from catalogue.reorganising.followers import Conflict
from catalogue.reorganising.lines import Line, LineError
from catalogue.reorganising.words import AGENCY, RENAMED
from catalogue.text import fold

Kind = Agency.Kind
Level = AdministrativeUnit.Level


class Names:
    """Agencies by what a file may call them: their identifier, or their whole name where only one bears it."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self._by_word: dict[str, list[Agency]] = defaultdict(list)
        for agency in agencies:
            self.add(agency)

    def add(self, agency: Agency) -> None:
        """Let an agency be found."""
        for word in {agency.identifier or "", fold(agency.name_vi or "")} - {""}:  # type: ignore[attr-defined]
            self._by_word[word].append(agency)

    def find(self, word: str) -> Agency | None:
        """Return the agency, None where there is none; raises LineError where several bear the name."""
        found = self._by_word.get(word.upper(), []) or self._by_word.get(word, []) or self._by_word.get(fold(word), [])
        if len(found) > 1:
            raise LineError(f"{len(found)} agencies are called «{word}»: write the identifier")
        return found[0] if found else None


def take_lines(lines: Sequence[Line], draft: Draft) -> None:
    """Add the lines of agencies, then what follows from places; a line that doesn't fit is refused."""
    chosen = [line for line in lines if line.what == AGENCY]
    old_names = Names(draft.standing.agencies.values())
    new_names = Names(draft.standing.coming_agencies)
    olds: dict[int, Agency] = {}
    for line in chosen:
        with refusing(line, draft):
            if line.old:
                olds[line.number] = _end(line, old_names, draft)
    for line in chosen:
        with refusing(line, draft):
            if line.number not in {refusal.row for refusal in draft.refused} and _is_new(line, olds, new_names):
                new_names.add(_make(line, olds.get(line.number), draft))
    for agency in draft.standing.agencies.values():
        if agency.pk not in draft.ended_agencies:
            new_names.add(agency)
    for line in chosen:
        with refusing(line, draft):
            if line.number in olds:
                _succeed(line, olds[line.number], new_names, draft)
    _derive(draft)
    _put_under(chosen, olds, new_names, draft)


def _end(line: Line, names: Names, draft: Draft) -> Agency:
    agency = names.find(line.old)
    if agency is None:
        raise LineError(f"no agency is called «{line.old}» on the day before: write its identifier or whole name")
    if agency.valid_to not in (None, draft.day):
        raise LineError(f"{agency} ends on {agency.valid_to:%d/%m/%Y} already: mend the day, or take the line away")
    draft.ended_agencies[agency.pk] = agency
    draft.heirs[agency.pk] = draft.heirs[agency.pk]
    return agency


def _is_new(line: Line, olds: dict[int, Agency], names: Names) -> bool:
    """Return whether the line makes an agency, and none that another line has made."""
    if not line.name:
        return False
    return names.find(line.new[0] if line.new and not _keeps(line, olds) else line.name) is None


def _keeps(line: Line, olds: dict[int, Agency]) -> bool:
    """Return whether the new agency bears the identifier of the old one."""
    old = olds.get(line.number)
    return bool(old and old.identifier and line.new and line.new[0].upper() == old.identifier)


def _make(line: Line, old: Agency | None, draft: Draft) -> Agency:
    identifier = line.new[0].upper() if line.new else ""
    if identifier:
        try:
            identifier_like(identifier)
        except Exception as error:
            raise LineError(f"«{line.new[0]}» is no identifier: write it as H17.12, or leave «new» empty") from error
    is_renamed = old is not None and (line.change == RENAMED or not line.new or identifier == old.identifier)
    place = _place(line, old, draft)
    role = _role(line, old, place, draft)
    made = Agency(
        identifier=None if is_renamed and identifier in ("", old.identifier if old else "") else identifier or None,
        name_vi=line.name,
        kind=_kind(line, old),
        role=role,
        place=place,
        valid_from=draft.day,
    )
    if made.identifier and Agency.objects.filter(identifier=made.identifier).exists():
        raise LineError(f"another agency has the identifier {made.identifier}: mend it")
    if is_renamed and old is not None and old.identifier and made.identifier is None:
        draft.identifiers.append((made, old))
    draft.agencies.append(made)
    return made


def _kind(line: Line, old: Agency | None) -> str:
    if not line.kind:
        return old.kind if old else Kind.OTHER
    known = {fold(str(word)): kind.value for kind in Kind for word in (kind.value, kind.label)}
    if fold(line.kind) not in known:
        raise LineError(f"the kind «{line.kind}» isn't known: write one of {', '.join(Kind.values)}")
    return known[fold(line.kind)]


def _place(line: Line, old: Agency | None, draft: Draft) -> AdministrativeUnit:
    if line.place:
        return unit_called(line.place, draft)
    present = draft.present(old.place) if old else []
    if len(present) != 1:
        raise LineError("say where the new agency is, by the code of its commune or province in «place»")
    return present[0]


def unit_called(code: str, draft: Draft) -> AdministrativeUnit:
    """Return the unit of a code on the day, communes first; raises LineError."""
    for level in (Level.COMMUNE, Level.DISTRICT, Level.PROVINCE):
        if unit := draft.unit_on(level, code):
            return unit
    raise LineError(f"no place has the code {code} on the day: mend it")


def _role(line: Line, old: Agency | None, place: AdministrativeUnit, draft: Draft) -> AgencyRole | None:
    """Return the role: what the line says, else the old one's where nobody has it at the place."""
    if line.role:
        role = draft.standing.roles.get(fold(line.role))
        if role is None:
            raise LineError(f"the role «{line.role}» isn't known: write its code or whole name as in /cms/")
    elif old is None or old.role_id is None:
        return None
    else:
        role = next((each for each in draft.standing.roles.values() if each.pk == old.role_id), None)
    coming = (*draft.agencies, *draft.standing.coming_agencies)
    taken = role is not None and any(each.role_id == role.pk and each.place is place for each in coming)
    if taken and line.role:
        raise LineError(f"another agency has this role at {place}: mend it")
    return None if taken else role


def _succeed(line: Line, old: Agency, names: Names, draft: Draft) -> None:
    words = (line.name,) if line.name and (not line.new or names.find(line.new[0]) is None) else line.new
    for word in words:
        new = names.find(word)
        if new is None:
            raise LineError(f"no agency is called «{word}» on the day: name the new one in «name», or mend it")
        if new is old:
            raise LineError("an agency can't take over from itself: mend «new»")
        field = draft.standing.fields.get(fold(line.field)) if line.field else None
        if line.field and field is None:
            raise LineError(f"the field «{line.field}» isn't known: write its code or whole name as in /cms/")
        area = unit_called(line.area, draft) if line.area else None
        draft.succeed(old, new, field=field, area=area)


def _derive(draft: Draft) -> None:
    """Let the agencies of ended places go to those with the same role at the places that follow."""
    role_at = {(each.role_id, id(each.place)): each for each in draft.agencies_on() if each.role_id}
    roles = {role.code: role for role in draft.standing.roles.values()}
    by_role = {role.pk: role for role in roles.values()}
    waiting = [
        agency
        for agency in draft.standing.agencies.values()
        if agency.place_id in draft.ended_units and agency.pk not in draft.ended_agencies
    ]
    # The one whose place gives the new place its code comes first: a new agency takes its name from it.
    waiting.sort(key=lambda agency: all(agency.place.code != new.code for new in draft.present(agency.place)))
    for agency in waiting:
        if agency.valid_to is not None and agency.valid_to < draft.day:
            continue
        role = by_role.get(agency.role_id or 0)
        if agency.place.level == Level.DISTRICT and agency.kind == Kind.PEOPLES_COMMITTEE:
            role = roles.get(COMMUNE_COMMITTEE)
        places = draft.present(agency.place)
        if role is None or not places:
            why = "its place ends, and nothing says who takes over" if places else "nothing says what its place becomes"
            what = f"agency {agency.identifier or ''} {agency}".replace("  ", " ")
            draft.conflicts.append(Conflict(what, f"{why}: write a line of its own. It goes on until then."))
            continue
        draft.ended_agencies[agency.pk] = agency
        is_shared = len(places) > 1 or not draft.is_told(agency.place)
        draft.shared |= {agency.pk} if is_shared else set()
        for place in places:
            heir = role_at.get((role.pk, id(place)))
            if heir is None or heir.pk in draft.ended_agencies:
                heir = _derived(agency, role, place, draft)
                role_at[role.pk, id(place)] = heir
            draft.succeed(agency, heir, area=place if is_shared else None)


def _derived(old: Agency, role: AgencyRole, place: AdministrativeUnit, draft: Draft) -> Agency:
    """Make the agency with a role at a new place, named after the old one where that bore its place's name."""
    before, name = in_a_name(old.place), old.name_vi or ""  # type: ignore[attr-defined]
    is_same_level = old.place.level == place.level
    new_name = name.replace(before, in_a_name(place)) if is_same_level and before in name else agency_name(role, place)
    made = Agency(role=role, place=place, kind=old.kind, name_vi=new_name, valid_from=draft.day)
    if new_name == name:
        for column in (each.name for each in Agency._meta.fields if each.name.startswith("name_")):
            setattr(made, column, getattr(old, column))
    is_alone = draft.predecessors.get(id(place), 0) == 1 and len(draft.present(old.place)) == 1
    if is_same_level and is_alone and old.identifier:
        draft.identifiers.append((made, old))
    draft.agencies.append(made)
    return made


def _put_under(lines: Sequence[Line], olds: dict[int, Agency], names: Names, draft: Draft) -> None:
    """Give each new agency the one above it: what its line says, the heir of the old one's, or its province's."""
    top = draft.standing.roles.get(fold(PROVINCE_COMMITTEE))
    above = {id(each.place): each for each in draft.agencies_on() if top and each.role_id == top.pk}
    said: dict[int, Agency] = {}
    for line in lines:
        with refusing(line, draft):
            if line.parent and line.name:
                parent, own = names.find(line.parent), names.find(line.new[0] if line.new else line.name)
                if parent is None:
                    raise LineError(f"no agency is called «{line.parent}» on the day: mend «parent»")
                said[id(own or names.find(line.name))] = parent
    first: dict[int, Agency] = {}
    for pk, heirs in draft.heirs.items():
        for heir in heirs:
            first.setdefault(id(heir), draft.standing.agencies[pk])
    for made in draft.agencies:
        made.parent = said.get(id(made)) or _heir_of_parent(first.get(id(made)), draft)
        if made.parent is None and made.place.province is not None:
            made.parent = above.get(id(made.place.province))
        if made.parent is None and made.place.level == Level.PROVINCE and made.kind != Kind.PEOPLES_COMMITTEE:
            made.parent = above.get(id(made.place))
        if made.parent is made:
            made.parent = None


def _heir_of_parent(old: Agency | None, draft: Draft) -> Agency | None:
    if old is None or old.parent_id is None:
        return None
    if old.parent_id not in draft.ended_agencies:
        return draft.standing.agencies.get(old.parent_id)
    heirs = draft.heirs.get(old.parent_id, [])
    return heirs[0] if len(heirs) == 1 else None
