"""What the catalogue tells the other rooms."""

from django.dispatch import Signal

# Sent on commit, once a batch, with `codes` (the procedures) or nothing: caches and search listen.
catalogue_changed = Signal()

# Sent on commit with the `reorganisation` and its `act` (planned, applied, withdrawn): the audit listens.
reorganised = Signal()
