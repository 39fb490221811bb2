"""Why an act is refused: each says what to do, in the user's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


class ActRefused(Exception):  # noqa: N818 (a refusal isn't a fault of the program)
    """An act that can't be done as asked; nothing was written. Its text tells the officer why, and what to do."""


class NotAllowed(ActRefused):
    """The person's posts don't allow the act here."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text or _("Your post doesn't allow this here. Ask the head of the centre or the approver."))


class WrongState(ActRefused):
    """The act doesn't lead out of the present state."""


class SomebodyWasFaster(ActRefused):
    """The dossier isn't as the person saw it any more."""

    def __init__(self) -> None:
        super().__init__(_("Somebody was faster: this dossier has changed since you opened it. Look at it anew."))


class Invalid(ActRefused):
    """What was entered can't be right. `field` names it where one is at fault."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


class RouteMoved(ActRefused):
    """The procedure is settled on a ministry's system on that day: it is entered there, and mirrored here."""

    def __init__(self, system: str, url: str = "") -> None:
        super().__init__(
            _("Since its cut-over this procedure is submitted on «%(system)s»: enter it there, note its code here.")
            % {"system": system}
        )
        self.system, self.url = system, url


class BeyondTheRules(ActRefused):
    """A paper is asked for that no rule asks for. The try is recorded."""
