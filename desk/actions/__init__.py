"""The acts: one function each, the only writers of a dossier (states and moves: `docs/dossier.md`).

Each is called `act(dossier_id, by=…, at=…, seen=…, …)` and returns the dossier afterwards; `act.bulk(ids, by=…, at=…,
…)` does the same to many and reports refusals one by one. `by` is an Actor, `at` an aware moment, `seen` the number of
the last event that the person saw. All raise ActRefused (`desk/refusals.py`) and then write nothing.
"""

from desk.actions.anonymising import anonymise
from desk.actions.beside import comment, correct_data
from desk.actions.clock import confirm_payment, extend, request_payment, resume, stop
from desk.actions.ending import finish, hand_back, reopen, return_result, withdraw
from desk.actions.entering import receive, receive_new, register, register_and_ask, reject, reject_new
from desk.actions.function import ActFunction
from desk.actions.passing import forward, reassign, take_over
from desk.actions.succeeding import move_to_heir
from desk.actions.supplements import ANSWER_DAYS, accept_supplement, request_supplement
from desk.actions.undoing import recall, undo

__all__ = [
    "ANSWER_DAYS",
    "ActFunction",
    "accept_supplement",
    "anonymise",
    "comment",
    "confirm_payment",
    "correct_data",
    "extend",
    "finish",
    "forward",
    "hand_back",
    "move_to_heir",
    "reassign",
    "recall",
    "receive",
    "receive_new",
    "register",
    "register_and_ask",
    "reject",
    "reject_new",
    "reopen",
    "request_payment",
    "request_supplement",
    "resume",
    "return_result",
    "stop",
    "take_over",
    "undo",
    "withdraw",
]
