"""The document shows the states that the code has."""

from __future__ import annotations

from django.core.management import call_command

from desk.diagram import moves
from desk.management.commands.print_state_diagram import DOCUMENT
from desk.states import FINAL, State


def test_the_document_shows_the_present_moves():
    call_command("print_state_diagram", "--check")
    assert "s9 --> s4 : reopen" in DOCUMENT.read_text()


def test_every_state_is_reached_and_nothing_leads_out_of_a_final_one():
    found = list(moves())
    assert {target for _source, target, _act in found} | {State.REGISTERED} == set(State)
    assert not [move for move in found if move[0] in FINAL]
