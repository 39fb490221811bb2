"""The state machine as a picture in words (Mermaid), read from the transitions themselves."""

from __future__ import annotations

from collections.abc import Iterator

from django_fsm import GET_STATE, Transition

from desk.models import Dossier
from desk.states import FINAL, State

BEGIN, END = "<!-- state diagram: begin -->", "<!-- state diagram: end -->"
NO_ACT = {"mirror"}
"""The shadow's copy of a ministry's state: from any to any, so it would hide the rest."""


def diagram() -> str:
    """Return the Mermaid text of all moves, in the order of the states."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    s{state.value} : {state.value} {state.name.lower()}" for state in State]
    lines.append("    [*] --> s1")
    lines += [f"    s{source} --> s{target} : {act}" for source, target, act in sorted(moves())]
    lines += [f"    s{state.value} --> [*]" for state in sorted(FINAL)]
    return "\n".join([*lines, "```"])


def moves() -> Iterator[tuple[int, int, str]]:
    """Yield source, target and name of every move."""
    for transition in Dossier._meta.get_field("state").get_all_transitions(Dossier):  # type: ignore[union-attr]
        if transition.name not in NO_ACT:
            for target in targets(transition):
                yield int(str(transition.source)), target, transition.name


def targets(transition: Transition) -> list[int]:
    """Return where a transition leads: back to its source's request, one state for each it may have come from."""
    if isinstance(transition.target, GET_STATE):
        return [int(str(state)) for state in transition.target.allowed_states or ()]
    return [int(str(transition.target))]


def replaced(text: str) -> str:
    """Return a document with its diagram drawn anew, between the two marks."""
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    return f"{before}{BEGIN}\n{diagram()}\n{END}{after}"
