"""Which form does which act, and which of them do it to many at once."""

from __future__ import annotations

from desk.forms import acts, bulk, passing, paying, supplements
from desk.forms.base import ActForm

ACT_FORMS: dict[str, type[ActForm]] = {
    "receive": acts.ReceiveForm,
    "reject": acts.ReasonForm,
    "forward": passing.ForwardForm,
    "take_over": passing.TakeOverForm,
    "recall": acts.ReasonForm,
    "reassign": passing.ReassignForm,
    "request_supplement": supplements.RequestSupplementForm,
    "accept_supplement": supplements.AcceptSupplementForm,
    "request_payment": paying.RequestPaymentForm,
    "confirm_payment": paying.ConfirmPaymentForm,
    "extend": acts.ExtendForm,
    "stop": acts.StopForm,
    "resume": acts.ReasonForm,
    "finish": acts.FinishForm,
    "reopen": acts.ReasonForm,
    "return_result": paying.HandForm,
    "hand_back": paying.HandForm,
    "withdraw": acts.ReasonForm,
    "correct_data": supplements.CorrectDataForm,
    "comment": acts.CommentForm,
    "tie_file": acts.TieFileForm,
    "undo": acts.UndoForm,
    "mirror": supplements.MirrorForm,
}
BULK_ACTS = ("forward", "take_over", "reassign", "finish", "return_result")
"""What the list offers for the dossiers that are ticked."""
BULK_FORMS: dict[str, type[ActForm]] = {name: ACT_FORMS[name] for name in BULK_ACTS} | {
    "finish": bulk.FinishManyForm,
    "return_result": bulk.ReturnManyForm,
}
"""Acts that ask something of each dossier have forms of their own for many."""
