"""Which form does which act, and which of them do it to many at once."""

from __future__ import annotations

from desk.forms import acts, bulk, supplements
from desk.forms.base import ActForm

ACT_FORMS: dict[str, type[ActForm]] = {
    "receive": acts.ReceiveForm,
    "reject": acts.ReasonForm,
    "forward": acts.ForwardForm,
    "take_over": acts.TakeOverForm,
    "recall": acts.ReasonForm,
    "reassign": acts.ReassignForm,
    "request_supplement": supplements.RequestSupplementForm,
    "accept_supplement": supplements.AcceptSupplementForm,
    "request_payment": acts.RequestPaymentForm,
    "confirm_payment": acts.ConfirmPaymentForm,
    "extend": acts.ExtendForm,
    "stop": acts.StopForm,
    "resume": acts.ReasonForm,
    "finish": acts.FinishForm,
    "reopen": acts.ReasonForm,
    "return_result": acts.HandForm,
    "hand_back": acts.HandForm,
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
