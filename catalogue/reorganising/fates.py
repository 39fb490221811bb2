"""What becomes of each centre whose place ends: by a line of the file, else by the code that its place hands on."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.models import AdministrativeUnit, Centre
from catalogue.reorganising.draft import Draft, Fate, refusing
from catalogue.reorganising.followers import Conflict
from catalogue.reorganising.lines import Line, LineError
from catalogue.reorganising.words import CENTRE, CLOSES, GOES_ON
from catalogue.text import fold


def take_lines(lines: Sequence[Line], draft: Draft) -> None:
    """Add the lines of centres, then what follows from places."""
    names: dict[str, list[Centre]] = {}
    for centre in draft.standing.centres.values():
        for word in {centre.slug, fold(centre.name_vi or "")}:  # type: ignore[attr-defined]
            names.setdefault(word, []).append(centre)
    for line in lines:
        if line.what == CENTRE:
            with refusing(line, draft):
                _take(line, names, draft)
    _derive(draft)


def _take(line: Line, names: dict[str, list[Centre]], draft: Draft) -> None:
    found = names.get(line.old) or names.get(fold(line.old)) or []
    if len(found) != 1:
        what = "no centre is" if not found else f"{len(found)} centres are"
        raise LineError(f"{what} called «{line.old}»: write the last part of its address, such as phuong-cam-le")
    centre = found[0]
    if centre.pk in draft.fates:
        raise LineError("another line says what becomes of this centre: take one away")
    places = [unit for code in line.new for unit in [_place(code, centre, draft)]] or draft.present(centre.place)
    if len(places) != 1 and line.change != CLOSES:
        raise LineError("say of which place it becomes the centre or a point, by the place's code in «new»")
    place = places[0] if len(places) == 1 else None
    if line.change == GOES_ON and place is not None and _is_taken(place, centre, draft):
        raise LineError(f"{place} has another centre: let one of them become a service point or close")
    draft.fates[centre.pk] = Fate(centre, line.change, place)


def _place(code: str, centre: Centre, draft: Draft) -> AdministrativeUnit:
    level = centre.place.level if centre.place.level != AdministrativeUnit.Level.DISTRICT else "commune"
    unit = draft.unit_on(level, code) or draft.unit_on("province", code)
    if unit is None:
        raise LineError(f"no {level} has the code {code} on the day: mend it")
    return unit


def _is_taken(place: AdministrativeUnit, centre: Centre, draft: Draft) -> bool:
    goes_on = any(fate.place is place for fate in draft.fates.values() if fate.becomes == GOES_ON)
    return goes_on or any(
        each.place_id == place.pk and each.pk != centre.pk and each.pk not in draft.fates
        for each in draft.standing.centres.values()
        if place.pk
    )


def _derive(draft: Draft) -> None:
    """Let the centre whose place hands its code on go on, and close the others: points are for somebody to say."""
    settled = {id(fate.place) for fate in draft.fates.values() if fate.becomes == GOES_ON}
    known = {each.place_id for each in draft.standing.centres.values() if each.place_id not in draft.ended_units}
    for centre in draft.standing.centres.values():
        if centre.place_id not in draft.ended_units or centre.pk in draft.fates or not centre.live:
            continue
        old = draft.standing.units.get((centre.place.level, centre.place.code), centre.place)
        places = draft.present(old)
        bearer = next((new for new in places if (new.level, new.code) == (old.level, old.code)), None)
        if bearer is None and len(places) == 1 and draft.predecessors.get(id(places[0])) == 1:
            bearer = places[0]
        if bearer is not None and id(bearer) not in settled and bearer.pk not in (known if bearer.pk else ()):
            draft.fates[centre.pk] = Fate(centre, GOES_ON, bearer)
            settled.add(id(bearer))
            continue
        if not places:
            why = "nothing says what its place becomes, so it closes: its page leads to the old places."
            draft.conflicts.append(Conflict(f"centre {centre.slug}", why))
        draft.fates[centre.pk] = Fate(centre, CLOSES, places[0] if len(places) == 1 else None)
